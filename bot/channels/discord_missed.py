"""What was written while we were away: how far each person was read is kept, and read on from there."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.application.pace import Pace
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.channels import discord_in
from bot.channels.discord_calls import TROUBLE
from bot.channels.discord_lib import discord
from bot.logs import get_logger
from storage import people
from storage.errors import StorageError
from storage.unit_of_work import UnitOfWork

NAME = "discord"
MOST = 5_000  # people whose mark is remembered in between
READ = 1_000  # messages of one person, at most
GONE = (403, 404)  # these direct messages are there no more: asking again is of no use
log = get_logger(__name__)
Take = Callable[[str, dict[str, Any]], Awaitable[None]]  # address, payload


class Missed:
    """Marks are kept as « room/number »: message numbers of Discord's grow with time."""

    def __init__(self, services: Services, pace: Pace, take: Take) -> None:
        self._services, self._pace, self._take = services, pace, take
        self._marks: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._dirty: set[str] = set()
        self._held = True  # until the first reading: a newer mark would hide what lies before it
        self._left: set[str] = set()  # those whose messages could not be read yet
        self._reading = asyncio.Lock()

    def seen(self, address: str, room: int, number: int) -> None:
        """A message, or anything else with a number, was taken."""
        before = self._marks.get(address, (room, 0))[1]
        self._marks[address] = (room, max(before, number))
        self._marks.move_to_end(address)
        self._dirty.add(address)
        while len(self._marks) > MOST:
            self._dirty.discard(self._marks.popitem(last=False)[0])

    def kept_now(self, address: str) -> None:
        """Somebody agreed to be remembered: their mark counts from now on."""
        if address in self._marks:
            self._dirty.add(address)

    def hold(self) -> None:
        """A break: marks stay where they are until `catch_up`."""
        self._held = True

    async def flush(self) -> None:
        """Write the marks down; one transaction for all. Never raises."""
        due = {one: self._marks[one] for one in self._dirty if one not in self._left}
        if self._held or not due:
            return
        try:
            await writing(self._services, lambda uow: _keep(uow, due))
        except StorageError as error:
            log.warning("marks_not_kept", channel=NAME, why=type(error).__name__)
            return
        self._dirty -= {one for one, mark in due.items() if self._marks.get(one) == mark}

    async def catch_up(self, client: discord.Client) -> int:
        """Read everybody's messages from their mark on; how many there were. StorageError: nothing was read."""
        async with self._reading:
            known = await in_thread(self._services, self._everybody)
            count = await self._read(client, known)
            self._held = False
            return count

    async def try_again(self, client: discord.Client) -> None:
        """Once more for those who could not be read. StorageError as above."""
        async with self._reading:
            if self._left:
                known = await in_thread(self._services, self._everybody)
                await self._read(client, {one: known[one] for one in self._left if one in known})

    def _everybody(self) -> dict[str, str]:
        with self._services.database.read() as uow:
            return {address: mark for _, address, mark in people.on_channel(uow, NAME)}

    async def _read(self, client: discord.Client, known: Mapping[str, str]) -> int:
        count, left = 0, set()
        for address, mark in known.items():
            room, _, number = mark.partition("/")
            if not number.isdecimal() or not room.isdecimal():
                continue
            try:
                count += await self._one(client, address, int(room), int(number))
            except TROUBLE as error:
                log.warning("history_not_read", channel=NAME, why=type(error).__name__)
                if not (isinstance(error, discord.HTTPException) and error.status in GONE):
                    left.add(address)
        self._left = left
        return count

    async def _one(self, client: discord.Client, address: str, room: int, number: int) -> int:
        await self._pace.turn()
        place = client.get_partial_messageable(room, type=discord.ChannelType.private)
        count = 0
        async for message in place.history(limit=READ, after=discord.Object(number), oldest_first=True):
            payload = discord_in.message(message)
            if payload is not None and str(message.author.id) == address:
                await self._take(address, payload)
                count += 1
        return count


def _keep(uow: UnitOfWork, marks: Mapping[str, tuple[int, int]]) -> None:
    for address, (room, number) in marks.items():
        person = people.find(uow, NAME, address)
        if person is not None:
            people.read_until(uow, person.id, NAME, f"{room}/{number}")
