"""Figures of the job offers: 26,000 read and kept, then 1,200 changes, each in a process of its own; and who waits."""

import http.client
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot import bootstrap
from bot.application.clock import Clock
from bot.settings import load
from storage import leases

OFFERS, CHANGES = 26_000, 1_200
FULL, AGAIN, RESIDENT, WAIT = 20.0, 3.0, 150, 250  # seconds, seconds, megabytes, milliseconds
BOUSSOLE = str(Path(sys.executable).with_name("boussole"))


@dataclass
class Run:
    """One command: how long, how big, what it said."""

    seconds: float
    resident: float
    said: str


@contextmanager
def portal() -> Iterator[str]:
    """The stand-in, in a process of its own; `POST /turn` puts it a day further."""
    command = [
        sys.executable,
        "-m",
        "tests.platforms.ods_serve",
        "--rows",
        str(OFFERS),
        "--changes",
        str(CHANGES),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def boussole(folder: Path, url: str, *words: str) -> Run:
    """Run the real command, and look at its peak of resident memory."""
    env = {
        **os.environ,
        "BOUSSOLE_DATA_DIR": str(folder / "var"),
        "BOUSSOLE_FOREM": "odwb",
        "BOUSSOLE_FOREM_URL": url,
    }
    with subprocess.Popen(
        [BOUSSOLE, *words], env=env, cwd=folder, stdout=subprocess.PIPE, text=True
    ) as process:
        started = time.perf_counter()
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"boussole {' '.join(words)}: {process.returncode}")
    return Run(time.perf_counter() - started, _megabytes(used), said)


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1024


def turn(url: str) -> None:
    """A day passes at the portal: as many offers end as begin."""
    at = urlsplit(url)
    connection = http.client.HTTPConnection(str(at.hostname), at.port)
    connection.request("POST", "/turn")
    connection.getresponse().read()
    connection.close()


@contextmanager
def chatting(folder: Path, url: str) -> Iterator[list[float]]:
    """Somebody whose every turn writes, 20 times a second, on the same file: milliseconds of each."""
    settings = load(None, data_dir=folder / "var", forem_url=url)
    database = bootstrap.open_database(settings, Clock(bootstrap.real_now))
    took: list[float] = []
    stop = threading.Event()

    def chat() -> None:
        while not stop.wait(0.05):
            begun = time.perf_counter()
            with database.begin() as uow:
                leases.hold(uow, "bench", url)
            took.append((time.perf_counter() - begun) * 1000)

    thread = threading.Thread(target=chat)
    thread.start()
    try:
        yield took
    finally:
        stop.set()
        thread.join()
        database.close()


def held(what: str, said: str, *, holds: bool) -> bool:
    """Print a figure; whether it holds."""
    print(f"offers: {what}: {said}{'' if holds else '  DOES NOT HOLD'}")
    return holds


def main() -> int:
    """Run it all; 1 when a figure does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="bench-offers-", dir="."))
    folder = folder.absolute()
    try:
        with portal() as url:
            boussole(folder, url, "keys", "make")
            boussole(folder, url, "migrate")
            first = boussole(folder, url, "offers", "sync")
            turn(url)
            second = boussole(folder, url, "offers", "sync")
            with chatting(folder, url) as took:
                boussole(folder, url, "offers", "sync", "--full")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    took.sort()
    p95, most = took[int(len(took) * 0.95)], took[-1]
    results = [
        held("full", f"{first.seconds:.1f} s (under {FULL:.0f})", holds=first.seconds < FULL),
        held("full", f"{first.resident:.0f} MB resident at most (under {RESIDENT})", holds=first.resident < RESIDENT),
        held("all came", first.said.splitlines()[0], holds=f" {OFFERS} offres gardées" in first.said),
        held(f"{CHANGES} changes", f"{second.seconds:.1f} s (under {AGAIN:.0f})", holds=second.seconds < AGAIN),
        held(f"{CHANGES} changes", f"{second.resident:.0f} MB (under {RESIDENT})", holds=second.resident < RESIDENT),
        held("withdrawn", second.said.splitlines()[0], holds=f" {CHANGES} retirées" in second.said),
        held("a chat that writes meanwhile", f"p95 {p95:.0f} ms, {most:.0f} at most (p95 under {WAIT})", holds=p95 < WAIT),
    ]  # fmt: skip
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
