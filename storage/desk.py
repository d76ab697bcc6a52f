"""Questions that the chat asked a member of staff: the row that was sent holds, sealed, what a « yes » would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from storage.tables import outbox
from storage.unit_of_work import AnyRow, UnitOfWork

KIND = "desk"  # of the rows in the outbox
ASKED, ANSWERED = (
    "ask:",
    "did:",
)  # before a screen's id: the occurrence of a question, the source of its answer


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was asked. `waiting` is False once it was answered: it can be only once."""

    screen: str
    asked_at: datetime
    waiting: bool
    body: Mapping[str, Any] = field(repr=False)


_COLUMNS = (outbox.c.occurrence, outbox.c.body, outbox.c.created_at)
_OF_STAFF = (outbox.c.kind == KIND, outbox.c.recipient == bindparam("of_recipient"))
_ONE = (
    select(*_COLUMNS)
    .where(*_OF_STAFF, outbox.c.occurrence == bindparam("of_question"))
    .order_by(outbox.c.part.desc())
    .limit(1)
)
_ONE_LOCKED = _ONE.with_for_update()
_ANSWER = select(outbox.c.id).where(*_OF_STAFF, outbox.c.source == bindparam("of_answer")).limit(1)
_LATEST = (
    select(*_COLUMNS)
    .where(*_OF_STAFF, outbox.c.channel == bindparam("of_channel"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)


def asked(uow: UnitOfWork, staff_id: str, screen: str) -> Question | None:
    """The question of that screen, if it was asked to this very person; others wait until the transaction ends."""
    statement = _ONE if uow.read_only else _ONE_LOCKED
    row = uow.execute(statement, {"of_recipient": staff_id, "of_question": ASKED + screen}).first()
    return _question(uow, staff_id, row) if row else None


def latest(uow: UnitOfWork, staff_id: str, channel: str) -> Question | None:
    """The question that is the last thing said to somebody on a channel; None when something else is."""
    row = uow.execute(_LATEST, {"of_recipient": staff_id, "of_channel": channel}).first()
    return _question(uow, staff_id, row) if row and row.occurrence else None


def _question(uow: UnitOfWork, staff_id: str, row: AnyRow) -> Question:
    screen = str(row.occurrence).removeprefix(ASKED)
    done = uow.execute(_ANSWER, {"of_recipient": staff_id, "of_answer": ANSWERED + screen}).first()
    return Question(screen, row.created_at, done is None, uow.box.open_json(row.body))
