"""What becomes of a message when the worker is killed at any point of its sending (both databases in `make proof`)."""

from pathlib import Path

import pytest

from tests.channels.crashing import POINTS
from tests.channels.kills import killed_at

CASES = [*((point, "reply") for point in POINTS), ("attempted", "help"), ("delivered", "help")]


@pytest.mark.parametrize(("point", "kind"), CASES)
def test_killed_at_any_point(sqlite_url: str, tmp_path: Path, point: str, kind: str):
    killed_at(sqlite_url, point, kind, tmp_path)
    assert list(tmp_path.iterdir()) == []
