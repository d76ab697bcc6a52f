"""What can go wrong in storage, in names that the application may catch; no message holds a person's words."""

# ruff: noqa: N818  # names say what happened, as the rest of the house does

import sqlite3

from sqlalchemy import exc


class StorageError(Exception):
    """The root of every error that storage raises on purpose."""


class DatabaseBusy(StorageError):
    """Somebody else held the lock too long, or no connection was free: try again."""


class DiskFull(StorageError):
    """The disk (or the quota) is full: nothing of this transaction was kept."""


class Unreachable(StorageError):
    """The database cannot be opened or reached, or the connection was lost."""


class NotWritable(StorageError):
    """The database file, or this transaction, is read-only."""


class Damaged(StorageError):
    """The file is not a database, or is damaged: restore a backup."""


class NotMigrated(StorageError):
    """A table is missing: run the migrations first."""


class Conflict(StorageError):
    """The row changed meanwhile (another tab, another process), or exists already."""


class WrongTransition(StorageError):
    """A state may not follow the one that the row is in."""


class KeyMissing(StorageError):
    """No usable encryption key was given."""


class NotASample(StorageError):
    """The clock of a database with real people is never moved."""


class CannotDecrypt(StorageError):
    """What is stored was sealed with another key, or was tampered with."""


_SQLITE = {
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_IOERR: DiskFull,  # in practice a disk that fills up while the log grows
    sqlite3.SQLITE_CANTOPEN: Unreachable,
    sqlite3.SQLITE_PERM: NotWritable,
    sqlite3.SQLITE_READONLY: NotWritable,
    sqlite3.SQLITE_CORRUPT: Damaged,
    sqlite3.SQLITE_NOTADB: Damaged,
}
_POSTGRESQL = {
    "53100": DiskFull,
    "40001": DatabaseBusy,  # serialization failure
    "40P01": DatabaseBusy,  # deadlock
    "55P03": DatabaseBusy,  # lock not available
    "57014": DatabaseBusy,  # statement timeout
    "53300": DatabaseBusy,  # too many connections
    "25006": NotWritable,
    "42P01": NotMigrated,
}
_SAYINGS: dict[type[StorageError], str] = {
    DatabaseBusy: "the database is busy",
    DiskFull: "the disk is full",
    Unreachable: "the database cannot be reached",
    NotWritable: "the database is read-only",
    Damaged: "the file is not a sound database",
    NotMigrated: "the database has not been migrated",
    Conflict: "the row conflicts with one that is there",
}


def translate(error: Exception) -> StorageError | None:
    """The storage error that a driver's error stands for, or None when it is a mistake of ours."""
    if isinstance(error, exc.TimeoutError):
        return DatabaseBusy("no database connection was free")
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    kind = _kind(cause)
    if kind is None and isinstance(error, exc.IntegrityError):
        kind = Conflict
    return None if kind is None else kind(_SAYINGS[kind])


def _kind(cause: BaseException | None) -> type[StorageError] | None:
    if isinstance(cause, sqlite3.Error):
        if "no such table" in str(cause):
            return NotMigrated
        # extended codes keep the primary one in their low byte
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    return _kind_of_postgresql(cause) if type(cause).__module__.startswith("psycopg") else None


def _kind_of_postgresql(cause: BaseException | None) -> type[StorageError] | None:
    import psycopg  # noqa: PLC0415 -- 20 MB that a SQLite database never needs

    if not isinstance(cause, psycopg.Error):
        return None
    found = _POSTGRESQL.get(cause.sqlstate or "")
    lost = isinstance(cause, psycopg.OperationalError)
    return found or (Unreachable if lost else None)
