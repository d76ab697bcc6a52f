"""The comparison itself: one rating after the other with the facts known, then the table and the questions left."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.application import errands_compare
from bot.application import programme_facts as facts
from bot.application.errands_compare import MOST, YOUNG
from bot.application.errands_shortlist import mapping, records
from bot.application.recommendations import lowered
from bot.application.services import Services
from dialogues.render import joined

MOST_RATINGS = 9
UNKNOWN = "null_"  # the learner does not know: a question, never a zero
_HARD = 1  # "pas top"


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
    return facts.Known(
        services,
        errands_compare.place_of(profile),
        [o.id for o in errands_compare.kept_by(profile, services)],
    )


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
    young = profile.get("user.school_stage") in YOUNG
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
