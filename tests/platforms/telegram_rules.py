"""What the Bot API refuses: texts, keyboards, files, and sending too fast."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.platforms.telegram_html import BadHtmlError, parse, trimmed, units
from tests.platforms.telegram_updates import Refused

Json = dict[str, Any]

TEXT = 4096
CAPTION = 1024
DATA = 64  # bytes
BUTTONS = 100
ROW = 8
PHOTO = 10 * 2**20
UPLOAD = 50 * 2**20
DOWNLOAD = 20 * 2**20
NOTICE = 200  # characters of an answer to a press
COMMANDS = 100
COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
DESCRIPTION = 256
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
DOES = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def written(params: Mapping[str, Any], name: str, limit: int) -> tuple[str, list[Json]]:
    """A text and its entities, read by the parse mode, without the space around it."""
    source = str(params.get(name, "")).replace("\r", "")
    mode = str(params.get("parse_mode", "")).lower()
    entities = list(params.get("entities" if name == "text" else "caption_entities") or [])
    if mode == "html":
        try:
            source, entities = parse(source)
        except BadHtmlError as fault:
            raise Refused(400, f"Bad Request: can't parse entities: {fault}") from fault
    elif mode:
        raise Refused(400, "Bad Request: unsupported parse_mode")
    text, entities = trimmed(source, entities)
    if units(text) > limit:
        what = "message" if name == "text" else "message caption"
        raise Refused(400, f"Bad Request: {what} is too long")
    return text, entities


def keyboard(markup: object) -> tuple[Json | None, Json | None]:
    """A markup as an inline keyboard, or as one that is not shown in the message."""
    if markup is None:
        return None, None
    if not isinstance(markup, dict):
        raise Refused(400, "Bad Request: object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None, markup
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > BUTTONS or any(len(row) > ROW for row in rows):
        raise Refused(400, "Bad Request: reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return ({"inline_keyboard": rows} if rows else None), None


def _check_button(button: Json) -> None:
    broken = "Bad Request: can't parse inline keyboard button: "
    if not isinstance(button.get("text"), str):
        raise Refused(400, broken + 'Field "text" must be of type String')
    if not button["text"].strip():
        raise Refused(400, broken + "Button text must be non-empty")
    if not any(name in button for name in DOES):
        raise Refused(400, broken + "Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA:
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    address = re.match(r"(?:(?:https?|tg|ton)://)?([^/?#:]*)", button.get("url", "tg://x"))
    if address is None or ("." not in address[1] and not button.get("url", "tg://x").startswith("tg://")):
        raise Refused(
            400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )


def check_photo(content: bytes, size: tuple[int, int]) -> None:
    """Refuse a photo that is too heavy or too long."""
    if len(content) > PHOTO:
        raise Refused(
            400,
            f"Bad Request: file of size {len(content)} bytes is too big for a photo; "
            f"the maximum size is {PHOTO} bytes",
        )
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise Refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


def check_commands(commands: object) -> list[Json]:
    """The commands of a menu."""
    if not isinstance(commands, list):
        raise Refused(400, "Bad Request: expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise Refused(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not COMMAND.fullmatch(str(one.get("command", ""))):
            raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= units(str(one.get("description", ""))) <= DESCRIPTION:
            raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    return [{**one, "command": one["command"].removeprefix("/")} for one in commands]


@dataclass
class Pace:
    """How fast a bot may send: 30 messages a second in all, one a second to a person, 20 a minute to a group.

    Each line is a time before which the next message is early; a few early ones pass.
    """

    clock: Callable[[], datetime]
    burst: int = 3  # to one person, at once
    _due: dict[int, float] = field(default_factory=dict)

    def take(self, chat: int) -> None:
        """Count a message, or refuse it."""
        now = self.clock().timestamp()
        lines = [(0, 1 / 30, 30), (chat, 1.0, self.burst) if chat > 0 else (chat, 3.0, 20)]
        early = [self._due.get(line, now) - (many - 1) * gap - now for line, gap, many in lines]
        if max(early) > 1e-6:
            seconds = math.ceil(max(early))
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for line, gap, _ in lines:
            self._due[line] = max(self._due.get(line, now), now) + gap
