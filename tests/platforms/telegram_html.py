"""Telegram's HTML: marked-up text becomes plain text and entities, whose places are counted in UTF-16 units."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

Json = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"[^\s=>]*")
TOKEN = re.compile(r"[\w.-]*", re.ASCII)
SPACE = re.compile(r"\s*")
EDGES = " \n\t"


class BadHtmlError(ValueError):
    """The text cannot be read; the message is the service's own."""


def units(text: str) -> int:
    """The length in UTF-16 code units, as the service counts."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, entity: Json) -> str:
    """The part of the text that an entity covers."""
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def parse(source: str) -> tuple[str, list[Json]]:
    """Plain text and its entities, outer ones first."""
    reader = _Reader(source)
    reader.read()
    found = [_entity(mark, reader.text) for mark in reader.closed]
    kept = [entity for entity in found if entity]
    return reader.text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the white space around it, which the service drops."""
    gone = len(text) - len(text.lstrip(EDGES))
    body = text.strip(EDGES)
    size = units(body)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - gone, 0)
        end = min(entity["offset"] + entity["length"] - gone, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return body, kept


@dataclass
class _Mark:
    name: str
    start: int  # in the plain text, in characters
    end: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    inside: str = ""  # the tag around it


@dataclass
class _Reader:
    source: str
    at: int = 0
    text: str = ""
    open: list[_Mark] = field(default_factory=list)
    closed: list[_Mark] = field(default_factory=list)

    def read(self) -> None:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._tag()
            else:
                self.text += self._character()
        if self.open:
            raise BadHtmlError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')

    def _character(self) -> str:
        found = CHARACTER.match(self.source, self.at)
        if found:
            self.at = found.end()
            return unescape(found[0])
        self.at += 1
        return self.source[self.at - 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    @property
    def _next(self) -> str:
        return self.source[self.at : self.at + 1]

    def _tag(self) -> None:
        begin = len(self.source[: self.at].encode())
        self.at += 1
        if self._next == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._take(NAME).lower()
        if not self._next:
            raise BadHtmlError(f"Unclosed start tag at byte offset {begin}")
        if name not in KINDS:
            raise BadHtmlError(f'Unsupported start tag "{name}" at byte offset {begin}')
        mark = _Mark(name, len(self.text), inside=self.open[-1].name if self.open else "")
        while True:
            self._take(SPACE)
            if self._next == ">":
                break
            self._attribute(mark, begin)
        self.at += 1
        if name == "span" and mark.attributes.get("class") != "tg-spoiler":
            raise BadHtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(mark)

    def _attribute(self, mark: _Mark, begin: int) -> None:
        if not self._next:
            raise BadHtmlError(f'Unclosed start tag "{mark.name}" at byte offset {begin}')
        name = self._take(ATTRIBUTE).lower()
        if not name:
            raise BadHtmlError(f'Empty attribute name in the tag "{mark.name}" at byte offset {begin}')
        self._take(SPACE)
        value = ""
        if self._next == "=":
            self.at += 1
            self._take(SPACE)
            value = self._value(mark, begin)
        mark.attributes[name] = value

    def _value(self, mark: _Mark, begin: int) -> str:
        if not self._next:
            raise BadHtmlError(f'Unclosed start tag "{mark.name}" at byte offset {begin}')
        if self._next not in "'\"":
            token = self._take(TOKEN)
            if self._next not in " \n\t>":
                place = len(self.source[: self.at].encode())
                raise BadHtmlError(f"Unexpected end of name token at byte offset {place}")
            return token.lower()
        quote, value = self._next, ""
        self.at += 1
        while self._next and self._next != quote:
            value += self._character()
        if not self._next:
            raise BadHtmlError(f"Unclosed start tag at byte offset {begin}")
        self.at += 1
        return value

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise BadHtmlError(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        name = self._take(NAME).lower()
        self._take(SPACE)
        if self._next != ">":
            raise BadHtmlError(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        mark = self.open.pop()
        if name not in ("", mark.name):
            raise BadHtmlError(
                f'Unmatched end tag at byte offset {begin}, expected "</{mark.name}>", found "</{name}>"'
            )
        mark.end = len(self.text)
        self.closed.append(mark)


def _entity(mark: _Mark, text: str) -> Json | None:
    if mark.end == mark.start:
        return None
    inside = text[mark.start : mark.end]
    place = {"offset": units(text[: mark.start]), "length": units(inside)}
    if mark.name == "a":
        return _link(mark.attributes.get("href") or inside, place)
    entity: Json = {"type": KINDS[mark.name], **place}
    if mark.name == "blockquote" and "expandable" in mark.attributes:
        entity["type"] = "expandable_blockquote"
    if mark.name == "tg-emoji":
        entity["custom_emoji_id"] = mark.attributes.get("emoji-id", "")
    language = mark.attributes.get("class", "").partition("language-")[2]
    if mark.name == "code" and mark.inside == "pre":
        return None  # <pre><code class="language-...">: one entity, of the outer tag
    if mark.name == "pre" and language:
        entity["language"] = language
    return entity


def _link(address: str, place: Json) -> Json | None:
    user = re.fullmatch(r"tg://user\?id=(\d+)", address)
    if user:
        return {"type": "text_mention", **place, "user": {"id": int(user[1])}}
    if not re.match(r"(?:https?|tg|ton|mailto)://?|mailto:", address, re.IGNORECASE):
        if not re.match(r"[\w-]+(?:\.[\w-]+)+", address):
            return None  # the words stay, without a link
        address = f"http://{address}"
    if re.fullmatch(r"\w+://[^/?#]+", address):
        address += "/"
    return {"type": "text_link", **place, "url": address}
