from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from storage import attempts, backup, leases, outbox, people
from storage.attempts import MAX_ATTEMPTS, TRANSITIONS, Outcome
from storage.database import Database
from storage.errors import WrongTransition
from storage.outbox import KINDS, Lane, NewRow, Policy, State
from tests.support.databases import Clock, open_database

REPLY = NewRow(kind="reply", source="turn:1", recipient="lou", channel="telegram", body={"text": "Salut"})


def _claimed(database: Database, *rows: NewRow, holder: str = "a", limit: int = 10) -> list[outbox.OutboxRow]:
    with database.begin() as uow:
        leases.hold(uow, f"worker:{holder}", holder)
        outbox.add(uow, list(rows))
    with database.begin() as uow:
        return outbox.claim(uow, "telegram", limit, holder)


def _end(database: Database, row_id: int, outcome: Outcome, holder: str = "a") -> State:
    with database.begin() as uow:
        attempts.start(uow, row_id, holder)
    with database.begin() as uow:
        return attempts.settle(uow, row_id, holder, outcome)


def test_a_row_is_added_once(database: Database):
    with database.begin() as uow:
        assert outbox.add(uow, [REPLY]) == [REPLY]
        assert uow.statements == 1
        assert outbox.add(uow, [REPLY, replace(REPLY, part=1)]) == [replace(REPLY, part=1)]
        assert outbox.add(uow, []) == []


def test_a_kind_without_a_policy_is_refused(database: Database):
    with database.begin() as uow, pytest.raises(KeyError):
        outbox.add(uow, [replace(REPLY, kind="shout")])
    assert {policy for policy, _ in KINDS.values()} == set(Policy)


def test_sixteen_workers_add_the_same_rows_once(database: Database):
    def add(_number: int) -> int:
        with database.begin() as uow:
            return len(outbox.add(uow, [replace(REPLY, part=part) for part in range(20)]))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(16))) == 20


def test_a_web_row_is_sent_when_it_is_made(database: Database):
    with database.begin() as uow:
        outbox.add(uow, [replace(REPLY, channel="web")])
        assert outbox.claim(uow, "web", 10, "a") == []


def test_safety_goes_first_and_each_recipient_in_order(database: Database):
    rows = [
        replace(REPLY, kind="broadcast", recipient="noa"),
        REPLY,
        replace(REPLY, part=1),
        replace(REPLY, kind="help", recipient="zoe"),
    ]
    claimed = _claimed(database, *rows)
    assert [(row.lane, row.recipient, row.part) for row in claimed] == [
        (Lane.SAFETY, "zoe", 0),
        (Lane.REPLY, "lou", 0),
        (Lane.BROADCAST, "noa", 0),
    ]
    assert claimed[1].body == {"text": "Salut"}
    with database.begin() as uow:
        assert outbox.claim(uow, "telegram", 10, "b") == []
    _end(database, claimed[1].id, Outcome(State.UNKNOWN))
    with database.begin() as uow:
        assert [row.part for row in outbox.claim(uow, "telegram", 10, "b")] == [1]


def test_nothing_goes_before_its_time_or_after_it(database: Database, clock: Clock):
    with database.begin() as uow:
        outbox.add(
            uow,
            [
                replace(REPLY, source="later", not_before=clock.now.replace(hour=15)),
                replace(
                    REPLY, source="late", recipient="noa", expires_at=clock.now.replace(hour=14, minute=30)
                ),
            ],
        )
    clock.move(minutes=45)
    with database.begin() as uow:
        assert outbox.claim(uow, "telegram", 10, "a") == []
        assert outbox.expire(uow) == 1
    clock.move(minutes=15)
    assert [row.source for row in _claimed(database)] == ["later"]


def test_nothing_is_sent_without_a_recorded_attempt(database: Database):
    (row,) = _claimed(database, REPLY)
    with database.begin() as uow:
        assert attempts.history(uow, row.id) == []
        assert attempts.start(uow, row.id, "a") == 1
        with pytest.raises(WrongTransition):
            attempts.start(uow, row.id, "b")
    with database.begin() as uow:
        assert attempts.settle(uow, row.id, "a", Outcome(State.SENT, platform_id="99")) is State.SENT
        (attempt,) = attempts.history(uow, row.id)
        assert (attempt["outcome"], attempt["ended_at"]) == ("sent", uow.now)
        with pytest.raises(WrongTransition):
            attempts.settle(uow, row.id, "a", Outcome(State.SENT))


@pytest.mark.parametrize("state", sorted(set(State) - TRANSITIONS[State.SENDING] | {State.QUEUED}))
def test_an_attempt_ends_only_in_four_states(database: Database, state: State):
    (row,) = _claimed(database, REPLY)
    with database.begin() as uow:
        attempts.start(uow, row.id, "a")
        with pytest.raises(WrongTransition):
            attempts.settle(uow, row.id, "a", Outcome(state))


