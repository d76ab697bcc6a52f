"""The sender of one chat platform: claims what waits, lane by lane, keeps its pace, and writes down what became of each."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Protocol

from bot.application import replies
from bot.application.pace import Pace
from bot.application.services import Services
from bot.application.threads import writing
from bot.logs import get_logger
from storage import attempts, leases, outbox, people, staff_addresses, staff_log
from storage.attempts import Outcome
from storage.errors import StorageError, WrongTransition
from storage.outbox import Lane, OutboxRow, State
from storage.unit_of_work import UnitOfWork

AT_ONCE = 6  # under way together: few, so that what is urgent is claimed next
LOOK_AGAIN = 1.0  # seconds: rows of other processes, and those whose hour has come
STAND_BY = 5.0  # seconds between two looks at a lease that another process holds
FINISH = 10.0  # seconds that sendings under way have left at a clean stop
log = get_logger(__name__)


class Channel(Protocol):
    """What an adapter (Telegram, Discord) offers. It knows the platform; the application knows the rest."""

    name: str

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        """Send one part, and say what is known of its fate: `UNKNOWN` whenever it may have arrived. Never raises."""
        ...


def tidy(uow: UnitOfWork) -> None:
    """Settle what dead senders left in hand and what came too late, on every channel."""
    attempts.reap(uow)
    outbox.expire(uow)


class Sender:
    """Sends for one bot token; only the holder of the lease does. Start it with `run`, end it with `stop`."""

    def __init__(self, services: Services, channel: Channel, pace: Pace, holder: str) -> None:
        self._services, self._channel, self._pace = services, channel, pace
        self._holder = holder
        self._lease = f"send:{channel.name}"
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._beat_at = float("-inf")
        self._strained = False
        self._claiming = asyncio.Lock()

    async def run(self) -> None:
        """Send until `stop`. Storage that is away for a while is waited for."""
        loop = asyncio.get_running_loop()
        with self._services.bus.follow(replies.bell(self._channel.name)) as bell:
            while not self._stopping.is_set():
                try:
                    if loop.time() - self._beat_at >= leases.BEAT.total_seconds() and not await self._beat(
                        loop
                    ):
                        await self._rest(STAND_BY)
                        continue
                    if await self._begin_some():
                        continue
                except StorageError as error:
                    log.warning("sender_waits", channel=self._channel.name, why=type(error).__name__)
                    await self._rest(LOOK_AGAIN)
                    continue
                await bell.wait(LOOK_AGAIN)

    async def stop(self) -> None:
        """Claim no more, let sendings under way end (ten seconds), give back the rest and the lease."""
        self._stopping.set()
        self._services.bus.deliver(replies.bell(self._channel.name))
        async with self._claiming:  # what is being claimed is given back below, not begun
            pass
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH)
        with contextlib.suppress(StorageError):
            await writing(self._services, self._let_go)

    def _let_go(self, uow: UnitOfWork) -> None:
        attempts.release(uow, self._holder)
        leases.let_go(uow, self._holder, self._lease)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _beat(self, loop: asyncio.AbstractEventLoop) -> bool:
        held = await writing(self._services, self._hold)
        if held:
            self._beat_at = loop.time()
        return held

    def _hold(self, uow: UnitOfWork) -> bool:
        held = leases.hold(uow, self._lease, self._holder)
        if held:
            tidy(uow)
        return held

    async def _begin_some(self) -> bool:
        """Claim what there is room for; False when nothing waits or all hands are full."""
        if self._pace.silence() > 0:
            return False
        room = AT_ONCE - len(self._tasks)
        if room <= 0:
            await asyncio.wait(self._tasks, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            return True
        name, up_to = self._channel.name, self._least_urgent()
        async with self._claiming:
            rows = await writing(
                self._services, lambda uow: outbox.claim(uow, name, room, self._holder, up_to)
            )
        for row in rows if not self._stopping.is_set() else ():
            task = asyncio.create_task(self._one(row))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(rows)

    def _least_urgent(self) -> Lane:
        """While the platform refuses much, nobody is written to who did not write first."""
        strained = self._pace.strained
        if strained is not self._strained:
            self._strained = strained
            log.warning("circuit", channel=self._channel.name, open=strained)
        return Lane.RELAY if strained else Lane.BROADCAST

    async def _one(self, row: OutboxRow) -> None:
        """The pace, then an attempt that is written down, then the network, then the outcome."""
        try:
            address = await writing(self._services, lambda uow: self._address(uow, row))
            silence = self._pace.silence(address or "")
            if silence > 0:  # another chat may go first: this one goes back until then
                await writing(self._services, lambda uow: self._later(uow, row, silence))
                return
            await self._pace.turn(address or "")
            await writing(self._services, lambda uow: attempts.start(uow, row.id, self._holder))
            outcome = Outcome(State.FAILED, "no address")
            if address is not None:
                outcome = await self._sent(row, address)
                if outcome.refused:
                    self._pace.refused()
            state = await writing(self._services, lambda uow: self._settle(uow, row, outcome))
            self._services.bus.deliver(replies.bell(self._channel.name))  # its next part may go now
        except WrongTransition:
            return  # this worker was taken for dead: another has the row
        except StorageError as error:
            log.warning("not_written_down", row=row.id, why=type(error).__name__)
            return
        if state in (State.FAILED, State.UNKNOWN):
            log.warning(
                "not_delivered",
                row=row.id,
                channel=self._channel.name,
                state=state,
                kind=row.kind,
                reason=outcome.reason,
            )

    def _address(self, uow: UnitOfWork, row: OutboxRow) -> str | None:
        """Where a row goes: the address of a learner, else of somebody of the centre."""
        found = people.address_on(uow, row.recipient, self._channel.name)
        if found is None and row.person_id is None:
            found = staff_addresses.reachable(uow, row.recipient).get(self._channel.name)
        return found

    async def _sent(self, row: OutboxRow, address: str) -> Outcome:
        try:
            return await self._channel.send(row, address)
        except Exception as error:  # noqa: BLE001 -- an adapter never raises; should one, it may have gone out
            return Outcome(State.UNKNOWN, type(error).__name__)

    def _later(self, uow: UnitOfWork, row: OutboxRow, seconds: float) -> None:
        attempts.start(uow, row.id, self._holder)
        again = uow.now + timedelta(seconds=seconds)
        why = row.reason or "too many requests"  # the adapter reads there whether it may have arrived before
        attempts.settle(uow, row.id, self._holder, Outcome(State.RETRY, why, again, counts=False))

    def _settle(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> State:
        state = attempts.settle(uow, row.id, self._holder, outcome)
        if outcome.unreachable:  # whoever was written to, not whom it was about
            people.mark_unreachable(uow, row.recipient, self._channel.name)
            # a colleague gets e-mail from now on, or joins again
            if staff_addresses.leave(uow, row.recipient, self._channel.name):
                staff_log.write(uow, None, "chat_lost", row.recipient, {"channel": self._channel.name})
            outbox.cancel_channel(uow, row.recipient, self._channel.name, outcome.reason)
        return state
