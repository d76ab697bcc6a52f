"""What labs that were lived say to the matcher: themes with energy, places that were liked, themes to leave aside. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from careers.model import DRIVES

ENERGY = 3  # of five: from there, a lab says something of what they like
LIFT, MOST_LIFT = (
    8.0,
    16.0,
)  # of a drive (0-100), for each lab in which its place was liked: more than one activity makes
UNWANTED = 2.0  # what was felt in a theme, of five: up to here it counts against what is found there


def drives(scores: Mapping[str, Any], log: Any) -> dict[str, float]:
    """The drives as they were worked out, higher where a place was liked in a lab: what is lived outweighs what is said."""
    lifts = dict.fromkeys(DRIVES, 0.0)
    for _domain, place in _lived(log):
        if place:
            lifts[place] = min(MOST_LIFT, lifts[place] + LIFT)
    known = {d: float(scores[d]) for d in DRIVES if isinstance(scores.get(d), int | float)}
    return {drive: min(100.0, score + lifts[drive]) for drive, score in known.items()}


def labs(log: Any, felt: Any) -> Iterator[tuple[str, str]]:
    """The themes of the labs that were lived with energy, and the place preferred there (a drive); none that is unwanted."""
    aside = set(unwanted(felt))
    return (one for one in _lived(log) if one[0] not in aside)


def _lived(log: Any) -> Iterator[tuple[str, str]]:
    for one in log if isinstance(log, list) else ():
        lab = _mapping(one)
        energy = lab.get("energy")
        if lab.get("domain") and isinstance(energy, int) and energy >= ENERGY:
            place = str(lab.get("place") or "")
            yield str(lab["domain"]), place if place in DRIVES else ""


def unwanted(felt: Any) -> Iterator[str]:
    """The themes that the learner would rather leave aside, from what they felt and wished there."""
    for theme, value in _mapping(felt).items():
        if isinstance(value, int | float) and value <= UNWANTED:
            yield str(theme)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
