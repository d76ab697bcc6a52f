"""Keeps within a platform's limits: so many sendings a second in all, one at a time a chat, and silence where it was asked for."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

MARGIN = 1.15  # slower than the limit by so much: what the network squeezes together still keeps to it
TICK = 1e-6  # seconds: less is what floating numbers leave over
FORGET = 1_000  # chats remembered before those at rest are dropped
EVERYBODY = ""
MOST_REFUSED, WITHIN = 100, 600.0  # refusals in so many seconds after which nobody is written to first


class Pace:
    """Sendings of one bot token, in one event loop. Times are seconds of `clock`."""

    def __init__(
        self,
        per_second: int,
        between: float,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`between`: seconds between two sendings to one chat."""
        self._apart, self._between = MARGIN / per_second, between * MARGIN
        self._clock = clock or asyncio.get_running_loop().time
        self._sleep = sleep
        self._line = asyncio.Lock()
        self._free = 0.0  # when the next sending to anybody may go
        self._next: dict[str, float] = {}  # chat -> when its next sending may go
        self._refused: deque[float] = deque(maxlen=MOST_REFUSED)  # when the last ones were
        self._silent: dict[str, float] = {}  # chat, or everybody -> until when the platform wants nothing

    async def turn(self, chat: str = EVERYBODY) -> None:
        """Wait until something may go out to a chat (none in particular: an edit, an acknowledgement)."""
        while True:
            while (wait := self._own_wait(chat)) > TICK:  # again: silence may have been asked for meanwhile
                await self._sleep(wait)
            async with self._line:  # first come, first served: nobody is overtaken for ever
                while (wait := self._free - self._clock()) > TICK:
                    await self._sleep(wait)
                if self._own_wait(chat) <= TICK:
                    self._gone(chat)
                    return

    def _own_wait(self, chat: str) -> float:
        return max(self.silence(chat), self._next.get(chat, 0.0) - self._clock())

    def _gone(self, chat: str) -> None:
        now = self._clock()
        self._free = now + self._apart
        if chat:
            self._next[chat] = now + self._between
            self._tidy(now)

    def hold(self, seconds: float, chat: str = EVERYBODY) -> None:
        """Send nothing to a chat (or to nobody) for so long: the platform asked for it."""
        until = self._clock() + seconds
        self._silent[chat] = max(self._silent.get(chat, until), until)

    def refused(self) -> None:
        """The platform refused something: too many of those, and it shuts a bot out."""
        self._refused.append(self._clock())

    @property
    def strained(self) -> bool:
        """Whether so much was refused of late that only those who write should be answered."""
        return len(self._refused) == MOST_REFUSED and self._clock() - self._refused[0] < WITHIN

    def silence(self, chat: str = EVERYBODY) -> float:
        """Seconds of silence still asked for, 0 for none."""
        until = max(self._silent.get(chat, 0.0), self._silent.get(EVERYBODY, 0.0))
        return max(0.0, until - self._clock())

    def _tidy(self, now: float) -> None:
        if len(self._next) > FORGET:
            self._next = {chat: due for chat, due in self._next.items() if due > now}
            self._silent = {chat: until for chat, until in self._silent.items() if until > now}
