"""The stand-in for an Opendatasoft portal answers, refuses and fails as the real one is known to."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.platforms.ods_api import DATASET, OdsApi, portal
from tests.platforms.ods_offers import FIELDS, SHARED, SYNTHETIC, Market, stock
from tests.platforms.ods_trouble import Trouble

DAY = date(2026, 11, 24)


def row(number: int, **changes: Any) -> dict[str, Any]:
    return Market(number, DAY).offer(date(2026, 11, number)) | {"numerooffreforem": str(number), **changes}


@pytest.fixture
def api() -> Iterator[OdsApi]:
    rows = [
        row(1, titreoffre="Soudeur / Soudeuse", metiercodedimeco="H291301-1", lieuxtravailregionnuts=["BE", "BE33"]),
        row(2, titreoffre="Développeuse web", metiercodedimeco="M180501-1", lieuxtravailregionnuts=["BE", "BE1"]),
        row(3, titreoffre="Infirmier de nuit", metiercodedimeco="J150601-1", experiencerequise=None, nombrepostes=3, lieuxtravailregionnuts=[]),
        row(4, titreoffre="Chef soudeur", metiercodedimeco="H291301-1", datefindiffusion=None, nombrepostes=7, lieuxtravailregionnuts=None),
    ]  # fmt: skip
    with portal(rows) as api:
        yield api


def ask(api: OdsApi, what: str = "records", **params: Any) -> httpx.Response:
    return httpx.get(f"{api.url}/catalog/datasets/{DATASET}/{what}".rstrip("/"), params=params)


def numbers(api: OdsApi, **params: Any) -> list[str]:
    answer = ask(api, **params)
    assert answer.status_code == 200, answer.text
    return [one["numerooffreforem"] for one in answer.json()["results"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('numerooffreforem = "2"', "2"),
        ('lieuxtravailregionnuts="BE1"', "2"),
        ('"BE33" in lieuxtravailregionnuts', "1"),
        ('numerooffreforem IN ("1", "4")', "14"),
        ("numerooffreforem in ('1','4') AND NOT titreoffre like 'chef'", "1"),
        ("datedebutdiffusion >= date'2026-11-03'", "34"),
        ("datedebutdiffusion > date'2026/11/03'", "4"),
        ('datedebutdiffusion >= "2026-11-04"', "4"),
        ("datedebutdiffusion in [date'2026-11-02'..date'2026-11-03']", "23"),
        ("datedebutdiffusion:['2026-11-02' TO '2026-11-03']", "23"),
        ("datefindiffusion is null", "4"),
        ("datefindiffusion is not null and numerooffreforem != '1'", "23"),
        ("datefindiffusion > date'1900-01-01'", "123"),
        ("nombrepostes >= 3 and nombrepostes < 7", "3"),
        ("nombrepostes:7", "4"),
        ("'soudeur chef'", "4"),
        ("titreoffre like 'soudeur'", "14"),
        ("search(titreoffre, 'developeuse')", "2"),
        ("search('infirm')", "3"),
        ("search(titreoffre, metier, 'soudeur')", "14"),
        ("suggest(titreoffre, 'infir nui')", "3"),
        ("suggest(titreoffre, 'develpeuse')", ""),
        ("startswith(metiercodedimeco, 'H29')", "14"),
        ("startswith(titreoffre, 'soudeur')", ""),  # the case counts
        ("numerooffreforem='1' OR numerooffreforem='2' AND numerooffreforem='3'", "1"),
        ("(numerooffreforem='1' OR numerooffreforem='2') AND NOT numerooffreforem='1'", "2"),
    ],
)
def test_what_a_where_clause_finds(api: OdsApi, where: str, found: str):
    assert numbers(api, where=where, limit=100) == list(found)


@pytest.mark.parametrize(
    ("params", "code", "said"),
    [
        ({"limit": 1473}, "InvalidRESTParameterError", "limit API parameter: 1473 was found but -1 <= limit <= 100"),
        ({"offset": 9_950, "limit": 100}, "InvalidRESTParameterError", "offset"),
        ({"where": 'anzahl = "2"'}, "ODSQLError", "ODSQL query is malformed: Unknown field: anzahl"),
        ({"select": "categorie"}, "ODSQLError", "Unknown field: categorie"),
        ({"order_by": "categorie desc"}, "ODSQLError", "Unknown field: categorie"),
        ({"select": "invalid_function(titreoffre)"}, "ODSQLError", "invalid_function() Clause(s) containing the error(s)"),
        ({"where": "invented(titreoffre, 'x')"}, "ODSQLError", "invented() Clause(s) containing the error(s): where."),
        ({"where": "titreoffre ="}, "ODSQLError", "malformed"),
        ({"where": "(titreoffre = 'x'"}, "ODSQLError", "malformed"),
        ({"where": "titreoffre > 'x'"}, "ODSQLError", "malformed"),
        ({"where": "titreoffre ~ 'x'"}, "ODSQLError", "malformed"),
    ],
)  # fmt: skip
def test_what_is_refused(api: OdsApi, params: dict[str, Any], code: str, said: str):
    answer = ask(api, **params)

    assert answer.status_code == 400
    assert answer.json()["error_code"] == code
    assert said in answer.json()["message"]


def test_pages_and_counts(api: OdsApi):
    assert ask(api, limit=0).json() == {"total_count": 4, "results": []}
    assert numbers(api, limit=2, offset=1) == ["2", "3"]
    assert numbers(api, order_by="numerooffreforem desc") == ["4", "3", "2", "1"]
    assert numbers(api, order_by="datefindiffusion")[-1] == "4"  # null is last
    assert ask(api, select="titreoffre as titre", limit=1).json()["results"] == [
        {"titre": "Soudeur / Soudeuse"}
    ]
    assert ask(api, offset=9_900, limit=100).status_code == 200


def test_the_dataset_describes_itself(api: OdsApi):
    fields = ask(api, "").json()["fields"]

    assert {field["name"]: field["type"] for field in fields} == FIELDS
    unknown = httpx.get(f"{api.url}/catalog/datasets/rien")
    assert (unknown.status_code, unknown.json()["message"]) == (404, "Unknown dataset")


def test_facets(api: OdsApi):
    answer = ask(
        api,
        "facets",
        facet=["lieuxtravailregionnuts", "metiercodedimeco"],
        where="numerooffreforem in ('1','2')",
    )
    found = {one["name"]: {v["name"]: v["count"] for v in one["facets"]} for one in answer.json()["facets"]}

    assert found["lieuxtravailregionnuts"] == {"BE": 2, "BE33": 1, "BE1": 1}
    assert found["metiercodedimeco"] == {"H291301-1": 1, "M180501-1": 1}
    assert ask(api, "facets", facet="rien").status_code == 400
    assert numbers(api, refine="lieuxtravailregionnuts:BE1") == ["2"]


def test_exports(api: OdsApi):
    lines = ask(api, "exports/jsonl", select="numerooffreforem,langues").text.splitlines()
    array = ask(api, "exports/json", select="numerooffreforem,langues").json()
    table = ask(api, "exports/csv", select="numerooffreforem,lieuxtravailregionnuts").content
    bare = ask(api, "exports/csv", with_bom="false", delimiter=",", select="numerooffreforem").text

    assert [json.loads(line) for line in lines] == array
    assert len(array) == 4
    assert table.startswith(b"\xef\xbb\xbf")
    cells = list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert cells[0] == ["numerooffreforem", "lieuxtravailregionnuts"]
    assert cells[1] == ["1", "BE,BE33"]
    assert bare.splitlines() == ["numerooffreforem", "1", "2", "3", "4"]
    assert len(ask(api, "exports/jsonl", limit=2).text.splitlines()) == 2
    assert ask(api, "exports/shp").status_code == 400


def test_a_quota_that_is_used_up(api: OdsApi):
    api.trouble = Trouble(calls_left=1)
    assert ask(api).status_code == 200
    answer = ask(api)

    assert answer.status_code == 429
    assert answer.json()["errorcode"] == 10002
    assert answer.json()["reset_time"] == "2026-11-25T00:00:00Z"
    api.now = lambda: datetime(2026, 11, 25, tzinfo=UTC)
    api.trouble.reset = datetime(2026, 11, 25, tzinfo=UTC)
    assert ask(api).status_code == 200


def test_troubles(api: OdsApi):
    api.trouble = Trouble(statuses=[503], torn=[0], half=[0.5], bom=True)
    assert ask(api).status_code == 503
    with pytest.raises(httpx.RemoteProtocolError):
        ask(api, "exports/jsonl")
    assert ask(api, "exports/jsonl").content.startswith(b"\xef\xbb\xbf")
    api.trouble = Trouble(html=True)
    assert ask(api, "").headers["content-type"].startswith("text/html")
    api.trouble = Trouble(renamed={"titreoffre": "intitule"})
    assert "intitule" in ask(api, limit=1).json()["results"][0]
    api.trouble = Trouble(no_exports=True)
    assert ask(api, "exports/jsonl").status_code == 403


@pytest.mark.parametrize("folder", [Path("nowhere"), SHARED], ids=["ours", "shared"])
def test_made_up_offers_are_the_same_each_time_and_say_so(folder: Path):
    if folder == SHARED and not SHARED.exists():
        pytest.skip("the study material is not beside the project")
    first, second = (Market(5, DAY, stock(folder)).offers(3_000) for _ in range(2))

    assert first == second
    assert len({one["numerooffreforem"] for one in first}) == 3_000
    assert all(set(one) == set(FIELDS) and one["source"] == SYNTHETIC for one in first)
    assert all("FICTIF" in one["nomemployeur"] for one in first)
    assert {one["datedebutdiffusion"] for one in first} == {"2026-11-22", "2026-11-23", "2026-11-24"}
    contracts = [one["typecontrat"] for one in first]
    assert 0.3 < contracts.count("Durée indéterminée") / 3_000 < 0.6  # as in the real counts
    assert {"Etudiant", "Contrat d'apprentissage"} <= set(contracts)
