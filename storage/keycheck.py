"""A sealed word kept in the database, by which a wrong key is noticed at start and not in a conversation."""

from sqlalchemy import bindparam, select, update

from storage.errors import NotMigrated
from storage.tables import meta
from storage.unit_of_work import UnitOfWork, for_each

_KEY = "key_check"
_WORD = b"boussole"
_READ = select(meta.c.value).where(meta.c.key == _KEY)
_WRITE = for_each(lambda insert: insert(meta).on_conflict_do_nothing())
_REWRITE = update(meta).where(meta.c.key == _KEY).values(value=bindparam("sealed"))


def write(uow: UnitOfWork) -> None:
    """Keep the word on the first day; later, check it. Raises CannotDecrypt."""
    sealed = uow.box.seal_text(_WORD)
    uow.execute(_WRITE, {"key": _KEY, "value": sealed})
    verify(uow)


def verify(uow: UnitOfWork) -> None:
    """Raise CannotDecrypt when none of the keys opens the word, NotMigrated when there is none."""
    sealed = uow.execute(_READ).scalar()
    if sealed is None:
        raise NotMigrated("the database has not been migrated")
    uow.box.open_text(sealed)


def rotate(uow: UnitOfWork) -> None:
    """Seal the word with the first key."""
    verify(uow)
    uow.execute(_REWRITE, {"sealed": uow.box.seal_text(_WORD)})
