"""What is planned for a day and hour of the centre: rows with wall time, zone and the instant; a timer owns none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update

from storage.crypto import new_id
from storage.errors import WrongTransition
from storage.tables import reminders
from storage.unit_of_work import AnyRow, UnitOfWork, for_each

BRUSSELS = "Europe/Brussels"


class Status(StrEnum):
    """Where a reminder is. A snoozed one is due again later."""

    PLANNED = "planned"
    SENT = "sent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one person."""

    id: str
    kind: str
    source: str
    person_id: str
    occurrence: str
    local_at: datetime  # wall time, without zone
    zone: str
    due_at: datetime  # UTC
    status: Status
    settled_at: datetime | None
    body: Mapping[str, Any] = field(default_factory=dict)


COLUMNS = (
    reminders.c.id,
    reminders.c.kind,
    reminders.c.source,
    reminders.c.person_id,
    reminders.c.occurrence,
    reminders.c.local_at,
    reminders.c.zone,
    reminders.c.due_at,
    reminders.c.status,
    reminders.c.settled_at,
    reminders.c.body,
)
_WAITING = reminders.c.status.in_(["planned", "snoozed"])
_PLAN = for_each(
    lambda insert: (
        (made := insert(reminders))
        .on_conflict_do_update(
            index_elements=["kind", "source", "person_id", "occurrence"],
            set_={
                "local_at": made.excluded.local_at,
                "zone": made.excluded.zone,
                "due_at": made.excluded.due_at,
                "status": made.excluded.status,
                "body": made.excluded.body,
                "settled_at": made.excluded.settled_at,
            },
            where=reminders.c.status != "sent",
        )
        .returning(*COLUMNS)
    )
)
_GET = select(*COLUMNS).where(reminders.c.id == bindparam("reminder_id"))
_SAME = select(*COLUMNS).where(
    reminders.c.kind == bindparam("kind"),
    reminders.c.source == bindparam("source"),
    reminders.c.person_id == bindparam("person_id"),
    reminders.c.occurrence == bindparam("occurrence"),
)
_DUE = (
    select(*COLUMNS)
    .where(_WAITING, reminders.c.due_at <= bindparam("now"))
    .order_by(reminders.c.due_at, reminders.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_OF_PERSON = (
    select(*COLUMNS).where(reminders.c.person_id == bindparam("person_id")).order_by(reminders.c.due_at)
)
_OF_SOURCE = select(*COLUMNS).where(
    reminders.c.source == bindparam("of_source"), reminders.c.kind == bindparam("of_kind"), _WAITING
)
_SETTLE = (
    update(reminders)
    .where(reminders.c.id == bindparam("reminder_id"), _WAITING)
    .values(status=bindparam("new_status"), settled_at=bindparam("now"))
)
_CANCEL = (
    update(reminders)
    .where(reminders.c.source == bindparam("of_source"), _WAITING)
    .values(status="cancelled", settled_at=bindparam("now"))
)
_CANCEL_ONE = _CANCEL.where(reminders.c.person_id == bindparam("of_person"))
_SNOOZE = (
    update(reminders)
    .where(reminders.c.id == bindparam("reminder_id"), reminders.c.status.in_(["planned", "snoozed", "sent"]))
    .values(
        status="snoozed",
        local_at=bindparam("new_local"),
        due_at=bindparam("new_due"),
        zone=bindparam("new_zone"),
        settled_at=None,
    )
)


def instant(local: datetime, zone: str = BRUSSELS) -> datetime:
    """The instant (UTC) of a wall time.

    In an hour that the clocks skip: the first instant after it. In one that comes twice: the first.
    ValueError for a time that has a zone already.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall time has no zone")
    place = ZoneInfo(zone)
    before = local.replace(tzinfo=place, fold=0).astimezone(UTC)
    if before.astimezone(place).replace(tzinfo=None) == local.replace(fold=0):
        return before
    # skipped: the clocks move somewhere between what the two offsets make of it
    low, high = local.replace(tzinfo=place, fold=1).astimezone(UTC), before
    after = high.astimezone(place).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if middle.astimezone(place).utcoffset() == after else (middle, high)
    return high.replace(microsecond=0)


def plan(
    uow: UnitOfWork,
    kind: str,
    source: str,
    person_id: str,
    local: datetime,
    *,
    zone: str = BRUSSELS,
    occurrence: str = "",
    body: Mapping[str, Any] | None = None,
) -> Reminder:
    """Plan a reminder, or move the one that waits for the same (kind, source, person, occurrence).

    One statement, two when that one was sent already.

    One that was sent stays as it is and is returned: give another occurrence to send again.
    """
    due = instant(local, zone)
    key = {"kind": kind, "source": source, "person_id": person_id, "occurrence": occurrence}
    made = uow.execute(
        _PLAN,
        {
            "id": new_id(),
            **key,
            "local_at": local,
            "zone": zone,
            "due_at": due,
            "status": "planned",
            "body": uow.box.seal_json(body or {}),
            "settled_at": None,
        },
    ).first()
    return of_row(uow, made or uow.execute(_SAME, key).one())


def due(uow: UnitOfWork, now: datetime | None = None, limit: int = 100) -> list[Reminder]:
    """What is due, oldest first; locked for this transaction, those that another worker has in hand left out."""
    rows = uow.execute(_DUE, {"now": now or uow.now, "limit": limit})
    return [of_row(uow, row) for row in rows]


def get(uow: UnitOfWork, reminder_id: str) -> Reminder | None:
    """The reminder of that id."""
    row = uow.execute(_GET, {"reminder_id": reminder_id}).first()
    return of_row(uow, row) if row else None


def of_person(uow: UnitOfWork, person_id: str) -> list[Reminder]:
    """Everything planned for a person, past and to come."""
    return [of_row(uow, row) for row in uow.execute(_OF_PERSON, {"person_id": person_id})]


def waiting(uow: UnitOfWork, source: str, kind: str) -> list[Reminder]:
    """What waits of one kind for a source. One statement."""
    return [of_row(uow, row) for row in uow.execute(_OF_SOURCE, {"of_source": source, "of_kind": kind})]


def settle(uow: UnitOfWork, reminder_id: str, status: Status) -> None:
    """A waiting reminder was SENT, CANCELLED or EXPIRED. WrongTransition when it waits no more."""
    if status in (Status.PLANNED, Status.SNOOZED):
        raise WrongTransition(f"a reminder is not settled as {status}")
    values = {"reminder_id": reminder_id, "new_status": status.value, "now": uow.now}
    if uow.execute(_SETTLE, values).rowcount != 1:
        raise WrongTransition("the reminder waits no more")


def cancel(uow: UnitOfWork, source: str, person_id: str | None = None) -> int:
    """Cancel what waits for a source (a moved or cancelled gathering, a step done); how many."""
    values = {"of_source": source, "now": uow.now}
    if person_id is None:
        return uow.execute(_CANCEL, values).rowcount
    return uow.execute(_CANCEL_ONE, values | {"of_person": person_id}).rowcount


def snooze(uow: UnitOfWork, reminder_id: str, local: datetime, zone: str = BRUSSELS) -> None:
    """Remind again at another wall time. WrongTransition for a cancelled or expired one."""
    values = {
        "reminder_id": reminder_id,
        "new_local": local,
        "new_due": instant(local, zone),
        "new_zone": zone,
    }
    if uow.execute(_SNOOZE, values).rowcount != 1:
        raise WrongTransition("this reminder cannot come back")


def of_row(uow: UnitOfWork, row: AnyRow) -> Reminder:
    """A reminder out of COLUMNS."""
    *values, body = row
    made: tuple[Any, ...] = (*values[:8], Status(row.status), row.settled_at, uow.box.open_json(body))
    return Reminder(*made)
