"""Runs Alembic's migrations from code, without an ini file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.errors import NotMigrated

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_268_113  # any number of ours: two processes that start together take turns


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; `connection` is the one that the migrations use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Apply what is missing, inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # whoever comes second waits as long as it takes
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if revision(connection) != head():
        command.upgrade(configuration(connection), "head")


def revision(connection: Connection) -> str | None:
    """The migration that this database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest migration."""
    found = ScriptDirectory.from_config(configuration()).get_current_head()
    if found is None:
        raise NotMigrated("no migration was shipped")
    return found


def check(connection: Connection) -> None:
    """Raise NotMigrated unless the database is at the newest migration."""
    if not inspect(connection).has_table("alembic_version") or revision(connection) != head():
        raise NotMigrated("the database has not been migrated")
