from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import agenda, leases, people
from storage.agenda import Status
from storage.database import Database
from storage.errors import WrongTransition
from tests.support.databases import Clock, open_database

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-10-07T17:00", "2026-10-07T15:00"),
        ("2026-12-07T17:00", "2026-12-07T16:00"),
        ("2027-03-28T01:59", "2027-03-28T00:59"),
        ("2027-03-28T02:00", "2027-03-28T01:00"),  # skipped: the first instant after is 03:00
        ("2027-03-28T02:30", "2027-03-28T01:00"),
        ("2027-03-28T02:59:59", "2027-03-28T01:00"),
        ("2027-03-28T03:00", "2027-03-28T01:00"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # twice: the first
        ("2026-10-25T03:00", "2026-10-25T02:00"),
        ("2027-10-31T02:00", "2027-10-31T00:00"),
    ],
)
def test_wall_time_becomes_an_instant(wall: str, expected: str):
    assert agenda.instant(datetime.fromisoformat(wall)) == datetime.fromisoformat(expected).replace(
        tzinfo=UTC
    )


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28", "2027-10-31"])
def test_every_minute_of_a_day_when_the_clocks_move(day: str):
    start = datetime.fromisoformat(day)
    instants = [agenda.instant(start + timedelta(minutes=minute)) for minute in range(1440)]
    assert instants == sorted(instants)
    for minute, instant in enumerate(instants):
        shown = instant.astimezone(BRUSSELS).replace(tzinfo=None)
        wanted = start + timedelta(minutes=minute)
        assert shown == wanted or (wanted.hour == 2 and (shown.hour, shown.minute) == (3, 0))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 -- a wall time
    st.sampled_from(["Europe/Brussels", "Australia/Lord_Howe"]),
)
def test_an_instant_shows_the_wall_time_or_the_first_after(local: datetime, zone: str):
    shown = agenda.instant(local, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert shown == local or local < shown <= local + timedelta(hours=1)


def test_a_time_with_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        agenda.instant(datetime(2026, 1, 1, tzinfo=UTC))


WALL = datetime(2026, 10, 9, 17, 0)  # noqa: DTZ001


def test_a_reminder_is_due_at_its_hour_also_after_a_restart(database: Database, clock: Clock):
    with database.begin() as uow:
        person = people.create(uow, "web")
        made = agenda.plan(uow, "step", "step:1", person.id, WALL, body={"text": "Appeler l'école"})
        assert (made.due_at, made.status) == (datetime(2026, 10, 9, 15, 0, tzinfo=UTC), Status.PLANNED)
    clock.now = made.due_at - timedelta(seconds=1)
    with database.begin() as uow:
        assert agenda.due(uow) == []
    database.close()
    clock.move(seconds=1)
    with database.begin() as uow:
        assert agenda.due(uow) == [made]
        agenda.settle(uow, made.id, Status.SENT)
        assert agenda.due(uow) == []
        with pytest.raises(WrongTransition):
            agenda.settle(uow, made.id, Status.SENT)


def test_planning_again_moves_what_waits_and_leaves_what_was_sent(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "web")
        first = agenda.plan(uow, "step", "step:1", person.id, WALL)
        second = agenda.plan(uow, "step", "step:1", person.id, WALL + timedelta(days=1))
        assert (second.id, second.local_at) == (first.id, WALL + timedelta(days=1))
        agenda.settle(uow, first.id, Status.SENT)
        assert agenda.plan(uow, "step", "step:1", person.id, WALL).status is Status.SENT
        assert agenda.plan(uow, "step", "step:1", person.id, WALL, occurrence="2").status is Status.PLANNED
        assert len(agenda.of_person(uow, person.id)) == 2


def test_a_moved_gathering_cancels_its_old_reminders(database: Database, clock: Clock):
    with database.begin() as uow:
        persons = [people.create(uow, "web") for _ in range(3)]
        for person in persons:
            agenda.plan(uow, "gathering", "fair:1", person.id, WALL)
        assert agenda.cancel(uow, "fair:1", persons[0].id) == 1
        assert agenda.cancel(uow, "fair:1") == 2
        agenda.plan(uow, "gathering", "fair:1", persons[0].id, WALL + timedelta(days=7))
    clock.move(days=3)
    with database.begin() as uow:
        assert agenda.due(uow) == []
    clock.move(days=7)
    with database.begin() as uow:
        assert [one.person_id for one in agenda.due(uow)] == [persons[0].id]


def test_a_snoozed_reminder_comes_back(database: Database, clock: Clock):
    with database.begin() as uow:
        person = people.create(uow, "web")
        made = agenda.plan(uow, "step", "step:1", person.id, WALL)
        agenda.settle(uow, made.id, Status.SENT)
        agenda.snooze(uow, made.id, WALL + timedelta(days=1))
    clock.move(days=4)
    with database.begin() as uow:
        (again,) = agenda.due(uow)
        assert (again.id, again.status) == (made.id, Status.SNOOZED)
        with pytest.raises(WrongTransition):
            agenda.settle(uow, made.id, Status.SNOOZED)
        agenda.settle(uow, made.id, Status.CANCELLED)
        with pytest.raises(WrongTransition):
            agenda.snooze(uow, made.id, WALL)
        assert agenda.get(uow, made.id).status is Status.CANCELLED  # type: ignore[union-attr]
        assert agenda.get(uow, "nothing") is None


@pytest.mark.postgres
def test_two_workers_take_different_reminders(postgres_url: str, clock: Clock):
    database = open_database(postgres_url, clock)
    with database.begin() as uow:
        person = people.create(uow, "web")
        for number in range(4):
            agenda.plan(uow, "step", f"step:{number}", person.id, WALL)
    clock.move(days=3)
    with database.begin() as one, database.begin() as two:
        first, second = agenda.due(one, limit=2), agenda.due(two, limit=10)
        assert len(first) == len(second) == 2
        assert not {row.id for row in first} & {row.id for row in second}
    database.close()


def test_a_lease_has_one_holder_until_it_stops_beating(database: Database, clock: Clock):
    with database.begin() as uow:
        assert leases.hold(uow, "timetable", "a")
        assert not leases.hold(uow, "timetable", "b")
    clock.move(seconds=29)
    with database.begin() as uow:
        assert leases.hold(uow, "timetable", "a")
    clock.move(seconds=29)
    with database.begin() as uow:
        assert not leases.hold(uow, "timetable", "b")
        assert leases.find(uow, "timetable").holder == "a"  # type: ignore[union-attr]
    clock.move(seconds=1)
    with database.begin() as uow:
        assert leases.hold(uow, "timetable", "b")
        assert not leases.hold(uow, "timetable", "a")
        leases.let_go(uow, "b", "timetable")
        assert leases.hold(uow, "timetable", "a")
