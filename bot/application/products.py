"""Finished cards (`carte NAME`): what is kept of them in a turn, and their drawing, later and elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.settings import Settings
from dialogues.events import Produced
from dialogues.library import Library


@dataclass(frozen=True, slots=True)
class Product:
    """What is kept of a card: enough to draw it again, and its text equivalent. `values` is JSON."""

    name: str
    title: str
    text: str
    values: Mapping[str, Any]


def prepare(
    produced: Produced, profile: Mapping[str, Any], local_now: datetime, settings: Settings, library: Library
) -> Product:
    """Choose what the card shows. Pure and quick: called inside a turn, nothing is drawn here."""
    raise NotImplementedError


def picture(product: Product, media: bytes | None = None) -> bytes:
    """The PNG (1080 x 1500) of a product, drawn in a child process and remembered. CardError when it cannot be."""
    raise NotImplementedError
