"""What a chat platform can carry: a neutral message becomes parts within its limits. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.application.messages import Message

PARAGRAPH = "\n\n"
_BREAKS = (PARAGRAPH, "\n", ". ", "? ", "! ", " ")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a platform, in characters, or in UTF-16 code units where it counts those (Telegram)."""

    text: int
    caption: int  # of a picture; longer ones follow it as a text
    utf16: bool = False


LIMITS: Mapping[str, Limits] = {
    "telegram": Limits(4096, caption=1024, utf16=True),
    "discord": Limits(2000, caption=2000),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One sending: a text, or a picture with its text equivalent."""

    kind: str  # text | picture
    text: str = ""
    reference: str = ""  # a product or an upload
    body: Mapping[str, Any] | None = None


def parts(messages: Sequence[Message], channel: str) -> list[Part]:
    """The sendings of one turn. Bubbles go together as long as they fit; a picture stands alone. KeyError: unknown channel."""
    limits = LIMITS[channel]
    found: list[Part] = []
    waiting: list[str] = []
    for one in messages:
        if one.kind in ("product", "picture"):
            found += [Part("text", text) for text in _joined(waiting, limits)]
            waiting = []
            found += _picture(one, limits)
        else:
            waiting.append(in_words(one))
    return [*found, *(Part("text", text) for text in _joined(waiting, limits))]


def _picture(one: Message, limits: Limits) -> Iterator[Part]:
    """A picture with its text equivalent under it, or after it when that is too long for a caption."""
    reference = str(one.body.get("product_id") or one.body.get("upload_id") or "")
    words, body = in_words(one), {"kind": one.kind, "sealed": one.body.get("sealed", "")}
    if size(words, limits) <= limits.caption:
        yield Part("picture", words, reference, body)
        return
    title = str(one.body.get("title") or one.body.get("alt") or "")
    yield Part("picture", cut(title, replace(limits, text=limits.caption))[0], reference, body)
    yield from (Part("text", text) for text in _joined([words], limits))


def in_words(message: Message) -> str:
    """The text equivalent of any message."""
    body = message.body
    match message.kind:
        case "card":
            return "\n".join(_card_lines(body))
        case "product":
            return f"{body.get('title', '')}\n{body.get('text', '')}".strip()
        case "picture":
            return str(body.get("alt", ""))
        case "lines":
            return "\n".join([str(body.get("title", "")), *(_line(one) for one in body.get("lines", ()))])
        case "link":
            return f"{body.get('label', '')} : {body.get('url', '')}"
        case _:
            return str(body.get("text", ""))


def _card_lines(body: Mapping[str, Any]) -> Iterator[str]:
    yield str(body.get("title", ""))
    yield from (str(line) for line in body.get("lines", ()))
    yield from (f"• {reason}" for reason in body.get("reasons", ()))
    yield from (str(body[name]) for name in ("doubt", "source", "url") if body.get(name))


def _line(one: Mapping[str, Any]) -> str:
    return " ".join(str(one.get(name, "")) for name in ("number", "name", "hours", "url") if one.get(name))


def _joined(texts: Sequence[str], limits: Limits) -> Iterator[str]:
    """Texts put together within the limit; a longer one is cut where it reads best."""
    current = ""
    for text in texts:
        together = f"{current}{PARAGRAPH}{text}" if current else text
        if size(together, limits) <= limits.text:
            current = together
            continue
        if current:
            yield current
        *full, current = cut(text, limits)
        yield from full
    if current:
        yield current


def cut(text: str, limits: Limits) -> list[str]:
    """A text in pieces that fit, cut at a paragraph, a line, a sentence, a word, or where it must be. Nothing is lost."""
    pieces: list[str] = []
    while size(text, limits) > limits.text:
        end = _room(text, limits)
        best = next((at + len(mark) for mark in _BREAKS if (at := text.rfind(mark, end // 2, end)) > 0), end)
        pieces.append(text[:best])
        text = text[best:]
    return [*pieces, text]


def _room(text: str, limits: Limits) -> int:
    """How many characters of the text fit."""
    if not limits.utf16:
        return limits.text
    used = 0
    for place, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1  # noqa: PLR2004  # outside the basic plane: two code units
        if used > limits.text:
            return place
    return len(text)


def size(text: str, limits: Limits) -> int:
    """The length of a text as the channel counts it."""
    return len(text.encode("utf-16-le")) // 2 if limits.utf16 else len(text)
