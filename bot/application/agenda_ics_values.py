"""What the fields of one calendar event say: its times on the clock of the centre, its words, why it cannot be read. Pure."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.application import agenda_cells as cells
from bot.application.services import BRUSSELS
from storage.gatherings import Kind


class BadEvent(ValueError):  # noqa: N818 -- says what happened, like the others
    """Why one event cannot be read, in French."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def whole_days(starts: datetime, ends: datetime) -> bool:
    """Whether it goes from midnight to midnight: a day without hours."""
    return starts.time() == ends.time() == time(0, 0)


def times(event: Any, kind: Kind) -> tuple[datetime, datetime, bool]:
    """Wall times of the centre; True when the file does not say when it ends."""
    first = event["DTSTART"].dt
    whole = not isinstance(first, datetime)
    held, length = event.get("DTEND"), event.get("DURATION")
    last = held.dt if held is not None else first + length.dt if length is not None else None
    if whole:
        until = last if last is not None and day(last) > first else first + timedelta(days=1)
        return datetime.combine(first, time(0, 0)), datetime.combine(day(until), time(0, 0)), False
    starts = wall(first)
    if last is None or last == first:
        return starts, starts + timedelta(hours=cells.LENGTH[kind]), True
    return starts, wall(last), False


def wall(moment: Any) -> datetime:
    if not isinstance(moment, datetime):
        raise BadEvent("il commence à une heure et finit à un jour sans heure.")
    placed: datetime = moment.astimezone(BRUSSELS).replace(tzinfo=None, fold=0)
    return placed.replace(second=0, microsecond=0)


def day(moment: Any) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def stamp(moment: Any) -> str:
    if isinstance(moment, datetime):
        return f"{moment.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
    return f"{moment:%Y%m%d}"


def sequence(event: Any) -> tuple[int, str]:
    try:
        number = int(event.get("SEQUENCE") or 0)
    except (TypeError, ValueError):
        number = 0
    changed = event.get("LAST-MODIFIED")
    return number, str(getattr(changed, "dt", ""))


def text(held: Any, *, lines: bool) -> str:
    one = held[0] if isinstance(held, list) and held else held
    words = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in str(one or ""))
    kept: Iterator[str] = (" ".join(line.split()) for line in words.split("\n"))
    return ("\n" if lines else " ").join(line for line in kept if line)


def why(error: Exception) -> str:
    if isinstance(error, BadEvent):
        return str(error)
    written = re.search(r"\b\d{8}(?:T\d{6}Z?)?\b", str(error))
    return (
        f"la date « {written[0]} » n’existe pas."
        if written
        else "une de ses dates n’existe pas, ou il est abîmé."
    )
