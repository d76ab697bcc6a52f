"""What staff corrected in the catalogue: rows that win over the shipped ones and are never lost, only taken back."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, select, update

from careers.overlay import Correction
from storage.tables import corrections, shortages
from storage.unit_of_work import AnyRow, UnitOfWork


@dataclass(frozen=True, slots=True)
class Kept:
    """One correction with its number, and who made it, why and when; `undone_by` once it was taken back."""

    number: int
    correction: Correction
    at: datetime
    author: str = field(repr=False)
    why: str = field(repr=False)
    undone_at: datetime | None = None
    undone_by: str = field(default="", repr=False)


_ADD = insert(corrections).returning(corrections.c.id)
_ALL = select(corrections).order_by(corrections.c.id)
_COUNTING = select(
    select(func.max(corrections.c.id)).scalar_subquery(),
    select(func.count(corrections.c.undone_at)).scalar_subquery(),
    select(func.max(shortages.c.imported_at)).scalar_subquery(),
)
_UNDO = (
    update(corrections)
    .where(corrections.c.id == bindparam("number"), corrections.c.undone_at.is_(None))
    .values(undone_at=bindparam("now"), undone_by=bindparam("by"))
)


def add(uow: UnitOfWork, correction: Correction, day: date, *, author: str, why: str) -> int:
    """Keep a correction: its number. From then on it wins. It must have been validated (`careers.overlay`)."""
    values = {
        "kind": correction.table,
        "item": correction.id,
        "changes": json.dumps(dict(correction.changes), ensure_ascii=False),
        "source": correction.source,
        "day": day,
        "author": uow.box.seal(author.encode()),
        "why": uow.box.seal(why.encode()),
        "at": uow.now,
    }
    return int(uow.execute(_ADD, values).scalar_one())


def everything(uow: UnitOfWork) -> list[Kept]:
    """Every correction ever made, oldest first."""
    return [_kept(uow, row) for row in uow.execute(_ALL)]


def overlay(uow: UnitOfWork) -> list[Correction]:
    """The corrections that hold, oldest first: what `careers.catalogue.load` lays over the shipped rows."""
    return [_correction(row) for row in uow.execute(_ALL) if row.undone_at is None]


def undo(uow: UnitOfWork, number: int, author: str) -> None:
    """Take a correction back; the row before it holds again. LookupError when there is none, or not any more."""
    values = {"number": number, "now": uow.now, "by": uow.box.seal(author.encode())}
    if uow.execute(_UNDO, values).rowcount != 1:
        raise LookupError("no such correction")


def version(uow: UnitOfWork) -> str:
    """What changes whenever a correction is made or taken back, or a shortage list comes in."""
    last, undone, listed = uow.execute(_COUNTING).one()
    return f"{last or 0}.{undone}.{listed or 0}"


def _correction(row: AnyRow) -> Correction:
    return Correction(row.kind, row.item, json.loads(row.changes), row.day, row.source)


def _kept(uow: UnitOfWork, row: AnyRow) -> Kept:
    return Kept(
        number=row.id,
        correction=_correction(row),
        at=row.at,
        author=uow.box.open(row.author).decode(),
        why=uow.box.open(row.why).decode(),
        undone_at=row.undone_at,
        undone_by=uow.box.open(row.undone_by).decode() if row.undone_by else "",
    )
