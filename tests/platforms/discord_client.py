"""The real discord.py, pointed at the stand-in: what `import discord` warns of, and where it looks, are dealt with here."""

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar
from unittest.mock import patch

import yarl

from tests.platforms.discord_api import DiscordApi

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of audioop, which only voice needs
    import discord
    from discord import app_commands

__all__ = ["app_commands", "discord", "pointed_at", "running"]
Client = TypeVar("Client", bound=discord.Client)


@contextlib.contextmanager
def pointed_at(api: DiscordApi) -> Iterator[None]:
    """Let the library talk to this server."""
    gateway = yarl.URL(api.gateway_url)
    with (
        patch.object(discord.http.Route, "BASE", api.url),
        patch.object(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway),
    ):
        yield


@contextlib.asynccontextmanager
async def running(api: DiscordApi, client: Client) -> AsyncIterator[Client]:
    """A client that is logged in and ready; closed at the end."""
    with pointed_at(api):
        try:
            await client.login(api.token)
            task = asyncio.create_task(client.connect())
            ready = asyncio.create_task(client.wait_until_ready())
            await asyncio.wait({task, ready}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            if task.done():
                await task  # tells why it could not connect
            yield client
        finally:
            await client.close()
        with contextlib.suppress(asyncio.CancelledError):
            await task
