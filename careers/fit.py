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
_JITTER = 0.04  # so that equal fits are not always shown in the same order


def fit(occupation: Occupation, interests: Interests, family: Mapping[str, float]) -> float | None:
    """From 0 to 1, or None when nothing that was said can be compared. `family` is the mean appeal by sector."""
    terms = (
        (SHAPE, shape(occupation, interests.drives)),
        (REACTIONS, _reaction(occupation, interests, family)),
        (VALUES, _values(occupation, interests.values)),
        (SKILLS, _skills(occupation, interests.skills)),
    )
    known = [(weight, value) for weight, value in terms if value is not None]
    if not known:
        return None
    return sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)


def shape(occupation: Occupation, drives: Mapping[str, float]) -> float | None:
    """Correlation between the learner's drives and the occupation's, brought to 0-1; None for a flat profile.

    Written out: `statistics` works in exact fractions, and this is asked of every occupation for every list.
    """
    known = [drive for drive in DRIVES if drive in drives]
    if len(known) < _FEWEST_DRIVES:
        return None
    mine = _centred([drives[drive] for drive in known])
    my_spread = _spread(mine)
    if my_spread < FLAT:
        return None
    theirs = _centred([occupation.drives[drive] for drive in known])
    their_spread = _spread(theirs)
    if their_spread == 0:
        return 0.5
    together = sum(a * b for a, b in zip(mine, theirs, strict=True)) / len(known)
    return (together / (my_spread * their_spread) + 1) / 2


def _centred(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]


def _spread(centred: Sequence[float]) -> float:
    return sqrt(sum(value * value for value in centred) / len(centred))


def families(interests: Interests, occupations: Mapping[str, Occupation]) -> dict[str, float]:
    """Mean appeal of the occupations of each sector that the learner reacted to."""
    found: dict[str, list[float]] = {}
    for occupation_id, appeal in interests.reactions.items():
        if occupation_id in occupations and appeal in _APPEAL:
            found.setdefault(occupations[occupation_id].sector, []).append(_APPEAL[appeal])
    return {sector: fmean(appeals) for sector, appeals in found.items()}


def _reaction(occupation: Occupation, interests: Interests, family: Mapping[str, float]) -> float | None:
    said = interests.reactions.get(occupation.id, "")
    return _APPEAL[said] if said in _APPEAL else family.get(occupation.sector)


def _values(occupation: Occupation, values: tuple[str, ...]) -> float | None:
    if not values:
        return None
    weights = {value: _NEXT_RANK**rank for rank, value in enumerate(values)}
    return sum(weights[v] for v in occupation.values if v in weights) / sum(weights.values())


def _skills(occupation: Occupation, skills: Mapping[str, int]) -> float | None:
    if not any(skills.values()):
        return None
    proofs = sum(min(skills.get(skill, 0), _ENOUGH_PROOFS) for skill in occupation.skills)
    return proofs / (_ENOUGH_PROOFS * len(occupation.skills)) if occupation.skills else 0.0


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
