"""What the linker looks up: stems, phrases that name an occupation, and pieces of words for typing errors."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from careers import reference_titles as search
from careers import sound, text
from careers.lexicon import Lexicon
from careers.model import Occupation

Scores = NDArray[np.float64]

NAME, HEAD, SAID, POINTED, PROSE = (
    1.0,
    0.8,
    0.95,
    1.0,
    0.7,
)  # a name, its first word, a phrase, a pointer, prose
_LATER = 1 / 60  # a row gives its most telling words first
_LAST = 10
_K1, _B = 1.2, 0.5  # BM25's usual saturation; half its length effect, since rows are alike in length
_REPEATED = 2.0  # saying the same word in many phrases of a row does not make it more of that occupation
_TYPO_1, _TYPO_2 = 5, 8  # letters from which one, then two errors are forgiven
_SOUND, _BY_EAR = 5, 0.93  # sounds from which a word may be heard rather than read, and how sure that is
_UNKNOWN = 0.5  # what a word that nobody knows weighs, as a share of the rarest known one
_SOUNDS_LIKE = {
    "f": "p",
    "k": "cq",
    "c": "ks",
    "s": "c",
    "q": "k",
    "e": "hi",
    "i": "e",
    "o": "h",
}  # ph, qu, c, mute h


@dataclass(frozen=True, slots=True)
class Phrase:
    """Stems that together point to occupations (by place in the index), with a weight each."""

    stems: frozenset[str]
    mass: float
    places: NDArray[np.intp]
    weights: Scores


class Wordbook:
    """Cuts shipped phrases and questions in the same way, and mends typing errors."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._stems: dict[str, str] = {}
        self._known: dict[str, list[str]] = defaultdict(list)
        self._by_sound: dict[str, list[str]] = defaultdict(list)

    def stem(self, word: str) -> str:
        if word not in self._stems:
            self._stems[word] = text.stem(word)
        return self._stems[word]

    def content(self, said: str) -> list[str]:
        """The folded words of a phrase that mean something; all of them when none would be left."""
        found = text.usual(text.words(said), self._lexicon.same)
        return [w for w in found if w not in self._lexicon.silent and len(w) > 1] or found

    def learn(self, words: Iterable[str]) -> None:
        for word in words:
            if len(word) >= _TYPO_1 and word not in self._known[word[0]]:
                self._known[word[0]].append(word)
                self._by_sound[sound.of(word)].append(word)

    def mend(self, word: str) -> tuple[str, float] | None:
        """The known word that this one is meant for, with how sure that is, or None."""
        if len(word) < _TYPO_1:
            return None
        return self._by_ear(word) or self._by_hand(word)

    def _by_ear(self, word: str) -> tuple[str, float] | None:
        """The known word that sounds the same and is spelled most alike; a short sound is too many words."""
        key = sound.of(word)
        if len(key) < _SOUND or key not in self._by_sound:
            return None
        return min(self._by_sound[key], key=lambda known: OSA.distance(word, known)), _BY_EAR

    def _by_hand(self, word: str) -> tuple[str, float] | None:
        allowed = 2 if len(word) >= _TYPO_2 else 1
        best, found = allowed + 1, None
        for first in (word[0], *_SOUNDS_LIKE.get(word[0], ())):
            for known in self._known.get(first, ()):
                if best and abs(len(known) - len(word)) <= allowed:
                    gap = OSA.distance(word, known, score_cutoff=best - 1)
                    if gap < best:
                        best, found = gap, known
        return (found, 1 - best / len(word)) if found else None


