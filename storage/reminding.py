"""Reminders seen from the person and from what waits to go out: who is due, what is put off, what is called back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, bindparam, literal_column, select, update

from storage.agenda import BRUSSELS, COLUMNS, Reminder, instant, of_row
from storage.tables import outbox, reminders
from storage.unit_of_work import UnitOfWork

SOURCE = "reminder:"  # of a row of the outbox: followed by the id of the reminder that leads its message
WHY = "the reminder was called back"
LATELY = timedelta(days=3)  # how far back one looks for messages that came too late

_R = reminders.c
_WAITING = _R.status.in_([literal_column("'planned'"), literal_column("'snoozed'")])
_PEOPLE_DUE = (
    select(_R.person_id)
    .where(_WAITING, _R.due_at <= bindparam("now"), _R.person_id > bindparam("after"))
    .distinct()
    .order_by(_R.person_id)
    .limit(bindparam("limit"))
)
_WAITING_OF = (
    select(*COLUMNS).where(_R.person_id == bindparam("person_id"), _WAITING).order_by(_R.due_at, _R.id)
)
_PUT_OFF = (
    update(reminders)
    .where(_R.id == bindparam("reminder_id"), _WAITING)
    .values(local_at=bindparam("new_local"), due_at=bindparam("new_due"), zone=bindparam("new_zone"))
)
_PUT_OFF_ALL = (
    update(reminders)
    .where(_R.person_id == bindparam("of_person"), _WAITING, _R.due_at <= bindparam("now"))
    .values(due_at=bindparam("until"))
)
_CANCEL_ALL = (
    update(reminders)
    .where(_R.person_id == bindparam("of_person"), _WAITING)
    .values(status="cancelled", settled_at=bindparam("now"))
)
_lead, _other = reminders.alias("lead"), reminders.alias("other")


def _messages_of(other: Sequence[str], states: Sequence[str]) -> Select[tuple[int, str, datetime]]:
    """Rows of the outbox in those states that told, perhaps among other things, what an `other` reminder is about.

    What one message told was settled in one transaction, hence at the same instant.
    """
    together = and_(_lead.c.person_id == _other.c.person_id, _lead.c.settled_at == _other.c.settled_at)
    carries = and_(
        outbox.c.kind == "reminder",
        outbox.c.source == SOURCE + _lead.c.id,
        outbox.c.recipient == _lead.c.person_id,
    )
    return (
        select(outbox.c.id, _lead.c.person_id, _lead.c.settled_at)
        .select_from(_other)
        .join(_lead, together)
        .join(outbox, carries)
        .where(
            _other.c.status.in_([literal_column(f"'{one}'") for one in other]),
            outbox.c.state.in_([literal_column(f"'{one}'") for one in states]),
        )
    )


_QUEUED = _messages_of(("sent", "expired"), ("queued", "retry")).where(
    _other.c.kind == bindparam("of_kind"), _other.c.source == bindparam("of_source")
)
_QUEUED_ONE = _QUEUED.where(_other.c.person_id == bindparam("of_person"))
_TOO_LATE = _messages_of(("sent",), ("expired",)).where(_other.c.settled_at > bindparam("since"))
_CALL_BACK = (
    update(outbox)
    .where(
        outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state.in_(["queued", "retry", "expired"])
    )
    .values(state="cancelled", reason=WHY, settled_at=bindparam("now"))
)
_AGAIN = (
    update(reminders)
    .where(
        _R.person_id == bindparam("of_person"),
        _R.settled_at == bindparam("then"),
        _R.status.in_(["sent", "expired"]),
        _R.kind.not_in(["weekly", "unfinished"]),
    )
    .values(status="snoozed", settled_at=None)
)
_SILENCE = (
    update(outbox)
    .where(
        outbox.c.recipient == bindparam("of_person"),
        outbox.c.kind == "reminder",
        outbox.c.state.in_(["queued", "retry"]),
    )
    .values(state="cancelled", reason="the person wants no messages", settled_at=bindparam("now"))
)


def people_due(uow: UnitOfWork, after: str = "", limit: int = 200) -> list[str]:
    """People for whom something is due, in the order of their ids and after one of them. One statement."""
    rows = uow.execute(_PEOPLE_DUE, {"now": uow.now, "after": after, "limit": limit})
    return [str(one) for one in rows.scalars()]


def waiting_of(uow: UnitOfWork, person_id: str) -> list[Reminder]:
    """What waits for a person, due or still to come, the earliest first. Lock the person before. One statement."""
    return [of_row(uow, row) for row in uow.execute(_WAITING_OF, {"person_id": person_id})]


def put_off(uow: UnitOfWork, reminder_id: str, local: datetime, zone: str = BRUSSELS) -> None:
    """Let what waits be due at another wall time. Unlike `agenda.snooze`: nobody asked for it."""
    values = {
        "reminder_id": reminder_id,
        "new_local": local,
        "new_due": instant(local, zone),
        "new_zone": zone,
    }
    uow.execute(_PUT_OFF, values)


def put_off_all(uow: UnitOfWork, person_id: str, until: datetime) -> int:
    """Look again at a person's due reminders at an instant, without opening them: one of them cannot be read."""
    return uow.execute(_PUT_OFF_ALL, {"of_person": person_id, "now": uow.now, "until": until}).rowcount


def cancel_all(uow: UnitOfWork, person_id: str) -> int:
    """Nothing of what waits is said to this person, nor what waits to go out to them; how many reminders."""
    uow.execute(_SILENCE, {"of_person": person_id, "now": uow.now})
    return uow.execute(_CANCEL_ALL, {"of_person": person_id, "now": uow.now}).rowcount


def call_back(uow: UnitOfWork, kind: str, source: str, person_id: str | None = None) -> int:
    """Take messages back that tell of a source and have not left; what they told waits again. How many messages.

    Cancel then what must not be told any more.
    """
    values = {"of_kind": kind, "of_source": source}
    if person_id is None:
        return _again(uow, uow.execute(_QUEUED, values).all())
    return _again(uow, uow.execute(_QUEUED_ONE, values | {"of_person": person_id}).all())


def call_back_late(uow: UnitOfWork) -> int:
    """What was written but came too late to go out (the platform was away) waits again; how many messages."""
    return _again(uow, uow.execute(_TOO_LATE, {"since": uow.now - LATELY}).all())


def _again(uow: UnitOfWork, found: Iterable[Sequence[object]]) -> int:
    rows = [tuple(row) for row in found]
    if not rows:
        return 0
    uow.execute(_CALL_BACK, {"ids": sorted({row[0] for row in rows}), "now": uow.now})
    messages = {row[1:] for row in rows}
    for person_id, then in messages:
        uow.execute(_AGAIN, {"of_person": person_id, "then": then})
    return len(messages)
