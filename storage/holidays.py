"""Days without school: a table that staff edit. None is ever invented; empty, every weekday is a school day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, select

from storage.tables_agenda import holidays
from storage.unit_of_work import UnitOfWork, for_each


@dataclass(frozen=True, slots=True)
class Holiday:
    """A period, both days included."""

    first: date
    last: date
    name: str = ""
    source: str = ""


_ALL = select(holidays.c.first, holidays.c.last, holidays.c.name, holidays.c.source).order_by(
    holidays.c.first, holidays.c.last
)
_PUT = for_each(
    lambda insert: (made := insert(holidays)).on_conflict_do_update(
        index_elements=["first", "last"],
        set_={"name": made.excluded.name, "source": made.excluded.source},
    )
)
_DROP = delete(holidays).where(
    holidays.c.first == bindparam("of_first"), holidays.c.last == bindparam("of_last")
)
_DROP_ALL = delete(holidays)


def everything(uow: UnitOfWork) -> list[Holiday]:
    """All periods, the earliest first. One statement."""
    return [Holiday(*row) for row in uow.execute(_ALL)]


def put(uow: UnitOfWork, periods: Iterable[Holiday]) -> None:
    """Add periods, or give those of the same days another name. ValueError for one that ends before it begins."""
    rows = []
    for one in periods:
        if one.last < one.first:
            raise ValueError("a period ends before it begins")
        rows.append({"first": one.first, "last": one.last, "name": one.name[:80], "source": one.source[:600]})
    if rows:
        uow.execute(_PUT, rows)


def remove(uow: UnitOfWork, first: date, last: date) -> bool:
    """Take a period away; whether there was one."""
    return uow.execute(_DROP, {"of_first": first, "of_last": last}).rowcount == 1


def clear(uow: UnitOfWork) -> None:
    """Take all periods away."""
    uow.execute(_DROP_ALL)
