"""When a browser is woken and when it is left alone: for what was written first, at most once in half an hour, never at night."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.application import reminders, turns, waking
from bot.application.messages import Body, Hello, Incoming, Text
from storage import agenda, conversations, erasure, holidays, outbox, people, pushes, sessions
from storage.outbox import State
from tests.bot.phone import queue

BRUSSELS = ZoneInfo("Europe/Brussels")
PLACE = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 16:30 in Brussels


@pytest.fixture
def lou(services):
    with services.database.begin() as uow:
        person = people.create(uow, "web").id
        conversations.note(uow, person, {"consent.self": True, "user.age_band": "13-15"})
        pushes.put(uow, person, PLACE)
        return person


def brussels(*moment: Any) -> datetime:
    return datetime(*moment).replace(tzinfo=BRUSSELS)  # noqa: DTZ001 -- the zone follows


def at(clock, *moment: int) -> None:
    clock.now = brussels(*moment).astimezone(UTC)


def wake(services, person, occurrence="1") -> bool:
    with services.database.begin() as uow:
        return waking.wake(uow, person, occurrence)


def signals(services):
    return queue(services, "push")


def test_a_reminder_on_the_site_wakes_the_browser_once_and_without_a_word(services, lou):
    with services.database.begin() as uow:
        person = people.get(uow, lou, lock=True)
        assert person is not None
        turns.invite(services, uow, person, "Ta météo de la semaine ?")

    (row,) = signals(services)
    assert (row.kind, row.recipient, row.person_id, dict(row.body)) == ("signal", lou, lou, {})


def test_a_planned_step_wakes_too_through_the_timetable(services, lou, clock):
    with services.database.begin() as uow:
        steps = [{"first_step": "appeler", "due": "2026-11-26"}]
        conversations.note(uow, lou, {"action.list": steps})
        agenda.plan(
            uow, "action_due", f"action:{lou}", lou, datetime(2026, 11, 26, 17), occurrence="0",  # noqa: DTZ001
            body={"due": "2026-11-26"},
        )  # fmt: skip
    at(clock, 2026, 11, 26, 17, 0)

    assert reminders.send_due(services) == 1
    assert len(signals(services)) == 1
    assert reminders.send_due(services) == 0
    assert len(signals(services)) == 1


def test_an_answer_to_themselves_wakes_nobody(services, lou):
    said: tuple[Body, ...] = (Hello(), Text("menu"), Text("stop"))
    for number, body in enumerate(said):
        turns.handle(services, Incoming("web", lou, f"k{number}", body))

    assert signals(services) == []


def test_who_did_not_ask_for_it_is_not_woken(services):
    with services.database.begin() as uow:
        person = people.create(uow, "web")
        turns.invite(services, uow, person, "Coucou")

    assert signals(services) == []


def test_what_is_written_on_a_chat_platform_wakes_no_browser(services):
    with services.database.begin() as uow:
        person = people.create(uow, "telegram", "4711")
        pushes.put(uow, person.id, PLACE)
        turns.invite(services, uow, person, "Coucou", people.contact(uow, person))

    assert signals(services) == []


def test_whoever_said_stop_is_not_woken(services, lou):
    with services.database.begin() as uow:
        people.set_silent(uow, lou, silent=True)

    assert not wake(services, lou)


def test_one_signal_in_half_an_hour(services, lou, clock):
    assert wake(services, lou, "1")
    clock.move(minutes=29)
    assert not wake(services, lou, "2")
    clock.move(minutes=1)
    assert wake(services, lou, "3")
    assert len(signals(services)) == 2


def test_a_signal_that_never_went_out_holds_back_no_other(services, lou, clock):
    assert wake(services, lou, "1")
    with services.database.begin() as uow:
        outbox.cancel_channel(uow, lou, "push", "because")
    clock.move(minutes=1)

    assert wake(services, lou, "2")


def test_the_same_thing_is_signalled_once(services, lou, clock):
    assert wake(services, lou)
    clock.move(hours=1)

    assert not wake(services, lou)


def test_whoever_is_on_the_site_sees_it_without_a_signal(services, lou, clock):
    with services.database.begin() as uow:
        sessions.open_session(uow, lou)
    clock.move(seconds=119)
    assert not wake(services, lou)
    clock.move(seconds=2)
    assert wake(services, lou)


@pytest.mark.parametrize(
    ("written", "goes", "ends"),
    [
        ((2026, 11, 24, 16, 30), (2026, 11, 24, 16, 30), (2026, 11, 24, 20, 0)),
        ((2026, 11, 24, 10, 0), (2026, 11, 24, 15, 30), (2026, 11, 24, 20, 0)),  # in class: after school
        (
            (2026, 11, 24, 21, 0),
            (2026, 11, 25, 15, 30),
            (2026, 11, 25, 20, 0),
        ),  # at night: after the next school day
        (
            (2026, 11, 27, 23, 0),
            (2026, 11, 28, 8, 0),
            (2026, 11, 28, 20, 0),
        ),  # a Friday night: Saturday morning
        ((2026, 12, 22, 10, 0), (2026, 12, 22, 10, 0), (2026, 12, 22, 20, 0)),  # in the holidays
        (
            (2026, 10, 25, 2, 30),
            (2026, 10, 25, 8, 0),
            (2026, 10, 25, 20, 0),
        ),  # the night that has an hour more
        (
            (2027, 3, 27, 22, 0),
            (2027, 3, 28, 8, 0),
            (2027, 3, 28, 20, 0),
        ),  # before the one that has an hour less
    ],
)
def test_quiet_hours_are_kept_by_the_signal_too(services, lou, clock, written, goes, ends):
    with services.database.begin() as uow:
        holidays.put(uow, [holidays.Holiday(datetime(2026, 12, 21).date(), datetime(2027, 1, 3).date())])  # noqa: DTZ001
    at(clock, *written)

    assert wake(services, lou)

    (row,) = signals(services)
    assert row.not_before == brussels(*goes)
    assert row.expires_at == brussels(*ends)


def test_two_things_written_at_night_make_one_signal_in_the_morning(services, lou, clock):
    at(clock, 2026, 11, 27, 22, 0)
    assert wake(services, lou, "1")
    clock.move(hours=3)
    assert not wake(services, lou, "2")


def test_a_year_of_writing_at_any_hour_makes_no_signal_in_quiet_hours(services, lou, clock):
    at(clock, 2026, 9, 1, 0, 7)
    for number in range(365 * 3):
        wake(services, lou, str(number))
        clock.move(hours=7, minutes=53)

    found = signals(services)
    local = [(row.not_before.astimezone(BRUSSELS), row.expires_at.astimezone(BRUSSELS)) for row in found]
    assert len(found) > 365
    assert all(8 <= goes.hour < 20 and (ends.hour, ends.minute) == (20, 0) for goes, ends in local)
    assert all(goes.date() == ends.date() for goes, ends in local)
    school = [goes for goes, _ends in local if goes.weekday() < 5]
    assert all((goes.hour, goes.minute) >= (15, 30) for goes in school)
    assert all(
        later.not_before - earlier.not_before >= timedelta(minutes=30) for earlier, later in pairwise(found)
    )


def test_erasing_somebody_takes_their_browsers_and_signals_away(services, lou):
    wake(services, lou)
    with services.database.begin() as uow:
        erasure.erase(uow, lou)

    assert signals(services) == []
    with services.database.read() as uow:
        assert pushes.of_person(uow, lou) == []


def test_a_signal_may_be_repeated_since_a_second_replaces_the_first(services, lou):
    wake(services, lou)

    assert signals(services)[0].policy is outbox.Policy.AT_LEAST_ONCE
    assert signals(services)[0].state is State.QUEUED
