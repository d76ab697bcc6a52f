"""What one learner's answers make of each occupation: a score, how near it is, and the reasons to tell."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from careers import because, columns, compare, fit, heard, linker
from careers.catalogue import Catalogue
from careers.columns import Numbers
from careers.linker import Linker
from careers.model import DRIVES, Interests, Nearness, Occupation, Reason, Suggestion
from careers.refusals import Limits
from careers.widening import Option

ENOUGH = 2  # reasons to tell for each suggestion
_LIFTS = {"love": 2.0, "maybe": 0.3}  # what is said outweighs what is computed (fit is 0 to 1)
_OWN_WORDS, _PROJECT = 1.0, 0.6  # for what the linker is sure of; less when it is less sure
_DISLIKED, _LOWERED, _REFUSED = 0.08, 0.5, 0.6
_WISHED, _KIN, _LAB = 0.2, 0.15, 0.1
_UNWANTED = 0.15  # lowered, never left out: what one does not like in a lab may be liked in an occupation
_UNLIKE = 0.35  # a fit under which the answers do not agree with a word
_WORLD, _CENTRE = 0.7, 12  # what the sectors and themes of so many of the nearest add to the others there
_ROOM = 12  # occupations that there must be beside, and as surprises, to choose from
_BARE = 0.3  # what it costs that only one answer speaks for something
_UNKNOWN_FIT = 0.5
_JITTER = 0.04  # so that equal fits are not always shown in the same order


class Judge:
    """One learner, one catalogue. `kept`: what the learner said their project is like counts as meant."""

    def __init__(
        self,
        interests: Interests,
        catalogue: Catalogue,
        limits: Limits,
        seed: str,
        kept: frozenset[str] = frozenset(),
        words: Linker | None = None,
    ) -> None:
        self.interests, self.catalogue, self.limits, self.seed = interests, catalogue, limits, seed
        self.table = columns.table_of(catalogue)
        self.heard = heard.read(interests, words or linker.linker_of(catalogue), catalogue, kept)

    @property
    def told(self) -> int:
        """How many answers can carry a reason; a text that nothing can be made of is none."""
        texts = bool(self.interests.project) + bool(self.interests.own_words)
        return self.interests.usable() - (0 if self.heard.understood else texts)

    @cached_property
    def lit(self) -> set[str]:
        """The drives that stand out; when none was worked out, those of what they told and liked.

        The weakest are left out as long as too few occupations would be beside them, or a surprise.
        """
        found = fit.highlights(self.interests) or set(self.heard.drives) or set(self._lived())
        ranked = sorted(
            found, key=lambda drive: (-self.interests.drives.get(drive, 0.0), DRIVES.index(drive))
        )
        while len(ranked) > 1 and not compare.leaves_room(self.table, ranked, _ROOM):
            ranked.pop()
        return set(ranked)

    def _lived(self) -> Iterator[str]:
        """The places liked in labs; else the drives that the labs call on most."""
        for domain, place in self.interests.labs:
            weights = self.catalogue.domains[domain].weights if domain in self.catalogue.domains else {}
            if place:
                yield place
            else:
                yield from (d for d in weights if weights[d] == max(weights.values()))

    @cached_property
    def spoken(self) -> Numbers:
        """How many answers speak for each occupation."""
        return compare.speaking(self.interests, self.table, self.heard)

    @cached_property
    def likeness(self) -> Numbers:
        """The fit of the content specification (§3.7), 0 to 1, NaN where nothing can be compared."""
        families = fit.families(self.interests, self.catalogue.occupations)
        return compare.fits(self.interests, self.table, families)

    @cached_property
    def shape(self) -> Numbers | None:
        """How like the outline of the learner's six drives is to that of each occupation; None when it is flat."""
        return compare.likeness(self.interests, self.table)

    def options(self, pool: Sequence[Occupation]) -> list[Option]:
        """Each occupation of the pool with its score and how near it is."""
        scores = self.scores
        kinds = compare.nearness(self.table, self.lit, scores, self.spoken)
        scores = scores + self._world(scores, kinds)
        declared = {*self.heard.linked, *self._appealing()} - self.doubtful
        found, rows = scores.tolist(), [self.table.place[o.id] for o in pool]
        return [
            Option(
                o,
                Nearness.NEAR if o.id in declared and not self.against(o) else kinds[row],
                found[row],
                self.interests.reactions.get(o.id) == "love",
            )
            for o, row in zip(pool, rows, strict=True)
        ]

    def _appealing(self) -> Iterator[str]:
        return (one for one, appeal in self.interests.reactions.items() if appeal in heard.SPEAKS)

    def open(self, o: Occupation) -> bool:
        """Not refused, and not shown before unless it speaks to the learner."""
        appeal = self.interests.reactions.get(o.id)
        if appeal == "no" or not self.limits.allows_occupation(o):
            return False
        return o.id not in self.interests.seen or appeal in heard.SPEAKS

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """What a single word of the project led to and no other answer agrees with ("serveur", "piste")."""
        known, project = self.catalogue.occupations, self.heard.project
        best = next(iter(project), None)
        lit = fit.highlights(self.interests) or (fit.strong(known[best]) if best else set())
        agreed = {*self.heard.own_words, *self._appealing()}
        return frozenset(
            one
            for one, words in project.items()
            if len(words) == 1 and one not in agreed
            if not fit.strong(known[one]) & lit or self.likeness[self.table.place[one]] < _UNLIKE
        )

    def _world(self, scores: Numbers, kinds: Sequence[Nearness]) -> Numbers:
        """A lift for other places in the same world: the sectors and themes of what is nearest."""
        table = self.table
        near = np.array([kind is Nearness.NEAR for kind in kinds])
        centre = np.argsort(-np.where(near, scores, -np.inf), kind="stable")[: min(_CENTRE, int(near.sum()))]
        if not len(centre):
            return np.zeros(len(table))
        lift: Numbers = _WORLD * table.world(centre) * ~near
        return lift

    def against(self, o: Occupation) -> bool:
        """Whether the learner's refusals or words speak against an occupation that they did not name themselves."""
        return self.limits.lowered(o) or bool(self.heard.wishes.speaking_against(o))

    @cached_property
    def scores(self) -> Numbers:
        """What was computed, then what was said, which outweighs it."""
        interests, table = self.interests, self.table
        scores = np.nan_to_num(self.likeness, nan=_UNKNOWN_FIT) + _JITTER * table.chance(self.seed)
        for _, drive, _ in interests.disliked:
            scores -= _DISLIKED * table.calls_on(drive)
        scores -= _BARE * (self.spoken < min(ENOUGH, self.told))
        for occupation_id, lift in self._lifts():
            if occupation_id in table.place:
                scores[table.place[occupation_id]] += lift
        scores += self._around_texts()
        for domain, place in interests.labs:
            scores += _LAB * compare.lab(table, domain, place)
        for domain in interests.unwanted:
            scores -= _UNWANTED * table.domain(domain)
        for condition in self.heard.wishes.refused:
            scores -= _REFUSED * table.condition(condition)
        if self.limits.lowers:
            for o in self.catalogue.occupations.values():
                scores[table.place[o.id]] -= _LOWERED if self.limits.lowered(o) else 0.0
        return scores

    def _lifts(self) -> Iterator[tuple[str, float]]:
        for one, appeal in self.interests.reactions.items():
            yield one, _LIFTS.get(appeal, 0.0)
        for ids, weight in ((self.heard.own_words, _OWN_WORDS), (self.heard.project, _PROJECT)):
            for one in ids.keys() - self.doubtful:
                yield one, weight * self.heard.sure[one]

    def _around_texts(self) -> Numbers:
        """A little for the family of what the texts led to, and for the conditions that they wish."""
        table, best = self.table, np.zeros(len(self.table))
        for one in self.heard.linked:
            best = np.maximum(best, _KIN * self.heard.sure[one] * table.akin(table.place[one]))
        for condition in self.heard.wishes.wished:
            best = best + _WISHED * table.condition(condition)
        return best

    def reasons(self, o: Occupation) -> tuple[Reason, ...]:
        """The two strongest answers that speak for an occupation."""
        return because.two(because.reasons(o, self.interests, self.catalogue.occupations, self.heard))

    def suggestion(self, option: Option) -> Suggestion:
        """The occupation with two reasons and one doubt; a surprise begins with what it stands against."""
        o, reasons = option.occupation, self.reasons(option.occupation)
        if not self.told:
            reasons = because.discovery()
        elif option.nearness == Nearness.SURPRISE or len(reasons) < ENOUGH:
            known = self.catalogue.occupations
            contrasts = because.contrasts(o, self.interests, known, self.seed)
            contrasts += because.contrast_linked(o, known, self.heard)
            first = contrasts[:1] if option.nearness == Nearness.SURPRISE else []
            reasons = because.two([*first, *reasons, *contrasts]) or because.discovery()
        return Suggestion(
            "occupation", o.id, option.nearness, reasons, because.doubt(o), o.source, round(option.score, 4)
        )
