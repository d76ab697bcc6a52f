"""The way in from a chat platform: each update is kept before it is handled, in order for each person, once."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.application import late, linking, safety, staff_commands, turns, visits
from bot.application.messages import (
    Answer,
    Body,
    Hello,
    Incoming,
    Message,
    Screen,
    Text,
    View,
)
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.application.views import desk_of
from bot.application.visitors import Visitors
from bot.logs import get_logger
from storage import conversations, inbox, people
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

FAILED = "?"  # in place of a person: handling went wrong, what stood there stands
GATHER = 2.0  # seconds in which the others of an outage are handed over too
AGAIN = 1.0  # seconds before what failed is tried once more; it doubles
log = get_logger(__name__)

Payload = Mapping[str, Any]  # the platform's own JSON


class Platform(Protocol):
    """What an adapter does around the handling of an update."""

    name: str

    async def read(self, payload: Payload, address: str, key: str) -> Incoming | None:
        """What the update says, files fetched; None for what calls for nothing. May raise: it is tried again."""
        ...

    async def show(self, payload: Payload, address: str, answer: Answer) -> None:
        """Send an answer that is not in the outbox: that of a visit, or the last word to who has left. Never raises."""
        ...

    async def after(self, payload: Payload, address: str, answer: Answer | None) -> None:
        """Acknowledge what was touched, with the answer's notice. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of an update that came: its number in the inbox, and whether it opens a way that was closed."""

    row: int | None
    new: bool = True
    back: bool = False