def test_a_failed_attempt_waits_longer_each_time_then_becomes_a_dead_letter(database: Database, clock: Clock):
    (row,) = _claimed(database, REPLY)
    waits = []
    for number in range(1, MAX_ATTEMPTS + 1):
        state = _end(database, row.id, Outcome(State.RETRY, "connection refused"))
        if number == MAX_ATTEMPTS:
            break
        assert state is State.RETRY
        with database.begin() as uow:
            assert outbox.claim(uow, "telegram", 1, "a") == []
            kept = outbox.get(uow, row.id)
        assert kept
        waits.append((kept.not_before - clock.now).total_seconds())
        clock.now = kept.not_before
        assert len(_claimed(database)) == 1
    assert state is State.FAILED
    assert waits == sorted(waits)
    assert sum(waits) < 24 * 3600
    with database.begin() as uow:
        assert [letter.reason for letter in outbox.dead_letters(uow)] == ["connection refused"]
        attempts.reconcile(uow, row.id, State.RETRY, "staff: again")
        assert outbox.get(uow, row.id).attempts == 0  # type: ignore[union-attr]
    assert len(_claimed(database)) == 1


def test_too_many_requests_burn_no_attempt(database: Database, clock: Clock):
    (row,) = _claimed(database, REPLY)
    later = clock.now.replace(minute=30)
    _end(database, row.id, Outcome(State.RETRY, "429", retry_at=later, counts=False))
    with database.begin() as uow:
        kept = outbox.get(uow, row.id)
    assert kept
    assert (kept.attempts, kept.not_before) == (0, later)


def test_an_unknown_end_is_repeated_only_for_help(database: Database):
    reply, helping = _claimed(database, REPLY, replace(REPLY, kind="help"))[::-1]
    assert _end(database, reply.id, Outcome(State.UNKNOWN)) is State.UNKNOWN
    assert _end(database, helping.id, Outcome(State.UNKNOWN)) is State.RETRY


def test_what_a_dead_worker_left_is_never_silently_sent_again(database: Database, clock: Clock):
    rows = [replace(REPLY, recipient=f"r{number}") for number in range(3)]
    begun, untouched, helping = _claimed(database, rows[0], rows[1], replace(rows[2], kind="help"))[0:3]
    by_kind = {row.kind + row.recipient: row for row in (begun, untouched, helping)}
    with database.begin() as uow:
        attempts.start(uow, by_kind["replyr0"].id, "a")
        attempts.start(uow, by_kind["helpr2"].id, "a")
    clock.move(seconds=29)
    with database.begin() as uow:
        assert attempts.reap(uow) == {"queued": 0, "unknown": 0, "retry": 0}
    clock.move(seconds=1)
    with database.begin() as uow:
        assert attempts.reap(uow) == {"queued": 1, "unknown": 1, "retry": 1}
        assert outbox.get(uow, by_kind["replyr0"].id).state is State.UNKNOWN  # type: ignore[union-attr]
        assert [one["outcome"] for one in attempts.history(uow, by_kind["replyr0"].id)] == ["unknown"]
        with pytest.raises(WrongTransition):
            attempts.start(uow, by_kind["replyr1"].id, "a")


def test_a_slow_worker_keeps_its_rows_by_its_heartbeat(database: Database, clock: Clock):
    (row,) = _claimed(database, REPLY)
    with database.begin() as uow:
        attempts.start(uow, row.id, "a")
    for _ in range(10):
        clock.move(seconds=10)
        with database.begin() as uow:
            assert leases.hold(uow, "worker:a", "a")
            assert sum(attempts.reap(uow).values()) == 0
    with database.begin() as uow:
        assert attempts.settle(uow, row.id, "a", Outcome(State.SENT)) is State.SENT


def test_a_clean_stop_leaves_nothing_unknown(database: Database):
    claimed = _claimed(database, REPLY, replace(REPLY, recipient="noa"))
    with database.begin() as uow:
        attempts.start(uow, claimed[0].id, "a")
        assert attempts.release(uow, "a") == 1
        leases.let_go(uow, "a")
        assert leases.find(uow, "worker:a") is None


def test_a_person_reconciles_dead_letters(database: Database):
    (row,) = _claimed(database, REPLY)
    with database.begin() as uow:
        with pytest.raises(WrongTransition):
            attempts.reconcile(uow, row.id, State.SENT, "")
        with pytest.raises(LookupError):
            attempts.reconcile(uow, 12345, State.SENT, "")
    _end(database, row.id, Outcome(State.UNKNOWN))
    with database.begin() as uow:
        with pytest.raises(WrongTransition):
            attempts.reconcile(uow, row.id, State.EXPIRED, "")
        attempts.reconcile(uow, row.id, State.SENT, "seen by the learner")
        assert outbox.dead_letters(uow) == []


def test_nothing_is_sent_to_an_address_that_refuses(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "telegram", "4711")
        people.mark_unreachable(uow, person.id, "telegram")
        assert people.reachable(uow, person.id) == {"web": person.id}
        outbox.add(uow, [replace(REPLY, recipient=person.id, person_id=person.id)])
        assert outbox.claim(uow, "telegram", 10, "a") == []
        people.mark_unreachable(uow, person.id, "telegram", unreachable=False)
        assert len(outbox.claim(uow, "telegram", 10, "a")) == 1


