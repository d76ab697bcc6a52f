"""A timetable that may be killed: run in a process of its own, forked from one that has loaded everything.

`python -m tests.bot.restarts FOLDER URL` forks a worker for each line of its input (how many seconds its clock runs ahead),
answers the worker's process number at once and its exit code at the end.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from bot import bootstrap, timetable
from bot.application import due
from bot.application.clock import Clock
from bot.application.services import Services
from bot.opening import open_database
from bot.settings import load

LONGEST = 60  # seconds that a worker may live, whatever happens to it
KILLED = -int(signal.SIGKILL)


class Nursery:
    """Starts workers one after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def work(self, ahead: float, *, kill_after: float | None) -> None:
        """One worker, its clock so many seconds ahead; killed after so many seconds, or left to end by itself."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{ahead}\n")
        self._process.stdin.flush()
        pid = self._number()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        code = self._number()
        if code != (0 if kill_after is None else KILLED):
            raise AssertionError(f"a worker ended with {code}")

    def _number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def nursery(folder: Path, url: str) -> Iterator[Nursery]:
    """It ends with its input."""
    command = [sys.executable, "-m", "tests.bot.restarts", str(folder), url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield Nursery(process)


def _services(folder: Path, url: str) -> Services:
    settings = load(None, data_dir=folder, database_url=url)
    return bootstrap.build(settings, migrate=False, clock=Clock(bootstrap.real_now))


async def _tick(services: Services, holder: str, *, once: bool) -> None:
    ticking = timetable.Timetable(services, holder)
    while True:
        await ticking._work()
        if once and not due.waiting(services):
            return
        await asyncio.sleep(0.01)


def main(folder: Path, url: str) -> None:
    """Load everything, then fork a worker for each line that comes in."""
    known = _services(folder, url)
    settings = known.settings
    bootstrap.close(known)
    for number, line in enumerate(sys.stdin):
        ahead = float(line)
        pid = os.fork()
        if pid == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            signal.alarm(LONGEST)
            known.clock = Clock(lambda ahead=ahead: bootstrap.real_now() + timedelta(seconds=ahead))  # type: ignore[misc]
            known.database = open_database(settings, known.clock)
            known.executor = bootstrap.executor_for(known.database)
            asyncio.run(_tick(known, f"worker-{number}", once=ahead % 31 != 0))
            os._exit(0)
        _answer(pid)
        _answer(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
