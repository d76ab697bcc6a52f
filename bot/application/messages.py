"""What passes between the application and its channels: what a person sent, what they are shown, and their screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialogues.events import Asked

# ---------------------------------------------------------------- what a person sent


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words; `screen` is the screen they stood under, where the channel knows it."""

    text: str
    screen: str = ""

    def __post_init__(self) -> None:
        """Half a character (a lone surrogate, as broken JSON may hold) can neither be kept nor shown."""
        object.__setattr__(self, "text", _whole(self.text))


@dataclass(frozen=True, slots=True)
class Press:
    """Buttons of a screen, by index: one for a choice, several (in the person's order) for ticks and ranks."""

    screen: str
    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded picture as raw bytes, before it is checked and re-encoded."""

    content: bytes
    screen: str = ""
    caption: str = ""

    def __post_init__(self) -> None:
        """As for typed words."""
        object.__setattr__(self, "caption", _whole(self.caption))


@dataclass(frozen=True, slots=True)
class Hello:
    """The person arrives: show where they are, or begin. `invitation` is a group's code."""

    invitation: str = ""


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that no page asks for (a sticker, a voice message...). Its words, if any, are still read by safety.

    kind: sticker, voice, video, file, location, contact, poll, edited, forwarded or other.
    """

    kind: str
    text: str = ""

    def __post_init__(self) -> None:
        """As for typed words."""
        object.__setattr__(self, "text", _whole(self.text))


Body = Text | Press | Picture | Hello | Odd


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one address; `key` makes a second delivery of it recognisable."""

    channel: str
    address: str
    key: str
    body: Body
    written_at: datetime | None = None  # as the platform says; None where it does not


# ---------------------------------------------------------------- what a person is shown


@dataclass(frozen=True, slots=True)
class Message:
    """One item of the conversation. `seq` counts per person from 1 (0 while in a visit).

    kind: text {text}; card {title, kind, lines, reasons, doubt, source, url, id}; product {product_id, name, title, text};
    picture {upload_id, alt}; lines {title, lines: [{name, number, hours, url}]} (helplines); link {label, url}.
    """

    side: str  # bot | me
    kind: str
    body: Mapping[str, Any]
    seq: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """What waits for an answer, with the id that its buttons carry."""

    id: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class View:
    """What a channel shows: new messages in order, then the current screen if there is one."""

    messages: tuple[Message, ...] = ()
    screen: Screen | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who has not consented: everything here travels sealed in the page, nothing is stored."""

    state: Mapping[str, Any] | None
    address: str = ""  # random; becomes the person's id at consent, so that agreeing twice makes one person
    profile: Mapping[str, Any] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()
    screen: Screen | None = None
    invitation: str = ""
    refused: bool = False  # chose visit mode: plays on, nothing is ever kept


@dataclass(frozen=True, slots=True)
class Answer:
    """What one incoming message led to.

    `person` is set for who is kept, `visit` for who is not, neither for who has just been erased.
    """

    view: View
    person: str | None = None
    visit: Visit | None = None
    enrolled: bool = False  # this very message turned the visit into a person: give a return link
    notice: str = ""  # a short sentence that is not part of the conversation (older screen, too long...)
