"""Counts tries of something that can be guessed (four words, a code), by where they come from."""

from datetime import timedelta

from sqlalchemy import bindparam, case, delete

from storage.tables import throttles
from storage.unit_of_work import UnitOfWork, for_each

_COUNT = for_each(
    lambda insert: (
        (made := insert(throttles))
        .on_conflict_do_update(
            index_elements=["bucket"],
            set_={
                "tries": case((throttles.c.since <= bindparam("start"), 1), else_=throttles.c.tries + 1),
                "since": case(
                    (throttles.c.since <= bindparam("start"), made.excluded.since), else_=throttles.c.since
                ),
            },
        )
        .returning(throttles.c.tries)
    )
)
_FORGET = delete(throttles).where(throttles.c.bucket == bindparam("of_bucket"))


def allow(
    uow: UnitOfWork, action: str, origin: str, limit: int = 5, window: timedelta = timedelta(minutes=15)
) -> bool:
    """Count one try; false once there were more than `limit` in the window. One statement.

    Never raise afterwards in the same transaction: a rolled back try would not count.
    """
    bucket = uow.box.keyed_hash("throttle", f"{action}\0{origin}")
    values = {"bucket": bucket, "tries": 1, "since": uow.now, "start": uow.now - window}
    return int(uow.execute(_COUNT, values).scalar_one()) <= limit


def forget(uow: UnitOfWork, action: str, origin: str) -> None:
    """Start counting anew, after a success."""
    uow.execute(_FORGET, {"of_bucket": uow.box.keyed_hash("throttle", f"{action}\0{origin}")})
