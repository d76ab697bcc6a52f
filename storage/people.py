"""Persons who agreed to be remembered, and the addresses they write from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.crypto import new_id
from storage.tables import addresses, conversations, persons
from storage.unit_of_work import AnyRow, UnitOfWork

WEB = "web"
PUSH = "push"  # a bare signal to the browsers of those who only use the site: see storage.pushes


@dataclass(frozen=True, slots=True)
class Person:
    """A person, as found; the row stays locked until the transaction ends."""

    id: str
    channel: str  # where the bot writes first: where they agreed, or asked for later
    seq: int  # number of their last message
    created_at: datetime
    seen_at: datetime
    sample: bool = False
    silent: bool = False
    noted: int = 0  # how often their answers changed
    stored: Mapping[str, Any] | None = field(
        default=None, repr=False, compare=False
    )  # for conversations.load


_PERSON = (
    persons.c.id,
    persons.c.channel,
    persons.c.seq,
    persons.c.created_at,
    persons.c.seen_at,
    persons.c.sample,
    persons.c.silent,
    persons.c.noted,
)
_CONVERSATION = (
    conversations.c.version,
    conversations.c.body,
    conversations.c.misunderstood,
    conversations.c.paused_at,
)
_WITH_CONVERSATION = select(*_PERSON, *_CONVERSATION).join(
    conversations, conversations.c.person_id == persons.c.id
)
_GET = _WITH_CONVERSATION.where(persons.c.id == bindparam("person_id"))
# « no key »: a row about somebody may be added by others (a reminder) while a turn of theirs runs
_GET_LOCKED = _GET.with_for_update(of=persons, key_share=True)
_FIND = _WITH_CONVERSATION.join(addresses, addresses.c.person_id == persons.c.id).where(
    addresses.c.channel == bindparam("channel"),
    addresses.c.address_hash.in_(bindparam("hashes", expanding=True)),
)
_FIND_LOCKED = _FIND.with_for_update(of=persons, key_share=True)
_ADD_PERSON = insert(persons)
_ADD_CONVERSATION = insert(conversations)
_ADD_ADDRESS = insert(addresses)
_ADDRESSES = (
    select(addresses.c.channel, addresses.c.address, addresses.c.unreachable_at)
    .where(addresses.c.person_id == bindparam("person_id"))
    .order_by(addresses.c.created_at)
)
_SET = {
    name: update(persons).where(persons.c.id == bindparam("person_id")).values({name: bindparam("new")})
    for name in ("silent", "sample", "channel")
}
_REACH = (
    update(addresses)
    .where(addresses.c.person_id == bindparam("of_person"), addresses.c.channel == bindparam("by_channel"))
    .values(unreachable_at=bindparam("when"))
)
_DETACH = delete(addresses).where(
    addresses.c.person_id == bindparam("of_person"), addresses.c.channel == bindparam("by_channel")
)
_READ = (
    update(addresses)
    .where(addresses.c.person_id == bindparam("of_person"), addresses.c.channel == bindparam("by_channel"))
    .values(last_read=bindparam("number"))
)
_ON_CHANNEL = (
    select(addresses.c.person_id, addresses.c.address, addresses.c.last_read)
    .where(addresses.c.channel == bindparam("by_channel"))  # who closed it may have opened it and written
    .order_by(addresses.c.created_at)
)
_COUNT = select(func.count()).select_from(persons)
_SAMPLES = select(*_PERSON).where(persons.c.sample).order_by(persons.c.created_at, persons.c.id)


def find(uow: UnitOfWork, channel: str, address: str) -> Person | None:
    """The person of an address, locked until the transaction ends (not in a read-only one). One statement.

    On the web the address is the person's own id.
    """
    if channel == WEB:
        return get(uow, address, lock=True)
    hashes = uow.box.address_hashes(channel, address)
    row = uow.execute(
        _FIND if uow.read_only else _FIND_LOCKED, {"channel": channel, "hashes": hashes}
    ).first()
    return _person(row) if row else None


def get(uow: UnitOfWork, person_id: str, *, lock: bool = False) -> Person | None:
    """The person of that id; `lock` keeps every other turn of the person waiting until this one ends."""
    statement = _GET_LOCKED if lock and not uow.read_only else _GET
    row = uow.execute(statement, {"person_id": person_id}).first()
    return _person(row) if row else None


def create(
    uow: UnitOfWork,
    channel: str,
    address: str = "",
    *,
    sample: bool = False,
    person_id: str = "",
) -> Person:
    """A new person with an empty conversation. On the web leave `address` empty: sessions lead to the person.

    `person_id` is the random id that a visit carried, so that agreeing twice makes one person.
    Raises Conflict when the address or the id belongs to somebody already.
    """
    values: dict[str, Any] = {
        "id": person_id or new_id(),
        "channel": channel,
        "seq": 0,
        "created_at": uow.now,
        "seen_at": uow.now,
        "sample": sample,
        "silent": False,
        "noted": 0,
    }
    uow.execute(_ADD_PERSON, values)
    stored = {"version": 0, "body": None, "misunderstood": 0, "paused_at": None}
    uow.execute(_ADD_CONVERSATION, {"person_id": values["id"], "updated_at": uow.now, **stored})
    person = Person(**values, stored=stored)
    if channel != WEB:
        add_address(uow, person.id, channel, address)
    return person


def add_address(uow: UnitOfWork, person_id: str, channel: str, address: str) -> None:
    """Join one more address to a person. Conflict when it belongs to somebody already."""
    uow.execute(
        _ADD_ADDRESS,
        {
            "channel": channel,
            "address_hash": uow.box.address_hash(channel, address),
            "address": uow.box.seal(address.encode()),
            "person_id": person_id,
            "created_at": uow.now,
            "unreachable_at": None,
            "last_read": None,
        },
    )


def reachable(uow: UnitOfWork, person_id: str) -> dict[str, str]:
    """Channel -> address, those that refused for good left out; the web is always there."""
    rows = uow.execute(_ADDRESSES, {"person_id": person_id})
    found = {row.channel: uow.box.open(row.address).decode() for row in rows if row.unreachable_at is None}
    return {WEB: person_id, **found}


def address_on(uow: UnitOfWork, person_id: str, channel: str) -> str | None:
    """Where to write to a person on a channel; None when it refuses for good. Signals find their browsers by the person."""
    return person_id if channel == PUSH else reachable(uow, person_id).get(channel)


@dataclass(frozen=True, slots=True)
class Addressed:
    """One address of a person."""

    channel: str
    address: str
    unreachable: bool


def addresses_of(uow: UnitOfWork, person_id: str) -> list[Addressed]:
    """Every chat address of a person, the first joined first; the web needs none. One statement."""
    rows = uow.execute(_ADDRESSES, {"person_id": person_id})
    return [
        Addressed(row.channel, uow.box.open(row.address).decode(), row.unreachable_at is not None)
        for row in rows
    ]


def contact(uow: UnitOfWork, person: Person) -> str:
    """The one channel on which to write first: the one they chose, else another that works, else the web."""
    if person.channel == WEB:
        return WEB
    usable = [one.channel for one in addresses_of(uow, person.id) if not one.unreachable]
    return person.channel if person.channel in usable else next(iter(usable), WEB)


def choose(uow: UnitOfWork, person_id: str, channel: str) -> None:
    """« Écris-moi ici » : from now on the bot writes first on this channel."""
    uow.execute(_SET["channel"], {"person_id": person_id, "new": channel})


def detach(uow: UnitOfWork, person_id: str, channel: str) -> int:
    """Take a person's address away from a channel; how many there were."""
    return uow.execute(_DETACH, {"of_person": person_id, "by_channel": channel}).rowcount


