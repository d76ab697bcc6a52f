"""What the tests of the application share: a centre on each database, somebody who talks to it, the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import settings
from bot.application.services import Services
from bot.cli.main import app
from bot.settings import Settings
from storage.database import Database
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.support.talk import Talker


@pytest.fixture
def services(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path)
    yield made
    made.executor.shutdown()


@pytest.fixture
def talker(services: Services) -> Talker:
    return Talker(services)


@pytest.fixture
def sqlite_services(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    """For what has nothing to do with the kind of database."""
    made = services_for(sqlite_database, clock, tmp_path)
    yield made
    made.executor.shutdown()


@pytest.fixture
def boussole(monkeypatch, tmp_path):
    """Runs a command of `boussole` in a folder of its own: what it said, on one line."""
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
    """The same, with keys and a database."""
    boussole("keys", "make")
    boussole("migrate")
    return boussole
