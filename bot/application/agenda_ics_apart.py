"""Reads a calendar file in a process of its own, bounded in memory and time: what others made may be made to hurt.

Run as `python -m bot.application.agenda_ics_apart`: what was given on standard input, what was read on standard output.
"""

import json
import resource
import subprocess  # nosec B404  # one program of ours, no shell
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.application import agenda_ics
from bot.application.agenda_rows import LARGEST, Fault, Given, NotAFile, Reading, Row
from storage.gatherings import Kind

MEMORY = 1024 * 1024 * 1024  # bytes of address space
CPU = 20  # seconds: 5,000 events take five
PATIENCE = 90  # seconds, on a machine that does other things too
_TOO_MUCH = "Ce calendrier demande trop de travail (répétitions ou fuseaux démesurés) : il n’est pas lu."


def read(content: bytes, given: Given) -> Reading:
    """The gatherings of a calendar. NotAFile when it is none, or when it takes too much to read."""
    if len(content) > LARGEST:
        raise NotAFile(f"Ce fichier est trop grand ({len(content) // 1_048_576} Mo) : 5 Mo au plus.")
    try:
        done = subprocess.run(  # noqa: S603 -- ourselves, with nothing of the file on the command line  # nosec B603
            [sys.executable, "-m", __spec__.name],
            input=json.dumps(asdict(given) | {"cpu": CPU}, default=_plain).encode() + b"\n" + content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except subprocess.TimeoutExpired:
        raise NotAFile(_TOO_MUCH) from None
    if done.returncode or not done.stdout:
        raise NotAFile(_TOO_MUCH)
    found = json.loads(
        done.stdout
    )  # only words, numbers and days: whoever took over that process has no more
    if isinstance(found, str):
        raise NotAFile(found)
    return Reading(
        tuple(
            Row(**one | {"values": _opened(one["values"]), "notes": tuple(one["notes"])})
            for one in found["rows"]
        ),
        tuple(Fault(**one) for one in found["faults"]),
        tuple(found["notes"]),
    )


_KINDS: dict[str, Callable[[str], Any]] = {
    "local_starts": datetime.fromisoformat,
    "local_ends": datetime.fromisoformat,
    "seen": date.fromisoformat,
    "season_ends": date.fromisoformat,
    "today": date.fromisoformat,
    "kind": Kind,
}


def _opened(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they were: days, hours and kinds travel as words."""
    return {
        name: _KINDS[name](value) if value is not None and name in _KINDS else value
        for name, value in values.items()
    }


def _plain(value: Any) -> str:
    """What JSON does not know by itself."""
    return str(value.isoformat())


def main() -> None:
    """Read, bounded, and write what was read; a sentence instead when the file is none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told, _, content = sys.stdin.buffer.read().partition(b"\n")
    raw = _opened(json.loads(told))
    seconds = int(raw.pop("cpu"))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        found: Any = asdict(agenda_ics.read(content, Given(**raw)))
    except NotAFile as error:
        found = str(error)
    sys.stdout.write(json.dumps(found, default=_plain))


if __name__ == "__main__":
    main()
