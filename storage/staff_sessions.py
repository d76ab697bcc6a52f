"""Browsers in which somebody of the centre is signed in: short, one area of the site each, ended at once when needed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from storage.crypto import new_token, token_hash
from storage.tables_team import staff_sessions
from storage.unit_of_work import UnitOfWork

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
_TOUCH_EVERY = timedelta(minutes=1)  # so that reading does not write each time


@dataclass(frozen=True, slots=True)
class StaffSession:
    """An open browser of somebody of the centre."""

    staff_id: str
    area: str
    created_at: datetime
    seen_at: datetime


_OPEN = insert(staff_sessions)
_FIND = select(
    staff_sessions.c.staff_id, staff_sessions.c.area, staff_sessions.c.created_at, staff_sessions.c.seen_at
).where(staff_sessions.c.token_hash == bindparam("token_hash"), staff_sessions.c.area == bindparam("in_area"))
_TOUCH = (
    update(staff_sessions)
    .where(staff_sessions.c.token_hash == bindparam("of_token"))
    .values(seen_at=bindparam("now"))
)
_CLOSE = delete(staff_sessions).where(staff_sessions.c.token_hash == bindparam("of_token"))
_CLOSE_ALL = delete(staff_sessions).where(
    staff_sessions.c.staff_id == bindparam("of_staff"), staff_sessions.c.token_hash != bindparam("but")
)


def open_session(uow: UnitOfWork, staff_id: str, area: str, *, instead_of: str = "") -> str:
    """Sign somebody in: the token for the cookie, kept here only as a hash. `instead_of`: this browser's earlier token."""
    if instead_of:
        close(uow, instead_of)
    token = new_token()
    values = {"token_hash": token_hash(token), "staff_id": staff_id, "area": area}
    uow.execute(_OPEN, {**values, "created_at": uow.now, "seen_at": uow.now})
    return token


def find(uow: UnitOfWork, token: str, area: str) -> StaffSession | None:
    """The session of a cookie in that area, unless it was idle for half an hour or is twelve hours old. One statement."""
    row = uow.execute(_FIND, {"token_hash": token_hash(token), "in_area": area}).first()
    if row is None:
        return None
    session = StaffSession(*row)
    alive = uow.now - session.seen_at <= IDLE and uow.now - session.created_at <= LONGEST
    return session if alive else None


def is_stale(now: datetime, session: StaffSession) -> bool:
    """Whether this use is worth noting: at most once a minute."""
    return now - session.seen_at >= _TOUCH_EVERY


def touch(uow: UnitOfWork, token: str) -> None:
    """Note a use."""
    uow.execute(_TOUCH, {"of_token": token_hash(token), "now": uow.now})


def close(uow: UnitOfWork, token: str) -> None:
    """Sign out of one browser."""
    uow.execute(_CLOSE, {"of_token": token_hash(token)})


def close_all(uow: UnitOfWork, staff_id: str, *, but: str = "") -> int:
    """Sign somebody out of every browser, but the one of a token; how many."""
    values = {"of_staff": staff_id, "but": token_hash(but) if but else ""}
    return uow.execute(_CLOSE_ALL, values).rowcount
