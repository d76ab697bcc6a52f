"""What comes in a learner's agenda is proposed before the rest, then what was lived without a trace; never twice."""
# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored

from datetime import UTC, datetime

import pytest

from bot.application import errands, happenings, next_best, taking_part
from bot.application.errands import Run
from bot.application.next_gatherings import PAGES
from bot.application.rights import OPERATOR
from dialogues.events import Context
from storage.gatherings import Kind
from tests.bot.happening import gathering, learners

WEDNESDAY = datetime(2026, 11, 25, 14, 0)


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def goes(services, person: str, kind: Kind = Kind.LAB, starts: datetime = WEDNESDAY):
    held = gathering(services.database, kind, starts)
    with services.database.begin() as uow:
        taking_part.sign_up(uow, person, held.id)
    return held


def proposed(services, person: str | None, **profile):
    known = {"user.age_band": "13-15"} | {key.replace("__", "."): value for key, value in profile.items()}
    context = Context(services.local_now(), "seed", pages=services.pages)
    with services.database.begin() as uow:
        brought = errands.run("next_best", Run(services, uow if person else None, person, known, {}, context))
    return brought.values.get("next.page"), brought.values.get("next.why")


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        (Kind.LAB, "session_prep"),
        (Kind.SESSION, "session_prep"),
        (Kind.MEETING, "inspiring_meeting"),
    ],
)
def test_what_comes_this_week_is_proposed_with_its_day(services, kind, page):
    [lou] = learners(services.database, 1)
    goes(services, lou, kind)

    found, why = proposed(services, lou)

    assert found == page
    assert "demain" in str(why)


def test_a_page_that_was_begun_comes_first_and_a_planned_step_after(services):
    [lou] = learners(services.database, 1)
    goes(services, lou)
    begun = {"book_entry": {"at": services.now().isoformat()}}
    steps = [{"first_step": "appeler", "due": "2026-11-26"}]

    assert proposed(services, lou, progress__open=begun)[0] == "book_entry"
    assert proposed(services, lou, action__list=steps)[0] == "session_prep"


def test_once_prepared_it_is_not_proposed_again(services):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)

    assert (
        proposed(services, lou, session__log=[{"id": held.id, "intention": "try"}])[0] == "interest_explorer"
    )


def test_a_lab_that_was_lived_without_a_trace_is_proposed_until_it_has_one(services, clock):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)
    clock.now = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)

    assert proposed(services, lou, session__log=[{"id": held.id, "intention": "try"}])[0] == "session_debrief"
    assert proposed(services, lou, session__log=[{"id": held.id, "energy": 4}])[0] == "interest_explorer"


def test_what_is_cancelled_left_or_far_off_is_not_proposed(services):
    lou, sam, ida = learners(services.database, 3)
    held = goes(services, lou)
    goes(services, sam, starts=datetime(2026, 12, 9, 14, 0))
    left = goes(services, ida)
    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)
        taking_part.leave(uow, ida, left.id)

    assert [proposed(services, one)[0] for one in (lou, sam, ida)] == ["interest_explorer"] * 3


def test_pages_about_gatherings_are_never_proposed_out_of_the_blue(sqlite_services):
    library = sqlite_services.library
    context = Context(sqlite_services.local_now(), "seed", pages=sqlite_services.pages)
    lived: list[str] = []
    for _ in library.pages:
        done = [{"page": page, "at": "2026-11-20"} for page in lived]
        found = next_best.propose({"progress.done": done, "job.seen": ["x"]}, library, context)
        assert found is not None
        assert found.page not in PAGES
        lived.append(found.page)


def test_specification_waits_for_two_labs_or_meetings_that_were_looked_back_on(sqlite_services):
    library = sqlite_services.library
    context = Context(sqlite_services.local_now(), "seed", pages=sqlite_services.pages)
    done = [
        {"page": page.id, "at": "2026-11-20"}
        for page in library.pages.values()
        if page.task != "specification"
    ]
    ready = {
        "user.age_band": "16-18",
        "job.seen": list("abcdef"),
        "value.ranking": ["freedom"],
        "progress.done": done,
    }
    prepared = [{"id": "a", "intention": "try"}, {"id": "b", "intention": "try"}]
    lived = [{"id": "a", "energy": 4}]
    met = [{"id": "m", "surprised": "tout"}]

    def task(**more):
        found = next_best.propose({**ready, **more}, library, context)
        return library.pages[found.page].task if found else None

    assert task(**{"session.log": prepared}) != "specification"
    assert task(**{"session.log": lived}) != "specification"
    assert task(**{"session.log": lived, "meeting.notes": met}) == "specification"
