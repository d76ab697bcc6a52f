"""What the safety rules raised and a member of staff must see; a held case outlives the profile, without a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.crypto import new_id
from storage.errors import WrongTransition
from storage.tables import cases
from storage.unit_of_work import AnyRow, UnitOfWork


@dataclass(frozen=True, slots=True)
class Case:
    """A case. state: open, taken or closed."""

    id: str
    person_id: str | None
    level: str
    rule: str
    state: str
    held: bool
    content: Mapping[str, Any]
    opened_at: datetime
    closed_at: datetime | None


_COLUMNS = (
    cases.c.id,
    cases.c.person_id,
    cases.c.level,
    cases.c.rule,
    cases.c.state,
    cases.c.held,
    cases.c.content,
    cases.c.opened_at,
    cases.c.closed_at,
)
_ADD = insert(cases)
_GET = select(*_COLUMNS).where(cases.c.id == bindparam("case_id"))
_WAITING = select(*_COLUMNS).where(cases.c.state != "closed").order_by(cases.c.opened_at, cases.c.id)
_HOLD = update(cases).where(cases.c.id == bindparam("case_id")).values(held=bindparam("now_held"))
_MOVE = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"), cases.c.state.in_(bindparam("old", expanding=True)))
    .values(state=bindparam("new"), closed_at=bindparam("closed"))
)


def open_case(uow: UnitOfWork, person_id: str, level: str, rule: str, content: Mapping[str, Any]) -> str:
    """Open a case: its id. One statement."""
    case_id = new_id()
    uow.execute(
        _ADD,
        {
            "id": case_id,
            "person_id": person_id,
            "level": level,
            "rule": rule,
            "content": uow.box.seal_json(dict(content)),
            "state": "open",
            "held": False,
            "opened_at": uow.now,
            "closed_at": None,
        },
    )
    return case_id


def get(uow: UnitOfWork, case_id: str) -> Case | None:
    """The case of that id."""
    row = uow.execute(_GET, {"case_id": case_id}).first()
    return _case(uow, row) if row else None


def waiting(uow: UnitOfWork) -> list[Case]:
    """The cases that are not closed, oldest first."""
    return [_case(uow, row) for row in uow.execute(_WAITING)]


def take(uow: UnitOfWork, case_id: str) -> None:
    """Somebody looks after it. WrongTransition unless it was open."""
    _move(uow, case_id, ["open"], "taken", None)


def close(uow: UnitOfWork, case_id: str) -> None:
    """It is done. WrongTransition when it was closed already."""
    _move(uow, case_id, ["open", "taken"], "closed", uow.now)


def hold(uow: UnitOfWork, case_id: str, *, held: bool = True) -> None:
    """Whether the centre must keep it when the person is erased."""
    uow.execute(_HOLD, {"case_id": case_id, "now_held": held})


def _move(uow: UnitOfWork, case_id: str, old: list[str], new: str, closed: datetime | None) -> None:
    if uow.execute(_MOVE, {"case_id": case_id, "old": old, "new": new, "closed": closed}).rowcount != 1:
        raise WrongTransition(f"the case cannot become {new}")


def _case(uow: UnitOfWork, row: AnyRow) -> Case:
    *start, content, opened_at, closed_at = row
    made: tuple[Any, ...] = (*start, uow.box.open_json(content), opened_at, closed_at)
    return Case(*made)
