"""What people wrote on a chat platform, kept from the moment it came until it was handled: a crash loses none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from storage.tables import inbox
from storage.unit_of_work import AnyRow, UnitOfWork, for_each

MOST_TRIES = 5  # then it is left aside, for a person to look at


@dataclass(frozen=True, slots=True)
class Waiting:
    """One update that waits to be handled."""

    id: int
    channel: str
    person_id: str
    came_at: datetime
    tries: int
    body: Mapping[str, Any] = field(repr=False)


_PUT = for_each(lambda insert: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id))
_COLUMNS = (inbox.c.id, inbox.c.channel, inbox.c.person_id, inbox.c.came_at, inbox.c.tries, inbox.c.body)
_WAITING = (
    select(*_COLUMNS)
    .where(
        inbox.c.channel == bindparam("of_channel"),
        inbox.c.id > bindparam("after"),
        inbox.c.tries < bindparam("most"),
    )
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
_DONE = delete(inbox).where(inbox.c.id == bindparam("row_id"))
_TRIED = update(inbox).where(inbox.c.id == bindparam("row_id")).values(tries=inbox.c.tries + 1)
_ASIDE = (
    select(*_COLUMNS).where(inbox.c.tries >= bindparam("most")).order_by(inbox.c.id).limit(bindparam("limit"))
)


def put(uow: UnitOfWork, channel: str, key: str, person_id: str, body: Mapping[str, Any]) -> int | None:
    """Keep an update, sealed; its number, or None when it waits already. One statement. Answer the platform after the commit.

    `key` is the platform's own number of the update. What was handled before is noticed by `already_seen`.
    """
    values = {
        "channel": channel,
        "key_hash": uow.box.keyed_hash(f"inbox {channel}", key),
        "person_id": person_id,
        "body": uow.box.seal_json(body),
        "came_at": uow.now,
        "tries": 0,
    }
    found: int | None = uow.execute(_PUT, values).scalar()
    return found


def waiting(uow: UnitOfWork, channel: str, after: int = 0, limit: int = 100) -> list[Waiting]:
    """What waits on a channel in the order it came, beyond the number `after`. One statement."""
    rows = uow.execute(_WAITING, {"of_channel": channel, "after": after, "most": MOST_TRIES, "limit": limit})
    return [_row(uow, row) for row in rows.all()]


def done(uow: UnitOfWork, row_id: int) -> None:
    """It was handled, in this very transaction or an earlier one."""
    uow.execute(_DONE, {"row_id": row_id})


def tried(uow: UnitOfWork, row_id: int) -> None:
    """Handling it failed: count it, so that one that always fails does not come back for ever."""
    uow.execute(_TRIED, {"row_id": row_id})


def set_aside(uow: UnitOfWork, limit: int = 100) -> list[Waiting]:
    """What failed too often."""
    rows = uow.execute(_ASIDE, {"most": MOST_TRIES, "limit": limit})
    return [_row(uow, row) for row in rows.all()]


def _row(uow: UnitOfWork, row: AnyRow) -> Waiting:
    return Waiting(row.id, row.channel, row.person_id, row.came_at, row.tries, uow.box.open_json(row.body))
