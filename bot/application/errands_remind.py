"""Which reminders a learner wants of one gathering, said in a conversation; a « stop » stands until they lift it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.application import errands_agenda, event_times, planning, reminder_kinds, taking_part
from bot.application.services import Services
from bot.application.taking_part import Became
from dialogues.events import Context
from storage import gatherings, people
from storage.gatherings import Gathering
from storage.unit_of_work import UnitOfWork


def remind(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The reminders chosen for one gathering: `kept`; `stopped` when the learner said stop to all of them; `nothing`."""
    _ = services
    wanted = str(profile.get("agenda.reminders") or "")
    if uow is None or person_id is None or wanted not in event_times.CHOICES:
        return "nothing", {}
    person, held = people.get(uow, person_id), gatherings.get(uow, str(profile.get("agenda.id") or ""))
    if person is None or held is None:
        return "nothing", {}
    if wanted != "none" and not reminder_kinds.may_remind(person, profile):
        return "stopped", {}
    became = taking_part.remind(uow, person_id, held.id, wanted)
    first = _first(uow, held, wanted) if became is Became.GOING else None
    when = errands_agenda.moment(first, context.now.date()) if first is not None else ""
    return "nothing" if became is Became.UNKNOWN else "kept", {"agenda.when": when}


def _first(uow: UnitOfWork, held: Gathering, wanted: str) -> datetime | None:
    """The first reminder that is still to come (wall time)."""
    details = held.details
    found = event_times.moments(details.kind, details.local_starts, wanted, planning.holidays(uow))
    return next((local for _, local in found if local > planning.wall(uow.now)), None)


def allow(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """Reminders may come again, because the learner says so here; this gathering gets those that were chosen."""
    if uow is not None and person_id is not None:
        reminder_kinds.allow_again(uow, person_id)
    return remind({**profile, "consent.reminders": True}, services, uow, person_id, context)
