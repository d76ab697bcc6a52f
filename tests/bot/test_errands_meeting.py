"""Before and after a rencontre inspirante: which one, its record, questions in order, a word of thanks."""
# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored

from datetime import UTC, datetime

import pytest

from bot.application import happenings, look_back, taking_part
from bot.application.rights import OPERATOR
from storage import agenda
from storage.gatherings import Kind
from tests.bot.happening import gathering, learners
from tests.bot.test_errands_session import do

THURSDAY = datetime(2026, 11, 26, 17, 0)


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def meets(services, person: str, starts: datetime = THURSDAY, **more):
    given = {"title": "Une ingénieure du son", "domain": "", **more}
    held = gathering(services.database, Kind.MEETING, starts, **given)
    with services.database.begin() as uow:
        taking_part.sign_up(uow, person, held.id, motivation="j’adore le son")
    return held


def test_the_meeting_of_the_agenda_is_the_one_that_is_prepared(services):
    [lou] = learners(services.database, 1)
    held = meets(services, lou)

    brought = do(services, "open_meeting", lou, meet__phase="before", meeting__notes=[{"id": "x"}])

    assert brought.outcome == "known"
    assert brought.values["meet.about"] == "« Une ingénieure du son », jeudi 26 novembre"
    assert brought.values["meet.others"] == [{"id": "x"}]
    last = brought.values["meet.notes"][-1]
    assert (last["id"], last["who"], last["date"]) == (held.id, "Une ingénieure du son", "2026-11-26")


def test_somebody_who_still_waits_to_be_chosen_may_prepare(services):
    [lou] = learners(services.database, 1)
    held = meets(services, lou, chosen=True)

    assert do(services, "open_meeting", lou, meet__phase="before").values["meet.gathering"] == held.id


def test_a_cancelled_meeting_or_one_of_somebody_else_is_not_theirs(services):
    lou, sam = learners(services.database, 2)
    held = meets(services, lou)
    assert do(services, "open_meeting", sam, meet__phase="before").outcome == "new"

    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)

    assert do(services, "open_meeting", lou, meet__phase="before").outcome == "new"


def test_afterwards_what_was_imagined_is_found_and_nothing_more_reminds_of_it(services, clock):
    [lou] = learners(services.database, 1)
    held = meets(services, lou)
    do(services, "plan_look_back", lou, look__gathering=held.id)
    notes = [{"id": held.id, "imagine": "quelqu'un de sévère"}, {"id": "own:2026-11-01:1", "who": "x"}]
    clock.now = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)

    values = do(services, "open_meeting", lou, meet__phase="after", meeting__notes=notes).values

    assert values["meet.notes"][-1]["imagine"] == "quelqu'un de sévère"
    assert [one["id"] for one in values["meet.notes"]] == ["own:2026-11-01:1", held.id]
    with services.database.read() as uow:
        assert agenda.waiting(uow, look_back.source(held.id), look_back.KIND) == []


def test_a_meeting_that_was_looked_back_on_is_not_proposed_again(services, clock):
    [lou] = learners(services.database, 1)
    held = meets(services, lou)
    clock.now = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)

    again = do(
        services, "open_meeting", lou, meet__phase="after", meeting__notes=[{"id": held.id, "keep": "x"}]
    )

    assert again.outcome == "new"
    assert again.values["meet.others"] == [{"id": held.id, "keep": "x"}]


def test_in_a_visit_it_is_a_new_one_and_later_the_same(sqlite_services):
    before = do(sqlite_services, "open_meeting", None, meet__phase="before")
    assert before.outcome == "new"
    record = {**before.values["meet.notes"][-1], "who": "un luthier"}

    after = do(sqlite_services, "open_meeting", None, meet__phase="after", meeting__notes=[record])
    assert (after.outcome, after.values["meet.about"]) == ("known", "« un luthier »")


@pytest.mark.parametrize("odd", [None, "x", [None, 3], [{"id": None}], [{"id": "own:x", "date": "hier"}]])
def test_damaged_notes_hold_nobody_up(sqlite_services, odd):
    for phase in ("before", "after"):
        brought = do(sqlite_services, "open_meeting", None, meet__phase=phase, meeting__notes=odd)
        assert brought.values["meet.notes"][-1]["id"]


def test_their_own_question_comes_first_and_nothing_is_made_up_when_there_are_some(sqlite_services):
    brought = do(sqlite_services, "gather_questions", None, meet__own=" Tu dors ? ", meet__bank=["q2", "odd"])

    assert [one["title"] for one in brought.values["meet.asks"]] == ["Tu dors ?", "Une journée normale ?"]


def test_without_a_question_what_they_want_to_know_becomes_one(sqlite_services):
    notes = [{"id": "a", "themes": ["money", "path", "odd"]}]

    brought = do(sqlite_services, "gather_questions", None, meeting__notes=notes)

    assert [one["id"] for one in brought.values["meet.asks"]] == ["about_money", "about_path"]
    assert do(sqlite_services, "gather_questions", None).outcome == "none"


def test_questions_are_kept_in_order_before_the_earlier_ones_each_once(sqlite_services):
    asks = [{"id": one, "title": f"{one} ?"} for one in ("own", "q1", "q2", "q3")]
    given = {
        "meet__asks": asks,
        "meet__order": ["q2", "own", "q1"],
        "meeting__questions": ["avant ?", "q1 ?"],
    }

    values = do(sqlite_services, "keep_questions", None, **given).values

    assert values["meet.asked"] == ["q2 ?", "own ?", "q1 ?", "q3 ?"]
    assert values["meet.questions"] == ["q2 ?", "own ?", "q1 ?", "q3 ?", "avant ?"]
    assert values["meet.list"] == "« q2 ? », « own ? », « q1 ? » et « q3 ? »"


def test_a_word_of_thanks_quotes_the_line_without_a_second_full_stop(sqlite_services):
    said = do(
        sqlite_services,
        "word_thanks",
        None,
        meeting__notes=[{"keep": "On apprend. "}],
        user__first_name="Lou",
    )

    assert (said.outcome, said.values) == ("line", {"meet.keep": "On apprend", "meet.name": "Lou"})
    assert do(sqlite_services, "word_thanks", None).outcome == "plain"
