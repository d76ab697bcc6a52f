"""Facts about the database itself: whether it is a sample, by how much its clock is moved, what ran when."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, Text, bindparam, cast, delete, select

from storage import people
from storage.errors import NotASample, StorageError
from storage.tables import meta
from storage.unit_of_work import UnitOfWork, for_each

_SAMPLE, _OFFSET = "sample", "clock_offset_seconds"
_READ = select(meta.c.value).where(meta.c.key == bindparam("name"))
_WRITE = for_each(
    lambda insert: (made := insert(meta)).on_conflict_do_update(
        index_elements=["key"], set_={"value": made.excluded.value}
    )
)
_COUNT_UP = for_each(
    lambda insert: (
        insert(meta)
        .on_conflict_do_update(
            index_elements=["key"], set_={"value": cast(cast(meta.c.value, Integer) + 1, Text)}
        )
        .returning(meta.c.value)
    )
)
_DROP = delete(meta).where(meta.c.key == bindparam("name"))


def read(uow: UnitOfWork, key: str) -> str | None:
    """The value of a key, or None."""
    found: str | None = uow.execute(_READ, {"name": key}).scalar()
    return found


def write(uow: UnitOfWork, key: str, value: str | None) -> None:
    """Set a key; None removes it. Never a person's words."""
    if value is None:
        uow.execute(_DROP, {"name": key})
    else:
        uow.execute(_WRITE, {"key": key, "value": value})


def next_number(uow: UnitOfWork, key: str) -> int:
    """The next number of a count, from 1; whoever asks meanwhile waits for this transaction."""
    return int(uow.execute(_COUNT_UP, {"key": key, "value": "1"}).scalar_one())


def is_sample(uow: UnitOfWork) -> bool:
    """Whether this database was made by the demonstration."""
    return read(uow, _SAMPLE) == "yes"


def mark_sample(uow: UnitOfWork) -> None:
    """Say that everything in it is made up. Only for a database without people (StorageError otherwise)."""
    if people.count(uow) and not is_sample(uow):
        raise StorageError("a database with people in it cannot become a sample")
    write(uow, _SAMPLE, "yes")


def clock_offset(uow: UnitOfWork) -> timedelta:
    """By how much the clock is ahead; zero on any database that is not a sample."""
    found = read(uow, _OFFSET)
    return timedelta(seconds=int(found)) if found and is_sample(uow) else timedelta()


def move_clock(uow: UnitOfWork, by: timedelta) -> timedelta:
    """Move the clock of a sample database: the new offset. NotASample on any other."""
    if not is_sample(uow):
        raise NotASample("only the clock of a sample database can be moved")
    offset = clock_offset(uow) + by
    write(uow, _OFFSET, str(int(offset.total_seconds())))
    return offset


def ran(uow: UnitOfWork, job: str) -> None:
    """Note that a job has just run."""
    write(uow, f"ran {job}", uow.now.isoformat())


def last_run(uow: UnitOfWork, job: str) -> datetime | None:
    """When a job last ran."""
    found = read(uow, f"ran {job}")
    return datetime.fromisoformat(found) if found else None
