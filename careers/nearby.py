"""Programmes and job offers for occupations that a learner kept, ranked, with what there is to doubt about each."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log

from careers import text
from careers.because import name
from careers.catalogue import Catalogue
from careers.freshness import OLD, freshness
from careers.model import Occupation, Place, Programme, Reason, Vacancy
from careers.refusals import Limits, of_programme, of_vacancy

FAR_KM, LONG_YEARS = 40.0, 5.0  # from which distance and length are the first thing to say
SHORT_YEARS = 3.0  # under it, nobody is told that it is long
_TITLE, _DOMAIN = 1.0, 0.6
_PER_KM, _MOST_KM = 0.006, 60.0  # a programme 50 km away must be 0.3 more fitting
_AFTER_BACHELOR, _ADULTS, _OLD = 0.35, 0.4, 0.1
_SAME_CODE, _SAME_REM, _SAME_ROME = 1.0, 0.8, 0.55
_FOR_TEENS = {"student": 0.25, "apprenticeship": 0.25, "first_job": 0.15, "job": 0.0}
_ALTERNATION, _LEAST, _BESIDE_BEST = 0.6, 0.3, 0.5
_CREDITS = re.compile(r"\s*\([^)]*ECTS[^)]*\)")
_PLAIN_HOURS = "Temps plein"  # says nothing to be wary of
_ALIKE = 6  # letters
_TEST = ("épreuve", "examen", "concours", "tirage", "contingentée")
_WIDE = frozenset(
    {"technique", "sciences", "santé", "social", "économie/gestion", "ingénieur"}
)  # alone, they say little
_USUAL = (  # remarks for the people who keep the table
    "Liste de l", "à revérifier", "adresse tirée", "l’URL", "campus déduit", "campus non donné", "ECTS",
    "habilitation", "codipl", "projet de fusion", "consortium", "formation coorg", "type court", "type (",
)  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Find:
    """A programme or an offer that leads towards an occupation of the learner's."""

    item: Programme | Vacancy
    occupation: Occupation
    score: float
    km: float | None

    @property
    def kind(self) -> str:
        return "programme" if isinstance(self.item, Programme) else "vacancy"


def programmes(
    kept: Sequence[Occupation],
    catalogue: Catalogue,
    limits: Limits,
    origin: Place,
    today: date,
    *,
    asked: bool,
) -> list[Find]:
    """Best first; each programme once, for the occupation it fits best. Distance counts more when it was asked for."""
    best: dict[str, Find] = {}
    for rank, occupation in enumerate(kept):
        for programme, fits in leading_to(occupation, catalogue):
            km = of_programme(programme, origin)
            if not limits.allows_programme(programme, km):
                continue
            score = fits - rank / 50 - _weight(programme, km, today, asked=asked)
            if programme.id not in best or score > best[programme.id].score:
                best[programme.id] = Find(programme, occupation, score, km)
    return sorted(best.values(), key=lambda find: (-find.score, find.item.id))


def _weight(programme: Programme, km: float | None, today: date, *, asked: bool) -> float:
    weight = _AFTER_BACHELOR if after_bachelor(programme) else 0.0
    weight += _ADULTS if programme.later else 0.0
    weight += _OLD if freshness(programme.source, today) == "old" else 0.0
    distance = _MOST_KM if km is None else min(km, _MOST_KM)
    return weight + distance * _PER_KM * (1.5 if asked else 1.0)


def after_bachelor(programme: Programme) -> bool:
    return programme.level.startswith(("master", "passerelle")) or "spécialisation" in programme.level


def leading_to(occupation: Occupation, catalogue: Catalogue) -> Sequence[tuple[Programme, float]]:
    """Programmes that lead towards an occupation and how well (0 to about 1.3); those that only share a wide domain are out."""
    return _leading_to(occupation.id, catalogue)


@lru_cache(maxsize=1024)  # says nothing of any learner; a new overlay makes a new catalogue
def _leading_to(occupation_id: str, catalogue: Catalogue) -> tuple[tuple[Programme, float], ...]:
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
def _stems(said: str) -> frozenset[str]:
    return frozenset(text.stem(w) for w in text.words(said) if len(w) > 3 and w not in _EVERYDAY)  # noqa: PLR2004


@lru_cache(maxsize=1024)
def _said(names: tuple[str, str], words: tuple[str, ...]) -> Mapping[str, float]:
    """Stems of an occupation's names (0.6) and words (0.3)."""
    found = {stem: 0.3 for said in words for stem in _stems(said)}
    return found | {stem: 0.6 for said in names for stem in _stems(said)}


