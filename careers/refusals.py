"""What a "pas pour moi" changes: farther or longer things, a family, or the very same thing leave the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from careers import places
from careers.because import akin
from careers.catalogue import Catalogue
from careers.model import Interests, Occupation, Place, Programme, Refusal, Vacancy

SOMEWHERE_KM = 30.0  # a refused place that nobody can locate: only what is known to be nearer than this stays


@dataclass(frozen=True)
class Limits:
    """The bounds that refusals set. `closer_than` in kilometres and `shorter_than` in years are exclusive."""

    gone: frozenset[tuple[str, str]]
    closer_than: float | None = None
    shorter_than: float | None = None
    lighter_than: int | None = None  # preparation level of occupations
    families: tuple[Occupation, ...] = ()
    beyond: frozenset[str] = frozenset()  # occupations that are learnt as far away as one that was too far
    domains: frozenset[str] = field(
        default=frozenset()
    )  # first domains of programmes that are not their thing
    trades: frozenset[str] = field(default=frozenset())  # ROME codes of offers that are not their thing

    def allows_occupation(self, occupation: Occupation) -> bool:
        return ("occupation", occupation.id) not in self.gone

    @property
    def lowers(self) -> bool:
        """Whether any occupation may be lowered."""
        return self.lighter_than is not None or bool(self.families) or bool(self.beyond)

    def lowered(self, occupation: Occupation) -> bool:
        """Of a family that was refused, or as long to prepare, or as far to learn, as what was found too much."""
        return bool(self.lowering(occupation))

    def lowering(self, occupation: Occupation) -> str:
        """The reason of the refusal that lowers an occupation (long, far or not_me), or nothing."""
        if self.lighter_than is not None and occupation.prep_level >= self.lighter_than:
            return "long"
        if occupation.id in self.beyond:
            return "far"
        return "not_me" if any(akin(occupation, other) for other in self.families) else ""

    def allows_programme(self, programme: Programme, km: float | None) -> bool:
        if ("programme", programme.id) in self.gone or (
            programme.domains[:1] and programme.domains[0] in self.domains
        ):
            return False
        if self.shorter_than is not None and (
            programme.years is None or programme.years >= self.shorter_than
        ):
            return False
        return self.allows_distance(km)

    def allows_vacancy(self, vacancy: Vacancy, km: float | None) -> bool:
        if ("vacancy", vacancy.id) in self.gone or vacancy.dimeco[:5] in self.trades:
            return False
        return self.allows_distance(km)

    def allows_distance(self, km: float | None) -> bool:
        return self.closer_than is None or (km is not None and km < self.closer_than)


def limits(interests: Interests, catalogue: Catalogue, vacancies: Mapping[str, Vacancy]) -> Limits:
    """The bounds that the learner's refusals set together; the strictest of each kind holds."""
    by_reason: dict[str, list[Refusal]] = {}
    for refusal in interests.refusals:
        by_reason.setdefault(refusal.reason, []).append(refusal)
    occupations, programmes = catalogue.occupations, catalogue.programmes
    long, not_me = by_reason.get("long", []), by_reason.get("not_me", [])
    years = [programmes[r.id].years for r in long if r.kind == "programme" and r.id in programmes]
    levels = [occupations[r.id].prep_level for r in long if r.kind == "occupation" and r.id in occupations]
    refused = [programmes[r.id] for r in not_me if r.kind == "programme" and r.id in programmes]
    offers = [vacancies[r.id] for r in not_me if r.kind == "vacancy" and r.id in vacancies]
    return Limits(
        gone=frozenset((r.kind, r.id) for r in interests.refusals),
        closer_than=_closer(by_reason.get("far", []), interests.place, catalogue, vacancies),
        shorter_than=min((y for y in years if y), default=None),
        lighter_than=min(levels, default=None),
        families=tuple(occupations[r.id] for r in not_me if r.kind == "occupation" and r.id in occupations),
        domains=frozenset(p.domains[0] for p in refused if p.domains),
        trades=frozenset(v.dimeco[:5] for v in offers if v.dimeco),
    )


def _closer(
    far: Sequence[Refusal], home: Place | None, catalogue: Catalogue, vacancies: Mapping[str, Vacancy]
) -> float | None:
    origin = home or places.LIEGE
    found: list[float] = []
    for refusal in far:
        km = None
        if refusal.kind == "programme" and refusal.id in catalogue.programmes:
            km = of_programme(catalogue.programmes[refusal.id], origin)
        elif refusal.kind == "vacancy" and refusal.id in vacancies:
            km = of_vacancy(vacancies[refusal.id], origin)
        elif refusal.kind == "occupation":
            continue
        found.append(SOMEWHERE_KM if km is None else km)
    return min(found, default=None)


def of_programme(programme: Programme, origin: Place) -> float | None:
    """Kilometres to the campus, None when its postcode is not known."""
    place = places.of_postcode(programme.postcode)
    return places.distance_km(origin, place) if place else None


def of_vacancy(vacancy: Vacancy, origin: Place) -> float | None:
    """Kilometres to the place of work, from its coordinates or else its postcode; None when neither is known."""
    if vacancy.latitude is not None and vacancy.longitude is not None:
        return places.kilometres(origin.latitude, origin.longitude, vacancy.latitude, vacancy.longitude)
    place = places.of_postcode(vacancy.postcode)
    return places.distance_km(origin, place) if place else None
