"""Job offers of Le Forem's open data (Opendatasoft Explore v2.1): one streamed export, parsed row by row.

The portal's robots file is unclear, so nothing calls it unless the operator turns it on.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import httpx

from careers import places, tables, text
from careers.model import Source, Vacancy

NAME = "Le Forem, Open Data"
LICENCE = "CC BY-SA 4.0"
ATTRIBUTION = "Source : Le Forem, Open Data, CC BY-SA 4.0"
DATASET = "offres-d-emploi-forem"
ODWB = "https://www.odwb.be/api/explore/v2.1"
FIELDS = (
    "numerooffreforem", "titreoffre", "nomemployeur", "lieuxtravaillocalite", "lieuxtravailcodepostal",
    "lieuxtravailgeo", "typecontrat", "regimetravail", "niveauxetudes", "langues", "experiencerequise",
    "metier", "metiercodedimeco", "url", "datedebutdiffusion", "datefindiffusion",
)  # fmt: skip
OFFER_PAGE = "https://www.leforem.be/recherche-offres/offre-detail/"

_SHOWN = timedelta(days=30)  # an offer without an end is shown for so long
_ENOUGH = 0.9  # share of the announced rows under which an export is taken for cut short
_LONGEST = 200
_GENDERS = re.compile(r"\s*[(\[]?\s*(?:\b[hfmvxd]\s*[/|]\s*)+[hfmvxd]\b\s*[)\]]?|\s*/x\)", re.IGNORECASE)
_SCHOOL = ("primaire", "enseignement secondaire", "enseignement post-secondaire", "éducation de la petite")
_OK, _TOO_MANY = 200, 429


class SourceError(Exception):
    """The source cannot be read; the message says why, for an operator."""


class MissingFieldError(SourceError):
    """The dataset no longer has a field that the importer needs."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Le champ « {name} » n’existe plus dans {DATASET} : import arrêté, rien n’est changé."
        )
        self.name = name


class TooManyRequestsError(SourceError):
    """The quota is used up; `reset` is when to come back, if the portal said so."""

    def __init__(self, reset: datetime | None) -> None:
        super().__init__(
            f"Quota du portail atteint, à reprendre après {reset.isoformat() if reset else 'un moment'}."
        )
        self.reset = reset


@dataclass
class Report:
    """What an export held. `faults` are rows that could not be read, at most the first hundred."""

    announced: int = 0
    read: int = 0
    kept: int = 0
    twice: int = 0
    expired: int = 0
    faults: list[str] = field(default_factory=list)


class ForemSource:
    """Reads the dataset through a client of the caller's, who sets timeouts and the user agent."""

    def __init__(self, base_url: str, client: httpx.Client, dataset: str = DATASET) -> None:
        self._at = f"{base_url.rstrip('/')}/catalog/datasets/{dataset}"
        self._client = client
        self.report = Report()

    def check_fields(self) -> None:
        """Raises `MissingFieldError` naming the first needed field that the dataset does not have."""
        there = {item.get("name") for item in self._get(self._at).get("fields") or ()}
        for name in FIELDS:
            if name not in there:
                raise MissingFieldError(name)

    def export(self, today: date, where: str = "") -> Iterator[Vacancy]:
        """Every offer that may be shown today, each once, as it arrives; `report` is complete at the end.

        Raises `MissingFieldError`, `TooManyRequestsError` or `SourceError`; the caller keeps what it has until then.
        """
        self.report = Report()
        self.check_fields()
        asked = {"where": where} if where else {}
        self.report.announced = int(
            self._get(f"{self._at}/records", limit="0", **asked).get("total_count") or 0
        )
        seen: set[str] = set()
        for line in self._lines(f"{self._at}/exports/jsonl", select=",".join(FIELDS), **asked):
            offer = self._read(line, today)
            if offer and offer.id not in seen:
                seen.add(offer.id)
                self.report.kept += 1
                yield offer
            elif offer:
                self.report.twice += 1
        if self.report.read < self.report.announced * _ENOUGH:
            raise SourceError(
                f"Export coupé : {self.report.read} offres lues sur {self.report.announced} annoncées."
            )

    def _read(self, line: str, today: date) -> Vacancy | None:
        self.report.read += 1
        try:
            offer = parse_record(json.loads(line), seen=today)
        except ValueError as error:
            if len(self.report.faults) < 100:  # noqa: PLR2004 - enough to see what is wrong
                self.report.faults.append(str(error))
            return None
        closes = offer.closes or (offer.published or today) + _SHOWN
        if closes < today:
            self.report.expired += 1
            return None
        return replace(offer, closes=closes)

    def _lines(self, url: str, **params: str) -> Iterator[str]:
        with _told(), self._client.stream("GET", url, params=params) as answer:
            if answer.status_code != _OK:
                answer.read()
                _refuse(answer)
            yield from (line for line in answer.iter_lines() if line.strip())

    def _get(self, url: str, **params: str) -> Mapping[str, Any]:
        with _told():
            answer = self._client.get(url, params=params)
            if answer.status_code != _OK:
                _refuse(answer)
            found: Mapping[str, Any] = answer.json()
            return found


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise SourceError(f"Le portail ne répond pas comme prévu : {type(error).__name__}.") from error
    except json.JSONDecodeError as error:
        raise SourceError("Le portail a répondu autre chose que des données.") from error