def read_until(uow: UnitOfWork, person_id: str, channel: str, number: str) -> None:
    """Remember the platform's number of the last message read."""
    uow.execute(_READ, {"of_person": person_id, "by_channel": channel, "number": number})


def on_channel(uow: UnitOfWork, channel: str) -> list[tuple[str, str, str]]:
    """Everybody with an address on a channel: person, address, number of the last message read. One statement."""
    rows = uow.execute(_ON_CHANNEL, {"by_channel": channel}).all()
    return [(row.person_id, uow.box.open(row.address).decode(), row.last_read or "") for row in rows]


def mark_unreachable(uow: UnitOfWork, person_id: str, channel: str, *, unreachable: bool = True) -> None:
    """The platform refuses for good (blocked, closed); undone when the person writes again."""
    when = uow.now if unreachable else None
    uow.execute(_REACH, {"of_person": person_id, "by_channel": channel, "when": when})


def set_silent(uow: UnitOfWork, person_id: str, *, silent: bool) -> None:
    """Whether the person wants no message on the bot's own initiative."""
    uow.execute(_SET["silent"], {"person_id": person_id, "new": silent})


def set_sample(uow: UnitOfWork, person_id: str) -> None:
    """Mark a person as made up for the demonstration."""
    uow.execute(_SET["sample"], {"person_id": person_id, "new": True})


def count(uow: UnitOfWork) -> int:
    """How many persons are remembered."""
    return int(uow.execute(_COUNT).scalar_one())


def samples(uow: UnitOfWork) -> list[Person]:
    """The made-up persons, oldest first."""
    return [Person(*row) for row in uow.execute(_SAMPLES)]


def _person(row: AnyRow) -> Person:
    *own, version, body, misunderstood, paused_at = row
    stored = {"version": version, "body": body, "misunderstood": misunderstood, "paused_at": paused_at}
    return Person(*own, stored=stored)  # type: ignore[misc]  # the columns of _PERSON, in order
