from datetime import UTC, datetime, timedelta

import pytest

from bot import timetable
from bot.application import due as saying
from bot.application import planning, reminders, sending, taking_part
from storage import agenda, attempts, conversations, leases, outbox, participations, people
from storage.errors import DatabaseBusy
from storage.outbox import NewRow, State
from storage.participations import Standing
from tests.bot.happening import gathering, learners
from tests.bot.phone import member, queue


@pytest.fixture
def due(services, clock):
    """Somebody whose step is due now."""
    return _asked_about_a_step(services, clock)


def bubbles(services, person):
    with services.database.read() as uow:
        return [one.body["text"] for one in conversations.messages_after(uow, person, 0)]


async def test_a_tick_sends_what_is_due(services, due):
    ticking = timetable.Timetable(services, "a")

    await ticking._work()

    assert "appeler" in bubbles(services, due)[0]


async def test_two_processes_send_it_once(services, due):
    one, two = timetable.Timetable(services, "a"), timetable.Timetable(services, "b")

    await one._work()
    await two._work()

    assert sum("appeler" in text for text in bubbles(services, due)) == 1


async def test_rows_of_a_platform_that_nobody_sends_for_any_more_are_settled(services, clock):
    begun, waiting = member(services), member(services, "42")
    with services.database.begin() as uow:
        leases.hold(uow, "send:telegram", "dead")
        outbox.add(uow, [NewRow("reply", "turn:1", begun, "telegram", {"text": "un"}, person_id=begun)])
        (claimed,) = outbox.claim(uow, "telegram", 1, "dead")
        attempts.start(uow, claimed.id, "dead")
        late = clock.now + timedelta(minutes=1)
        outbox.add(uow, [NewRow("reply", "turn:2", waiting, "telegram", {"text": "deux"}, expires_at=late)])
    clock.move(minutes=2)

    await timetable.Timetable(services, "a")._work()

    assert [(row.body["text"], row.state) for row in queue(services)] == [
        ("un", State.UNKNOWN), ("deux", State.EXPIRED)]  # fmt: skip


async def test_a_clean_stop_lets_the_other_take_over_at_once(services):
    one = timetable.Timetable(services, "a")
    one.start()
    await one._work()
    await one.stop()

    with services.database.begin() as uow:
        assert leases.hold(uow, timetable.LEASE, "b")


async def test_a_database_that_fails_is_a_line_in_the_log_and_not_the_end(services, due, monkeypatch):
    ticking = timetable.Timetable(services, "a")
    monkeypatch.setattr(saying, "waiting", lambda *_given: (_ for _ in ()).throw(DatabaseBusy("busy")))
    await ticking._work()
    monkeypatch.undo()
    await ticking._work()

    assert bubbles(services, due)


@pytest.mark.parametrize(
    "broken", [(taking_part, "end_offers"), (reminders, "call_back_late"), (sending, "tidy")]
)
async def test_one_part_of_a_tick_that_fails_keeps_no_other_from_its_turn(
    sqlite_services, clock, monkeypatch, broken
):
    services = sqlite_services
    person = _asked_about_a_step(services, clock)
    monkeypatch.setattr(*broken, lambda *_given: 1 / 0)

    await timetable.Timetable(services, "a")._work()

    assert bubbles(services, person)


async def test_one_person_whose_reminders_cannot_be_read_keeps_nobody_else_waiting(services, clock):
    people_due = [_asked_about_a_step(services, clock) for _ in range(9)]
    poisoned = sorted(people_due)[:2]
    for one in poisoned:
        with services.database.begin() as uow:
            uow.connection.exec_driver_sql(
                f"UPDATE reminders SET body = {_BROKEN[services.database.kind]} WHERE person_id = '{one}'"  # noqa: S608 -- ours
            )
    ticking = timetable.Timetable(services, "a")

    await ticking._work()
    await ticking._work()

    assert [bool(bubbles(services, one)) for one in sorted(people_due)] == [False] * 2 + [True] * 7
    assert saying.waiting(services) == []  # looked at again in ten minutes, not at each tick
    clock.move(minutes=11)
    assert saying.waiting(services) == poisoned


_BROKEN = {"sqlite": "X'00'", "postgresql": "decode('00', 'hex')"}


async def test_a_long_list_is_worked_off_in_one_tick_with_signs_of_life(sqlite_services, clock, monkeypatch):
    services = sqlite_services
    many = [_asked_about_a_step(services, clock) for _ in range(23)]
    monkeypatch.setattr(saying, "BATCH", 5)
    monkeypatch.setattr(leases, "BEAT", timedelta(0))
    beats = []
    ticking = timetable.Timetable(services, "a")
    hold = ticking._hold

    def counted() -> bool:
        beats.append(1)
        return hold()

    monkeypatch.setattr(ticking, "_hold", counted)

    await ticking._work()

    assert all(bubbles(services, one) for one in many)
    assert len(beats) >= 5


async def test_who_lost_the_lease_in_the_middle_of_a_long_list_leaves_the_rest_to_the_other(
    sqlite_services, clock, monkeypatch
):
    services = sqlite_services
    many = [_asked_about_a_step(services, clock) for _ in range(12)]
    monkeypatch.setattr(leases, "BEAT", timedelta(0))
    ticking = timetable.Timetable(services, "a")
    answers = iter([True, False])
    monkeypatch.setattr(ticking, "_hold", lambda: next(answers))

    await ticking._work()

    assert sum(bool(bubbles(services, one)) for one in many) == timetable.AT_ONCE


async def test_only_one_of_two_ticks(services, due, clock):
    one, two = timetable.Timetable(services, "a"), timetable.Timetable(services, "b")
    assert await one._beat()
    assert not await two._beat()
    await two._work()
    assert bubbles(services, due) == []
    clock.move(seconds=leases.LIFETIME.total_seconds() + 1)  # the first was killed
    await two._work()
    assert bubbles(services, due)


async def test_a_tick_ends_offers_and_offers_the_place_to_whoever_waits_next(services, clock):
    lou, noa, sam = learners(services.database, 3)
    held = gathering(services.database, capacity=1)
    for one in (lou, noa, sam):
        with services.database.begin() as uow:
            taking_part.sign_up(uow, one, held.id)
        clock.move(seconds=1)
    with services.database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
    ticking = timetable.Timetable(services, "a")
    await ticking._work()
    assert "Une place est libre" in bubbles(services, noa)[0]
    clock.move(hours=25)

    await ticking._work()

    with services.database.read() as uow:
        standings = [participations.get(uow, held.id, one) for one in (noa, sam)]
    assert [one.standing for one in standings if one] == [Standing.LEFT, Standing.OFFERED]
    assert "Une place est libre" in bubbles(services, sam)[0]


def test_it_is_known_which_time_zones_are_read():
    assert timetable.zones().split()[0] in ("system", "package")


def _asked_about_a_step(services, clock) -> str:
    clock.now = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    with services.database.begin() as uow:
        person = people.create(uow, "web").id
        conversations.note(uow, person, {"action.list": [{"first_step": "appeler", "due": "2026-11-26"}]})
        local = datetime(2026, 11, 26, 17)  # noqa: DTZ001
        source, body = planning.source(person), {"due": "2026-11-26"}
        agenda.plan(uow, planning.KIND, source, person, local, occurrence="0", body=body)
    return person
