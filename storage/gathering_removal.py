"""Gatherings that go without a trace: only those that nobody ever took part in."""

from sqlalchemy import bindparam, delete, exists

from storage.tables_agenda import gatherings, participations
from storage.unit_of_work import UnitOfWork

_REMOVE = delete(gatherings).where(
    gatherings.c.id == bindparam("of_gathering"),
    ~exists().where(participations.c.gathering_id == gatherings.c.id),
)


def remove(uow: UnitOfWork, gathering_id: str) -> bool:
    """Take it away unless somebody takes, or took, part; whether it went. One statement."""
    return uow.execute(_REMOVE, {"of_gathering": gathering_id}).rowcount == 1
