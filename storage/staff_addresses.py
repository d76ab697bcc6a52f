"""Where people of the centre are written to: the chat addresses they joined, and their e-mail address."""

from sqlalchemy import bindparam, delete, insert, select

from storage import staff
from storage.errors import Conflict
from storage.tables_team import staff as people
from storage.tables_team import staff_addresses
from storage.unit_of_work import UnitOfWork

MAIL = "mail"  # the channel of e-mail, beside those of the chat platforms

_JOIN = insert(staff_addresses)
_OWNER = select(staff_addresses.c.staff_id).where(
    staff_addresses.c.channel == bindparam("channel"),
    staff_addresses.c.address_hash.in_(bindparam("hashes", expanding=True)),
)
_LEAVE = delete(staff_addresses).where(
    staff_addresses.c.staff_id == bindparam("of_staff"), staff_addresses.c.channel == bindparam("of_channel")
)
_ADDRESSES = (
    select(staff_addresses.c.channel, staff_addresses.c.address)
    .join(people, people.c.id == staff_addresses.c.staff_id)
    .where(staff_addresses.c.staff_id == bindparam("staff_id"), people.c.closed_at.is_(None))
    .order_by(staff_addresses.c.created_at)
)
_JOINED = select(staff_addresses.c.staff_id).limit(1)


def join(uow: UnitOfWork, staff_id: str, channel: str, address: str) -> None:
    """Join a chat address; it replaces an earlier one of theirs on that channel. Conflict when it is a colleague's."""
    hashes = uow.box.address_hashes(channel, address)
    owner = uow.execute(_OWNER, {"channel": channel, "hashes": hashes}).scalar()
    if owner is not None and owner != staff_id:
        raise Conflict("the address is that of a colleague")
    leave(uow, staff_id, channel)
    uow.execute(
        _JOIN,
        {
            "channel": channel,
            "address_hash": uow.box.address_hash(channel, address),
            "address": uow.box.seal(address.encode()),
            "staff_id": staff_id,
            "created_at": uow.now,
        },
    )


def leave(uow: UnitOfWork, staff_id: str, channel: str) -> bool:
    """Take their address on a channel away; whether there was one."""
    return uow.execute(_LEAVE, {"of_staff": staff_id, "of_channel": channel}).rowcount > 0


def joined(uow: UnitOfWork, staff_id: str) -> dict[str, str]:
    """Channel -> chat address, the first joined first; empty once they are closed."""
    rows = uow.execute(_ADDRESSES, {"staff_id": staff_id})
    return {row.channel: uow.box.open(row.address).decode() for row in rows}


def reachable(uow: UnitOfWork, staff_id: str) -> dict[str, str]:
    """Channel -> address, the e-mail address last; empty for who is closed or is not of the centre."""
    member = staff.get(uow, staff_id)
    if member is None or not member.active:
        return {}
    return joined(uow, staff_id) | ({MAIL: member.email} if member.email else {})


def anybody_joined(uow: UnitOfWork) -> bool:
    """Whether at least one of them can be written to on a chat platform."""
    return uow.execute(_JOINED).first() is not None
