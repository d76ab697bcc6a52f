"""Updates on their way to the bot: kept until they are confirmed; fetched by a held poll, or posted to a webhook."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

Json = dict[str, Any]

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
UNDER_WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
ENDED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"
ASKED_FOR_ONLY = {"chat_member", "message_reaction", "message_reaction_count"}  # never sent by default


class Refused(Exception):  # noqa: N818  # an answer of the service, not a fault of the test
    """The service says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass
class Webhook:
    """Where updates are posted; no address, no webhook."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    error: str = ""
    error_date: int = 0


@dataclass
class Waiting:
    """An update that has not been confirmed."""

    update: Json
    again: bool = False  # delivered a second time, whatever was confirmed
    handed: bool = False
    posting: bool = False

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


@dataclass
class Updates:
    """The queue. People may add to it from any thread; the rest runs on the server's loop."""

    clock: Callable[[], datetime]
    retry_after: float  # seconds before a webhook is tried again
    waiting: list[Waiting] = field(default_factory=list)
    all: dict[int, Json] = field(default_factory=dict)  # every update ever made, by its id
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)
    _last: int = 700_000
    _loop: asyncio.AbstractEventLoop | None = None
    _poll: "asyncio.Future[str] | None" = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    # ------------------------------------------------------------ in

    def push(self, update: Json) -> int:
        """Take an update in; an id that it does not carry is given to it."""
        number = int(update.get("update_id", self._last + 1))
        self._last = max(self._last, number)
        whole = {"update_id": number, **update}
        self.all[number] = whole
        kinds = set(update) - {"update_id"}
        if (kinds <= set(self.allowed)) if self.allowed else not kinds & ASKED_FOR_ONLY:
            self.waiting.append(Waiting(whole))
            self.wake()
        return number

    def replay(self, number: int) -> int:
        """Deliver an update once more, confirmed or not."""
        self.waiting.append(Waiting(self.all[number], again=True))
        self.wake()
        return number

    def wake(self) -> None:
        """Tell whoever waits for updates to look, from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._look)

    def _look(self, reason: str = "") -> None:
        self._news.set()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)

    # ------------------------------------------------------------ fetched

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """Wait for updates, no longer than so many seconds; an older poll ends in a conflict."""
        if self.webhook.url:
            raise Refused(409, UNDER_WEBHOOK)
        self._look(CONFLICT)
        self._confirm(offset)
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not self.waiting and loop.time() < end:
            if reason := await self._held(end - loop.time()):
                raise Refused(409, reason)
        batch = self.waiting[:limit]
        for one in batch:
            one.handed = True
        return [one.update for one in batch]

    async def _held(self, seconds: float) -> str:
        mine = asyncio.get_running_loop().create_future()
        self._poll = mine
        try:
            return str(await asyncio.wait_for(mine, seconds))
        except TimeoutError:
            return ""
        finally:
            if self._poll is mine:
                self._poll = None

    def _confirm(self, offset: int) -> None:
        if offset < 0:  # all but the last so many are forgotten
            self.waiting = self.waiting[offset:]
        else:
            self.waiting = [one for one in self.waiting if not _over(one, offset)]

    # ------------------------------------------------------------ posted

    def set_webhook(self, webhook: Webhook) -> None:
        """Post from now on; a held poll ends."""
        self.webhook = webhook
        if webhook.url:
            self._look(ENDED_BY_WEBHOOK)
        self._news.set()

    def start(self) -> None:
        """Begin to deliver on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._spawn(self._deliver())

    async def stop(self) -> None:
        """Deliver nothing more; what is unconfirmed stays."""
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._loop = None

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                await self._news.wait()
                self._news.clear()
                for one in self._ready():
                    one.posting = True
                    self._spawn(self._post(session, one))

    def _ready(self) -> Iterable[Waiting]:
        """Those that may go now: in order within a chat, chats beside each other."""
        if not self.webhook.url:
            return
        busy: set[object] = set()
        posting = sum(one.posting for one in self.waiting)
        for one in list(self.waiting):
            chat = _chat_of(one.update)
            if not one.posting and chat not in busy and posting < self.webhook.connections:
                posting += 1
                yield one
            busy.add(chat)

    async def _post(self, session: aiohttp.ClientSession, one: Waiting) -> None:
        webhook = self.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with session.post(webhook.url, json=one.update, headers=headers) as answer:
                done = 200 <= answer.status < 300
                error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as fault:
            done, error = False, f"Connection failed: {fault}"
        if done:
            with contextlib.suppress(ValueError):  # dropped meanwhile
                self.waiting.remove(one)
        else:
            webhook.error, webhook.error_date = error, int(self.clock().timestamp())
            await asyncio.sleep(self.retry_after)
        one.posting = False
        self._news.set()


def _over(one: Waiting, offset: int) -> bool:
    return one.handed if one.again else one.id < offset


def _chat_of(update: Json) -> object:
    """What keeps its order: the chat, or the person without one."""
    for body in update.values():
        if isinstance(body, dict):
            chat = body.get("chat") or body.get("message", {}).get("chat") or body.get("from") or {}
            return chat.get("id")
    return None
