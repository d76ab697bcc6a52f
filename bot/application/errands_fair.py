"""Before a fair: which one it is, the stands that fit and one that does not, and the road map that is kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bot.application import agenda_words, fair_topics, look_back, my_agenda, stands_fit
from bot.application.errands_shortlist import listed, records
from bot.application.services import Services
from dialogues.events import Context
from dialogues.render import joined
from dialogues.understand import fold
from storage import gatherings, participations
from storage import stands as kept
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from storage.stands import Stand
from storage.unit_of_work import UnitOfWork

AHEAD, BEHIND = timedelta(days=60), timedelta(days=30)
EARLY, LATE = timedelta(hours=12), timedelta(hours=6)  # around a fair: one is there, on the way or just back
BEFORE, DURING, AFTER = "before", "during", "after"
OTHER = "other"
MOST, LONGEST = 3, 120  # stands of one's own, and characters of a name
_BETWEEN = re.compile(r"\s*[,;/\n]\s*")
_THERE = (Standing.GOING, Standing.CAME, Standing.WAITING, Standing.OFFERED)


def begin(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The fair of that phase: the learner's own first, else one that is open to them; `none` when there is none."""
    phase = str(profile.get("fair.phase") or BEFORE)
    with reading(services, uow) as reader:
        found = _fair(reader, person_id, phase)
        listed_stands = kept.of_gathering(reader, found[0].id) if found else []
    if found is None:
        return "none", dict.fromkeys(("fair.id", "fair.about", "fair.gathering", "fair.link"), "")
    held, mine = found
    if uow is not None and person_id is not None and phase == AFTER:
        look_back.forget(uow, person_id, held.id)
    about = f"{agenda_words.title(held)}, {agenda_words.when(held, context.now.date(), near=True)}"
    doubt = agenda_words.checked(held, context.now.date()) if phase == BEFORE else ""
    offline = listed_stands and context.channel == "web" and person_id is not None
    base = services.settings.base_url
    return "fair", {
        "fair.id": held.id,
        "fair.about": f"{about} ({doubt})" if doubt else about,
        "fair.gathering": held.id if mine else "",
        "fair.link": f"{base}/forum/{held.number}/notes" if offline else "",
    }


@contextmanager
def reading(services: Services, uow: UnitOfWork | None) -> Iterator[UnitOfWork]:
    """The transaction at hand, or one that only reads, in a visit."""
    if uow is not None:
        yield uow
        return
    with services.database.read() as own:
        yield own


def _fair(uow: UnitOfWork, person_id: str | None, phase: str) -> tuple[Gathering, bool] | None:
    """The fair, and whether the learner takes part in it."""
    since, until = {
        BEFORE: (uow.now, uow.now + AHEAD),
        DURING: (uow.now - LATE, uow.now + EARLY),
        AFTER: (uow.now - BEHIND, uow.now),
    }.get(phase, (uow.now, uow.now + AHEAD))
    mine = set()
    if person_id is not None:
        parts = participations.of_person(uow, person_id, since)
        mine = {held.id for part, held in parts if part.standing in _THERE}
    fairs = [
        held
        for held in gatherings.between(uow, since, until)
        if held.details.kind is Kind.FAIR and held.planned and (phase != AFTER or held.ends_at <= uow.now)
    ]
    open_ones = [held for held in fairs if held.id in mine or my_agenda.one(uow, held.number, person_id)]
    ordered = list(reversed(open_ones)) if phase == AFTER else open_ones
    found = next((one for one in ordered if one.id in mine), None) or next(iter(ordered), None)
    return (found, found.id in mine) if found is not None else None


