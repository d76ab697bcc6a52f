"""Suggestions for a learner: occupations with quotas that widen the view, then what is near a place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from careers import because, compare, fit, linker, nearby, places, refusals, widening
from careers.catalogue import Catalogue
from careers.model import Interests, Nearness, Occupation, Reason, Suggestion, Vacancy
from careers.nearby import Find
from careers.refusals import Limits
from careers.widening import Option

USABLE = 2  # answers under which a list can only be for discovery
_LIFTS = {"love": 2.0, "maybe": 0.3}  # what is said outweighs what is computed (fit is 0 to 1)
_OWN_WORDS, _PROJECT = 1.0, 0.6
_DISLIKED, _LOWERED = 0.08, 0.5
_CLEAR = 0.75  # share of the best score from which a linked occupation counts as meant
_LINKED = 5  # occupations that a text of the learner's may lift
_UNKNOWN_FIT = 0.5
_JITTER = 0.04  # so that equal fits are not always shown in the same order


def occupations(interests: Interests, catalogue: Catalogue, seed: str, limit: int = 10) -> list[Suggestion]:
    """At most `limit` occupations: half near, three tenths beside, two tenths surprises. Same seed, same list.

    What the learner declared ("ça me parle", their own words) comes before what is computed.
    """
    limits = refusals.limits(interests, catalogue, {})
    pool = [o for o in catalogue.occupations.values() if limits.allows_occupation(o) and _open(o, interests)]
    if interests.usable() < USABLE:
        return _discovery(pool, seed, limit)
    judge = _Judge(interests, catalogue, limits, seed)
    chosen = widening.choose(judge.options(pool), limit)
    chosen.sort(key=lambda option: (-option.kept, _ORDER[option.nearness], -option.score))
    return [judge.suggestion(option) for option in chosen]


_ORDER = {Nearness.NEAR: 0, Nearness.BESIDE: 1, Nearness.SURPRISE: 2}


def _open(o: Occupation, interests: Interests) -> bool:
    """Not refused, and not shown before unless it speaks to the learner."""
    appeal = interests.reactions.get(o.id)
    return appeal != "no" and (o.id not in interests.seen or appeal in ("love", "maybe"))


def _discovery(pool: Sequence[Occupation], seed: str, limit: int) -> list[Suggestion]:
    options = [Option(o, Nearness.SURPRISE, fit.chance(seed, o.id)) for o in pool]
    return [
        Suggestion(
            "occupation",
            option.occupation.id,
            Nearness.SURPRISE,
            because.discovery(),
            because.doubt(option.occupation),
            option.occupation.source,
            round(option.score, 4),
        )
        for option in widening.choose(options, limit)
    ]


class _Judge:
    """What one learner's answers make of each occupation."""

    def __init__(
        self,
        interests: Interests,
        catalogue: Catalogue,
        limits: Limits,
        seed: str,
        kept: frozenset[str] = frozenset(),
    ) -> None:
        self.interests, self.catalogue, self.limits, self.seed = interests, catalogue, limits, seed
        self._kept = kept  # what the learner said their project is like counts as meant, however it was found
        self._occupations = catalogue.occupations
        self._project = self._linked(f"{interests.project}\n{interests.project_tools}")
        self._own_words = self._linked(interests.own_words)

    def _linked(self, said: str) -> dict[str, tuple[str, ...]]:
        if not said.strip():
            return {}
        found = linker.linker_of(self.catalogue).link(said, _LINKED).candidates
        best = max((candidate.score for candidate in found), default=0.0)
        meant = (c for c in found if c.score >= best * _CLEAR or c.occupation_id in self._kept)
        return {c.occupation_id: c.words for c in meant if c.words}

    def options(self, pool: Sequence[Occupation]) -> list[Option]:
        """Each occupation of the pool with its score and how near it is."""
        interests, table = self.interests, compare.table_of(self.catalogue)
        appealing = [one for one, appeal in interests.reactions.items() if appeal in ("love", "maybe")]
        two = compare.at_least_two(interests, table, (self._own_words, self._project))
        declared = [*appealing, *self._own_words, *self._project]
        kinds = compare.nearness(table, fit.highlights(interests), two, declared)
        scores = self._scores(table).tolist()
        places = [table.place[o.id] for o in pool]

        if self.limits.lowers:
            for o, place in zip(pool, places, strict=True):
                scores[place] -= _LOWERED if self.limits.lowered(o) else 0.0
        return [
            Option(o, kinds[place], scores[place], interests.reactions.get(o.id) == "love")
            for o, place in zip(pool, places, strict=True)
        ]

    def _scores(self, table: compare.Table) -> compare.Numbers:
        """What was computed, then what was said, which outweighs it."""
        interests = self.interests
        computed = compare.fits(interests, table, fit.families(interests, self._occupations))
        scores = np.nan_to_num(computed, nan=_UNKNOWN_FIT) + _JITTER * table.chance(self.seed)
        for _, drive, _ in interests.disliked:
            scores -= _DISLIKED * table.calls_on(drive)
        lifts = [(one, _LIFTS.get(appeal, 0.0)) for one, appeal in interests.reactions.items()]
        lifts += [(one, _OWN_WORDS) for one in self._own_words] + [(one, _PROJECT) for one in self._project]
        for occupation_id, lift in lifts:
            if occupation_id in table.place:
                scores[table.place[occupation_id]] += lift
        return scores

    def reasons(self, o: Occupation) -> tuple[Reason, ...]:
        return because.two(
            because.reasons(o, self.interests, self._occupations, self._project, self._own_words)
        )

    def suggestion(self, option: Option) -> Suggestion:
        o, reasons = option.occupation, self.reasons(option.occupation)
        if option.nearness == Nearness.SURPRISE:
            contrast = because.contrast(o, self.interests, self.seed)
            reasons = (contrast,) if contrast else reasons[:1] or because.discovery()
        return Suggestion(
            "occupation", o.id, option.nearness, reasons, because.doubt(o), o.source, round(option.score, 4)
        )


