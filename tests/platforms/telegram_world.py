"""What a stand-in Bot API holds: chats and what stands in them, files, commands, and who the bot is."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from PIL import Image

from tests.platforms.telegram_updates import Refused, Updates

Json = dict[str, Any]

SCOPES = ("chat", "all_private_chats", "default")  # what a person alone with the bot sees, the nearest first


@dataclass(eq=False)
class Sent:
    """A message of the bot, as it stands in the chat now."""

    body: Json  # the Message, as the service gives it
    method: str
    content: bytes | None = None  # of the photo or document
    reply_keyboard: Json | None = (
        None  # the markup that is no inline keyboard: in force, but not in the message
    )
    silent: bool = False
    edits: int = 0
    deleted: bool = False
    changed: int = 0  # grows with whatever happens to any message

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def chat(self) -> int:
        return int(self.body["chat"]["id"])

    @property
    def text(self) -> str:
        """The text or the caption."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        return self.body.get("entities") or self.body.get("caption_entities") or []

    @property
    def keyboard(self) -> list[list[Json]]:
        """The inline keyboard."""
        return list(self.body.get("reply_markup", {}).get("inline_keyboard", []))

    @property
    def buttons(self) -> list[Json]:
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    @property
    def photo(self) -> bytes | None:
        return self.content if "photo" in self.body else None

    @property
    def document(self) -> bytes | None:
        return self.content if "document" in self.body else None


@dataclass(eq=False)
class Chat:
    """A chat, and what the bot and people did in it."""

    id: int
    about: Json  # the Chat, as the service gives it
    known: bool = False  # the bot may write: the person wrote first
    blocked: bool = False
    deactivated: bool = False
    removed: bool = False  # the bot, from a group
    moved_to: int = 0
    sent: list[Sent] = field(default_factory=list)
    received: dict[int, Json] = field(default_factory=dict)  # what people wrote, by message id
    actions: list[str] = field(default_factory=list)

    @property
    def private(self) -> bool:
        return bool(self.about["type"] == "private")

    def find(self, number: int) -> Sent | None:
        """A message of the bot that is still there."""
        return next((one for one in self.sent if one.id == number and not one.deleted), None)


@dataclass(frozen=True)
class Delivery:
    """One message that reached a chat."""

    time: datetime
    chat: int
    method: str
    text: str
    message: int


@dataclass(frozen=True)
class Stored:
    """A file that the service keeps."""

    id: str
    content: bytes
    path: str

    @property
    def about(self) -> Json:
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.content)}


@dataclass
class Query:
    """A press of a button, and what the bot answered."""

    id: str
    data: str
    time: datetime
    answer: Json | None = None


def real_now() -> datetime:
    """The machine's own clock, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  # a stand-in runs in real time unless it is given a clock


class World:
    """Everything but the wire."""

    def __init__(
        self,
        *,
        username: str = "boussole_test_bot",
        bot_id: int = 42,
        clock: Callable[[], datetime] = real_now,
        query_life: timedelta = timedelta(seconds=30),
        webhook_retry: float = 0.05,
    ) -> None:
        self.clock = clock
        self.query_life = query_life
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Boussole", "username": username}
        self.updates = Updates(clock, webhook_retry)
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Stored] = {}
        self.photos: dict[str, list[Json]] = {}  # the sizes, by the id of each
        self.queries: dict[str, Query] = {}
        self.deliveries: list[Delivery] = []
        self.commands: dict[tuple[str, int, str], list[Json]] = {}  # by scope, chat and language
        self.words: dict[tuple[str, str], str] = {}  # name and descriptions, by language
        self.menu_buttons: dict[int, Json] = {}  # by chat, 0 for all
        self._numbers = count(1)
        self._ticks = count(1)

    def date(self) -> int:
        """Now, as the service tells it: in seconds."""
        return int(self.clock().timestamp())

    def number(self) -> int:
        """A fresh number, for a message, a file or a query."""
        return next(self._numbers)

    def tick(self) -> int:
        """The next change."""
        return next(self._ticks)

    def keep(self, content: bytes, folder: str, suffix: str) -> Stored:
        """Keep a file."""
        number = self.number()
        stored = Stored(f"AgACAgQ{number}", content, f"{folder}/file_{number}.{suffix}")
        self.files[stored.id] = stored
        return stored

    def sizes(self, content: bytes) -> list[Json]:
        """The PhotoSize objects of a photo: a small one and the whole one."""
        stored = self.keep(content, "photos", "jpg")
        width, height = measured(content)
        scale = min(1.0, 90 / max(width, height))
        small = Stored(f"{stored.id}s", content, stored.path)
        self.files[small.id] = small
        little = {"width": max(1, int(width * scale)), "height": max(1, int(height * scale))}
        sizes = [{**small.about, **little}, {**stored.about, "width": width, "height": height}]
        self.photos |= {stored.id: sizes, small.id: sizes}
        return sizes

    def chat(self, number: object) -> Chat:
        """The chat that a request names, refused as the service does."""
        found = self.chats.get(number) if isinstance(number, int) else None
        if found is None or not found.known:
            raise Refused(400, "Bad Request: chat not found")
        if found.moved_to:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, words, migrate_to_chat_id=found.moved_to)
        return found

    def writable(self, number: object) -> Chat:
        """The chat, if the bot may write in it now."""
        found = self.chat(number)
        if found.deactivated:
            raise Refused(403, "Forbidden: user is deactivated")
        if found.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if found.removed:
            raise Refused(403, f"Forbidden: bot was kicked from the {found.about['type']} chat")
        return found

    def commands_for(self, chat: int, language: str) -> list[Json]:
        """The commands that a person sees alone with the bot."""
        for scope in SCOPES:
            for tongue in (language, ""):
                found = self.commands.get((scope, chat if scope == "chat" else 0, tongue))
                if found:
                    return found
        return []


def measured(content: bytes) -> tuple[int, int]:
    """The size of a picture; what is none is refused as the service does."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.verify()
            return picture.size
    except (OSError, SyntaxError, ValueError) as fault:
        raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED") from fault
