"""The log of what the team did: lines are only added, and each holds a hash over the one before, so that a gap shows."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select

from storage import meta
from storage.errors import CannotDecrypt
from storage.tables_team import staff_log
from storage.unit_of_work import AnyRow, UnitOfWork

NUMBER = "staff_log"  # in meta: the number of the last line ever written
ANCHOR = "staff_log_anchor"  # in meta: number and hash of the last line that had its time
MONTHS = 24
BEGINNING = "0" * 64
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One act. `staff_id` is None for whoever holds the command line."""

    number: int
    at: datetime
    staff_id: str | None
    act: str
    about: str  # identifier of what it was done to
    detail: Mapping[str, Any] = field(repr=False)
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading the whole log found. `wrong`: number of the first line that is changed, missing or out of place."""

    lines: int
    wrong: int | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing was changed or taken out."""
        return self.wrong is None


_COLUMNS = (
    staff_log.c.id,
    staff_log.c.at,
    staff_log.c.staff_id,
    staff_log.c.act,
    staff_log.c.about,
    staff_log.c.detail,
    staff_log.c.chain,
)
_LAST_CHAIN = select(staff_log.c.chain).where(staff_log.c.id == bindparam("number"))
_ADD = insert(staff_log)
_NEXT = (
    select(*_COLUMNS)
    .where(staff_log.c.id > bindparam("after"))
    .order_by(staff_log.c.id)
    .limit(bindparam("limit"))
)
_LATEST = select(*_COLUMNS).order_by(staff_log.c.id.desc()).limit(bindparam("limit"))
_OLD = (
    select(staff_log.c.id, staff_log.c.at, staff_log.c.chain)
    .order_by(staff_log.c.id)
    .limit(bindparam("limit"))
)
_DROP = delete(staff_log).where(staff_log.c.id <= bindparam("until"))


def write(
    uow: UnitOfWork, staff_id: str | None, act: str, about: str = "", detail: Mapping[str, Any] | None = None
) -> int:
    """Add a line in the transaction of the act itself: its number. Whoever writes meanwhile waits. Four statements.

    act: at most 40 characters; about: an identifier, at most 80. detail: facts, never a password or a typed address.
    """
    number = meta.next_number(uow, NUMBER)  # locks until the end: lines are written one after the other
    # the grain of salt is sealed: without the keys nobody can compute the hashes of a changed log anew
    kept = {"salt": secrets.token_hex(16), **(detail or {})}
    line = Line(number, uow.now, staff_id or None, act, about, kept)
    values = {
        "id": number,
        "at": uow.now,
        "staff_id": line.staff_id,
        "act": act,
        "about": about,
        "detail": uow.box.seal_json(kept),
        "chain": _hash(_previous(uow, number - 1), line),
    }
    uow.execute(_ADD, values)
    return number


def latest(uow: UnitOfWork, limit: int = 50) -> list[Line]:
    """The last lines, the newest first."""
    return [_line(uow, row) for row in uow.execute(_LATEST, {"limit": limit})]


def verify(uow: UnitOfWork) -> Verdict:
    """Read every line and compute its hash again. A line cut off at the end shows by the number kept apart."""
    number, chain = _anchor(uow)
    lines = 0
    while True:
        rows = uow.execute(_NEXT, {"after": number, "limit": _CHUNK}).all()
        for row in rows:
            number += 1
            if row.id != number or not _holds(uow, row, chain):
                return Verdict(lines, number)
            chain, lines = row.chain, lines + 1
        if len(rows) < _CHUNK:
            break
    expected = int(meta.read(uow, NUMBER) or 0)
    return Verdict(lines) if expected == number else Verdict(lines, number + 1)


def drop_old(uow: UnitOfWork, chunk: int = _CHUNK) -> int:
    """Remove lines older than 24 months, the oldest first; how many. What is left can still be verified."""
    before = _months_ago(uow.now, MONTHS)
    due = list(takewhile(lambda row: row.at < before, uow.execute(_OLD, {"limit": chunk})))
    if not due:
        return 0
    meta.write(uow, ANCHOR, f"{due[-1].id} {due[-1].chain}")
    return uow.execute(_DROP, {"until": due[-1].id}).rowcount


def _previous(uow: UnitOfWork, number: int) -> str:
    anchored, chain = _anchor(uow)
    if number <= anchored:
        return chain
    # a log that lost its last line goes on, and `verify` finds where
    return str(uow.execute(_LAST_CHAIN, {"number": number}).scalar() or BEGINNING)


def _anchor(uow: UnitOfWork) -> tuple[int, str]:
    number, _, chain = (meta.read(uow, ANCHOR) or f"0 {BEGINNING}").partition(" ")
    return int(number), chain


def _hash(previous: str, line: Line) -> str:
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [previous, line.number, at, line.staff_id, line.act, line.about, line.detail]
    return hashlib.sha256(orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _holds(uow: UnitOfWork, row: AnyRow, previous: str) -> bool:
    try:
        return bool(row.chain == _hash(previous, _line(uow, row)))
    except (CannotDecrypt, orjson.JSONDecodeError):
        return False


def _line(uow: UnitOfWork, row: AnyRow) -> Line:
    return Line(row.id, row.at, row.staff_id, row.act, row.about, uow.box.open_json(row.detail), row.chain)


def _months_ago(instant: datetime, months: int) -> datetime:
    years, month = divmod(instant.month - 1 - months, 12)
    return instant.replace(year=instant.year + years, month=month + 1, day=min(instant.day, 28))
