import fcntl
import socket
import subprocess
import sys

import pytest

from bot import settings
from bot.settings import Settings


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


def test_no_secret_is_ever_on_the_screen(ready, monkeypatch):
    hidden = {
        "TELEGRAM_TOKEN": "1:canari-a",
        "DISCORD_TOKEN": "canari-b",
        "TELEGRAM_WEBHOOK_URL": "https://example.org/telegram",
        "TELEGRAM_WEBHOOK_SECRET": "canari-c-canari-c",
        "SMTP_URL": "smtp://lou:canari-d@example.org:587",
        "MAIL_FROM": "lou@example.org",
        "DATABASE_URL": "postgresql://lou:canari-e@example.org/boussole",
        "KEYS": "canari-f",
    }
    for name, value in hidden.items():
        monkeypatch.setenv(f"BOUSSOLE_{name}", value)
    said = ready("settings")
    assert "canari" not in said
    assert "://lou:…@example.org/boussole" in said


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
    assert "- du 21/12/2026" in ready("holidays", "2027-02-22:2027-03-05", "--replace")
    assert ready("holidays") == "du 22/02/2027 au 05/03/2027"


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


def test_a_command_that_was_not_understood_is_told_in_french(boussole):
    assert "« frob »" in boussole("frob", status=2)
    assert boussole("group", "add", status=2).startswith("Il manque quelque chose : « NOM ». Emploi :")
    assert "« --port »" in boussole("serve", "--port", "abc", status=2)
    assert "Commandes : make" in boussole("keys", status=2)


@pytest.mark.parametrize("words", [[], ["serve"], ["clock"], ["holidays"], ["group", "add"]])
def test_no_english_is_left_in_the_help(boussole, words):
    said = boussole(*words, "--help")

    assert said.startswith("Emploi :")
    for english in ("Usage", "Options:", "Arguments", "Commands", "Show", "required", "default", "<str>"):
        assert english not in said


def test_a_backup_never_covers_a_file_and_says_what_is_in_the_way(ready, tmp_path):
    (tmp_path / "there").write_text("precious")

    assert "existe déjà" in ready("backup", "there", status=1)
    assert (tmp_path / "there").read_text() == "precious"
    assert "son dossier n’existe pas" in ready("backup", "nowhere/copy", status=1)


def test_a_damaged_database_leaves_no_half_copy(boussole, tmp_path):
    boussole("keys", "make")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "boussole.sqlite3").write_bytes(b"not a database at all" * 400)

    assert "abîmé" in boussole("backup", "copy", status=1)
    assert not (tmp_path / "copy").exists()


def test_a_port_that_is_taken_is_one_sentence(ready):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        assert ready("serve", "--port", port, status=1) == f"Le port {port} est déjà pris. Rien n’a démarré."


def test_an_address_of_another_machine_is_one_sentence(ready, monkeypatch):
    monkeypatch.setenv("BOUSSOLE_HOST", "203.0.113.7")  # kept for documentation, on no machine

    assert "corrigez BOUSSOLE_HOST" in ready("serve", status=1)


def test_a_data_folder_that_cannot_be_made_is_to_mend(boussole, monkeypatch, tmp_path):
    boussole("keys", "make")
    (tmp_path / "file").touch()
    monkeypatch.setenv("BOUSSOLE_KEYS_FILE", str(tmp_path / ".boussole-keys"))
    monkeypatch.setenv("BOUSSOLE_DATA_DIR", str(tmp_path / "file"))

    assert "[à réparer] La base de données ne peut pas être créée" in boussole("check", status=1)


def free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_the_demonstration_is_not_taken_away_from_under_a_running_site(boussole, tmp_path):
    kept = tmp_path / "var" / "demo" / "kept"
    kept.parent.mkdir(parents=True)
    kept.touch()
    with (tmp_path / "var" / ".demo-running").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)  # as a site that runs does

        said = boussole("demo", "--reset", "--port", free_port(), status=1)

    assert kept.exists()
    assert said.startswith("La démonstration tourne déjà")


def test_without_a_database_of_its_own_chat_plays_in_the_demonstration(boussole, tmp_path):
    (tmp_path / "var" / "demo").mkdir(parents=True)
    settings.make_keys(tmp_path / "var" / ".demo-keys")

    said = boussole("chat")

    assert said.startswith("Centre d’exemple. Écrivez un mot")
    assert "tu as quel âge ?" in said
    assert not (tmp_path / "var" / "boussole.sqlite3").exists()


def test_an_empty_key_file_is_not_called_a_key(boussole, tmp_path):
    (tmp_path / ".boussole-keys").touch(mode=0o600)

    assert "est vide" in boussole("keys", "make", status=1)


def test_what_the_program_writes_is_for_its_owner_alone(tmp_path):
    for words in (["keys", "make"], ["migrate"]):
        code = f"import sys; sys.argv = ['boussole', *{words!r}]\nimport bot.cli as c; c.main()"
        subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL
        )  # our own code

    assert (tmp_path / "var" / "boussole.sqlite3").stat().st_mode & 0o077 == 0