def _refuse(answer: httpx.Response) -> None:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if answer.status_code == _TOO_MANY:
        raise TooManyRequestsError(_moment(body.get("reset_time")))
    message = body.get("message") or body.get("error") or ""
    raise SourceError(
        f"Le portail a répondu {answer.status_code} {body.get('error_code', '')} {message}".strip()
    )


def _moment(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return None


def parse_record(raw: Mapping[str, Any], seen: date | None = None) -> Vacancy:
    """An offer from a row of the dataset. Raises `ValueError` when it has no number or no title."""
    if not isinstance(raw, Mapping):
        raise ValueError(f"ligne inattendue : {str(raw)[:40]}")  # noqa: TRY004 - a row among others, told like them
    number, title = _text(raw.get("numerooffreforem")), _title(raw.get("titreoffre"))
    if not number or not title:
        raise ValueError(f"offre sans numéro ou sans titre : {number or title or '?'}")
    towns, codes = _texts(raw.get("lieuxtravaillocalite")), _texts(raw.get("lieuxtravailcodepostal"))
    latitude, longitude = _point(raw.get("lieuxtravailgeo"))
    levels, experience = _texts(raw.get("niveauxetudes")), _text(raw.get("experiencerequise"))
    contract, url = _text(raw.get("typecontrat")), _text(raw.get("url"))
    return Vacancy(
        id=f"forem-{number}",
        title=title,
        occupation=_text(raw.get("metier")),
        dimeco=_text(raw.get("metiercodedimeco")) or _codes().get(_text(raw.get("metier")).casefold(), ""),
        employer=_employer(_text(raw.get("nomemployeur"))),
        locality=_town(towns[0]) if towns else "",
        postcode=codes[0] if codes else _postcode(towns),
        latitude=latitude,
        longitude=longitude,
        contract=contract,
        regime=_text(raw.get("regimetravail")),
        levels=levels,
        languages=_texts(raw.get("langues")),
        url=url if url.startswith("https://") else OFFER_PAGE + number,
        published=_day(raw.get("datedebutdiffusion")),
        closes=_day(raw.get("datefindiffusion")),
        source=Source(NAME, OFFER_PAGE + number, seen, LICENCE),
        kind=classify(contract, levels, experience),
        experience=experience,
    )


def classify(contract: str, levels: tuple[str, ...], experience: str) -> str:
    """student, apprenticeship, first_job (secondary school is enough, no experience asked) or job."""
    plain = contract.casefold()
    if "etudiant" in plain or "étudiant" in plain:
        return "student"
    if "apprentissage" in plain:
        return "apprenticeship"
    if levels and not experience and all(level.casefold().startswith(_SCHOOL) for level in levels):
        return "first_job"
    return "job"


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return "" if value is None else " ".join(str(value).split())[:_LONGEST]


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(said for item in items if (said := _text(item)))


def _title(value: object) -> str:
    return _GENDERS.sub(" ", _text(value)).strip(" -–/").replace("  ", " ")


def _employer(name: str) -> str:
    """The portal often writes a name twice: "X - X"."""
    first, _, second = name.partition(" - ")
    return first if first == second else name


def _town(name: str) -> str:
    if not name.isupper():
        return name
    place = places.find(name)
    return place.name if place and place.name.casefold() == name.casefold() else name.title()


def _postcode(towns: tuple[str, ...]) -> str:
    """The postcode of the first town, when its name is written in full."""
    place = places.find(towns[0]) if towns else None
    return place.postcode if place and text.fold(place.name) == text.fold(towns[0]) else ""


@cache
def _codes() -> dict[str, str]:
    """DIMECO codes by label, for offers that give the label alone."""
    return {
        row["label"].casefold(): row["code"] for row in tables.rows("codes.tsv") if row["scheme"] == "dimeco"
    }


def _point(value: object) -> tuple[float | None, float | None]:
    points = value if isinstance(value, list) else [value]
    for point in points:
        if isinstance(point, Mapping) and "lat" in point and "lon" in point:
            try:
                return float(point["lat"]), float(point["lon"])
            except (TypeError, ValueError):
                continue
    return None, None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        return None
