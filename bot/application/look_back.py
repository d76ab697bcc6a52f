"""Looking back on a gathering: the learner asks for it, and one reminder comes when it is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.application import agenda_words, planning, quiet, reminder_kinds
from bot.application.services import Services
from dialogues.events import Context
from storage import agenda, conversations, gatherings, people
from storage.gatherings import Gathering, Kind
from storage.unit_of_work import UnitOfWork

KIND = reminder_kinds.DEBRIEF
AFTER = timedelta(hours=2)
NEXT_DAY = (Kind.FAIR, Kind.MEETING, Kind.OPEN_DAY)  # one sleeps on these


def source(gathering_id: str) -> str:
    """What ties the looking back on a gathering together: `happenings` cancels it with the gathering."""
    return f"{KIND}:{gathering_id}"


def moment(gathering: Gathering, closed: quiet.Holidays) -> datetime:
    """When to come back (wall time in Brussels): two hours after the end, else the next day at 17:00. Pure.

    The next day when two hours after is at night or in school hours, and after a meeting, a fair or an open day.
    """
    ends = planning.wall(gathering.ends_at)
    soon = ends + AFTER
    if gathering.details.kind not in NEXT_DAY and not quiet.is_quiet(soon, closed):
        return soon
    return quiet.later(datetime.combine(ends.date() + timedelta(days=1), quiet.USUAL), closed)


def plan(uow: UnitOfWork, person_id: str, gathering: Gathering) -> datetime | None:
    """Plan it, once however often it is asked for: when (wall time). None: it is over, cancelled, or reminders are stopped."""
    person = people.get(uow, person_id)
    if person is None or not gathering.planned:
        return None
    if not reminder_kinds.may_remind(person, conversations.profile(uow, person_id)):
        return None
    local = moment(gathering, planning.holidays(uow))
    if local <= planning.wall(uow.now):
        return None
    agenda.plan(uow, KIND, source(gathering.id), person_id, local)
    return local


def forget(uow: UnitOfWork, person_id: str, gathering_id: str) -> None:
    """Nothing more: they looked back already, or would rather not."""
    agenda.cancel(uow, source(gathering_id), person_id)


def follow(uow: UnitOfWork, gathering: Gathering) -> int:
    """The gathering has other hours now: what waits comes after these; how many."""
    waiting = agenda.waiting(uow, source(gathering.id), KIND)
    local = moment(gathering, planning.holidays(uow)) if waiting else None
    for one in waiting:
        if local is not None and gathering.planned:
            agenda.plan(uow, KIND, source(gathering.id), one.person_id, local)
    return len(waiting)


def asked(
    profile: Mapping[str, Any],
    _services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The learner said yes on a page: `planned` with when, in words; `unplanned` in a visit or when nothing can come."""
    wanted = str(profile.get("look.gathering") or "")
    if uow is None or person_id is None or not wanted:
        return "unplanned", {"look.when": ""}
    held = gatherings.get(uow, wanted)
    local = plan(uow, person_id, held) if held is not None else None
    if local is None:
        return "unplanned", {"look.when": ""}
    day = agenda_words.day(local.date(), context.now.date(), near=True)
    return "planned", {"look.when": f"{day} à {agenda_words.hour(local)}"}
