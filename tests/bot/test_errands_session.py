"""Before and after a lab: which one, its record, three occupations, what was felt, and one reminder when it was asked for."""
# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored

from datetime import UTC, date, datetime

import pytest

from bot.application import domains, errands, happenings, look_back, quiet, taking_part
from bot.application.errands import Run
from bot.application.rights import OPERATOR
from bot.application.services import Services
from careers import fit
from dialogues.events import Brought, Context
from storage import agenda, conversations, people
from storage.gatherings import Kind
from tests.bot.happening import details, gathering, learners

WEDNESDAY = datetime(2026, 11, 25, 14, 0)


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def do(services: Services, name: str, person: str | None, **inputs: object) -> Brought:
    given = {key.replace("__", "."): value for key, value in inputs.items()}
    context = Context(services.local_now(), "seed", pages=services.pages)
    with services.database.begin() as uow:
        held = uow if person else None
        return errands.run(name, Run(services, held, person, {}, given, context))


def goes(services: Services, person: str, kind: Kind = Kind.LAB, starts: datetime = WEDNESDAY, **more):
    held = gathering(services.database, kind, starts, **more)
    with services.database.begin() as uow:
        taking_part.sign_up(uow, person, held.id)
    return held


def ids(cards) -> list[str]:
    return [card["id"] for card in cards]


# ---------------------------------------------------------------- which lab


def test_the_lab_of_this_week_is_found_and_called_by_its_theme(services):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)

    brought = do(services, "next_lab", lou)

    assert brought.outcome == "soon"
    assert brought.values["lab.ton"] == "Ton lab animation"
    assert brought.values["lab.gathering"] == held.id


@pytest.mark.parametrize(
    ("kind", "said"), [(Kind.SESSION, "Ta séance animation"), (Kind.MASTERLAB, "Ton masterlab animation")]
)
def test_each_kind_has_its_word(sqlite_services, kind, said):
    [lou] = learners(sqlite_services.database, 1)
    goes(sqlite_services, lou, kind)

    assert do(sqlite_services, "next_lab", lou).values["lab.ton"] == said


def test_without_a_theme_it_is_called_by_its_title(sqlite_services):
    [lou] = learners(sqlite_services.database, 1)
    goes(sqlite_services, lou, domain="", title="Nuit du code")

    assert do(sqlite_services, "next_lab", lou).values["lab.ton"] == "Ton lab « Nuit du code »"


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": Kind.MEETING},
        {"kind": Kind.FAIR},
        {"starts": datetime(2026, 12, 9, 14, 0)},  # two weeks ahead
    ],
)
def test_only_labs_within_a_week_are_prepared(sqlite_services, odd):
    [lou] = learners(sqlite_services.database, 1)
    goes(sqlite_services, lou, **odd)

    assert do(sqlite_services, "next_lab", lou).outcome == "none"


def test_a_lab_of_somebody_else_or_cancelled_is_none(services):
    lou, sam = learners(services.database, 2)
    held = goes(services, sam)
    assert do(services, "next_lab", lou).outcome == "none"

    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)

    assert do(services, "next_lab", sam).outcome == "none"


def test_of_several_the_learner_says_which_and_the_eve_does_not_ask(services):
    [lou] = learners(services.database, 1)
    first = goes(services, lou)
    second = goes(services, lou, starts=datetime(2026, 11, 28, 10, 0), domain="robotics", title="Robots")

    asked = do(services, "next_lab", lou)
    assert asked.outcome == "several"
    assert ids(asked.values["lab.choices"]) == [first.id, second.id, "other"]

    picked = do(services, "next_lab", lou, lab__asked="which", lab__picked=second.id)
    passed = do(services, "next_lab", lou, lab__asked="which")
    eve = do(services, "next_lab", lou, lab__soonest="yes")
    assert [one.values["lab.id"] for one in (picked, passed, eve)] == [second.id, first.id, first.id]
    assert do(services, "next_lab", lou, lab__asked="which", lab__picked="other").outcome == "none"


def test_in_a_visit_a_theme_is_asked_for_and_any_answer_goes_on(sqlite_services):
    asked = do(sqlite_services, "next_lab", None)

    assert asked.outcome == "none"
    themes = ids(asked.values["lab.themes"])
    assert "animation" in themes
    assert themes[-1] == "other"
    for picked in ("animation", "other", "", "<script>", "😀" * 200):
        chosen = do(sqlite_services, "next_lab", None, lab__asked="theme", lab__picked=picked)
        assert chosen.outcome == "soon"
        assert chosen.values["lab.gathering"] == ""
        assert chosen.values["lab.domain"] == ("animation" if picked == "animation" else "")


