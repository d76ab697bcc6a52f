"""Conditions of work that a learner's text wishes or refuses ("dehors", "surtout pas d'ordinateur"), and what has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from careers import fit, tables, text
from careers.model import Occupation

_LONGEST = 1200  # characters read: beyond, a text is a story and its beginning says enough
_CLAUSE = re.compile(
    r"[.,;:!?\n()]+|\b(?:mais|plutot|par contre|sauf que|alors que|(?:car|et|moi) (?:je|j) (?=\w))\b"
)
_NEGATION = re.compile(
    r"\b(?:pas|jamais|sans|ni|deteste|hais|horreur|marre|evite|eviter|fuis|supporte plus|veux plus|aime plus|rien a voir avec)\b"
)
_NO_NEGATION = re.compile(
    r"pourquoi pas|pas mal|pas que|pas seulement|pas uniquement|(?:sais|sait) pas|pas encore|pas grave|si pas|pas trop loin"
)
_BOTH = re.compile(
    r"\bpas (?:rester |toujours |tout le temps )?(?:a l )?interieur\b|\b(?:pas|jamais) (?:etre |rester )?enferme\w*"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the words that name it and how an occupation is known to have it."""

    id: str
    words: tuple[str, ...]
    has: Mapping[str, Any]

    def met_by(self, o: Occupation) -> bool:
        """Whether the occupation has this condition: any of its tests."""
        return any(_TESTS[test](o, wanted) for test, wanted in self.has.items())


_TESTS: Mapping[str, Any] = {
    "digital": lambda o, wanted: o.digital == wanted,
    "sectors": lambda o, wanted: o.sector in wanted,
    "values": lambda o, wanted: bool(set(o.values) & set(wanted)),
    "drive": lambda o, wanted: o.drives.get(wanted, 0) >= fit.STRONG,
    "shortest": lambda o, wanted: o.prep_level >= wanted,
    "longest": lambda o, wanted: o.prep_level <= wanted,
    "minus": lambda o, wanted: any(word in o.minus.lower() for word in wanted),
    "of": lambda o, wanted: o.id in wanted,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What texts wish and refuse: condition -> the learner's own words for it."""

    wished: Mapping[str, str]
    refused: Mapping[str, str]

    def speaking_for(self, o: Occupation) -> dict[str, str]:
        """The wished conditions that an occupation has, with the words for each."""
        return {one: said for one, said in self.wished.items() if known()[one].met_by(o)}

    def speaking_against(self, o: Occupation) -> dict[str, str]:
        """The refused conditions that an occupation has, with the words for each."""
        return {one: said for one, said in self.refused.items() if known()[one].met_by(o)}


NOTHING = Wishes({}, {})


@cache
def known() -> Mapping[str, Condition]:
    """Every condition of the table, by id."""
    raw = tables.toml("conditions.toml")
    return {
        one: Condition(
            one, tuple(row["words"]), {test: wanted for test, wanted in row.items() if test != "words"}
        )
        for one, row in raw.items()
    }


@lru_cache(maxsize=256)  # of short texts, looked at again for each list around them
def read(said: str) -> Wishes:
    """The conditions that a text wishes or refuses; what it both wishes and refuses counts for neither."""
    wished: dict[str, str] = {}
    refused: dict[str, str] = {}
    for clause in _CLAUSE.split(_BOTH.sub(" dehors ", text.fold(said[:_LONGEST]))):
        negation = None if _NO_NEGATION.search(clause) else _NEGATION.search(clause)
        cut = negation.start() if negation else len(clause)
        wished |= dict(_named(clause[:cut]))
        refused |= dict(_named(clause[cut:]))
    both = wished.keys() & refused.keys()
    return Wishes(
        *({one: said for one, said in side.items() if one not in both} for side in (wished, refused))
    )


def _named(words: str) -> Iterator[tuple[str, str]]:
    plain = f" {' '.join(text.words(words))} "
    for one, condition in known().items():
        found = next((name for name in condition.words if f" {name} " in plain), None)
        if found:
            yield one, found
