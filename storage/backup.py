"""A copy of a SQLite database while it is in use, and its return with the outbox paused so that nothing is sent twice."""

import os
import sqlite3
from pathlib import Path

from storage import meta
from storage.database import Database
from storage.errors import Damaged, StorageError, Unreachable, translate
from storage.outbox import PAUSED
from storage.unit_of_work import UnitOfWork


def save(database: Database, target: Path) -> None:
    """Write a complete copy to `target` (mode 0600); what it holds is as sealed as the database. Keys are not in it.

    StorageError on PostgreSQL (use pg_dump) and when `target` exists; Damaged, with no file left, for an unsound database.
    """
    if database.path is None:
        raise StorageError("use pg_dump to save a PostgreSQL database")
    if not database.path.exists():
        raise Unreachable("there is no database to save")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise StorageError("the target exists already") from None
    source, copy = sqlite3.connect(database.path), sqlite3.connect(target)
    sound = False
    try:
        source.backup(copy)
        sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError as error:
        raise translate(error) or Damaged("the copy could not be made") from error
    finally:
        copy.close()
        source.close()
        if not sound:
            target.unlink(missing_ok=True)  # a copy that stopped half-way, or of damaged pages, is not a copy
    if not sound:
        raise Damaged("the database is damaged: its copy would be too")


def restore(source: Path, database: Database) -> None:
    """Put a copy in place of an empty or missing database, migrate it and pause the outbox.

    Raises Damaged for a file that is not a sound database, StorageError when there are people in the present one.
    """
    if database.path is None:
        raise StorageError("use pg_restore, then pause the outbox")
    _check(source)
    if database.path.exists():
        raise StorageError("move the present database away first")
    database.path.parent.mkdir(parents=True, exist_ok=True)
    origin, target = sqlite3.connect(source), sqlite3.connect(database.path)
    try:
        origin.backup(target)
    finally:
        target.close()
        origin.close()
    database.migrate()
    with database.begin() as uow:
        pause(uow)


def pause(uow: UnitOfWork) -> None:
    """Nothing more is claimed until `resume`: rows sent after the backup would go out again."""
    meta.write(uow, PAUSED, uow.now.isoformat())


def resume(uow: UnitOfWork) -> None:
    """Let the outbox go on."""
    meta.write(uow, PAUSED, None)


def _check(path: Path) -> None:
    if not path.exists():
        raise Unreachable("there is no such backup")
    try:
        connection = sqlite3.connect(path)
        try:
            sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise Damaged("the backup is not a sound database")
