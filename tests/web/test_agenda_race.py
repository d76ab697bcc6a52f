"""Fifty learners press the button for thirty places at once, on a real socket, on both databases."""

from pathlib import Path

from storage.database import Database
from storage.participations import Standing
from tests import proof_places
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.support.server import free_port


def test_thirty_get_a_place_twenty_wait_and_nobody_is_lost(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    services = services_for(database, clock, tmp_path, port=free_port())
    found = proof_places.race(services)
    services.executor.shutdown()
    assert found == {Standing.GOING: 30, Standing.WAITING: 20}
