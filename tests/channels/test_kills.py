"""What becomes of a message when the worker is killed at any point of its sending (both databases in `make proof`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.crashing import POINTS
from tests.channels.kills import CHANNELS, killed_at
from tests.channels.workers import Nursery, nursery

CASES = [*((point, "reply") for point in POINTS), ("attempted", "help"), ("delivered", "help")]


@pytest.fixture(scope="module", params=CHANNELS)
def workers(request: pytest.FixtureRequest) -> Iterator[Nursery]:
    with nursery(request.param) as found:
        yield found


@pytest.mark.parametrize(("point", "kind"), CASES)
def test_killed_at_any_point(workers: Nursery, sqlite_url: str, tmp_path: Path, point: str, kind: str):
    killed_at(workers, sqlite_url, point, kind, tmp_path)
    assert list(tmp_path.iterdir()) == []
