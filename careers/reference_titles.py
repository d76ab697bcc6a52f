"""Search in official titles: pieces of words on both readings of a title, and stems on the whole of it, as numpy arrays."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from careers import text

Floats = NDArray[np.float32]
Codes = NDArray[np.int64]

GRAMS = (3, 4, 5)
_LETTERS = {letter: place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz0123456789+# ", start=1)}
_BASE = 40
_K1, _B = 1.2, 0.3  # titles are short and alike in length: half-hearted length effect
STEMS_SHARE = 0.5  # what stems weigh beside pieces of words (benchmarks/README.md has what was tried)
_COMMON_START = 3  # letters that the two genders of a word have in common at least
_CACHED = 50_000


# readings of a title


def readings(title: str) -> tuple[str, ...]:
    """A title with both genders as one masculine and one feminine title, each with the tail they share.

    "Accueillant / Accueillante auprès d'enfants" gives "Accueillant auprès d'enfants" and "Accueillante auprès d'enfants".
    """
    parts = [part.split() for part in title.split("/")]
    if len(parts) != 2 or not all(parts):  # noqa: PLR2004 -- one of each gender
        return (title,)
    left, right = parts
    start = next((at for at, word in enumerate(left) if _pair(word, right[0])), None)
    if start is None:
        return (title,)
    met = 0
    while start + met < len(left) and met < len(right) and _pair(left[start + met], right[met]):
        met += 1
    masculine = [*left, *right[met:]] if start + met >= len(left) else left
    feminine = [*left[:start], *right, *(left[start + met :] if met >= len(right) else [])]
    return (" ".join(masculine), " ".join(feminine))


def _pair(one: str, other: str) -> bool:
    one, other = text.fold(one), text.fold(other)
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if common is None:
        return True
    return common >= min(_COMMON_START, len(one) - 1, len(other) - 1)


def folded(title: str) -> str:
    return " ".join(text.words(title))


# numbers for words


def number(word: str) -> int:
    """The same number for a word on every machine."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little", signed=True)


@lru_cache(maxsize=_CACHED)
def _pieces(word: str) -> Codes:
    """The pieces of a word with its edges, as numbers."""
    letters = np.array([_LETTERS[c] for c in f" {word} "], dtype=np.int64)
    found = []
    for length in GRAMS:
        windows = len(letters) - length + 1
        if windows > 0:
            code = np.zeros(windows, dtype=np.int64)
            for place in range(length):
                code = code * _BASE + letters[place : place + windows]
            found.append(code)
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def pieces(said: str) -> Codes:
    found = [_pieces(word) for word in said.split()]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def forget() -> None:
    """Let go of the words of a vocabulary that was just built."""
    _pieces.cache_clear()
    _stem.cache_clear()


@lru_cache(maxsize=_CACHED)
def _stem(word: str) -> int:
    return number(text.stem(word))


def stems(said: str) -> Codes:
    return np.array([_stem(word) for word in said.split()], dtype=np.int64)


# tables


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, the rows that hold it and its weight there: `rows[starts[t]:starts[t + 1]]`."""

    terms: Codes
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: Floats
    idf: Floats
    size: int

    def place(self, codes: Codes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where terms are, and which of them are known."""
        if not len(self.terms):
            return np.zeros(len(codes), dtype=np.intp), np.zeros(len(codes), dtype=bool)
        at = np.minimum(np.searchsorted(self.terms, codes), len(self.terms) - 1)
        return at, self.terms[at] == codes

    def add(self, codes: Codes, shares: Floats) -> Floats:
        """The weighted sum of the rows of terms."""
        at, known = self.place(codes)
        spans = [slice(self.starts[t], self.starts[t + 1]) for t in at[known].tolist()]
        if not spans:
            return np.zeros(self.size, dtype=np.float32)
        rows = np.concatenate([self.rows[span] for span in spans])
        counts = [span.stop - span.start for span in spans]
        weights = np.concatenate([self.weights[span] for span in spans]) * np.repeat(shares[known], counts)
        return np.bincount(rows, weights, minlength=self.size).astype(np.float32)

    def cosine(self, codes: Codes) -> Floats:
        """Of TF-IDF weights; what is not known counts as the rarest."""
        unique, counts = np.unique(codes, return_counts=True)
        at, known = self.place(unique)
        rarest = float(self.idf.max()) if len(self.idf) else 1.0
        idf = np.where(known, self.idf[at] if len(self.idf) else 0.0, rarest)
        shares = (1 + np.log(counts)) * idf
        norm = float(np.sqrt((shares**2).sum())) or 1.0
        return self.add(unique, (shares / norm).astype(np.float32))

    def bm25(self, codes: Codes) -> Floats:
        unique = np.unique(codes)
        return self.add(unique, np.ones(len(unique), dtype=np.float32))