def test_what_waits_can_be_cancelled(database: Database):
    with database.begin() as uow:
        outbox.add(uow, [REPLY, replace(REPLY, source="x"), replace(REPLY, source="y", recipient="noa")])
        assert outbox.cancel(uow, "x", "moved") == 1
        assert outbox.cancel_channel(uow, "noa", "telegram", "blocked") == 1
    assert [row.source for row in _claimed(database)] == ["turn:1"]


def test_a_paused_outbox_gives_nothing(database: Database):
    with database.begin() as uow:
        outbox.add(uow, [REPLY])
        backup.pause(uow)
        assert outbox.claim(uow, "telegram", 1, "a") == []
        backup.resume(uow)
        assert len(outbox.claim(uow, "telegram", 1, "a")) == 1


def test_what_may_wait_can_be_left_waiting(database: Database):
    kinds = ("broadcast", "reminder", "relay", "reply", "help")
    with database.begin() as uow:
        outbox.add(uow, [replace(REPLY, kind=kind, recipient=kind, source=kind) for kind in kinds])
        claimed = outbox.claim(uow, "telegram", 10, "a", Lane.RELAY)
        assert [row.kind for row in claimed] == ["help", "reply", "relay"]
        assert [row.kind for row in outbox.claim(uow, "telegram", 10, "a")] == ["reminder", "broadcast"]


def test_one_row_goes_to_one_worker(database: Database):
    with database.begin() as uow:
        outbox.add(uow, [replace(REPLY, recipient=f"r{number}") for number in range(60)])

    def claim(number: int) -> list[int]:
        found: list[int] = []
        for _ in range(4):
            with database.begin() as uow:
                found += [row.id for row in outbox.claim(uow, "telegram", 5, f"w{number}")]
        return found

    with ThreadPoolExecutor(6) as pool:
        claimed = [row for rows in pool.map(claim, range(6)) for row in rows]
    assert len(claimed) == len(set(claimed)) == 60


@pytest.mark.postgres
def test_a_claim_does_not_wait_for_another(postgres_url: str, clock: Clock):
    database = open_database(postgres_url, clock, busy_seconds=0.1)
    with database.begin() as uow:
        outbox.add(uow, [replace(REPLY, recipient=f"r{number}") for number in range(4)])
    with database.begin() as one, database.begin() as two:
        first, second = outbox.claim(one, "telegram", 2, "a"), outbox.claim(two, "telegram", 10, "b")
        assert [row.recipient for row in first + second] == ["r0", "r1", "r2", "r3"]
    database.close()


_STEPS = st.lists(
    st.sampled_from(["claim", "start", "sent", "retry", "unknown", "failed", "reap", "release"]), max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_whatever_happens_only_listed_transitions(sqlite_database: Database, steps: list[str]):
    """A row driven at random goes only from state to state as the table says; an ended one stays as it is."""
    with sqlite_database.begin() as uow:
        outbox.cancel(uow, "hypothesis")
        row = replace(REPLY, source="hypothesis", recipient="h", occurrence=str(uow.now.timestamp()))
        outbox.add(uow, [row])
        waiting = outbox.claim(uow, "telegram", 1, "a")
        row_id = waiting[0].id if waiting else 0
        attempts.release(uow, "a")
    sqlite_database.clock.move(hours=1)  # type: ignore[attr-defined]
    state = State.QUEUED
    for step in steps:
        if not row_id:
            return
        with sqlite_database.begin() as uow:
            _step(uow, step, row_id)
            now = outbox.get(uow, row_id).state  # type: ignore[union-attr]
        assert now is state or now in TRANSITIONS[state]
        state = now


def _step(uow, step, row_id):
    try:
        if step == "claim":
            outbox.claim(uow, "telegram", 1, "a")
        elif step == "start":
            attempts.start(uow, row_id, "a")
        elif step == "reap":
            attempts.reap(uow)
        elif step == "release":
            attempts.release(uow, "a")
        else:
            attempts.settle(uow, row_id, "a", Outcome(State(step)))
    except WrongTransition:
        return


def test_claiming_reads_the_index_of_what_waits_and_nothing_else(sqlite_database: Database):
    """Without it each claim reads every row beside every other: seconds, once thousands wait."""
    asked = str(outbox._READY.compile(dialect=sqlite.dialect()))
    with sqlite_database.read() as uow:
        given = ("telegram", 4, "2026-10-07", "2026-10-07", outbox.PAUSED, 6, 0)[: asked.count("?")]
        plan = [row[3] for row in uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", given)]
    steps = [step for step in plan if "outbox" in step or "earlier" in step]
    assert any("ix_outbox_waiting" in step for step in steps), plan
    assert any("earlier" in step and "ix_outbox_running" in step for step in steps), plan
    assert not any(step.startswith("SCAN") and "USING" not in step for step in steps), plan
