"""How a claimed row goes on: an attempt is recorded before the network is touched, then the row is settled."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from storage.errors import WrongTransition
from storage.outbox import Policy, State
from storage.tables import leases, outbox, outbox_attempts
from storage.unit_of_work import UnitOfWork

MAX_ATTEMPTS = 6
_FIRST_WAIT = 5.0  # seconds; then 20, 80, 320, 1280: six attempts within half an hour
_GROWTH = 4

TRANSITIONS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.EXPIRED}),
    State.SENDING: frozenset({State.SENT, State.RETRY, State.UNKNOWN, State.FAILED, State.QUEUED}),
    State.RETRY: frozenset({State.SENDING, State.CANCELLED, State.EXPIRED}),
    State.UNKNOWN: frozenset({State.SENT, State.RETRY, State.CANCELLED}),  # reconciled by a person
    State.FAILED: frozenset({State.RETRY, State.CANCELLED}),
    State.SENT: frozenset(),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    state: SENT, RETRY (surely not sent), UNKNOWN (may have arrived) or FAILED (refused).
    retry_at: not before; by default a growing wait. counts: false for "too many requests", which burns no attempt.
    """

    state: State
    reason: str = ""
    retry_at: datetime | None = None
    counts: bool = True
    platform_id: str = ""
    unreachable: bool = False  # the person blocked the bot or closed the way: nothing more until they write

    @property
    def refused(self) -> bool:
        """The platform said no: for good, or for now."""
        return self.state is State.FAILED or (self.state is State.RETRY and not self.counts)


_MINE = (
    outbox.c.id == bindparam("row_id"),
    outbox.c.holder == bindparam("by_holder"),
    outbox.c.state == "sending",
)
_COUNT_UP = update(outbox).where(*_MINE).values(attempts=outbox.c.attempts + 1).returning(outbox.c.attempts)
_TRIES = select(func.coalesce(func.max(outbox_attempts.c.number), 0) + 1).where(
    outbox_attempts.c.outbox_id == bindparam("row_id")
)
_RECORD = insert(outbox_attempts)
_POLICY = select(outbox.c.policy, outbox.c.attempts).where(*_MINE).with_for_update()
_SETTLE = (
    update(outbox)
    .where(*_MINE)
    .values(
        state=bindparam("new_state"),
        holder=None,
        reason=bindparam("why"),
        not_before=bindparam("again"),
        attempts=bindparam("tries"),
        platform_id=bindparam("number"),
        settled_at=bindparam("settled"),
    )
)
_END = (
    update(outbox_attempts)
    .where(outbox_attempts.c.outbox_id == bindparam("row_id"), outbox_attempts.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), outcome=bindparam("what"))
)
_OPEN_ATTEMPT = exists().where(
    outbox_attempts.c.outbox_id == outbox.c.id, outbox_attempts.c.ended_at.is_(None)
)
_LIVE = exists().where(leases.c.holder == outbox.c.holder, leases.c.expires_at > bindparam("now"))
_UNTOUCHED = (
    update(outbox).where(outbox.c.state == "sending", ~_OPEN_ATTEMPT).values(state="queued", holder=None)
)
_RELEASE = _UNTOUCHED.where(outbox.c.holder == bindparam("by_holder"))
_DEAD_UNTOUCHED = _UNTOUCHED.where(~_LIVE)
_LOST = update(outbox).where(outbox.c.state == "sending", _OPEN_ATTEMPT, ~_LIVE)
_DEAD_ONCE = _LOST.where(outbox.c.policy == "at_most_once").values(
    state="unknown", holder=None, reason="the worker stopped while sending", settled_at=bindparam("now")
)
_DEAD_AGAIN = _LOST.where(outbox.c.policy == "at_least_once").values(
    state="retry", holder=None, reason="the worker stopped while sending", not_before=bindparam("now")
)
_DEAD_ENDS = (
    update(outbox_attempts)
    .where(
        outbox_attempts.c.ended_at.is_(None),
        exists().where(outbox.c.id == outbox_attempts.c.outbox_id, outbox.c.state != "sending"),
    )
    .values(ended_at=bindparam("now"), outcome="unknown")
)
_STATE = select(outbox.c.state).where(outbox.c.id == bindparam("row_id")).with_for_update()
_MOVE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == bindparam("old_state"))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("why"),
        settled_at=bindparam("settled"),
        attempts=bindparam("tries"),
        not_before=bindparam("again"),
    )
)


