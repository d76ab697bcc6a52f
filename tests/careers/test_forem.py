import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import httpx
import pytest

from careers.model import Vacancy
from careers.sources import forem
from careers.sources.forem import ForemSource
from careers.sources.sample import sample_vacancies

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "forem" / "samples" / "odwb_records_samples.json"
TODAY = date(2026, 10, 10)
PATH = f"/api/explore/v2.1/catalog/datasets/{forem.DATASET}"


def row(number: object, **changes: object) -> dict[str, object]:
    """A row with the shape of the dataset; the values are made up."""
    return {
        "numerooffreforem": number,
        "titreoffre": "Infirmier / Infirmière (H/F/X)",
        "nomemployeur": "EXEMPLE - EXEMPLE",
        "lieuxtravaillocalite": ["SERAING"],
        "lieuxtravailcodepostal": ["4100"],
        "lieuxtravailgeo": [{"lon": 5.5, "lat": 50.58}],
        "typecontrat": "Durée indéterminée",
        "regimetravail": "Temps plein",
        "niveauxetudes": ["Baccalauréat universitaire ou équivalent"],
        "langues": ["Français"],
        "experiencerequise": None,
        "metier": "Infirmier / Infirmière",
        "metiercodedimeco": "J150601-1",
        "url": f"https://www.leforem.be/recherche-offres/offre-detail/{number}",
        "datedebutdiffusion": "2026-10-01",
        "datefindiffusion": "2026-11-01",
        **changes,
    }


class Portal:
    """A stand-in for the portal: the few addresses that the importer uses, and the ways it may fail."""

    def __init__(self) -> None:
        self.fields = list(forem.FIELDS)
        self.lines: list[str] = []
        self.announced: int | None = None
        self.trouble: tuple[int, dict[str, Any]] | None = None
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        self.asked.append((path, query))
        if self.trouble and path.endswith("jsonl"):
            return self.trouble[0], json.dumps(self.trouble[1])
        if path == PATH:
            return 200, json.dumps({"fields": [{"name": name, "type": "text"} for name in self.fields]})
        if path == f"{PATH}/records":
            return 200, json.dumps(
                {"total_count": len(self.lines) if self.announced is None else self.announced}
            )
        if path == f"{PATH}/exports/jsonl":
            return 200, "\n".join(self.lines)
        return 404, json.dumps({"error_code": "ODSQLError", "message": "Unknown dataset"})


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def source(portal: Portal) -> Iterator[ForemSource]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlparse(self.path)
            status, body = portal.answer(asked.path, parse_qs(asked.query))
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with httpx.Client(timeout=5) as client:
        yield ForemSource(f"http://127.0.0.1:{server.server_port}/api/explore/v2.1", client)
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_export_is_read_once_each_and_without_what_is_over(portal: Portal, source: ForemSource):
    portal.lines = [
        json.dumps(row("1")),
        json.dumps(row(2, typecontrat="Etudiant", niveauxetudes=None)),
        json.dumps(row("1")),
        json.dumps(row("3", datefindiffusion="2026-10-09")),
        json.dumps(row("4", datefindiffusion=None, datedebutdiffusion="2026-10-05")),
        "",
        json.dumps(row(None)),
        "{not json",
        "[]",
    ]
    portal.announced = 8
    offers = list(source.export(TODAY, where='lieuxtravailregionnuts="BE33"'))

    assert [offer.id for offer in offers] == ["forem-1", "forem-2", "forem-4"]
    assert offers[2].closes == date(2026, 11, 4)
    assert offers[0].source.seen == TODAY
    assert (source.report.read, source.report.kept, source.report.twice, source.report.expired) == (
        8,
        3,
        1,
        1,
    )
    assert len(source.report.faults) == 3
    path, query = portal.asked[-1]
    assert path.endswith("/exports/jsonl")
    assert query["where"] == ['lieuxtravailregionnuts="BE33"']
    assert query["select"] == [",".join(forem.FIELDS)]


@pytest.mark.parametrize("name", forem.FIELDS)
def test_a_field_that_is_gone_is_named_before_anything_is_read(
    portal: Portal, source: ForemSource, name: str
):
    portal.fields.remove(name)
    portal.lines = [json.dumps(row("1"))]

    with pytest.raises(forem.MissingFieldError, match=f"« {name} »") as caught:
        list(source.export(TODAY))
    assert caught.value.name == name
    assert len(portal.asked) == 1


def test_a_used_up_quota_says_when_to_come_back(portal: Portal, source: ForemSource):
    portal.trouble = (
        429,
        {"errorcode": 10002, "reset_time": "2026-10-11T00:00:00Z", "error": "Too many requests"},
    )

    with pytest.raises(forem.TooManyRequestsError) as caught:
        list(source.export(TODAY))
    assert caught.value.reset is not None
    assert caught.value.reset.isoformat() == "2026-10-11T00:00:00+00:00"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            400,
            {"error_code": "ODSQLError", "message": "Unknown field: anzahl"},
            "400 ODSQLError Unknown field: anzahl",
        ),
        (503, {}, "503"),
        (429, {}, "un moment"),
    ],
)
def test_a_refusal_is_told(portal: Portal, source: ForemSource, status: int, body: dict[str, Any], said: str):
    portal.trouble = (status, body)

    with pytest.raises(forem.SourceError, match=said):
        list(source.export(TODAY))


