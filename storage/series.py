"""What comes every week: the pattern that staff entered; its occurrences are gatherings, each a row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.crypto import new_id
from storage.tables_agenda import series
from storage.unit_of_work import AnyRow, UnitOfWork


@dataclass(frozen=True, slots=True)
class Series:
    """A pattern. `template`: what each occurrence is, as written by whoever made it; `skipped`: days left out."""

    id: str
    first: date
    until: date
    every: int
    in_holidays: bool
    skipped: frozenset[date]
    template: Mapping[str, Any]


_COLUMNS = (
    series.c.id,
    series.c.first,
    series.c.until,
    series.c.every,
    series.c.in_holidays,
    series.c.skipped,
    series.c.template,
)
_ADD = insert(series)
_GET = select(*_COLUMNS).where(series.c.id == bindparam("series_id"))
_GET_LOCKED = _GET.with_for_update()
_RUNNING = select(*_COLUMNS).where(series.c.until >= bindparam("today")).order_by(series.c.first, series.c.id)
_CHANGE = (
    update(series)
    .where(series.c.id == bindparam("of_series"))
    .values(until=bindparam("new_until"), skipped=bindparam("new_skipped"))
)


def add(
    uow: UnitOfWork,
    first: date,
    until: date,
    template: Mapping[str, Any],
    *,
    every: int = 1,
    in_holidays: bool = False,
    skipped: frozenset[date] = frozenset(),
) -> Series:
    """A new pattern, without its occurrences. ValueError when it ends before it begins."""
    if until < first or not 1 <= every <= 8:  # noqa: PLR2004 -- as the table says
        raise ValueError("a series ends after it begins, and comes every one to eight weeks")
    made = Series(new_id(), first, until, every, in_holidays, skipped, template)
    values = {
        "id": made.id,
        "first": first,
        "until": until,
        "every": every,
        "in_holidays": in_holidays,
        "skipped": _days(skipped),
        "template": json.dumps(template, ensure_ascii=False, sort_keys=True),
        "created_at": uow.now,
    }
    uow.execute(_ADD, values)
    return made


def get(uow: UnitOfWork, series_id: str, *, lock: bool = False) -> Series | None:
    """The pattern of that id."""
    row = uow.execute(_GET_LOCKED if lock else _GET, {"series_id": series_id}).first()
    return _series(row) if row else None


def running(uow: UnitOfWork, today: date) -> list[Series]:
    """Patterns that may still give a day."""
    return [_series(row) for row in uow.execute(_RUNNING, {"today": today})]


def change(uow: UnitOfWork, held: Series, *, until: date, skipped: frozenset[date]) -> None:
    """Another last day, other days left out."""
    uow.execute(_CHANGE, {"of_series": held.id, "new_until": until, "new_skipped": _days(skipped)})


def _days(days: frozenset[date]) -> str:
    return " ".join(sorted(one.isoformat() for one in days))


def _series(row: AnyRow) -> Series:
    skipped = frozenset(date.fromisoformat(one) for one in row.skipped.split())
    return Series(row.id, row.first, row.until, row.every, row.in_holidays, skipped, json.loads(row.template))