def test_a_lab_about_something_else_is_called_by_the_learners_words(sqlite_services):
    given = {"lab__asked": "theme", "lab__picked": "other", "asked__other": "poterie"}

    first = do(sqlite_services, "next_lab", None, **given).values
    assert (first["lab.ton"], first["lab.domain"]) == ("Ton lab « poterie »", "")
    record = {"id": first["lab.id"], "date": "2026-11-24", "title": "poterie", "intention": "try"}
    assert do(sqlite_services, "past_lab", None, session__log=[record]).values["lab.id"] == first["lab.id"]
    assert (
        do(sqlite_services, "past_lab", None, session__log=[record], **given).values["lab.id"]
        == first["lab.id"]
    )


def test_the_last_labs_without_a_trace_are_looked_back_on_the_newest_first(services, clock):
    [lou] = learners(services.database, 1)
    labs = [goes(services, lou, starts=datetime(2026, 11, 25 + day, 17, 0)) for day in range(5)]
    clock.now = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)

    asked = do(services, "past_lab", lou)
    newest = [lab.id for lab in labs[:1:-1]]
    assert asked.outcome == "several"
    assert ids(asked.values["lab.choices"]) == [*newest, "other"]
    assert do(services, "past_lab", lou, lab__soonest="yes").values["lab.id"] == labs[-1].id

    log = [{"id": lab.id, "energy": 4} for lab in labs[1:]]
    assert do(services, "past_lab", lou, session__log=log).values["lab.id"] == labs[0].id


def test_a_lab_that_was_prepared_without_the_agenda_is_found_again(sqlite_services):
    log = [{"id": "own:2026-11-20:1", "date": "2026-11-20", "domain": "robotics", "intention": "try"}]

    found = do(sqlite_services, "past_lab", None, session__log=log)

    assert found.outcome == "one"
    assert found.values["lab.id"] == "own:2026-11-20:1"
    assert found.values["lab.ton"] == "Ton lab robotique"


def test_somebody_who_did_not_come_is_not_asked_about_it(services, clock):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)
    with services.database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
    clock.now = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)

    assert do(services, "past_lab", lou).outcome == "none"


# ---------------------------------------------------------------- its record


def test_what_was_prepared_is_completed_and_comes_last(sqlite_services):
    log = [{"id": "a", "intention": "tool"}, {"id": "b", "energy": 3}]
    given = {"lab__id": "a", "lab__day": "2026-11-25", "lab__kind": "lab", "lab__domain": "animation"}

    values = do(sqlite_services, "open_lab", None, session__log=log, **given).values

    assert values["lab.others"] == [{"id": "b", "energy": 3}]
    last = values["lab.log"][-1]
    assert (last["id"], last["intention"], last["domain"]) == ("a", "tool", "animation")
    assert len(values["lab.log"]) == 2


def test_three_occupations_practise_the_theme_one_is_unexpected_and_never_three_of_one_drive(sqlite_services):
    catalogue = sqlite_services.catalogue
    for theme in (*catalogue.domains, "", "nothing_of_ours"):
        weights = catalogue.domains[theme].weights if theme in catalogue.domains else {}
        most = {drive for drive, weight in weights.items() if weight == max(weights.values())}
        for seed in map(str, range(30)):
            found = domains.practised(catalogue, theme, seed)
            assert len({one.id for one in found}) == 3
            assert len({domains.lead(one, most) for one in found}) > 1, (theme, seed)
            if theme in catalogue.domains:  # nobody is said to do what they do not do
                assert all(theme in one.tumo_domains for one in found), theme
                assert any(set(fit.first_drives(one)) - most for one in found), (theme, seed)
            assert found == domains.practised(catalogue, theme, seed)


