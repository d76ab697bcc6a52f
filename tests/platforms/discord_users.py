"""People on the stand-in Discord, as tests drive them: they write, press, choose, fill in forms, and look."""

import asyncio
import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.platforms import discord_payloads as payloads
from tests.platforms.discord_forms import Modal, chosen, filled
from tests.platforms.discord_rest import delete, tell
from tests.platforms.discord_world import Channel, Interaction, Json, Message, Person, World

OPTION_TYPES = {str: 3, bool: 5, int: 4, float: 10}
COMMAND, COMPONENT, SUBMIT = 2, 3, 5
FILES = Sequence[tuple[str, bytes]]  # name, content


class User(Person):
    """A person with hands and eyes. Nothing here waits but `sees`, `sees_modal` and `sees_ack`."""

    __slots__ = ("world",)

    def __init__(self, world: World, name: str, *, member: bool, installed: bool) -> None:
        super().__init__(world.new_id(), name, member=member, installed=installed)
        self.world = world

    # ---------------------------------------------------------------- writing

    def writes_dm(self, text: str = "", attachments: FILES = (), **extra: Any) -> Message:
        """Write to the bot; `extra` goes into the payload (a sticker, a poll)."""
        return self._writes(self.world.dm(self), text, attachments, extra)

    def writes_in_guild(self, text: str, attachments: FILES = (), **extra: Any) -> Message:
        """Write where everyone reads; the bot sees the text only with the intent for it."""
        return self._writes(self.world.hall, text, attachments, extra)

    def sends_sticker(self, name: str = "Wumpus") -> Message:
        """A sticker alone, to the bot."""
        return self.writes_dm(
            sticker_items=[{"id": str(self.world.new_id()), "name": name, "format_type": 1}]
        )

    def sends_voice(self, seconds: float = 2.0) -> Message:
        """A voice message, to the bot."""
        about = {"duration_secs": seconds, "waveform": "AAAA"}
        voice = self.world.new_attachment("voice-message.ogg", b"OggS", "audio/ogg", extra=about)
        return self._said(self.world.dm(self), attachments=[voice], flags=1 << 13)

    def sends_poll(self, question: str, answers: Iterable[str]) -> Message:
        """A poll, to the bot."""
        numbered = [{"answer_id": n, "poll_media": {"text": text}} for n, text in enumerate(answers, start=1)]
        results = {"answer_counts": [], "is_finalized": False}
        poll = {
            "question": {"text": question},
            "answers": numbered,
            "allow_multiselect": False,
            "layout_type": 1,
        }
        return self.writes_dm(poll=poll | {"expiry": "2099-01-01T00:00:00+00:00", "results": results})

    def edits(self, message: Message, text: str) -> None:
        """Change what they wrote."""
        message.content, message.edits = text, message.edits + 1
        message.edited = self.world.moment()
        tell(self.world, "MESSAGE_UPDATE", message)

    def deletes(self, message: Message) -> None:
        """Take back what they wrote."""
        delete(self.world, message)

    def _writes(self, channel: Channel, text: str, files: FILES, extra: Json) -> Message:
        kinds = (
            (name, content, mimetypes.guess_type(name)[0] or "application/octet-stream")
            for name, content in files
        )
        attached = [self.world.new_attachment(*file) for file in kinds]
        return self._said(channel, content=text, attachments=attached, extra=extra)

    def _said(self, channel: Channel, **fields: Any) -> Message:
        message = self.world.new_message(channel, self, **fields)
        tell(self.world, "MESSAGE_CREATE", message)
        return message

    # ---------------------------------------------------------------- doors

    def closes_dms(self) -> None:
        """From now on the bot's messages are refused."""
        self.dms_open = False

    def opens_dms(self) -> None:
        """From now on they arrive again."""
        self.dms_open = True

    def joins_guild(self) -> None:
        """Come into the guild."""
        self.member = True
        payloads.tell_joined(self.world, self, joined=True)

    def leaves_guild(self) -> None:
        """Leave the guild."""
        self.member = False
        payloads.tell_joined(self.world, self, joined=False)

    # ---------------------------------------------------------------- acting

    def slash(self, name: str, where: str = "dm", **options: Any) -> Interaction:
        """Give a command, "group sub" for a subcommand; `where` is "dm" or "guild"."""
        first, *subs = name.split()
        command = self._command(first, where)
        given = [
            {"name": key, "type": OPTION_TYPES[type(value)], "value": value} for key, value in options.items()
        ]
        for depth, sub in enumerate(reversed(subs)):
            given = [{"name": sub, "type": 1 if depth == 0 else 2, "options": given}]
        data = {"id": command["id"], "name": first, "type": 1, "options": given}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        channel = self.world.hall if where == "guild" else self.world.dm(self)
        return self._acts(COMMAND, channel, data)

    def clicks(self, message: Message, what: str) -> Interaction:
        """Press a button of a message by its label or custom_id; it must be there, and not greyed out."""
        self._must_see(message)
        for label, custom_id in message.buttons.items():
            if what in (label, custom_id):
                return self._pressed(message, {"custom_id": custom_id, "component_type": 2})
        raise LookupError(f"no button {what!r} among {message.buttons}")

    def clicks_raw(self, custom_id: str, message: Message | None = None, **data: Any) -> Interaction:
        """Press a button whether or not it is there: of an old message, or sent by a forger."""
        if message is None:
            button = {"type": 2, "style": 1, "label": "?", "custom_id": custom_id}
            row = payloads.stored_components([{"type": 1, "components": [button]}])
            world = self.world
            message = Message(world.new_id(), world.dm(self), world.bot, world.moment(), components=row)
        return self._pressed(message, {"custom_id": custom_id, "component_type": 2} | data)

    def selects(
        self, message: Message, values: str | Sequence[str], custom_id: str | None = None
    ) -> Interaction:
        """Choose in a list by values or labels; of the only list, unless one is named."""
        self._must_see(message)
        for part in message.parts:
            if part["type"] == 3 and custom_id in (None, part["custom_id"]):
                picked = chosen(part, [values] if isinstance(values, str) else values)
                data = {"custom_id": part["custom_id"], "component_type": 3, "values": picked}
                return self._pressed(message, data)
        raise LookupError("no such list")

    def submits(self, modal: Modal | Interaction, values: Mapping[str, Any]) -> Interaction:
        """Send a form: custom_id (or label) -> what was put in; the rest stays as it was shown."""
        if isinstance(modal, Interaction):
            modal = Modal(modal, modal.modal or {})
        parent, left = modal.interaction, dict(values)
        components = [filled(part, left) for part in modal.data["components"]]
        if left:
            raise LookupError(f"nothing to fill in for {sorted(left)}")
        data = {"custom_id": modal.data["custom_id"], "components": components}
        return self._acts(SUBMIT, parent.channel, data, message=parent.message, parent=parent)

    def _command(self, name: str, where: str) -> Json:
        places = (self.world.guild_id, 0) if where == "guild" else (0,)
        for place in places:
            for command in self.world.commands.get(place, ()):
                contexts = command.get("contexts")
                if command["name"] == name and (
                    contexts is None or (0 if where == "guild" else 1) in contexts
                ):
                    return command
        raise LookupError(f"no command {name!r} is offered here ({where})")

    def _must_see(self, message: Message) -> None:
        if message.deleted or (message.ephemeral and message.shown_to is not self):
            raise LookupError("this message is not on the screen")

    def _pressed(self, message: Message, data: Json) -> Interaction:
        return self._acts(COMPONENT, message.channel, data, message=message)

    def _acts(self, kind: int, channel: Channel, data: Json, **more: Any) -> Interaction:
        made = self.world.new_interaction(kind, self, channel, data, **more)

        def tell_bot() -> None:
            made.delivered = self.world.now()
            self.world.emit("INTERACTION_CREATE", payloads.interaction(self.world, made), 0)

        # The client knows a view only once the answer that showed it has arrived: people are not that fast
        wait = 0.0 if kind == COMMAND else self.world.delay
        asyncio.get_running_loop().call_later(wait, tell_bot)
        return made

    # ---------------------------------------------------------------- looking

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote to them, as it now stands: by DM, or in answer to what they did. Deleted ones too."""
        found = [
            message
            for channel in self.world.channels.values()
            for message in channel.messages.values()
            if message.author is self.world.bot and (channel.person is self or message.shown_to is self)
        ]
        return sorted(found, key=lambda message: message.id)

    @property
    def screen(self) -> list[Message]:
        """Those that are still there."""
        return [message for message in self.messages if not message.deleted]

    async def sees(
        self,
        text: str = "",
        timeout: float = 5.0,  # noqa: ASYNC109  # a test's patience, in the words of pytest
        *,
        after: Message | None = None,
    ) -> Message:
        """The latest message that holds the text, once it is there; `after`: a newer one than this."""

        def look() -> Message | None:
            fits = (
                it
                for it in reversed(self.screen)
                if text in it.text and not it.loading and (after is None or it.id > after.id)
            )
            return next(fits, None)

        found = await self.world.until(look, timeout)
        assert found is not None, f"{text!r} not seen; there is {[it.text for it in self.screen]}"
        return found

    async def sees_modal(self, timeout: float = 5.0) -> Modal:  # noqa: ASYNC109  # as above
        """The latest form that was opened for them, once there is one."""

        def look() -> Modal | None:
            mine = [
                it for it in self.world.interactions.values() if it.person is self and it.modal is not None
            ]
            return Modal(mine[-1], mine[-1].modal or {}) if mine else None

        found = await self.world.until(look, timeout)
        assert found is not None, "no form was opened"
        return found

    async def sees_ack(self, interaction: Interaction, timeout: float = 5.0) -> int:  # noqa: ASYNC109  # as above
        """The type of the first answer to what they did, once it came."""
        found = await self.world.until(lambda: interaction.ack, timeout)
        assert found is not None, "the interaction failed"
        return found.type
