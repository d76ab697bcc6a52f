"""Reminders and news of gatherings as a learner gets them: words, buttons, what goes together, what is too late."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.application import happenings, reminder_kinds, reminders, taking_part, views
from bot.application.messages import Incoming, Press, Text
from bot.application.rights import OPERATOR
from bot.application.services import Services
from bot.application.turns import handle
from storage import agenda, conversations, gatherings, holidays, outbox, participations, people
from storage.agenda import Status
from storage.gatherings import Gathering, Kind
from storage.outbox import State
from storage.participations import Standing
from tests.bot.happening import WEDNESDAY, gathering, learners
from tests.bot.phone import label_of, member, queue, texts

BRUSSELS = ZoneInfo("Europe/Brussels")
LATER = ["Plus tard", "Moins souvent", "Stop"]


def at(clock: Any, day: int, hour: int, minute: int = 0, month: int = 10) -> None:
    clock.now = datetime(2026, month, day, hour, minute, tzinfo=BRUSSELS).astimezone(UTC)


def goes(services: Services, person: str, *held: Gathering, choice: str = "eve", **more: Any) -> None:
    with services.database.begin() as uow:
        for one in held:
            taking_part.sign_up(uow, person, one.id, reminders=choice, **more)


def heard(services: Services, person: str) -> list[str]:
    with services.database.read() as uow:
        found = conversations.messages_after(uow, person, 0, 1000)
    return [one.body["text"] for one in found if one.kind == "text" and one.side == "bot"]


def labels(services: Services, person: str) -> list[str]:
    return label_of(views.latest(services, person).screen)


def press(services: Services, person: str, label: str, channel: str = "web", address: str = "") -> str:
    screen = views.latest(services, person).screen
    assert screen is not None
    shown = label_of(screen)
    known = len(heard(services, person))
    handle(
        services,
        Incoming(
            channel,
            address or person,
            f"press {services.now()} {label}",
            Press(screen.id, (shown.index(label),)),
        ),
    )
    return "\n".join(heard(services, person)[known:])


def statuses(services: Services, person: str) -> dict[str, Status]:
    with services.database.read() as uow:
        return {f"{one.kind} {one.occurrence}": one.status for one in agenda.of_person(uow, person)}


def move(services: Services, held: Gathering, starts: datetime) -> Gathering:
    length = held.details.local_ends - held.details.local_starts
    with services.database.begin() as uow:
        there = replace(held.details, local_starts=starts, local_ends=starts + length)
        return happenings.change(uow, OPERATOR, held, there).gathering


@pytest.fixture
def lou(services: Services) -> str:
    return learners(services.database, 1)[0]


# ---------------------------------------------------------------- each kind goes out


def test_the_eve_of_a_lab_comes_at_five_with_day_hour_place_and_ways_to_be_left_alone(services, lou, clock):
    goes(services, lou, gathering(services.database))
    at(clock, 13, 16, 59)
    assert reminders.send_due(services) == 0

    at(clock, 13, 17)
    assert [reminders.send_due(services) for _ in range(3)] == [1, 0, 0]

    (said,) = heard(services, lou)
    assert "emain" in said
    assert "Lab animation : mercredi 14 octobre, de 14\xa0h à 16\xa0h, Salle B" in said
    assert "à vérifier" in said  # nobody confirmed it
    assert labels(services, lou)[1:] == [*LATER, "Plus de rappels pour les labs"]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_gathering_has_words_and_a_button_that_leads_somewhere(sqlite_services, clock, kind):
    services = sqlite_services
    (lou,) = learners(services.database, 1)
    goes(services, lou, gathering(services.database, kind, title="Une belle journée"))
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1

    assert "mercredi 14 octobre" in heard(services, lou)[0]
    assert press(services, lou, labels(services, lou)[0]) or labels(services, lou)


@pytest.mark.parametrize("name", ["le forum", "ton forum des métiers", "Le TUMO'rientation", "Salon SIEP"])
def test_a_fair_is_said_a_week_before_whatever_its_name(sqlite_services, clock, name):
    services = sqlite_services
    (lou,) = learners(services.database, 1)
    goes(services, lou, gathering(services.database, Kind.FAIR, WEDNESDAY + timedelta(days=7), title=name))
    at(clock, 14, 17)
    assert reminders.send_due(services) == 1

    said = heard(services, lou)[0]
    assert said.startswith(name[0].upper() + name[1:])
    assert "le le" not in said.casefold()
    assert "demain" not in said.casefold()
    assert "mercredi 21 octobre" in said


def test_a_moved_gathering_is_told_with_before_and_after_and_can_be_left(services, lou, clock):
    held = gathering(services.database)
    goes(services, lou, held)
    move(services, held, WEDNESDAY + timedelta(days=1, hours=1))
    clock.move(seconds=1)
    assert reminders.send_due(services) == 1

    (said,) = heard(services, lou)
    assert "jeudi 15 octobre, de 15\xa0h à 17\xa0h" in said
    assert "Avant, c’était mercredi 14 octobre à 14\xa0h" in said
    assert labels(services, lou) == ["D’accord", "Je ne viens plus", "Stop"]
    press(services, lou, "Je ne viens plus")
    with services.database.read() as uow:
        part = participations.get(uow, held.id, lou)
    assert part is not None
    assert part.standing is Standing.LEFT


def test_another_place_and_what_takes_place_after_all_are_told_as_such(services, lou, clock):
    held = gathering(services.database)
    goes(services, lou, held)
    with services.database.begin() as uow:
        held = happenings.change(uow, OPERATOR, held, replace(held.details, place="Salle C")).gathering
    assert reminders.send_due(services) == 1
    assert "Du changement de lieu" in heard(services, lou)[-1]
    assert "Salle C" in heard(services, lou)[-1]
    at(clock, 8, 16)
    with services.database.begin() as uow:
        held = happenings.cancel(uow, OPERATOR, held, why="La formatrice est malade.").gathering
    assert reminders.send_due(services) == 1
    assert "n’aura pas lieu" in heard(services, lou)[-1]
    assert "la formatrice est malade." in heard(services, lou)[-1]
    assert labels(services, lou) == ["D’accord", "Stop"]
    at(clock, 9, 16)
    with services.database.begin() as uow:
        happenings.restore(uow, OPERATOR, held)
    assert reminders.send_due(services) == 1
    assert "a bien lieu" in heard(services, lou)[-1]


def test_a_free_place_is_offered_and_taken_with_a_button(services, clock):
    lou, noa = learners(services.database, 2)
    held = gathering(services.database, capacity=1)
    goes(services, lou, held)
    goes(services, noa, held)
    with services.database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
    assert reminders.send_due(services) == 1
    assert "Une place est libre" in heard(services, noa)[0]
    assert "jeudi 8 octobre à 16\xa0h" in heard(services, noa)[0]
    assert labels(services, noa) == ["Je prends la place", "Je la laisse", "Stop"]

    assert "La place est à toi" in press(services, noa, "Je prends la place")
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    assert "mercredi 14 octobre" in heard(services, noa)[-1]


def test_an_offer_that_has_ended_is_not_said_any_more_and_says_so_to_a_late_touch(services, clock):
    lou, noa = learners(services.database, 2)
    held = gathering(services.database, capacity=1)
    goes(services, lou, held)
    goes(services, noa, held)
    with services.database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
    assert reminders.send_due(services) == 1
    at(clock, 9, 17)
    assert taking_part.end_offers(services) == 1
    assert "n’est plus libre" in press(services, noa, "Je prends la place")


def test_who_was_chosen_and_who_was_not_this_time_hear_it_kindly(services):
    lou, noa = learners(services.database, 2)
    held = gathering(services.database, Kind.MEETING, chosen=True, capacity=1, title="Rencontre avec Ana")
    for one in (lou, noa):
        goes(services, one, held, motivation="J'aime dessiner.")
    with services.database.begin() as uow:
        happenings.choose(uow, OPERATOR, held, [lou], close=True)
    assert reminders.send_due(services) == 2
    assert "C’est oui" in heard(services, lou)[0]
    assert "cette fois" in heard(services, noa)[0]
    assert "Je ne viens plus" in labels(services, lou)
    assert "Je ne viens plus" not in labels(services, noa)


def test_looking_back_is_asked_two_hours_after_and_never_during(services, lou, clock):
    held = gathering(services.database)
    goes(services, lou, held, choice="none")
    with services.database.begin() as uow:
        agenda.plan(uow, "debrief", f"debrief:{held.id}", lou, WEDNESDAY + timedelta(hours=4), occurrence="1")
    at(clock, 14, 17, 59)
    assert reminders.send_due(services) == 0
    at(clock, 14, 18)
    assert reminders.send_due(services) == 1
    assert "Lab animation, mercredi 14 octobre" in heard(services, lou)[0]
    assert labels(services, lou)[1:] == LATER


def test_looking_back_waits_for_the_end_of_what_was_moved(services, lou, clock):
    held = gathering(services.database)
    goes(services, lou, held, choice="none")
    with services.database.begin() as uow:
        agenda.plan(uow, "debrief", f"debrief:{held.id}", lou, WEDNESDAY + timedelta(hours=4), occurrence="1")
    move(services, held, WEDNESDAY + timedelta(days=1, hours=1))
    assert reminders.send_due(services) == 1  # the change itself
    at(clock, 14, 18)
    reminders.send_due(services)
    at(clock, 15, 19)
    assert reminders.send_due(services) == 1
    assert "Lab animation, jeudi 15 octobre" in heard(services, lou)[-1]


# ---------------------------------------------------------------- what is too late


def test_what_has_begun_is_not_reminded_of_and_tomorrow_is_never_said_of_today(services, lou, clock):
    held = gathering(services.database, starts=WEDNESDAY + timedelta(hours=5))
    goes(services, lou, held)
    at(clock, 14, 16)  # the process was down since the eve
    assert reminders.send_due(services) == 1
    (said,) = heard(services, lou)
    assert "demain" not in said.casefold()
    assert "mercredi 14 octobre, de 19\xa0h" in said
    assert "en panne" in said

    other = gathering(services.database, starts=WEDNESDAY + timedelta(days=7))
    goes(services, lou, other)
    at(clock, 21, 15, 30)
    assert reminders.send_due(services) == 0
    assert statuses(services, lou)["gathering D-1 2026-10-20"] is Status.EXPIRED


def test_two_hours_before_comes_only_when_asked_for_and_outside_school(services, lou, clock):
    goes(services, lou, gathering(services.database, starts=WEDNESDAY + timedelta(hours=4)), choice="more")
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    at(clock, 14, 16)
    assert reminders.send_due(services) == 1
    assert "aujourd’hui" in heard(services, lou)[-1].casefold() or "mercredi 14" in heard(services, lou)[-1]
    assert "demain" not in heard(services, lou)[-1].casefold()


def test_a_change_of_tomorrow_found_out_at_night_is_told_in_the_morning_school_or_not(services, lou, clock):
    held = gathering(services.database)  # a school Wednesday at two
    goes(services, lou, held, choice="none")
    at(clock, 13, 21, 30)
    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)
    assert reminders.send_due(services) == 0
    at(clock, 14, 7, 59)
    assert reminders.send_due(services) == 0
    at(clock, 14, 8)
    assert reminders.send_due(services) == 1
    assert "n’aura pas lieu" in heard(services, lou)[0]


# ---------------------------------------------------------------- what goes together


def test_everything_of_one_evening_is_one_message_with_the_buttons_of_the_first(services, lou, clock):
    goes(services, lou, gathering(services.database))
    with services.database.begin() as uow:
        steps = [{"first_step": "appeler l'école", "due": "2026-10-13"}]
        conversations.note(uow, lou, {"action.list": steps})
        agenda.plan(uow, "action_due", f"action:{lou}", lou, datetime(2026, 10, 13, 17), occurrence="0",  # noqa: DTZ001
                    body={"due": "2026-10-13"})  # fmt: skip
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    (said,) = heard(services, lou)
    assert said.index("Lab animation") < said.index("appeler l'école")
    assert labels(services, lou)[1:4] == LATER


def test_what_is_due_later_on_the_same_day_comes_with_the_first_message(services, lou, clock):
    goes(services, lou, gathering(services.database))
    with services.database.begin() as uow:
        conversations.note(uow, lou, {"action.list": [{"first_step": "appeler", "due": "2026-10-13"}]})
        agenda.plan(uow, "action_due", f"action:{lou}", lou, datetime(2026, 10, 13, 16), occurrence="0",  # noqa: DTZ001
                    body={"due": "2026-10-13"})  # fmt: skip
    at(clock, 13, 16)
    assert reminders.send_due(services) == 1
    at(clock, 13, 17)
    assert reminders.send_due(services) == 0
    assert "Lab animation" in heard(services, lou)[0]


def test_the_first_message_of_a_week_names_the_others_and_they_stay_silent(services, lou, clock):
    first, second = (
        gathering(services.database, starts=WEDNESDAY),
        gathering(services.database, starts=WEDNESDAY + timedelta(days=2), title="Lab son"),
    )
    goes(services, lou, first, second)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    assert "vendredi 16 octobre" in heard(services, lou)[0]
    at(clock, 15, 17)
    assert reminders.send_due(services) == 0
    assert statuses(services, lou)["gathering D-1 2026-10-15"] is Status.EXPIRED


def test_more_for_one_gathering_is_not_counted(services, lou, clock):
    first = gathering(services.database, starts=WEDNESDAY)
    second = gathering(services.database, starts=WEDNESDAY + timedelta(days=2), title="Lab son")
    goes(services, lou, first)
    goes(services, lou, second, choice="more")
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    assert "Lab son" not in heard(services, lou)[0]
    at(clock, 15, 17)
    assert reminders.send_due(services) == 1


def test_staff_s_own_lists_and_the_weekly_word_share_one_slot(services, clock):
    (lou,) = learners(services.database, 1, group="Les mercredis")
    with services.database.begin() as uow:
        group = str(uow.connection.exec_driver_sql("SELECT id FROM groups").scalar())
        conversations.note(uow, lou, {"consent.reminder_slot": "wed_pm"})
        profile = {"consent.reminder_slot": "wed_pm"}
        reminders.after_turn(services, uow, lou, profile, ["consent.reminder_slot"], began=False)
    starts = datetime(2026, 10, 16, 17)  # noqa: DTZ001  # a Friday: its eve is the day after the weekly word
    gathering(services.database, starts=starts, group_id=group)
    sent = []
    at(clock, 7, 16)
    for _ in range(14 * 24):
        clock.move(hours=1)
        if reminders.send_due(services):
            sent.append(clock.now.astimezone(BRUSSELS).strftime("%d %H"))
    assert sent[0] == "15 17"  # the weekly word of the 14th made room
    assert len(sent) == 1


def test_staff_s_own_lists_say_nothing_to_who_never_said_yes(services, clock):
    (lou,) = learners(services.database, 1, group="Les mercredis")
    with services.database.begin() as uow:
        group = str(uow.connection.exec_driver_sql("SELECT id FROM groups").scalar())
        conversations.note(uow, lou, {"consent.reminder_slot": "none"})
    gathering(services.database, group_id=group)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 0


def test_after_an_outage_the_soonest_comes_first_and_has_the_buttons(services, lou, clock):
    fair = gathering(services.database, Kind.FAIR, WEDNESDAY + timedelta(days=2), title="le salon")
    goes(services, lou, gathering(services.database), fair)
    at(clock, 13, 17)  # down since Friday: the word of a week before is late
    assert reminders.send_due(services) == 1
    (said,) = heard(services, lou)
    assert said.index("• Lab animation") < said.index("salon")
    assert labels(services, lou)[-1] == "Plus de rappels pour les labs"


# ---------------------------------------------------------------- what the buttons do


def test_later_brings_the_same_reminder_back_before_it_begins_and_never_after(services, lou, clock):
    goes(services, lou, gathering(services.database, starts=datetime(2026, 10, 14, 19)))  # noqa: DTZ001
    at(clock, 13, 17)
    reminders.send_due(services)
    assert "demain à 17\xa0h" in press(services, lou, "Plus tard")
    at(clock, 14, 17)
    assert reminders.send_due(services) == 1
    assert "Lab animation" in heard(services, lou)[-1]
    assert "demain" not in heard(services, lou)[-1].casefold()
    assert "C’est tout proche" not in press(services, lou, "Plus tard")  # six o'clock is still to come
    at(clock, 14, 18, 30)
    assert reminders.send_due(services) == 1
    assert "C’est tout proche" in press(services, lou, "Plus tard")


def test_no_more_about_labs_keeps_the_rest(services, lou, clock):
    goes(services, lou, gathering(services.database))
    after = gathering(services.database, starts=WEDNESDAY + timedelta(days=7))
    fair = gathering(services.database, Kind.FAIR, WEDNESDAY + timedelta(days=14), title="Salon")
    goes(services, lou, after, fair)
    at(clock, 13, 17)
    reminders.send_due(services)
    assert "plus de rappels pour les labs" in press(services, lou, "Plus de rappels pour les labs")
    at(clock, 20, 17)
    assert reminders.send_due(services) == 0
    at(clock, 21, 17)
    assert reminders.send_due(services) == 1
    assert "Salon" in heard(services, lou)[-1]
    with services.database.begin() as uow:
        assert reminder_kinds.kinds_of(conversations.profile(uow, lou)) == {"lab": "off"}
        assert reminder_kinds.usual(conversations.profile(uow, lou), Kind.LAB) == "none"


def test_stop_takes_back_what_waits_and_what_is_on_its_way_until_they_say_otherwise(services, clock):
    lou = member(services)
    held = gathering(services.database)
    goes(services, lou, held)
    goes(services, lou, gathering(services.database, starts=WEDNESDAY + timedelta(days=7)))
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    handle(services, Incoming("telegram", "4711", "s", Text("stop")))
    assert [row.state for row in queue(services) if row.kind == "reminder"] == [State.CANCELLED]
    at(clock, 20, 17)
    assert reminders.send_due(services) == 0

    at(clock, 20, 17, 1)
    new = gathering(services.database, starts=WEDNESDAY + timedelta(days=8), title="Lab jeux")
    goes(services, lou, new)
    with services.database.begin() as uow:
        person = people.get(uow, lou)
        assert person is not None
        assert not reminder_kinds.may_remind(person, conversations.profile(uow, lou))
        reminder_kinds.allow_again(uow, lou)
        conversations.note(uow, lou, {"consent.reminders": True})
    at(clock, 21, 17)
    assert reminders.send_due(services) == 1


def test_a_channel_of_its_own_for_a_kind_as_long_as_it_works(services, clock):
    lou = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, lou, "discord", "42")
        reminder_kinds.choose_kind(uow, lou, "lab", "discord")
        with pytest.raises(ValueError, match="no such"):
            reminder_kinds.choose_kind(uow, lou, "lab", "pigeon")
        with pytest.raises(ValueError, match="no such"):
            reminder_kinds.choose_kind(uow, lou, "colab", "off")
    goes(
        services,
        lou,
        gathering(services.database),
        gathering(services.database, starts=WEDNESDAY + timedelta(days=7)),
    )
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    assert len(queue(services, "discord")) == 1
    with services.database.begin() as uow:
        people.mark_unreachable(uow, lou, "discord")
    at(clock, 20, 17)
    assert reminders.send_due(services) == 1
    assert len(queue(services, "telegram")) == 1


def test_at_twelve_nothing_comes_unless_it_is_asked_for(services, clock):
    (lou,) = learners(services.database, 1, "12")
    first = gathering(services.database)
    with services.database.begin() as uow:
        taking_part.sign_up(uow, lou, first.id)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 0
    with services.database.begin() as uow:
        second = happenings.add(uow, OPERATOR, replace(first.details, local_starts=WEDNESDAY + timedelta(days=7),
                                                       local_ends=WEDNESDAY + timedelta(days=7, hours=2)))  # fmt: skip
        taking_part.sign_up(uow, lou, second.id, reminders="eve")
    at(clock, 20, 17)
    assert reminders.send_due(services) == 1


# ---------------------------------------------------------------- on its way when something changes


def test_what_has_not_left_when_it_moves_is_called_back_and_the_rest_of_it_comes_again(services, clock):
    lou = member(services)
    first = gathering(services.database)
    second = gathering(services.database, starts=WEDNESDAY + timedelta(hours=3), title="Lab son")
    goes(services, lou, first, second)
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    clock.move(minutes=1)
    move(services, first, WEDNESDAY + timedelta(days=9))
    assert [row.state for row in queue(services)] == [State.CANCELLED]

    assert (
        reminders.send_due(services) == 1
    )  # the notice waits for nothing: it is not about today, but it is allowed now
    (said,) = [
        text
        for row, text in zip(queue(services), texts(queue(services)), strict=True)
        if row.state is State.QUEUED
    ]
    assert "Du changement" in said
    assert "Lab son" in said


def test_what_the_platform_could_not_take_before_the_evening_comes_again(services, clock):
    lou = member(services)
    with services.database.begin() as uow:
        holidays.put(uow, [holidays.Holiday(date(2026, 10, 12), date(2026, 10, 16))])
    goes(services, lou, gathering(services.database))
    at(clock, 13, 17)
    assert reminders.send_due(services) == 1
    at(clock, 13, 20)  # Telegram was away all the time
    with services.database.begin() as uow:
        assert outbox.expire(uow) == 1
    assert reminders.call_back_late(services) == 1
    assert reminders.call_back_late(services) == 0
    assert reminders.send_due(services) == 0
    at(clock, 14, 8)
    assert reminders.send_due(services) == 1
    said = texts(queue(services))[-1]
    assert "demain" not in said.casefold()
    assert "mercredi 14 octobre" in said


def test_a_gathering_that_was_removed_is_reminded_of_no_more(services, lou, clock):
    held = gathering(services.database)
    goes(services, lou, held)
    with services.database.begin() as uow:
        found = gatherings.get(uow, held.id)
        assert found is not None
        happenings.cancel(uow, OPERATOR, found)
    at(clock, 13, 17)
    reminders.send_due(services)
    assert "Lab animation : mercredi" not in "\n".join(heard(services, lou))
