"""A row of Le Forem's dataset becomes a job offer."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from careers import tables
from careers.model import Source, Vacancy
from careers.sources import forem_places, forem_words

NAME = "Le Forem, Open Data"
LICENCE = "CC BY-SA 4.0"
OFFER_PAGE = "https://www.leforem.be/recherche-offres/offre-detail/"
FIELDS = (
    "numerooffreforem", "titreoffre", "nomemployeur", "lieuxtravaillocalite", "lieuxtravailcodepostal",
    "lieuxtravailregionnuts", "lieuxtravailgeo", "typecontrat", "regimetravail", "niveauxetudes", "langues",
    "experiencerequise", "permisdeconduire", "metier", "metiercodedimeco", "url", "datedebutdiffusion",
    "datefindiffusion",
)  # fmt: skip

# What the portal is asked for to see which offers changed: what `face` reads.
FACE_FIELDS = ("numerooffreforem", "titreoffre", "datedebutdiffusion", "datefindiffusion")

SHOWN = timedelta(days=30)  # an offer without an end is shown for so long
_FAR = timedelta(days=550)  # an end beyond is not meant: 9999-12-31
_LONGEST = 200
_LEFOREM = ("https://www.leforem.be/", "https://leforem.be/")
_NUMBER = re.compile(r"[\w.-]{1,40}")
_DIMECO = re.compile(r"[A-Z]\d{2,6}(?:-\d{1,4})?")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")  # and turned about


@dataclass(frozen=True, slots=True)
class Face:
    """What an offer is recognised by."""

    id: str
    title: str
    closes: date | None


_title = lru_cache(maxsize=4096)(forem_words.title)  # many offers have the title of another


def parse(raw: object, today: date, unknown: Counter[str]) -> Vacancy:
    """An offer as it may be shown on that day. Raises `ValueError` when it has no number or no title."""
    offer = parse_record(raw, today, unknown)
    return replace(offer, closes=_last_day(offer.closes, offer.published, today))


def face(raw: Mapping[str, Any], today: date) -> Face | None:
    """Enough of an offer to see that it is another than before; None when it may not be shown on that day."""
    number, title = number_of(raw), _title(_text(raw.get("titreoffre")))
    if not number or not title:
        return None
    closes = _last_day(
        day(raw.get("datefindiffusion"), today), day(raw.get("datedebutdiffusion"), today), today
    )
    return Face(f"forem-{number}", title, closes) if closes >= today else None


def _last_day(closes: date | None, published: date | None, today: date) -> date:
    return closes or (published or today) + SHOWN


def parse_record(raw: object, seen: date | None = None, unknown: Counter[str] | None = None) -> Vacancy:
    """An offer from a row of the dataset. Raises `ValueError` when it has no number or no title."""
    if not isinstance(raw, Mapping):
        raise ValueError(f"ligne inattendue : {str(raw)[:40]}")  # noqa: TRY004 -- a row among others, told like them
    unknown = Counter() if unknown is None else unknown
    number, title = number_of(raw), _title(_text(raw.get("titreoffre")))
    if not number or not title:
        raise ValueError(f"offre sans numéro ou sans titre : {number or title or '?'}")
    town, postcode, point = _place(raw)
    contract = forem_words.worded(
        forem_words.CONTRACTS, _text(raw.get("typecontrat")), "typecontrat", unknown
    )
    levels = _levels(raw, unknown)
    experience = _text(raw.get("experiencerequise"))
    published = day(raw.get("datedebutdiffusion"), seen)
    kind = forem_words.classify(contract, levels, experience, title)
    return Vacancy(
        id=f"forem-{number}",
        title=title,
        occupation=_text(raw.get("metier")),
        dimeco=_code(raw),
        employer=forem_words.employer(_text(raw.get("nomemployeur"))),
        locality=town,
        postcode=postcode,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        contract=contract,
        regime=forem_words.worded(
            forem_words.REGIMES, _text(raw.get("regimetravail")), "regimetravail", unknown
        ),
        levels=levels,
        languages=_texts(raw.get("langues")),
        url=_url(_text(raw.get("url")), number),
        published=published,
        closes=day(raw.get("datefindiffusion"), seen),
        source=_source(number, seen),
        kind=kind,
        experience=experience,
        ages_from=forem_words.AGES[kind],
        permits=_texts(raw.get("permisdeconduire")),
    )


def number_of(raw: Mapping[str, Any]) -> str:
    """The number of an offer, given as a text or as a number."""
    value = raw.get("numerooffreforem")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = "" if isinstance(value, bool) else _text(value)
    return said if _NUMBER.fullmatch(said) else ""


def day(value: object, today: date | None = None) -> date | None:
    """A date; None for what is none, and for a year that nobody means."""
    try:
        found = date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None
    today = today or found
    return found if found - _FAR <= today and found.year > 2000 else None  # noqa: PLR2004 -- before there was any open data


def _levels(raw: Mapping[str, Any], unknown: Counter[str]) -> tuple[str, ...]:
    levels = (
        forem_words.worded(forem_words.LEVELS, level, "niveauxetudes", unknown)
        for level in _texts(raw.get("niveauxetudes"))
    )
    return tuple(dict.fromkeys(levels))


def _place(raw: Mapping[str, Any]) -> tuple[str, str, tuple[float, float] | None]:
    points = raw.get("lieuxtravailgeo")
    regions = _texts(raw.get("lieuxtravailregionnuts"))
    return forem_places.locate(
        _texts(raw.get("lieuxtravaillocalite")),
        _texts(raw.get("lieuxtravailcodepostal")),
        points if isinstance(points, list) else [points],
        belgian=bool(regions) and all(region.startswith("BE") for region in regions),
    )


def _code(raw: Mapping[str, Any]) -> str:
    """Its DIMECO code, or the one of its label."""
    given = _text(raw.get("metiercodedimeco")).upper()
    return given if _DIMECO.fullmatch(given) else _codes().get(_text(raw.get("metier")).casefold(), "")


def _url(given: str, number: str) -> str:
    """A young person is sent to Le Forem and nowhere else."""
    return given if given.startswith(_LEFOREM) else OFFER_PAGE + number


def _source(number: str, seen: date | None) -> Source:
    return Source(NAME, OFFER_PAGE + number, seen, LICENCE)


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return "" if value is None else " ".join(_UNSEEN.sub(" ", str(value)).split())[:_LONGEST]


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(said for item in items if (said := _text(item)))


@cache
def _codes() -> dict[str, str]:
    """DIMECO codes by label, for offers that give the label alone."""
    return {
        row["label"].casefold(): row["code"] for row in tables.rows("codes.tsv") if row["scheme"] == "dimeco"
    }
