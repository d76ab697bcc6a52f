"""The nightly reading of job offers: once a night, in a thread of its own, since the threads of turns must not wait."""

import threading

from bot.application import holders, offers
from bot.application.offers_state import State
from bot.application.services import Services
from bot.logs import get_logger
from careers.sources.protocol import SourceError
from storage.errors import StorageError

log = get_logger(__name__)


class StoppedError(Exception):
    """The program stops; the next reading goes on from what was read."""


class Night:
    """What the timetable asks: is it due, read, stop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stop = threading.Event()

    def due(self) -> bool:
        """Whether the operator turned it on and this is the hour."""
        services = self._services
        if services.settings.forem == "off":
            return False
        with services.database.read() as uow:
            return State.read(uow).due(services.now())

    def read(self) -> None:
        """Read; what fails is a line in the log, and `boussole check` shows it."""
        services = self._services
        desk = offers.Desk(
            database=services.database,
            address=services.settings.forem_url,
            folder=offers.folder(services.settings.data_dir),
            now=services.now,
            sleep=self._sleep,
            holder=holders.new(),
            told=lambda *_: self._sleep(0),
            dead=holders.dead,
        )
        try:
            summary = offers.sync(desk)
        except StoppedError:
            log.info("offers_stopped")
        except offers.BusyError:
            log.info("offers_read_elsewhere")
        except (SourceError, StorageError, OSError) as error:
            log.warning(
                "offers_failed", why=str(error) if isinstance(error, SourceError) else type(error).__name__
            )
        else:
            log.info("offers_read", count=summary.open, rows=summary.report.kept)

    def stop(self) -> None:
        """Ask a reading under way to end at its next step."""
        self._stop.set()

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise StoppedError
