"""A calendar file made safe to parse: its lines put together, its zones named as we name them, all else left out. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from bot.application.agenda_rows import LARGEST, MOST_ROWS, NotAFile
from bot.application.agenda_table import decode

LONGEST_LINE = 100_000  # characters
DEEPEST = 6  # components inside components
_KEPT = ("VCALENDAR", "VEVENT")
_FOLD = re.compile(rb"\r?\n[ \t]")
_TZID = re.compile(r';TZID=("[^"]*"|[^:;]*)', re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text to parse, and what was found out about its zones, in French."""

    text: str
    zones: tuple[str, ...] = ()


def prepare(content: bytes) -> Prepared:
    """Put lines together and keep calendars, events and the zones that cannot be named otherwise. NotAFile."""
    if len(content) > LARGEST:
        raise NotAFile(f"Ce fichier est trop grand ({len(content) // 1_048_576} Mo) : 5 Mo au plus.")
    # lines are cut in the middle of letters: put them together before making letters of them
    whole = content if content.startswith(_UTF16) else _FOLD.sub(b"", content)
    text = re.sub(r"\r?\n[ \t]", "", decode(whole).replace("\x00", "")).replace("\r", "\n")
    found = [line for line in text.split("\n") if line.strip()]
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in found[:50]):
        raise NotAFile("Ce fichier n’est pas un calendrier (ICS) : il n’y a pas de BEGIN:VCALENDAR.")
    if any(len(line) > LONGEST_LINE for line in found):
        raise NotAFile("Une ligne de ce fichier est démesurée : ce n’est pas un calendrier ordinaire.")
    kept: list[str] = []
    blocks: list[list[str]] = []
    for zone, line in _parts(found):
        if zone is not None:
            blocks.append(zone)
        else:
            kept.append(line)
    if sum(line.upper() == "BEGIN:VEVENT" for line in kept) > MOST_ROWS:
        raise NotAFile(f"Plus de {MOST_ROWS} évènements : coupez le fichier en deux.")
    return _with_zones(kept, blocks)


def zone_name(tzid: str) -> str | None:
    """The IANA name that a zone's number means: itself, that of Windows, or the end of a long one; None when unknown."""
    plain = tzid.strip().strip('"').strip()
    names = _names()
    if found := names.get(plain.casefold()):
        return found
    parts = plain.replace("\\", "/").split("/")
    for start in range(1, len(parts)):
        if found := names.get("/".join(parts[start:]).casefold()):
            return found
    return None


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 -- heavy, on first use

    iana = {
        name.casefold(): name for name in available_timezones() if not name.startswith(("posix/", "right/"))
    }
    windows = {name.casefold(): str(zone) for name, zone in WINDOWS_TO_OLSON.items()}
    return windows | iana


def _parts(found: list[str]) -> Iterator[tuple[list[str] | None, str]]:
    """Each line that is kept, and each definition of a zone as a whole. NotAFile when components do not close."""
    open_: list[str] = []
    zone: list[str] = []
    for line in found:
        said = line.strip().upper()
        if said.startswith("BEGIN:"):
            open_.append(said[6:].strip())
            if len(open_) > DEEPEST:
                raise NotAFile(
                    "Ce fichier est fait de blocs dans des blocs : ce n’est pas un calendrier ordinaire."
                )
        inside = open_[:]
        if said.startswith("END:") and (not open_ or open_.pop() != said[4:].strip()):
            raise NotAFile("Ce fichier est abîmé : un bloc ne se ferme pas.")
        if "VTIMEZONE" in inside:
            zone.append(line.strip())
            if said == "END:VTIMEZONE":
                yield zone, ""
                zone = []
        elif inside and all(name in _KEPT for name in inside) and _is_line(line):
            yield None, line.strip() if said.startswith(("BEGIN:", "END:")) else line
    if open_:
        raise NotAFile("Ce fichier est coupé : il manque la fin.")


def _is_line(line: str) -> bool:
    """Whether it has a name and a value; others would make the whole file unreadable."""
    return re.match(r"[A-Za-z0-9-]+[:;]", line) is not None


def _with_zones(kept: list[str], blocks: list[list[str]]) -> Prepared:
    """Name the zones, keep the definitions of those that have no name, leave out those that are broken."""
    meant: dict[str, str] = {}
    held: list[str] = []
    notes = []
    for block in blocks:
        tzid = _value(block, "TZID")
        name = zone_name(tzid) or zone_name(_value(block, "X-LIC-LOCATION"))
        if name is not None:
            meant[tzid] = name
        elif _works(block):
            held += block
        else:
            notes.append(f"La définition du fuseau « {tzid[:60]} » est abîmée.")
    lines = [
        _TZID.sub(lambda found: _renamed(found, meant), line) if "TZID" in line.upper() else line
        for line in kept
    ]
    if held:
        first = next(place for place, line in enumerate(lines) if line.strip().upper() == "BEGIN:VCALENDAR")
        lines[first + 1 : first + 1] = held
    return Prepared("\r\n".join(lines) + "\r\n", tuple(notes))


def _renamed(found: "re.Match[str]", meant: dict[str, str]) -> str:
    tzid = found[1].strip('"')
    name = meant.get(tzid) or zone_name(tzid)
    return f";TZID={name}" if name is not None else found[0]


def _value(block: list[str], name: str) -> str:
    for line in block:
        head, _, value = line.partition(":")
        if head.split(";")[0].upper() == name:
            return value.strip()
    return ""


def _works(block: list[str]) -> bool:
    """Whether a definition of a zone can be used, at the hours of the coming years."""
    from datetime import datetime  # noqa: PLC0415 -- only here

    from icalendar import Timezone  # noqa: PLC0415 -- heavy, on first use

    try:
        found: Any = Timezone.from_ical("\r\n".join(block) + "\r\n")
        zone = found.to_tz(lookup_tzid=False)
        return all(datetime(2027, month, 15, 12, tzinfo=zone).utcoffset() is not None for month in (1, 7))
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, it is of no use
        return False
