"""What staff do with the agenda in a chat or on the site: the act itself and its line in the log, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from bot.application import happenings, team
from bot.application.happenings import Changed, Repeated
from bot.application.rights import Actor
from storage import gatherings
from storage.gatherings import Details, Gathering
from storage.unit_of_work import UnitOfWork


def add(uow: UnitOfWork, actor: Actor, details: Details, *, confirmed: bool) -> Gathering:
    """A new gathering; `happenings.add` says what may go wrong."""
    made = happenings.add(uow, actor, details, confirmed=confirmed)
    log(uow, actor, "agenda_added", made)
    return made


def repeat(
    uow: UnitOfWork,
    actor: Actor,
    details: Details,
    until: date,
    *,
    every: int,
    in_holidays: bool,
    skipped: Iterable[date],
    confirmed: bool,
) -> Repeated:
    """The same every week; `happenings.repeat` says what may go wrong."""
    made = happenings.repeat(
        uow,
        actor,
        details,
        until,
        every=every,
        in_holidays=in_holidays,
        skipped=skipped,
        confirmed=confirmed,
    )
    team.note(uow, actor, "agenda_repeated", made.series.id, gatherings=len(made.gatherings))
    return made


def change(uow: UnitOfWork, actor: Actor, held: Gathering, details: Details, *, why: str = "") -> Changed:
    """Other details; whoever is concerned is told. `happenings.change` says what may go wrong."""
    done = happenings.change(uow, actor, held, details, why=why)
    names = [one.name for one in fields(Details)]
    what = [name for name in names if getattr(details, name) != getattr(held.details, name)]
    log(uow, actor, "agenda_changed", done.gathering, changed=what, told=done.told)
    return done


def places(uow: UnitOfWork, actor: Actor, held: Gathering, capacity: int | None) -> Changed:
    """Another number of places; None for as many as come."""
    return change(uow, actor, held, replace(held.details, capacity=capacity))


def cancel(uow: UnitOfWork, actor: Actor, held: Iterable[Gathering], *, why: str = "") -> int:
    """These do not take place; how many young people are told. Those cancelled before stay as they are."""
    told = 0
    for one in held:
        done = happenings.cancel(uow, actor, one, why=why)
        told += done.told
        if one.planned:
            log(uow, actor, "agenda_cancelled", done.gathering, told=done.told)
    return told


def restore(uow: UnitOfWork, actor: Actor, held: Gathering) -> Changed:
    """It takes place after all."""
    done = happenings.restore(uow, actor, held)
    log(uow, actor, "agenda_restored", done.gathering, told=done.told)
    return done


def confirm(uow: UnitOfWork, actor: Actor, held: Gathering) -> bool:
    """Its date was looked up today; whether it was still to be checked."""
    happenings.confirm(uow, actor, held)
    if held.confirmed:
        return False
    log(uow, actor, "agenda_confirmed", held)
    return True


def choose(uow: UnitOfWork, actor: Actor, held: Gathering, chosen: Iterable[str], *, close: bool) -> int:
    """Give places to some of those who asked; how many got one. The log holds numbers only."""
    made = happenings.choose(uow, actor, held, chosen, close=close)
    log(uow, actor, "agenda_chosen", held, places=made, closed=close)
    return made


def attendance(uow: UnitOfWork, actor: Actor, held: Gathering, there: Mapping[str, bool | None]) -> int:
    """Who was there; how many were noted as there."""
    done = happenings.note_attendance(uow, actor, held, dict(there))
    log(uow, actor, "agenda_attendance", held, noted=len(there))
    return done


def following(uow: UnitOfWork, held: Gathering) -> list[Gathering]:
    """A gathering and those of its series that come after it."""
    if held.details.series_id is None:
        return [held]
    series = gatherings.of_series(uow, held.details.series_id)
    return [one for one in series if one.starts_at >= held.starts_at]


def log(uow: UnitOfWork, actor: Actor, act: str, held: Gathering, **detail: Any) -> None:
    """One line about a gathering."""
    team.note(uow, actor, act, held.id, number=held.number, **detail)
