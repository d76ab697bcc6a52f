"""What an imported file holds: rows for the agenda, what cannot be read with its line, and what staff should know. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from storage.gatherings import Kind

LARGEST = 5 * 1024 * 1024  # bytes of a file
MOST_ROWS = 5_000


class NotAFile(ValueError):  # noqa: N818 -- says what happened, like the others
    """The file as a whole cannot be read; the message is a French sentence that may be shown as it is."""


@dataclass(frozen=True, slots=True)
class Given:
    """What whoever imports says of the whole file. `season_ends`: where recurrence without end is cut."""

    today: date
    season_ends: date
    kind: Kind | None = None
    zone: str = ""  # for zones that cannot be read
    source: str = ""
    seen: date | None = None
    domains: Mapping[str, str] = field(default_factory=dict)  # folded name -> id of our catalogue


@dataclass(frozen=True, slots=True)
class Row:
    """One gathering of the file. `values`: those fields of Details that the file gives, and no others."""

    at: str  # « ligne 12 », « évènement 3 »
    values: Mapping[str, Any]
    cancelled: bool = False
    number: int | None = None  # of our agenda, when the file says it
    notes: tuple[str, ...] = ()
    ours: bool = False  # out of a calendar of ours, where title and description are said with more words


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read, where it stands and why: French sentences."""

    at: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
