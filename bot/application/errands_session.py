"""Before and after a lab: which one it is, from the agenda, from what was prepared, or by its theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.application import agenda_words, domains
from bot.application.errands_shortlist import records
from bot.application.services import Services
from dialogues.events import Context
from dialogues.render import french_date
from storage import participations
from storage.gatherings import Gathering, Kind
from storage.participations import Part, Standing
from storage.unit_of_work import UnitOfWork

LABS = (Kind.LAB, Kind.SESSION, Kind.MASTERLAB)
AHEAD = timedelta(days=7)
BEHIND = timedelta(days=60)  # later nobody remembers the moment
MOST = 3  # labs to choose from
OTHER = "other"
LONGEST = 60  # characters of what a lab was about, in the learner's words
OWN = "own:"  # begins the id of a lab that is not in the agenda
_THERE = (Standing.GOING, Standing.CAME)
_GOOD = {Kind.SESSION: "Bonne séance", Kind.MASTERLAB: "Bon masterlab"}


@dataclass(frozen=True, slots=True)
class Lab:
    """One lab as a page speaks of it. `domain` is a key of the catalogue or empty; `title` when there is no theme."""

    id: str
    day: date
    kind: Kind
    domain: str = ""
    title: str = ""
    gathering: str = ""  # its id when it is in the agenda


def coming(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The learner's next lab: `soon`, `several` to choose from, or `none` of the agenda: then which theme."""
    found = _coming(uow, person_id)
    if profile.get("lab.soonest"):
        found = found[:1]
    return _settled(profile, found, services, context, "soon")


def _coming(uow: UnitOfWork | None, person_id: str | None) -> list[Lab]:
    if uow is None or person_id is None:
        return []
    return [
        _of(held)
        for part, held in participations.of_person(uow, person_id)
        if _to_come(part, held) and held.starts_at <= uow.now + AHEAD
    ]


def _to_come(part: Part, held: Gathering) -> bool:
    return held.details.kind in LABS and held.planned and part.standing in _THERE


def past(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The lab to look back on: `one`, `several` of the last three, or `none`: then which theme."""
    log = records(profile.get("session.log"))
    looked_at = {str(one.get("id")) for one in log if one.get("energy")}
    lived = [one for one in _past(uow, person_id) if one.id not in looked_at]
    known = {one.id for one in lived}
    today = context.now.date()
    prepared = [_of_record(one) for one in log if one.get("intention") and not one.get("energy")]
    lived += [
        one
        for one in prepared
        if one.id not in known and not one.gathering and today - BEHIND <= one.day <= today
    ]
    lived = sorted(lived, key=lambda one: one.day, reverse=True)[:MOST]
    if profile.get("lab.soonest"):
        lived = lived[:1]
    return _settled(profile, lived, services, context, "one")


def _past(uow: UnitOfWork | None, person_id: str | None) -> list[Lab]:
    if uow is None or person_id is None:
        return []
    found = participations.of_person(uow, person_id, uow.now - BEHIND)
    return [
        _of(held)
        for part, held in found
        if held.details.kind in LABS and held.planned and part.standing in _THERE and held.ends_at <= uow.now
    ]


def _of(held: Gathering) -> Lab:
    details = held.details
    return Lab(held.id, details.local_starts.date(), details.kind, details.domain, details.title, held.id)


def _of_record(record: Mapping[str, Any]) -> Lab:
    """A lab that was prepared; one without a number of the agenda begins with the day on which it was."""
    own = str(record.get("id") or "")
    return Lab(
        own,
        _day(record.get("date")),
        _kind(record.get("kind")),
        str(record.get("domain") or ""),
        str(record.get("title") or ""),
        "" if own.startswith(OWN) else own,
    )


def _settled(
    profile: Mapping[str, Any], found: Sequence[Lab], services: Services, context: Context, one: str
) -> tuple[str, dict[str, Any]]:
    """Which of the labs it is, once asked; what to ask before."""
    picked = str(profile.get("lab.picked") or "")
    chosen = next((lab for lab in found if lab.id == picked), None)
    if chosen is not None:
        return one, _told(chosen, services)
    themes = {domain.id: domain for domain in domains.offered(services.catalogue)}
    if picked in themes or profile.get("lab.asked") == "theme":
        return one, _told(_own(picked if picked in themes else "", profile, context), services)
    if len(found) == 1 and picked != OTHER:
        return one, _told(found[0], services)
    if found and picked != OTHER and profile.get("lab.asked") != "which":
        other = {"id": OTHER, "title": services.library.microcopy.say("lab.another")}
        return "several", {"lab.choices": [*(_choice(lab, services, context) for lab in found), other]}
    if found and picked != OTHER:  # passed: the nearest one is meant
        return one, _told(found[0], services)
    other = {"id": OTHER, "title": services.library.microcopy.say("lab.other_theme")}
    return "none", {"lab.themes": [*({"id": key, "title": one.label} for key, one in themes.items()), other]}


def _choice(lab: Lab, services: Services, context: Context) -> dict[str, str]:
    name = domains.label(services.catalogue, lab.domain) if lab.domain else lab.title
    kind = agenda_words.kind_word(lab.kind).capitalize()
    day = french_date(lab.day, context.now.date())
    return {"id": lab.id, "title": f"{name or kind}, {day}"}


def _own(domain: str, profile: Mapping[str, Any], context: Context) -> Lab:
    """A lab that is not in the agenda: the one prepared without a date and not looked back on yet, else a new one."""
    log = records(profile.get("session.log"))
    title = "" if domain else str(profile.get("asked.other") or "").strip()[:LONGEST]
    waiting = [
        one
        for one in log
        if str(one.get("id")).startswith(OWN)
        and not one.get("energy")
        and (one.get("domain", ""), one.get("title", "")) == (domain, title)
    ]
    if waiting:
        return _of_record(waiting[-1])
    day = context.now.date()
    taken = {str(one.get("id")) for one in log}
    number = next(n for n in range(1, len(taken) + 2) if f"{OWN}{day}:{n}" not in taken)
    return Lab(f"{OWN}{day}:{number}", day, Kind.LAB, domain, title)


def _told(lab: Lab, services: Services) -> dict[str, Any]:
    name = domains.inside(services.catalogue, lab.domain) if lab.domain else ""
    return {
        "lab.id": lab.id,
        "lab.day": lab.day.isoformat(),
        "lab.kind": lab.kind.value,
        "lab.domain": lab.domain,
        "lab.title": lab.title,
        "lab.ton": " ".join(part for part in (_ton(lab.kind), name or _quoted(lab.title)) if part),
        "lab.seance": "yes" if lab.kind is Kind.SESSION else "",
        "lab.good": _GOOD.get(lab.kind, "Bon lab"),
        "lab.gathering": lab.gathering,
    }


def _ton(kind: Kind) -> str:
    said = agenda_words.with_article(kind, "ton")
    return said[:1].upper() + said[1:]


def _quoted(title: str) -> str:
    return f"« {title} »" if title else ""


def _kind(value: Any) -> Kind:
    return Kind(value) if value in list(Kind) else Kind.LAB


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return date.min
