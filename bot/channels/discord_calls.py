"""Later answers to what somebody touched: by its token, within fifteen minutes, after a restart too."""

import asyncio
from typing import Any

import aiohttp

from bot.channels.discord_in import Raw
from bot.channels.discord_lib import discord
from bot.logs import get_logger

ONLY_FOR_YOU = 1 << 6  # flag of a message
CONTENT = 2_000  # characters
PATIENCE = 10.0  # seconds
TROUBLE = (discord.DiscordException, aiohttp.ClientError, OSError)  # a timeout is an OSError too
log = get_logger(__name__)


async def tell(client: discord.Client, payload: Raw, text: str) -> None:
    """A small message that only the person sees. Never raises."""
    silent: Any = {"parse": []}
    body = {"content": text[:CONTENT], "flags": ONLY_FOR_YOU, "allowed_mentions": silent}
    await _ask(client, "POST", "", payload, body)


async def no_buttons(client: discord.Client, payload: Raw) -> None:
    """Take the buttons away from the message that was touched. Never raises."""
    await _ask(client, "PATCH", "/messages/@original", payload, {"components": []})


async def forget(client: discord.Client, payload: Raw) -> None:
    """Take away « … réfléchit » once the answer is on its way. Never raises."""
    await _ask(client, "DELETE", "/messages/@original", payload, None)


async def _ask(client: discord.Client, method: str, path: str, payload: Raw, body: Any) -> None:
    route = discord.http.Route(
        method,
        f"/webhooks/{{webhook_id}}/{{webhook_token}}{path}",
        webhook_id=payload["app"],
        webhook_token=payload["token"],
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await client.http.request(route, **({} if body is None else {"json": body}))
    except TROUBLE as error:  # too late, or taken away by the person: nothing is lost
        log.info("not_acknowledged", channel="discord", why=type(error).__name__)
