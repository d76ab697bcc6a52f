"""A stand-in server on a thread of its own, for tests that have no loop."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

Api = TypeVar("Api")


@contextmanager
def served(api: AbstractAsyncContextManager[Api]) -> Iterator[Api]:
    """It listens inside, and is gone afterwards."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(api.__aenter__(), loop).result(5)
    finally:
        asyncio.run_coroutine_threadsafe(_gone(api), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _gone(api: AbstractAsyncContextManager[Api]) -> None:
    """With what it still holds back, which would be told as lost when its loop is closed."""
    await api.__aexit__(None, None, None)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
