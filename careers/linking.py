"""Rank a text among all known occupations: ours and those of an imported vocabulary, in one list."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from careers.catalogue import Catalogue
from careers.linker import Linker
from careers.official import Scores
from careers.reference import Entry, Reference, shipped_esco

_LEAST = 0.75  # chance of the best title under which a vocabulary says nothing either
_LEAST_TITLE = 0.05  # the same for what is written like a title
_BESIDE_TITLE = 0.5  # what our words weigh where a text is written like a title
_IS = 0.9  # strength from which an official occupation is one of ours
_MORE = 100  # official occupations looked at beyond those asked for: several may be one of ours


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of an answer. `id` is ours where one of ours is meant, else ESCO's address or the ROME code."""

    id: str
    label: str
    score: float
    esco: tuple[str, ...]
    rome: tuple[str, ...]


class Ranker:
    """Ranks over our catalogue, and over a whole vocabulary where there is one."""

    def __init__(self, catalogue: Catalogue, linker: Linker, reference: Reference | None = None) -> None:
        self._catalogue, self._linker = catalogue, linker
        self._entries = reference.entries if reference else ()
        self._ours: dict[int, str] = {}
        self._theirs: dict[str, list[int]] = {}
        if reference is not None:
            for entry, (one, strength) in reference.ours.items():
                if strength >= _IS and one in catalogue.occupations:
                    self._ours[entry] = one
                    self._theirs.setdefault(one, []).append(entry)

    def rank(self, said: str, top: int) -> list[Ranked]:
        """Up to `top` occupations, best first; empty when nothing was understood."""
        linked = self._linker.link(said, max(top, 1))
        chances = {c.occupation_id: c.score for c in linked.candidates}
        official = self._linker.official
        if official is None:
            return [self._of_ours(one, score, None) for one, score in chances.items()][:top]
        titles = official.entries(said)
        is_title = official.is_title(said)
        least = _LEAST_TITLE if is_title else _LEAST
        if not chances and (not len(titles) or float(titles.max()) < least):
            return []
        if is_title:
            chances = {one: _BESIDE_TITLE * score for one, score in chances.items()}
        return self._merged(chances, titles, top)

    def _merged(self, chances: Mapping[str, float], titles: Scores, top: int) -> list[Ranked]:
        found: dict[str, float] = dict(chances)
        rows: list[tuple[float, int | str]] = []
        for place in np.argsort(-titles, kind="stable")[: top + _MORE].tolist():
            score = float(titles[place])
            if (one := self._ours.get(place)) is None:
                rows.append((score, place))
            else:
                found[one] = max(score, found.get(one, 0.0))
        rows += [(score, one) for one, score in found.items()]
        return [
            self._of_ours(which, score, titles) if isinstance(which, str) else self._of_theirs(which, score)
            for score, which in sorted(rows, key=lambda row: -row[0])[:top]
        ]

    def _of_ours(self, one: str, score: float, titles: Scores | None) -> Ranked:
        occupation = self._catalogue.occupations[one]
        theirs = self._theirs.get(one, [])
        if titles is not None:
            theirs = sorted(theirs, key=lambda place: -titles[place])
        uris = [self._entry(place).uri for place in theirs] or shipped_esco().get(one, ())
        label = occupation.feminine
        if occupation.masculine != label:
            label += f" / {occupation.masculine}"
        return Ranked(one, label, round(score, 4), tuple(uri for uri in uris if uri), occupation.rome)

    def _of_theirs(self, place: int, score: float) -> Ranked:
        entry = self._entry(place)
        return Ranked(entry.key, entry.label, round(score, 4), (entry.uri,) if entry.uri else (), entry.rome)

    def _entry(self, place: int) -> Entry:
        return self._entries[place]
