"""A centre for tests: real pages, real catalogue, a clock that stands still until it is told to move."""

from functools import cache
from pathlib import Path
from typing import Any

from bot.application.bus import Bus
from bot.application.clock import Clock
from bot.application.effects import HUMAN, MENU
from bot.application.services import Services
from bot.bootstrap import executor_for
from bot.settings import Settings
from careers import catalogue
from careers.catalogue import Catalogue
from careers.linker import Linker, linker_of
from dialogues import library
from dialogues.library import Library
from storage.database import Database


@cache
def pages() -> Library:
    """The shipped pages, read once."""
    return library.load()


@cache
def shipped() -> Catalogue:
    """The shipped catalogue, read once."""
    return catalogue.load()


@cache
def linker() -> Linker:
    """The linker over the shipped catalogue."""
    return linker_of(shipped())


def services_for(database: Database, clock: Any, folder: Path, **settings: Any) -> Services:
    """Everything the bot needs around a migrated database."""
    given: dict[str, Any] = {
        "data_dir": folder,
        "centre_name": "la Fabrique",
        "forum_name": "le forum",
        **settings,
    }
    return Services(
        settings=Settings(**given),
        clock=clock if isinstance(clock, Clock) else Clock(clock),
        database=database,
        library=pages(),
        catalogue=shipped(),
        linker=linker(),
        box=database.box,
        executor=executor_for(database),
        bus=Bus(),
        pages=frozenset(pages().pages) | {MENU, HUMAN},
    )