def test_a_trace_says_what_was_written_and_nothing_else(sqlite_services):
    whole = {"id": "a", "lived": "Le chat a sauté.", "learned": "24 images", "link_self": "j'avance vite !"}

    found = do(sqlite_services, "keep_trace", None, session__log=[whole], lab__id="a")
    some = do(sqlite_services, "keep_trace", None, session__log=[{"id": "a", "learned": "24 images"}])
    nothing = do(sqlite_services, "keep_trace", None, session__log=[{"id": "a", "energy": 2, "domain": "x"}])

    assert found.outcome == "whole"
    assert found.values["lab.lived"] == "Le chat a sauté"
    assert found.values["lab.parts"].endswith("j'avance vite !")
    assert (some.outcome, some.values["lab.parts"]) == ("part", "Compris : 24 images.")
    assert (nothing.outcome, nothing.values["lab.felt"]) == ("bare", {"x": 2.0})


# ---------------------------------------------------------------- looking back


@pytest.mark.parametrize(
    ("kind", "ends", "comes"),
    [
        (Kind.LAB, datetime(2026, 11, 25, 16, 0), datetime(2026, 11, 25, 18, 0)),
        (
            Kind.LAB,
            datetime(2026, 11, 25, 18, 30),
            datetime(2026, 11, 26, 17, 0),
        ),  # the night begins at eight
        (
            Kind.LAB,
            datetime(2026, 11, 25, 11, 0),
            datetime(2026, 11, 26, 17, 0),
        ),  # at school until half past three
        (Kind.SESSION, datetime(2026, 11, 28, 11, 0), datetime(2026, 11, 28, 13, 0)),  # a Saturday
        (Kind.MEETING, datetime(2026, 11, 25, 16, 0), datetime(2026, 11, 26, 17, 0)),
        (Kind.FAIR, datetime(2026, 11, 28, 16, 0), datetime(2026, 11, 29, 17, 0)),
    ],
)
def test_looking_back_comes_two_hours_after_or_the_next_day(sqlite_services, kind, ends, comes):
    starts = ends.replace(hour=ends.hour - 2)

    held = gathering(sqlite_services.database, kind, starts, hours=2)

    assert held.details.local_ends == ends
    assert look_back.moment(held, quiet.Holidays()) == comes


def test_in_the_holidays_there_is_no_school_to_wait_for(sqlite_services):
    held = gathering(sqlite_services.database, Kind.LAB, datetime(2026, 12, 28, 10, 0))
    closed = quiet.of([(date(2026, 12, 21), date(2027, 1, 3))])

    assert look_back.moment(held, closed) == datetime(2026, 12, 28, 14, 0)


def waiting(services: Services, held) -> list[agenda.Reminder]:
    with services.database.read() as uow:
        return agenda.waiting(uow, look_back.source(held.id), look_back.KIND)


def test_a_yes_plans_one_reminder_however_often_it_is_said(services):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)

    said = [do(services, "plan_look_back", lou, look__gathering=held.id) for _ in range(2)]

    assert [one.outcome for one in said] == ["planned", "planned"]
    assert said[0].values["look.when"] == "demain à 18\u00a0h"
    assert [one.local_at for one in waiting(services, held)] == [datetime(2026, 11, 25, 18, 0)]


def test_nothing_is_promised_that_cannot_come(services):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)

    assert do(services, "plan_look_back", None, look__gathering=held.id).outcome == "unplanned"
    assert do(services, "plan_look_back", lou, look__gathering="nowhere").outcome == "unplanned"
    with services.database.begin() as uow:
        people.set_silent(uow, lou, silent=True)
    assert do(services, "plan_look_back", lou, look__gathering=held.id).outcome == "unplanned"
    with services.database.begin() as uow:
        people.set_silent(uow, lou, silent=False)
        conversations.note(uow, lou, {"consent.reminders": False})
    assert do(services, "plan_look_back", lou, look__gathering=held.id).outcome == "unplanned"
    assert waiting(services, held) == []


def test_a_lab_that_is_cancelled_while_it_is_prepared_is_not_looked_back_on(services):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)
    do(services, "plan_look_back", lou, look__gathering=held.id)

    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)

    assert waiting(services, held) == []
    assert do(services, "plan_look_back", lou, look__gathering=held.id).outcome == "unplanned"


def test_looking_back_follows_a_lab_that_is_moved(services):
    [lou] = learners(services.database, 1)
    held = goes(services, lou)
    do(services, "plan_look_back", lou, look__gathering=held.id)

    with services.database.begin() as uow:
        later = details(starts=datetime(2026, 11, 27, 16, 0))
        happenings.change(uow, OPERATOR, held, later)

    assert [one.local_at for one in waiting(services, held)] == [datetime(2026, 11, 28, 17, 0)]
