"""Everything about one person, given to them or erased: both walk over all the tables, so that none is forgotten."""

import base64
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, delete, or_, select, update

from storage.tables import cases, metadata, outbox, outbox_attempts, persons
from storage.unit_of_work import UnitOfWork

# columns that mean nothing to the person: hashes by which rows are found
_TECHNICAL = frozenset(
    {"address_hash", "key_hash", "token_hash", "words_hash", "words_stretch", "code_hash", "endpoint_hash"}
)


def tables_about_people() -> tuple[Table, ...]:
    """Every table with a `person_id`, in an order in which rows may be deleted."""
    return tuple(table for table in reversed(metadata.sorted_tables) if "person_id" in table.c)


def erase(uow: UnitOfWork, person_id: str) -> dict[str, int]:
    """Erase a person for good: how many rows of which table went.

    Only a case that the centre holds stays, without the person. Backups made before still hold the (sealed) rows.
    """
    counts: dict[str, int] = {}
    uow.answers.forget(person_id)
    held = update(cases).where(cases.c.person_id == person_id, cases.c.held).values(person_id=None)
    uow.execute(held)
    for table in tables_about_people():
        mine = table.c.person_id == person_id
        if table is outbox:
            mine = or_(mine, outbox.c.recipient == person_id)
        counts[table.name] = uow.execute(delete(table).where(mine)).rowcount
    counts["persons"] = uow.execute(delete(persons).where(persons.c.id == person_id)).rowcount
    return {name: number for name, number in counts.items() if number}


def export(uow: UnitOfWork, person_id: str) -> dict[str, list[dict[str, Any]]]:
    """Everything kept about a person, opened, as JSON values: table -> rows. LookupError for nobody."""
    own = [
        _opened(uow, persons, row)
        for row in uow.execute(select(persons).where(persons.c.id == person_id)).mappings()
    ]
    if not own:
        raise LookupError("no such person")
    found = {"persons": own}
    for table in reversed(tables_about_people()):
        rows = select(table).where(table.c.person_id == person_id).order_by(*table.primary_key.columns)
        found[table.name] = [_opened(uow, table, row) for row in uow.execute(rows).mappings()]
    attempts = (
        select(outbox_attempts)
        .join(outbox, outbox.c.id == outbox_attempts.c.outbox_id)
        .where(outbox.c.person_id == person_id)
        .order_by(outbox_attempts.c.outbox_id, outbox_attempts.c.number)
    )
    found["outbox_attempts"] = [
        _opened(uow, outbox_attempts, row) for row in uow.execute(attempts).mappings()
    ]
    return {name: rows for name, rows in found.items() if rows}


def _opened(uow: UnitOfWork, table: Table, row: Any) -> dict[str, Any]:
    return {
        column.name: _plain(uow, column.info["sealed"], row[column.name])
        for column in table.c
        if column.name not in _TECHNICAL
    }


def _plain(uow: UnitOfWork, form: str, value: Any) -> Any:
    if value is None:
        return None
    if form == "json":
        return uow.box.open_json(value)
    if form == "text":
        return uow.box.open(value).decode()
    if form == "bytes":
        return base64.b64encode(uow.box.open(value)).decode()
    return value.isoformat() if isinstance(value, datetime | date) else value
