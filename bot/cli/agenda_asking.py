"""What the agenda's commands share: the database, one gathering by its number, what was typed, and asking before acting."""

import sys
from collections.abc import Callable
from datetime import date
from typing import NoReturn, TypeVar

from bot import bootstrap
from bot.application import agenda_words, planning
from bot.application.agenda_cells import Unreadable
from bot.application.clock import Clock
from bot.application.happenings import CannotPlan
from bot.cli.say import fail, say
from bot.settings import Settings, load
from dialogues.understand import fold
from storage import gatherings
from storage.database import Database
from storage.errors import Unreachable
from storage.gatherings import Gathering
from storage.unit_of_work import UnitOfWork

Value = TypeVar("Value")
NOTHING_CHANGED = "Rien n’a changé."


def database(settings: Settings | None = None) -> Database:
    """The database of the settings, which must be there and up to date."""
    found = bootstrap.open_database(settings or load(), Clock(bootstrap.real_now))
    if found.path is not None and not found.path.exists():
        raise Unreachable("there is no such file")  # looking would make an empty one
    found.check()
    return found


def today() -> date:
    """The day that it is in Brussels."""
    return planning.wall(bootstrap.real_now()).date()


def numbered(uow: UnitOfWork, number: int) -> Gathering:
    """The gathering of that number; says so and ends when there is none."""
    found = gatherings.by_number(uow, number)
    if found is None:
        fail(f"Il n’y a pas de n° {number} : « boussole agenda list --all » montre les numéros.")
    return found


def read(reader: Callable[[str], Value], text: str) -> Value:
    """What an option says; says what is wrong and ends when it cannot be read."""
    try:
        return reader(text)
    except Unreadable as error:
        fail(str(error))


def refuse(error: CannotPlan) -> NoReturn:
    """Every problem on a line of its own; nothing was written."""
    fail("\n".join([*error.problems, NOTHING_CHANGED]))


def agree(question: str, *, yes: bool) -> None:
    """Go on if whoever sits there says yes (or said so in advance); else end without having changed anything."""
    if yes:
        return
    sys.stdout.write(f"{question} [oui/non] ")
    sys.stdout.flush()
    answer = typed()
    if fold(answer) not in ("oui", "o", "yes", "y"):
        say("" if answer else "(pas de réponse ; « --yes » répond d’avance)")
        fail(NOTHING_CHANGED)


def typed() -> str:
    """What whoever sits there types; empty when nobody does."""
    return sys.stdin.readline()


def name(held: Gathering) -> str:
    """A gathering on one line: number, title, when."""
    return f"n° {held.number}, {agenda_words.title(held)}, {agenda_words.when(held, today())}"
