"""The tick: asks every few seconds what is due. It owns no data; a missed tick only means that the next one does more."""

import asyncio
import contextlib
import signal
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.application import reminders, sending
from bot.application.offers_night import Night
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.logs import get_logger
from storage import leases, meta, retention
from storage.errors import StorageError

EVERY = 5  # seconds
LEASE = "timetable"
NIGHTLY = timedelta(hours=20)  # a sweep at most this often: about once a night
SWEEP_HOUR = 3  # UTC, when nobody chats

log = get_logger(__name__)


class Timetable:
    """One scheduler in one event loop; only the holder of the lease does the work."""

    def __init__(self, services: Services, holder: str) -> None:
        self._services = services
        self._holder = holder
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running: asyncio.Task[None] | None = None
        self._night = Night(services)
        self._reading: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(
            self._tick, "interval", seconds=EVERY, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more, let a running tick end, and let go of the lease."""
        self._scheduler.shutdown(wait=False)
        if self._running is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        self._night.stop()
        if self._reading is not None:
            await self._reading
        await in_thread(self._services, self._let_go)

    async def _tick(self) -> None:
        # A task of our own: APScheduler cancels what it runs when it shuts down, and a tick must end.
        self._running = asyncio.ensure_future(self._work())
        await asyncio.shield(self._running)

    async def _work(self) -> None:
        try:
            if await in_thread(self._services, self._hold):
                await in_thread(self._services, lambda: reminders.send_due(self._services))
                await writing(self._services, sending.tidy)  # a platform without a sender has rows too
                await in_thread(self._services, self._sweep)
                await self._read_offers()
        except StorageError as error:
            log.warning("tick_failed", why=type(error).__name__)

    async def _read_offers(self) -> None:
        """Begin the night's reading of job offers, beside the ticks."""
        if (self._reading is None or self._reading.done()) and await in_thread(
            self._services, self._night.due
        ):
            self._reading = asyncio.create_task(asyncio.to_thread(self._night.read))

    def _hold(self) -> bool:
        services = self._services
        if services.settings.demo:
            services.clock.follow(services.database)  # the demonstration's clock moves
        with services.database.begin() as uow:
            return leases.hold(uow, LEASE, self._holder)

    def _let_go(self) -> None:
        with contextlib.suppress(StorageError), self._services.database.begin() as uow:
            leases.let_go(uow, self._holder, LEASE)

    def _sweep(self) -> None:
        database, now = self._services.database, self._services.now()
        with database.read() as uow:
            last = meta.last_run(uow, retention.JOB)
        if last is not None and (now - last < NIGHTLY or now.hour != SWEEP_HOUR):
            return
        month, day = self._services.settings.season_end.split("-")
        removed = retention.sweep(database, retention.Limits(season_end=(int(month), int(day))))
        log.info("swept", rows=sum(removed.values()))


def start(services: Services) -> Timetable:
    """Start ticking in the running event loop."""
    holder = f"tick-{datetime.fromtimestamp(services.now().timestamp(), UTC):%H%M%S%f}"
    timetable = Timetable(services, holder)
    timetable.start()
    return timetable


async def until_stopped() -> None:
    """Wait for SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
