"""The parts that every act of the bot is handed: settings, clock, database, library, catalogue, linker."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.application.bus import Bus
from bot.application.clock import Clock
from bot.settings import Settings
from careers.catalogue import Catalogue
from careers.linker import Linker, linker_of
from careers.sources.protocol import Origin
from dialogues.library import Library
from storage.crypto import Box
from storage.database import Database

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(slots=True)
class Services:
    """Built once by `bot.bootstrap`; tests build their own with another clock."""

    settings: Settings
    clock: Clock
    database: Database
    library: Library
    catalogue: Catalogue
    linker: Linker
    box: Box
    executor: Executor
    bus: Bus
    pages: frozenset[str] = frozenset()  # pages that a button may lead to
    kept_versions: set[str] = field(default_factory=set)  # digests known to be in the database
    catalogue_version: str = ""  # of what staff changed in the catalogue
    origins: tuple[Origin, ...] = ()  # of the vocabularies that somebody imported
    make_linker: Callable[[Catalogue], Linker] = linker_of  # for a catalogue that staff changed

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.clock()

    def local_now(self) -> datetime:
        """The present instant on a clock in Brussels."""
        return self.clock().astimezone(BRUSSELS)

    def words(self) -> dict[str, str]:
        """The centre's own words, for pages and service sentences."""
        settings = self.settings
        return {"centre": settings.centre_name, "bot_name": settings.bot_name, "forum": settings.forum_name}
