"""What becomes of a message when the worker is killed at any point of its sending, on both policies."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import bootstrap
from storage import outbox
from storage.outbox import State
from tests.channels.crashing import HANG, POINTS, plant
from tests.platforms.faults import Fault
from tests.platforms.telegram_api import TelegramApi, running
from tests.support import databases

PARTS = ["Première partie.", "Deuxième partie."]
LATER = 90  # seconds: the lease of the dead worker is over


def worker(url: str, api: str, point: str, later: int, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "tests.channels.crashing",
        url,
        "telegram",
        api,
        point,
        str(later),
        str(folder),
        databases.KEY,
    ]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def killed(api: TelegramApi, url: str, point: str, folder: Path) -> None:
    """One worker that does not survive the point."""
    if point in HANG:
        api.faults.add(Fault("sendMessage", hang=5, applied=point == "delivered"))
    process = worker(url, api.url, point, 0, folder)
    if point in HANG:
        end = time.monotonic() + 10
        while not api.asked("sendMessage") and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.1)
        process.kill()
    process.communicate(timeout=30)
    assert process.returncode == -9


CASES = [
    *((point, "reply") for point in POINTS),
    ("attempted", "help"),
    ("delivered", "help"),
]  # all in `make proof`


@pytest.mark.parametrize(("point", "kind"), CASES)
def test_killed_at_any_point(sqlite_url: str, tmp_path: Path, point: str, kind: str):
    with running() as api:
        api.user(1001).writes("/start")
        database = databases.open_database(sqlite_url, bootstrap.real_now)
        plant(database, "telegram", "1001", kind, PARTS)
        killed(api, sqlite_url, point, tmp_path)
        api.faults.clear()
        second = worker(sqlite_url, api.url, "none", LATER, tmp_path)
        _, errors = second.communicate(timeout=30)
        assert second.returncode == 0, errors.decode()[-800:]
        texts = [one.text for one in api.deliveries if one.text in PARTS]
        with database.read() as uow:
            states = [found.state for row in (1, 2) if (found := outbox.get(uow, row))]
        database.close()
    if kind == "help":  # at least once: nothing is lost
        assert set(texts) == set(PARTS)
        assert states == [State.SENT, State.SENT]
    else:  # at most once: nothing comes twice, and what nobody knows says so
        assert len(texts) == len(set(texts))
        assert set(states) <= {State.SENT, State.UNKNOWN}
        missing = len(PARTS) - len(texts)
        assert states.count(State.UNKNOWN) >= missing
    assert texts[-1] == PARTS[1]
