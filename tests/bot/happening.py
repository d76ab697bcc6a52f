"""What tests of the agenda share: gatherings, learners and a group of the centre."""

from datetime import datetime, timedelta
from typing import Any

from bot.application import happenings
from bot.application.rights import OPERATOR
from storage import conversations, groups, people
from storage.database import Database
from storage.gatherings import Details, Gathering, Kind

WEDNESDAY = datetime(2026, 10, 14, 14, 0)  # a week after the tests' clock  # noqa: DTZ001


def details(kind: Kind = Kind.LAB, starts: datetime = WEDNESDAY, *, hours: float = 2, **more: Any) -> Details:
    """A gathering to be entered."""
    given: dict[str, Any] = {"title": "Lab animation", "domain": "animation", "place": "Salle B", **more}
    return Details(kind, local_starts=starts, local_ends=starts + timedelta(hours=hours), **given)


def gathering(
    database: Database, kind: Kind = Kind.LAB, starts: datetime = WEDNESDAY, **more: Any
) -> Gathering:
    """One that staff entered."""
    with database.begin() as uow:
        return happenings.add(uow, OPERATOR, details(kind, starts, **more))


def learners(database: Database, number: int, band: str = "13-15", *, group: str = "") -> list[str]:
    """People who agreed, with their age band, in a group when one is named."""
    found = []
    with database.begin() as uow:
        made = groups.create(uow, group) if group else None
        for _ in range(number):
            person = people.create(uow, "web")
            conversations.note(uow, person.id, {"user.age_band": band, "consent.reminder_slot": "week_17h"})
            if made is not None:
                groups.join(uow, made.id, person.id)
            found.append(person.id)
    return found
