"""Browsers that a person has opened: a cookie's hash, and the end that comes by itself on a shared device."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from storage.crypto import new_token, token_hash
from storage.tables import sessions
from storage.unit_of_work import UnitOfWork

IDLE = timedelta(days=180)  # a device of one's own
SHARED_IDLE = timedelta(minutes=10)
_TOUCH_EVERY = timedelta(minutes=1)  # so that reading does not write each time


@dataclass(frozen=True, slots=True)
class Session:
    """An open browser of a person."""

    person_id: str
    shared_device: bool
    created_at: datetime
    seen_at: datetime


_OPEN = insert(sessions)
_FIND = select(
    sessions.c.person_id, sessions.c.shared_device, sessions.c.created_at, sessions.c.seen_at
).where(sessions.c.token_hash == bindparam("token_hash"))
_TOUCH = (
    update(sessions).where(sessions.c.token_hash == bindparam("of_token")).values(seen_at=bindparam("now"))
)
_SHARE = (
    update(sessions)
    .where(sessions.c.token_hash == bindparam("of_token"))
    .values(shared_device=bindparam("shared"))
)
_SEEN_SINCE = (
    select(sessions.c.person_id)
    .where(sessions.c.person_id == bindparam("of_person"), sessions.c.seen_at > bindparam("since"))
    .limit(1)
)
_CLOSE = delete(sessions).where(sessions.c.token_hash == bindparam("of_token"))
_CLOSE_ALL = delete(sessions).where(sessions.c.person_id == bindparam("of_person"))


def open_session(uow: UnitOfWork, person_id: str, *, shared_device: bool = False) -> str:
    """Open a browser: the token for its cookie, kept here only as a hash."""
    token = new_token()
    uow.execute(
        _OPEN,
        {
            "token_hash": token_hash(token),
            "person_id": person_id,
            "shared_device": shared_device,
            "created_at": uow.now,
            "seen_at": uow.now,
        },
    )
    return token


def find_session(
    uow: UnitOfWork, token: str, *, idle: timedelta = IDLE, shared_idle: timedelta = SHARED_IDLE
) -> Session | None:
    """The session of a cookie, if it has not been idle too long. One statement; works in a read-only transaction."""
    row = uow.execute(_FIND, {"token_hash": token_hash(token)}).first()
    if row is None:
        return None
    session = Session(*row)
    limit = shared_idle if session.shared_device else idle
    return session if uow.now - session.seen_at <= limit else None


def is_stale(now: datetime, session: Session) -> bool:
    """Whether this use is worth noting: at most once a minute (once every tenth of it on a shared device)."""
    every = _TOUCH_EVERY / 10 if session.shared_device else _TOUCH_EVERY
    return now - session.seen_at >= every


def touch(uow: UnitOfWork, token: str, session: Session) -> None:
    """Note a use, when it is worth noting. At most one statement."""
    if is_stale(uow.now, session):
        uow.execute(_TOUCH, {"of_token": token_hash(token), "now": uow.now})


def seen_since(uow: UnitOfWork, person_id: str, since: datetime) -> bool:
    """Whether a browser of the person was used after an instant; an open conversation is noted every minute."""
    return uow.execute(_SEEN_SINCE, {"of_person": person_id, "since": since}).first() is not None


def set_shared(uow: UnitOfWork, token: str, *, shared: bool) -> None:
    """Whether this browser is used by others."""
    uow.execute(_SHARE, {"of_token": token_hash(token), "shared": shared})


def close_session(uow: UnitOfWork, token: str) -> None:
    """What « Quitter cet appareil » does."""
    uow.execute(_CLOSE, {"of_token": token_hash(token)})


def close_all(uow: UnitOfWork, person_id: str) -> None:
    """End every browser of a person."""
    uow.execute(_CLOSE_ALL, {"of_person": person_id})
