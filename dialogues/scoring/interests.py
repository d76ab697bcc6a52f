"""Reads reactions or duels as drives of the moment: scores, what stands out, how sure (content, section 3.5)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dialogues.scoring import chance
from dialogues.scoring.answers import (
    DRIVES,
    DUELS,
    MINIMUM_BY_DRIVE,
    POINTS,
    REACTIONS,
    TOP_POINTS,
    Answer,
    Bank,
    careless,
    given,
)

MINIMUM_DRIVES = 4
LOW_SIGNAL = 40
CLOSE = 15  # points under the best within which drives stand together
CHANCE = 0.20
SURE = 0.05
TIRED = 60
MOST_HIGHLIGHTS = 4
FORM_A = 18
PORTRAIT = 30


class Reading(StrEnum):
    """How the answers are read, in the order in which the conditions are tried."""

    INSUFFICIENT = "insufficient"
    LOW_SIGNAL = "low_signal"
    OPEN_PROFILE = "open_profile"
    TIRED_OR_UNSURE = "tired_or_unsure"
    CLEAR_ENOUGH = "clear_enough"


class Reliability(StrEnum):
    """How much to trust the reading, in words."""

    FIRST_SKETCH = "première esquisse"
    SKETCH = "esquisse"
    PORTRAIT = "portrait du moment"


@dataclass(frozen=True, slots=True)
class Result:
    """What the answers say today. Scores are 0-100 within one mode; None means fewer than three answers.

    `low_quality` means that the answers were not read at all: the same one fifteen times in a row, or too fast.
    """

    mode: str
    reading: Reading
    scores: Mapping[str, int | None]
    answered: int
    highlights: tuple[str, ...] = ()
    signal_p: float | None = None
    reliability: Reliability = Reliability.FIRST_SKETCH
    unknown_items: tuple[str, ...] = ()
    form_b: tuple[str, ...] = ()
    low_quality: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """The drives that cannot be computed yet."""
        return tuple(drive for drive in DRIVES if self.scores.get(drive) is None)


def score(
    ratings: Mapping[str, Any], mode: str, bank: Bank, seed: str, seconds: Sequence[float] = ()
) -> Result:
    """Read the answers of one mode ("reactions" or "duels").

    `ratings` maps item keys to love | maybe | meh | no | unknown and duel keys to left | right | both | neither.
    `seconds` are the times taken by each answer, when the channel knows them.
    """
    answers = given(ratings, mode, bank)
    unknown = tuple(answer.key for answer in answers if mode == REACTIONS and answer.value == "unknown")
    usable = [answer for answer in answers if answer.value != "unknown"]
    if careless(answers, seconds):
        empty = dict.fromkeys(DRIVES)
        return Result(mode, Reading.INSUFFICIENT, empty, len(usable), unknown_items=unknown, low_quality=True)
    scores = duel_scores(answers, bank) if mode == DUELS else reaction_scores(answers, bank)
    known = {drive: value for drive, value in scores.items() if value is not None}
    form_b = _form_b(answers, scores, bank) if mode == REACTIONS else ()
    if len(known) < MINIMUM_DRIVES:
        return Result(mode, Reading.INSUFFICIENT, scores, len(usable), unknown_items=unknown, form_b=form_b)
    signal = (chance.signal_duels if mode == DUELS else chance.signal_reactions)(answers, bank, seed)
    top = standing_out(known, seed)
    reading = _reading(known, signal, usable, top)
    shown = top if reading in (Reading.CLEAR_ENOUGH, Reading.TIRED_OR_UNSURE) else ()
    sure = reliability(mode, len(usable), signal)
    return Result(mode, reading, scores, len(usable), shown, signal, sure, unknown, form_b)


def reaction_scores(answers: Sequence[Answer], bank: Bank) -> dict[str, int | None]:
    """The mean reaction by drive over 100, rounded half up; None under three usable answers."""
    points: dict[str, list[int]] = {drive: [] for drive in DRIVES}
    for answer in answers:
        value = POINTS[answer.value]
        if value is not None:
            points[bank.items[answer.key].drive].append(value)
    return {drive: _percent(sum(each), TOP_POINTS * len(each), len(each)) for drive, each in points.items()}


def duel_scores(answers: Sequence[Answer], bank: Bank) -> dict[str, int | None]:
    """The share of its duels that each drive won over 100; both sides count for half, neither for nothing."""
    halves = dict.fromkeys(DRIVES, 0)
    fought = dict.fromkeys(DRIVES, 0)
    for answer in answers:
        duel = bank.duels[answer.key]
        for drive, side in ((duel.left_drive, "left"), (duel.right_drive, "right")):
            fought[drive] += 1
            halves[drive] += 2 if answer.value == side else int(answer.value == "both")
    return {drive: _percent(halves[drive], 2 * fought[drive], fought[drive]) for drive in DRIVES}


def personal_order(drives: Iterable[str], seed: str) -> list[str]:
    """The drives in an order that is random from one person to the next and stable for each."""
    return sorted(drives, key=lambda drive: hashlib.sha256(f"{seed}:{drive}".encode()).digest())


def standing_out(known: Mapping[str, int], seed: str) -> tuple[str, ...]:
    """The drives to put forward, two to four of them, ties together; none when more than four are close.

    When only one is ahead, the next ones join it, unless they are too many to tell apart: then it stays alone.
    """
    ranked = sorted(personal_order(known, seed), key=lambda drive: -known[drive])
    best = known[ranked[0]]
    close = [drive for drive in ranked if known[drive] >= best - CLOSE]
    if len(close) > MOST_HIGHLIGHTS:
        return ()
    if len(close) > 1:
        return tuple(close)
    second = [drive for drive in ranked[1:] if known[drive] == known[ranked[1]]]
    alone = len(second) == len(ranked) - 1 or len(second) >= MOST_HIGHLIGHTS
    return (ranked[0],) if alone else (ranked[0], *second)


def reliability(mode: str, answered: int, signal_p: float) -> Reliability:
    """The words for how much these answers can carry."""
    if mode == DUELS or answered < PORTRAIT:
        return Reliability.FIRST_SKETCH
    return Reliability.PORTRAIT if signal_p <= SURE else Reliability.SKETCH


def _percent(points: int, most: int, answers: int) -> int | None:
    return None if answers < MINIMUM_BY_DRIVE else (200 * points + most) // (2 * most)


def _reading(
    known: Mapping[str, int], signal_p: float, usable: Sequence[Answer], top: tuple[str, ...]
) -> Reading:
    best, worst = max(known.values()), min(known.values())
    if best < LOW_SIGNAL:
        return Reading.LOW_SIGNAL
    if best - worst < CLOSE or signal_p > CHANCE:
        return Reading.OPEN_PROFILE
    if best < TIRED and 2 * sum(answer.value == "meh" for answer in usable) > len(usable):
        return Reading.TIRED_OR_UNSURE
    return Reading.CLEAR_ENOUGH if top else Reading.OPEN_PROFILE


def _form_b(answers: Sequence[Answer], scores: Mapping[str, int | None], bank: Bank) -> tuple[str, ...]:
    """The second form's activities for the drives that too many "connais pas" left empty."""
    if len(answers) < FORM_A:
        return ()
    seen = {answer.key for answer in answers}
    return tuple(
        item.key
        for item in bank.items.values()
        if item.form == "b" and scores[item.drive] is None and item.key not in seen
    )
