import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.cli.main import app
from bot.settings import Settings


@pytest.fixture
def boussole(monkeypatch, tmp_path):
    for name in [*map(settings.variable, Settings.model_fields), "PORT"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == status, (words, done.output, done.exception)
        return " ".join(done.output.split())

    return run


@pytest.fixture
def ready(boussole):
    boussole("keys", "make")
    boussole("migrate")
    return boussole


def test_the_help_is_in_french_and_names_every_command(boussole):
    said = boussole("--help")

    for command in (
        "serve",
        "demo",
        "chat",
        "check",
        "settings",
        "migrate",
        "clock",
        "holidays",
        "backup",
        "keys",
        "group",
        "offers",
    ):
        assert f" {command} " in said
    assert "le robot d’orientation" in said


def test_the_help_imports_nothing_heavy():
    code = "import sys; sys.argv = ['boussole', '--help']\ntry:\n import bot.cli as c; c.main()\nexcept SystemExit: pass\n"
    code += "print([m for m in ('sqlalchemy', 'uvicorn', 'typst', 'pydantic', 'PIL', 'numpy') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # our own code

    assert done.stdout.strip().endswith("[]")


def test_an_unknown_setting_is_one_clear_sentence(boussole, monkeypatch):
    monkeypatch.setenv("BOUSSOLE_PROT", "80")

    said = boussole("settings", status=1)

    assert said == "Le réglage BOUSSOLE_PROT n’existe pas. Vouliez-vous dire BOUSSOLE_PORT ?"


def test_all_settings_are_shown_and_keys_are_not(ready, monkeypatch):
    monkeypatch.setenv("BOUSSOLE_KEYS", "a-secret-key")

    said = ready("settings")

    assert all(settings.variable(name) in said for name in Settings.model_fields)
    assert "a-secret-key" not in said


def test_check_says_what_to_mend_then_that_all_is_ready(boussole):
    said = boussole("check", status=1)
    assert "boussole keys make" in said

    boussole("keys", "make")
    boussole("migrate")
    assert boussole("check").endswith("Tout est prêt.")


def test_a_database_that_was_never_migrated_is_said(boussole):
    boussole("keys", "make")

    assert "boussole migrate" in boussole("group", "list", status=1)


def test_other_keys_than_those_of_the_data_are_said(ready, tmp_path):
    (tmp_path / ".boussole-keys").unlink()
    ready("keys", "make")

    assert "n’ouvrent pas" in ready("check", status=1)


def test_a_group_gets_a_link(ready):
    said = ready("group", "add", "Mercredi")

    assert "/rejoindre/" in said
    assert "Mercredi — 0 jeune(s)" in ready("group", "list")


def test_the_clock_of_real_people_does_not_move(ready):
    assert "démonstration" in ready("clock", "+2d", status=1)
    assert "+2d" in ready("clock", "deux jours", status=1)


def test_holidays_are_entered_by_hand(ready):
    assert "Aucun congé" in ready("holidays")
    ready("holidays", "2026-12-21:2027-01-03")

    assert "du 21/12/2026 au 03/01/2027" in ready("holidays", "2027-02-22:2027-03-05")
    assert "n’est pas une période" in ready("holidays", "Noël", status=1)
    assert "21/12/2026" not in ready("holidays", "2027-02-22:2027-03-05", "--replace")


def test_offers_are_off_until_somebody_turns_them_on(ready):
    assert "BOUSSOLE_FOREM=odwb" in ready("offers", "sync", status=1)


def test_words_are_linked_and_nonsense_is_not_guessed(boussole):
    assert "vétérinaire" in boussole("careers", "link", "soigner des animaux")
    assert "pas compris" in boussole("careers", "link", "xkcd zzz qqq")


def test_keys_are_rotated_and_the_data_still_opens(ready, tmp_path):
    ready("group", "add", "Mercredi")
    ready("keys", "rotate")

    assert len((tmp_path / ".boussole-keys").read_text().split()) == 2
    assert "Mercredi" in ready("group", "list")


def test_a_backup_is_a_file(ready, tmp_path):
    ready("backup", "copie.sqlite3")

    assert (tmp_path / "copie.sqlite3").stat().st_size > 0
