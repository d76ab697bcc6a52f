"""Made-up job offers in the shape of Le Forem's dataset: drawn from a seed, never stored, each labelled synthetic.

With the study material beside the project: its nomenclatures and real facet counts. Without: small tables of ours.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from careers import tables

SHARED = Path(__file__).parents[3] / "shared" / "data" / "forem"
SYNTHETIC = "Donnée synthétique"
PER_DAY = 1_200
FIELDS = {
    "numerooffreforem": "text", "titreoffre": "text", "nomemployeur": "text", "lieuxtravaillocalite": "text",
    "lieuxtravailcodepostal": "text", "lieuxtravailregion": "text", "lieuxtravailregionnuts": "text",
    "lieuxtravailgeo": "geo_point_2d", "typecontrat": "text", "regimetravail": "text", "nombrepostes": "int",
    "niveauxetudes": "text", "langues": "text", "languescodeiso2": "text", "experiencerequise": "text",
    "permisdeconduire": "text", "secteurs": "text", "metier": "text", "metiercodedimeco": "text",
    "source": "text", "referenceexterne": "text", "url": "text", "datedebutdiffusion": "date",
    "datefindiffusion": "date",
}  # fmt: skip

# About what is seen on Le Forem's own site (spring 2026), rounded; used where the real counts are not at hand.
_COUNTS: dict[str, dict[str, int]] = {
    "ContratTravail": {
        "Durée indéterminée": 195, "Intérimaire avec option sur durée indéterminée": 112, "Intérimaire": 56,
        "Durée déterminée": 41, "Etudiant": 6, "Remplacement": 2, "Flexi-Jobs": 2, "Contrat d'apprentissage": 2,
        "Contrat collaboration indépendant": 2, "Stage": 1,
    },
    "NiveauEtudes_ISCED2011": {
        "Baccalauréat universitaire ou équivalent": 86, "Enseignement secondaire (deuxième cycle)": 71,
        "Primaire": 35, "Maîtrise universitaire ou équivalent": 28, "Enseignement supérieur de cycle court": 25,
        "Enseignement secondaire (premier cycle)": 10, "Enseignement post-secondaire non-supérieur": 6,
    },
    "TempsTravail": {"Temps plein": 371, "Temps partiel": 40},
    "Langue": {"Français": 195, "Néerlandais": 162, "Anglais": 46, "Allemand": 4},
}  # fmt: skip
_ISO = {"Français": "FR", "Néerlandais": "NL", "Anglais": "EN", "Allemand": "DE"}
_SUFFIXES = ("(H/F/X)", "(h/f/x)", "M/F/X", "- h/f", "(F/H/X)", "(m/v/x)", "")
_REGIONS = {"1": ("BE1", "RÉGION DE BRUXELLES-CAPITALE"), "4": ("BE33", "RÉGION WALLONNE")}


@dataclass(frozen=True)
class Stock:
    """What offers are drawn from."""

    occupations: Sequence[tuple[str, str]]  # code, label
    counts: Mapping[str, Mapping[str, int]]
    sectors: Sequence[str]
    places: Sequence[tuple[str, str, float, float]]  # postcode, town, latitude, longitude
    elsewhere: Sequence[tuple[str, str]]  # postcodes and towns of which we know no coordinates


def stock(shared: Path = SHARED) -> Stock:
    """The real nomenclatures and counts where they are, else ours."""
    places = [
        (row["postcode"], row["name"], float(row["latitude"]), float(row["longitude"]))
        for row in tables.rows("postcodes.tsv")
    ]
    if not shared.exists():
        occupations = [
            (row["code"], row["label"]) for row in tables.rows("codes.tsv") if row["scheme"] == "dimeco"
        ]
        return Stock(occupations, _COUNTS, ["Activités des hôpitaux"], places, [("2000", "ANTWERPEN")])
    facets = json.loads((shared / "samples" / "leforem_facettes_2026.json").read_text("utf-8"))
    counts = {name: facets[name] for name in _COUNTS}
    counts["ContratTravail"] = {**counts["ContratTravail"], "Contrat d'apprentissage": 90, "Stage": 60}
    known = {place[0] for place in places}
    elsewhere = [one for one in _nomenclature(shared, "codepostal") if one[0] not in known]
    sectors = [label for code, label in _nomenclature(shared, "nacebel2008") if len(code) == 5]
    return Stock(_nomenclature(shared, "dimeco"), counts, sectors, places, elsewhere)


def _nomenclature(shared: Path, name: str) -> list[tuple[str, str]]:
    values = json.loads((shared / "nomenclatures" / f"{name}.json").read_text("utf-8"))["values"]
    return [(value["id"], value["description"]) for value in values]


class Market:
    """Draws offers. The same seed, day and number give the same offers on every machine."""

    def __init__(
        self, seed: int = 4, day: date = date(2026, 11, 24), drawn_from: Stock | None = None
    ) -> None:
        self._chance = random.Random(seed)  # noqa: S311 -- offers, not secrets
        self._day = day
        self._stock = drawn_from or stock()
        self._number = 2_000_000

    def offers(self, count: int) -> list[dict[str, Any]]:
        """So many offers, `PER_DAY` a day, the newest of today."""
        return list(self._drawn(count))

    def _drawn(self, count: int) -> Iterator[dict[str, Any]]:
        for left in range(count - 1, -1, -1):
            yield self.offer(self._day - timedelta(days=left // PER_DAY))

    def offer(self, begins: date) -> dict[str, Any]:
        """One offer that is published from that day."""
        chance = self._chance
        self._number += chance.randint(1, 9)
        number = str(self._number)
        code, label = chance.choice(self._stock.occupations)
        languages = sorted({self._pick("Langue") for _ in range(chance.randint(1, 2))})
        ends = max(
            begins + timedelta(days=chance.randint(20, 60)), self._day + timedelta(days=chance.randint(0, 45))
        )
        return {
            "numerooffreforem": number,
            "titreoffre": self._title(label),
            "nomemployeur": self._employer(),
            **self._place(),
            "typecontrat": self._pick("ContratTravail"),
            "regimetravail": self._pick("TempsTravail"),
            "nombrepostes": chance.choice((1, 1, 1, 2, 3, 10)),
            "niveauxetudes": self._levels(),
            "langues": languages,
            "languescodeiso2": [_ISO.get(language, "XX") for language in languages],
            "experiencerequise": label if chance.random() < 0.65 else None,
            "permisdeconduire": ["B"] if chance.random() < 0.25 else [],
            "secteurs": [chance.choice(self._stock.sectors)],
            "metier": label,
            "metiercodedimeco": code,
            "source": SYNTHETIC,
            "referenceexterne": f"synthetique-{number}",
            "url": f"https://www.leforem.be/recherche-offres/offre-detail/{number}",
            "datedebutdiffusion": begins.isoformat(),
            "datefindiffusion": ends.isoformat(),
        }

    def _title(self, label: str) -> str:
        one = self._chance.choice(label.split(" / "))
        words = one.upper() if self._chance.random() < 0.1 else one
        return f"{words} {self._chance.choice(_SUFFIXES)}".strip()

    def _employer(self) -> str:
        name = f"EMPLOYEUR FICTIF {self._chance.randint(1, 900)}"
        return f"{name} - {name}" if self._chance.random() < 0.3 else name

    def _levels(self) -> list[str]:
        some = 0 if self._chance.random() < 0.35 else 1
        return [self._pick("NiveauEtudes_ISCED2011") for _ in range(some)]

    def _place(self) -> dict[str, Any]:
        chance = self._chance
        if chance.random() < 0.14:
            code, town = chance.choice(self._stock.elsewhere)
            return _placed(code, town, [], "BE2", "RÉGION FLAMANDE")
        code, town, latitude, longitude = chance.choice(self._stock.places)
        nuts, region = _REGIONS["1" if code < "1300" else "4"]
        written = town.upper() if chance.random() < 0.6 else town
        point = [{"lon": longitude, "lat": latitude}] if chance.random() < 0.8 else []
        return _placed(code, written, point, nuts, region)

    def _pick(self, facet: str) -> str:
        counts = self._stock.counts[facet]
        return self._chance.choices(list(counts), list(counts.values()))[0]


def _placed(code: str, town: str, point: list[dict[str, float]], nuts: str, region: str) -> dict[str, Any]:
    return {
        "lieuxtravaillocalite": [town],
        "lieuxtravailcodepostal": [code],
        "lieuxtravailregion": ["Belgique", region],
        "lieuxtravailregionnuts": ["BE", nuts],
        "lieuxtravailgeo": point,
    }
