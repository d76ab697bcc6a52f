"""How an Opendatasoft portal compares values and words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz.distance import Levenshtein

Row = Mapping[str, Any]


def listed(value: Any) -> list[Any]:
    """What a field holds, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def values(row: Row, name: str) -> list[Any]:
    """What that field of a row holds, as a list."""
    return listed(row.get(name))


def texts(row: Row, names: Sequence[str]) -> list[str]:
    """The texts of some fields, or of all."""
    wanted = row if "*" in names else names
    return [str(value) for name in wanted for value in values(row, name) if not isinstance(value, Mapping)]


def everything(row: Row) -> str:
    """All the texts of a row."""
    return " ".join(texts(row, ["*"]))


def ordered(sign: str, value: Any, wanted: Any) -> bool:
    """Whether a value and another of the same kind stand in that order."""
    if isinstance(value, str) != isinstance(wanted, str):
        return False
    if sign in (">", ">="):
        return bool(value > wanted) or (sign == ">=" and value == wanted)
    return bool(value < wanted) or (sign == "<=" and value == wanted)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))


def all_words(said: str, text: str) -> bool:
    """Whether a text holds all these words."""
    there = set(_words(text))
    return all(word in there for word in _words(said))


def prefixes(said: str, text: str) -> bool:
    """Whether each word begins one of the text."""
    there = _words(text)
    return all(any(other.startswith(word) for other in there) for word in _words(said))


def fuzzy(said: str, text: str) -> bool:
    """The same with small typos; the last word may be unfinished."""
    there, asked = _words(text), _words(said)
    return all(
        any(_near(word, other) or (number == len(asked) - 1 and other.startswith(word)) for other in there)
        for number, word in enumerate(asked)
    )


def _near(word: str, other: str) -> bool:
    allowed = 2 if len(word) > 5 else 1 if len(word) > 2 else 0
    return int(Levenshtein.distance(word, other, score_cutoff=allowed)) <= allowed
