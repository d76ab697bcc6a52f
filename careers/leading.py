"""Which programmes lead towards an occupation, from their titles and domains."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from math import log

from careers import text
from careers.catalogue import Catalogue
from careers.model import Occupation, Programme

_TITLE, _DOMAIN = 1.0, 0.6
_ALTERNATION, _LEAST, _BESIDE_BEST = 0.6, 0.3, 0.5
_ALIKE = 6  # letters
_SHORT = 3  # letters of the shortest word that may name a thing ("son", "web", "art")
_SMALL = frozenset(
    ["des", "les", "aux", "par", "sur", "une", "ses", "ces", "bac", "pas", "non", "dit", "qui", "que"]
)
_WIDE = frozenset(
    {"technique", "sciences", "santé", "social", "économie/gestion", "ingénieur"}
)  # alone, they say little
_EVERYDAY = frozenset(
    [
        "bachelier",
        "bachelor",
        "master",
        "specialise",
        "finalite",
        "orientation",
        "sciences",
        "option",
        "art",
        "professeur",
    ]
)


@lru_cache(maxsize=1024)  # says nothing of any learner; a new overlay makes a new catalogue
def towards(occupation_id: str, catalogue: Catalogue) -> tuple[tuple[Programme, float], ...]:
    """The programmes that lead towards an occupation, and how well (0 to about 1.3)."""
    occupation = catalogue.occupations[occupation_id]
    said = _said((occupation.feminine, occupation.masculine), occupation.words)
    found = [
        (p, _fits(p, occupation, said, catalogue))
        for p in catalogue.programmes_in(occupation.programme_domains)
    ]
    if any("IFAPME" in way.text for way in occupation.ways):
        there = {p.id for p, _ in found}
        found += [
            (p, _ALTERNATION) for p in catalogue.programmes.values() if _is_ifapme(p) and p.id not in there
        ]
    best = max((fits for _, fits in found), default=0.0)
    return tuple((p, fits) for p, fits in found if fits >= max(_LEAST, best * _BESIDE_BEST))


def _is_ifapme(programme: Programme) -> bool:
    """The one row of apprenticeship for more than a hundred trades, whatever its domains."""
    return programme.institution.id == "ifapme" and programme.offered


def _fits(
    programme: Programme, occupation: Occupation, said: Mapping[str, float], catalogue: Catalogue
) -> float:
    rarity = _rarity(catalogue)
    shared = set(programme.domains) & set(occupation.programme_domains)
    domain = max((rarity[d] for d in shared), default=0.0)
    if programme.domains and programme.domains[0] in shared:
        domain *= 1.2
    title = min(1.0, sum(_best(stem, said) for stem in _stems(programme.title)))
    if not title and shared <= _WIDE:
        return 0.0
    return _DOMAIN * domain + _TITLE * title


def _best(stem: str, said: Mapping[str, float]) -> float:
    """The weight of a stem, or of one that begins alike ("kinésithérapie", "kinésithérapeute")."""
    if stem in said:
        return said[stem]
    alike = (w for other, w in said.items() if len(stem) >= _ALIKE and other[:_ALIKE] == stem[:_ALIKE])
    return max(alike, default=0.0)


@lru_cache(maxsize=2)
def _rarity(catalogue: Catalogue) -> Mapping[str, float]:
    """0 to 1: a domain of few programmes says more than one of many."""
    spread = Counter(domain for programme in catalogue.programmes.values() for domain in programme.domains)
    most = log(1 + len(catalogue.programmes))
    return {domain: 1 - log(1 + count) / most for domain, count in spread.items()}


@lru_cache(maxsize=2048)
def _stems(said: str, shortest: int = _SHORT) -> frozenset[str]:
    return frozenset(
        text.stem(w) for w in text.words(said) if len(w) >= shortest and w not in _EVERYDAY | _SMALL
    )


@lru_cache(maxsize=1024)
def _said(names: tuple[str, str], words: tuple[str, ...]) -> Mapping[str, float]:
    """Stems of an occupation's names (0.6) and words (0.3), where a short word is rarely the thing itself."""
    found = {stem: 0.3 for said in words for stem in _stems(said, _SHORT + 1)}
    return found | {stem: 0.6 for said in names for stem in _stems(said)}
