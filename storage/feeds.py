"""The private address of a learner's calendar: a hash, given once, revoked at will."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from storage.crypto import new_token, token_hash
from storage.tables_agenda import feeds
from storage.unit_of_work import UnitOfWork, for_each

_NOTE_EVERY = timedelta(hours=1)  # calendars ask often: reading does not write each time
_GIVE = for_each(
    lambda insert: (made := insert(feeds)).on_conflict_do_update(
        index_elements=["person_id"],
        set_={
            "token_hash": made.excluded.token_hash,
            "created_at": made.excluded.created_at,
            "read_at": None,
        },
    )
)
_FIND = select(feeds.c.person_id, feeds.c.read_at).where(feeds.c.token_hash == bindparam("hash"))
_OF_PERSON = select(feeds.c.created_at).where(feeds.c.person_id == bindparam("person_id"))
_READ = update(feeds).where(feeds.c.token_hash == bindparam("of_hash")).values(read_at=bindparam("now"))
_REVOKE = delete(feeds).where(feeds.c.person_id == bindparam("of_person"))


def give(uow: UnitOfWork, person_id: str) -> str:
    """A new address, told once; the earlier one stops working."""
    token = new_token()
    values = {"token_hash": token_hash(token), "person_id": person_id, "created_at": uow.now, "read_at": None}
    uow.execute(_GIVE, values)
    return token


def since(uow: UnitOfWork, person_id: str) -> datetime | None:
    """Since when the person has a calendar address; None without one."""
    found: datetime | None = uow.execute(_OF_PERSON, {"person_id": person_id}).scalar()
    return found


def find(uow: UnitOfWork, token: str) -> str | None:
    """Whose calendar it is; None for one that was revoked or never was. Works in a read-only transaction."""
    row = uow.execute(_FIND, {"hash": token_hash(token)}).first()
    if row is None:
        return None
    if not uow.read_only and (row.read_at is None or uow.now - row.read_at > _NOTE_EVERY):
        uow.execute(_READ, {"of_hash": token_hash(token), "now": uow.now})
    return str(row.person_id)


def revoke(uow: UnitOfWork, person_id: str) -> bool:
    """The address stops working; whether there was one."""
    return uow.execute(_REVOKE, {"of_person": person_id}).rowcount == 1
