"""Brings the job offers of the open data into the database: a whole export each week, an increment each day.

Nobody waits for it, and what was good stays until what is new was found whole and plausible.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

import httpx

from bot.application.offers_state import BRUSSELS, State
from careers.sources import forem
from careers.sources.forem import ForemSource
from careers.sources.forem_download import Report
from careers.sources.forem_rows import Face
from careers.sources.opendatasoft import Portal, RefusedError
from careers.sources.protocol import SourceError, check_share
from careers.sources.staging import Staging
from storage import leases, vacancies
from storage.database import Database

TIMEOUT = httpx.Timeout(30, connect=10)  # seconds
AGENT = "Boussole (guidance bot; open data reader)"
LEASE = "offers"
LIFETIME = timedelta(minutes=5)  # of the lease without a sign of life
BEAT = timedelta(minutes=1)
BREATH = 0.02  # seconds between two transactions, in which a conversation may write
WHOLE_EVERY = timedelta(days=7)
MOST_CHANGED = 3_000  # offers that changed beside the new ones: beyond, everything is read

Told = Callable[[str, int, int], None]  # what is done, how far, of how many


class BusyError(SourceError):
    """Another process reads the offers."""

    def __init__(self) -> None:
        super().__init__("Une autre lecture des offres est en cours : laissez-la finir.")


@dataclass(frozen=True, slots=True)
class Summary:
    """What one reading did."""

    whole: bool
    report: Report
    open: int  # offers in the database that may be shown today
    gone: int  # withdrawn or over


@dataclass(slots=True)
class Desk:
    """What a reading needs from outside: the portal's address, a folder for downloads, time."""

    database: Database
    address: str
    folder: Path
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    holder: str  # unique to this reading
    told: Told = lambda *_: None
    dead: Callable[[str], bool] = lambda _holder: False  # whether the process of another holder is gone
    beat: datetime | None = None

    def today(self) -> date:
        """The day in Brussels."""
        return self.now().astimezone(BRUSSELS).date()

    def live(self) -> None:
        """Show, now and then, that this reading goes on."""
        now = self.now()
        if self.beat is not None and now - self.beat < BEAT:
            return
        with self.database.begin() as uow:
            other = leases.find(uow, LEASE)
            if other is not None and self.dead(other.holder):
                leases.let_go(uow, other.holder, LEASE)
            if not leases.hold(uow, LEASE, self.holder, LIFETIME):
                raise BusyError
        self.beat = now

    def breathe(self) -> None:
        """Between two transactions: let a conversation go first."""
        self.sleep(BREATH)
        self.live()


def folder(data: Path) -> Path:
    """Where downloads wait until they are taken over."""
    return data / "sources"


def sync(desk: Desk, *, whole: bool = False, force: bool = False) -> Summary:
    """Read what is new, or everything. `force` believes a sudden fall.

    When the source fails, what was there before stays (SourceError), the failure is noted, and the next call goes on
    from what was read. Raises `storage.errors` as well.
    """
    desk.live()
    day = desk.today()
    try:
        with desk.database.read() as uow:
            state = State.read(uow)
            before = vacancies.count_open(uow, day)
        with httpx.Client(timeout=TIMEOUT, headers={"User-Agent": AGENT}, follow_redirects=False) as client:
            portal = Portal(desk.address, forem.DATASET, client, now=desk.now, sleep=desk.sleep)
            reading = _Reading(desk, portal, state, before, force=force)
            summary = reading.whole() if whole or reading.must_be_whole() else reading.increment()
        _note(desk, state.succeeded(desk.now(), day, portal.host, summary))
    except SourceError as error:
        if not isinstance(error, BusyError):
            _note(desk, state.failed_at(desk.now(), str(error)))
        raise
    finally:
        with desk.database.begin() as uow:
            leases.let_go(uow, desk.holder, LEASE)
    return summary


def _note(desk: Desk, state: State) -> None:
    with desk.database.begin() as uow:
        state.write(uow)


