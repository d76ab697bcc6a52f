"""Job offers of Le Forem's open data: a whole export or a day's increment, into a download that survives a stop.

The portal's robots file closes /api/ to robots although the API is advertised: nothing calls it unless the operator
turns it on (docs/decisions/0018).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

from careers.model import Vacancy
from careers.sources import forem_rows
from careers.sources.forem_rows import FIELDS, LICENCE, NAME
from careers.sources.opendatasoft import WAITS, DownError, Portal, RefusedError, TornError
from careers.sources.protocol import BadFileError, Origin
from careers.sources.staging import Staging

DATASET = "offres-d-emploi-forem"
ODWB = "https://www.odwb.be/api/explore/v2.1"
DIGITAL_WALLONIA = "https://leforem-digitalwallonia.opendatasoft.com/api/explore/v2.1"  # the same dataset
ORIGIN = Origin(
    name="forem",
    title="Offres d’emploi du Forem",
    licence=LICENCE,
    address="https://www.odwb.be/explore/dataset/offres-d-emploi-forem/",
    notice=f"Source : {NAME}, {LICENCE}",
)

_START, _NUMBER, _END = "datedebutdiffusion", "numerooffreforem", "datefindiffusion"
_ENOUGH = 0.98  # share of the announced rows under which an export is taken for cut short
_UNREADABLE, _A_FEW = 0.01, 20  # share and number of unreadable rows beyond which the whole is not believed
_FAULTS = 100  # kept to be shown
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
            self.faults.append(f"ligne {line} : {why}")


Told = Callable[[int, int], None]  # rows so far, rows announced


class ForemSource:
    """Reads the dataset of a portal. One object a reading."""

    origin = ORIGIN

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.report = Report()

    def fetch(
        self, staging: Staging, now: datetime, today: date, where: str = "", told: Told = lambda *_: None
    ) -> None:
        """All the rows into `staging`, which is complete then; `report` says what came.

        Raises SourceError (MissingFieldError, TooManyRequestsError, BadFileError…); what was read stays in `staging`
        and the next call goes on from there.
        """
        self.portal.check_fields(FIELDS)  # before anything is read or written
        key = orjson.dumps([self.portal.address, FIELDS, where]).decode()
        self.report.resumed = staging.begin(key, now)
        try:
            download = _Download(self.portal, staging, self.report, today, told)
            if not staging.complete:
                download.run(where)
            staging.finish()
        finally:
            staging.close()

    def offers(self, staging: Staging, today: date) -> Iterator[Vacancy]:
        """The offers of a download that may be shown on that day."""
        for line in staging.rows():
            try:
                offer = forem_rows.parse(orjson.loads(line), today, self.report.unknown)
            except ValueError as error:
                self.report.refused += 1
                self.report.fault(0, str(error))
                continue
            if offer.closes and offer.closes < today:
                self.report.expired += 1
                continue
            self.report.kept += 1
            yield offer

    def numbers(self) -> set[str]:
        """The ids of all the offers there are now. Raises SourceError when that list is not whole."""
        announced = self.portal.count()
        found, lines = set(), 0
        for line in self.portal.export(_NUMBER):
            lines += 1
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise BadFileError(self.portal.host, lines, _why(error)) from error
            if isinstance(row, Mapping) and (number := forem_rows.number_of(row)):
                found.add(f"forem-{number}")
        if lines < announced * _ENOUGH:
            raise TornError(_cut(lines, announced))
        return found


class _Download:
    """Passes over the rows in the order of their first day, until one of them comes to its end."""

    def __init__(self, portal: Portal, staging: Staging, report: Report, today: date, told: Told) -> None:
        self._portal, self._staging, self._report, self._told = portal, staging, report, told
        self._today = today.isoformat()
        self._seen: set[str] = set()
        self._last = ""  # first day of the newest row
        self._ordered = True  # rows came in order so far: it is safe to go on from a day
        self._line = 0
        for number, line in enumerate(staging.rows(), start=1):
            self._take(line, number, again=True)

    def run(self, where: str) -> None:
        """Read until all is there. Raises TornError when nothing comes any more."""
        stuck = 0
        while True:
            before, day = len(self._seen), self._last
            try:
                if self._pass(_and(where, self._after())):
                    return
                trouble = TornError(_cut(self._report.staged, self._report.announced))
            except DownError:
                raise
            except TornError as error:
                self._report.torn += 1
                trouble = error
            moved = len(self._seen) > before or self._last != day
            stuck = 0 if moved else stuck + 1
            if stuck >= _TRIES:
                raise trouble
            if not (moved and self._report.by_pages):  # ten thousand by pages are no trouble
                self._portal.sleep(WAITS[min(stuck, len(WAITS) - 1)])

    def _after(self) -> str:
        """Go on from the first day of the newest row; rows of that day come twice, and rows without a day at the end."""
        if not self._last or not self._ordered:
            return ""
        return f"({_START} >= date'{self._last}' OR {_START} is null)"

    def _pass(self, where: str) -> bool:
        """One reading; whether all that was announced came."""
        announced = self._portal.count(where)
        self._report.announced = max(self._report.announced, announced)
        lines = 0
        for line in self._rows(where):
            lines += 1
            self._report.read += 1
            self._take(line, lines)
            if lines % 100 == 0:
                self._told(len(self._seen), self._report.announced)
        self._told(len(self._seen), self._report.announced)
        self._believe(lines)
        return lines >= announced * _ENOUGH

    def _rows(self, where: str) -> Iterator[bytes]:
        select = ",".join(FIELDS)
        if not self._report.by_pages:
            try:
                yield from self._portal.export(select, where, _START)
            except RefusedError:
                self._report.by_pages = True
            else:
                return
        yield from self._portal.pages(select, where, f"{_START},{_NUMBER}")

    def _take(self, line: bytes, at: int, *, again: bool = False) -> None:
        """Keep a row that is new. `again`: it is of an earlier download."""
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            self._report.unreadable += 1
            self._report.fault(at, _why(error))
            self._believe(at)
            return
        if not isinstance(row, Mapping) or not (number := forem_rows.number_of(row)):
            self._report.refused += 1
            self._report.fault(at, "ce n’est pas une offre avec un numéro")
            return
        self._order(row)
        if number in self._seen:
            self._report.twice += 1
            return
        self._seen.add(number)
        self._report.staged += 1
        self._report.open += self._is_open(row)
        if not again:
            self._staging.add(line)

    def _order(self, row: Mapping[str, Any]) -> None:
        day = forem_rows.day(row.get(_START))
        said = day.isoformat() if day else ""
        if said and said < self._last:
            self._ordered = False
        self._last = max(self._last, said)

    def _is_open(self, row: Mapping[str, Any]) -> bool:
        end = forem_rows.day(row.get(_END))
        return bool(row.get("titreoffre")) and (end is None or end.isoformat() >= self._today)

    def _believe(self, lines: int) -> None:
        """Raise BadFileError when so many rows cannot be read that the others are not believed either."""
        bad = self._report.unreadable
        if bad > _A_FEW and bad > lines * _UNREADABLE:
            first = self._report.faults[0]
            self._staging.drop()  # nor are those before
            raise BadFileError(
                self._portal.host, 0, f"{bad} lignes illisibles sur {lines}, la première : {first}"
            )


def _why(error: orjson.JSONDecodeError) -> str:
    return "ce n’est pas de l’UTF-8" if "utf-8" in str(error).lower() else "ce n’est pas du JSON"


def _cut(got: int, announced: int) -> str:
    return (
        f"Export coupé : {got} offres lues sur {announced} annoncées. Ce qui est lu est gardé : recommencez."
    )


def _and(*parts: str) -> str:
    return " AND ".join(part for part in parts if part)


def since(day: date) -> str:
    """What begins on that day or later."""
    return f"{_START} >= date'{day.isoformat()}'"