def vacancies(
    kept: Sequence[Occupation], offers: Sequence[Vacancy], limits: Limits, origin: Place, today: date
) -> list[Find]:
    """Offers of today that match the codes of the occupations kept, best first."""
    best: dict[str, Find] = {}
    for rank, occupation in enumerate(kept):
        for offer in offers:
            same = _same(offer.dimeco, occupation)
            if not same or (offer.closes and offer.closes < today):
                continue
            km = of_vacancy(offer, origin)
            if not limits.allows_vacancy(offer, km):
                continue
            distance = _MOST_KM if km is None else min(km, _MOST_KM)
            score = same + _FOR_TEENS.get(offer.kind, 0.0) - rank / 50 - distance * _PER_KM
            if offer.id not in best or score > best[offer.id].score:
                best[offer.id] = Find(offer, occupation, score, km)
    return sorted(best.values(), key=lambda find: (-find.score, find.item.id))


def _same(code: str, occupation: Occupation) -> float:
    """How close a DIMECO code (ROME, then two digits, then a number) is to the codes of an occupation."""
    if not code:
        return 0.0
    if code in occupation.dimeco:
        return _SAME_CODE
    if any(code[:7] == other[:7] for other in occupation.dimeco):
        return _SAME_REM
    parents = {*occupation.rome, *(other[:5] for other in occupation.dimeco)}
    return _SAME_ROME if code[:5] in parents else 0.0


def doubt(find: Find, place: Place | None, today: date) -> Reason:
    """The one thing to know before dreaming on: the first that applies."""
    found = _of_programme(find.item, today) if isinstance(find.item, Programme) else _of_vacancy(find.item)
    if place and find.km is not None and find.km > FAR_KM:
        return Reason("far", {"km": f"{find.km:.0f}", "place": place.name})
    return next(found)


def _of_programme(programme: Programme, today: date) -> Iterator[Reason]:
    if programme.later:
        yield Reason("later")
    if any(word in programme.entry.lower() for word in _TEST):
        yield Reason("entrance_test", {"entry": programme.entry})
    if after_bachelor(programme):
        yield Reason("after_bachelor", {"entry": programme.entry})
    if programme.years is not None and programme.years >= LONG_YEARS:
        yield Reason("long", {"length": programme.length.split(" / ")[0]})
    if programme.ages_from:
        yield Reason("age", {"age": str(programme.ages_from)})
    seen = programme.source.seen
    if seen is None:
        yield Reason("to_check", {"what": "la source ne donne pas de date"})
    elif today - seen > OLD:
        yield Reason("old_source", {"date": _day(seen)})
    if special := [part for part in programme.uncertain.split(" ; ") if not part.startswith(_USUAL)]:
        yield Reason("to_check", {"what": special[0]})
    if programme.years is not None and programme.years < SHORT_YEARS and programme.entry:
        yield Reason("to_check", {"what": f"la condition d'entrée, {programme.entry}"})
    yield Reason("long", {"length": spoken_length(programme)})


def spoken_length(programme: Programme) -> str:
    """How long it takes, in years: the credits beside them say nothing to a teenager."""
    years, _, credit = programme.length.partition(" / ")
    years = _CREDITS.sub("", years)
    return f"{years} (à vérifier)" if "à vérifier" in credit else years


def _day(seen: date) -> str:
    """As it is read; a year alone was kept as its first day."""
    return f"en {seen:%Y}" if (seen.month, seen.day) == (1, 1) else f"le {seen:%d/%m/%Y}"


def _of_vacancy(offer: Vacancy) -> Iterator[Reason]:
    others = [language for language in offer.languages if language.lower() != "français"]
    if others:
        yield Reason("languages", {"languages": ", ".join(others)})
    if offer.experience:
        yield Reason("experience")
    if any(
        level.lower().startswith(("bac", "maîtrise", "doctorat", "enseignement sup"))
        for level in offer.levels
    ):
        yield Reason("level", {"level": offer.levels[0]})
    if offer.kind == "job":
        yield Reason("adults_job")
    if offer.regime and offer.regime != _PLAIN_HOURS:
        yield Reason("hours", {"regime": offer.regime[:1].lower() + offer.regime[1:]})
    if offer.closes:
        yield Reason("closes", {"date": f"{offer.closes:%d/%m/%Y}"})
    yield Reason("to_check", {"what": "l'âge demandé et la date de début"})


def title(find: Find) -> str:
    """What a reason calls the occupation that a find leads to."""
    return name(find.occupation)
