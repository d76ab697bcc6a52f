"""Reads a calendar file in a process of its own, bounded in memory and time: what others made may be made to hurt.

Run as `python -m bot.application.agenda_ics_apart`: what was given on standard input, what was read on standard output.
"""

import pickle
import resource
import subprocess
import sys
from pathlib import Path

from bot.application import agenda_ics
from bot.application.agenda_rows import LARGEST, Given, NotAFile, Reading

MEMORY = 1024 * 1024 * 1024  # bytes of address space
CPU = 20  # seconds: 5,000 events take five
PATIENCE = 90  # seconds, on a machine that does other things too
_TOO_MUCH = "Ce calendrier demande trop de travail (répétitions ou fuseaux démesurés) : il n’est pas lu."


def read(content: bytes, given: Given) -> Reading:
    """The gatherings of a calendar. NotAFile when it is none, or when it takes too much to read."""
    if len(content) > LARGEST:
        raise NotAFile(f"Ce fichier est trop grand ({len(content) // 1_048_576} Mo) : 5 Mo au plus.")
    try:
        done = subprocess.run(  # noqa: S603 -- ourselves, with nothing of the file on the command line
            [sys.executable, "-m", __spec__.name],
            input=pickle.dumps((content, given, CPU)),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired:
        raise NotAFile(_TOO_MUCH) from None
    if done.returncode or not done.stdout:
        raise NotAFile(_TOO_MUCH)
    found = pickle.loads(done.stdout)  # noqa: S301 -- written by our own process
    if not isinstance(found, Reading):
        raise NotAFile(str(found))
    return found


def main() -> None:
    """Read, bounded, and write what was read; a sentence instead when the file is none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    content, given, seconds = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 -- written by our own process
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        found: Reading | str = agenda_ics.read(content, given)
    except NotAFile as error:
        found = str(error)
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main()
