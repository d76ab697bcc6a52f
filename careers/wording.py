"""What a teenager's text says: its ideas, without small talk and without what it refuses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from careers import text

_BOUNDARY = re.compile(
    r"[,.;!?\n/+&]|\b(?:mais|ou|et|puis|ensuite|aussi|par contre|sinon|sauf|pcq|parce que)\b"
)
_CLAUSE_END = frozenset(["mais", "je", "j", "jai", "moi", "sauf", "sinon", "plutot"])
_LIKING = frozenset(
    [
        "aime",
        "aimes",
        "aimer",
        "adore",
        "veux",
        "voudrais",
        "kiffe",
        "kif",
        "supporte",
        "like",
        "aimerais",
        "envie",
        "fan",
        "interesse",
        "plait",
        "aim",
    ]
)
_NEGATIONS = frozenset(["pas", "plus", "jamais", "rien"])
_AFTER_NOT = frozenset(["de", "du", "des", "la", "le", "les", "d", "l", "trop", "vraiment"])
_REFUSALS = frozenset(
    [
        "deteste",
        "detestes",
        "hais",
        "horreur",
        "sans",
        "degoute",
        "degueu",
        "marre",
        "evite",
        "peur",
        "phobie",
        "nul",
        "nulle",
    ]
)
_NO_SCOPE = frozenset(["sais", "sai", "c", "mal", "bien", "trop", "encore", "grand", "fort"])
_TOO_LONG = 1200  # characters read: beyond, a text is a story and its beginning says enough


@dataclass(frozen=True, slots=True)
class Wording:
    """The ideas of a text, each a list of folded words, and the words that it refuses."""

    ideas: tuple[tuple[str, ...], ...]
    refused: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(word for idea in self.ideas for word in idea)


def read(said: str, same: Mapping[str, str], silent: frozenset[str]) -> Wording:
    """Cut a text into ideas. `same` maps a word to the usual one, `silent` words mean nothing here."""
    ideas: list[tuple[str, ...]] = []
    refused: list[str] = []
    for part in _BOUNDARY.split(text.fold(said[:_TOO_LONG])):
        kept, left = _without_refusals(text.usual(text.words(part), same))
        refused += _meaningful(left, silent)
        meant = tuple(_meaningful(kept, silent))
        if meant:
            ideas.append(meant)
    return Wording(tuple(ideas), tuple(refused))


def _meaningful(found: list[str], silent: frozenset[str]) -> list[str]:
    return [word for word in found if word not in silent and len(word) > 1]


def _without_refusals(found: list[str]) -> tuple[list[str], list[str]]:
    """The words that are meant, and those in the scope of a refusal ("j'aime pas les maths", "sans animaux")."""
    kept: list[str] = []
    refused: list[str] = []
    refusing = False
    for at, word in enumerate(found):
        if refusing and word in _CLAUSE_END:
            refusing = False
        if _refuses(found, at):
            refusing = True
        elif refusing:
            refused.append(word)
        else:
            kept.append(word)
    return kept, refused


def _refuses(found: list[str], at: int) -> bool:
    word = found[at]
    if word in _REFUSALS:
        return True
    if word not in _NEGATIONS:
        return False
    before = found[max(0, at - 3) : at]
    after = found[at + 1] if at + 1 < len(found) else ""
    if after in _NO_SCOPE or not after:
        return False
    return (
        bool(_LIKING & set(before))
        or (not before and after in _AFTER_NOT)
        or (after == "de" and "fait" not in before)
    )
