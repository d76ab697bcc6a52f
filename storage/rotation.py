"""Changes the keys: every sealed value is sealed again with the first key, every keyed hash computed again."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, select, tuple_, update

from storage import keycheck
from storage.crypto import Box, plain_code
from storage.database import Database
from storage.tables import addresses, groups, link_codes, metadata, return_codes, throttles
from storage.tables_team import staff, staff_addresses, staff_links

CHUNK = 200  # rows a transaction, so that conversations go on meanwhile

Rehash = Callable[[Box, Mapping[str, Any]], dict[str, str | None]]

# tables whose keyed hashes follow the first key, and how to compute them from what is sealed beside them
REHASHED: dict[str, Rehash] = {
    addresses.name: lambda box, row: {
        "address_hash": box.address_hash(row["channel"], box.open(row["address"]).decode())
    },
    groups.name: lambda box, row: {
        "code_hash": box.keyed_hash("invitation", plain_code(box.open(row["code"]).decode()))
    },
    return_codes.name: lambda box, row: {
        "words_hash": box.keyed_hash("words", box.open(row["words_stretch"]).decode())
    },
    staff.name: lambda box, row: {
        "email_hash": box.keyed_hash("email", box.open(row["email"]).decode()) if row["email"] else None
    },
    staff_addresses.name: lambda box, row: {
        "address_hash": box.address_hash(row["channel"], box.open(row["address"]).decode())
    },
}
# keyed hashes with nothing beside them: they live a day or 8 days, and are found under the older keys until then
SHORT_LIVED = (link_codes.name, throttles.name, staff_links.name, "inbound_keys", "inbox")


def rotate(database: Database, chunk: int = CHUNK) -> dict[str, int]:
    """Bring everything to the first key: rows changed, by table. Give the new key first, the old ones after it.

    May run while the bot works and may be stopped and run again; afterwards the old keys can go (leave them 8 days
    so that replays are still noticed). Raises CannotDecrypt, with earlier chunks kept, when a value fits no key.
    """
    counts = {
        table.name: _rotate_table(database, table, chunk)
        for table in metadata.sorted_tables
        if _sealed(table)
    }
    with database.begin() as uow:
        keycheck.rotate(uow)
        for table in (link_codes, throttles, staff_links):
            uow.execute(delete(table))
    return counts


def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.c if column.info["sealed"]]


def _rotate_table(database: Database, table: Table, chunk: int) -> int:
    key = list(table.primary_key.columns)
    total, after = 0, None
    while True:
        with database.begin() as uow:
            query = select(table).order_by(*key).limit(chunk).with_for_update()
            if after is not None:
                query = query.where(tuple_(*key) > after)
            rows = [dict(row) for row in uow.execute(query).mappings()]
            if not rows:
                return total
            uow.execute(_update(table), [_changed(uow.box, table, row) for row in rows])
        after = tuple(rows[-1][column.name] for column in key)
        total += len(rows)


def _update(table: Table) -> Any:
    mine = and_(*(column == bindparam(f"old_{column.name}") for column in table.primary_key.columns))
    changing = [*_sealed(table), *_hashes(table)]
    return update(table).where(mine).values({name: bindparam(f"new_{name}") for name in changing})


def _hashes(table: Table) -> list[str]:
    return [
        name
        for name in ("address_hash", "code_hash", "words_hash", "email_hash")
        if name in table.c and table.name in REHASHED
    ]


def _changed(box: Box, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    values = {f"old_{column.name}": row[column.name] for column in table.primary_key.columns}
    for name in _sealed(table):
        values[f"new_{name}"] = None if row[name] is None else box.rotate(row[name])
    if table.name in REHASHED:
        values |= {f"new_{name}": value for name, value in REHASHED[table.name](box, row).items()}
    return values
