"""Reads every inbound text first: which words of distress it holds, by rules that people wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.application.messages import Message
from bot.settings import Settings
from dialogues.events import Asked
from dialogues.library import Library

CATEGORIES = (
    "suicide",
    "self_harm",
    "family_violence",
    "sexual_abuse",
    "grooming",
    "bullying",
    "runaway",
    "eating",
    "drugs",
    "forced_marriage",
    "threat",
    "third_party",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of one text. Level 0 nothing, 1 one gentle question, 2 the help message.

    `state` is what to keep for the next reading (JSON; instants, never words) and to hand back to `read`.
    """

    level: int = 0
    categories: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    cancelled_by: tuple[str, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)


def read(text: str, now: datetime, state: Mapping[str, Any] | None = None) -> Verdict:
    """Judge one text, whatever its origin. Pure; linear in its length (the first and last 2,000 characters count)."""
    raise NotImplementedError


def help_messages(now: datetime, settings: Settings, library: Library) -> tuple[Message, ...]:
    """The help message at level 2 and for the word SOS: acknowledgement, lines open at that hour, the centre's contact.

    `now` is aware. No sentence promises a person.
    """
    raise NotImplementedError


def confirm_asked(library: Library) -> Asked:
    """The screen under the help message: are you in danger? Keys yes, no, prefer_not."""
    raise NotImplementedError


def gentle_asked(library: Library) -> Asked:
    """The screen of level 1, at most once in 24 hours: same keys as `confirm_asked`."""
    raise NotImplementedError


def confirm_reply(key: str, now: datetime, settings: Settings, library: Library) -> tuple[Message, ...]:
    """What is said after each answer to either screen (help again, shorter, after a yes). KeyError on another key."""
    raise NotImplementedError


def answered(key: str, state: Mapping[str, Any] | None) -> dict[str, Any]:
    """The state to keep once a screen has been answered."""
    raise NotImplementedError
