"""What waits for an answer: one row a screen, whose random id the buttons carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.crypto import new_id
from storage.tables import screens
from storage.unit_of_work import AnyRow, UnitOfWork

LIFETIME = timedelta(days=90)  # a paused conversation may be taken up as long as its texts are kept


@dataclass(frozen=True, slots=True)
class StoredScreen:
    """A screen that was shown. `open` is false once answered, replaced or expired."""

    id: str
    person_id: str
    version: int
    content: Mapping[str, Any]
    open: bool
    opened_at: datetime


_COLUMNS = (
    screens.c.id, screens.c.person_id, screens.c.version, screens.c.content, screens.c.opened_at,
    screens.c.expires_at, screens.c.closed_at,
)
_CLOSE = (
    update(screens)
    .where(screens.c.person_id == bindparam("of_person"), screens.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"))
)
_OPEN = insert(screens)
_FIND = select(*_COLUMNS).where(screens.c.id == bindparam("screen_id"))
_CURRENT = (
    select(*_COLUMNS)
    .where(screens.c.person_id == bindparam("person_id"), screens.c.closed_at.is_(None))
    .order_by(screens.c.opened_at.desc(), screens.c.id)
    .limit(1)
)
_UPDATE = (
    update(screens)
    .where(screens.c.id == bindparam("screen_id"), screens.c.closed_at.is_(None))
    .values(content=bindparam("sealed"))
)


def open_screen(
    uow: UnitOfWork, person_id: str, content: Mapping[str, Any], version: int, lifetime: timedelta = LIFETIME
) -> str:
    """Show a new screen in place of the current one: its id of 128 bits. Two statements."""
    close_screens(uow, person_id)
    screen_id = new_id()
    uow.execute(_OPEN, {
        "id": screen_id, "person_id": person_id, "version": version, "content": uow.box.seal_json(content),
        "opened_at": uow.now, "expires_at": uow.now + lifetime, "closed_at": None,
    })
    return screen_id


def find_screen(uow: UnitOfWork, screen_id: str, person_id: str) -> StoredScreen | None:
    """The screen of that id if it is this person's, open or not; None for a foreign or unknown one. One statement."""
    row = uow.execute(_FIND, {"screen_id": screen_id}).first()
    return _screen(uow, row) if row is not None and row.person_id == person_id else None


def current_screen(uow: UnitOfWork, person_id: str) -> StoredScreen | None:
    """The one that waits for an answer, if any. One statement."""
    row = uow.execute(_CURRENT, {"person_id": person_id}).first()
    found = _screen(uow, row) if row is not None else None
    return found if found and found.open else None


def update_screen(uow: UnitOfWork, screen_id: str, content: Mapping[str, Any]) -> bool:
    """Keep what is ticked or ordered; false when the screen is closed. One statement."""
    values = {"screen_id": screen_id, "sealed": uow.box.seal_json(content)}
    return uow.execute(_UPDATE, values).rowcount == 1


def close_screens(uow: UnitOfWork, person_id: str) -> None:
    """Nothing waits for an answer any more. One statement."""
    uow.execute(_CLOSE, {"of_person": person_id, "now": uow.now})


def _screen(uow: UnitOfWork, row: AnyRow) -> StoredScreen:
    waiting = row.closed_at is None and row.expires_at > uow.now
    content = uow.box.open_json(row.content)
    return StoredScreen(row.id, row.person_id, row.version, content, waiting, row.opened_at)