def start(uow: UnitOfWork, row_id: int, holder: str) -> int:
    """Record an attempt: its number, from 1. Commit before the network is touched. Three statements.

    Raises WrongTransition when the row is no longer this holder's (its lease was lost): then do not send.
    """
    if uow.execute(_COUNT_UP, {"row_id": row_id, "by_holder": holder}).scalar() is None:
        raise WrongTransition("the row is not in this worker's hands")
    number = int(uow.execute(_TRIES, {"row_id": row_id}).scalar_one())
    uow.execute(
        _RECORD,
        {
            "outbox_id": row_id,
            "number": number,
            "holder": holder,
            "started_at": uow.now,
            "ended_at": None,
            "outcome": "",
        },
    )
    return number


def settle(uow: UnitOfWork, row_id: int, holder: str, outcome: Outcome) -> State:
    """Say what became of the attempt: the state that the row has now. Three statements.

    An unknown end of an at-least-once kind is tried again; the sixth failed attempt makes a dead letter.
    Raises WrongTransition when the row is no longer this holder's, or for a state that no attempt ends in.
    """
    if outcome.state not in TRANSITIONS[State.SENDING] - {State.QUEUED}:
        raise WrongTransition(f"an attempt does not end in {outcome.state}")
    found = uow.execute(_POLICY, {"row_id": row_id, "by_holder": holder}).first()
    if found is None:
        raise WrongTransition("the row is not in this worker's hands")
    tries = found.attempts if outcome.counts else max(0, found.attempts - 1)
    state = _next(outcome.state, Policy(found.policy), tries)
    ended = state is not State.RETRY
    again = outcome.retry_at or uow.now + wait(row_id, tries)
    uow.execute(
        _SETTLE,
        {
            "row_id": row_id,
            "by_holder": holder,
            "new_state": state.value,
            "why": outcome.reason[:200],
            "again": uow.now if ended else again,
            "tries": tries,
            "number": outcome.platform_id,
            "settled": uow.now if ended else None,
        },
    )
    uow.execute(_END, {"row_id": row_id, "now": uow.now, "what": outcome.state.value})
    return state


def release(uow: UnitOfWork, holder: str) -> int:
    """Put back what a worker claimed and did not begin (a clean stop); how many."""
    return uow.execute(_RELEASE, {"by_holder": holder}).rowcount


def reap(uow: UnitOfWork) -> dict[str, int]:
    """Settle what dead workers left: those that hold no lease any more. How many became what. Four statements.

    Not begun: back to `queued`. Begun: `unknown`, or `retry` for an at-least-once kind.
    """
    now = {"now": uow.now}
    counts = {
        "queued": uow.execute(_DEAD_UNTOUCHED, now).rowcount,
        "unknown": uow.execute(_DEAD_ONCE, now).rowcount,
        "retry": uow.execute(_DEAD_AGAIN, now).rowcount,
    }
    uow.execute(_DEAD_ENDS, now)
    return counts


def reconcile(uow: UnitOfWork, row_id: int, state: State, why: str) -> None:
    """A person decides on a dead letter: SENT, RETRY (send again, counting from 0) or CANCELLED.

    Raises WrongTransition when the row is not a dead letter, LookupError when there is none.
    """
    old = uow.execute(_STATE, {"row_id": row_id}).scalar()
    if old is None:
        raise LookupError("no such row")
    known = State(old)
    if known not in (State.UNKNOWN, State.FAILED) or state not in TRANSITIONS[known]:
        raise WrongTransition(f"{old} cannot become {state}")
    uow.execute(
        _MOVE,
        {
            "row_id": row_id,
            "old_state": old,
            "new_state": state.value,
            "why": why[:200],
            "tries": 0,
            "again": uow.now,
            "settled": None if state is State.RETRY else uow.now,
        },
    )


def wait(row_id: int, tries: int) -> timedelta:
    """The pause after a failed attempt: growing fourfold, moved by up to a fifth so that rows do not march in step."""
    digest = hashlib.sha256(f"{row_id}:{tries}".encode()).digest()
    jitter = 0.9 + digest[0] / 255 * 0.2
    return timedelta(seconds=_FIRST_WAIT * _GROWTH ** max(0, tries - 1) * jitter)


def _next(wanted: State, policy: Policy, tries: int) -> State:
    if wanted is State.UNKNOWN and policy is Policy.AT_LEAST_ONCE:
        wanted = State.RETRY
    if wanted is State.RETRY and tries >= MAX_ATTEMPTS:
        return State.FAILED
    return wanted


def history(uow: UnitOfWork, row_id: int) -> list[dict[str, Any]]:
    """The attempts of a row, for the console."""
    found = (
        select(outbox_attempts)
        .where(outbox_attempts.c.outbox_id == row_id)
        .order_by(outbox_attempts.c.number)
    )
    return [dict(row) for row in uow.execute(found).mappings()]
