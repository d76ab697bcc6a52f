"""Measures whether an uneven profile says more than luck: the permutation test of the content, section 3.5."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dialogues.scoring.answers import DRIVES, MINIMUM_BY_DRIVE, POINTS, TOP_POINTS, Answer, Bank

SHUFFLES = 400
TOLERANCE = 1e-9  # equal sums reached by another order of additions must count as equal

Floats = NDArray[np.float64]


def signal_reactions(answers: Sequence[Answer], bank: Bank, seed: str) -> float:
    """The share of 400 shuffles of the answers that spread the drives at least as much, in ]0, 1]."""
    usable = [answer for answer in answers if POINTS[answer.value] is not None]
    values = np.array([POINTS[answer.value] for answer in usable], dtype=np.float64)
    belongs = np.array(
        [[bank.items[answer.key].drive == drive for drive in DRIVES] for answer in usable], dtype=np.float64
    )
    counts = belongs.sum(axis=0)
    kept = counts >= MINIMUM_BY_DRIVE
    weights = belongs[:, kept] / (TOP_POINTS * counts[kept])
    rows = generator(seed).permuted(np.tile(values, (SHUFFLES, 1)), axis=1)
    return _share(values @ weights, rows @ weights)


def signal_duels(answers: Sequence[Answer], bank: Bank, seed: str) -> float:
    """The same for duels, where luck means that left and right are swapped by the toss of a coin."""
    left, right = _sides(answers, bank)
    counts = (left + right).sum(axis=0)
    kept = counts >= MINIMUM_BY_DRIVE
    shares = np.array([_left_share(answer.value) for answer in answers])  # (left, right) points of each duel
    toss = generator(seed).integers(0, 2, size=(SHUFFLES, len(answers))).astype(bool)
    to_left = np.where(toss, shares[:, 0], shares[:, 1])
    to_right = np.where(toss, shares[:, 1], shares[:, 0])
    seen = shares[:, 0] @ left + shares[:, 1] @ right
    shuffled = to_left @ left + to_right @ right
    return _share(seen[kept] / counts[kept], shuffled[:, kept] / counts[kept])


def generator(seed: str) -> np.random.Generator:
    """A generator that gives the same numbers to the same person each time."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]))


def _sides(answers: Sequence[Answer], bank: Bank) -> tuple[Floats, Floats]:
    duels = [bank.duels[answer.key] for answer in answers]
    left = np.array([[duel.left_drive == drive for drive in DRIVES] for duel in duels], dtype=np.float64)
    right = np.array([[duel.right_drive == drive for drive in DRIVES] for duel in duels], dtype=np.float64)
    return left, right


def _left_share(side: str) -> tuple[float, float]:
    return {"left": (1.0, 0.0), "right": (0.0, 1.0), "both": (0.5, 0.5), "neither": (0.0, 0.0)}[side]


def _share(seen: Floats, shuffled: Floats) -> float:
    spread = float(((seen - seen.mean()) ** 2).sum())
    spreads = ((shuffled - shuffled.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return (int((spreads >= spread - TOLERANCE).sum()) + 1) / (SHUFFLES + 1)
