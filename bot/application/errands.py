"""Errands that pages ask of the application (`faire NAME`): one function for each port of `dialogues/ports.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.application.services import Services
from dialogues.events import Brought, Context
from storage.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class Run:
    """What an errand is handed. In a visit `uow` and `person_id` are None: nothing may be stored.

    `inputs` are those of `Requested` (variables of the port, page variables included).
    """

    services: Services
    uow: UnitOfWork | None
    person_id: str | None
    profile: Mapping[str, Any]
    inputs: Mapping[str, Any]
    context: Context


Errand = Callable[[Run], Brought]
ERRANDS: dict[str, Errand] = {}


def run(name: str, job: Run) -> Brought:
    """Do the errand. KeyError for a name without a port."""
    return ERRANDS[name](job)
