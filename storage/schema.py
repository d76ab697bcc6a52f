"""Runs Alembic's migrations from code, without an ini file."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.errors import NotMigrated

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0005"  # the newest migration; a test holds it to what Alembic finds
MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_268_113  # any number of ours: two processes that start together take turns


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's configuration; `connection` is the one that the migrations use."""
    from alembic.config import Config  # noqa: PLC0415 -- heavy, and only for a database that must change

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Apply what is missing, inside the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SET LOCAL lock_timeout = 0")
        )  # whoever comes second waits as long as it takes
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if revision(connection) != HEAD:
        from alembic import command  # noqa: PLC0415 -- heavy, and only for a database that must change

        command.upgrade(configuration(connection), "head")


def revision(connection: Connection) -> str | None:
    """The migration that this database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def check(connection: Connection) -> None:
    """Raise NotMigrated unless the database is at the newest migration."""
    if revision(connection) != HEAD:
        raise NotMigrated("the database has not been migrated")