def near(
    occupation_ids: Sequence[str],
    interests: Interests,
    catalogue: Catalogue,
    vacancies: Sequence[Vacancy],
    today: date,
    limit: int = 4,
    seed: str = "",
) -> list[Suggestion]:
    """Programmes, job offers and a widening occupation for the occupations kept; refusals change the list.

    Of four: two programmes, an offer and an occupation beside the ones kept, as far as there are such.
    """
    seed = seed or " ".join(occupation_ids)
    limits = refusals.limits(interests, catalogue, {offer.id: offer for offer in vacancies})
    kept = [catalogue.occupations[i] for i in occupation_ids if i in catalogue.occupations]
    kept = [o for o in kept if limits.allows_occupation(o)]
    kept = [o for o in kept if not limits.lowered(o)] or kept
    origin = interests.place or places.LIEGE
    asked = interests.place is not None
    studies = _unseen(nearby.programmes(kept, catalogue, limits, origin, today, asked=asked), interests)
    offers = _unseen(nearby.vacancies(kept, vacancies, limits, origin, today), interests)
    room = limit - 1
    jobs = _spread(offers, min(len(offers), max(1, room // 3)))
    finds = [*_spread(studies, room - len(jobs)), *jobs]
    finds += _spread([offer for offer in offers if offer not in finds], room - len(finds))
    judge = _Judge(interests, catalogue, limits, seed, frozenset(o.id for o in kept))
    shown = [_shown(find, judge, today) for find in finds]
    beside = _beside(kept, judge, limit - len(shown) - 1)
    return [*shown, *beside, *_widening(kept, beside, judge, limit - len(shown) - len(beside))]


def _unseen(finds: Sequence[Find], interests: Interests) -> list[Find]:
    return [find for find in finds if find.item.id not in interests.seen]


def _spread(finds: Sequence[Find], count: int) -> list[Find]:
    """The best ones, each for another occupation and at another place before any comes twice."""
    chosen: list[Find] = []
    rest = list(finds)
    while rest and len(chosen) < count:
        used = {key for find in chosen for key in _keys(find)}
        best = max(rest, key=lambda find: find.score - sum(0.25 for key in _keys(find) if key in used))
        chosen.append(best)
        rest.remove(best)
    return chosen


def _keys(find: Find) -> Iterator[str]:
    yield find.occupation.id
    yield find.item.employer if isinstance(find.item, Vacancy) else find.item.institution.id
    if not isinstance(find.item, Vacancy):
        yield find.item.title.casefold()


def _beside(kept: Sequence[Occupation], judge: _Judge, count: int) -> list[Suggestion]:
    """Occupations of the family of those kept, for the places that programmes and offers leave empty."""
    if count <= 0:
        return []
    known = {o.id for o in kept} | set(judge.interests.reactions)
    sectors = {o.sector for o in kept}
    found = [
        (o, like)
        for o in judge.catalogue.occupations.values()
        if o.sector in sectors and o.id not in known and _open(o, judge.interests)
        if judge.limits.allows_occupation(o) and not judge.limits.lowered(o)
        if (like := next((one for one in kept if because.close(o, one)), None))
    ]

    def order(pair: tuple[Occupation, Occupation]) -> tuple[int, float]:
        o, like = pair
        shared = set(o.programme_domains) & set(like.programme_domains)
        return -len(shared), fit.chance(judge.seed, f"beside{o.id}")

    nearest = sorted(found, key=order)[:count]
    return [_alike(o, like, judge) for o, like in nearest]


def _alike(o: Occupation, like: Occupation, judge: _Judge) -> Suggestion:
    reason = Reason("akin_occupation", {"occupation": because.name(like)}, f"kept:{like.id}")
    reasons = (reason, *judge.reasons(o))[:2]
    return Suggestion("occupation", o.id, Nearness.BESIDE, reasons, because.doubt(o), o.source, _UNKNOWN_FIT)


def _widening(
    kept: Sequence[Occupation], beside: Sequence[Suggestion], judge: _Judge, count: int
) -> list[Suggestion]:
    """Occupations beside or far from the ones kept, so that the list opens as well as it deepens."""
    interests, catalogue, seed = judge.interests, judge.catalogue, judge.seed
    known = {o.id for o in kept} | {s.id for s in beside} | set(interests.reactions)
    sectors = {o.sector for o in kept}
    listed = [s for s in occupations(interests, catalogue, seed, _WIDE) if s.id not in known]

    def order(s: Suggestion) -> tuple[bool, bool, float]:
        same = catalogue.occupations[s.id].sector in sectors
        return s.nearness == Nearness.NEAR, same, fit.chance(seed, f"wide{s.id}")

    chosen = sorted(listed, key=order)[:count]
    return [
        _unlike(s, kept[0], catalogue) if kept and s.reasons == because.discovery() else s for s in chosen
    ]


def _unlike(s: Suggestion, kept: Occupation, catalogue: Catalogue) -> Suggestion:
    """A surprise for somebody who said little else: it stands against what they kept, if it really does."""
    first = fit.first_drives(catalogue.occupations[s.id])[0]
    if first in fit.strong(kept):
        return s
    values = {"occupation": because.name(kept), "drive": because.label("drives", first)}
    return replace(s, reasons=(Reason("contrast_occupation", values, f"kept:{kept.id}"),))


_WIDE = 10


def _shown(find: Find, judge: _Judge, today: date) -> Suggestion:
    interests = judge.interests
    nearness, reasons = Nearness.NEAR, tuple(_why(find, judge))[:2]
    if len(reasons) < USABLE:  # kept, but unlike what they said otherwise: say so
        told = replace(interests, project="")  # what they kept came from their project: no contrast with it
        contrast = because.contrast(find.occupation, told, judge.seed)
        nearness = Nearness.SURPRISE if contrast else nearness
        reasons = (*reasons, contrast) if contrast else (*reasons, *because.discovery())
    doubt = nearby.doubt(find, interests.place, today)
    return Suggestion(
        find.kind, find.item.id, nearness, reasons, doubt, find.item.source, round(find.score, 4), find.km
    )


def _why(find: Find, judge: _Judge) -> Iterator[Reason]:
    """The occupation that it leads to, which the learner kept, then what they said that speaks for it."""
    yield Reason("kept_occupation", {"occupation": nearby.title(find)}, f"kept:{find.occupation.id}")
    place = judge.interests.place
    mine = [r for r in judge.reasons(find.occupation) if r.quotes != f"job.reactions:{find.occupation.id}"]
    if mine:
        yield mine[0]
    if place and find.km is not None and find.km <= nearby.FAR_KM:
        yield Reason("near_place", {"km": f"{find.km:.0f}", "place": place.name}, "place")
    yield from mine[1:]
