"""The reminder rows of gatherings: planned when somebody takes part, cancelled and told anew when something changes."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.application import event_times, planning, quiet
from storage import agenda, reminding
from storage.gatherings import Gathering
from storage.participations import Part, Standing
from storage.unit_of_work import UnitOfWork

REMINDER, NOTICE, OFFER, ANSWER = "gathering", "notice", "offer", "answer"
KINDS = (REMINDER, NOTICE, OFFER, ANSWER)
MOVED, CANCELLED, CHANGED = "moved", "cancelled", "changed"
OFFER_LASTS = timedelta(hours=24)
LAST_OFFER = timedelta(hours=1)  # before the beginning: nobody could come any more
SHORTEST_OFFER = timedelta(hours=1)


def source(gathering_id: str) -> str:
    """What ties the reminders of a gathering together."""
    return f"gathering:{gathering_id}"


def news_source(gathering_id: str) -> str:
    """What ties the news about a gathering together: that it moved, that a place is free."""
    return f"news:{gathering_id}"


def plan(uow: UnitOfWork, gathering: Gathering, part: Part, closed: quiet.Holidays) -> int:
    """Plan what is still to come for somebody who takes part; how many rows. Nothing for who only waits."""
    if part.standing is not Standing.GOING or not gathering.planned:
        return 0
    now, told = planning.wall(uow.now), 0
    for code, local in event_times.moments(
        gathering.details.kind, gathering.details.local_starts, part.reminders, closed
    ):
        if local > now:
            agenda.plan(
                uow,
                REMINDER,
                source(gathering.id),
                part.person_id,
                local,
                zone=gathering.details.zone,
                occurrence=f"{code} {local.date().isoformat()}",
                body={"code": code},
            )
            told += 1
    return told


def forget(uow: UnitOfWork, gathering_id: str, person_id: str) -> None:
    """Nothing more about this gathering for this person: they left."""
    forget_reminders(uow, gathering_id, person_id)
    reminding.call_back(uow, NOTICE, news_source(gathering_id), person_id)
    agenda.cancel(uow, news_source(gathering_id), person_id)


def forget_reminders(uow: UnitOfWork, gathering_id: str, person_id: str | None = None) -> None:
    """No reminder of before (of everybody, or of one): neither what waits, nor what is written but has not left."""
    reminding.call_back(uow, REMINDER, source(gathering_id), person_id)
    agenda.cancel(uow, source(gathering_id), person_id)


def changed(uow: UnitOfWork, gathering_id: str) -> None:
    """Something about it changed: no reminder of before, and news that has not left waits again, to be said as it is now."""
    forget_reminders(uow, gathering_id)
    reminding.call_back(uow, NOTICE, news_source(gathering_id))


def forget_hours_before(uow: UnitOfWork, gathering: Gathering, part: Part) -> None:
    """Only the second reminder goes, the one shortly before it begins."""
    for one in reminding.waiting_of(uow, part.person_id):
        if one.source == source(gathering.id) and one.body.get("code") == event_times.HOURS_BEFORE:
            agenda.settle(uow, one.id, agenda.Status.CANCELLED)


def tell(
    uow: UnitOfWork,
    gathering: Gathering,
    people: Iterable[str],
    what: str,
    before: Gathering,
    closed: quiet.Holidays,
) -> int:
    """Tell everybody concerned, once, of what became of a gathering; how many will be told.

    Call `changed` before. What waited to be told about it is replaced, so that who heard nothing yet of a first change hears of both as one.
    Quiet hours are respected unless it is today.
    """
    waiting = {one.person_id: one for one in agenda.waiting(uow, news_source(gathering.id), NOTICE)}
    agenda.cancel(uow, news_source(gathering.id))
    now = planning.wall(uow.now)
    told = 0
    for person_id in people:
        held = waiting.get(person_id)
        was = str(held.body.get("was")) if held else before.details.local_starts.isoformat()
        place = str(held.body.get("place")) if held else before.details.place
        if held and what != CANCELLED and _as_it_was(gathering, was, place):
            continue  # moved, and back again before anybody heard of it
        begins = (datetime.fromisoformat(was), gathering.details.local_starts)
        local = _in_time(now, begins, closed)
        body: Mapping[str, Any] = {"what": what, "was": was, "place": place}
        occurrence = f"v{gathering.version}"
        agenda.plan(
            uow, NOTICE, news_source(gathering.id), person_id, local, occurrence=occurrence, body=body
        )
        told += 1
    return told


def _in_time(now: datetime, begins: tuple[datetime, datetime], closed: quiet.Holidays) -> datetime:
    """When to tell of a change (wall time): now if it is about today, else outside of quiet hours.

    Should those end too late (school on the very day), in the morning of that day.
    """
    days = {moment.date() for moment in begins}
    if now.date() in days:
        return now
    local = quiet.later(now, closed)
    return datetime.combine(local.date(), quiet.MORNING) if local.date() in days else local


def _as_it_was(gathering: Gathering, was: str, place: str) -> bool:
    details = gathering.details
    return details.local_starts.isoformat() == was and details.place == place and gathering.planned


def offer(uow: UnitOfWork, gathering: Gathering, person_id: str, closed: quiet.Holidays) -> datetime | None:
    """Plan the word that a place is free: until when it is kept (UTC). None when it would come too late."""
    local = quiet.later(planning.wall(uow.now), closed)
    due = agenda.instant(local)
    until = min(due + OFFER_LASTS, gathering.starts_at - LAST_OFFER)
    if until - due < SHORTEST_OFFER:
        return None
    occurrence = f"offer {uow.now.isoformat(timespec='minutes')}"
    agenda.plan(uow, OFFER, news_source(gathering.id), person_id, local, occurrence=occurrence)
    return until


def answer(
    uow: UnitOfWork, gathering: Gathering, person_id: str, closed: quiet.Holidays, *, chosen: bool
) -> None:
    """Plan the word that staff chose somebody, or did not this time."""
    local = quiet.later(planning.wall(uow.now), closed)
    agenda.plan(
        uow,
        ANSWER,
        news_source(gathering.id),
        person_id,
        local,
        occurrence="chosen" if chosen else f"declined v{gathering.version}",
        body={"chosen": chosen},
    )