def match(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The three stands that fit and one that does not: `known` or `unknown` learner; `none` without a list of stands."""
    _ = person_id
    found = stands_of(services, uow, str(profile.get("fair.id") or ""))
    if not found:
        return "none", {"fair.offered": [], "fair.why": "", "fair.wild": "", "fair.wild_line": ""}
    ranked = stands_fit.rank(found, profile, services.catalogue, context.seed)
    best, wild = stands_fit.three(ranked), stands_fit.unexpected(ranked, context.seed)
    say = services.library.microcopy.say
    lines = []
    for one in best:
        why = say(f"stand_why.{one.key}", word=one.word) if one.key else one.stand.about.rstrip(".")
        lines.append(f"\n– {_placed(one.stand)}{f' : {why}' if why else ''}")
    offered = [{"id": one.stand.id, "title": one.stand.name} for one in best]
    return "known" if stands_fit.known(ranked) else "unknown", {
        "fair.offered": [*offered, {"id": OTHER, "title": say("fair.other")}],
        "fair.why": "".join(lines),
        "fair.wild": wild.stand.name if wild else "",
        "fair.wild_line": f"{_placed(wild.stand)} : {wild.stand.about.rstrip('.')}"
        if wild and wild.stand.about
        else "",
    }


def stands_of(services: Services, uow: UnitOfWork | None, fair_id: str) -> list[Stand]:
    """The stands of a fair that staff imported; none without a fair."""
    if not fair_id:
        return []
    with reading(services, uow) as reader:
        return kept.of_gathering(reader, fair_id)


def _placed(stand: Stand) -> str:
    return f"{stand.name} ({stand.spot})" if stand.spot else stand.name


def keep(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The road map: `road` with a surprise, `plain` without, `questions` only, or `bare`. Topics go to the board of staff."""
    _ = context
    fair_id = str(profile.get("fair.id") or "")
    known = stands_of(services, uow, fair_id)
    own = _own(profile, known)
    wild = _wild(profile)
    names = list(dict.fromkeys([*own, *wild]))
    asked = [str(one) for one in listed(profile.get("fair.questions"))]
    if uow is not None and person_id is not None and fair_id:
        ids = {fold(one.name): one.id for one in known}
        spots = [ids[fold(one)] for one in names if fold(one) in ids]
        topics = fair_topics.of(asked)
        kept.ask(uow, fair_id, person_id, [(topic, stand) for topic in topics for stand in ["", *spots]])
    page = services.library.pages["fair_companion"]
    said = [services.library.label("fair.questions", one, page) or one for one in asked]
    outcome = "road" if own and wild else "plain" if names else "questions" if said else "bare"
    places = {fold(one.name): one.spot for one in known if one.spot}
    return outcome, {
        "fair.names": names,
        "fair.list": joined(own or wild),
        "fair.asked": joined([f"« {one} »" for one in said])
        or services.library.microcopy.say("fair.no_question"),
        "fair.map": [
            {"name": one, "spot": places.get(fold(one), ""), "wild": one in wild and one not in own}
            for one in names
        ],
        "fair.asks": said,
    }


def _own(profile: Mapping[str, Any], known: Sequence[Stand]) -> list[str]:
    """What was picked among those shown, then what was typed; three at most, in the spelling of the list when it is there."""
    by_id = {one.id: one.name for one in known}
    spelt = {fold(one.name): one.name for one in known}
    picked = [by_id[one] for one in map(str, listed(profile.get("fair.picked"))) if one in by_id]
    typed = [
        part
        for one in (profile.get("asked.other"), *listed(profile.get("fair.typed")))
        if one
        for part in _apart(str(one), spelt)
    ]
    names = [*picked, *(spelt.get(fold(one), one) for one in typed if fold(one))]
    return [one[:LONGEST] for one in dict.fromkeys(names)][:MOST]


def _apart(typed: str, known: Mapping[str, str]) -> list[str]:
    """Several stands in one message, unless the whole is the name of one."""
    whole = typed.strip()
    return [whole] if fold(whole) in known else [part for part in _BETWEEN.split(whole) if part]


def _wild(profile: Mapping[str, Any]) -> list[str]:
    if profile.get("fair.wild_said") == "keep":
        return [str(profile.get("fair.wild"))]
    word = str(profile.get("fair.wild_word") or "").strip()
    return [word[:LONGEST]] if fold(word) else []


def visits(profile: Mapping[str, Any], fair_id: str) -> list[Mapping[str, Any]]:
    """The notes of a fair that name a stand."""
    return [
        one
        for one in records(profile.get("fair.visits"))
        if one.get("stand") and one.get("gathering", fair_id) == fair_id
    ]
