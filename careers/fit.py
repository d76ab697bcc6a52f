"""What a fit is made of: weights, the outline of a profile, strong and first drives, and chances that repeat (content specification §3.7)."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from math import sqrt
from statistics import fmean

from careers.model import DRIVES, Interests, Occupation

SHAPE, REACTIONS, VALUES, SKILLS = 0.35, 0.25, 0.20, 0.20
FLAT = 6.0  # points of standard deviation under which the six drives say nothing
STRONG = 2  # a drive that an occupation really calls on
_FEWEST_DRIVES = 4
APPEAL = {"love": 1.0, "maybe": 0.7, "meh": 0.3, "no": 0.0}
ENOUGH_PROOFS = 3
NEXT_RANK = 0.8  # each value counts a little less than the one ranked before


def outline(drives: Mapping[str, float]) -> dict[str, float] | None:
    """The learner's drives around their mean, in units of their spread; None for a flat profile or too few of them."""
    known = [drive for drive in DRIVES if drive in drives]
    if len(known) < _FEWEST_DRIVES:
        return None
    centred = _centred([drives[drive] for drive in known])
    spread = _spread(centred)
    return (
        None
        if spread < FLAT
        else {drive: value / spread for drive, value in zip(known, centred, strict=True)}
    )


def _centred(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def _spread(centred: Sequence[float]) -> float:
    return sqrt(sum([value * value for value in centred]) / len(centred))


def families(interests: Interests, occupations: Mapping[str, Occupation]) -> dict[str, float]:
    """Mean appeal of the occupations of each sector that the learner reacted to."""
    found: dict[str, list[float]] = {}
    for occupation_id, appeal in interests.reactions.items():
        if occupation_id in occupations and appeal in APPEAL:
            found.setdefault(occupations[occupation_id].sector, []).append(APPEAL[appeal])
    return {sector: fmean(appeals) for sector, appeals in found.items()}


def strong(occupation: Occupation) -> frozenset[str]:
    """The drives that an occupation really calls on."""
    return _strong(tuple([occupation.drives[drive] for drive in DRIVES]))


@cache
def _strong(weights: tuple[int, ...]) -> frozenset[str]:
    return frozenset(drive for drive, weight in zip(DRIVES, weights, strict=True) if weight >= STRONG)


def first_drives(occupation: Occupation) -> list[str]:
    """The drives at the occupation's greatest weight."""
    most = max(occupation.drives.values())
    return [drive for drive in DRIVES if occupation.drives[drive] == most]


def highlights(interests: Interests) -> set[str]:
    """The drives shown to the learner as standing out; else the best computed ones of a profile that is not flat."""
    if interests.highlights:
        return set(interests.highlights) & set(DRIVES)
    if len(interests.drives) < _FEWEST_DRIVES or _spread(_centred(list(interests.drives.values()))) < FLAT:
        return {drive for _, drive, _ in interests.liked}
    ranked = sorted(interests.drives, key=lambda drive: -interests.drives[drive])
    return set(ranked[:2])


def chance(seed: str, key: str) -> float:
    """A number in [0, 1) that depends only on its arguments."""
    return int.from_bytes(sha256(f"{seed}\0{key}".encode()).digest()[:6], "big") / 2**48
