import stat
from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings, SettingsError, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _nothing_around(monkeypatch, tmp_path):
    for name in [*map(settings.variable, Settings.model_fields), "PORT"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_defaults_stand(tmp_path):
    given = settings.load()

    assert given.database_url == f"sqlite:///{tmp_path}/var/boussole.sqlite3"
    assert given.keys_file == tmp_path / ".boussole-keys"  # beside the data folder, never in it
    assert given.base_url == "http://127.0.0.1:8000"
    assert not given.secure


def test_the_environment_wins_over_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("BOUSSOLE_BOT_NAME=Nord\nBOUSSOLE_CENTRE_NAME=l'Atelier\n", "utf-8")
    monkeypatch.setenv("BOUSSOLE_BOT_NAME", "Sud")

    given = settings.load()

    assert (given.bot_name, given.centre_name) == ("Sud", "l'Atelier")


def test_the_port_of_a_host_is_read_too(monkeypatch):
    monkeypatch.setenv("PORT", "9001")

    assert settings.load().base_url == "http://127.0.0.1:9001"


def test_all_problems_are_said_at_once_in_french(monkeypatch, tmp_path):
    monkeypatch.setenv("BOUSSOLE_PROT", "1")
    monkeypatch.setenv("BOUSSOLE_PARENT_CHECK", "oui")
    monkeypatch.setenv("BOUSSOLE_CENTRE_POSTCODE", "Liège")
    (tmp_path / ".env").write_text("BOUSSOLE_DATABASE_URL=mysql://x\n", "utf-8")

    with pytest.raises(SettingsError) as caught:
        settings.load()

    said = sorted(caught.value.problems)
    assert said == [
        "Le réglage BOUSSOLE_CENTRE_POSTCODE n’a pas la forme attendue (voir « boussole settings »).",
        "Le réglage BOUSSOLE_DATABASE_URL est faux : l’adresse doit commencer par sqlite:/// ou postgresql://.",
        "Le réglage BOUSSOLE_PARENT_CHECK doit être : 'coach' ou 'link'.",
        "Le réglage BOUSSOLE_PROT n’existe pas. Vouliez-vous dire BOUSSOLE_PORT ?",
    ]


def test_the_error_does_not_repeat_a_wrong_value(monkeypatch):
    monkeypatch.setenv("BOUSSOLE_DATABASE_URL", "mysql://root:hunter2@host")

    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert "hunter2" not in str(caught.value)


def test_keys_are_made_once_for_their_owner_only(tmp_path):
    path = tmp_path / "keys"

    assert (settings.make_keys(path), settings.make_keys(path)) == (True, False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(settings.load(keys_file=path).load_keys()) == 1


def test_keys_that_others_can_read_are_refused(tmp_path):
    path = tmp_path / "keys"
    settings.make_keys(path)
    path.chmod(0o644)

    with pytest.raises(SettingsError, match="chmod 600"):
        settings.load(keys_file=path).load_keys()


def test_missing_keys_say_how_to_make_them():
    with pytest.raises(SettingsError, match="boussole keys make"):
        settings.load().load_keys()


def test_keys_are_not_shown(monkeypatch):
    monkeypatch.setenv("BOUSSOLE_KEYS", "first,second")

    assert "second" not in repr(settings.load())


def test_every_setting_has_a_sentence_and_stands_in_the_manual():
    manual = (ROOT / "docs" / "reglages.md").read_text("utf-8")

    assert manual == settings.as_markdown()  # rewrite it with `boussole settings --markdown`
    assert all(
        field.description and field.description.endswith(".") for field in Settings.model_fields.values()
    )


def test_the_season_ends_on_a_day_that_every_year_has(monkeypatch):
    for day in ("02-30", "02-29"):
        monkeypatch.setenv("BOUSSOLE_SEASON_END", day)
        with pytest.raises(SettingsError, match="n’existe pas chaque année"):
            load(dotenv=None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("BOUSSOLE_CENTRE_NAME=Liège".encode("latin-1"), "n’est pas en UTF-8"),
        (b"# a note\nBOUSSOLE_PORT=8000\njust words\n", "La ligne 3 de .env"),
        (b"BOUSSOLE_PORT\n", "La ligne 1 de .env"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(content, said):
    Path(".env").write_bytes(content)

    with pytest.raises(SettingsError, match=said):
        load()


def test_a_file_written_on_windows_is_read():
    Path(".env").write_bytes(b"\xef\xbb\xbfBOUSSOLE_PORT=8111\r\n")

    assert load().port == 8111


@pytest.mark.parametrize("kind", ["folder", "picture"])
def test_what_is_no_key_file_is_told_as_a_missing_one(tmp_path, kind):
    path = tmp_path / "keys"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"\xff\xd8\xff")
        path.chmod(0o600)

    with pytest.raises(SettingsError, match="Aucune clé de chiffrement"):
        load(dotenv=None, keys_file=path).load_keys()


def test_our_own_port_wins_over_that_of_the_host(monkeypatch):
    monkeypatch.setenv("PORT", "8001")
    assert settings.load(None).port == 8001
    monkeypatch.setenv("BOUSSOLE_PORT", "8002")
    assert settings.load(None).port == 8002
    assert settings.load(None, port=8003).port == 8003
