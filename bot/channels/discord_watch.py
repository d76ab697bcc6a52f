"""Looks at every answer of Discord's: silence asked of everybody, refusals that add up, sendings that may have arrived."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

from bot.application.pace import Pace
from bot.logs import get_logger

INVALID = frozenset({401, 403, 429})
MOST, WITHIN = 100, 600.0  # refusals in so many seconds; at 10,000 Discord shuts a bot out
SERVER_ERROR = 500
_hurt: ContextVar[list[int] | None] = ContextVar("hurt", default=None)
log = get_logger(__name__)


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
    def attempt(self) -> Iterator[list[int]]:
        """Inside, the server errors of this task's requests are put on the list: each may have been applied."""
        seen: list[int] = []
        token = _hurt.set(seen)
        try:
            yield seen
        finally:
            _hurt.reset(token)

    async def _answered(
        self, _session: aiohttp.ClientSession, _about: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        status, headers = end.response.status, end.response.headers
        seen = _hurt.get()
        if status >= SERVER_ERROR and seen is not None:
            seen.append(status)
        if headers.get("X-RateLimit-Global"):
            self._pace.hold(_seconds(headers.get("Retry-After")))
        if status in INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self._count()

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
