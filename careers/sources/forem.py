"""Job offers of Le Forem's open data: a whole export or a day's increment, into a download that survives a stop.

The portal's robots file closes /api/ to robots although the API is advertised: nothing calls it unless the operator
turns it on (docs/decisions/0018).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

import orjson

from careers.model import Vacancy
from careers.sources import forem_rows
from careers.sources.forem_download import ENOUGH, NUMBER, START, Download, Report, Told, cut, why
from careers.sources.forem_rows import FACE_FIELDS, FIELDS, LICENCE, NAME, Face
from careers.sources.opendatasoft import PAGE, WAITS, DownError, Portal, TornError
from careers.sources.protocol import Origin
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

Result = TypeVar("Result")


class ForemSource:
    """Reads the dataset of a portal. One object a reading."""

    origin = ORIGIN

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.report = Report()
        self.staged: set[str] = set()  # ids of what `fetch` read

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
            download = Download(self.portal, staging, self.report, today, told)
            if not staging.complete:
                download.run(where)
            self.staged = {f"forem-{number}" for number in download.seen}
            staging.finish()
        finally:
            staging.close()

    def offers(self, staging: Staging, today: date) -> Iterator[Vacancy]:
        """The offers of a download that may be shown on that day."""
        for line in staging.rows():
            yield from self._shown(orjson.loads(line), today)

    def listed(self, today: date) -> dict[str, Face]:
        """All the offers that may be shown on that day, by id, as faces. Raises SourceError when the list is not whole.

        Lines that cannot be read are counted in `report.unreadable`: then no absence proves anything.
        """
        return self._patiently(lambda: self._faces(today))

    def _faces(self, today: date) -> dict[str, Face]:
        announced = self.portal.count()
        found: dict[str, Face] = {}
        lines = 0
        for line in self.portal.export(",".join(FACE_FIELDS)):
            lines += 1
            if (row := self._row(line, lines)) and (face := forem_rows.face(row, today)):
                found[face.id] = face
        if lines < announced * ENOUGH:
            raise TornError(cut(lines, announced))
        return found

    def some(self, ids: Sequence[str], today: date) -> Iterator[Vacancy]:
        """The offers of these ids that may be shown on that day."""
        for start in range(0, len(ids), PAGE):
            numbers = (one.removeprefix("forem-") for one in ids[start : start + PAGE])
            where = f"{NUMBER} IN ({', '.join(map(self.portal.literal(NUMBER), numbers))})"
            lines = self._patiently(partial(self._whole, where))
            for at, line in enumerate(lines, start=1):
                if row := self._row(line, at):
                    yield from self._shown(row, today)

    def _whole(self, where: str) -> list[bytes]:
        return list(self.portal.export(",".join(FIELDS), where))

    def _patiently(self, read: Callable[[], Result]) -> Result:
        """Read what is short, again from its beginning when the connection breaks."""
        for wait in WAITS:
            try:
                return read()
            except DownError:
                raise
            except TornError:
                self.report.torn += 1
                self.portal.sleep(wait)
        return read()

    def _row(self, line: bytes, at: int) -> Mapping[str, Any]:
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            self.report.unreadable += 1
            self.report.fault(at, why(error))
            self.report.believe(self.portal.host, at)
            return {}
        return row if isinstance(row, Mapping) else {}

    def _shown(self, row: object, today: date) -> Iterator[Vacancy]:
        try:
            offer = forem_rows.parse(row, today, self.report.unknown)
        except ValueError as error:
            self.report.refused += 1
            self.report.fault(0, str(error))
            return
        if offer.closes and offer.closes < today:
            self.report.expired += 1
            return
        self.report.kept += 1
        yield offer


def since(day: date) -> str:
    """What begins on that day or later."""
    return f"{START} >= date'{day.isoformat()}'"
