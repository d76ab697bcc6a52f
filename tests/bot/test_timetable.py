from datetime import UTC, date, datetime, timedelta

import pytest

from bot import timetable
from bot.application import planning, reminders
from storage import agenda, attempts, conversations, leases, outbox, people
from storage.outbox import NewRow, State
from tests.bot.phone import member, queue


@pytest.fixture
def due(services, clock):
    """Somebody whose step is due now."""
    clock.now = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    with services.database.begin() as uow:
        person = people.create(uow, "web").id
        conversations.note(uow, person, {"action.list": [{"first_step": "appeler", "due": "2026-11-26"}]})
        local = datetime.combine(date(2026, 11, 26), datetime.min.time()).replace(hour=17)
        agenda.plan(
            uow,
            planning.KIND,
            planning.source(person),
            person,
            local,
            occurrence="0",
            body={"due": "2026-11-26"},
        )
    return person


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
    from storage.errors import DatabaseBusy  # noqa: PLC0415  # only here

    ticking = timetable.Timetable(services, "a")
    monkeypatch.setattr(reminders, "send_due", lambda _services: (_ for _ in ()).throw(DatabaseBusy("busy")))
    await ticking._work()
    monkeypatch.undo()
    await ticking._work()

    assert bubbles(services, due)
