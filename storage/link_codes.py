"""Codes that join one more address to a person: said on the platform that is to be joined."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, insert

from storage import people
from storage.crypto import plain_code, short_code
from storage.errors import Conflict
from storage.tables import link_codes
from storage.unit_of_work import UnitOfWork

VALID = timedelta(minutes=10)

_ADD = insert(link_codes)
_DROP = delete(link_codes).where(
    (link_codes.c.person_id == bindparam("of_person")) | (link_codes.c.expires_at <= bindparam("now"))
)
_TAKE = (
    delete(link_codes)
    .where(
        link_codes.c.code_hash.in_(bindparam("hashes", expanding=True)),
        link_codes.c.expires_at > bindparam("now"),
    )
    .returning(link_codes.c.person_id)
)


def give(uow: UnitOfWork, person_id: str) -> str:
    """A code that joins the next address that says it; an earlier one of the person stops working."""
    code = short_code()
    uow.execute(_DROP, {"of_person": person_id, "now": uow.now})
    uow.execute(
        _ADD,
        {
            "code_hash": uow.box.keyed_hash("link", plain_code(code)),
            "person_id": person_id,
            "expires_at": uow.now + VALID,
        },
    )
    return code


def join(uow: UnitOfWork, code: str, channel: str, address: str) -> str | None:
    """Join an address to the person who asked for the code: their id, or None for an unknown or old code.

    Raises Conflict when the address belongs to somebody already, or the person has one there. Guard it with `throttles.allow`.
    """
    hashes = uow.box.keyed_hashes("link", plain_code(code))
    person_id: str | None = uow.execute(_TAKE, {"hashes": hashes, "now": uow.now}).scalar()
    if person_id is None:
        return None
    if any(one.channel == channel for one in people.addresses_of(uow, person_id)):
        raise Conflict("the person has an address on this channel already")
    people.add_address(uow, person_id, channel, address)
    return person_id
