"""Two or three programmes side by side: what may be compared, one rating after the other, and what is not known."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.application import programme_facts as facts
from bot.application import recommendations
from bot.application.errands_shortlist import OTHER, OWN, listed, mapping, records
from bot.application.recommendations import lowered
from bot.application.services import Services
from careers import because, nearby, places, pointers, refusals, text
from careers.model import Occupation, Place, Pointer, Programme
from dialogues.render import joined

MOST, MOST_RATINGS = 3, 9
UNKNOWN = "null_"  # the learner does not know: a question, never a zero
_OFFERED, _FOUND, _SAME = 6, 5, 2  # programmes on a screen, found for a word, of the same title at most
_YOUNG = (
    "s1_s2",
    "s3",
    "s4",
)  # what is found at school comes first, and the ways of the third year to who chooses them
_CHOOSING = "s1_s2"
_WAYS = ("transition", "qualification", "professional")
_MATCH = 0.6  # share of the learner's words that a title, a school and a town must hold together
_KIND = "alternation"
_HARD = 1  # "pas top"
_SMALL = frozenset(
    [
        "a",
        "au",
        "aux",
        "de",
        "des",
        "du",
        "en",
        "et",
        "la",
        "le",
        "les",
        "un",
        "une",
        "pour",
        "dans",
        "ecole",
        "etudes",
        "formation",
        "faire",
        "chez",
    ]
)


def offer(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Programmes for the occupations kept, nearest and best first; options of the third year for the youngest."""
    kept, place = _kept(profile, services), _place(profile)
    young = profile.get("user.school_stage") in _YOUNG
    found = [*_loved(profile, services), *_leading(kept, profile, services, place)]
    if young:
        found.sort(key=lambda programme: programme.years != 0.0)
    found = [one for one in found if not one.later and not nearby.after_bachelor(one)] or found
    shown = _distinct(found, _OFFERED)
    choosing = profile.get("user.school_stage") == _CHOOSING
    beside = _alternation(kept, services)
    if not shown and not beside and not (choosing and kept):
        return "none", {"compare.offered": [], "compare.about": ""}
    say = services.library.microcopy.say
    ways = [{"id": f"{OWN}{name}", "title": name} for name in _ways(services)] if choosing else []
    jobs = joined([f"« {because.name(o)} »" for o in kept[:MOST]])
    about = say("compare.about", jobs=jobs) if jobs else say("compare.about_loved")
    near = f" {say('compare.around', place=place.name)}" if place else ""
    here: list[facts.Item] = [*shown, *beside]
    cards = [
        *(_card(one, services) for one in here),
        *ways,
        {"id": OTHER, "title": say("compare.other")},
    ]
    return "some", {"compare.offered": cards, "compare.about": f"{about}{near}"}


def _alternation(kept: Sequence[Occupation], services: Services) -> list[Pointer]:
    """Where one learns in a firm and at school, for the occupations that can be learnt so; not worded "plus tard"."""
    found = (one for o in kept[:MOST] for one in pointers.towards(o, services.catalogue.pointers))
    return list({one.id: one for one in found if one.kind == _KIND and not one.later}.values())


def _ways(services: Services) -> list[str]:
    return [services.library.microcopy.say(f"compare.way.{way}") for way in _WAYS]


def _kept(profile: Mapping[str, Any], services: Services) -> list[Occupation]:
    """The shortlist first, then what the project was linked to, then what spoke to the learner."""
    known = services.catalogue.occupations
    shortlist = [str(one.get("job")) for one in records(profile.get("job.shortlist"))]
    loved = [job for job, said in mapping(profile.get("job.reactions")).items() if _appeals(said)]
    ids = [*shortlist, *map(str, listed(profile.get("project.kept"))), *loved]
    return [known[one] for one in dict.fromkeys(ids) if one in known]


def _appeals(said: Any) -> bool:
    return mapping(said).get("appeal") == "love"


def _loved(profile: Mapping[str, Any], services: Services) -> Iterator[Programme]:
    for key, said in mapping(profile.get("near.reactions")).items():
        kind, _, programme_id = str(key).partition(":")
        programme = services.catalogue.programmes.get(programme_id)
        if kind == "programme" and said == "love" and programme:
            yield programme


def _leading(
    kept: Sequence[Occupation], profile: Mapping[str, Any], services: Services, place: Place | None
) -> list[Programme]:
    """The best programme of each occupation in turn, so that none takes the whole screen."""
    known = recommendations.interests(profile, services.library, place=place)
    limits = refusals.limits(known, services.catalogue, {})
    today, origin = services.local_now().date(), place or places.LIEGE
    heaps = [
        [
            find.item
            for find in nearby.programmes(
                [o], services.catalogue, limits, origin, today, asked=place is not None
            )
        ]
        for o in kept[: MOST * 2]
    ]
    found: list[Programme] = []
    while any(heaps) and len(found) < _OFFERED * 4:
        found += [one for heap in heaps if heap and isinstance(one := heap.pop(0), Programme)]
    return found


