"""Finished cards and sheets that a person keeps: the interest map, the plan, a job sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.crypto import new_id
from storage.tables import products
from storage.unit_of_work import AnyRow, UnitOfWork


@dataclass(frozen=True, slots=True)
class Product:
    """A card: its name says which, `values` are what it was made from (a picture is drawn from them)."""

    id: str
    person_id: str
    name: str
    title: str
    text: str
    values: Mapping[str, Any]
    created_at: datetime


_COLUMNS = (products.c.id, products.c.person_id, products.c.name, products.c.content, products.c.created_at)
_ADD = insert(products)
_GET = select(*_COLUMNS).where(
    products.c.id == bindparam("product_id"), products.c.person_id == bindparam("person_id")
)
_OF_PERSON = (
    select(*_COLUMNS)
    .where(products.c.person_id == bindparam("person_id"))
    .order_by(products.c.created_at, products.c.id)
)
_MINE = (products.c.id == bindparam("product_id"), products.c.person_id == bindparam("of_person"))
_CHANGE = update(products).where(*_MINE).values(content=bindparam("new"))
_DROP = delete(products).where(*_MINE)


def keep(
    uow: UnitOfWork, person_id: str, name: str, *, title: str, text: str, values: Mapping[str, Any]
) -> str:
    """Keep a card: its id. One statement."""
    product_id = new_id()
    uow.execute(
        _ADD,
        {
            "id": product_id,
            "person_id": person_id,
            "name": name,
            "content": _content(uow, title, text, values),
            "created_at": uow.now,
        },
    )
    return product_id


def get(uow: UnitOfWork, product_id: str, person_id: str) -> Product | None:
    """The card, if it is this person's."""
    row = uow.execute(_GET, {"product_id": product_id, "person_id": person_id}).first()
    return _product(uow, row) if row else None


def of_person(uow: UnitOfWork, person_id: str) -> list[Product]:
    """A person's cards, oldest first."""
    return [_product(uow, row) for row in uow.execute(_OF_PERSON, {"person_id": person_id})]


def change(
    uow: UnitOfWork, person_id: str, product_id: str, *, title: str, text: str, values: Mapping[str, Any]
) -> bool:
    """Put other content in a card; whether there was one."""
    new = {"product_id": product_id, "of_person": person_id, "new": _content(uow, title, text, values)}
    return uow.execute(_CHANGE, new).rowcount == 1


def discard(uow: UnitOfWork, person_id: str, product_id: str) -> bool:
    """Erase a card; whether there was one."""
    return uow.execute(_DROP, {"product_id": product_id, "of_person": person_id}).rowcount == 1


def _content(uow: UnitOfWork, title: str, text: str, values: Mapping[str, Any]) -> bytes:
    return uow.box.seal_json({"title": title, "text": text, "values": dict(values)})


def _product(uow: UnitOfWork, row: AnyRow) -> Product:
    content = uow.box.open_json(row.content)
    return Product(
        row.id, row.person_id, row.name, content["title"], content["text"], content["values"], row.created_at
    )
