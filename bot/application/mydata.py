"""The learner's own data, for the learner alone: see, correct, export, erase one thing or everything."""

from dataclasses import dataclass
from typing import Any

from bot.application.services import Services


@dataclass(frozen=True, slots=True)
class Item:
    """One thing kept: the key to erase it by, what it is in French, and its value as readable text."""

    key: str
    label: str
    value: str


def overview(services: Services, person_id: str) -> tuple[Item, ...]:
    """Everything kept about this person that they told us, in words they can read."""
    raise NotImplementedError


def correct(services: Services, person_id: str, key: str, value: Any) -> bool:
    """Put another value in one item; False when it does not fit the variable."""
    raise NotImplementedError


def export(services: Services, person_id: str) -> bytes:
    """A zip: donnees.json, a readable page, the pictures."""
    raise NotImplementedError


def erase_item(services: Services, person_id: str, key: str) -> bool:
    """Erase one item for good (its picture too); False when there is no such item."""
    raise NotImplementedError


def erase_all(services: Services, person_id: str) -> None:
    """Erase the person and everything of theirs, at once."""
    raise NotImplementedError
