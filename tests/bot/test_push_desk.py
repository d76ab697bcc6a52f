"""The key of signals: made once and for its owner, shown by its public part only, and what is said of a bad one."""

import re
import stat
from pathlib import Path

import pytest

from bot.channels import push_key
from bot.channels.push_key import PushKey
from bot.settings import Settings, SettingsError


def private(tmp_path: Path) -> str:
    return (tmp_path / ".boussole-keys-push").read_text().strip()


def test_the_key_is_made_once_beside_the_other_keys(boussole, tmp_path):
    first = boussole("keys", "push")
    second = boussole("keys", "push")

    path = tmp_path / ".boussole-keys-push"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Clé des signes faite" in first
    assert "Redémarrez" in first
    assert "Rien n’a changé" in second
    shown = {re.search(r"Partie publique : ([\w-]{87})", said)[1] for said in (first, second)}  # type: ignore[index]
    assert len(shown) == 1
    assert private(tmp_path) not in first + second


def test_a_key_of_the_environment_makes_no_file(boussole, tmp_path, monkeypatch):
    boussole("keys", "push")
    monkeypatch.setenv("BOUSSOLE_PUSH_KEY", private(tmp_path))
    (tmp_path / ".boussole-keys-push").unlink()

    assert "vient de BOUSSOLE_PUSH_KEY" in boussole("keys", "push")
    assert not (tmp_path / ".boussole-keys-push").exists()


def test_the_settings_never_show_it(boussole, tmp_path, monkeypatch):
    boussole("keys", "push")
    monkeypatch.setenv("BOUSSOLE_PUSH_KEY", private(tmp_path))

    said = boussole("settings")

    assert "BOUSSOLE_PUSH_KEY = donnée" in said
    assert private(tmp_path) not in said
    assert private(tmp_path) not in repr(push_key.load(Settings()))


def test_it_is_never_in_a_backup(ready, tmp_path):
    ready("keys", "push")
    ready("backup", "copie")

    assert private(tmp_path).encode() not in (tmp_path / "copie").read_bytes()


@pytest.mark.parametrize("content", ["", "x", "A" * 43, "_" * 43, "é", "-----BEGIN PRIVATE KEY-----"])
def test_a_damaged_key_is_said_in_french_and_nothing_is_overwritten(tmp_path, content):
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(SettingsError) as caught:
        push_key.load(Settings(push_key_file=path))

    assert "clé des signes" in str(caught.value)
    assert not push_key.make(path)
    assert path.read_text() == content


def test_a_key_that_others_can_read_is_refused(tmp_path):
    push_key.make(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(SettingsError, match="chmod 600"):
        push_key.load(Settings(push_key_file=tmp_path / "key"))


def test_without_a_key_there_is_none(tmp_path):
    assert push_key.load(Settings(push_key_file=tmp_path / "none")) is None


def test_check_says_where_signals_stand(ready, monkeypatch, tmp_path):
    assert "« boussole keys push » les rend possibles" in ready("check")
    ready("keys", "push")
    assert "ne les permettent qu’en https" in ready("check")
    monkeypatch.setenv("BOUSSOLE_BASE_URL", "https://boussole.example")
    assert "offerts à qui accepte les relances" in ready("check")
    (tmp_path / ".boussole-keys-push").chmod(0o644)
    assert "[à réparer] Le fichier" in ready("check", status=1)


def test_two_keys_differ(tmp_path):
    for name in ("a", "b"):
        push_key.make(tmp_path / name)
    one, other = (PushKey((tmp_path / name).read_text().strip()) for name in ("a", "b"))

    assert one.public != other.public


@pytest.mark.parametrize(
    "hosts",
    ["*", "*.com", "https://fcm.googleapis.com", "FCM.googleapis.com", "a b", "fcm.googleapis.com/x", "a:b", "a,*.be"],
)  # fmt: skip
def test_a_list_of_services_that_would_let_too_much_through_is_refused(boussole, monkeypatch, hosts):
    monkeypatch.setenv("BOUSSOLE_PUSH_HOSTS", hosts)

    assert "BOUSSOLE_PUSH_HOSTS" in boussole("settings", status=1)


def test_a_list_of_services_is_read(monkeypatch):
    monkeypatch.setenv(
        "BOUSSOLE_PUSH_HOSTS", "fcm.googleapis.com, *.push.apple.com,push.local:8443,[::1]:9000"
    )

    assert Settings().push_hosts == (
        "fcm.googleapis.com",
        "*.push.apple.com",
        "push.local:8443",
        "[::1]:9000",
    )