class _Reading:
    """One reading of the portal, whole or not."""

    def __init__(self, desk: Desk, portal: Portal, state: State, before: int, *, force: bool) -> None:
        self._desk, self._portal, self._state, self._before, self._force = desk, portal, state, before, force
        self._source = ForemSource(portal)
        self._batch = desk.holder[-40:]

    def must_be_whole(self) -> bool:
        """Whether an increment would not be enough: nothing here yet, another portal, or a week since."""
        state = self._state
        return (
            not self._before
            or state.whole is None
            or state.day is None
            or state.host != self._portal.host
            or self._desk.now() - state.whole >= WHOLE_EVERY
        )

    def whole(self) -> Summary:
        """Everything there is."""
        staging = self._fetch("forem", "")
        report = self._source.report
        if not self._force:
            if not report.open:
                raise SourceError(
                    f"{self._portal.host} ne donne aucune offre ouverte : celles d’avant restent (--force pour y croire)."
                )
            check_share(forem.ORIGIN.title, self._before, report.open)
        with self._desk.database.read() as uow:
            known = vacancies.ids(uow)
        self._promote(staging, whole=not report.unreadable)
        return self._end(staging, whole=True, known=known)

    def increment(self) -> Summary:
        """What began since the last reading, what changed since, and which of the others are gone."""
        assert self._state.day is not None  # noqa: S101 -- `must_be_whole` saw to it
        listed = self._listed()
        staging = self._fetch("forem-new", forem.since(self._state.day))
        with self._desk.database.read() as uow:
            known = vacancies.faces(uow)
        if listed is not None and not self._force:
            check_share(forem.ORIGIN.title, len(known), len(known.keys() & listed.keys()))
        if listed is not None and len(_changed(known, listed, self._source.staged)) > MOST_CHANGED:
            staging.drop()
            self._source = ForemSource(self._portal)
            return self.whole()
        self._promote(staging, whole=False)
        if listed is not None:
            self._catch_up(known, listed)
        if listed is not None and not self._source.report.unreadable:
            self._drop(sorted(known.keys() - listed.keys()))
        return self._end(staging, whole=False, known=set(known))

    def _catch_up(self, known: Mapping[str, vacancies.Shown], listed: Mapping[str, Face]) -> None:
        """Ask for the offers that changed although they began before the last reading."""
        desk = self._desk
        offers = self._source.some(_changed(known, listed, self._source.staged), desk.today())
        vacancies.import_all(desk.database, offers, self._batch, whole=False, between=desk.breathe)

    def _listed(self) -> dict[str, Face] | None:
        """All offers there are; None where the portal refuses exports."""
        try:
            return self._source.listed(self._desk.today())
        except RefusedError:
            return None

    def _fetch(self, name: str, where: str) -> Staging:
        staging = Staging(self._desk.folder, name)
        self._source.fetch(staging, self._desk.now(), self._desk.today(), where, self._told)
        return staging

    def _told(self, done: int, total: int) -> None:
        self._desk.told("lecture", done, total)
        self._desk.live()

    def _promote(self, staging: Staging, *, whole: bool) -> None:
        total, desk = self._source.report.staged, self._desk
        report = self._source.report

        def between() -> None:
            desk.told("rangement", min(total, report.kept + report.expired + report.refused), total)
            desk.breathe()

        offers = self._source.offers(staging, desk.today())
        vacancies.import_all(desk.database, offers, self._batch, whole=whole, between=between)

    def _drop(self, gone: Iterable[str]) -> None:
        remaining = iter(gone)
        while some := list(islice(remaining, vacancies.CHUNK)):
            with self._desk.database.begin() as uow:
                vacancies.drop(uow, some)
            self._desk.breathe()

    def _end(self, staging: Staging, *, whole: bool, known: set[str]) -> Summary:
        desk = self._desk
        with desk.database.begin() as uow:
            vacancies.drop_closed(uow, desk.today())
            left = vacancies.ids(uow)
            shown = vacancies.count_open(uow, desk.today())
        staging.drop()
        return Summary(whole, self._source.report, shown, len(known - left))


def _changed(
    known: Mapping[str, vacancies.Shown], listed: Mapping[str, Face], staged: AbstractSet[str]
) -> list[str]:
    """Listed offers that are not here as they are listed, nor among those just read."""
    return [
        one
        for one, face in listed.items()
        if one not in staged and known.get(one) != (face.title, face.closes)
    ]
