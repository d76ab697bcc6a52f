"""What the stand-in Discord knows: its people, channels, messages and interactions, and a time that tests may move."""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from tests.platforms.discord_limits import RefusedError

EPOCH = 1_420_070_400_000  # milliseconds; identifiers count from here
GUILD_MESSAGES, DIRECT_MESSAGES, GUILD_MEMBERS = 1 << 9, 1 << 12, 1 << 1  # intents
PRESENCES, MESSAGE_CONTENT = 1 << 8, 1 << 15
EPHEMERAL, LOADING = 1 << 6, 1 << 7  # flags of a message
NONCE_SECONDS = 120.0
Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass(slots=True, eq=False)
class Person:
    """Someone with an account, the bot included."""

    id: int
    name: str
    bot: bool = False
    member: bool = True  # of the guild
    installed: bool = False  # has the app on their own account, so that it may write to them without a guild
    dms_open: bool = True

    def payload(self) -> Json:
        """As a `UserResponse`."""
        handle = f"{self.name.lower().replace(' ', '_')}{self.id % 1000}"
        return {
            "id": str(self.id), "username": handle, "global_name": self.name, "avatar": None, "bot": self.bot,
            "discriminator": "0", "public_flags": 0, "flags": 0, "primary_guild": None,
        }  # fmt: skip


@dataclass(slots=True, eq=False)
class Channel:
    """The guild's one text channel (`person` is None), or the direct messages with a person."""

    id: int
    person: Person | None = None
    messages: "dict[int, Message]" = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Attachment:
    """A file on a message."""

    id: int
    filename: str
    content: bytes
    content_type: str
    url: str
    description: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def payload(self, *, ephemeral: bool) -> Json:
        """As a `MessageAttachmentResponse`."""
        data: Json = {
            "id": str(self.id), "filename": self.filename, "size": len(self.content), "url": self.url,
            "proxy_url": self.url, "content_type": self.content_type, **self.extra,
        }  # fmt: skip
        if self.description:
            data["description"] = self.description
        return data | ({"ephemeral": True} if ephemeral else {})


@dataclass(slots=True, eq=False)
class Message:
    """A message as it now stands."""

    id: int
    channel: Channel
    author: Person
    sent: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    edits: int = 0
    edited: datetime | None = None
    deleted: bool = False
    shown_to: Person | None = None  # whose interaction it answers
    extra: Json = field(
        default_factory=dict
    )  # further members of the payload: a poll, a sticker, a reference

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who acted sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says "… is thinking"."""
        return bool(self.flags & LOADING)

    @property
    def parts(self) -> list[Json]:
        """Every component, inner ones included, in reading order."""
        return list(_inner(self.components))

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons that can be pressed: label -> custom_id."""
        return {
            part.get("label", ""): part["custom_id"]
            for part in self.parts
            if part["type"] == 2 and "custom_id" in part and not part.get("disabled")
        }

    @property
    def text(self) -> str:
        """All that is read: content, embeds and text displays."""
        lines = [self.content]
        for embed in self.embeds:
            lines += [embed.get("title", ""), embed.get("description", "")]
            lines += [f"{entry['name']}\n{entry['value']}" for entry in embed.get("fields", ())]
            lines.append(embed.get("footer", {}).get("text", ""))
        lines += [part["content"] for part in self.parts if part["type"] == 10]
        return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class Ack:
    """The first answer to an interaction: after how long, and of which type."""

    seconds: float
    type: int


@dataclass(slots=True, eq=False)
class Interaction:
    """Something a person did: a command (2), a press or a choice (3), a form sent (5)."""

    id: int
    token: str
    type: int
    person: Person
    channel: Channel
    data: Json
    message: Message | None = None
    parent: "Interaction | None" = None  # which opened the form
    delivered: float | None = None  # when the bot was told
    ack: Ack | None = None
    response: Message | None = None  # what `@original` is
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)


@dataclass(slots=True)
class Delivery:
    """A message that really arrived: one each, whatever the caller was told."""

    at: float
    channel: int
    to: str  # the person's name; "" in the guild
    content: str
    nonce: str | int | None
    operation: str
    message: Message


