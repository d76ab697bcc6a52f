"""What is reachable now, next and later, told in steps: ages of Belgian schools, never a level to aim at (content specification §3.8)."""

import re
from dataclasses import dataclass

from careers.model import Occupation, Programme, Way

OPTION, ALTERNATION, CESS, BACHELOR = (
    14,
    15,
    18,
    21,
)  # usual ages: option of the 3rd year, work-study, end of school, after three years
SOON = 2  # years within which something comes next
_WAYS = {
    "qualification": OPTION,
    "apprenticeship": ALTERNATION,
    "studies": CESS,
    "on_the_job": CESS,
    "adult": CESS,
}
_AFTER_SCHOOL = re.compile(
    r"^(?:7e|CESS|premier emploi)\b|\baprès une (?:qualification|première expérience)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Step:
    """When something can be begun: `when` is now, next or later ("" when the age is not known), from `age` on."""

    when: str
    age: int | None
    path: tuple[str, ...] = ()  # what comes before, by name: option, alternation, cess, bachelor


def of_programme(programme: Programme, age: int | None) -> Step:
    """When a programme can be begun by somebody of that age, and by which steps."""
    earliest = from_age(programme)
    return Step(_when(earliest, age), earliest, _path(earliest, age))


def of_way(way: Way, age: int | None) -> Step:
    """When a way into an occupation can be begun by somebody of that age."""
    earliest = CESS if _AFTER_SCHOOL.search(way.text) else _WAYS.get(way.kind)
    return Step(_when(earliest, age), earliest, _path(earliest, age))


def ways(occupation: Occupation, age: int | None) -> list[tuple[Way, Step]]:
    """The ways into an occupation, the soonest first when the age is known; else as the catalogue has them."""
    found = [(way, of_way(way, age)) for way in occupation.ways]
    if age is None:
        return found
    return sorted(found, key=lambda pair: pair[1].age or CESS)


def from_age(programme: Programme) -> int | None:
    """The usual age from which a programme is open; None when its level does not say."""
    level = programme.level.lower()
    if programme.ages_from is not None:
        return programme.ages_from
    if programme.later or "adulte" in level or level.startswith("7e"):
        return CESS
    if level.startswith(("master", "passerelle")) or "spécialisation" in level:
        return BACHELOR
    if "bachelier" in level or "bes" in level.split():
        return CESS
    if "alternance" in level or "apprentissage" in level:
        return ALTERNATION
    return OPTION if level.startswith("secondaire") else None


def years_away(programme: Programme, age: int | None) -> int:
    """How long before it can be begun; 0 when the age, or the level, is not known."""
    earliest = from_age(programme)
    return 0 if age is None or earliest is None else max(0, earliest - age)


def _when(earliest: int | None, age: int | None) -> str:
    if age is None or earliest is None:
        return ""
    if earliest <= age:
        return "now"
    return "next" if earliest - age <= SOON else "later"


def _path(earliest: int | None, age: int | None) -> tuple[str, ...]:
    """What stands between that age and the beginning."""
    if earliest is None or age is None or earliest <= age:
        return ()
    if earliest == ALTERNATION:
        return ("alternation",)
    before = (("option", OPTION), ("cess", CESS), ("bachelor", BACHELOR))
    return tuple(name for name, reached in before if age < reached <= earliest)
