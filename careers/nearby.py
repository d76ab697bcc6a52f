"""Programmes and job offers for occupations that a learner kept, ranked, with what there is to doubt about each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from careers import leading, places, steps
from careers.because import name
from careers.catalogue import Catalogue
from careers.freshness import OLD, freshness
from careers.model import Interests, Occupation, Place, Programme, Reason, Vacancy
from careers.refusals import Limits, of_programme, of_vacancy

FAR_KM, LONG_YEARS = 40.0, 5.0  # from which distance and length are the first thing to say
SHORT_YEARS = 3.0  # under it, nobody is told that it is long
_PER_KM, _MOST_KM = 0.006, 60.0  # a programme 50 km away must be 0.3 more fitting
_AFTER_BACHELOR, _ADULTS, _OLD = 0.35, 0.4, 0.1
_SAME_CODE, _SAME_REM, _SAME_ROME = 1.0, 0.8, 0.55
_TOO_YOUNG = 0.3
_FOR_TEENS = {"student": 0.25, "apprenticeship": 0.25, "first_job": 0.15, "job": 0.0}
_A_YEAR, _COSTS = 0.012, 0.01
_FREE = ("gratuit", "indemnité", "rémunér")
_CLOSE_BY = 10.0  # kilometres: what is learnt nearer is not far, whatever was meant
_CREDITS = re.compile(r"\s*\([^)]*ECTS[^)]*\)")
_PLAIN_HOURS = "Temps plein"  # says nothing to be wary of
_TEST = ("épreuve", "examen", "concours", "tirage", "contingentée")
_USUAL = (  # remarks for the people who keep the table
    "Liste de l", "à revérifier", "adresse tirée", "l’URL", "campus déduit", "campus non donné", "ECTS",
    "habilitation", "codipl", "projet de fusion", "consortium", "formation coorg", "type court", "type (",
)  # fmt: skip


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
    age: int | None = None,
) -> list[Find]:
    """Best first; each programme once, for the occupation it fits best. Distance counts more when it was asked for.

    After what it leads to and how far it is: how many years before it can be begun (`age`), then what it costs.
    """
    best: dict[str, Find] = {}
    for rank, occupation in enumerate(kept):
        for programme, fits in leading_to(occupation, catalogue):
            km = of_programme(programme, origin)
            if not limits.allows_programme(programme, km):
                continue
            score = fits - rank / 50 - _weight(programme, km, today, asked=asked)
            score -= _later(programme, age) + _costly(programme)
            if programme.id not in best or score > best[programme.id].score:
                best[programme.id] = Find(programme, occupation, score, km)
    return sorted(best.values(), key=lambda find: (-find.score, find.item.id))


def _weight(programme: Programme, km: float | None, today: date, *, asked: bool) -> float:
    weight = _AFTER_BACHELOR if after_bachelor(programme) else 0.0
    weight += _ADULTS if programme.later else 0.0
    weight += _OLD if freshness(programme.source, today) == "old" else 0.0
    distance = _MOST_KM if km is None else min(km, _MOST_KM)
    return weight + distance * _PER_KM * (1.5 if asked else 1.0)


def _later(programme: Programme, age: int | None) -> float:
    return _A_YEAR * steps.years_away(programme, age)


def _costly(programme: Programme) -> float:
    """Between equals, what is known to be free comes first, then what says what it costs."""
    if not programme.cost:
        return 2 * _COSTS
    return 0.0 if is_free(programme) else _COSTS


def is_free(programme: Programme) -> bool:
    """Whether the table says that it costs nothing, or even pays."""
    return programme.cost.lower().startswith(_FREE)


def km_to(item: Programme | Vacancy, origin: Place) -> float | None:
    """Kilometres to a programme or an offer, None when nobody knows where it is."""
    return of_programme(item, origin) if isinstance(item, Programme) else of_vacancy(item, origin)


def leads(item: Programme | Vacancy, occupation: Occupation, catalogue: Catalogue) -> bool:
    """Whether a programme or an offer leads towards an occupation."""
    if isinstance(item, Vacancy):
        return _same(item.dimeco, occupation) > 0
    return any(programme.id == item.id for programme, _ in leading_to(occupation, catalogue))


def nearest_km(occupation: Occupation, catalogue: Catalogue, origin: Place) -> float | None:
    """Kilometres to the nearest place where an occupation can be learnt; None when none is known."""
    return _nearest(catalogue, origin).get(occupation.id)


@lru_cache(maxsize=64)  # towns: it says nothing of who lives there
def _nearest(catalogue: Catalogue, origin: Place) -> Mapping[str, float]:
    """Occupation -> kilometres to the nearest place where it can be learnt, for those of which one is known."""
    km = {one.id: of_programme(one, origin) for one in catalogue.programmes.values()}
    found: dict[str, float] = {}
    for occupation in catalogue.occupations.values():
        known = [far for one, _ in leading_to(occupation, catalogue) if (far := km.get(one.id)) is not None]
        if known:
            found[occupation.id] = min(known)
    return found


def beyond(interests: Interests, catalogue: Catalogue) -> frozenset[str]:
    """Occupations that are learnt no nearer than one refused as too far; none when that one is learnt close by."""
    known = catalogue.occupations
    far = [
        known[r.id]
        for r in interests.refusals
        if r.kind == "occupation" and r.reason == "far" and r.id in known
    ]
    if not far:
        return frozenset()
    origin = interests.place or places.LIEGE
    refused = [
        km for km in (nearest_km(o, catalogue, origin) for o in far) if km is not None and km >= _CLOSE_BY
    ]
    if not refused:
        return frozenset()
    bound = min(refused)
    return frozenset(one for one, km in _nearest(catalogue, origin).items() if km >= bound)


def after_bachelor(programme: Programme) -> bool:
    return programme.level.startswith(("master", "passerelle")) or "spécialisation" in programme.level


def leading_to(occupation: Occupation, catalogue: Catalogue) -> Sequence[tuple[Programme, float]]:
    """Programmes that lead towards an occupation and how well (0 to about 1.3); those that only share a wide domain are out."""
    return leading.towards(occupation.id, catalogue)


def vacancies(
    kept: Sequence[Occupation],
    offers: Sequence[Vacancy],
    limits: Limits,
    origin: Place,
    today: date,
    age: int | None = None,
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
            score -= _TOO_YOUNG if age is not None and offer.later_for(age) else 0.0
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


def doubt(find: Find, place: Place | None, today: date, age: int | None = None) -> Reason:
    """The one thing to know before dreaming on: the first that applies."""
    found = (
        _of_programme(find.item, today) if isinstance(find.item, Programme) else _of_vacancy(find.item, age)
    )
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


def _of_vacancy(offer: Vacancy, age: int | None) -> Iterator[Reason]:
    if age is not None and offer.later_for(age):
        yield Reason("age", {"age": str(offer.ages_from)})
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
