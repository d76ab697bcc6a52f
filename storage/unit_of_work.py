"""One transaction as the application sees it: a connection, the box, the instant, and what follows the commit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Row, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.answers import KeptAnswers
from storage.crypto import Box

CHANNEL = "boussole"  # of LISTEN and NOTIFY
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("person_id")))

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
ForEach = Mapping[str, Executable]
AnyRow = Row[*tuple[Any, ...]]


def for_each(build: Callable[[Any], Executable]) -> ForEach:
    """One statement in both dialects: `build` is given that dialect's `insert` (ON CONFLICT differs)."""
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


class UnitOfWork:
    """Everything done with it is kept together or not at all. Made by `Database.begin` and `Database.read`."""

    __slots__ = (
        "_after",
        "_notified",
        "answers",
        "box",
        "connection",
        "kind",
        "now",
        "read_only",
        "statements",
    )

    def __init__(
        self,
        connection: Connection,
        box: Box,
        now: datetime,
        kind: str,
        answers: KeptAnswers,
        *,
        read_only: bool = False,
    ) -> None:
        self.connection = connection
        self.box = box
        self.now = now  # aware, UTC; the same for the whole transaction
        self.kind = kind  # sqlite | postgresql
        self.statements = 0  # sent so far (its BEGIN apart)
        self.answers = answers
        self.read_only = read_only
        self._after: list[Callable[[], object]] = []
        self._notified: set[str] = set()

    def execute(
        self, statement: Executable | ForEach, parameters: Parameters = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement, or the one of a pair that suits this database."""
        self.statements += 1
        chosen = statement[self.kind] if isinstance(statement, Mapping) else statement
        return self.connection.execute(chosen, parameters)

    def notify(self, person_id: str) -> None:
        """Tell the other processes, at commit, that this person's list has changed (PostgreSQL only)."""
        if self.kind == "postgresql" and person_id not in self._notified:
            self._notified.add(person_id)
            self.execute(_NOTIFY, {"person_id": person_id})

    def after_commit(self, action: Callable[[], object]) -> None:
        """Run `action` once the transaction is committed; never when it is rolled back."""
        self._after.append(action)

    def committed(self) -> None:
        """Run what was registered. Called by the database, after the commit."""
        after, self._after = self._after, []  # so that nothing goes round from here to what was registered
        for action in after:
            action()

    def rolled_back(self) -> None:
        """Drop what was registered. Called by the database."""
        self._after.clear()
