"""A gathering as typed in the options of a command: each of them read, or said to be wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.application import agenda_cells
from bot.cli import agenda_asking as asking
from bot.cli.say import fail
from careers import catalogue, text
from storage import groups
from storage.gatherings import Details
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class New:
    """What was typed of a gathering to add."""

    kind: str
    title: str
    start: str
    end: str = ""
    length: str = ""
    about: str = ""
    place: str = ""
    route: str = ""
    domain: str = ""
    places: str = ""
    waiting: bool = True
    chosen: bool = False
    group: str = ""
    ages: str = ""
    link: str = ""
    source: str = ""
    seen: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Weekly:
    """How it repeats, as typed; `until` empty for once only."""

    until: str = ""
    every: int = 1
    skipped: Sequence[str] = ()
    in_holidays: bool = False


def details(uow: UnitOfWork, new: New, now: date) -> Details:
    """What was typed, as a gathering."""
    kind = asking.read(agenda_cells.read_kind, new.kind)
    starts, ends = _times(new, now)
    seen = asking.read(lambda said: agenda_cells.read_day(said, now), new.seen) if new.seen else None
    return Details(
        kind, new.title.strip(), starts, ends,
        domain=_domain(new.domain), about=new.about.strip(), place=new.place.strip(), route=new.route.strip(),
        bands=asking.read(agenda_cells.read_ages, new.ages), group_id=_group(uow, new.group),
        capacity=asking.read(agenda_cells.read_places, new.places), waiting=new.waiting, chosen=new.chosen,
        link=new.link.strip(), source=new.source.strip(), seen=seen or (now if new.source else None),
    )  # fmt: skip


def _times(new: New, now: date) -> tuple[datetime, datetime]:
    day, begins, until = asking.read(lambda said: agenda_cells.read_span(said, now), new.start)
    if begins is None:
        fail(f"« {new.start} » : il manque l’heure du début, par exemple 14h30.")
    starts = datetime.combine(day, begins)
    if new.end:
        return starts, end(new.end, starts, now)
    if new.length:
        return starts, starts + asking.read(agenda_cells.read_length, new.length)
    if until is None:
        fail("Jusqu’à quelle heure ? Ajoutez --end 16h ou --length 2h.")
    return starts, datetime.combine(day, until)


def end(said: str, starts: datetime, now: date) -> datetime:
    """An hour of the same day, or another day with its hour."""
    try:
        hour, _until = agenda_cells.read_hours(said)
    except agenda_cells.Unreadable:
        return asking.read(lambda text: agenda_cells.read_moment(text, now), said)
    return datetime.combine(starts.date(), hour)


def _domain(said: str) -> str:
    if not said:
        return ""
    known = catalogue.load().domains
    wanted = text.fold(said)
    found = [one.id for one in known.values() if wanted in (one.id, text.fold(one.label))]
    if found:
        return found[0]
    return fail(f"Thème inconnu : « {said} ». Il y a : {', '.join(one.label for one in known.values())}.")


def _group(uow: UnitOfWork, said: str) -> str | None:
    if not said:
        return None
    wanted = text.fold(said)
    found = [one for one in groups.everyone(uow) if wanted in (text.fold(one.name), text.fold(one.code))]
    if len(found) != 1:
        fail(
            f"Groupe {'inconnu' if not found else 'pas clair'} : « {said} ». « boussole group list » les montre."
        )
    return found[0].id
