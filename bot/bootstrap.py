"""The one place where the real world is chosen: clock, keys, database, pages, catalogue, threads."""

import gc
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import structlog

from bot.application import catalogues
from bot.application.bus import Bus
from bot.application.clock import Clock
from bot.application.effects import HUMAN, MENU
from bot.application.services import Services
from bot.opening import open_database, real_now
from bot.settings import Settings
from careers import reference
from careers.linker import linker_of
from careers.reference import Reference
from dialogues import library
from storage import conversations
from storage.database import Database
from storage.group_commit import GroupCommitExecutor

__all__ = ["POSTGRES_THREADS", "build", "close", "executor_for", "open_database", "real_now", "settle"]

POSTGRES_THREADS = (
    2  # more only wait for each other: a turn is mostly thinking, and one process thinks once at a time
)


def build(settings: Settings, *, migrate: bool = False, clock: Clock | None = None) -> Services:
    """Everything the bot needs, ready to serve.

    Raises LibraryError (damaged pages), `storage.errors` errors (keys, database) or SettingsError, each with its sentence.
    """
    clock = clock or Clock(real_now)
    database = open_database(settings, clock)
    if migrate:
        database.migrate()
    else:
        database.check()
    clock.follow(database)
    pages = library.load()
    with database.read() as uow:
        older = conversations.versions(uow)
    for _digest, _page, source in older:
        pages.add_version(source)
    held = catalogues.load(database)
    vocabularies = imported(settings)
    make_linker = partial(linker_of, reference=vocabularies)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        library=pages,
        catalogue=held.catalogue,
        linker=make_linker(held.catalogue),
        make_linker=make_linker,
        origins=vocabularies.notices() if vocabularies else (),
        box=database.box,
        executor=executor_for(database),
        bus=Bus(),
        pages=frozenset(pages.pages) | {MENU, HUMAN},
        kept_versions={digest for digest, _page, _source in older},
        catalogue_version=held.version,
    )


def imported(settings: Settings) -> Reference | None:
    """The official vocabularies, when somebody imported them; a file that cannot be used is said and left aside."""
    try:
        return reference.load_if_there(settings.data_dir / reference.FILE)
    except reference.UnusableIndexError as error:
        structlog.get_logger().warning("reference_left_aside", why=str(error))
        return None


def executor_for(database: Database) -> Executor:
    """The threads in which turns run: one that groups its commits on SQLite, several on PostgreSQL."""
    if database.kind == "sqlite":
        return GroupCommitExecutor(database)
    return ThreadPoolExecutor(POSTGRES_THREADS, thread_name_prefix="turn")


def settle() -> None:
    """Call once all is loaded: it lives as long as the process, so the garbage collector need not look at it again.

    A collection of everything would hold up every conversation for 60 ms.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def close(services: Services) -> None:
    """Let running turns end, then close the database."""
    services.executor.shutdown(wait=True)
    services.database.close()
