"""What goes out: one row a part of a message, made in the transaction that causes it, claimed lane by lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal_column, or_, select, update

from storage.tables import addresses, meta, outbox
from storage.unit_of_work import AnyRow, UnitOfWork, for_each

PAUSED = "outbox_paused"  # key in meta: set after a restored backup, so that nothing is sent again


class State(StrEnum):
    """Where a row is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    UNKNOWN = "unknown"  # it may have arrived: never repeated on its own for an at-most-once kind
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Policy(StrEnum):
    """What to do when nobody knows whether a message arrived."""

    AT_MOST_ONCE = "at_most_once"
    AT_LEAST_ONCE = "at_least_once"


class Lane(IntEnum):
    """Which goes first."""

    SAFETY = 0
    REPLY = 1
    RELAY = 2
    REMINDER = 3
    BROADCAST = 4


KINDS: dict[str, tuple[Policy, Lane]] = {
    "help": (Policy.AT_LEAST_ONCE, Lane.SAFETY),  # helplines: twice is better than never
    "alert": (Policy.AT_LEAST_ONCE, Lane.SAFETY),  # to the officer on duty
    "reply": (Policy.AT_MOST_ONCE, Lane.REPLY),
    "desk": (Policy.AT_MOST_ONCE, Lane.REPLY),  # to somebody of the centre who gave a command
    "sign_in": (Policy.AT_MOST_ONCE, Lane.REPLY),  # to somebody of the centre who wants to come in
    "edit": (Policy.AT_MOST_ONCE, Lane.REPLY),
    "relay": (Policy.AT_MOST_ONCE, Lane.RELAY),
    "reminder": (Policy.AT_MOST_ONCE, Lane.REMINDER),
    "signal": (Policy.AT_LEAST_ONCE, Lane.REMINDER),  # empty, to a browser: a second one replaces the first
    "broadcast": (Policy.AT_MOST_ONCE, Lane.BROADCAST),
}


