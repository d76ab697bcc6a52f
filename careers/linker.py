"""From a teenager's words to occupations, with a calibrated "I do not know"."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from careers import lexicon, wording
from careers.catalogue import Catalogue
from careers.index import Index, Phrase, Scores
from careers.model import Candidate, Linked
from careers.official import Official
from careers.reference import Reference
from careers.text import words

# Share of right answers around each raw score, over all the phrases of tests/careers/phrases_*.tsv.
CALIBRATION = (
    (0.0, 0.0),
    (0.4, 0.05),
    (0.5, 0.3),
    (0.6, 0.58),
    (0.7, 0.7),
    (0.8, 0.8),
    (0.9, 0.94),
    (1.0, 0.99),
)
FOUND, UNSURE = 0.8, 0.45  # chances from which an answer is given, or several are offered to choose from
_BESIDE = 0.45  # a candidate stays when it has this share of the best one's score
_PHRASE, _STEMS, _SPELLING = 0.95, 0.6, 0.5  # how far each kind of evidence goes alone
_SPELLING_FROM = 0.45  # a cosine below it says nothing
_IDEA = 0.92  # an idea alone, beside other ideas, weighs a little less than a whole text
_REFUSED = 0.85
_DESPITE = (
    0.96,
    0.85,
)  # small talk or rude, one idea or several: answered when it clearly speaks of an occupation
_SPELLED = 15  # words looked at for spelling
_WINDOW = 3  # words looked at together for spelling
_REMEMBERED = 64  # texts
_LONGEST = 40  # words looked at in one text
_DONE = 0.3  # what is done in an occupation, in official words, goes so far

Terms = Mapping[str, tuple[float, float, str]]


class Linker:
    """Built once for a catalogue, and a vocabulary where one was imported; `link` is then pure and quick."""

    def __init__(self, catalogue: Catalogue, reference: Reference | None = None) -> None:
        self._ids = list(catalogue.occupations)
        self._lexicon = lexicon.load(catalogue.occupations)
        self._index = Index(list(catalogue.occupations.values()), self._lexicon)
        self.official = Official(catalogue, reference, self._lexicon.silent) if reference else None
        self.link = lru_cache(maxsize=_REMEMBERED)(
            self._link
        )  # a project is looked at again for each list around it

    def _link(self, text: str, limit: int = 5) -> Linked:
        """Up to `limit` occupations for a text, best first, and whether they are found, unsure or unknown."""
        said = wording.read(text, self._lexicon.same, self._lexicon.silent)
        if not said.ideas:
            return Linked("unknown", ())
        raw = self.raw(said)
        if self._is_aside(text, said) and float(raw.max()) < _DESPITE[len(said.ideas) > 1]:
            return Linked("unknown", ())
        chances = calibrated(raw)
        if self.official:
            chances = np.maximum(chances, self.official.ours(text))
        order = np.argsort(-chances, kind="stable")[:limit]
        best = float(chances[order[0]]) if len(order) else 0.0
        if best < UNSURE:
            return Linked("unknown", ())
        terms = self._index.weigh(said.said[:_LONGEST])
        near = (raw >= raw.max() * _BESIDE) | (chances >= best * _BESIDE)
        kept = [int(place) for place in order if near[place]]
        candidates = tuple(
            Candidate(self._ids[place], round(float(chances[place]), 3), self._because(place, terms))
            for place in kept
        )
        return Linked("found" if best >= FOUND else "unsure", candidates)

    def _is_aside(self, typed: str, said: wording.Wording) -> bool:
        """Rude, or small talk: such a text may hold the word of an occupation without meaning it."""
        plain = f" {' '.join(words(typed[:200]))} "
        return any(w in self._lexicon.rude for w in said.said) or any(
            a in plain for a in self._lexicon.asides
        )

    def raw(self, said: wording.Wording) -> Scores:
        """Uncalibrated scores of all occupations, 0 to 1."""
        scores = self._evidence(said.said[:_LONGEST])
        if len(said.ideas) > 1:
            for idea in said.ideas:
                scores = np.maximum(scores, _IDEA * self._evidence(idea[:_LONGEST]))
        if self.official:
            scores = 1 - (1 - scores) * (1 - _DONE * self.official.done(said.said[:_LONGEST]))
        if said.refused:
            scores = scores * (1 - _REFUSED * self._phrases(self._index.weigh(said.refused[:_LONGEST])))
        return scores

    def _evidence(self, said: Sequence[str]) -> Scores:
        if not said:
            return np.zeros(self._index.size)
        terms = self._index.weigh(said)
        stems = np.clip(self._index.bm25(terms), 0.0, 1.0)
        apart = (
            (1 - _PHRASE * self._phrases(terms))
            * (1 - _STEMS * stems)
            * (1 - _SPELLING * self._spelling(said))
        )
        return 1 - apart

    def _phrases(self, terms: Terms) -> Scores:
        """The best phrase of each occupation: said in full counts most, then how much of the text it takes."""
        best, second = np.zeros(self._index.size), np.zeros(self._index.size)
        for said, taken, phrase in self._index.phrases(terms):
            value = said**2 * (0.55 + 0.45 * taken) * phrase.weights / _shared(phrase)
            here = best[phrase.places]
            second[phrase.places] = np.maximum(second[phrase.places], np.minimum(here, value))
            best[phrase.places] = np.maximum(here, value)
        return np.clip(1 - (1 - best) * (1 - 0.4 * second), 0.0, 1.0)

    def _spelling(self, said: Sequence[str]) -> Scores:
        said = said[:_SPELLED]
        best = self._index.grams.best(" ".join(said))
        for width in range(1, _WINDOW + 1):
            for at in range(len(said) - width + 1):
                share = (width / len(said)) ** 0.5
                best = np.maximum(best, share * self._index.grams.best(" ".join(said[at : at + width])))
        return np.clip((best - _SPELLING_FROM) / (1 - _SPELLING_FROM), 0.0, 1.0)

    def _because(self, place: int, terms: Terms) -> tuple[str, ...]:
        """The words of the text that speak for an occupation, as folded, strongest first."""
        strength: dict[str, float] = {}
        for stem, term in terms.items():
            if term[1]:
                value = float(self._index.bm25({stem: term})[place]) * term[0]
                if value > 0:
                    strength[term[2]] = value
        return tuple(sorted(strength, key=lambda word: -strength[word])[:3])


def _shared(phrase: Phrase) -> float:
    """A phrase that many occupations share says less of each."""
    return float(len(phrase.places) ** 0.15)


@lru_cache(maxsize=2)
def _built(catalogue: Catalogue, reference: Reference | None) -> Linker:
    return Linker(catalogue, reference)


def linker_of(catalogue: Catalogue, reference: Reference | None = None) -> Linker:
    """The linker of a catalogue, built on first use and kept while the catalogue is."""
    return _built(catalogue, reference)


def calibrated(raw: Scores) -> Scores:
    """The share of right answers to expect at raw scores."""
    xs, ys = zip(*CALIBRATION, strict=True)
    chances: Scores = np.interp(raw, xs, ys)
    return chances
