"""Builds the bank of activities, duels and drives from decks, or from the shipped French ones."""

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from typing import Any, Protocol

from dialogues.scoring.answers import Bank, DriveWords, Duel, Item

ITEMS_A = "interest_items"
ITEMS_B = "interest_items_b"
DUELS_DECK = "interest_duels"
DRIVES_DECK = "drives"

RawDeck = Mapping[str, Mapping[str, Any]]


class HasDecks(Protocol):
    """The library, as far as scoring is concerned: decks by id, each with cards by key."""

    @property
    def decks(self) -> Mapping[str, Any]: ...


def from_library(library: HasDecks) -> Bank:
    """The bank of a loaded library. KeyError names the deck that is missing."""
    wanted = (ITEMS_A, ITEMS_B, DUELS_DECK, DRIVES_DECK)
    return from_decks({name: _raw(library.decks[name].cards) for name in wanted})


@functools.cache
def shipped() -> Bank:
    """The bank of the decks that come with the package, for callers that have no library at hand."""
    folder = importlib.resources.files("dialogues") / "content" / "fr" / "decks"
    return from_decks(
        {
            name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))["cards"]
            for name in (ITEMS_A, ITEMS_B, DUELS_DECK, DRIVES_DECK)
        }
    )


def from_decks(decks: Mapping[str, RawDeck]) -> Bank:
    """The bank of four decks given as plain tables, in the order of their cards."""
    items = {
        key: Item(key, str(card["text"]), str(card["drive"]), form)
        for deck, form in ((ITEMS_A, "a"), (ITEMS_B, "b"))
        for key, card in decks[deck].items()
    }
    duels = {
        key: Duel(
            key, str(card["left"]), str(card["right"]), str(card["left_drive"]), str(card["right_drive"])
        )
        for key, card in decks[DUELS_DECK].items()
    }
    drives = {
        key: DriveWords(key, str(card["text"]), str(card["emoji"]), str(card["line"]), str(card["shape"]))
        for key, card in decks[DRIVES_DECK].items()
    }
    return Bank(items, duels, drives)


def _raw(cards: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Cards of a library as plain tables: fields of the card, then what the deck's file added."""
    names = ("text", "drive", "left", "right", "left_drive", "right_drive", "shape")
    raw: dict[str, dict[str, Any]] = {}
    for key, card in cards.items():
        fields = {name: getattr(card, name) for name in names if getattr(card, name, None)}
        raw[key] = {**dict(getattr(card, "extra", {})), **fields}
    return raw
