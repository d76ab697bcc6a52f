from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.application import planning, reminders, views
from storage import agenda, conversations, holidays, people

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@pytest.fixture
def lou(services):
    with services.database.begin() as uow:
        person = people.create(uow, "web")
        conversations.note(
            uow, person.id, {"consent.self": True, "user.age_band": "13-15", "user.first_name": "Lou"}
        )
        return person.id


def set_to(clock, year: int, month: int, day: int, hour: int, minute: int) -> None:
    clock.now = datetime(year, month, day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)


def plan(services, person, due="2026-11-26", slot="none", **step):
    steps = [{"first_step": "appeler l'école", "due": due, **step}]
    with services.database.begin() as uow:
        conversations.note(uow, person, {"action.list": steps, "consent.reminder_slot": slot})
        local = planning.moment(date.fromisoformat(due), slot, planning.wall(uow.now), planning.holidays(uow))
        agenda.plan(
            uow, planning.KIND, planning.source(person), person, local, occurrence="0", body={"due": due}
        )


def weekly(services, person, slot="wed_pm"):
    with services.database.begin() as uow:
        conversations.note(uow, person, {"consent.reminder_slot": slot})
        reminders.after_turn(
            services, uow, person, {"consent.reminder_slot": slot}, ["consent.reminder_slot"], began=False
        )


def heard(services, person):
    with services.database.read() as uow:
        return [
            one.body["text"] for one in conversations.messages_after(uow, person, 0) if one.kind == "text"
        ]


def screen(services, person):
    return views.latest(services, person).screen


def test_a_step_is_asked_about_on_its_day_and_its_page_opens(services, lou, clock):
    plan(services, lou)
    set_to(clock, 2026, 11, 26, 16, 59)
    assert reminders.send_due(services) == 0

    set_to(clock, 2026, 11, 26, 17, 0)
    assert reminders.send_due(services) == 1

    assert "appeler l'école" in heard(services, lou)[0]
    assert [option.label for option in screen(services, lou).asked.options] == [
        "Fait", "En partie", "Pas encore", "J'ai changé d'avis"]  # fmt: skip


def test_it_is_sent_once_however_often_the_tick_comes(services, lou, clock):
    plan(services, lou)
    set_to(clock, 2026, 11, 26, 17, 0)

    assert [reminders.send_due(services) for _ in range(3)] == [1, 0, 0]


def test_a_learner_in_the_middle_of_something_is_not_thrown_out_of_it(services, lou, clock, talker):
    talker.person = lou
    talker.hello()
    talker.type("menu")
    talker.press("Un métier, vite fait")
    before = screen(services, lou)
    plan(services, lou)
    set_to(clock, 2026, 11, 26, 17, 0)

    assert reminders.send_due(services) == 1
    assert "appeler l'école" in heard(services, lou)[-1]
    assert screen(services, lou) == before


@pytest.mark.parametrize("changed", [{"status": "done"}, {"due": "2026-12-01"}])
def test_a_step_that_was_done_or_moved_is_not_asked_about(services, lou, clock, changed):
    plan(services, lou)
    with services.database.begin() as uow:
        conversations.note(
            uow, lou, {"action.list": [{"first_step": "appeler", "due": "2026-11-26", **changed}]}
        )
    set_to(clock, 2026, 11, 26, 17, 0)

    assert reminders.send_due(services) == 0


def test_after_an_outage_there_is_one_message_and_nothing_for_what_is_long_past(services, lou, clock):
    plan(services, lou)
    weekly(services, lou)
    set_to(clock, 2026, 11, 27, 17, 0)  # a day late, both are due
    assert reminders.send_due(services) == 1
    assert "appeler" in heard(services, lou)[0]


def test_a_step_whose_day_is_long_past_is_not_asked_about_any_more(services, lou, clock):
    plan(services, lou)
    set_to(clock, 2026, 12, 4, 17, 0)

    assert reminders.send_due(services) == 0


