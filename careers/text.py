"""Fold, cut and stem French as teenagers type it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"[a-z0-9+#]+")
_ELISION = re.compile(r"\b(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu)['’](?=\w)")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_SUFFIXES = (
    # longest first: each pair is an ending and what stands for it, so that both genders and the verb meet
    ("iciennes", "ic"), ("icienne", "ic"), ("iciens", "ic"), ("icien", "ic"), ("icites", "ic"), ("icite", "ic"),
    ("iques", "ic"), ("ique", "ic"), ("ologistes", "olog"), ("ologiste", "olog"), ("ologies", "olog"), ("ologie", "olog"),
    ("ologues", "olog"), ("ologue", "olog"), ("ographies", "ograph"), ("ographie", "ograph"), ("ographes", "ograph"),
    ("ographe", "ograph"), ("ismes", "ist"), ("isme", "ist"), ("eries", ""), ("erie", ""), ("ages", ""), ("age", ""),
    ("uctrices", "u"), ("ucteurs", "u"), ("uctrice", "u"), ("ucteur", "u"), ("uctions", "u"), ("uction", "u"),
    ("uisent", "u"), ("uire", "u"), ("uits", "u"), ("uit", "u"), ("uis", "u"), ("dres", "d"), ("dre", "d"),
    ("isatrices", "is"), ("isateurs", "is"), ("isatrice", "is"), ("isateur", "is"), ("isation", "is"),
    ("atrices", ""), ("ateurs", ""), ("atrice", ""), ("ateur", ""), ("ations", ""), ("ation", ""),
    ("trices", "t"), ("teurs", "t"), ("trice", "t"), ("teur", "t"), ("teuses", "t"), ("teuse", "t"),
    ("euses", ""), ("euse", ""), ("eurs", ""), ("eur", ""), ("ieres", ""), ("iere", ""), ("iers", ""), ("ier", ""),
    ("iennes", "i"), ("ienne", "i"), ("iens", "i"), ("ien", "i"), ("eres", ""), ("ere", ""), ("ers", ""),
    ("ements", ""), ("ement", ""), ("istes", "ist"), ("iste", "ist"), ("elles", "el"), ("elle", "el"),
    ("ives", "if"), ("ive", "if"), ("ifs", "if"), ("aux", "al"), ("ales", "al"), ("ale", "al"),
    ("ees", ""), ("ee", ""), ("er", ""), ("ez", ""), ("es", ""), ("ant", ""), ("ais", ""), ("ait", ""), ("ent", ""),
    ("e", ""), ("s", ""), ("x", ""),
)  # fmt: skip
_SHORTEST_STEM = 3


def fold(text: str) -> str:
    """Lower case without accents, ligatures or elisions; runs of a letter are shortened to one."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("ı", "i")
    text = _ELISION.sub("", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _LONG_RUN.sub(r"\1", text)


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def usual(found: Sequence[str], same: Mapping[str, str]) -> list[str]:
    """Words with the usual ones in place of abbreviations and slang; pairs of words are looked at first."""
    kept: list[str] = []
    at = 0
    while at < len(found):
        pair = " ".join(found[at : at + 2])
        step = 2 if pair in same and at + 1 < len(found) else 1
        said = pair if step > 1 else found[at]
        kept += same.get(said, said).split()
        at += step
    return kept


def stem(word: str) -> str:
    """A light French stem of a folded word: the two genders and the plural of a name of occupation meet."""
    for ending, instead in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            root = word[: -len(ending)] + instead
            return root[:-1] if len(root) > _SHORTEST_STEM and root[-1] == root[-2] else root
    return word
