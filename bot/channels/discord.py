"""The Discord channel: the adapter that takes what comes from the library's client and sends through it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.application import linking, replies, safety, wire
from bot.application.intake import Intake, Payload
from bot.application.messages import Answer, Hello, Incoming, Picture, Press, Screen, Text
from bot.application.pace import Pace
from bot.application.services import Services
from bot.application.staff_commands import is_ours
from bot.application.threads import in_thread
from bot.channels import discord_calls, discord_in
from bot.channels.discord_client import Client
from bot.channels.discord_known import Known
from bot.channels.discord_lib import discord
from bot.channels.discord_missed import Missed
from bot.channels.discord_send import Mail
from bot.channels.discord_touch import Touches
from bot.logs import get_logger
from dialogues import understand
from storage import people
from storage.attempts import Outcome
from storage.errors import StorageError
from storage.outbox import OutboxRow, State

FAILED = "?"  # the person of the answer to what could not be handled
GONE = (403, 404)
log = get_logger(__name__)


class Discord:
    """Implements the application's `Channel` (sending) and `Platform` (receiving). One event loop."""

    name = "discord"

    def __init__(self, services: Services, pace: Pace) -> None:
        self.services = services
        self.intake = Intake(services, self)
        self.mail = Mail(services, pace)
        self.missed = Missed(services, pace, self.take)
        self.listening = False  # another process may hold the line
        self.connected = False
        self._known = Known()
        self._touches = Touches(services, self, self.take)
        self._say = services.library.microcopy.say
        self._lines: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def client(self) -> Client:
        """The library's client, once it is signed in."""
        return self.mail.client

    # ------------------------------------------------------------ going out

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        """Send one part of the outbox. Never raises."""
        found = await self.mail.send(row, address)
        if found.unreachable:
            touched = self._known.touched.get(address)
            if touched is not None:  # the one way left to tell them
                self._later(discord_calls.tell(self.client, touched, self._say("dm_closed")))
        screen = wire.screen_from_json(row.body.get("screen")) if found.state is State.SENT else None
        if screen is not None and not is_ours(screen.id):  # a question to staff is beside the conversation
            self._known.screens.put(address, screen)
        return found

    async def show(self, payload: Payload, address: str, answer: Answer) -> None:
        """Send the answer to a visit at once: nothing of it is kept. Never raises."""
        said = [one for one in answer.view.messages if one.side == "bot"]
        base = self.services.settings.base_url
        bodies = replies.bodies(replies.absolute(said, base), answer.view.screen, self.name)
        if answer.notice and not _by_button(payload):
            bodies.append({"kind": "text", "text": answer.notice})
        await self.mail.show(address, bodies, _key(payload))

    async def after(self, payload: Payload, address: str, answer: Answer | None) -> None:
        """Say the notice to a button, take away buttons that have served, and end « … réfléchit ». Never raises."""
        handled = answer is not None and answer.person != FAILED
        if answer is not None and handled:
            self._known.answered(address, answer)
            if answer.enrolled or answer.person == "joined":
                self.missed.kept_now(address)
        if payload["is"] == "slash":
            self._later(discord_calls.forget(self.client, payload))
        elif payload["is"] in ("press", "form") and answer is not None:
            if answer.notice and _by_button(payload):
                self._later(discord_calls.tell(self.client, payload, answer.notice))
            waits = answer.view.screen.id if answer.view.screen else ""
            if handled and discord_in.screen_of(payload) != waits:
                self._later(discord_calls.no_buttons(self.client, payload))

    # ------------------------------------------------------------ coming in, to the application

    async def read(self, payload: Payload, address: str, key: str) -> Incoming | None:
        """What was said, its picture fetched. A library error when it cannot be fetched now."""
        url, at = str(payload.get("picture") or ""), discord_in.written_at(payload)
        if url:
            content = await self._fetched(url)
            return Incoming(self.name, address, key, Picture(content, caption=str(payload["text"])), at)
        body = discord_in.body(payload)
        if isinstance(body, Text | Press) and await self._arrives(address, body):
            body = Hello()
        return Incoming(self.name, address, key, body, at) if body is not None else None

    async def _fetched(self, url: str) -> bytes:
        try:
            return await self.client.http.get_from_cdn(url)
        except discord.HTTPException as error:
            if error.status not in GONE:
                raise
            return b""  # its address has expired: as unreadable as an empty one

    async def _arrives(self, address: str, body: Text | Press) -> bool:
        """Whether somebody unknown opens with this. Codes and calls for help are read as they are.

        Whoever touches a button of a visit that was forgotten meanwhile begins anew too.
        """
        text = body.text if isinstance(body, Text) else ""
        if self._known.people.get(address) or linking.code_in(text) is not None:
            return False
        if self.intake.for_team(address, body):
            return False
        if understand.command(text) is understand.Command.SOS or safety.read(text, self.services.now()).level:
            return False
        if await self.intake.screen(address) is not None:
            return False
        return await in_thread(self.services, lambda: self._stranger(address))

    def _stranger(self, address: str) -> bool:
        with self.services.database.read() as uow:
            return people.find(uow, self.name, address) is None

    # ------------------------------------------------------------ coming in, from the library

    async def wrote(self, message: discord.Message) -> None:
        """Somebody wrote."""
        payload = discord_in.message(message) if self.listening else None
        if payload is not None:
            address = str(message.author.id)
            await self.take(address, payload)

    async def changed(self, event: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed a message."""
        payload = discord_in.edited(event) if self.listening else None
        if payload is not None:
            await self.take(str(event.message.author.id), payload)

    async def acted(self, interaction: discord.Interaction) -> None:
        """Somebody touched something or gave a command."""
        if self.listening:
            if interaction.guild_id is None and interaction.channel_id:
                self.mail.rooms.learn(str(interaction.user.id), interaction.channel_id)
            await self._touches.acted(interaction)

    def on_line(self, *, connected: bool, anew: bool = False) -> None:
        """The gateway came or went; `anew`: what happened before may have been missed."""
        self.connected = connected
        if anew:
            self.missed.hold()

    async def ready(self) -> None:
        """A new session is complete."""
        if self.listening:
            await self.catch_up()

    async def catch_up(self) -> None:
        """Read what was written while nobody listened. Never raises."""
        try:
            count = await self.missed.catch_up(self.client)
        except StorageError as error:
            log.warning("history_not_read", channel=self.name, why=type(error).__name__)
            return
        if count:
            log.info("history_read", channel=self.name, messages=count)

    async def take(self, address: str, payload: dict[str, Any]) -> None:
        """Keep one thing and let it be handled; Discord does not hand it over again, so storage is waited for."""
        if "token" in payload:
            self._known.touched.put(address, payload)
        if "room" in payload:
            self.mail.rooms.learn(address, int(payload["room"]))
        line = self._lines.setdefault(address, asyncio.Lock())
        async with line:
            back = await self._keep(address, payload)
        if not line.locked():
            self._lines.pop(address, None)
        room = self.mail.rooms.known(address)
        if room is not None and "edited" not in payload:
            self.missed.seen(address, room, int(payload["id"]))
        if back and payload["is"] == "message":  # the next contact after their messages were closed
            said = {"kind": "text", "text": self._say("dm_was_closed")}
            await self.mail.show(address, [said], f"open {payload['id']}")

    async def _keep(self, address: str, payload: dict[str, Any]) -> bool:
        wait = 1.0
        while True:
            try:
                return await self.intake.take(_key(payload), address, payload)
            except StorageError as error:
                log.warning("not_taken", channel=self.name, why=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)

    # ------------------------------------------------------------ for touches that change nothing, and for a stop

    def now(self, address: str) -> Screen | None:
        """The screen that waits for somebody, as far as this process knows."""
        return self._known.screens.get(address)

    async def find(self, address: str) -> Screen | None:
        """The same, as storage knows."""
        found = await self.intake.screen(address)
        if found is not None:
            self._known.screens.put(address, found)
        return found

    def _later(self, call: Coroutine[Any, Any, None]) -> None:
        """What nobody waits for."""
        task = asyncio.create_task(call)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until everything that was taken is handled, and the small answers are out."""
        await self.intake.idle()
        if self._tasks:
            await asyncio.wait(set(self._tasks))


def _key(payload: Payload) -> str:
    """The same for a second delivery."""
    return f"{payload['is'][0]}{payload['id']}{payload.get('edited', '')}"


def _by_button(payload: Payload) -> bool:
    """Whether the answer's notice belongs under a button: words of a button are answered like words."""
    return payload["is"] == "press" and isinstance(discord_in.body(payload), Press)