def test_nothing_is_written_at_night_or_during_school(services, lou, clock):
    plan(services, lou, slot="week_19h")
    set_to(clock, 2026, 11, 26, 22, 0)  # the process was down at seven
    assert reminders.send_due(services) == 0

    set_to(clock, 2026, 11, 27, 10, 0)
    assert reminders.send_due(services) == 0

    set_to(clock, 2026, 11, 27, 15, 30)
    assert reminders.send_due(services) == 1


def test_a_weekly_note_comes_at_the_chosen_hour_every_week(services, lou, clock):
    weekly(services, lou)
    sent = []
    for _ in range(4 * 7 * 24 * 2):
        clock.move(minutes=30)
        if reminders.send_due(services):
            sent.append(clock.now.astimezone(BRUSSELS))
            with services.database.begin() as uow:  # the learner comes and goes
                held = conversations.load(uow, lou)
                conversations.save(uow, _seen(held, clock.now + timedelta(minutes=1)))

    assert [(one.weekday(), one.hour, one.minute) for one in sent] == [(2, 15, 30)] * 4


def test_two_notes_without_an_answer_make_a_pause_of_four_weeks_then_silence(services, lou, clock):
    weekly(services, lou)
    sent = []
    for _ in range(26 * 7):
        clock.move(days=1)
        set_to(clock, clock.now.year, clock.now.month, clock.now.day, 15, 30)
        if reminders.send_due(services):
            sent.append(clock.now.date())

    gaps = [(b - a).days for a, b in pairwise(sent)]
    silence = services.library.microcopy.say("reminder_silence")
    assert gaps == [7, 7, 28, 7]  # two notes, the word that it stops, a month, then for good
    assert [text == silence for text in heard(services, lou)] == [False, False, True, False, True]


def test_stop_silences_everything_that_was_planned(services, lou, clock):
    plan(services, lou)
    weekly(services, lou)
    with services.database.begin() as uow:
        reminders.stop_all(services, uow, lou)

    set_to(clock, 2026, 11, 26, 17, 0)
    assert reminders.send_due(services) == 0


def test_without_a_slot_there_is_no_weekly_note(services, lou, clock):
    weekly(services, lou, "none")
    clock.move(days=30)

    assert reminders.send_due(services) == 0


def test_an_unfinished_page_is_mentioned_once_after_two_days(services, clock, talker, lou):
    with services.database.begin() as uow:
        conversations.note(uow, lou, {"consent.reminder_slot": "week_17h"})
    talker.person = lou
    talker.hello()
    talker.type("menu")
    talker.press("Un métier, vite fait")
    before = len(heard(services, lou))
    sent = 0
    for _ in range(10):
        clock.move(days=1)
        set_to(clock, clock.now.year, clock.now.month, clock.now.day, 16, 0)
        sent += reminders.send_due(services)

    assert sent == 1
    assert "Un métier, vite fait" in heard(services, lou)[before]


def test_nobody_else_gets_it(services, lou, clock):
    with services.database.begin() as uow:
        other = people.create(uow, "web").id
    plan(services, lou)
    set_to(clock, 2026, 11, 26, 17, 0)
    reminders.send_due(services)

    assert heard(services, other) == []


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28", "2027-10-31"])
def test_around_a_change_of_clocks_a_step_keeps_its_wall_time(services, lou, clock, day):
    clock.now = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=3)
    plan(services, lou, due=day)
    due = datetime.fromisoformat(day).replace(hour=17, tzinfo=BRUSSELS).astimezone(UTC)
    clock.now = due - timedelta(minutes=1)
    assert reminders.send_due(services) == 0

    clock.now = due
    assert reminders.send_due(services) == 1


def test_holidays_are_what_staff_entered(services):
    with services.database.begin() as uow:
        assert date(2026, 12, 24) not in planning.holidays(uow)
        holidays.put(uow, [holidays.Holiday(date(2026, 12, 21), date(2027, 1, 3))])
        assert date(2026, 12, 24) in planning.holidays(uow)


def _seen(held, at):
    return replace(held, memo={**held.memo, "last_at": at.isoformat()})
