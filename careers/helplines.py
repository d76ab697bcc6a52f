"""Helplines, the ones that answer at this hour first."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from careers import tables
from careers.model import Helpline, Source

BRUSSELS = ZoneInfo("Europe/Brussels")


@cache
def all_lines() -> tuple[Helpline, ...]:
    """The shipped lines, those for teenagers first."""
    return tuple(_line(row) for row in tables.rows("helplines.tsv"))


def _line(row: dict[str, str]) -> Helpline:
    return Helpline(
        id=row["id"],
        name=row["name"],
        number=row["number"],
        hours=row["hours"],
        opens=_minutes(row["opens"]),
        closes=_minutes(row["closes"]),
        free=row["free"] == "yes",
        audience=row["audience"],
        source=Source(row["source"], row["source_url"], tables.day(row["seen"]), confidence="B"),
        note=row["note"],
    )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def open_lines(now: datetime) -> list[Helpline]:
    """Every line, marked open or not, the open ones first and always at least one that never closes.

    A `now` without zone is wall time in Brussels.
    """
    local = now.astimezone(BRUSSELS) if now.tzinfo else now
    minute = local.hour * 60 + local.minute
    lines = [replace(line, open_now=line.opens <= minute < line.closes) for line in all_lines()]
    return sorted(lines, key=lambda line: not line.open_now)
