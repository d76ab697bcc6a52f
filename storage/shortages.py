"""The yearly lists of occupations for which people are missing, as staff imported them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select

from careers.model import Shortage
from storage.tables import shortages
from storage.unit_of_work import UnitOfWork

_CLEAR = delete(shortages).where(shortages.c.year == bindparam("of_year"))
_ADD = insert(shortages)
_ALL = select(shortages).order_by(shortages.c.year, shortages.c.code)


def replace(uow: UnitOfWork, year: int, rows: Sequence[Shortage]) -> int:
    """Put a whole list in the place of that year's; how many rows were there before."""
    before = uow.execute(_CLEAR, {"of_year": year}).rowcount
    values = [
        {
            "year": year,
            "code": row.code,
            "label": row.label[:200],
            "kind": row.kind,
            "source": row.url[:600],
            "imported_at": uow.now,
        }
        for row in rows
    ]
    uow.execute(_ADD, values)
    return before


def everything(uow: UnitOfWork) -> list[Shortage]:
    """Every row of every year."""
    return [Shortage(row.year, row.code, row.label, row.kind, row.source) for row in uow.execute(_ALL)]
