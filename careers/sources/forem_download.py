"""One download of Le Forem's offers: passes over the rows in the order of their first day, until one comes to its end."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from careers.sources import forem_rows
from careers.sources.forem_rows import FIELDS
from careers.sources.opendatasoft import WAITS, DownError, Portal, RefusedError, TornError
from careers.sources.protocol import BadFileError, MissingFieldError
from careers.sources.staging import Staging

START, NUMBER, END = "datedebutdiffusion", "numerooffreforem", "datefindiffusion"
ENOUGH = 0.98  # share of the announced rows under which an export is taken for cut short
_UNREADABLE, _A_FEW = 0.01, 20  # share and number of unreadable rows beyond which the whole is not believed
_FAULTS = 100  # kept to be shown
_ROWS = 100  # among so many, a field that none has is not there
_TRIES = 4  # times in a row without a single new row


@dataclass
class Report:
    """What a reading held. `faults` are rows that could not be read, the first hundred; `unreadable` were not even JSON."""

    announced: int = 0
    read: int = 0  # rows that arrived
    staged: int = 0  # offers with a number, each once
    open: int = 0  # of those, with a title, and not over
    twice: int = 0
    kept: int = 0
    expired: int = 0
    refused: int = 0
    unreadable: int = 0
    resumed: bool = False  # an earlier download went on
    torn: int = 0  # times the connection broke
    by_pages: bool = False  # exports are refused
    faults: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)  # "field : value" that no vocabulary has

    def fault(self, line: int, why: str) -> None:
        """Note a row that could not be read."""
        if len(self.faults) < _FAULTS:
            self.faults.append(f"ligne {line} : {why}" if line else why)

    def believe(self, host: str, lines: int) -> None:
        """Raise BadFileError when so many rows cannot be read that the others are not believed either."""
        if self.unreadable > _A_FEW and self.unreadable > lines * _UNREADABLE:
            raise BadFileError(
                host, 0, f"{self.unreadable} lignes illisibles sur {lines}, la première : {self.faults[0]}"
            )


Told = Callable[[int, int], None]  # rows so far, rows announced


class Download:
    """Passes over the rows in the order of their first day, until one of them comes to its end."""

    def __init__(self, portal: Portal, staging: Staging, report: Report, today: date, told: Told) -> None:
        self._portal, self._staging, self._report, self._told = portal, staging, report, told
        self._today = today.isoformat()
        self.seen: set[str] = set()
        self._last = ""  # first day of the newest row
        self._ordered = True  # rows came in order so far: it is safe to go on from a day
        self._passed: set[str] = set()  # numbers of this pass
        self._absent = set(FIELDS)  # fields that no row had so far
        for number, line in enumerate(staging.rows(), start=1):
            self._take(line, number, again=True)

    def run(self, where: str) -> None:
        """Read until all is there. Raises TornError when nothing comes any more."""
        stuck = 0
        while True:
            before, day = len(self.seen), self._last
            try:
                if self._pass(_and(where, self._after())):
                    return
                trouble = TornError(cut(self._report.staged, self._report.announced))
            except DownError:
                raise
            except TornError as error:
                self._report.torn += 1
                trouble = error
            moved = len(self.seen) > before or self._last != day
            stuck = 0 if moved else stuck + 1
            if stuck >= _TRIES:
                raise trouble
            if not (moved and self._report.by_pages):  # ten thousand by pages are no trouble
                self._portal.sleep(WAITS[min(stuck, len(WAITS) - 1)])

    def _after(self) -> str:
        """Go on from the first day of the newest row; rows of that day come twice, and rows without a day at the end."""
        if not self._last or not self._ordered:
            return ""
        return f"({START} >= date'{self._last}' OR {START} is null)"

    def _pass(self, where: str) -> bool:
        """One reading; whether all that was announced came."""
        announced = self._portal.count(where)
        self._report.announced = max(self._report.announced, announced)
        self._passed.clear()
        lines = 0
        for line in self._rows(where):
            lines += 1
            self._report.read += 1
            self._take(line, lines)
            if lines % 100 == 0:
                self._told(len(self.seen), self._report.announced)
        self._told(len(self.seen), self._report.announced)
        self._believe(lines)
        if self._absent and lines >= _ROWS:
            self._staging.drop()
            raise MissingFieldError(
                f"{self._portal.host}, {lines} lignes reçues", min(self._absent, key=FIELDS.index)
            )
        return lines >= announced * ENOUGH

    def _rows(self, where: str) -> Iterator[bytes]:
        select = ",".join(FIELDS)
        for order_by in () if self._report.by_pages else (START, ""):
            try:
                yield from self._portal.export(select, where, order_by)
            except RefusedError:
                continue
            return
        self._report.by_pages = True
        yield from self._portal.pages(select, where, f"{START},{NUMBER}")

    def _take(self, line: bytes, at: int, *, again: bool = False) -> None:
        """Keep a row that is new. `again`: it is of an earlier download."""
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            self._report.unreadable += 1
            self._report.fault(at, why(error))
            self._believe(at)
            return
        if not isinstance(row, Mapping) or not (number := forem_rows.number_of(row)):
            self._report.refused += 1
            self._report.fault(at, "ce n’est pas une offre avec un numéro")
            return
        self._order(row)
        self._absent -= row.keys()
        self._report.twice += number in self._passed
        self._passed.add(number)
        if number in self.seen:
            return
        self.seen.add(number)
        self._report.staged += 1
        self._report.open += self._is_open(row)
        if not again:
            self._staging.add(line)

    def _order(self, row: Mapping[str, Any]) -> None:
        day = forem_rows.day(row.get(START))
        said = day.isoformat() if day else ""
        if said and said < self._last:
            self._ordered = False
        self._last = max(self._last, said)

    def _is_open(self, row: Mapping[str, Any]) -> bool:
        end = forem_rows.day(row.get(END))
        return bool(row.get("titreoffre")) and (end is None or end.isoformat() >= self._today)

    def _believe(self, lines: int) -> None:
        try:
            self._report.believe(self._portal.host, lines)
        except BadFileError:
            self._staging.drop()  # nor are the rows before
            raise


def why(error: orjson.JSONDecodeError) -> str:
    return "ce n’est pas de l’UTF-8" if "utf-8" in str(error).lower() else "ce n’est pas du JSON"


def cut(got: int, announced: int) -> str:
    return (
        f"Export coupé : {got} offres lues sur {announced} annoncées. Ce qui est lu est gardé : recommencez."
    )


def _and(*parts: str) -> str:
    return " AND ".join(part for part in parts if part)