def _distinct(found: Sequence[Programme], most: int) -> list[Programme]:
    """Each once, few of the same title, and one way by steps when there is one."""
    chosen: list[Programme] = []
    for one in dict.fromkeys(found):
        if sum(other.title == one.title for other in chosen) < _SAME and len(chosen) < most:
            chosen.append(one)
    steps = next((one for one in found if one.years == 0.0 and not one.later), None)
    if len(chosen) == most and steps and not any(one.years == 0.0 for one in chosen):
        chosen[-1] = steps
    return chosen


def _place(profile: Mapping[str, Any]) -> Place | None:
    asked = str(profile.get("near.place") or "")
    return places.find(asked) if asked else None


def find(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Programmes that the learner's words name: by title, school and town, else by the occupation they mean."""
    said = str(profile.get("compare.word") or "")
    place = next((place for word in said.split() if (place := places.find(word.strip(",.")))), None)
    found = _named(said, services, place or _place(profile) or places.LIEGE)
    if not found:
        linked = services.linker.link(said)
        known = services.catalogue.occupations
        ids = [c.occupation_id for c in linked.candidates if c.occupation_id in known]
        sure = [known[one] for one in ids[:MOST]] if linked.verdict == "found" else []
        found = _leading(sure, profile, services, place or _place(profile))
    shown = _distinct(found, _FOUND)
    return ("found" if shown else "unknown"), {"compare.found": [_card(one, services) for one in shown]}


def _named(said: str, services: Services, origin: Place) -> list[Programme]:
    wanted = {text.stem(word) for word in text.words(said) if word not in _SMALL}
    scored = []
    for programme in services.catalogue.programmes.values():
        there = _stems(programme)
        share = len(wanted & there) / len(wanted) if wanted else 0.0
        if share >= _MATCH:
            km = refusals.of_programme(programme, origin)
            scored.append((-share, programme.later, 999.0 if km is None else km, programme.id, programme))
    return [one[-1] for one in sorted(scored, key=lambda one: one[:-1])]


def _stems(programme: Programme) -> set[str]:
    said = f"{programme.title} {programme.institution.name} {programme.campus} {programme.level}"
    return {text.stem(word) for word in text.words(said)}


def gather(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The programmes to compare, three at most; ratings given earlier to the same ones are kept."""
    picked = [str(one) for one in listed(profile.get("compare.chosen")) if one != OTHER]
    keys = list(dict.fromkeys([*picked, *map(str, listed(profile.get("compare.owns")))]))
    few = [str(one) for one in listed(profile.get("compare.few"))]
    cards = [_named_card(key, services) for key in keys]
    if profile.get("compare.asked_many"):
        cards = [one for one in cards if one["id"] in few][:MOST] or cards[:MOST]
    if len(cards) > MOST:
        return "many", {"compare.all": cards, "compare.alone": ""}
    before = {str(one.get("id")): one for one in records(profile.get("programme.compared"))}
    compared = [
        {
            "id": one["id"],
            "name": one["title"],
            "ratings": dict(mapping(before.get(one["id"], {}).get("ratings"))),
        }
        for one in cards
    ]
    values = {"compare.all": cards, "compare.alone": "yes" if len(cards) == 1 else ""}
    return ("ready", {**values, "compare.kept": compared}) if cards else ("none", values)


def _named_card(key: str, services: Services) -> dict[str, Any]:
    item = facts.find(key, services)
    if item is not None:
        return _card(item, services)
    return {"id": key if key.startswith(OWN) else f"{OWN}{key}", "title": key.removeprefix(OWN)}


def _card(item: facts.Item, services: Services) -> dict[str, Any]:
    key = item.id if isinstance(item, Programme) else f"{facts.POINTER}{item.id}"
    return {"id": key, "title": facts.label(item, services), "kind": "programme"}


def rate(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """Keep the rating just given, then bring the next programme and criterion with what is known of them."""
    compared = [dict(one) for one in records(profile.get("programme.compared"))]
    criteria = facts.chosen(profile.get("programme.criteria"))[: MOST_RATINGS // max(len(compared), 1)]
    asked, last = (
        str(profile.get("compare.criterion_id") or ""),
        str(profile.get("compare.programme_id") or ""),
    )
    for one in compared if asked else ():
        if one["id"] == last:
            one["ratings"] = {**mapping(one.get("ratings")), asked: profile.get("compare.rating") or UNKNOWN}
    order = [(criterion, one) for criterion in criteria for one in compared]
    place = next((at for at, (c, one) in enumerate(order) if (c, one["id"]) == (asked, last)), -1) + 1
    if place < len(order):
        criterion, one = order[place]
        return "rate", {"compare.kept": compared, **_asked(criterion, one, profile, services)}
    return "rated", {"compare.kept": compared, **_rated(compared, criteria, profile, services)}


def _asked(
    criterion: str, one: Mapping[str, Any], profile: Mapping[str, Any], services: Services
) -> dict[str, Any]:
    say = services.library.microcopy.say
    found = facts.fact(facts.find(str(one["id"]), services), criterion, _known(profile, services))
    told = (
        say("compare.fact_known", fact=found.text.rstrip("."), source=facts.source(found.source, services))
        if found.source
        else say("compare.fact_unknown", seed=f"{criterion}{one['id']}")
    )
    return {
        "compare.programme_id": one["id"],
        "compare.criterion_id": criterion,
        "compare.programme": one["name"],
        "compare.criterion": facts.criterion_label(criterion, services.library),
        "compare.fact": told,
    }


def _known(profile: Mapping[str, Any], services: Services) -> facts.Known:
    return facts.Known(services, _place(profile), [o.id for o in _kept(profile, services)])


def _rated(
    compared: Sequence[Mapping[str, Any]],
    criteria: Sequence[str],
    profile: Mapping[str, Any],
    services: Services,
) -> dict[str, Any]:
    """What nobody knows yet, by criterion; whom to ask; the programmes by name."""
    say = services.library.microcopy.say
    parts = [
        f"{lowered(facts.criterion_label(criterion, services.library))} ({', '.join(names)})"
        for criterion in criteria
        if (names := _unknown(compared, criterion, services))
    ]
    names = [str(one["name"]) for one in compared]
    young = profile.get("user.school_stage") in _YOUNG
    hard = any(mapping(one.get("ratings")).get("money") == _HARD for one in compared)
    return {
        "compare.gaps": " ; ".join(parts),
        "compare.source": say("compare.whom_young" if young else "compare.whom"),
        "compare.money_hard": "yes" if hard else "",
        "compare.names": joined(names),
        **{f"compare.p{n + 1}": names[n] if n < len(names) else "" for n in range(MOST)},
        "compare.programme_id": "",
        "compare.criterion_id": "",
    }


def _unknown(compared: Sequence[Mapping[str, Any]], criterion: str, services: Services) -> list[str]:
    """The short names of those of which the learner said that they do not know."""
    names = [_short(one, services) for one in compared]
    return [
        _short(one, services, apart=names.count(name) > 1)
        for one, name in zip(compared, names, strict=True)
        if mapping(one.get("ratings")).get(criterion) == UNKNOWN
    ]


def _short(one: Mapping[str, Any], services: Services, *, apart: bool = False) -> str:
    """The school of a programme (its title, where two are of one school), or the learner's own words."""
    item = facts.find(str(one["id"]), services)
    if item is None:
        return str(one["name"])
    return facts.title(item) if apart else facts.school(item)


def keep(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The table of facts and the questions to ask; what the learner leans to is theirs, nothing is added to it."""
    compared = records(profile.get("programme.compared"))
    criteria = facts.chosen(profile.get("programme.criteria"))[: MOST_RATINGS // max(len(compared), 1)]
    library = services.library
    questions = [
        f"{facts.question(criterion, library)} ({', '.join(names)})"
        for criterion in criteria
        if (names := _unknown(compared, criterion, services))
    ]
    notes = [dict(one) for one in records(profile.get("programme.notes"))]
    last = notes[-1] if notes else {}
    if last.get("gate") in ("no_", "look"):
        questions.append(facts.question("gate", library))
    questions = list(dict.fromkeys(questions))
    lean = {"a": 0, "b": 1, "c": 2}.get(str(last.get("lean")), MOST)
    if notes:
        notes[-1] = {**last, "questions": questions} | (
            {"lean": compared[lean]["name"]} if lean < len(compared) else {}
        )
    table = _table(
        compared, criteria, _known(profile, services), compared[lean]["id"] if lean < len(compared) else ""
    )
    values = {
        "compare.notes": notes,
        "compare.questions": " ; ".join(questions),
        "compare.table": {**table, "questions": questions},
    }
    return ("questions" if questions else "clear"), values


def _table(
    compared: Sequence[Mapping[str, Any]], criteria: Sequence[str], known: facts.Known, lean: str
) -> dict[str, Any]:
    """Columns (programmes, with their sources) and rows (criteria), as the card shows them."""
    services = known.services
    items = [facts.find(str(one["id"]), services) for one in compared]
    rows = [
        {
            "label": facts.criterion_label(criterion, services.library),
            "cells": [
                _cell(facts.fact(item, criterion, known), one, criterion, services)
                for item, one in zip(items, compared, strict=True)
            ],
        }
        for criterion in criteria
    ]
    columns = [
        {
            "name": one["name"],
            "source": facts.source(item.source, services) if item else "",
            "url": item.url if item else "",
            "lean": one["id"] == lean,
        }
        for item, one in zip(items, compared, strict=True)
    ]
    return {"columns": columns, "rows": rows}


def _cell(found: facts.Fact, one: Mapping[str, Any], criterion: str, services: Services) -> dict[str, str]:
    rating = str(mapping(one.get("ratings")).get(criterion) or UNKNOWN)
    item = facts.find(str(one["id"]), services)
    own = found.source if item and found.source and found.source != item.source else None
    return {
        "fact": found.text,
        "source": facts.source(own, services) if own else "",  # where it is not that of the column
        "rating": services.library.label("compare.rating", rating) or "",
    }
