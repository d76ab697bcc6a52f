"""Every occupation compared at once with what a learner said: fit, nearness, and whether two answers speak for it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from careers import fit
from careers.catalogue import Catalogue
from careers.model import DRIVES, Interests, Nearness, Occupation

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]

_TWO = 2
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of SplitMix64
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_FRACTION = np.uint64(11)  # keeps the 53 bits of a float


class Table:
    """The occupations of a catalogue as columns; row `place[id]` is that occupation."""

    def __init__(self, occupations: Iterable[Occupation]) -> None:
        known = list(occupations)
        self.place = {o.id: row for row, o in enumerate(known)}
        self.drives: Numbers = np.array([[o.drives[d] for d in DRIVES] for o in known], float).reshape(-1, 6)
        self.strong: Marks = self.drives >= fit.STRONG
        self.first: Marks = self.drives == self.drives.max(axis=1, keepdims=True, initial=0)
        self.sectors = np.array([o.sector for o in known])
        self.skill_count: Numbers = np.array([max(1, len(o.skills)) for o in known], float)
        self._values = _columns([o.values for o in known])
        self._skills = _columns([o.skills for o in known])
        self._noise = np.array([_number(o.id) for o in known], np.uint64)
        self._none: Numbers = np.zeros(len(known))

    def __len__(self) -> int:
        return len(self.place)

    def value(self, name: str) -> Numbers:
        """1 where the occupation offers this value."""
        return self._values.get(name, self._none)

    def skill(self, name: str) -> Numbers:
        """1 where the occupation uses this skill."""
        return self._skills.get(name, self._none)

    def calls_on(self, drive: str) -> Marks:
        """Where a drive is strong."""
        return self.strong[:, DRIVES.index(drive)] if drive in DRIVES else self._none > 0

    def chance(self, seed: str) -> Numbers:
        """A number in [0, 1) for each occupation, which depends only on its id and the seed."""
        mixed = self._noise ^ np.uint64(_number(seed))
        for shift, factor in zip(_SHIFTS, _MIX, strict=False):
            mixed = (mixed ^ (mixed >> shift)) * factor  # wraps around, as it should
        mixed ^= mixed >> _SHIFTS[2]
        return (mixed >> _FRACTION).astype(float) / 2**53


@lru_cache(maxsize=2)
def table_of(catalogue: Catalogue) -> Table:
    """The columns of a catalogue, worked out once."""
    return Table(catalogue.occupations.values())


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def _columns(rows: Sequence[Sequence[str]]) -> dict[str, Numbers]:
    names = {name for row in rows for name in row}
    return {name: np.array([name in row for row in rows], float) for name in names}


def fits(interests: Interests, table: Table, family: Mapping[str, float]) -> Numbers:
    """From 0 to 1 for each occupation, NaN where nothing that was said can be compared (content specification §3.7).

    Four terms, the missing ones left out. `family` is the mean appeal by sector (`fit.families`).
    """
    total, weights = np.zeros(len(table)), np.zeros(len(table))
    for weight, term in (
        (fit.SHAPE, _likeness(interests, table)),
        (fit.REACTIONS, _appeal(interests, table, family)),
        (fit.VALUES, _shared_values(interests, table)),
        (fit.SKILLS, _proven(interests, table)),
    ):
        if term is not None:
            said = ~np.isnan(term)
            total[said] += weight * term[said]
            weights[said] += weight
    found: Numbers = np.divide(total, weights, out=np.full(len(table), np.nan), where=weights > 0)
    return found


def _likeness(interests: Interests, table: Table) -> Numbers | None:
    """Correlation of the drives, brought to 0-1; a half where it cannot be worked out."""
    outline = fit.outline(interests.drives)
    if outline is None:
        return None
    theirs = table.drives[:, [DRIVES.index(drive) for drive in outline]]
    theirs = theirs - theirs.mean(axis=1, keepdims=True)
    spread = np.sqrt((theirs**2).mean(axis=1))
    together: Numbers = (theirs * np.array(list(outline.values()))).mean(axis=1)
    alike: Numbers = np.divide(together, spread, out=np.zeros(len(table)), where=spread > 0)
    return (alike + 1) / 2


def _appeal(interests: Interests, table: Table, family: Mapping[str, float]) -> Numbers:
    found = np.full(len(table), np.nan)
    for sector, appeal in family.items():
        found[table.sectors == sector] = appeal
    for occupation_id, reaction in interests.reactions.items():
        if occupation_id in table.place and reaction in fit.APPEAL:
            found[table.place[occupation_id]] = fit.APPEAL[reaction]
    return found


def _shared_values(interests: Interests, table: Table) -> Numbers | None:
    if not interests.values:
        return None
    worth = {value: fit.NEXT_RANK**rank for rank, value in enumerate(interests.values)}
    return _sum(table, (weight * table.value(value) for value, weight in worth.items())) / sum(worth.values())


def _proven(interests: Interests, table: Table) -> Numbers | None:
    proofs = {
        skill: min(n, fit.ENOUGH_PROOFS) / fit.ENOUGH_PROOFS for skill, n in interests.skills.items() if n
    }
    if not proofs:
        return None
    return _sum(table, (share * table.skill(skill) for skill, share in proofs.items())) / table.skill_count


def _sum(table: Table, terms: Iterable[Numbers]) -> Numbers:
    total = np.zeros(len(table))
    for term in terms:
        total += term
    return total


def at_least_two(interests: Interests, table: Table, linked: Iterable[Iterable[str]]) -> Marks:
    """Where two different answers speak for an occupation: those that `because.reasons` would quote.

    `linked` holds, for each text of the learner's, the ids of the occupations it led to.
    """
    count = _sum(table, (table.value(value) for value in dict.fromkeys(interests.values)))
    for skill, proofs in interests.skills.items():
        if proofs > 0:
            count += table.skill(skill)
    for drive in dict.fromkeys(interests.highlights):
        count += table.calls_on(drive)
    for marks in _liked(interests, table):
        count += marks
    for ids in linked:
        count[_rows(ids, table)] += 1
    return (count + _declared(interests, table)) >= _TWO


def _liked(interests: Interests, table: Table) -> Iterable[Marks]:
    """Where each liked activity calls on a strong drive; an activity of two drives is one answer."""
    by_item: dict[str, Marks] = {}
    for item_id, drive, _ in interests.liked:
        marks = table.calls_on(drive)
        by_item[item_id] = by_item[item_id] | marks if item_id in by_item else marks
    return by_item.values()


def _declared(interests: Interests, table: Table) -> Numbers:
    """How many reactions speak for each occupation: its own, and those to occupations of its family."""
    count = np.zeros(len(table))
    for occupation_id, appeal in interests.reactions.items():
        row = table.place.get(occupation_id)
        if row is None:
            continue
        if appeal == "love":  # akin: the same sector and a strong drive in common, itself included
            count += (table.sectors == table.sectors[row]) & (table.strong & table.strong[row]).any(axis=1)
            count[row] = count[row] if table.strong[row].any() else count[row] + 1
        elif appeal == "maybe":
            count[row] += 1
    return count


def _rows(ids: Iterable[str], table: Table) -> list[int]:
    return [table.place[one] for one in ids if one in table.place]


_KINDS = (Nearness.SURPRISE, Nearness.BESIDE, Nearness.NEAR)


def nearness(table: Table, highlights: Iterable[str], two: Marks, declared: Iterable[str]) -> list[Nearness]:
    """Near and beside need two reasons; a surprise has none of the highlighted drives among its strong ones.

    `declared`: ids of what the learner named or linked to themselves, near or beside whatever the drives.
    """
    lit = np.array([drive in set(highlights) for drive in DRIVES])
    touched = two & (table.strong & lit).any(axis=1)
    kinds = touched.astype(int) + (touched & (table.first & lit).any(axis=1))
    rows = _rows(declared, table)
    kinds[rows] = 1 + two[rows]
    return [_KINDS[kind] for kind in kinds.tolist()]
