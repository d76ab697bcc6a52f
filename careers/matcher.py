"""Suggestions for a learner: occupations with quotas that widen the view, then what is near a place."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from careers import because, fit, nearby, places, refusals, widening
from careers.catalogue import Catalogue
from careers.judge import ENOUGH, Judge
from careers.linker import Linker
from careers.model import Interests, Nearness, Occupation, Reason, Suggestion, Vacancy
from careers.nearby import Find
from careers.refusals import Limits
from careers.widening import Option

_ORDER = {Nearness.NEAR: 0, Nearness.BESIDE: 1, Nearness.SURPRISE: 2}
_ALIKE = 0.5  # score shown for an occupation that is here for another one's sake
_WIDE = 10  # the list from which what is near a place is widened


def occupations(
    interests: Interests, catalogue: Catalogue, seed: str, limit: int = 10, words: Linker | None = None
) -> list[Suggestion]:
    """At most `limit` occupations: half near, three tenths beside, two tenths surprises. Same seed, same list.

    What the learner declared ("ça me parle", their own words) comes before what is computed. `words` reads their
    texts, the catalogue's own linker by default.
    """
    judge = judge_of(interests, catalogue, seed, words)
    return [judge.suggestion(option) for option in listed(judge, limit)]


def judge_of(interests: Interests, catalogue: Catalogue, seed: str, words: Linker | None = None) -> Judge:
    """What the learner's answers and refusals make of the occupations."""
    return Judge(interests, catalogue, limits_of(interests, catalogue), seed, words=words)


def limits_of(interests: Interests, catalogue: Catalogue, vacancies: Sequence[Vacancy] = ()) -> Limits:
    """The bounds that the learner's refusals set together."""
    found = refusals.limits(interests, catalogue, {offer.id: offer for offer in vacancies})
    return replace(found, beyond=nearby.beyond(interests, catalogue))


def listed(judge: Judge, limit: int = 10) -> list[Option]:
    """The occupations of a list, in the order in which they are shown."""
    pool = [o for o in judge.catalogue.occupations.values() if judge.open(o)]
    if not judge.told:
        chances = [Option(o, Nearness.SURPRISE, fit.chance(judge.seed, o.id)) for o in pool]
        return widening.choose(chances, limit)
    chosen = widening.choose(judge.options(pool), limit)
    return sorted(chosen, key=lambda option: (-option.kept, _ORDER[option.nearness], -option.score))


def near(
    occupation_ids: Sequence[str],
    interests: Interests,
    catalogue: Catalogue,
    vacancies: Sequence[Vacancy],
    today: date,
    limit: int = 4,
    seed: str = "",
    *,
    words: Linker | None = None,
    age: int | None = None,
) -> list[Suggestion]:
    """Programmes, job offers and a widening occupation for the occupations kept; refusals change the list.

    `age` only changes what can be begun now or later, never which occupation suits whom.
    Of four: two programmes, an offer and an occupation beside the ones kept, as far as there are such.
    """
    seed = seed or " ".join(occupation_ids)
    limits = limits_of(interests, catalogue, vacancies)
    kept = [catalogue.occupations[i] for i in occupation_ids if i in catalogue.occupations]
    kept = [o for o in kept if limits.allows_occupation(o)]
    kept = [o for o in kept if not limits.lowered(o)] or kept
    origin = interests.place or places.LIEGE
    asked = interests.place is not None
    studies = _unseen(
        nearby.programmes(kept, catalogue, limits, origin, today, asked=asked, age=age), interests
    )
    offers = _unseen(nearby.vacancies(kept, vacancies, limits, origin, today, age), interests)
    room = limit - 1
    jobs = _spread(offers, min(len(offers), max(1, room // 3)))
    finds = [*_spread(studies, room - len(jobs)), *jobs]
    finds += _spread([offer for offer in offers if offer not in finds], room - len(finds))
    judge = Judge(interests, catalogue, limits, seed, frozenset(o.id for o in kept), words)
    shown = [_shown(find, judge, today, age) for find in finds]
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


def _beside(kept: Sequence[Occupation], judge: Judge, count: int) -> list[Suggestion]:
    """Occupations of the family of those kept, for the places that programmes and offers leave empty."""
    if count <= 0:
        return []
    known = {o.id for o in kept} | set(judge.interests.reactions)
    sectors = {o.sector for o in kept}
    found = [
        (o, like)
        for o in judge.catalogue.occupations.values()
        if o.sector in sectors and o.id not in known and judge.open(o)
        if not judge.limits.lowered(o)
        if (like := next((one for one in kept if because.close(o, one)), None))
    ]

    def order(pair: tuple[Occupation, Occupation]) -> tuple[int, float]:
        o, like = pair
        shared = set(o.programme_domains) & set(like.programme_domains)
        return -len(shared), fit.chance(judge.seed, f"beside{o.id}")

    nearest = sorted(found, key=order)[:count]
    return [_alike(o, like, judge) for o, like in nearest]


def _alike(o: Occupation, like: Occupation, judge: Judge) -> Suggestion:
    reason = Reason("akin_occupation", {"occupation": because.name(like)}, f"kept:{like.id}")
    reasons = (reason, *judge.reasons(o))[:2]
    return Suggestion("occupation", o.id, Nearness.BESIDE, reasons, because.doubt(o), o.source, _ALIKE)


def _widening(
    kept: Sequence[Occupation], beside: Sequence[Suggestion], judge: Judge, count: int
) -> list[Suggestion]:
    """Occupations beside or far from the ones kept, so that the list opens as well as it deepens."""
    if count <= 0:
        return []
    interests, catalogue, seed = judge.interests, judge.catalogue, judge.seed
    known = {o.id for o in kept} | {s.id for s in beside} | set(interests.reactions)
    sectors = {o.sector for o in kept}
    wide = [option for option in listed(judge, _WIDE) if option.occupation.id not in known]

    def order(option: Option) -> tuple[bool, bool, float]:
        o = option.occupation
        return option.nearness == Nearness.NEAR, o.sector in sectors, fit.chance(seed, f"wide{o.id}")

    chosen = map(judge.suggestion, sorted(wide, key=order)[:count])
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


def _shown(find: Find, judge: Judge, today: date, age: int | None) -> Suggestion:
    interests = judge.interests
    nearness, reasons = Nearness.NEAR, tuple(_why(find, judge))[:2]
    if len(reasons) < ENOUGH:  # kept, but unlike what they said otherwise: say so
        told = replace(interests, project="")  # what they kept came from their project: no contrast with it
        contrast = because.contrast(find.occupation, told, judge.catalogue.occupations, judge.seed)
        nearness = Nearness.SURPRISE if contrast else nearness
        reasons = (*reasons, contrast) if contrast else (*reasons, *because.discovery())
    doubt = nearby.doubt(find, interests.place, today, age)
    return Suggestion(
        find.kind, find.item.id, nearness, reasons, doubt, find.item.source, round(find.score, 4), find.km
    )


def _why(find: Find, judge: Judge) -> Iterator[Reason]:
    """The occupation that it leads to, which the learner kept, then what they said that speaks for it."""
    yield Reason("kept_occupation", {"occupation": nearby.title(find)}, f"kept:{find.occupation.id}")
    place = judge.interests.place
    mine = [r for r in judge.reasons(find.occupation) if r.quotes != f"job.reactions:{find.occupation.id}"]
    if mine:
        yield mine[0]
    if place and find.km is not None and find.km <= nearby.FAR_KM:
        yield Reason("near_place", {"km": f"{find.km:.0f}", "place": place.name}, "place")
    yield from mine[1:]
