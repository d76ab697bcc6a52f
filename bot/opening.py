"""The machine's own clock and the database of the settings: all that a command needs which loads no pages and no catalogue."""

from datetime import UTC, datetime

from bot.application.clock import Clock
from bot.settings import Settings
from storage.database import Database


def real_now() -> datetime:
    """The machine's own clock, in UTC."""
    return datetime.now(UTC)


def open_database(settings: Settings, clock: Clock) -> Database:
    """The database of these settings, not yet looked at. KeyMissing or Unreachable as `Database` says."""
    return Database(settings.database_url, settings.load_keys(), clock)
