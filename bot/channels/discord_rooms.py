"""The direct messages with each person: their number on Discord, learnt when somebody writes, else asked for."""

from collections import OrderedDict

from bot.channels.discord_lib import discord

MOST = 10_000  # remembered; the one at rest longest goes


class Rooms:
    """Only those are asked for who wrote first: whoever has an address here did."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, int] = OrderedDict()

    def learn(self, address: str, room: int) -> None:
        """Somebody wrote from there."""
        self._known[address] = room
        self._known.move_to_end(address)
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget(self, address: str) -> None:
        """It was not there any more."""
        self._known.pop(address, None)

    def known(self, address: str) -> int | None:
        """The number, if it was learnt."""
        return self._known.get(address)

    async def of(self, client: discord.Client, address: str) -> discord.PartialMessageable:
        """Where to write to somebody. Raises what the library raises."""
        room = self._known.get(address)
        if room is None:
            opened = await client.http.start_private_message(int(address))
            room = int(opened["id"])
            self.learn(address, room)
        return client.get_partial_messageable(room, type=discord.ChannelType.private)
