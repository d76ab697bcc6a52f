"""What goes out on Discord: texts and pictures, buttons and lists under them, and the form for typed answers."""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.application import keyboard, wire
from bot.application.keyboard import PAGE, SEVERAL, Button
from bot.application.messages import Screen
from bot.channels.discord_in import ANSWER, FORM, LIST
from bot.channels.discord_lib import discord, ui
from dialogues.events import Asked
from dialogues.model import StepKind

TYPED = frozenset({StepKind.TEXT, StepKind.LIST, StepKind.DATE})
ROWS, WIDE = 5, 5  # of buttons under a message
LISTED = 25  # options in a list
LABEL, OPTION, PLACEHOLDER, TITLE, ABOUT, ALT = 80, 100, 150, 45, 100, 1024  # characters
CONTENT, FIELD = 2_000, 4_000
ACT = 23  # where a button's data says what it does, after the screen's id
Say = Callable[..., str]
_STYLES = {
    "v": discord.ButtonStyle.success,
    "p": discord.ButtonStyle.primary,
    "w": discord.ButtonStyle.primary,
}
_SIGNS = ((b"\x89PNG", "png"), (b"\xff\xd8", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


def nonce(*parts: object) -> str:
    """The mark by which Discord knows a second sending of the same part (25 characters at most)."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:25]


async def send_part(
    room: discord.abc.Messageable, body: Mapping[str, Any], picture: bytes | None, mark: str, say: Say
) -> discord.Message:
    """Send one part. Raises what the library raises."""
    screen = wire.screen_from_json(body.get("screen"))
    extra: dict[str, Any] = {}
    below = under(screen, say) if screen is not None else None
    if below is not None:
        extra["view"] = below
    if picture is not None:
        extra["file"] = _file(picture, str(body.get("text") or ""))
    content = marked_up(str(body.get("text") or "…"), screen)
    return await room.send(content, nonce=mark, suppress_embeds=True, **extra)


def marked_up(text: str, screen: Screen | None) -> str:
    """The text with nothing of it taken for formatting, and the question that waits in bold."""
    prompt = screen.asked.prompt.strip() if screen is not None else ""
    escape = discord.utils.escape_markdown
    whole = escape(text)
    if prompt and text.rstrip().endswith(prompt):
        whole = f"{escape(text.rstrip()[: -len(prompt)])}**{escape(prompt)}**"
    return whole if len(whole) <= CONTENT else text[:CONTENT]


def under(
    screen: Screen, say: Say, picked: Sequence[int] | None = None, page: int | None = None
) -> ui.View | None:
    """The buttons or the list under a question; None when there are none."""
    rows = keyboard.board(screen, picked, page)
    last: list[Button] = rows.pop() if screen.asked.skippable else []
    if screen.asked.kind in TYPED or screen.asked.accepts_text:
        last = [Button(say("answer_in_words"), f"{screen.id}{FORM}"), *last]
    items: list[list[ui.Item[Any]]] = []
    if in_a_list(screen.asked):
        items = [[_list(screen, say)]]
    elif screen.asked.options:
        items = [[_button(one) for one in row] for row in _rows(rows, ROWS - bool(last))]
    if last:
        items.append([_button(one) for one in last])
    return _view(items) if items else None


def form(title: str, screen_id: str, screen: Screen | None) -> ui.Modal:
    """The form for an answer in words; what it asks and how long it may be, where the screen is known."""
    made = ui.Modal(title=_cut(title, TITLE), custom_id=f"{screen_id}{FORM}", timeout=None)
    asked = screen.asked if screen is not None else None
    most = min(asked.max_chars or FIELD, FIELD) if asked else FIELD
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=ANSWER, style=discord.TextStyle.paragraph, max_length=most
    )
    about = _cut(asked.prompt, ABOUT) if asked and asked.prompt else None
    made.add_item(ui.Label(text=_cut(title, TITLE), description=about, component=field))
    made.stop()  # what is sent comes in as any other touch, after a restart too
    return made


def in_a_list(asked: Asked) -> bool:
    """Whether the options go into a list: several at once, or more than buttons can hold."""
    if not 0 < len(asked.options) <= LISTED:
        return False
    return asked.kind is StepKind.MULTI if asked.kind in SEVERAL else len(asked.options) > PAGE


def _list(screen: Screen, say: Say) -> "ui.Select[Any]":
    asked = screen.asked
    count, several = len(asked.options), asked.kind is StepKind.MULTI
    least = min(max(asked.minimum, 1), count) if several else 1
    most = min(max(asked.maximum, least), count) if several else 1
    hint = say("pick_between", min=asked.minimum, max=asked.maximum) if several else asked.prompt
    options = [
        discord.SelectOption(
            label=_cut(one.label, OPTION), value=str(index), default=one.key in asked.current[:most]
        )
        for index, one in enumerate(asked.options)
    ]
    return ui.Select(
        custom_id=f"{screen.id}{LIST}",
        placeholder=_cut(hint, PLACEHOLDER) or None,
        min_values=least,
        max_values=most,
        options=options,
    )


def _rows(rows: Sequence[Sequence[Button]], room: int) -> list[list[Button]]:
    """The rows of a board within so many: options beside each other, paging and « Valider » together."""
    flat = [one for row in rows for one in row]
    options = [one for one in flat if one.data[ACT] in "pt"]
    rest = [one for one in flat if one.data[ACT] not in "pt"]
    room -= bool(rest)
    usual = max((len(row) for row in rows if row[0] in options), default=1)
    width = min(WIDE, max(usual, -(-len(options) // room)))
    found = [options[start : start + width] for start in range(0, len(options), width)]
    return [*found, rest] if rest else found


def _button(one: Button) -> "ui.Button[Any]":
    act, ticked = one.data[ACT], one.data[-1] in one.data[ACT + 1 : -2]
    style = _STYLES.get(act, discord.ButtonStyle.secondary)
    if act == "t" and ticked:
        style = discord.ButtonStyle.primary
    return ui.Button(label=_cut(one.label, LABEL), custom_id=one.data, style=style)


def _view(items: Sequence[Sequence[ui.Item[Any]]]) -> ui.View:
    made = ui.View(timeout=None)
    for number, row in enumerate(items):
        for item in row:
            item.row = number
            made.add_item(item)
    made.stop()  # touches are read from their ids: the library need not keep it
    return made


def _file(picture: bytes, words: str) -> discord.File:
    kind = next((name for sign, name in _SIGNS if picture.startswith(sign)), "png")
    return discord.File(io.BytesIO(picture), f"image.{kind}", description=_cut(words, ALT) or None)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
