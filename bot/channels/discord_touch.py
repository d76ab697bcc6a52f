"""Answers what is touched on Discord within three seconds: before storage is asked anything, whatever the load."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.application import layout, visits
from bot.application.keyboard import Touch, too_many, touched
from bot.application.messages import Incoming, Screen, Text
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.channels import discord_in, discord_out
from bot.channels.discord_calls import TROUBLE
from bot.channels.discord_lib import discord
from bot.logs import get_logger
from storage import people
from storage.errors import StorageError

NAME = "discord"
HELP = "aide"
Interaction = discord.Interaction[Any]
log = get_logger(__name__)


class Boards(Protocol):
    """Which screen waits for whom."""

    def now(self, address: str) -> Screen | None:
        """As far as this process knows."""
        ...

    async def find(self, address: str) -> Screen | None:
        """As storage knows. StorageError when it does not answer."""
        ...


Take = Callable[[str, dict[str, Any]], Awaitable[None]]


class Touches:
    """One interaction at a time; none of these raises."""

    def __init__(self, services: Services, boards: Boards, take: Take) -> None:
        self._services, self._boards, self._take = services, boards, take
        self._say = services.library.microcopy.say

    async def acted(self, interaction: Interaction) -> None:
        """Acknowledge, then hand on what calls for an answer."""
        address, payload = str(interaction.user.id), discord_in.acted(interaction)
        if interaction.guild_id is not None:
            await self._in_public(interaction, address, payload)
        elif payload["is"] == "press":
            await self._pressed(interaction, address, payload)
        else:
            await _tried(interaction.response.defer(ephemeral=True))
            await self._take(address, payload)

    async def _pressed(self, interaction: Interaction, address: str, payload: dict[str, Any]) -> None:
        data = str(payload["data"])
        touch = touched(data)
        if data.endswith(discord_in.FORM):
            await self._open_form(interaction, address, discord_in.screen_of(payload))
        elif touch is not None and touch.body is None:
            await self._redraw(interaction, address, touch)
        else:
            await _tried(interaction.response.defer())
            await self._take(address, payload)

    async def _open_form(self, interaction: Interaction, address: str, screen_id: str) -> None:
        known = self._boards.now(address)
        if known is not None and known.id != screen_id:
            await self._notice(interaction, self._say("screen_changed"))
            return
        await _tried(
            interaction.response.send_modal(discord_out.form(self._say("answer_in_words"), screen_id, known))
        )

    async def _redraw(self, interaction: Interaction, address: str, touch: Touch) -> None:
        """Tick, order or turn a page under the same question: nothing is said, so nothing is kept."""
        screen = self._boards.now(address)
        if screen is None:  # after a restart: it takes storage to know
            await _tried(interaction.response.defer())
            try:
                screen = await self._boards.find(address)
            except StorageError:
                return
        if screen is None or screen.id != touch.screen:
            await self._notice(interaction, self._say("screen_changed"))
        elif too_many(screen, touch.picked):
            asked = screen.asked
            await self._notice(interaction, self._say("pick_between", min=asked.minimum, max=asked.maximum))
        else:
            view = discord_out.under(screen, self._say, touch.picked, touch.page)
            done = interaction.response.is_done()
            edit = interaction.edit_original_response if done else interaction.response.edit_message
            await _tried(edit(view=view))

    async def _notice(self, interaction: Interaction, text: str) -> None:
        if interaction.response.is_done():
            await _tried(interaction.followup.send(text, ephemeral=True))
        else:
            await _tried(interaction.response.send_message(text, ephemeral=True))

    # ------------------------------------------------------------ in front of others

    async def _in_public(self, interaction: Interaction, address: str, payload: dict[str, Any]) -> None:
        """Only this person sees the answer: the way to the direct messages, and numbers for who asks for help."""
        await _tried(interaction.response.defer(ephemeral=True, thinking=True))
        words = await self._help(address, str(payload["id"])) if payload.get("name") == HELP else []
        for text in [*words, self._say(await self._way(address))]:
            await _tried(interaction.followup.send(text, ephemeral=True))

    async def _help(self, address: str, key: str) -> list[str]:
        """What a stranger is told who types SOS: nothing is kept, whoever it is."""
        asked = Incoming(NAME, address, key, Text("sos"))
        answer = await in_thread(self._services, lambda: visits.handle(self._services, None, asked))
        lines = [one for one in answer.view.messages if one.side == "bot"]
        if answer.view.screen is not None:
            lines = lines[:-1]  # its question cannot be answered here
        return [part.text for part in layout.parts(lines, NAME)]

    async def _way(self, address: str) -> str:
        try:
            closed = await in_thread(self._services, lambda: self._closed(address))
        except StorageError:
            closed = False
        return "dm_closed" if closed else "dm_way"

    def _closed(self, address: str) -> bool:
        with self._services.database.read() as uow:
            person = people.find(uow, NAME, address)
            known = people.addresses_of(uow, person.id) if person is not None else []
        return any(one.channel == NAME and one.unreachable for one in known)


async def _tried(call: Awaitable[Any]) -> None:
    """Too late, twice, or the network: the dialogue goes on all the same."""
    try:
        await call
    except TROUBLE as error:
        log.info("not_acknowledged", channel=NAME, why=type(error).__name__)
