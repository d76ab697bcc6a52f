"""What the tests of the application share: a centre on each database, and somebody who talks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.application.services import Services
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
