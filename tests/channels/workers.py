"""Workers that may die, each a process of its own: forked from one that has loaded everything, which takes a second or two."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Nursery:
    """For one channel; see `tests.channels.crashing`."""

    def __init__(self, channel: str, process: "subprocess.Popen[str]") -> None:
        self.channel, self._process = channel, process

    def works(self, *given: object, meanwhile: Callable[[int], None] = lambda _pid: None) -> int:
        """How a worker ended, which began with `given`; `meanwhile` is called with its process number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps([str(one) for one in given])}\n")
        self._process.stdin.flush()
        pid = self._number()
        try:
            meanwhile(pid)
        finally:  # whatever happened: the next answer must be the next worker's
            code = self._number()
        return code

    def _number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def nursery(channel: str) -> Iterator[Nursery]:
    """It ends with its input."""
    command = [sys.executable, "-m", "tests.channels.crashing", channel]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield Nursery(channel, process)
