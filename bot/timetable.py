"""The tick: asks every few seconds what is due. It owns no data; a missed tick only means that the next one does more."""

import asyncio
import contextlib
import signal
import zoneinfo
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.application import due, reminders, sending, taking_part
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
AT_ONCE = 4  # people written to together: few, so that whoever chats goes in between
LOOK_BACK = 60  # seconds between two looks at what platforms took too late

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
        self._beat_at = self._looked_at = float("-inf")
        self._stopping = False

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(
            self._tick, "interval", seconds=EVERY, max_instances=1, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more, let a running tick end, and let go of the lease."""
        self._stopping = True
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
        """Everything a tick does, each part by itself: one that fails keeps none of the others from its turn."""
        if not await self._beat():
            return
        services = self._services
        await self._part("offers", lambda: in_thread(services, lambda: taking_part.end_offers(services)))
        await self._part("late", self._call_back)
        await self._part("due", self._say_what_is_due)
        await self._part(
            "tidy", lambda: writing(services, sending.tidy)
        )  # platforms without a sender have rows too
        await self._part("sweep", lambda: in_thread(services, self._sweep))
        await self._part("read", self._read_offers)

    async def _part(self, job: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 -- the timetable goes on, whatever is wrong with one part
            log.warning("tick_failed", job=job, why=type(error).__name__)

    async def _beat(self) -> bool:
        """Take or keep the lease. False when another process has it, or the database is away."""
        try:
            held = await in_thread(self._services, self._hold)
        except StorageError as error:
            log.warning("tick_failed", job="lease", why=type(error).__name__)
            return False
        self._beat_at = asyncio.get_running_loop().time()
        return held

    async def _say_what_is_due(self) -> None:
        """Everybody for whom something is due, however many they are: a few at once, with a sign of life in between."""
        services, after, loop = self._services, "", asyncio.get_running_loop()
        while found := await in_thread(services, partial(due.waiting, services, after)):
            for start in range(0, len(found), AT_ONCE):
                await self._say(found[start : start + AT_ONCE])
                if self._stopping:
                    return
                if loop.time() - self._beat_at > leases.BEAT.total_seconds() and not await self._beat():
                    return  # taken for dead: another goes on
            after = found[-1]

    async def _say(self, few: Sequence[str]) -> None:
        """Write to a few people. StorageError when none could be: one who is busy elsewhere is for the next tick."""
        jobs = [in_thread(self._services, partial(due.send_to, self._services, one)) for one in few]
        done = await asyncio.gather(*jobs, return_exceptions=True)
        failed = [one for one in done if isinstance(one, BaseException)]
        if len(failed) == len(few):
            raise failed[0]

    async def _call_back(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at >= LOOK_BACK:
            self._looked_at = now
            await in_thread(self._services, partial(reminders.call_back_late, self._services))

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


def zones() -> str:
    """Which time zone data is read: the version of the system's, which comes first, else of our own package."""
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / "Europe" / "Brussels").is_file():
            with contextlib.suppress(OSError, UnicodeDecodeError, IndexError):
                first = (Path(folder) / "tzdata.zi").read_text("ascii").split("\n", 1)[0]
                return f"system {first.split()[-1]}"
            return "system"
    try:
        return f"package {version('tzdata')}"
    except PackageNotFoundError:
        return "none"


def start(services: Services) -> Timetable:
    """Start ticking in the running event loop."""
    log.info("timetable", reason=f"time zones: {zones()}")
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