class Index:
    """Computed once for a catalogue; looking up only reads."""

    def __init__(self, occupations: Sequence[Occupation], lexicon: Lexicon) -> None:
        self.size = len(occupations)
        self.book = Wordbook(lexicon)
        self._idf: dict[str, float] = {}
        self._bm25: dict[str, tuple[NDArray[np.intp], Scores]] = {}
        gathered = self._gather(occupations, lexicon)
        self._weigh(occupations, gathered)
        self.rarest = max(self._idf.values(), default=1.0)
        self._phrases = [self._phrase(stems, targets) for stems, targets in gathered.items()]
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self._phrases):
            for stem in phrase.stems:
                self._by_stem[stem].append(number)
        self.grams = Grams(self._spelled(occupations), self.size)

    def _gather(
        self, occupations: Sequence[Occupation], lexicon: Lexicon
    ) -> dict[frozenset[str], dict[int, float]]:
        found: dict[frozenset[str], dict[int, float]] = {}

        def add(words: list[str], place: int, weight: float) -> None:
            self.book.learn(words)
            targets = found.setdefault(frozenset(self.book.stem(word) for word in words), {})
            targets[place] = max(weight, targets.get(place, 0.0))

        for place, occupation in enumerate(occupations):
            for said, weight in _phrases(occupation):
                add(self.book.content(said), place, weight)
        at = {occupation.id: place for place, occupation in enumerate(occupations)}
        for pointer in lexicon.pointers:
            for target, share in pointer.targets.items():
                add(self.book.content(" ".join(pointer.said)), at[target], POINTED * share)
        found.pop(frozenset(), None)
        return found

    def _weigh(
        self, occupations: Sequence[Occupation], gathered: Mapping[frozenset[str], Mapping[int, float]]
    ) -> None:
        rows: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for stems, targets in gathered.items():
            for stem in stems:
                for place, weight in targets.items():
                    rows[stem][place] += weight
        for place, occupation in enumerate(occupations):
            for stem in {
                self.book.stem(w) for p in (occupation.one_line, occupation.day) for w in self.book.content(p)
            }:
                rows[stem][place] += PROSE
        lengths = np.zeros(self.size)
        for row in rows.values():
            for place, weight in row.items():
                lengths[place] += weight
        norm = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean()) if self.size else 1.0))
        for stem, row in rows.items():
            places, counts = np.array(list(row), dtype=np.intp), np.minimum(list(row.values()), _REPEATED)
            self._idf[stem] = log(1 + (self.size - len(row) + 0.5) / (len(row) + 0.5))
            self._bm25[stem] = places, counts * (_K1 + 1) / (counts + norm[places])

    def _phrase(self, stems: frozenset[str], targets: Mapping[int, float]) -> Phrase:
        mass = sum(self._idf[stem] for stem in stems)
        return Phrase(stems, mass, np.array(list(targets), dtype=np.intp), np.array(list(targets.values())))

    def _spelled(self, occupations: Sequence[Occupation]) -> Iterator[tuple[str, int]]:
        for place, occupation in enumerate(occupations):
            for said, _ in _phrases(occupation):
                yield " ".join(self.book.content(said)), place

    # looking up

    def weigh(self, words: Sequence[str]) -> dict[str, tuple[float, float, str]]:
        """Stem -> (its weight, how sure we are that it was meant, the word as typed); unknown words weigh too."""
        found: dict[str, tuple[float, float, str]] = {}
        for word in words:
            stem, sure = self.book.stem(word), 1.0
            if stem not in self._idf and word[0] == "j" and self.book.stem(word[1:]) in self._idf:
                stem = self.book.stem(word[1:])  # "jdessine": the pronoun is glued to the verb
            if stem not in self._idf and (mended := self.book.mend(word)):
                stem, sure = self.book.stem(mended[0]), mended[1]
            if stem in self._idf:
                found[stem] = max(found.get(stem, (0.0, 0.0, "")), (self._idf[stem], sure, word))
            else:
                found[stem] = (self.rarest * _UNKNOWN, 0.0, word)
        return found

    def bm25(self, terms: Mapping[str, tuple[float, float, str]]) -> Scores:
        """Between 0 and about 1: the share of the weight of the words that speaks for each occupation."""
        scores = np.zeros(self.size)
        for stem, (idf, sure, _) in terms.items():
            if sure:
                places, weights = self._bm25[stem]
                scores[places] += idf * sure * weights / (_K1 + 1)
        return scores / max(1e-9, sum(idf for idf, _, _ in terms.values()))

    def phrases(self, terms: Mapping[str, tuple[float, float, str]]) -> Iterator[tuple[float, float, Phrase]]:
        """Phrases that share a stem with the words: how much of the phrase is said, how much of the words it takes."""
        total = max(1e-9, sum(idf for idf, _, _ in terms.values()))
        said: dict[int, float] = defaultdict(float)
        for stem, (idf, sure, _) in terms.items():
            if sure:
                for number in self._by_stem.get(stem, ()):
                    said[number] += idf * sure
        for number, mass in said.items():
            phrase = self._phrases[number]
            yield mass / phrase.mass, mass / total, phrase


def _phrases(occupation: Occupation) -> Iterator[tuple[str, float]]:
    yield occupation.feminine, NAME
    yield occupation.masculine, NAME
    for name in (occupation.feminine, occupation.masculine):
        yield text.words(name)[0], HEAD
    for rank, said in enumerate(occupation.words):
        yield said, SAID - min(rank, _LAST) * _LATER


class Grams:
    """Cosine between pieces of 3 to 5 letters, the best phrase of each occupation: forgives spelling."""

    def __init__(self, spelled: Iterable[tuple[str, int]], size: int) -> None:
        pairs = sorted(dict.fromkeys(spelled), key=itemgetter(1))  # those of one occupation side by side
        self._size = size
        owners = np.array([place for _, place in pairs], dtype=np.intp)
        self._owners, self._first = np.unique(owners, return_index=True)
        self._table = search.tabulate([search.pieces(said) for said, _ in pairs], cosine=True)
        search.forget()

    def best(self, said: str) -> Scores:
        """For each occupation, its phrase that is spelled most like `said`: 0 to 1."""
        scores = np.zeros(self._size)
        if len(self._owners):
            scores[self._owners] = np.maximum.reduceat(self._table.cosine(search.pieces(said)), self._first)
        return scores
