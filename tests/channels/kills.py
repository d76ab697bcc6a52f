"""Kills a worker at a point of a sending, lets another go on, and looks at what came of the message."""

import subprocess
import sys
import time
from pathlib import Path

from bot import bootstrap
from storage import outbox
from storage.database import Database
from storage.outbox import State
from tests.channels.crashing import HANG, plant
from tests.platforms.faults import Fault
from tests.platforms.telegram_api import TelegramApi, running
from tests.support import databases

PARTS = ["Première partie.", "Deuxième partie."]
LATER = 90  # seconds: the lease of the dead worker is over
KILLED = -9


def killed_at(url: str, point: str, kind: str, folder: Path, who: str = "1001") -> None:
    """AssertionError when something came twice that may not, or was lost that must not be."""
    address = str(1_000 + sum(who.encode()))
    with running() as api:
        api.user(int(address)).writes("/start")
        database = databases.open_database(url, bootstrap.real_now)
        rows = plant(database, "telegram", address, kind, PARTS)
        _first(api, url, point, folder)
        api.faults.clear()
        second = _worker(url, api.url, "none", LATER, folder)
        _, errors = second.communicate(timeout=60)
        assert second.returncode == 0, errors.decode()[-800:]
        texts = [one.text for one in api.deliveries if one.text in PARTS]
        states = _states(database, rows)
        database.close()
    if kind == "help":  # at least once: nothing is lost
        assert set(texts) == set(PARTS), (point, kind, texts)
        assert states == [State.SENT, State.SENT], (point, kind, states)
    else:  # at most once: nothing comes twice, and what nobody knows says so
        assert len(texts) == len(set(texts)), (point, kind, texts)
        assert set(states) <= {State.SENT, State.UNKNOWN}, (point, kind, states)
        assert states.count(State.UNKNOWN) >= len(PARTS) - len(texts), (point, kind, states)
    assert texts[-1] == PARTS[1], (point, kind, texts)


def _states(database: Database, rows: list[int]) -> list[State]:
    with database.read() as uow:
        return [found.state for row in rows if (found := outbox.get(uow, row))]


def _worker(url: str, api: str, point: str, later: int, folder: Path) -> subprocess.Popen[bytes]:
    given = [url, "telegram", api, point, str(later), str(folder), databases.KEY]
    return subprocess.Popen([sys.executable, "-m", "tests.channels.crashing", *given], stderr=subprocess.PIPE)


def _first(api: TelegramApi, url: str, point: str, folder: Path) -> None:
    """One worker that does not survive the point."""
    if point in HANG:
        api.faults.add(Fault("sendMessage", hang=5, applied=point == "delivered"))
    process = _worker(url, api.url, point, 0, folder)
    if point in HANG:
        end = time.monotonic() + 10
        while not api.asked("sendMessage") and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.1)
        process.kill()
    process.communicate(timeout=30)
    assert process.returncode == KILLED
