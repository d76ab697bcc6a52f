"""« Mon agenda » in a conversation: what comes, one gathering, places that go between two clicks, hostile keys."""
# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored

from datetime import UTC, date, datetime

import pytest

from bot.application import happenings
from bot.application.rights import OPERATOR
from storage import agenda, conversations, participations, people
from storage.gatherings import Kind
from storage.participations import Standing
from tests.bot.happening import details, gathering, learners
from tests.bot.test_errands_session import do

WEDNESDAY = datetime(2026, 11, 25, 14, 0)


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def see(services, person, held):
    return do(services, "see_gathering", person, agenda__picked=str(held.number))


def act(services, person, held, what, **more):
    return do(services, "take_part", person, agenda__number=held.number, agenda__act=what, **more).outcome


def standing(services, person, held):
    with services.database.read() as uow:
        part = participations.get(uow, held.id, person)
    return part.standing if part else None


def test_ones_own_come_first_then_five_at_a_time_until_the_end(services):
    [lou] = learners(services.database, 1)
    held = [gathering(services.database, starts=datetime(2026, 11, 25 + n % 5, 8 + n, 0), title=f"Lab {n}") for n in range(7)]  # fmt: skip
    act(services, lou, held[6], "join")

    first = do(services, "list_agenda", lou)
    following = do(
        services, "list_agenda", lou, agenda__picked="more", agenda__next=first.values["agenda.next"]
    )

    assert first.values["agenda.cards"][0]["id"] == str(held[6].number)
    assert len(first.values["agenda.cards"]) == 6
    assert first.values["agenda.cards"][-1]["id"] == "more"
    assert "Lab 6" in first.values["agenda.own"]
    assert "ta place est gardée" in first.values["agenda.own"]
    seen = [
        one["id"] for page in (first, following) for one in page.values["agenda.cards"] if one["id"] != "more"
    ]
    assert sorted(seen, key=int) == [str(one.number) for one in held]


def test_an_empty_agenda_says_so(sqlite_services):
    assert do(sqlite_services, "list_agenda", None).outcome == "none"


def test_a_gathering_is_told_in_words_with_its_doubt_and_never_with_numbers_of_places(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=WEDNESDAY, capacity=2, route="Bus 4", source="https://siep.be/x", seen=date(2026, 10, 12))  # fmt: skip

    brought = see(services, lou, held)

    lines = brought.values["agenda.sheet"].split("\n")
    assert brought.outcome == "free"
    assert lines[:3] == ["Lab animation", "Demain, de 14\u00a0h à 16\u00a0h", "Salle B — Bus 4"]
    assert "À vérifier : date lue le 12 octobre sur siep.be." in lines
    assert "Il y a encore de la place." in lines
    assert brought.values["agenda.links"].endswith(f"/agenda/{held.number}.ics")


def test_signing_up_leaving_and_signing_up_again(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=WEDNESDAY)

    assert [act(services, lou, held, what) for what in ("join", "join", "leave", "leave", "join")] == [
        "going", "going", "left", "nothing", "going",
    ]  # fmt: skip
    assert see(services, lou, held).outcome == "going"


def test_the_last_place_goes_between_two_clicks(services):
    lou, sam, ida = learners(services.database, 3)
    held = gathering(services.database, starts=WEDNESDAY, capacity=1)
    alone = gathering(services.database, starts=datetime(2026, 11, 26, 14, 0), capacity=1, waiting=False)
    assert [see(services, lou, one).outcome for one in (held, alone)] == ["free", "free"]

    for one in (held, alone):
        act(services, sam, one, "join")

    assert act(services, lou, held, "join") == "waiting"
    assert act(services, lou, alone, "join") == "full"
    assert see(services, ida, held).outcome == "list"
    assert see(services, ida, alone).outcome == "closed"
    assert see(services, lou, held).outcome == "waits"


def test_an_offered_place_is_taken_or_given_on_and_said_until_when(services):
    lou, sam = learners(services.database, 2)
    held = gathering(services.database, starts=datetime(2026, 12, 9, 14, 0), capacity=1)
    act(services, sam, held, "join")
    act(services, lou, held, "join")
    act(services, sam, held, "leave")

    offered = see(services, lou, held)
    assert offered.outcome == "offered"
    assert offered.values["agenda.until"].startswith("demain à")
    assert act(services, lou, held, "accept") == "going"
    assert standing(services, lou, held) is Standing.GOING


def test_a_gathering_cancelled_while_it_is_read_takes_nobody(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=WEDNESDAY)
    see(services, lou, held)
    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)

    assert act(services, lou, held, "join") == "cancelled"
    assert see(services, lou, held).outcome == "cancelled"
    assert standing(services, lou, held) is None


def test_staff_choose_only_among_those_who_say_why(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, Kind.MEETING, WEDNESDAY, chosen=True)

    assert see(services, lou, held).outcome == "choice"
    assert act(services, lou, held, "join") == "say_why"
    assert act(services, lou, held, "join", agenda__why="  ") == "say_why"
    assert act(services, lou, held, "join", agenda__why="é" * 500) == "asked"
    with services.database.read() as uow:
        part = participations.get(uow, held.id, lou)
    assert part is not None
    assert len(part.motivation) == 300


