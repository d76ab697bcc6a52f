"""What a turn reads and writes: replays, dialogue state, answers, messages, and versions of pages."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, func, insert, select, update

from storage.errors import Conflict
from storage.people import Person, get
from storage.profile import Profile
from storage.tables import conversations, facts, inbound_keys, messages, page_versions, persons
from storage.unit_of_work import CHANNEL, ForEach, UnitOfWork, for_each


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a person is. Change it with `dataclasses.replace` and hand it to `save`."""

    person_id: str
    version: int = 0
    state: Mapping[str, Any] | None = None  # the running dialogue, as State.to_json gives it
    memo: Mapping[str, Any] = field(default_factory=dict)  # small JSON notes of the application itself
    misunderstood: int = 0
    paused_at: datetime | None = None
    profile: MutableMapping[str, Any] = field(
        default_factory=dict
    )  # variable -> value; `save` leaves it, `note` writes it


class NewMessage(Protocol):
    """What is added to a person's list; `bot.application.messages.Message` fits."""

    @property
    def side(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of a person's list."""

    seq: int
    side: str
    kind: str
    body: Mapping[str, Any]
    at: datetime


_KEEP_KEY = for_each(
    lambda insert: insert(inbound_keys).on_conflict_do_nothing().returning(inbound_keys.c.channel)
)
_OLDER_KEY = select(inbound_keys.c.seen_at).where(
    inbound_keys.c.channel == bindparam("channel"),
    inbound_keys.c.key_hash.in_(bindparam("hashes", expanding=True)),
)
_FACTS = select(facts.c.variable, facts.c.value).where(facts.c.person_id == bindparam("person_id"))
_SAVE = (
    update(conversations)
    .where(conversations.c.person_id == bindparam("of_person"), conversations.c.version == bindparam("known"))
    .values(
        version=conversations.c.version + 1,
        body=bindparam("body"),
        misunderstood=bindparam("misunderstood"),
        paused_at=bindparam("paused_at"),
        updated_at=bindparam("updated_at"),
    )
)
_NOTE = for_each(
    lambda insert: (made := insert(facts)).on_conflict_do_update(
        index_elements=["person_id", "variable"],
        set_={"value": made.excluded.value, "updated_at": made.excluded.updated_at},
    )
)
_COUNTED = (
    update(persons)
    .where(persons.c.id == bindparam("person_id"))
    .values(
        seq=persons.c.seq + bindparam("more"),
        seen_at=bindparam("now"),
        noted=persons.c.noted + bindparam("changes"),
    )
)
_COUNT_UP: ForEach = {  # on PostgreSQL the same statement wakes those who follow, once it is committed
    "sqlite": _COUNTED.returning(persons.c.seq),
    "postgresql": _COUNTED.returning(persons.c.seq, func.pg_notify(CHANNEL, persons.c.id)),
}
_NOTED = update(persons).where(persons.c.id == bindparam("person_id")).values(noted=persons.c.noted + 1)
_ADD_MESSAGES = insert(messages)
_AFTER = (
    select(messages.c.seq, messages.c.side, messages.c.kind, messages.c.body, messages.c.at)
    .where(messages.c.person_id == bindparam("person_id"), messages.c.seq > bindparam("seq"))
    .order_by(messages.c.seq)
    .limit(bindparam("limit"))
)
_LAST = (
    select(messages.c.seq, messages.c.side, messages.c.kind, messages.c.body, messages.c.at)
    .where(messages.c.person_id == bindparam("person_id"))
    .order_by(messages.c.seq.desc())
    .limit(bindparam("limit"))
)
_KEEP_VERSION = for_each(lambda insert: insert(page_versions).on_conflict_do_nothing())
_VERSIONS = select(page_versions.c.digest, page_versions.c.page, page_versions.c.source)


def already_seen(uow: UnitOfWork, channel: str, key: str, *, visit: bool = False) -> bool:
    """Whether this message came before; it is remembered from now on (8 days, 1 hour for a visit). One statement.

    The key must say whose message it is, where the platform's own numbers do not.
    """
    newest, *older = uow.box.keyed_hashes(f"inbound {channel}", key)
    if older and uow.execute(_OLDER_KEY, {"channel": channel, "hashes": older}).first():
        return True
    values = {"channel": channel, "key_hash": newest, "seen_at": uow.now, "visit": visit}
    return uow.execute(_KEEP_KEY, values).first() is None


def load(uow: UnitOfWork, person: Person | str) -> Conversation:
    """The conversation with the whole profile. At most one statement after `people.find`, two from a bare id.

    Raises LookupError when there is no such person.
    """
    known = get(uow, person) if isinstance(person, str) else person
    if known is None or known.stored is None:
        raise LookupError("no such person")
    body = known.stored["body"]
    content: dict[str, Any] = uow.box.open_json(body) if body else {}
    return Conversation(
        person_id=known.id,
        version=known.stored["version"],
        state=content.get("state"),
        memo=content.get("memo", {}),
        misunderstood=known.stored["misunderstood"],
        paused_at=known.stored["paused_at"],
        profile=Profile(_answers(uow, known), uow.box),
    )


def profile(uow: UnitOfWork, person_id: str) -> Profile:
    """Variable -> value, each opened when it is asked for. One statement."""
    return Profile(_sealed(uow, person_id), uow.box)


def _answers(uow: UnitOfWork, person: Person) -> Mapping[str, bytes]:
    """The sealed answers, from what is kept at hand when nothing changed since."""
    kept = uow.answers.get(person.id, person.noted)
    if kept is None:
        kept = _sealed(uow, person.id)
        uow.answers.put(person.id, person.noted, kept)
    return kept


def _sealed(uow: UnitOfWork, person_id: str) -> dict[str, bytes]:
    return {row[0]: row[1] for row in uow.execute(_FACTS, {"person_id": person_id}).all()}


def save(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    """Keep the state (not the profile) and return it with its new version. One statement.

    Raises Conflict when the conversation changed since it was loaded.
    """
    content = {"state": conversation.state, "memo": conversation.memo}
    changed = uow.execute(
        _SAVE,
        {
            "of_person": conversation.person_id,
            "known": conversation.version,
            "body": uow.box.seal_json(content),
            "misunderstood": conversation.misunderstood,
            "paused_at": conversation.paused_at,
            "updated_at": uow.now,
        },
    )
    if changed.rowcount != 1:
        raise Conflict("the conversation changed meanwhile")
    return replace(conversation, version=conversation.version + 1)


def note(uow: UnitOfWork, person_id: str, values: Mapping[str, Any]) -> None:
    """Keep answers: whole new values, sealed one by one. Two statements; nothing for an empty mapping."""
    if _note(uow, person_id, values):
        uow.execute(_NOTED, {"person_id": person_id})


def _note(uow: UnitOfWork, person_id: str, values: Mapping[str, Any]) -> dict[str, bytes]:
    if not values:
        return {}
    seal = uow.box.seal_json
    rows: list[dict[str, Any]] = [
        {"person_id": person_id, "variable": name, "value": seal(value), "updated_at": uow.now}
        for name, value in sorted(values.items())
    ]
    uow.execute(_NOTE, rows)
    return {str(row["variable"]): row["value"] for row in rows}


def keep_turn(
    uow: UnitOfWork, person: Person, values: Mapping[str, Any], new: Iterable[NewMessage]
) -> list[StoredMessage]:
    """What a turn noted and what was said in it. Three statements. The person must be locked (`people.find`)."""
    items = list(new)
    if not items:  # nothing to count the change with
        note(uow, person.id, values)
        return []
    sealed = _note(uow, person.id, values)
    before = uow.answers.get(person.id, person.noted)
    if before is not None and sealed:
        after = {**before, **sealed}
        uow.after_commit(lambda: uow.answers.put(person.id, person.noted + 1, after))
    return append_messages(uow, person, items, changes=int(bool(sealed)))


def append_messages(
    uow: UnitOfWork, person: Person | str, new: Iterable[NewMessage], *, changes: int = 0
) -> list[StoredMessage]:
    """Add to the end of the person's list and wake who follows it. Two statements. `changes` of answers are counted.

    The numbers are given under the person's lock, so a reader never misses a smaller one that comes later.
    Raises LookupError when there is no such person.
    """
    items = list(new)
    if not items:
        return []
    person_id = person if isinstance(person, str) else person.id
    counted = {"person_id": person_id, "more": len(items), "now": uow.now, "changes": changes}
    last = uow.execute(_COUNT_UP, counted).scalar()
    if last is None:
        raise LookupError("no such person")
    kept = [
        StoredMessage(seq, item.side, item.kind, item.body, uow.now)
        for seq, item in enumerate(items, start=last - len(items) + 1)
    ]
    seal = uow.box.seal_json
    rows = [
        {
            "person_id": person_id,
            "seq": one.seq,
            "side": one.side,
            "kind": one.kind,
            "body": seal(one.body),
            "at": one.at,
        }
        for one in kept
    ]
    uow.execute(_ADD_MESSAGES, rows)
    return kept


def messages_after(uow: UnitOfWork, person_id: str, seq: int, limit: int = 200) -> list[StoredMessage]:
    """The messages after a number, oldest first. One statement."""
    rows = uow.execute(_AFTER, {"person_id": person_id, "seq": seq, "limit": limit})
    return [StoredMessage(row.seq, row.side, row.kind, uow.box.open_json(row.body), row.at) for row in rows]


def last_messages(uow: UnitOfWork, person_id: str, limit: int = 50) -> list[StoredMessage]:
    """The newest messages, oldest first. One statement."""
    rows = uow.execute(_LAST, {"person_id": person_id, "limit": limit}).all()
    opened = uow.box.open_json
    return [StoredMessage(row.seq, row.side, row.kind, opened(row.body), row.at) for row in reversed(rows)]


def keep_version(uow: UnitOfWork, digest: str, page: str, source: str) -> None:
    """Keep a page as it is now, for whoever starts it. One statement; nothing changes when it is there."""
    uow.execute(_KEEP_VERSION, {"digest": digest, "page": page, "source": source, "kept_at": uow.now})


def versions(uow: UnitOfWork) -> list[tuple[str, str, str]]:
    """Every version that was ever started: digest, page, source."""
    return [(row.digest, row.page, row.source) for row in uow.execute(_VERSIONS)]
