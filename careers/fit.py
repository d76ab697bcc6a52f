"""How well an occupation fits what a learner has said: four terms, the missing ones left out (content specification §3.7)."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import sqrt
from statistics import fmean

from careers.model import DRIVES, Interests, Occupation

SHAPE, REACTIONS, VALUES, SKILLS = 0.35, 0.25, 0.20, 0.20
FLAT = 6.0  # points of standard deviation under which the six drives say nothing
STRONG = 2  # a drive that an occupation really calls on
_FEWEST_DRIVES = 4
_APPEAL = {"love": 1.0, "maybe": 0.7, "meh": 0.3, "no": 0.0}
_ENOUGH_PROOFS = 3
_NEXT_RANK = 0.8  # each value counts a little less than the one ranked before
_HALF = 0.5  # of a correlation that cannot be worked out
_JITTER = 0.04  # so that equal fits are not always shown in the same order


class Measure:
    """One learner's answers, made ready once to be compared with every occupation for every list."""

    def __init__(self, interests: Interests, family: Mapping[str, float]) -> None:
        """`family` is the mean appeal by sector."""
        self._said, self._family = interests.reactions, family
        self._shape = _outline(interests.drives)
        self._values = {value: _NEXT_RANK**rank for rank, value in enumerate(interests.values)}
        self._most = sum(self._values.values())
        self._proofs = {
            skill: min(proofs, _ENOUGH_PROOFS) / _ENOUGH_PROOFS
            for skill, proofs in interests.skills.items()
            if proofs
        }

    def of(self, occupation: Occupation) -> float | None:
        """From 0 to 1, or None when nothing that was said can be compared."""
        total = weights = 0.0
        if self._shape is not None:
            total, weights = SHAPE * self._likeness(occupation, self._shape), SHAPE
        reaction = _APPEAL.get(self._said.get(occupation.id, ""), self._family.get(occupation.sector))
        if reaction is not None:
            total, weights = total + REACTIONS * reaction, weights + REACTIONS
        if self._values:
            shared = sum([self._values[v] for v in occupation.values if v in self._values])
            total, weights = total + VALUES * shared / self._most, weights + VALUES
        if self._proofs:
            proven = sum([self._proofs.get(skill, 0.0) for skill in occupation.skills])
            total += SKILLS * proven / max(1, len(occupation.skills))
            weights += SKILLS
        return total / weights if weights else None

    @staticmethod
    def _likeness(occupation: Occupation, outline: Mapping[str, float]) -> float:
        """Correlation between the learner's drives and the occupation's, brought to 0-1.

        Written out: `statistics` works in exact fractions, and this is asked of every occupation.
        """
        theirs = _centred([occupation.drives[drive] for drive in outline])
        spread = _spread(theirs)
        if spread == 0:
            return _HALF
        together = sum([a * b for a, b in zip(outline.values(), theirs, strict=True)]) / len(theirs)
        return (together / spread + 1) / 2


def _outline(drives: Mapping[str, float]) -> dict[str, float] | None:
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
        if occupation_id in occupations and appeal in _APPEAL:
            found.setdefault(occupations[occupation_id].sector, []).append(_APPEAL[appeal])
    return {sector: fmean(appeals) for sector, appeals in found.items()}


def strong(occupation: Occupation) -> set[str]:
    """The drives that an occupation really calls on."""
    return {drive for drive in DRIVES if occupation.drives[drive] >= STRONG}


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


def jitter(seed: str, key: str) -> float:
    return _JITTER * chance(seed, key)
