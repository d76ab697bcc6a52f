"""What whole stories share: a centre on each database, its site on a socket, a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.application.services import Services
from storage.database import Database
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.support.server import free_port, serving


@pytest.fixture
def services(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path, port=free_port())
    yield made
    made.executor.shutdown()


@pytest.fixture
def site(services: Services) -> Iterator[str]:
    with serving(services, services.settings.port) as address:
        yield address
