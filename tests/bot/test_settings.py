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


# ---------------------------------------------------------------- chat platforms

TOKEN = "123456:AbC_d-9"
SECRET = "a-secret-of-16-letters"


def test_without_a_token_there_is_no_platform():
    assert load(None).platforms() == ()
    assert load(None, telegram_token=TOKEN).platforms() == ("telegram",)
    assert load(None, discord_token="x.y.z").platforms() == ("discord",)
    assert load(None, telegram_token=TOKEN, discord_token="x.y.z").platforms() == ("telegram", "discord")


@pytest.mark.parametrize(
    "token", ["123456", "abc:def", "123456:", ":abc", "123456:a b", f"{TOKEN}\n", f" {TOKEN}"]
)
def test_a_token_of_telegram_has_its_form_and_is_not_repeated(monkeypatch, token):
    monkeypatch.setenv("BOUSSOLE_TELEGRAM_TOKEN", token)

    with pytest.raises(SettingsError, match="BOUSSOLE_TELEGRAM_TOKEN n’a pas la forme attendue") as caught:
        load(None)
    assert token.strip() not in str(caught.value)


def test_what_is_secret_is_not_shown():
    given = load(
        None,
        telegram_token=TOKEN,
        discord_token="x.y.z",
        telegram_webhook_secret=SECRET,
        telegram_webhook_url="https://boussole.example/telegram",
    )

    assert not any(secret in repr(given) + str(given) for secret in (TOKEN, "x.y.z", SECRET))


def test_a_place_for_telegram_s_messages_needs_a_secret_and_a_token():
    place = "https://boussole.example/telegram"
    with pytest.raises(SettingsError, match="BOUSSOLE_TELEGRAM_WEBHOOK_SECRET"):
        load(None, telegram_webhook_url=place, telegram_token=TOKEN)
    with pytest.raises(SettingsError, match="BOUSSOLE_TELEGRAM_TOKEN"):
        load(None, telegram_webhook_url=place, telegram_webhook_secret=SECRET)

    given = load(None, telegram_webhook_url=place, telegram_webhook_secret=SECRET, telegram_token=TOKEN)
    assert given.telegram_webhook_url == place


@pytest.mark.parametrize("secret", ["short", "a" * 15, "a" * 257, "with spaces in it, no", "é" * 20])
def test_a_secret_is_long_and_plain(secret):
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET n’a pas la forme") as caught:
        load(None, telegram_webhook_secret=secret)
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("telegram_api_url", "api.telegram.org", "http://"),
        ("telegram_webhook_url", "boussole.example/telegram", "http://"),
        ("discord_api_url", "ftp://discord.com", "http://"),
        ("discord_gateway_url", "https://gateway.discord.gg/", "ws://"),
        ("discord_gateway_url", "", "ws://"),
    ],
)
def test_an_address_of_a_platform_has_its_scheme(name, wrong, said):
    with pytest.raises(SettingsError, match=f"{name.upper()} est faux : l’adresse doit commencer par {said}"):
        load(None, **{name: wrong})


def test_addresses_of_platforms_end_without_a_bar():
    given = load(
        None, telegram_api_url="http://127.0.0.1:8081/", discord_api_url="https://discord.com/api/v10/"
    )

    assert (given.telegram_api_url, given.discord_api_url) == (
        "http://127.0.0.1:8081", "https://discord.com/api/v10")  # fmt: skip
    assert load(None).telegram_api_url == "https://api.telegram.org"


def test_each_channel_has_its_youngest_age():
    given = load(None, min_age_discord=14)

    assert [given.min_age(channel) for channel in ("web", "discord", "telegram", "terminal")] == [
        12, 14, 16, 12]  # fmt: skip


@pytest.mark.parametrize("age", [11, 19])
def test_an_age_out_of_what_the_bot_is_for_is_refused(age):
    with pytest.raises(SettingsError, match="BOUSSOLE_MIN_AGE_TELEGRAM"):
        load(None, min_age_telegram=age)