class Intake:
    """Takes updates of one platform in one event loop."""

    def __init__(self, services: Services, platform: Platform) -> None:
        self._services, self._platform = services, platform
        self._visits = Visitors(services.now)
        self._team = staff_commands.Waiting()
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()  # address -> updates of theirs that are not handled yet
        self._tasks: set[asyncio.Task[None]] = set()

    async def resume(self) -> int:
        """Handle what was kept before a crash; how many updates. Call it once, before anything new is taken."""
        channel = self._platform.name
        found = await writing(self._services, lambda uow: inbox.waiting(uow, channel, limit=10_000))
        for one in found:
            self._begin(str(one.body["address"]), str(one.body["key"]), one.body["payload"], one.id)
        return len(found)

    async def take(self, key: str, address: str, payload: Payload) -> bool:
        """Keep an update (on disk for a person), then let it be handled. Once this returns the platform may forget it.

        True when the person could not be written to until now: this opens the way again.
        StorageError: nothing was kept, the platform must hand it over again.
        """
        kept = await writing(self._services, lambda uow: self._keep(uow, key, address, payload))
        if kept.new:
            self._begin(address, key, payload, kept.row)
        return kept.back

    async def blocked(self, address: str, *, blocked: bool) -> None:
        """The person closed the way, or opened it again."""
        await writing(self._services, lambda uow: self._block(uow, address, blocked=blocked))

    async def screen(self, address: str) -> Screen | None:
        """The screen that waits for somebody: what ticking and paging draw anew, with nothing handled."""
        return await writing(self._services, lambda uow: self._screen(uow, address))

    def _screen(self, uow: UnitOfWork, address: str) -> Screen | None:
        person = people.find(uow, self._platform.name, address)
        if person is not None:
            return desk_of(conversations.load(uow, person)).screen
        visit = self._visits.get(address)
        return visit.screen if visit is not None else None

    def for_team(self, address: str, body: Body) -> bool:
        """Whether it may be for the people of the centre: nobody unknown is greeted for it."""
        return staff_commands.concerns(body, address, self._team, self._services.now())

    async def idle(self) -> None:
        """Wait until everything taken so far was handled."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    # ------------------------------------------------------------ keeping

    def _keep(self, uow: UnitOfWork, key: str, address: str, payload: Payload) -> "_Kept":
        channel = self._platform.name
        person = people.find(uow, channel, address)
        # one key by address, whoever it is: the update that made a visitor a person may come twice too
        if conversations.already_seen(uow, channel, f"from {address} {key}", visit=person is None):
            return _Kept(None, new=False)
        if person is None:  # a visit: nothing else is kept
            return _Kept(None)
        body = {"address": address, "key": key, "payload": dict(payload)}
        row = inbox.put(uow, channel, f"{person.id} {key}", person.id, body)
        return _Kept(row, back=self._mark(uow, person, unreachable=False))

    def _block(self, uow: UnitOfWork, address: str, *, blocked: bool) -> None:
        person = people.find(uow, self._platform.name, address)
        if person is None:
            self._visits.put(address, None)
        else:
            self._mark(uow, person, unreachable=blocked)

    def _mark(self, uow: UnitOfWork, person: people.Person, *, unreachable: bool) -> bool:
        """Whether that was news."""
        known = {one.channel: one.unreachable for one in people.addresses_of(uow, person.id)}
        if known.get(self._platform.name) is unreachable:
            return False
        people.mark_unreachable(uow, person.id, self._platform.name, unreachable=unreachable)
        return True

    # ------------------------------------------------------------ handling

    def _begin(self, address: str, key: str, payload: Payload, row: int | None) -> None:
        self._waiting[address] += 1
        task = asyncio.create_task(self._in_turn(address, key, payload, row))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_turn(self, address: str, key: str, payload: Payload, row: int | None) -> None:
        """Updates of one person wait for each other, in the order they came."""
        lock = self._turns.setdefault(address, asyncio.Lock())
        async with lock:
            try:
                await self._handle(address, key, payload, row)
            finally:
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]
        if not lock.locked() and not getattr(lock, "_waiters", None):
            self._turns.pop(address, None)

    async def _handle(self, address: str, key: str, payload: Payload, row: int | None) -> None:
        answer, wait = None, AGAIN
        for left in reversed(range(inbox.MOST_TRIES)):
            try:
                incoming = await self._platform.read(payload, address, key)
                if incoming is None:
                    await self._nothing(row)
                else:
                    answer = await self._answer(self._dated(incoming), row)
                break
            except Exception as error:  # noqa: BLE001 -- one update must not stop those behind it
                log.warning("update_failed", channel=self._platform.name, why=type(error).__name__, row=row)
                if row is not None:
                    await self._count(row)
                if not left:
                    answer = self._sorry()
                    await self._platform.show(payload, address, answer)
                    break
                await asyncio.sleep(wait)
                wait *= 2
        await self._platform.after(payload, address, answer)
        if answer is not None and answer.person is None and (answer.view.messages or answer.notice):
            await self._platform.show(payload, address, answer)

    def _dated(self, incoming: Incoming) -> Incoming:
        """On our clock: that of a sample centre may run ahead of the platform's."""
        at = incoming.written_at
        return replace(incoming, written_at=at + self._services.clock.ahead) if at else incoming

    async def _nothing(self, row: int | None) -> None:
        """The update calls for nothing."""
        if row is not None:
            await writing(self._services, lambda uow: inbox.done(uow, row))

    async def _count(self, row: int) -> None:
        try:
            await writing(self._services, lambda uow: inbox.tried(uow, row))
        except StorageError:
            return

    def _sorry(self) -> Answer:
        said = self._services.library.microcopy.say("network")
        return Answer(View((Message("bot", "text", {"text": said}),)), person=FAILED)

    async def _answer(self, incoming: Incoming, row: int | None) -> Answer:
        """A turn of a person, whoever they were when the update was kept; else a visit."""
        services = self._services
        if self.for_team(incoming.address, incoming.body):
            team = self._team
            told = await in_thread(services, lambda: staff_commands.handle(services, team, incoming, row))
            if told is not None:
                return told
            incoming = replace(incoming, body=staff_commands.ordinary(incoming.body))
        code = _code(incoming)
        if late.is_late(incoming, services.now()):
            return await self._late(incoming, row)
        try:
            if code is not None and linking.sure(_words(incoming)):
                return await in_thread(services, lambda: turns.tell(services, incoming, "link_taken", row))
            return await in_thread(services, lambda: turns.handle(services, incoming, row))
        except turns.UnknownPerson:  # a visit; or erased, or gone from this channel, since it came
            await self._nothing(row)
        if code is not None:
            answer = await self._join(code, incoming)
            if answer is not None:
                return answer
        return await self._visit(incoming)

    async def _late(self, incoming: Incoming, row: int | None) -> Answer:
        """What waited while we were away: one answer for all of it, and safety for each."""
        services = self._services
        if self._waiting[incoming.address] == 1:
            await asyncio.sleep(GATHER)
        last = self._waiting[incoming.address] == 1
        try:
            return await in_thread(services, lambda: turns.late(services, incoming, row, last=last))
        except turns.UnknownPerson:
            await self._nothing(row)
        held = self._visits.get(incoming.address)
        if held is None or self._distress(incoming):
            return await self._visit(incoming)
        return Answer(View(), visit=held)

    async def _visit(self, incoming: Incoming) -> Answer:
        services, held = self._services, self._visits.get(incoming.address)
        if held is None and not self._distress(incoming):  # age is asked first, whatever the first word
            invitation = _words(incoming) if isinstance(incoming.body, Hello) else ""
            incoming = replace(incoming, body=Hello(invitation))
        answer = await in_thread(services, lambda: visits.handle(services, held, incoming))
        self._visits.put(incoming.address, answer.visit)
        return answer

    def _distress(self, incoming: Incoming) -> bool:
        text = late.words(incoming.body)
        return bool(text) and safety.read(text, self._services.now()).level > 0

    async def _join(self, code: str, incoming: Incoming) -> Answer | None:
        """Join by a code; None when it is none after all, but a word."""
        services, channel, address = self._services, incoming.channel, incoming.address
        became = await in_thread(services, lambda: linking.join(services, code, channel, address))
        if became == "unknown" and not linking.sure(_words(incoming)):
            return None
        say = services.library.microcopy.say
        if became != "joined":
            key = "too_young_here" if became == "too_young" else f"link_{became}"
            said = say(key, age=services.settings.min_age(channel))
            return Answer(View((Message("bot", "text", {"text": said}),)), visit=self._visits.get(address))
        self._visits.put(address, None)
        hello = replace(incoming, body=Hello(), key=f"{incoming.key} joined")
        await self._welcome(hello)
        return Answer(View(), person="joined")

    async def _welcome(self, hello: Incoming) -> None:
        """The code is used up: showing the step must not fail for a database that is busy for a moment."""
        for left in reversed(range(inbox.MOST_TRIES)):
            try:
                await in_thread(self._services, lambda: turns.joined(self._services, hello))
            except StorageError:
                if not left:
                    raise
                await asyncio.sleep(AGAIN)
            else:
                return


def _code(incoming: Incoming) -> str | None:
    words = _words(incoming)
    return linking.payload_code(words) if isinstance(incoming.body, Hello) else linking.code_in(words)


def _words(incoming: Incoming) -> str:
    match incoming.body:
        case Text(text=text):
            return text
        case Hello(invitation=invitation):
            return invitation
        case _:
            return ""