def tabulate(bags: Sequence[Codes], *, cosine: bool) -> Postings:
    """The table of bags of terms, weighted for `cosine` or for BM25."""
    size = len(bags)
    lengths = np.array([len(bag) for bag in bags], dtype=np.int64)
    every = np.concatenate(bags) if size else np.empty(0, dtype=np.int64)
    terms, term_of = np.unique(every, return_inverse=True)
    both, counts = np.unique(
        term_of.astype(np.int64) * max(1, size) + np.repeat(np.arange(size), lengths), return_counts=True
    )
    term, row = both // max(1, size), both % max(1, size)
    spread = np.bincount(term, minlength=len(terms))
    if cosine:
        idf = np.log((1 + size) / (1 + spread)) + 1
        weights = (1 + np.log(counts)) * idf[term]
        norm = np.sqrt(np.bincount(row, weights**2, minlength=size))
        weights = weights / norm[row]
    else:
        idf = np.log(1 + (size - spread + 0.5) / (spread + 0.5))
        effect = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean()) if size else 1.0))
        weights = idf[term] * counts * (_K1 + 1) / (counts + effect[row])
    starts = np.concatenate([[0], np.cumsum(spread)]).astype(np.int64)
    return Postings(
        terms, starts, row.astype(np.int32), weights.astype(np.float32), idf.astype(np.float32), size
    )


@dataclass(frozen=True, slots=True)
class Titles:
    """Many titles for each of many entries. `first` is the first row of each entry, `sure` what a row counts for."""

    pieces: Postings
    stems: Postings
    first: NDArray[np.int64]
    sure: Floats
    exact: Codes  # the number of each whole title, sorted
    exact_row: NDArray[np.int32]
    heads: Codes  # the first words of titles of several entries, sorted

    def begins(self, word: str) -> bool:
        """Whether several titles begin with this folded word: "technicienne", "directeur"."""
        code = number(word)
        at = int(np.searchsorted(self.heads, code))
        return at < len(self.heads) and int(self.heads[at]) == code

    def near(self, said: str) -> tuple[Floats, Floats]:
        """For each entry, a score that ranks and the likeness of its best title (0 to 1)."""
        if not len(self.first):
            return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.float32)
        read = dict.fromkeys(folded(reading) for reading in readings(said))
        like = np.maximum.reduce([self.pieces.cosine(pieces(reading)) for reading in read]) * self.sure
        told = self.stems.bm25(stems(folded(said)))
        ranked = like + STEMS_SHARE * self.sure * told / max(1e-6, float(told.max()))
        return np.maximum.reduceat(ranked, self.first), np.maximum.reduceat(like, self.first)

    def same(self, said: str) -> list[int]:
        """The entries that have exactly this title, folded."""
        code = number(folded(said))
        rows = self.exact_row[np.searchsorted(self.exact, code) : np.searchsorted(self.exact, code, "right")]
        return sorted(set((np.searchsorted(self.first, rows, "right") - 1).tolist()))


def index(entries: Iterable[Mapping[str, float]]) -> Titles:
    """The search over entries, each its titles with what they count for."""
    rows: list[str] = []
    sure: list[float] = []
    first: list[int] = []
    begun: list[str] = []
    for titles in entries:
        first.append(len(rows))
        best: dict[str, float] = {}
        for title, weight in titles.items():
            for reading in (*readings(title), title):
                key = folded(reading)
                best[key] = max(weight, best.get(key, 0.0))
        begun += {row.partition(" ")[0] for row in best}
        rows += best or [""]
        sure += best.values() or [0.0]
    whole = np.array([number(row) for row in rows], dtype=np.int64)
    order = np.argsort(whole, kind="stable")
    heads = Counter(head for head in begun if head)
    return Titles(
        tabulate([pieces(row) for row in rows], cosine=True),
        tabulate([stems(row) for row in rows], cosine=False),
        np.array(first, dtype=np.int64),
        np.array(sure, dtype=np.float32),
        whole[order],
        order.astype(np.int32),
        np.array(sorted(number(head) for head, n in heads.items() if n > 1), dtype=np.int64),
    )
