"""Postcodes and towns of Wallonia and Brussels, and how far apart they are."""

import re
from functools import cache
from math import asin, cos, radians, sin, sqrt

from rapidfuzz.distance import OSA

from careers import tables, text
from careers.model import Place

ATTRIBUTION = "Données postales : GeoNames (CC BY 4.0)"
LIEGE = Place("4000", "Liège", 50.6337, 5.5675)

_EARTH_KM = 6371.0
_POSTCODE = re.compile(r"(?<!\d)([1-7]\d{3})(?!\d)")
_LEAD = frozenset(
    [
        "j",
        "je",
        "suis",
        "habite",
        "habites",
        "viens",
        "de",
        "du",
        "d",
        "des",
        "pres",
        "proche",
        "cote",
        "vers",
        "a",
        "au",
        "aux",
        "en",
        "dans",
        "la",
        "le",
        "les",
        "l",
        "chez",
        "moi",
        "dans",
        "ma",
        "mon",
        "coin",
        "region",
        "commune",
        "ville",
        "village",
        "vis",
        "on",
        "nous",
        "pas",
        "loin",
        "c",
        "est",
        "moi",
        "a",
        "be",
        "belgique",
        "province",
    ]
)
_ALIASES = {
    "bxl": "bruxelles", "lln": "louvain la neuve", "outremeuse": "4020", "droixhe": "4020", "sart tilman": "4000",
    "guillemins": "4000", "la batte": "4000", "carre": "4000", "laveu": "4000", "cointe": "4000", "longdoz": "4020",
    "fetinne": "4020", "jemeppe": "4101", "sclessin": "4000", "coronmeuse": "4000", "charleroi": "6000",
    "saint leonard": "4000", "st leonard": "4000", "luik": "4000", "namen": "5000", "brussel": "bruxelles",
}  # fmt: skip
_MAIN = {
    "bruxelles": "1000",
    "liege": "4000",
    "seraing": "4100",
    "verviers": "4800",
    "huy": "4500",
    "namur": "5000",
}
_SHORT, _LONG = 5, 9  # letters: under SHORT no typo is forgiven, from LONG two are


@cache
def _all() -> tuple[Place, ...]:
    rows = tables.rows("postcodes.tsv")
    return tuple(Place(r["postcode"], r["name"], float(r["latitude"]), float(r["longitude"])) for r in rows)


@cache
def _of_code() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in _all():
        found.setdefault(place.postcode, []).append(place)
    return {code: tuple(places) for code, places in found.items()}


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in _all():
        found.setdefault(_key(place.name), []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def _key(name: str) -> str:
    return " ".join("saint" if w == "st" else "sainte" if w == "ste" else w for w in text.words(name))


def find(said: str) -> Place | None:
    """The place meant by a postcode or a town, with small typos; None when there is no such place here.

    Among towns of the same name, the big one of the region, else the nearest to Liège.
    """
    code = _POSTCODE.search(said)
    rest = _strip(_POSTCODE.sub(" ", said))
    if code:
        return _by_postcode(code[1], rest)
    for name in (_key(said), rest):
        target = _ALIASES.get(name, name)
        if target.isdigit():
            return _by_postcode(target, "")
        if target in _by_name():
            return _choose(target)
    return _nearly(rest)


def _strip(said: str) -> str:
    parts = _key(said).split()
    while parts and parts[0] in _LEAD:
        parts.pop(0)
    while parts and parts[-1] in {"be", "belgique", "liege"} and len(parts) > 1:
        parts.pop()
    return " ".join(parts)


def _by_postcode(code: str, name: str) -> Place | None:
    here = _of_code().get(code, ())
    named = [place for place in here if _key(place.name) == name] if name else ()
    return next(iter(named or here), None)


def _choose(name: str) -> Place:
    places = _by_name()[name]
    for place in places:
        if place.postcode == _MAIN.get(name):
            return place
    return min(places, key=lambda place: (distance_km(place, LIEGE), place.postcode))


def _nearly(name: str) -> Place | None:
    if len(name) < _SHORT:
        return None
    allowed = 2 if len(name) >= _LONG else 1
    best: dict[str, int] = {}
    for other in _by_name():
        if other[0] == name[0] and (gap := int(OSA.distance(name, other, score_cutoff=allowed))) <= allowed:
            best[other] = gap
    if not best:
        return None
    least = min(best.values())
    return min(
        (_choose(other) for other, gap in best.items() if gap == least), key=lambda p: distance_km(p, LIEGE)
    )


def of_postcode(code: str) -> Place | None:
    """The first place of a postcode, or None when it is empty or not of the region."""
    return _by_postcode(code, "") if code else None


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres: as the crow flies, between centres of localities."""
    return kilometres(a.latitude, a.longitude, b.latitude, b.longitude)


def kilometres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in kilometres between two points given in degrees."""
    up, across = radians(lat_b - lat_a), radians(lon_b - lon_a)
    h = sin(up / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(across / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(h))
