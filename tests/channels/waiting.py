"""Waiting for what a platform shows, without knowing when it will."""

import asyncio
from collections.abc import Callable
from typing import Any


async def until(look: Callable[[], Any], why: Callable[[], str] | str, seconds: float = 6.0) -> Any:
    """The first thing found; AssertionError, saying why, when nothing is in time."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        found = look()
        if found:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(why if isinstance(why, str) else why())
