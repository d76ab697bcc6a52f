"""Looks at every answer of Discord's: silence asked of everybody, refusals that add up, sendings that may have arrived."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

from bot.application.pace import Pace
from bot.channels.discord_lib import discord
from bot.logs import get_logger

TOO_MANY = 429
INVALID = frozenset({401, 403, TOO_MANY})
MOST, WITHIN = 100, 600.0  # refusals in so many seconds; at 10,000 Discord shuts a bot out
OK, REDIRECTED, SERVER_ERROR = 200, 300, 500
log = get_logger(__name__)


@dataclass(slots=True)
class Seen:
    """What Discord answered within one attempt at a message, the library's own repetitions included."""

    hurt: bool = False  # a server error: it may have been applied
    accepted: bool = False  # the message is there, even if the rest of the answer never comes


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


class Watch:
    """Hooked into the library's HTTP client, so that it sees what the library tries again by itself."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._refused: deque[float] = deque(maxlen=MOST)

    def trace(self) -> aiohttp.TraceConfig:
        """For the `http_trace` of a client."""
        found = aiohttp.TraceConfig()
        found.on_request_end.append(self._answered)
        return found

    @contextlib.contextmanager
    def attempt(self) -> Iterator[Seen]:
        """Inside, this task's requests are noted, and « too many requests » is raised at once as RateLimited.

        The library would sleep with the message in hand; here other chats go on meanwhile.
        """
        seen = Seen()
        token = _seen.set(seen)
        try:
            yield seen
        finally:
            _seen.reset(token)

    async def _answered(
        self, _session: aiohttp.ClientSession, _about: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        status, headers, seen = end.response.status, end.response.headers, _seen.get()
        if status in INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self._count()
        if headers.get("X-RateLimit-Global"):
            self._pace.hold(_seconds(headers.get("Retry-After")))
        if seen is None:
            return
        seen.hurt |= status >= SERVER_ERROR
        if OK <= status < REDIRECTED and end.method == "POST" and end.url.path.endswith("/messages"):
            seen.accepted = True
        if status == TOO_MANY and headers.get("Via"):  # without it, it is the wall before Discord that speaks
            raise discord.RateLimited(await _retry_after(end.response))

    def _count(self) -> None:
        now = asyncio.get_running_loop().time()
        self._refused.append(now)
        if len(self._refused) == MOST and now - self._refused[0] <= WITHIN:
            log.warning("too_many_refusals", channel="discord", seconds=WITHIN)
            self._pace.hold(WITHIN)
            self._refused.clear()


def _seconds(text: str | None) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 1.0


async def _retry_after(response: aiohttp.ClientResponse) -> float:
    """To the millisecond where the body says so; reading it gives the connection back."""
    try:
        return float((await response.json())["retry_after"])
    except (aiohttp.ClientError, ValueError, KeyError, TypeError):
        return _seconds(response.headers.get("Retry-After"))
