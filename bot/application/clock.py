"""The bot's clock: the real one, or one moved ahead for a sample database."""

from collections.abc import Callable
from datetime import datetime, timedelta

from storage import meta
from storage.database import Database


class Clock:
    """Called for the present instant (aware, UTC). Only a sample database can move it."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The present instant of this centre."""
        return self._real() + self._ahead

    @property
    def ahead(self) -> timedelta:
        """How far it runs before the clocks of the platforms."""
        return self._ahead

    def follow(self, database: Database) -> None:
        """Take up what `boussole clock` has written, possibly from another process."""
        with database.read() as uow:
            self._ahead = meta.clock_offset(uow)
