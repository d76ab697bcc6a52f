"""What a turn plans, cancels or puts off among the reminders of a person; `due` says what is due."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.application import event_reminders, planning, quiet
from bot.application.reminder_case import LEDGER, UNFINISHED, WEEK, WEEKLY
from bot.application.reminder_policy import AFTER
from bot.application.services import Services
from storage import agenda, gatherings, participations, people, reminding
from storage.agenda import Status
from storage.unit_of_work import UnitOfWork

MOST_WEEKS = 4  # between two words of our own accord, after « moins souvent »
BEFORE = timedelta(minutes=60)  # a reminder that was put off still comes in time to set out


def send_due(services: Services) -> int:
    """Say everything that is due now, one transaction a person; the number of messages written."""
    from bot.application import due  # noqa: PLC0415 -- it needs turns, and they need what is planned here

    return due.send_all(services)


def call_back_late(services: Services) -> int:
    """What was written and came too late to go out (the platform was away until the evening) waits again; how many messages."""
    with services.database.begin() as uow:
        return reminding.call_back_late(uow)


def after_turn(
    services: Services,
    uow: UnitOfWork,
    person_id: str,
    profile: Mapping[str, Any],
    changed: Iterable[str],
    *,
    began: bool,
) -> None:
    """Plan what a turn calls for: a weekly note when the slot was chosen, a word about a page that was begun."""
    if not began and "consent.reminder_slot" not in changed:
        return
    slot = str(profile.get("consent.reminder_slot") or "none")
    if "consent.reminder_slot" in changed:
        agenda.cancel(uow, _source(WEEKLY, person_id))
        if slot != "none":
            people.set_silent(uow, person_id, silent=False)
            plan_weekly(uow, person_id, slot, planning.wall(services.now()), planning.holidays(uow))
    if began and slot in quiet.SLOTS:
        local = quiet.later(planning.wall(services.now()) + AFTER, planning.holidays(uow))
        occurrence = services.now().date().isoformat()
        agenda.cancel(uow, _source(UNFINISHED, person_id))
        agenda.plan(uow, UNFINISHED, _source(UNFINISHED, person_id), person_id, local, occurrence=occurrence)


def stop_all(services: Services, uow: UnitOfWork, person_id: str) -> None:
    """The word `stop`: cancel everything planned for this person, or on its way, and write first no more."""
    _ = services
    reminding.cancel_all(uow, person_id)
    people.set_silent(uow, person_id, silent=True)


def later(services: Services, uow: UnitOfWork, person_id: str) -> None:
    """« Plus tard »: the same word once more, tomorrow at the usual hour."""
    tomorrow = planning.wall(services.now()).date() + timedelta(days=1)
    local = quiet.later(datetime.combine(tomorrow, quiet.USUAL), planning.holidays(uow))
    agenda.plan(
        uow, UNFINISHED, _source(UNFINISHED, person_id), person_id, local, occurrence=f"later {tomorrow}"
    )


def less_often(
    services: Services, uow: UnitOfWork, person_id: str, profile: Mapping[str, Any]
) -> dict[str, Any]:
    """« Moins souvent »: twice as many weeks between two words, four at most. The new ledger, to be noted."""
    ledger = profile.get(LEDGER) or {}
    weeks = min(MOST_WEEKS, 2 * int(ledger.get("weeks", 1)))
    agenda.cancel(uow, _source(WEEKLY, person_id))
    after = planning.wall(services.now()) + WEEK * (weeks - 1)
    plan_weekly(
        uow, person_id, str(profile.get("consent.reminder_slot") or "none"), after, planning.holidays(uow)
    )
    return {**ledger, "weeks": weeks}


def next_weekly(slot: str, after: datetime, spread: int = 0) -> datetime | None:
    """The next wall time (naive, Brussels) of a learner's weekly slot, or None for `none`."""
    return quiet.next_weekly(slot, after, spread, quiet.Holidays())


def again_later(uow: UnitOfWork, person_id: str, ids: Iterable[str]) -> datetime | None:
    """« Plus tard » under a reminder: that very one comes back; when (wall time), the soonest. None: it is too near.

    Tomorrow at five; what begins before that, an hour before it begins, or at the last allowed minute before that.
    """
    closed, now = planning.holidays(uow), planning.wall(uow.now)
    usual = quiet.later(datetime.combine(now.date() + timedelta(days=1), quiet.USUAL), closed)
    soonest = None
    for one in (agenda.get(uow, reminder_id) for reminder_id in ids):
        if one is None or one.person_id != person_id or one.status in (Status.CANCELLED, Status.EXPIRED):
            continue
        local = usual
        held = (
            gatherings.get(uow, one.source.partition(":")[2])
            if one.kind == event_reminders.REMINDER
            else None
        )
        if held is not None and held.details.local_starts - BEFORE < usual:
            local = quiet.earlier(held.details.local_starts - BEFORE, closed)
        if local > now:
            agenda.snooze(uow, one.id, local)
            soonest = min(soonest or local, local)
    return soonest


def once_only(uow: UnitOfWork, person_id: str, gathering_id: str) -> None:
    """« Moins souvent » under the reminder of a gathering: only the eve, where more had been asked for."""
    part = participations.get(uow, gathering_id, person_id)
    held = gatherings.get(uow, gathering_id)
    if part is not None and held is not None and part.reminders == "more":
        participations.remind(uow, part, "eve")
        event_reminders.forget_hours_before(uow, held, part)


def plan_weekly(uow: UnitOfWork, person_id: str, slot: str, after: datetime, closed: quiet.Holidays) -> None:
    """Plan the next weekly word strictly after a wall time; nothing without a slot."""
    spread = sum(person_id.encode())
    local = quiet.next_weekly(slot, after, spread, closed)
    if local is not None:
        source = _source(WEEKLY, person_id)
        agenda.plan(uow, WEEKLY, source, person_id, local, occurrence=local.date().isoformat())


def _source(kind: str, person_id: str) -> str:
    return f"{kind}:{person_id}"
