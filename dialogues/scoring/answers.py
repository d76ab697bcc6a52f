"""Turns the stored reactions and duels into points by drive, ready to add up or to shuffle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DRIVES = ("make", "understand", "create", "support", "launch", "organize")
REACTIONS = "reactions"
DUELS = "duels"

# The scale of reactions; "unknown" is no zero, it carries no points at all.
POINTS: Mapping[str, int | None] = {"love": 3, "maybe": 2, "meh": 1, "no": 0, "unknown": None}
TOP_POINTS = 3
MINIMUM_BY_DRIVE = 3
SAME_IN_A_ROW = 15
QUICK_IN_A_ROW = 10
QUICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Item:
    """One activity to react to; `form` is "a" or "b"."""

    key: str
    text: str
    drive: str
    form: str = "a"


@dataclass(frozen=True, slots=True)
class Duel:
    """The same project seen from two sides, each a drive."""

    key: str
    left: str
    right: str
    left_drive: str
    right_drive: str


@dataclass(frozen=True, slots=True)
class DriveWords:
    """How a drive is shown: its verb, its picture and one line of explanation."""

    key: str
    label: str
    emoji: str
    line: str
    shape: str


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions, in the order in which they are asked, and the words for the six drives."""

    items: Mapping[str, Item]
    duels: Mapping[str, Duel]
    drives: Mapping[str, DriveWords]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer given: the reaction to an item, or the side taken in a duel."""

    key: str
    value: str


def given(ratings: Mapping[str, Any], mode: str, bank: Bank) -> tuple[Answer, ...]:
    """The answers of that mode, in the order of the bank; unknown keys and values are left out."""
    if mode == DUELS:
        return tuple(Answer(key, str(ratings[key])) for key in bank.duels if str(ratings.get(key)) in _SIDES)
    return tuple(Answer(key, str(ratings[key])) for key in bank.items if str(ratings.get(key)) in POINTS)


_SIDES = ("left", "right", "both", "neither")


def careless(answers: Sequence[Answer], seconds: Sequence[float] = ()) -> bool:
    """Whether the same answer came fifteen times in a row, or ten answers in a row under a second each."""
    same = _longest_run([answer.value for answer in answers])
    quick = _longest_run(["quick" if each < QUICK_SECONDS else "" for each in seconds], only="quick")
    return same >= SAME_IN_A_ROW or quick >= QUICK_IN_A_ROW


def _longest_run(values: Sequence[str], only: str | None = None) -> int:
    longest = run = 0
    previous: str | None = None
    for value in values:
        run = run + 1 if value == previous else 1
        previous = value
        if only is None or value == only:
            longest = max(longest, run)
    return longest