@dataclass(frozen=True, slots=True)
class NewRow:
    """One part to send. (kind, source, recipient, occurrence, part) can be added only once."""

    kind: str  # one of KINDS
    source: str  # what caused it: "turn:<key>", "reminder:<id>"...
    recipient: str  # a person's id, or a staff name
    channel: str
    body: Mapping[str, Any]
    occurrence: str = ""
    part: int = 0
    person_id: str | None = None  # the learner concerned: the row is erased with them
    not_before: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row as stored."""

    id: int
    kind: str
    source: str
    recipient: str
    channel: str
    occurrence: str
    part: int
    person_id: str | None
    lane: Lane
    policy: Policy
    state: State
    attempts: int
    not_before: datetime
    created_at: datetime
    expires_at: datetime | None
    reason: str
    body: Mapping[str, Any] = field(repr=False)


_COLUMNS = (
    outbox.c.id,
    outbox.c.kind,
    outbox.c.source,
    outbox.c.recipient,
    outbox.c.channel,
    outbox.c.occurrence,
    outbox.c.part,
    outbox.c.person_id,
    outbox.c.lane,
    outbox.c.policy,
    outbox.c.state,
    outbox.c.attempts,
    outbox.c.not_before,
    outbox.c.created_at,
    outbox.c.expires_at,
    outbox.c.reason,
    outbox.c.body,
)
_ADD = for_each(
    lambda insert: (
        insert(outbox)
        .on_conflict_do_nothing()
        .returning(outbox.c.kind, outbox.c.source, outbox.c.recipient, outbox.c.occurrence, outbox.c.part)
    )
)


def _is_one_of(column: ColumnElement[str], *states: str) -> ColumnElement[bool]:
    """Written out, never bound: a partial index serves only a condition that reads exactly like its own."""
    return column.in_([literal_column(f"'{state}'") for state in states])


def _waits(column: ColumnElement[str]) -> ColumnElement[bool]:
    return _is_one_of(column, "queued", "retry")


def _runs(column: ColumnElement[str]) -> ColumnElement[bool]:
    return _is_one_of(column, "queued", "retry", "sending")


_earlier = outbox.alias("earlier")
_refusing = and_(
    addresses.c.person_id == outbox.c.recipient,
    addresses.c.channel == outbox.c.channel,
    addresses.c.unreachable_at.is_not(None),
)
_READY = (
    select(outbox.c.id)
    .where(
        outbox.c.channel == bindparam("by_channel"),
        _waits(outbox.c.state),
        outbox.c.lane <= bindparam("up_to"),
        outbox.c.not_before <= bindparam("now"),
        or_(outbox.c.expires_at.is_(None), outbox.c.expires_at > bindparam("now")),
        # order: nothing of the same recipient and lane may still be under way before it
        ~exists().where(
            _earlier.c.channel == outbox.c.channel,
            _earlier.c.recipient == outbox.c.recipient,
            _earlier.c.lane == outbox.c.lane,
            _earlier.c.id < outbox.c.id,
            _runs(_earlier.c.state),
        ),
        ~exists().where(_refusing),
        ~exists().where(meta.c.key == PAUSED),
    )
    .order_by(outbox.c.lane, outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=outbox)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), outbox.c.state.in_(["queued", "retry"]))
    .values(state="sending", holder=bindparam("by_holder"))
    .returning(*_COLUMNS)
)
_GET = select(*_COLUMNS).where(outbox.c.id == bindparam("row_id"))
_LETTERS = (
    select(*_COLUMNS)
    .where(outbox.c.state.in_(["unknown", "failed"]))
    .order_by(outbox.c.settled_at, outbox.c.id)
    .limit(bindparam("limit"))
)
_EXPIRE = (
    update(outbox)
    .where(_waits(outbox.c.state), outbox.c.expires_at <= bindparam("now"))
    .values(state="expired", settled_at=bindparam("now"))
)
_CANCEL = (
    update(outbox)
    .where(_waits(outbox.c.state))
    .values(state="cancelled", reason=bindparam("why"), settled_at=bindparam("now"))
)
_CANCEL_SOURCE = _CANCEL.where(outbox.c.source == bindparam("of_source"))
_CANCEL_CHANNEL = _CANCEL.where(
    outbox.c.recipient == bindparam("of_recipient"), outbox.c.channel == bindparam("of_channel")
)


def add(uow: UnitOfWork, rows: Sequence[NewRow]) -> list[NewRow]:
    """Add rows; those that were not there before. One statement.

    A row of the web is `sent` at once: append its messages to the person's list in this same transaction, and only
    for the rows returned. KeyError for a kind that declares no policy.
    """
    if not rows:
        return []
    values = [_values(uow, row) for row in rows]
    added = {tuple(row) for row in uow.execute(_ADD, values)}
    return [row for row in rows if (row.kind, row.source, row.recipient, row.occurrence, row.part) in added]


def claim(
    uow: UnitOfWork, channel: str, limit: int, holder: str, up_to: Lane = Lane.BROADCAST
) -> list[OutboxRow]:
    """Take rows in hand, safety first; at most one of a recipient and lane at a time. Two statements.

    `up_to`: the least urgent lane that may go.

    Commit, then `attempts.start` (and commit) before each sending. Give up what is left with `attempts.release`.
    Several processes may claim at once: each row goes to one. Nothing comes while the outbox is paused.
    """
    wanted = {"by_channel": channel, "now": uow.now, "limit": limit, "up_to": int(up_to)}
    ids = uow.execute(_READY, wanted).scalars().all()
    if not ids:
        return []
    claimed = [_row(uow, row) for row in uow.execute(_CLAIM, {"ids": list(ids), "by_holder": holder})]
    return sorted(claimed, key=lambda row: (row.lane, row.id))


def get(uow: UnitOfWork, row_id: int) -> OutboxRow | None:
    """The row of that id."""
    row = uow.execute(_GET, {"row_id": row_id}).first()
    return _row(uow, row) if row else None


def dead_letters(uow: UnitOfWork, limit: int = 100) -> list[OutboxRow]:
    """What needs a human: `unknown` and `failed` rows, oldest first."""
    return [_row(uow, row) for row in uow.execute(_LETTERS, {"limit": limit})]


def expire(uow: UnitOfWork) -> int:
    """Mark the rows that came too late; how many."""
    return uow.execute(_EXPIRE, {"now": uow.now}).rowcount


def cancel(uow: UnitOfWork, source: str, why: str = "") -> int:
    """Cancel what waits because of a source; how many. What is being sent goes on."""
    return uow.execute(_CANCEL_SOURCE, {"of_source": source, "why": why, "now": uow.now}).rowcount


def cancel_channel(uow: UnitOfWork, recipient: str, channel: str, why: str) -> int:
    """Cancel what waits for a recipient on a channel that refuses for good; how many."""
    values = {"of_recipient": recipient, "of_channel": channel, "why": why, "now": uow.now}
    return uow.execute(_CANCEL_CHANNEL, values).rowcount


def _values(uow: UnitOfWork, row: NewRow) -> dict[str, Any]:
    policy, lane = KINDS[row.kind]
    shown = row.channel == "web"
    return {
        "kind": row.kind,
        "source": row.source,
        "recipient": row.recipient,
        "occurrence": row.occurrence,
        "part": row.part,
        "person_id": row.person_id,
        "channel": row.channel,
        "lane": int(lane),
        "policy": policy.value,
        "state": "sent" if shown else "queued",
        "body": uow.box.seal_json(row.body),
        "not_before": row.not_before or uow.now,
        "expires_at": row.expires_at,
        "attempts": 0,
        "holder": None,
        "reason": "",
        "platform_id": "",
        "created_at": uow.now,
        "settled_at": uow.now if shown else None,
    }


def _row(uow: UnitOfWork, row: AnyRow) -> OutboxRow:
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's own public name
    values["body"] = uow.box.open_json(row.body)
    values |= {"lane": Lane(row.lane), "policy": Policy(row.policy), "state": State(row.state)}
    return OutboxRow(**values)
