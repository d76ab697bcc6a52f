"""Who must be told that something new waits for a person: waking up the streams that follow them."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Follower:
    """One open stream of one person. A publication between two waits is not lost."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Wake the stream from any thread; a loop that is closing needs no waking."""
        try:
            self._loop.call_soon_threadsafe(self._event.set)
        except RuntimeError:
            return

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109  # the caller's heartbeat, in seconds
        """True as soon as something was published since the last wait, False after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Bus:
    """Publications by person, inside one process; `elsewhere` tells the other processes (PostgreSQL NOTIFY)."""

    def __init__(self, elsewhere: Callable[[str], None] | None = None) -> None:
        self._followers: defaultdict[str, set[Follower]] = defaultdict(set)
        self._lock = threading.Lock()
        self.elsewhere = elsewhere

    def publish(self, person_id: str) -> None:
        """Say, after a commit and from any thread, that this person has something new."""
        self.deliver(person_id)
        if self.elsewhere is not None:
            self.elsewhere(person_id)

    def deliver(self, person_id: str) -> None:
        """Wake the streams of this process only; also what a notification from another process calls."""
        with self._lock:
            followers = tuple(self._followers.get(person_id, ()))
        for follower in followers:
            follower.wake()

    def followed(self) -> frozenset[str]:
        """The people that this process has a stream open for."""
        with self._lock:
            return frozenset(self._followers)

    @contextmanager
    def follow(self, person_id: str) -> Iterator[Follower]:
        """Follow a person: open it before reading what there is, then wait on it."""
        follower = Follower()
        with self._lock:
            self._followers[person_id].add(follower)
        try:
            yield follower
        finally:
            with self._lock:
                self._followers[person_id].discard(follower)
                if not self._followers[person_id]:
                    del self._followers[person_id]

    async def wait(self, person_id: str, timeout: float) -> bool:  # noqa: ASYNC109  # seconds, the caller's heartbeat
        """Wait once for a publication; prefer `follow` where something may be published before the call."""
        with self.follow(person_id) as follower:
            return await follower.wait(timeout)
