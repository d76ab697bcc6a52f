"""Why something is shown: the rules that fired for it, in the order in which they weigh ("pourquoi je vois ça ?")."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import isnan

from careers import because, fit, matcher, nearby, places, steps
from careers.because import label, name
from careers.catalogue import Catalogue
from careers.conditions import known as conditions
from careers.heard import SPEAKS
from careers.judge import Judge
from careers.linker import Linker
from careers.model import Interests, Occupation, Programme, Reason, Vacancy
from careers.widening import Option

_ALIKE, _UNLIKE = 0.6, 0.4
_TEN = 10


def occupation(
    occupation_id: str, interests: Interests, catalogue: Catalogue, seed: str, words: Linker | None = None
) -> tuple[Reason, ...]:
    """The rules behind an occupation in the list of ten of this learner, or outside it."""
    o = catalogue.occupations[occupation_id]
    judge = matcher.judge_of(interests, catalogue, seed, words)
    return (
        *_said(o, judge),
        *_computed(o, judge),
        *_place(o, judge),
        *_refusals(o, judge),
        *_always(judge),
    )


def _said(o: Occupation, judge: Judge) -> Iterator[Reason]:
    """What the learner said themselves, which comes first."""
    heard, interests = judge.heard, judge.interests
    appeal = interests.reactions.get(o.id)
    if appeal in SPEAKS:
        yield Reason(appeal, {}, f"job.reactions:{o.id}")
    if words := heard.own_words.get(o.id):
        yield Reason("own_words", {"words": ", ".join(words)}, "interest.self_correction")
    if words := heard.project.get(o.id):
        yield Reason("project", {"words": ", ".join(words)}, "project")
    for condition, said in heard.wishes.wished.items():
        if conditions()[condition].met_by(o):
            yield Reason("wished", {"words": said}, f"wish:{condition}")
    for condition, said in heard.wishes.speaking_against(o).items():
        yield Reason("refused", {"words": said}, f"wish:{condition}")
    yield from _family(o, judge)


def _family(o: Occupation, judge: Judge) -> Iterator[Reason]:
    known = judge.catalogue.occupations
    named = (one for one in (*judge.heard.liked, *judge.heard.linked) if one != o.id)
    like = next((known[one] for one in named if because.akin(o, known[one])), None)
    if like is not None:
        yield Reason("family", {"occupation": name(like)}, f"text:{like.id}")


def _computed(o: Occupation, judge: Judge) -> Iterator[Reason]:
    """What was worked out from activities, labs, values and talents."""
    interests, strong = judge.interests, fit.strong(o)
    if drives := [label("drives", one) for one in interests.highlights if one in strong]:
        yield Reason("drives", {"quoted": _quoted(drives)}, "interest.highlights")
    if count := sum(drive in strong for _, drive, _ in interests.liked):
        yield Reason("activities", {"count": str(count)}, "interest.item_ratings")
    found = because.reasons(o, interests, judge.catalogue.occupations, judge.heard)
    for lab in (one for one in found if one.key in ("lab", "lab_place")):
        yield Reason("labs", {"domain": lab.values["domain"]}, lab.quotes)
    if values := [label("values", one) for one in interests.values if one in o.values]:
        yield Reason("values", {"quoted": _quoted(values)}, "value.ranking")
    if skills := [label("skills", one) for one in o.skills if interests.skills.get(one, 0) > 0]:
        yield Reason("skills", {"quoted": _quoted(skills)}, "pride.skills")
    alike = float(judge.shape[judge.table.place[o.id]]) if judge.shape is not None else float("nan")
    if not isnan(alike) and not _UNLIKE < alike < _ALIKE:
        yield Reason("alike" if alike >= _ALIKE else "unlike", {}, "interest.scores")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"« {one} »" for one in names)


def _place(o: Occupation, judge: Judge) -> Iterator[Reason]:
    """Its part of the list, and whether it came in to keep the list open."""
    options = matcher.listed(judge, _TEN)
    mine = next((option for option in options if option.occupation.id == o.id), None)
    if not judge.told:
        yield Reason("discovery")
    elif mine is None:
        if judge.open(o):
            yield Reason("left_out")
    else:
        yield Reason(mine.nearness.value, _counts(mine, options))
    if mine is not None and mine.opening:
        yield Reason("opening")


def _counts(mine: Option, options: list[Option]) -> Mapping[str, str]:
    same = sum(option.nearness is mine.nearness for option in options)
    return {"count": str(same), "total": str(len(options))}


def _refusals(o: Occupation, judge: Judge) -> Iterator[Reason]:
    limits = judge.limits
    if not limits.allows_occupation(o) or judge.interests.reactions.get(o.id) == "no":
        yield Reason("gone")
    elif why := limits.lowering(o):
        yield Reason(f"lowered_{why}")
    others = [one for one in judge.catalogue.occupations.values() if one is not o]
    moved = sum(not limits.allows_occupation(one) or limits.lowered(one) for one in others)
    if moved:
        yield Reason("refusals", {"count": str(moved)}, "near.reactions")


def _always(judge: Judge) -> Iterator[Reason]:
    if judge.told:
        yield Reason("chance")
    yield Reason("never")


def item(
    found: Programme | Vacancy,
    kept: tuple[str, ...],
    interests: Interests,
    catalogue: Catalogue,
    age: int | None = None,
) -> tuple[Reason, ...]:
    """The rules behind a programme or an offer, for occupations that the learner kept."""
    return (
        *_leads(found, kept, catalogue),
        *_where(found, interests),
        *_bounds(interests, catalogue),
        *_when(found, age),
        Reason("never"),
    )


def _leads(found: Programme | Vacancy, kept: tuple[str, ...], catalogue: Catalogue) -> Iterator[Reason]:
    for o in (catalogue.occupations[one] for one in kept if one in catalogue.occupations):
        if nearby.leads(found, o, catalogue):
            yield Reason("leads", {"occupation": name(o)}, f"kept:{o.id}")


def _where(found: Programme | Vacancy, interests: Interests) -> Iterator[Reason]:
    origin = interests.place or places.LIEGE
    km = nearby.km_to(found, origin)
    if km is None:
        yield Reason("distance_unknown")
    else:
        yield Reason("distance", {"km": f"{km:.0f}", "place": origin.name}, "place")


def _bounds(interests: Interests, catalogue: Catalogue) -> Iterator[Reason]:
    limits = matcher.limits_of(interests, catalogue)
    if limits.closer_than is not None:
        yield Reason("closer", {"km": f"{limits.closer_than:.0f}"}, "near.reactions")
    if limits.shorter_than is not None:
        yield Reason("shorter", {"years": f"{limits.shorter_than:g}"}, "near.reactions")


def _when(found: Programme | Vacancy, age: int | None) -> Iterator[Reason]:
    if isinstance(found, Vacancy):
        if found.closes is not None:
            yield Reason("open_date", {"date": _day(found.closes)})
        return
    step = steps.of_programme(found, age)
    if step.when:
        yield Reason(f"step_{step.when}", {"age": str(step.age)})
    if nearby.is_free(found):
        yield Reason("free")


def _day(when: date) -> str:
    return f"{when:%d/%m/%Y}"
