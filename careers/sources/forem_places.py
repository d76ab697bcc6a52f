"""Where an offer is: its own coordinates when they can be true, else those of its postcode or town."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from careers import places
from careers.model import Place
from careers.sources import forem_words
from careers.text import fold

Point = tuple[float, float]

_OFF_KM = 30.0  # farther from its postcode, a point is taken for wrong
_BELGIUM = (49.45, 51.55, 2.5, 6.45)  # south, north, west, east
_AROUND = (41.0, 56.0, -6.0, 16.0)  # Belgium and the countries from which offers come
_PANNE, _KNOKKE = (51.09, 2.54), (51.365, 3.37)  # the two ends of the Belgian coast
_SLOPE = (_KNOKKE[0] - _PANNE[0]) / (_KNOKKE[1] - _PANNE[1])
_BEACH = 0.02  # degrees
_ENGLAND = 1.8  # longitude
_HOLLAND = 0.75  # degrees of longitude that its coast gains a degree of latitude


def locate(
    towns: tuple[str, ...], codes: tuple[str, ...], points: Iterable[object], *, belgian: bool
) -> tuple[str, str, Point | None]:
    """The town as it is written, the postcode and the coordinates, each empty when unknown."""
    place = _place(towns, codes)
    found = _sound(list(_points(points)), place, belgian=belgian)
    town = _written(towns[0]) if towns else (place.name if place else "")
    code = codes[0] if codes else (place.postcode if place else "")
    if found is None and place is not None:
        found = place.latitude, place.longitude
    return town, code, found


def _place(towns: tuple[str, ...], codes: tuple[str, ...]) -> Place | None:
    """The locality of the first postcode that we know, by the name beside it where several share it; else of a town."""
    for number, code in enumerate(codes):
        town = towns[number] if number < len(towns) else ""
        if place := _coded(code, town):
            return place
    if codes:
        return None  # a postcode of elsewhere: the name of a town here would be a guess
    return next((place for name in towns if (place := _named(name))), None)


@lru_cache(maxsize=8192)
def _coded(code: str, town: str) -> Place | None:
    first = places.of_postcode(code)
    return first and (places.find(f"{code} {town}") or first)


@lru_cache(maxsize=8192)
def _named(name: str) -> Place | None:
    """A locality here whose whole name this is: a typo is not forgiven in what a machine wrote."""
    place = places.find(name)
    return place if place and _same(place.name, name) else None


@lru_cache(maxsize=8192)
def _written(name: str) -> str:
    if not name.isupper():
        return name
    place = places.find(name)  # for its accents
    return forem_words.town(place.name.upper() if place and _same(place.name, name) else name)


def _same(one: str, other: str) -> bool:
    return fold(one).replace("-", " ").replace("'", " ") == fold(other).replace("-", " ").replace("'", " ")


def _sound(points: list[Point], place: Place | None, *, belgian: bool) -> Point | None:
    """The first point that can be true."""
    south, north, west, east = _BELGIUM if belgian else _AROUND
    for latitude, longitude in points:
        if not (south <= latitude <= north and west <= longitude <= east):
            continue  # (0, 0), swapped, or not where the offer says
        if place is not None:
            if places.kilometres(latitude, longitude, place.latitude, place.longitude) <= _OFF_KM:
                return latitude, longitude
        elif not _at_sea(latitude, longitude):
            return latitude, longitude
    return None


def _points(values: Iterable[object]) -> Iterable[Point]:
    for value in values:
        if isinstance(value, Mapping):
            try:
                yield float(value["lat"]), float(value["lon"])
            except (KeyError, TypeError, ValueError):
                continue


def _at_sea(latitude: float, longitude: float) -> bool:
    """On the sea side of the coast from De Panne to Knokke, or of Holland's."""
    if longitude < _KNOKKE[1]:
        coast = _PANNE[0] + (longitude - _PANNE[1]) * _SLOPE
        return longitude > _ENGLAND and latitude > coast + _BEACH
    return latitude > _KNOKKE[0] + _BEACH and longitude < _KNOKKE[1] + (latitude - _KNOKKE[0]) * _HOLLAND
