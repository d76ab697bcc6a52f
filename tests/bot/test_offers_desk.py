"""`boussole offers` from the command line, on a stand-in of the portal."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import bootstrap, opening, settings
from bot.cli.main import app
from bot.settings import Settings
from careers.sources import opendatasoft
from tests.platforms.ods_api import OdsApi, portal
from tests.platforms.ods_offers import Market
from tests.platforms.ods_trouble import Trouble

DAY = opening.real_now().date()  # one test starts the real program, on the real day
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def api() -> Iterator[OdsApi]:
    with portal(Market(3, NOW.date()).offers(150), now=lambda: NOW) as api:
        yield api


@pytest.fixture
def boussole(monkeypatch, tmp_path, api):
    for name in [*map(settings.variable, Settings.model_fields), "PORT"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOUSSOLE_FOREM", "odwb")
    monkeypatch.setenv("BOUSSOLE_FOREM_URL", api.url)
    for place in (opening, bootstrap):  # the day of the stand-in, whatever the day of the test
        monkeypatch.setattr(place, "real_now", lambda: NOW)
    monkeypatch.setattr(opendatasoft, "WAITS", (0.0, 0.0, 0.0))

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == status, (words, done.output, done.exception)
        return " ".join(done.output.split())

    run("keys", "make")
    run("migrate")
    return run


def test_offers_are_read_and_their_state_is_told(boussole, api):
    assert "Aucune lecture n’a encore abouti" in boussole("offers", "status")
    api.rows[0]["typecontrat"] = "Contrat lunaire"
    said = boussole("offers", "sync")

    assert "Lecture complète : 150 offres gardées" in said
    assert "« typecontrat : Contrat lunaire » (1)" in said
    assert "Source : Le Forem, Open Data, CC BY-SA 4.0" in said
    assert "\x1b" not in said  # no progress bar where there is no terminal
    assert "Nouveautés" in boussole("offers", "sync")
    assert "Lecture complète" in boussole("offers", "sync", "--full")

    said = boussole("offers", "status")
    assert "150 offres ouvertes aujourd’hui" in said
    assert "Dernière lecture : le 24/11/2026 à 13:00" in said
    assert "depuis 127.0.0.1" in said
    assert "Prochaine lecture par « boussole serve » : le 25/11/2026 à 04:00" in said
    assert "Contrat lunaire (1 fois)" in said
    assert "150 offres" in boussole("check")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble(renamed={"titreoffre": "titre_offre"}), "le champ « titreoffre » n’existe pas ou plus"),
        (Trouble(html=True), "ligne 1 : une page web"),
        (Trouble(calls_left=0), "Quota du portail atteint : recommencez après le 25/11/2026 à 01:00"),
        (Trouble(statuses=[503] * 4), "a répondu 503"),
    ],
)
def test_a_failure_is_one_sentence_and_is_remembered(boussole, api, trouble, said):
    boussole("offers", "sync")
    api.trouble = trouble

    assert said in boussole("offers", "sync", status=1)
    status = boussole("offers", "status")
    assert "Dernier essai raté" in status
    assert "150 offres ouvertes" in status
    assert said in boussole("check")


def test_a_fall_asks_for_force(boussole, api):
    boussole("offers", "sync")
    api.rows = api.rows[:60]

    assert "recommencez avec --force" in boussole("offers", "sync", status=1)
    assert "60 offres ouvertes en tout" in boussole("offers", "sync", "--full", "--force")


def test_off_is_off(boussole, api, monkeypatch):
    monkeypatch.setenv("BOUSSOLE_FOREM", "off")

    assert "BOUSSOLE_FOREM=odwb" in boussole("offers", "sync", status=1)
    assert "sont coupées" in boussole("offers", "status")
    assert not api.asked


@pytest.mark.usefixtures("boussole")
def test_a_killed_reading_leaves_nothing_in_the_way_and_goes_on(api, tmp_path):
    api.trouble.slow = 0.4
    api.rows = Market(9, DAY).offers(1_000)
    command = [str(Path(sys.executable).with_name("boussole")), "offers", "sync"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as reading:
        part = tmp_path / "var" / "sources" / "forem.part.jsonl"
        for _ in range(200):
            if part.exists() and part.stat().st_size:
                break
            time.sleep(0.05)
        reading.kill()
    assert part.stat().st_size
    api.trouble.slow = 0
    said = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=True).stdout

    assert "Lecture reprise en cours de route" in said
    assert f"{len({row['numerooffreforem'] for row in api.rows})} offres gardées" in said