def test_an_export_that_is_cut_short_is_told_at_the_end(portal: Portal, source: ForemSource):
    portal.lines = [json.dumps(row(n)) for n in range(5)]
    portal.announced = 10
    got: list[Vacancy] = []

    with pytest.raises(forem.SourceError, match="5 offres lues sur 10"):
        got.extend(source.export(TODAY))
    assert source.report.kept == 5


def test_no_portal_is_a_clear_error():
    with httpx.Client(timeout=1) as client, pytest.raises(forem.SourceError, match="ne répond pas"):
        list(ForemSource("http://127.0.0.1:9/api", client).export(TODAY))


def test_a_row_becomes_an_offer():
    offer = forem.parse_record(row(12), seen=TODAY)

    assert (offer.id, offer.title, offer.employer) == ("forem-12", "Infirmier / Infirmière", "EXEMPLE")
    assert (offer.locality, offer.postcode, offer.latitude, offer.longitude) == (
        "Seraing",
        "4100",
        50.58,
        5.5,
    )
    assert offer.source.licence == "CC BY-SA 4.0"
    assert forem.ATTRIBUTION == "Source : Le Forem, Open Data, CC BY-SA 4.0"
    assert not offer.sample


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Data Engineer Health Sector (H/F/X)", "Data Engineer Health Sector"),
        ("Vendeur M/F/X", "Vendeur"),
        ("Infirmier - h/f", "Infirmier"),
        ("Domain Architect /x) (H/F/X)", "Domain Architect"),
        ("Chef / Cheffe de rang (m/v/x)", "Chef / Cheffe de rang"),
        ("Ouvrier F/H/X - Liège", "Ouvrier - Liège"),
    ],
)
def test_gender_suffixes_are_stripped(given: str, title: str):
    assert forem.parse_record(row(1, titreoffre=given)).title == title


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"typecontrat": "Etudiant"}, "student"),
        ({"typecontrat": "Contrat d'apprentissage"}, "apprenticeship"),
        ({"niveauxetudes": ["Enseignement secondaire (deuxième cycle)"]}, "first_job"),
        ({"niveauxetudes": ["Primaire"], "experiencerequise": "Maçon"}, "job"),
        ({"niveauxetudes": []}, "job"),
        ({}, "job"),
    ],
)
def test_offers_are_told_apart(changes: dict[str, object], kind: str):
    assert forem.parse_record(row(1, **changes)).kind == kind


def test_everything_may_be_null_but_number_and_title():
    bare = dict.fromkeys(forem.FIELDS) | {"numerooffreforem": 7, "titreoffre": "Soudeur"}
    offer = forem.parse_record(bare)

    assert offer.url.endswith("/7")
    assert (offer.levels, offer.languages, offer.locality, offer.closes) == ((), (), "", None)
    for name in ("numerooffreforem", "titreoffre"):
        with pytest.raises(ValueError, match="sans numéro ou sans titre"):
            forem.parse_record(bare | {name: None})


def test_a_label_alone_gives_its_code_and_a_town_its_postcode():
    offer = forem.parse_record(row(1, metiercodedimeco=None, lieuxtravailcodepostal=None, lieuxtravailgeo=[]))

    assert offer.dimeco == "J150601-1"
    assert offer.postcode == "4100"


def test_sample_offers_are_marked_and_follow_the_day():
    offers = sample_vacancies(TODAY)

    assert len(offers) >= 60
    assert all(offer.sample and "Exemple" in offer.employer and not offer.url for offer in offers)
    assert all(offer.occupation and offer.latitude for offer in offers)
    assert all(
        offer.published and offer.closes and offer.published <= TODAY < offer.closes for offer in offers
    )
    assert {offer.kind for offer in offers} == {"student", "apprenticeship", "first_job", "job"}
    assert len({offer.dimeco[0] for offer in offers}) >= 9


@pytest.mark.shared
@pytest.mark.skipif(not SAMPLES.exists(), reason="the study material is not beside the project")
def test_real_samples_are_imported(portal: Portal, source: ForemSource):
    portal.lines = [json.dumps(one) for one in json.loads(SAMPLES.read_text("utf-8"))["results"]]
    offers = {offer.id: offer for offer in source.export(date(2026, 5, 20))}

    assert set(offers) == {"forem-1887153", "forem-2030588", "forem-2087373", "forem-0"}
    assert offers["forem-1887153"].locality == "Saint-Gilles"
    assert offers["forem-2030588"].languages == ("Néerlandais", "Anglais", "Français")
    assert source.report.faults == []
