"""Opens the database (SQLite or PostgreSQL), runs its migrations and hands out transactions."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from storage import keycheck, schema
from storage.answers import KeptAnswers
from storage.crypto import WORD_COST, Box
from storage.errors import DatabaseBusy, StorageError, Unreachable, translate
from storage.group_commit import Group
from storage.unit_of_work import UnitOfWork

_WAL_TRIES = 50


class Database:
    """One database. Made once per process; safe to share between threads.

    url: `sqlite:///path` or `postgresql://user@host/name`. keys: the first seals, all open. clock: aware, UTC.
    Raises KeyMissing at once without a usable key; Unreachable for a URL that names no known database.
    """

    def __init__(
        self,
        url: str,
        keys: Sequence[str],
        clock: Callable[[], datetime],
        *,
        busy_seconds: float = 5.0,
        pool_size: int = 10,
        word_cost: int = WORD_COST,
        synchronous: str = "FULL",
    ) -> None:
        self.box = Box(keys, word_cost)
        self.clock = clock
        self.answers = KeptAnswers()
        self.url = _parse(url)
        self.kind = self.url.get_backend_name()
        self._busy_seconds = busy_seconds
        self._thread = threading.local()
        self._synchronous = synchronous
        self._writer = self._engine(pool_size, read_only=False)
        self._reader = self._engine(pool_size, read_only=True) if self.kind == "sqlite" else self._writer

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A transaction that may write. Commits at the end, rolls back on any exception.

        Raises DatabaseBusy, DiskFull, Unreachable, NotWritable, Damaged, NotMigrated or Conflict, with nothing kept.
        """
        group: Group | None = getattr(self._thread, "group", None)
        if group is not None:
            with _translated(), group.transaction(self._unit) as unit:
                yield unit
            return
        with _translated(), self._writing() as connection:
            unit = self._unit(connection)
            try:
                yield unit
            except BaseException:
                unit.rolled_back()
                raise
        unit.committed()  # outside the transaction: what follows the commit may open another

    @contextmanager
    def together(self) -> Iterator[Group]:
        """What this thread begins meanwhile shares one commit at the end (SQLite). Each may still fail alone.

        Raises what `begin` raises when the common commit fails: then nothing of any of them is kept.
        """
        group = Group(self._writing)
        self._thread.group = group
        try:
            with _translated():
                yield group
                group.commit()
        except BaseException:
            self.answers.clear()  # they may be of changes that were not kept
            raise
        finally:
            self._thread.group = None
            group.close()
        group.committed()

    def _unit(self, connection: Connection, *, read_only: bool = False) -> UnitOfWork:
        return UnitOfWork(connection, self.box, self.clock(), self.kind, self.answers, read_only=read_only)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._writer.begin() as connection:
            if self.kind == "sqlite":  # here rather than in a listener, which would slow down every statement
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A read-only transaction with one steady view; it never waits for writers. NotWritable on a write.

        Among transactions that share a commit it sees what those before it wrote.
        """
        group: Group | None = getattr(self._thread, "group", None)
        if group is not None and group.connection is not None:
            with _translated(), group.reading(group.connection):
                yield self._unit(group.connection, read_only=True)
            return
        with _translated(), self._reader.connect() as plain:
            connection = plain
            if self.kind == "postgresql":
                connection = plain.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                if self.kind == "sqlite":
                    connection.exec_driver_sql("BEGIN")
                yield self._unit(connection, read_only=True)

    def migrate(self) -> None:
        """Bring the tables up to date, and check that the keys open what is there (CannotDecrypt).

        Safe when several processes start at once.
        """
        if self.kind == "sqlite":
            self._prepare_file()
        with _translated(), self._writing() as connection:
            schema.upgrade(connection)
        with self.begin() as unit:
            keycheck.write(unit)

    def check(self) -> None:
        """Raise NotMigrated, CannotDecrypt or Unreachable when a conversation could not be served."""
        with self.read() as unit:
            schema.check(unit.connection)
            keycheck.verify(unit)

    def revision(self) -> tuple[str | None, str]:
        """The migration that this database is at, and the newest one."""
        with self.read() as unit:
            return schema.revision(unit.connection), schema.HEAD

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._reader.dispose()

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return Path(self.url.database) if self.kind == "sqlite" and self.url.database else None

    def _engine(self, pool_size: int, *, read_only: bool) -> Engine:
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 5, "pool_timeout": 30}
        if self.kind == "sqlite":
            options["connect_args"] = {"timeout": self._busy_seconds, "check_same_thread": False}
        else:
            options |= {"pool_pre_ping": True, "connect_args": self._postgresql_arguments()}
        engine = create_engine(self.url, hide_parameters=True, **options)
        if self.kind == "sqlite":
            event.listen(engine, "connect", self._connected(read_only=read_only))
        return engine

    def _postgresql_arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {"connect_timeout": 5, "application_name": "boussole"}
        if "options" not in self.url.query:
            # nobody waits for a lock longer than on SQLite, and a forgotten transaction frees its locks
            wait = int(self._busy_seconds * 1000)
            arguments["options"] = f"-c lock_timeout={wait} -c idle_in_transaction_session_timeout=60000"
        return arguments

    def _connected(self, *, read_only: bool) -> Callable[[Any, Any], None]:
        def connected(dbapi: Any, _record: Any) -> None:
            dbapi.isolation_level = None  # we send BEGIN ourselves: the driver's own comes too late
            cursor = dbapi.cursor()
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute(f"PRAGMA busy_timeout={int(self._busy_seconds * 1000)}")
            cursor.execute(f"PRAGMA synchronous={self._synchronous}")
            cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
            if read_only:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()

        return connected

    def _prepare_file(self) -> None:
        """Make the folder and switch the file to WAL: once, here, since switching is not safe in a race."""
        if self.path is not None and str(self.path) != ":memory:":
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Unreachable("the folder of the database cannot be made") from error
        for left in reversed(range(_WAL_TRIES)):
            try:
                with _translated(), self._writer.connect() as connection:
                    connection.connection.driver_connection.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]
            except (
                DatabaseBusy,
                sqlite3.OperationalError,
            ):  # the pragma goes past SQLAlchemy: its errors come bare
                if not left:
                    raise DatabaseBusy("the file could not be switched to its log") from None
                time.sleep(0.1)
            else:
                return


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Unreachable("the database URL cannot be read") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite")
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise Unreachable("the database URL must begin with sqlite:/// or postgresql://")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        meant: StorageError | None = translate(error)
        if meant is None:
            raise
        raise meant from error