class World:
    """All the stand-in's state, without a socket."""

    def __init__(self, *, token: str) -> None:
        self.token = token
        self.root = ""  # set with the port
        self.shift = 0.0
        self._last_id = 0
        self._moved = asyncio.Event()
        self.people: dict[int, Person] = {}
        self.channels: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}  # by token
        self.commands: dict[int, list[Json]] = {}  # by guild; 0 for everywhere
        self.deliveries: list[Delivery] = []
        self.acks: dict[int, Ack] = {}
        self.typing: list[int] = []  # channels
        self.files: dict[int, Attachment] = {}
        self.ack_limit, self.token_life, self.delay = 3.0, 900.0, 0.03
        self.dm_opening_refused = False
        self.emit: Callable[[str, Json, int], None] = lambda _event, _data, _intent: None
        self.application_id, self.guild_id = self.new_id(), self.new_id()
        self.bot = Person(self.application_id, "Boussole", bot=True)
        self.people[self.bot.id] = self.bot
        self.hall = self.new_channel(None)

    # ---------------------------------------------------------------- time and identifiers

    def now(self) -> float:
        """Seconds since 1970, moved by `shift`."""
        return time.time_ns() / 1e9 + self.shift

    def moment(self) -> datetime:
        """The same as a date."""
        return datetime.fromtimestamp(self.now(), UTC)

    def new_id(self) -> int:
        """An identifier that tells its time, above all the earlier ones."""
        self._last_id = max(self._last_id + 1, (int(self.now() * 1000) - EPOCH) << 22)
        return self._last_id

    def changed(self) -> None:
        """Let those who wait look again."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def until(self, look: Callable[[], Found | None], seconds: float) -> Found | None:
        """The first thing that `look` finds, or None when the patience is over."""
        deadline = asyncio.get_running_loop().time() + seconds
        while (found := look()) is None:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._moved.wait()
            except TimeoutError:
                return look()
        return found

    # ---------------------------------------------------------------- people, channels, messages

    def new_channel(self, person: Person | None) -> Channel:
        """A channel more."""
        channel = Channel(self.new_id(), person)
        self.channels[channel.id] = channel
        return channel

    def dm(self, person: Person) -> Channel:
        """The direct messages with a person, opened where need be."""
        known = (channel for channel in self.channels.values() if channel.person is person)
        return next(known, None) or self.new_channel(person)

    def channel(self, channel_id: str) -> Channel:
        """A known channel."""
        if (channel := self.channels.get(_number(channel_id))) is None:
            raise RefusedError(404, 10003, "Unknown Channel")
        return channel

    def message(self, channel: Channel, message_id: str) -> Message:
        """A message that is there for everyone in the channel."""
        message = channel.messages.get(_number(message_id))
        if message is None or message.deleted or message.ephemeral:
            raise RefusedError(404, 10008, "Unknown Message")
        return message

    def new_message(self, channel: Channel, author: Person, **fields: Any) -> Message:
        """A message more; nobody is told."""
        message = Message(self.new_id(), channel, author, self.moment(), **fields)
        channel.messages[message.id] = message
        self.changed()
        return message

    def new_attachment(self, filename: str, content: bytes, content_type: str, **fields: Any) -> Attachment:
        """A file more, with the address from which it is fetched."""
        number = self.new_id()
        url = f"{self.root}/attachments/{number}/{filename}"
        self.files[number] = Attachment(number, filename, content, content_type, url, **fields)
        return self.files[number]

    def new_interaction(
        self, kind: int, person: Person, channel: Channel, data: Json, **more: Any
    ) -> Interaction:
        """An interaction more; the bot is not told yet."""
        made = Interaction(self.new_id(), secrets.token_urlsafe(32), kind, person, channel, data, **more)
        self.interactions[made.token] = made
        return made

    def deliver(self, message: Message, operation: str) -> None:
        """Write down that it arrived."""
        person = message.channel.person
        name = person.name if person else ""
        content, nonce = message.content, message.nonce
        self.deliveries.append(
            Delivery(self.now(), message.channel.id, name, content, nonce, operation, message)
        )
        self.changed()


def _number(identifier: str) -> int:
    return int(identifier) if identifier.isdecimal() else 0


def _inner(components: list[Json]) -> list[Json]:
    found: list[Json] = []
    for part in components:
        found.append(part)
        inner = [
            *part.get("components", ()),
            *(part[key] for key in ("accessory", "component") if part.get(key)),
        ]
        found += _inner(inner)
    return found
