"""The learner's planned step: a reminder row for its day, its date in words, and a calendar file."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.application import quiet
from bot.application.services import BRUSSELS
from dialogues.events import Context
from dialogues.render import french_date
from storage import agenda
from storage import holidays as kept
from storage.unit_of_work import UnitOfWork

KIND = "action_due"
SOON = timedelta(minutes=90)  # a step for tonight is asked about this much later, if the evening allows


def plan_step(
    profile: Mapping[str, Any],
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """Plan the last step of the list on its day. In a visit, or after "stop", nothing is planned but the date is said."""
    steps: list[Any] = profile.get("action.list") or []
    step = steps[-1] if steps else {}
    due = day_of(step)
    if due is None or due < context.now.date():
        return "undated", {"action.due_text": "", "action.ics": ""}
    said = {"action.due_text": french_date(due, context.now.date()), "action.ics": ""}
    if uow is not None and person_id is not None and profile.get("consent.reminders") is not False:
        slot = str(profile.get("consent.reminder_slot") or "")
        local = moment(due, slot, context.now.replace(tzinfo=None), holidays(uow))
        agenda.plan(
            uow,
            KIND,
            source(person_id),
            person_id,
            local,
            occurrence=str(len(steps) - 1),
            body={"due": due.isoformat()},
        )
    return "planned", said


def moment(due: date, slot: str, now: datetime, closed: quiet.Holidays) -> datetime:
    """When to ask about a step of that day (wall time). A step for today whose hour is past is asked about later on."""
    local = quiet.on_day(due, slot, closed)
    if local > now:
        return local
    tonight = quiet.later(now + SOON, closed)
    return tonight if tonight.date() == due else quiet.on_day(due + timedelta(days=1), slot, closed)


def source(person_id: str) -> str:
    """What ties the reminders of a person's steps together."""
    return f"action:{person_id}"


def day_of(step: Any) -> date | None:
    """The day of a step; None when it has none that can be read."""
    try:
        return date.fromisoformat(str(step["due"])[:10])
    except (KeyError, TypeError, ValueError):
        return None


def holidays(uow: UnitOfWork) -> quiet.Holidays:
    """The holidays that staff entered; none is ever invented."""
    return quiet.of((one.first, one.last) for one in kept.everything(uow))


def ics(title: str, due: date, slot: str, uid: str, now: datetime) -> bytes:
    """A calendar file of one step: half an hour at the learner's hour, in UTC, so that every calendar agrees."""
    from icalendar import Calendar, Event  # noqa: PLC0415  # heavy, on first use

    starts = agenda.instant(
        datetime.combine(due, quiet.SLOTS[slot][1] if slot in quiet.SLOTS else quiet.USUAL)
    )
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=30))
    event.add("summary", title)
    calendar = Calendar()
    calendar.add("prodid", "-//Boussole//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def wall(instant: datetime) -> datetime:
    """The wall time in Brussels of an instant."""
    return instant.astimezone(BRUSSELS).replace(tzinfo=None)
