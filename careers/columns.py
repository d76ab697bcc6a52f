"""The occupations of a catalogue as columns, and how alike they are to each other whoever asks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from math import log

import numpy as np
from numpy.typing import NDArray

from careers import conditions, fit, text
from careers.catalogue import Catalogue
from careers.model import DRIVES, Occupation

Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))  # of SplitMix64
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_FRACTION = np.uint64(11)  # keeps the 53 bits of a float


class Table:
    """The occupations of a catalogue as columns; row `place[id]` is that occupation."""

    def __init__(self, occupations: Iterable[Occupation]) -> None:
        known = list(occupations)
        self._known = known
        self.place = {o.id: row for row, o in enumerate(known)}
        self.drives: Numbers = np.array([[o.drives[d] for d in DRIVES] for o in known], float).reshape(-1, 6)
        self.strong: Marks = self.drives >= fit.STRONG
        self.first: Marks = self.drives == self.drives.max(axis=1, keepdims=True, initial=0)
        self.sectors = np.array([o.sector for o in known])
        self.skill_count: Numbers = np.array([max(1, len(o.skills)) for o in known], float)
        self._values = _columns([o.values for o in known])
        self._skills = _columns([o.skills for o in known])
        self._domains = _columns([o.tumo_domains for o in known])
        self._studies = _marks(_columns([o.programme_domains for o in known]), len(known))
        self._themes = _marks(self._domains, len(known))
        self._same_sector: Numbers = (self.sectors[:, None] == self.sectors[None, :]).astype(float)
        telling = _telling(known)
        self._alike: Numbers = telling @ telling.T
        self._conditions: dict[str, Marks] = {}
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

    def domain(self, name: str) -> Marks:
        """Where the occupation goes with this TUMO theme."""
        return self._domains.get(name, self._none) > 0

    def condition(self, name: str) -> Marks:
        """Where the work has this condition; worked out once."""
        if name not in self._conditions:
            met = conditions.known()[name].met_by
            self._conditions[name] = np.array([met(o) for o in self._known], bool)
        return self._conditions[name]

    def world(self, rows: NDArray[np.int_]) -> Numbers:
        """From 0 to 1, how much each occupation is at home where those of `rows` are: sector, themes, studies."""
        sectors = _relative(self._same_sector[rows].sum(axis=0))
        studies, themes = _shared(*self._studies, rows), _shared(*self._themes, rows)
        found: Numbers = (sectors + studies + themes + 2 * self._told_alike(rows)) / 5
        return found

    def _told_alike(self, rows: NDArray[np.int_]) -> Numbers:
        """How alike the words are in which the occupations are told: 1 for the most alike beside `rows` themselves."""
        alike = self._alike[rows].mean(axis=0)
        others = np.delete(alike, rows)
        found: Numbers = np.clip(alike / max(float(others.max(initial=0.0)), 1e-9), 0.0, 1.0)
        return found

    def akin(self, row: int) -> Marks:
        """Of one family with the occupation of that row: the same sector and a strong drive in common; itself too."""
        found: Marks = (self.sectors == self.sectors[row]) & (self.strong & self.strong[row]).any(axis=1)
        return found

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


def _telling(known: Sequence[Occupation]) -> Numbers:
    """The words of each occupation's own sheet as a row of length one; words that many share weigh less."""
    sheets = [
        {text.stem(w) for part in (o.one_line, o.day, o.people, o.plus, *o.words) for w in text.words(part)}
        for o in known
    ]
    spread = Counter(stem for sheet in sheets for stem in sheet)
    kept = {stem: n for n, stem in enumerate(s for s, count in spread.items() if 1 < count < len(known) / 6)}
    found = np.zeros((len(known), max(1, len(kept))))
    for row, sheet in enumerate(sheets):
        for stem in sheet & kept.keys():
            found[row, kept[stem]] = log(len(known) / spread[stem])
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    rows: Numbers = found / np.where(lengths > 0, lengths, 1.0)
    return rows


def _relative(counts: Numbers) -> Numbers:
    found: Numbers = counts / max(1.0, float(counts.max(initial=0.0)))
    return found


def _marks(columns: Mapping[str, Numbers], size: int) -> tuple[Numbers, Numbers]:
    """One row a name, 1 where an occupation has it, and how rare each name is."""
    marks = np.array(list(columns.values())).reshape(-1, size)
    return marks, 1 - marks.mean(axis=1)


def _shared(marks: Numbers, rare: Numbers, rows: NDArray[np.int_]) -> Numbers:
    """The most usual among `rows` of the names that each occupation has; a rare name says more than a common one."""
    usual = marks[:, rows].mean(axis=1) * rare
    best = (marks * usual[:, None]).max(axis=0, initial=0.0)
    return _relative(best / max(float(usual.max(initial=0.0)), 0.25))


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def _columns(rows: Sequence[Sequence[str]]) -> dict[str, Numbers]:
    names = {name for row in rows for name in row}
    return {name: np.array([name in row for row in rows], float) for name in names}
