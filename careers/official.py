"""What an imported vocabulary says of a text: official titles, and what is done in an occupation, carried to ours."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from careers import reference_titles as search
from careers import text
from careers.catalogue import Catalogue
from careers.reference import Reference

Scores = NDArray[np.float64]

# The share of right answers to expect of a title by its score, on official titles (benchmarks/melo.py).
TITLE_CHANCES = (
    (0.0, 0.0),
    (0.4, 0.05),
    (0.5, 0.15),
    (0.6, 0.35),
    (0.7, 0.55),
    (0.8, 0.8),
    (0.9, 0.92),
    (1.0, 0.995),
)
_K1 = 2.2  # what BM25 gives at most for one word, over its weight
_UNKNOWN = 6.0  # weight of a word that no activity holds
_LAST = 16  # texts remembered


class Official:
    """Built once for a catalogue and a reference; looking up only reads."""

    def __init__(self, catalogue: Catalogue, reference: Reference, silent: frozenset[str]) -> None:
        self._reference, self._silent, self._size = reference, silent, len(catalogue.occupations)
        joined = [
            (place, entry, strength)
            for place, one in enumerate(catalogue.occupations)
            for entry, strength in reference.bridges.get(one, ())
        ]
        self._ours = np.array([place for place, _, _ in joined], dtype=np.intp)
        self._theirs = np.array([entry for _, entry, _ in joined], dtype=np.intp)
        self._strength = np.array([strength for _, _, strength in joined])
        row = {code: number for number, code in enumerate(reference.codes)}
        self._coded = [
            (place, row[code])
            for place, one in enumerate(catalogue.occupations.values())
            for code in one.rome
            if code in row
        ]
        self.entries = lru_cache(maxsize=_LAST)(self._entries)

    def title(self, typed: str) -> str:
        """The text from its first word that may begin a title: "je veux devenir opérateur de tréfilerie"."""
        if is_pair(typed):
            return typed
        found = text.words(typed)
        start = next((at for at, word in enumerate(found) if word not in self._silent), 0)
        return " ".join(found[start:])

    def is_title(self, typed: str) -> bool:
        """Written like a title: both genders, or several words that begin with the name of those who do the work."""
        found = text.words(typed)
        return is_pair(typed) or (len(found) > 1 and self._reference.titles.begins(found[0]))

    def _entries(self, typed: str) -> Scores:
        """The chance of each official occupation."""
        ranked, _ = self._reference.titles.near(self.title(typed))
        xs, ys = zip(*TITLE_CHANCES, strict=True)
        chances: Scores = np.interp(ranked / (1 + search.STEMS_SHARE), xs, ys)
        return chances

    def ours(self, typed: str) -> Scores:
        """The chance of each of our occupations, by the titles that lead to it."""
        chances = np.zeros(self._size)
        if len(self._theirs):
            np.maximum.at(chances, self._ours, self.entries(typed)[self._theirs] * self._strength)
        return chances

    def done(self, said: Sequence[str]) -> Scores:
        """How much of the words is what is done in each of our occupations: 0 to 1."""
        table = self._reference.activities
        stems = np.unique(search.stems(" ".join(said)))
        at, known = table.place(stems)
        found = np.zeros(self._size)
        if known.any():
            mass = float(table.idf[at[known]].sum()) + _UNKNOWN * int((~known).sum())
            scores = table.bm25(stems) / (_K1 * mass)
            for place, row in self._coded:
                found[place] = max(found[place], float(scores[row]))
        return found


def is_pair(typed: str) -> bool:
    return len(search.readings(typed)) > 1
