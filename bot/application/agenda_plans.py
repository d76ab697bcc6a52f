"""What an imported file would do to the agenda, before anything is written. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from bot.application.agenda_rows import Fault
from storage.gatherings import Details, Gathering


@dataclass(frozen=True, slots=True)
class Addition:
    """A gathering that is not in the agenda yet."""

    at: str
    details: Details
    cancelled: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A gathering of the agenda that the file says otherwise. `told`: how many young people must hear of it."""

    at: str
    held: Gathering
    details: Details
    cancels: bool = False
    restores: bool = False
    told: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. `faults`: lines that are wrong; `left`: lines that need nothing, and why."""

    added: tuple[Addition, ...] = ()
    changed: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    left: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    same: int = 0

    @property
    def told(self) -> int:
        """How many times a young person will be told something."""
        return sum(one.told for one in self.changed)


@dataclass(frozen=True, slots=True)
class Done:
    """What was written. `untold`: changes left out because young people would have had to be told."""

    added: int
    changed: int
    told: int
    untold: int = 0


def differences(old: Details, there: Details) -> Iterable[tuple[str, Any, Any]]:
    """Field, before, after: only what differs."""
    for one in fields(Details):
        before, after = getattr(old, one.name), getattr(there, one.name)
        if before != after:
            yield one.name, before, after
