"""Sends on Discord: parts of the outbox with what is known of their fate, and answers to visits as best it can."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.application.pace import Pace
from bot.application.services import Services
from bot.channels import discord_fate, discord_out, pictures
from bot.channels.discord_calls import TROUBLE
from bot.channels.discord_client import Client
from bot.channels.discord_fate import Attempt, Stage
from bot.channels.discord_lib import discord
from bot.channels.discord_rooms import Rooms
from bot.channels.discord_watch import Watch
from bot.logs import get_logger
from storage.attempts import Outcome
from storage.outbox import OutboxRow, State

PATIENCE = 9.0  # seconds for one sending: less than a clean stop waits
TRIES = 3  # of an answer to a visit, with the same mark each time
log = get_logger(__name__)


class Mail:
    """`client` is given once it is signed in."""

    client: Client

    def __init__(self, services: Services, pace: Pace) -> None:
        self._services, self._pace = services, pace
        self.watch, self.rooms = Watch(pace), Rooms()
        self._say = services.library.microcopy.say

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        """Send one part of the outbox. Never raises."""
        attempt = Attempt(row, self._services.now())
        late = attempt.too_late()
        if late is not None:
            return late
        with self.watch.attempt() as seen:
            try:
                sent = await self._attempt(attempt, address)
            except Exception as error:  # noqa: BLE001 -- sorted there, whatever it was
                if seen.accepted:
                    return Outcome(State.SENT)
                attempt.hurt = seen.hurt
                return self._failed(attempt, address, error)
        return Outcome(State.SENT, platform_id=str(sent.id))

    async def _attempt(self, attempt: Attempt, address: str) -> discord.Message:
        row, picture = attempt.row, None
        if row.body.get("kind") == "picture":
            picture = await pictures.of_part(self._services, row.body, row.person_id)
        async with asyncio.timeout(PATIENCE):
            attempt.stage = Stage.OPENING
            room = await self.rooms.of(self.client, address)
            attempt.stage = Stage.SENT
            mark = discord_out.nonce(row.source, row.id, row.part)
            return await discord_out.send_part(room, row.body, picture, mark, self._say)

    def _failed(self, attempt: Attempt, address: str, error: Exception) -> Outcome:
        def hold(seconds: float, everybody: bool) -> None:  # noqa: FBT001 -- as it is called
            self._pace.hold(seconds, "" if everybody else address)

        if isinstance(error, discord.HTTPException) and error.code == discord_fate.NO_ROOM:
            self.rooms.forget(address)
        return discord_fate.outcome(attempt, error, self._services.now(), hold)

    async def show(self, address: str, bodies: Sequence[Mapping[str, Any]], mark: object) -> None:
        """Send what is not in the outbox, one part after the other. Never raises."""
        for number, body in enumerate(bodies):
            picture = None
            if body["kind"] == "picture":
                picture = await pictures.of_part(self._services, body, None)
            if not await self._shown(address, body, picture, discord_out.nonce("visit", mark, number)):
                return

    async def _shown(self, address: str, body: Mapping[str, Any], picture: bytes | None, mark: str) -> bool:
        for _ in range(TRIES):
            await self._pace.turn(address)
            try:
                with self.watch.attempt():
                    async with asyncio.timeout(PATIENCE):
                        room = await self.rooms.of(self.client, address)
                        await discord_out.send_part(room, body, picture, mark, self._say)
            except discord.RateLimited as error:
                self._pace.hold(error.retry_after, address)
            except TROUBLE as error:
                log.warning("visit_not_answered", channel="discord", why=type(error).__name__)
                if isinstance(error, discord.HTTPException) and error.status < discord_fate.SERVER_ERROR:
                    return False
            else:
                return True
        return False