def test_a_visit_sees_and_is_asked_for_agreement_before_signing_up(services):
    held = gathering(services.database, starts=WEDNESDAY)

    assert see(services, None, held).outcome == "visit"
    assert act(services, None, held, "join") == "visit"
    assert do(services, "list_agenda", None).outcome == "some"


def test_another_age_is_told_and_another_group_sees_nothing(services):
    [lou] = learners(services.database, 1, band="12")
    older = gathering(services.database, starts=WEDNESDAY, bands="16-18")

    assert see(services, lou, older).outcome == "not_for_you"
    assert act(services, lou, older, "join") == "not_for_you"


@pytest.mark.parametrize(
    "odd", ["", "0", "-1", "9" * 40, "²", "١٢", "more", "<script>", "1 OR 1=1", "😀", None]
)
def test_a_key_that_is_no_number_finds_nothing(services, odd):
    [lou] = learners(services.database, 1)

    assert do(services, "see_gathering", lou, agenda__picked=odd).outcome == "gone"
    assert do(services, "take_part", lou, agenda__number=odd, agenda__act="join").outcome == "unknown"


def test_an_act_that_nobody_knows_changes_nothing(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=WEDNESDAY)

    assert act(services, lou, held, "drop table") == "nothing"
    assert standing(services, lou, held) is None


def test_not_this_time_gives_back_a_place_taken_a_moment_ago(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=WEDNESDAY)
    assert do(services, "not_coming", lou, agenda__number=held.number).outcome == "nothing"

    act(services, lou, held, "join")

    assert do(services, "not_coming", lou, agenda__number=held.number).outcome == "left"
    assert do(services, "not_coming", lou, agenda__number=held.number).outcome == "nothing"


def reminders(services, person):
    with services.database.read() as uow:
        return sorted(
            (one.body.get("code"), one.local_at)
            for one in agenda.of_person(uow, person)
            if one.status is agenda.Status.PLANNED
        )


@pytest.mark.parametrize(
    ("choice", "codes"), [("eve", ["D-1"]), ("more", ["D-1", "H-2"]), ("none", []), ("odd", ["D-1"])]
)
def test_reminders_are_those_that_were_chosen(services, choice, codes):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=datetime(2026, 11, 28, 14, 0))
    act(services, lou, held, "join")

    brought = do(services, "remind_me", lou, agenda__id=held.id, agenda__reminders=choice)

    assert brought.outcome == ("nothing" if choice == "odd" else "kept")
    assert brought.values.get("agenda.when", "") == (
        "vendredi 27 novembre à 17\u00a0h" if choice in ("eve", "more") else ""
    )
    assert [code for code, _ in reminders(services, lou)] == codes


def test_a_reminder_that_would_come_too_late_is_not_promised(services, clock):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=WEDNESDAY)
    act(services, lou, held, "join")
    clock.now = datetime(
        2026, 11, 24, 17, 0, tzinfo=UTC
    )  # an hour after the eve's; two hours before, school is not over: the evening before

    said = {
        choice: do(services, "remind_me", lou, agenda__id=held.id, agenda__reminders=choice).values[
            "agenda.when"
        ]
        for choice in ("eve", "more", "none")
    }

    assert said == {"eve": "", "more": "aujourd’hui à 19\u00a0h\u00a059", "none": ""}


@pytest.mark.parametrize("title", ["le forum des métiers", "R" * 120, "À " + "très " * 20 + "long"])
def test_a_button_begins_with_a_capital_and_has_room_for_the_day(sqlite_services, title):
    held = gathering(sqlite_services.database, Kind.OTHER, datetime(2026, 12, 9, 14, 0), title=title.strip())

    (card,) = do(sqlite_services, "list_agenda", None).values["agenda.cards"]

    assert card["id"] == str(held.number)
    assert card["title"][0].isupper()
    assert card["title"].endswith(", mercredi 9 décembre")
    assert len(card["title"]) <= 80


def test_a_stop_stands_until_the_learner_lifts_it_here(services):
    [lou] = learners(services.database, 1)
    held = gathering(services.database, starts=datetime(2026, 11, 28, 14, 0))
    act(services, lou, held, "join")
    with services.database.begin() as uow:
        people.set_silent(uow, lou, silent=True)
        conversations.note(uow, lou, {"consent.reminders": False})

    given = {"agenda__id": held.id, "agenda__reminders": "more"}
    assert do(services, "remind_me", lou, **given).outcome == "stopped"
    assert do(services, "remind_me", lou, agenda__id=held.id, agenda__reminders="none").outcome == "kept"
    assert do(services, "allow_reminders", lou, **given).outcome == "kept"
    assert [code for code, _ in reminders(services, lou)] == ["D-1", "H-2"]
    with services.database.read() as uow:
        person = people.get(uow, lou)
    assert person is not None
    assert not person.silent


def test_another_date_of_the_same_lab_is_offered(services):
    [lou] = learners(services.database, 1)
    with services.database.begin() as uow:
        made = happenings.repeat(uow, OPERATOR, details(starts=WEDNESDAY), until=date(2026, 12, 16))

    dates = see(services, lou, made.gatherings[0]).values["agenda.dates"]

    assert [one["id"] for one in dates] == [str(one.number) for one in made.gatherings[1:]]
