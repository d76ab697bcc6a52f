"""What the policy promises, beyond what each reminder says: holidays, a pause, the words, somebody who is talking."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.application import happenings, quiet, reminder_kinds, reminders, taking_part, turns
from bot.application.event_times import CHOICES
from bot.application.inwords import Words
from bot.application.messages import Body, Hello, Incoming, Text
from bot.application.rights import OPERATOR
from bot.application.services import Services
from storage import agenda, conversations, holidays, participations
from storage.agenda import Status
from storage.gatherings import Kind
from tests.bot.happening import WEDNESDAY, gathering, learners
from tests.bot.test_event_sending import at, goes, heard, labels, statuses

BRUSSELS = ZoneInfo("Europe/Brussels")
AUTUMN = (date(2026, 10, 19), date(2026, 11, 1))


@pytest.fixture
def lou(sqlite_services: Services) -> str:
    return learners(sqlite_services.database, 1)[0]


def closed(services: Services, first: date = AUTUMN[0], last: date = AUTUMN[1]) -> None:
    with services.database.begin() as uow:
        holidays.put(uow, [holidays.Holiday(first, last)])


def slot(services: Services, person: str, name: str) -> None:
    values = {"consent.reminder_slot": name}
    with services.database.begin() as uow:
        conversations.note(uow, person, values)
        reminders.after_turn(services, uow, person, values, list(values), began=False)


def ticks(services: Services, clock: Any, days: int) -> list[datetime]:
    """Half an hour after half an hour: when something was said."""
    sent = []
    for _ in range(days * 48):
        clock.move(minutes=30)
        if reminders.send_due(services):
            sent.append(clock.now.astimezone(BRUSSELS))
    return sent


@pytest.mark.parametrize("entered", ["before", "after"])
def test_in_holidays_the_weekly_word_waits_until_school_is_back(sqlite_services, lou, clock, entered):
    services = sqlite_services
    if entered == "before":
        closed(services)
    slot(services, lou, "wed_pm")
    at(clock, 14, 15, 30)
    assert reminders.send_due(services) == 1
    if entered == "after":
        closed(services)
    sent = ticks(services, clock, 24)
    assert [(one.day, one.month, one.hour, one.minute) for one in sent] == [(4, 11, 15, 30)]


def test_in_holidays_a_gathering_is_still_reminded_of(sqlite_services, lou, clock):
    services = sqlite_services
    closed(services)
    goes(services, lou, gathering(services.database, starts=WEDNESDAY + timedelta(days=7)))
    at(clock, 20, 17)
    assert reminders.send_due(services) == 1


@pytest.mark.parametrize(("last", "when"), [(date(2026, 10, 16), [(17, 17)]), (date(2026, 11, 8), [])])
def test_an_unfinished_page_waits_for_the_end_of_holidays_and_not_for_ever(
    sqlite_services, lou, clock, last, when
):
    services = sqlite_services
    closed(services, date(2026, 10, 8), last)
    said: tuple[Body, ...] = (Hello(), Text("menu"))
    for number, body in enumerate(said):
        turns.handle(services, Incoming("web", lou, f"k{number}", body))
    with services.database.begin() as uow:
        conversations.note(
            uow, lou, {"progress.open": {"job_discovery": {"state": {}, "at": clock.now.isoformat()}}}
        )
        local = quiet.later(datetime(2026, 10, 9, 16), quiet.Holidays())  # noqa: DTZ001
        agenda.plan(uow, "unfinished", f"unfinished:{lou}", lou, local, occurrence="1")
    sent = ticks(services, clock, 40)
    assert [(one.day, one.hour) for one in sent] == when


def test_during_a_pause_only_what_was_asked_for_comes(sqlite_services, clock):
    services = sqlite_services
    (lou,) = learners(services.database, 1, group="Les mercredis")
    with services.database.begin() as uow:
        group = str(uow.connection.exec_driver_sql("SELECT id FROM groups").scalar())
        conversations.note(uow, lou, {"progress.paused_until": "2026-11-30"})
    gathering(services.database, group_id=group)
    own = gathering(services.database, starts=WEDNESDAY + timedelta(days=7), title="Lab choisi")
    goes(services, lou, own)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 0
    at(clock, 20, 17)
    assert reminders.send_due(services) == 1
    assert "Lab choisi" in heard(services, lou)[0]


def test_the_same_words_never_come_twice_in_a_row(sqlite_services, lou, clock):
    services = sqlite_services
    for week in range(12):
        goes(services, lou, gathering(services.database, starts=WEDNESDAY + timedelta(days=7 * week)))
    for week in range(12):
        clock.now = datetime(2026, 10, 13, 17, tzinfo=BRUSSELS).astimezone(UTC) + timedelta(
            days=7 * week, hours=1
        )
        assert reminders.send_due(services) == 1
    hooks = [said.split("\n")[0] for said in heard(services, lou) if "\n" in said]
    hooks = [hook for hook in hooks if "en panne" not in hook]
    assert all(one != two for one, two in pairwise(hooks))
    assert len(set(hooks)) > 2


def test_somebody_who_is_talking_reads_it_and_keeps_their_screen(sqlite_services, clock, lou):
    services = sqlite_services
    goes(services, lou, gathering(services.database))
    at(clock, 13, 16, 50)
    said: tuple[Body, ...] = (Hello(), Text("menu"))
    for number, body in enumerate(said):
        turns.handle(services, Incoming("web", lou, f"k{number}", body))
    before = labels(services, lou)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    assert labels(services, lou) == before
    assert "Lab animation" in heard(services, lou)[-1]


def test_a_second_message_on_a_day_waits_for_the_next_unless_it_is_of_no_use_then(
    sqlite_services, lou, clock
):
    services = sqlite_services
    goes(services, lou, gathering(services.database))
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    with services.database.begin() as uow:  # planned meanwhile, for tonight
        conversations.note(uow, lou, {"action.list": [{"first_step": "appeler", "due": "2026-10-13"}]})
        agenda.plan(uow, "action_due", f"action:{lou}", lou, datetime(2026, 10, 13, 18), occurrence="0",  # noqa: DTZ001
                    body={"due": "2026-10-13"})  # fmt: skip
    at(clock, 13, 18)
    assert reminders.send_due(services) == 0
    at(clock, 14, 17)
    assert reminders.send_due(services) == 1
    said = next(text for text in heard(services, lou) if "appeler" in text)
    assert "aujourd" not in said  # it was for yesterday


def test_a_change_of_today_comes_on_top_and_at_once_even_at_school(sqlite_services, lou, clock):
    services = sqlite_services
    held = gathering(services.database)
    goes(services, lou, held)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    at(clock, 14, 10)
    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)
    assert reminders.send_due(services) == 1


def test_only_known_kinds_are_touched_and_others_wait_for_a_later_version(sqlite_services, lou, clock):
    services = sqlite_services
    with services.database.begin() as uow:
        agenda.plan(uow, "birthday", "birthday:1", lou, datetime(2026, 10, 13, 17), occurrence="1")  # noqa: DTZ001
    at(clock, 13, 17)
    assert reminders.send_due(services) == 0
    assert statuses(services, lou) == {"birthday 1": Status.PLANNED}


def test_switches_and_what_was_said_read_as_french_in_my_data(sqlite_services):
    words = Words(sqlite_services.library, sqlite_services.catalogue)
    every = dict.fromkeys(reminder_kinds.KINDS, reminder_kinds.OFF)
    assert "off" not in words.value(reminder_kinds.VARIABLE, every)
    assert not set(words.value(reminder_kinds.VARIABLE, every).replace(";", " ").split()) & {
        "fair",
        "meeting",
        "weekly",
        "action_due",
    }
    ledger = {"word_sent": "2026-10-07T14:00:00+00:00", "events_week": "2026-W41", "last_day": "2026-10-07", "day_count": 1, "texts": {"reminder_weekly": 2}}  # fmt: skip
    said = words.value("progress.reminders", ledger)
    assert not any(name in said for name in ledger)


def test_a_kind_switched_off_and_on_again_changes_what_is_to_come(sqlite_services, lou):
    services = sqlite_services
    held = gathering(services.database)
    goes(services, lou, held, choice="more")
    with services.database.begin() as uow:
        reminder_kinds.choose_kind(uow, lou, "lab", "off")
        part = participations.get(uow, held.id, lou)
        assert part is not None
        assert part.reminders == "none"
        assert not [one for one in agenda.of_person(uow, lou) if one.status is Status.PLANNED]
        assert reminder_kinds.choose_kind(uow, lou, "lab", "on") == {}
        assert [one.body["code"] for one in agenda.of_person(uow, lou) if one.status is Status.PLANNED] == [
            "D-1"
        ]


def test_signing_up_after_a_switch_keeps_to_it_unless_said_otherwise(sqlite_services, lou):
    services = sqlite_services
    fair = gathering(services.database, Kind.FAIR)
    with services.database.begin() as uow:
        reminder_kinds.choose_kind(uow, lou, "fair", "off")
        taking_part.sign_up(uow, lou, fair.id)
        part = participations.get(uow, fair.id, lou)
        assert part is not None
        assert part.reminders == "none"
        assert part.reminders in CHOICES
