from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.application import happenings, taking_part
from bot.application.rights import OPERATOR, Actor, NotAllowed, Role, learner
from storage import agenda, gatherings, groups, holidays, participations
from storage.agenda import Status
from storage.database import Database
from storage.errors import Conflict
from storage.gatherings import Details, Gathering, Kind
from tests.bot.happening import WEDNESDAY, details, gathering, learners
from tests.support.databases import Clock

THURSDAY = WEDNESDAY + timedelta(days=1)


def _rows(database: Database, person: str) -> list[tuple[str, str, datetime, Status]]:
    with database.read() as uow:
        return [
            (one.kind, str(one.body.get("what") or one.body.get("code") or ""), one.local_at, one.status)
            for one in agenda.of_person(uow, person)
        ]


def _waiting(database: Database, person: str) -> list[tuple[str, str, datetime]]:
    return [row[:3] for row in _rows(database, person) if row[3] is Status.PLANNED]


def _going(database: Database, number: int = 1, **more: object) -> tuple[Gathering, list[str]]:
    held, people = gathering(database, **more), learners(database, number)  # type: ignore[arg-type]
    with database.begin() as uow:
        for one in people:
            taking_part.sign_up(uow, one, held.id)
    return held, people


def _move(database: Database, held: Gathering, starts: datetime, **more: str) -> happenings.Changed:
    length = held.details.local_ends - held.details.local_starts
    there = replace(held.details, local_starts=starts, local_ends=starts + length, **more)  # type: ignore[arg-type]
    with database.begin() as uow:
        return happenings.change(uow, OPERATOR, held, there)


def test_a_moved_gathering_loses_its_old_reminders_and_tells_once_in_the_same_transaction(database: Database):
    held, (lou,) = _going(database)
    changed = _move(database, held, THURSDAY)
    assert changed.told == 1
    assert _waiting(database, lou) == [
        ("notice", "moved", datetime(2026, 10, 7, 16, 0)),  # noqa: DTZ001
        ("gathering", "D-1", datetime(2026, 10, 14, 17, 0)),  # noqa: DTZ001
    ]
    with pytest.raises(Conflict):
        _move(database, held, THURSDAY)  # a colleague looks at what was before


def test_a_change_that_fails_leaves_everything_as_it_was(database: Database):
    held, (lou,) = _going(database)
    before = _rows(database, lou)

    def fail() -> None:
        with database.begin() as uow:
            there = replace(held.details, local_starts=THURSDAY, local_ends=THURSDAY + timedelta(hours=1))
            happenings.change(uow, OPERATOR, held, there)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _rows(database, lou) == before


def test_moved_twice_is_told_once_with_what_they_knew_and_back_again_is_not_told(database: Database):
    held, (lou,) = _going(database)
    once = _move(database, held, THURSDAY)
    twice = _move(database, once.gathering, THURSDAY + timedelta(days=1))
    with database.read() as uow:
        (notice,) = agenda.waiting(uow, f"news:{held.id}", "notice")
    assert notice.body["was"] == WEDNESDAY.isoformat()
    back = _move(database, twice.gathering, WEDNESDAY)
    assert back.told == 0
    assert _waiting(database, lou) == [("gathering", "D-1", datetime(2026, 10, 13, 17, 0))]  # noqa: DTZ001


def test_a_cancelled_gathering_keeps_no_reminder_and_waits_for_the_morning_unless_it_is_today(
    database: Database, clock: Clock
):
    clock.now = clock.now.replace(hour=20, minute=30)  # 22:30 in Brussels
    held, (lou,) = _going(database)
    today, (noa,) = _going(database, starts=datetime(2026, 10, 7, 23, 0), hours=0.5)  # noqa: DTZ001
    for one in (held, today):
        with database.begin() as uow:
            assert happenings.cancel(uow, OPERATOR, one, why="malade").told == 1
            assert happenings.cancel(uow, OPERATOR, one).told == 0  # the second click
    # a Thursday: school until half past three
    assert _waiting(database, lou) == [("notice", "cancelled", datetime(2026, 10, 8, 15, 30))]  # noqa: DTZ001
    assert _waiting(database, noa) == [("notice", "cancelled", datetime(2026, 10, 7, 22, 30))]  # noqa: DTZ001
    with database.begin() as uow:
        assert taking_part.sign_up(uow, noa, held.id) is taking_part.Became.CANCELLED
        found = gatherings.get(uow, held.id)
        assert found is not None
        assert happenings.restore(uow, OPERATOR, found).told == 0  # restored before anybody heard
    assert [kind for kind, *_ in _waiting(database, lou)] == ["gathering"]


def test_another_room_is_told_and_another_link_is_not(database: Database):
    held, (lou,) = _going(database)
    with database.begin() as uow:
        linked = happenings.change(
            uow, OPERATOR, held, replace(held.details, link="https://exemple.be", about="Venez.")
        )
        assert linked.told == 0
        other = happenings.change(
            uow, OPERATOR, linked.gathering, replace(linked.gathering.details, place="C")
        )
        assert other.told == 1
    assert ("notice", "changed") in [row[:2] for row in _waiting(database, lou)]


def test_the_number_of_places_never_falls_under_those_who_have_one(database: Database):
    held, people = _going(database, 3, capacity=3)
    with database.begin() as uow, pytest.raises(happenings.CannotPlan, match="3 jeunes ont déjà une place"):
        happenings.change(uow, OPERATOR, held, replace(held.details, capacity=2))
    (late,) = learners(database, 1)
    with database.begin() as uow:
        assert taking_part.sign_up(uow, late, held.id) is taking_part.Became.WAITING
        happenings.change(uow, OPERATOR, held, replace(held.details, capacity=4))
        part = participations.get(uow, held.id, late)
    assert part is not None
    assert part.standing is participations.Standing.OFFERED
    assert people


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (details(hours=-1), "n’est pas après le début"),
        (details(hours=0), "n’est pas après le début"),
        (details(starts=datetime(2026, 10, 7, 15, 59)), "déjà passé"),  # noqa: DTZ001
        (details(starts=datetime(2036, 10, 7, 15, 59)), "plus de deux ans"),  # noqa: DTZ001
        (details(hours=24 * 16), "Plus de 15 jours"),
        (details(title="  "), "Il manque un titre"),
        (details(title="x" * 121), "« title » dépasse 120"),
        (details(capacity=0), "commence à 1"),
        (details(group_id="x" * 32), "Ce groupe n’existe pas"),
    ],
)
def test_what_cannot_be_is_said_and_not_written(database: Database, wrong: Details, said: str):
    with database.begin() as uow:
        with pytest.raises(happenings.CannotPlan, match=said):
            happenings.add(uow, OPERATOR, wrong)
        assert gatherings.between(uow, uow.now - timedelta(days=9), uow.now + timedelta(days=9999)) == []


def test_an_hour_that_the_clocks_skip_or_repeat_is_the_first_that_there_is(database: Database):
    skipped = gathering(database, starts=datetime(2027, 3, 28, 2, 30), hours=1)  # noqa: DTZ001
    twice = gathering(database, starts=datetime(2026, 10, 25, 2, 30), hours=1)  # noqa: DTZ001
    assert skipped.starts_at.isoformat() == "2027-03-28T01:00:00+00:00"
    assert twice.starts_at.isoformat() == "2026-10-25T00:30:00+00:00"


def test_a_series_comes_every_week_without_holidays_and_exceptions(database: Database):
    with database.begin() as uow:
        holidays.put(uow, [holidays.Holiday(date(2026, 10, 19), date(2026, 11, 1), "Automne")])
        made = happenings.repeat(
            uow, OPERATOR, details(), date(2026, 11, 25), skipped=[date(2026, 11, 11)], confirmed=True
        )
        found = gatherings.of_series(uow, made.series.id)
    assert [one.details.slot for one in found] == ["2026-10-14", "2026-11-04", "2026-11-18", "2026-11-25"]
    assert {one.details.local_starts.hour for one in found} == {14}
    assert [one.starts_at.hour for one in found] == [12, 13, 13, 13]  # the same hour on the wall
    assert made.holidays == (date(2026, 10, 21), date(2026, 10, 28))
    assert len({one.number for one in found}) == 4
    template = happenings.of_template(dict(made.series.template))
    assert template == details()


@pytest.mark.parametrize(
    ("until", "every", "said"),
    [
        (date(2026, 10, 13), 1, "avant de commencer"),
        (date(2126, 10, 13), 1, "plus de 120 séances"),
        (date(2026, 11, 13), 0, "toutes les semaines"),
    ],
)
def test_a_series_without_a_sensible_end_is_refused(database: Database, until: date, every: int, said: str):
    with database.begin() as uow, pytest.raises(happenings.CannotPlan, match=said):
        happenings.repeat(uow, OPERATOR, details(), until, every=every)


def test_a_group_takes_part_in_its_gatherings_within_the_places_that_there_are(database: Database):
    people = learners(database, 3, group="Mercredi")
    with database.begin() as uow:
        group = groups.of_person(uow, people[0])[0]
        held = happenings.add(uow, OPERATOR, details(group_id=group.id, capacity=2))
        standings = [one.standing.value for one in participations.of_gathering(uow, held.id)]
    assert sorted(standings) == ["going", "going", "waiting"]


def test_every_act_asks_for_its_right(database: Database):
    held, (lou,) = _going(database)
    mentor, coach = Actor("m", frozenset({Role.MENTOR})), Actor("c", frozenset({Role.COACH}))
    for nobody in (mentor, learner(lou)):
        with database.begin() as uow:
            for act in (
                lambda uow=uow, nobody=nobody: happenings.add(uow, nobody, details()),
                lambda uow=uow, nobody=nobody: happenings.cancel(uow, nobody, held),
                lambda uow=uow, nobody=nobody: happenings.change(uow, nobody, held, held.details),
                lambda uow=uow, nobody=nobody: happenings.choose(uow, nobody, held, [], close=True),
                lambda uow=uow, nobody=nobody: happenings.note_attendance(uow, nobody, held, {}),
                lambda uow=uow, nobody=nobody: happenings.confirm(uow, nobody, held),
            ):
                with pytest.raises(NotAllowed):
                    act()
    with database.begin() as uow:
        assert (
            happenings.add(uow, coach, details(Kind.OPEN_DAY, title="Porte ouverte")).number
            == held.number + 1
        )


def test_a_date_is_to_be_checked_until_somebody_confirmed_it(database: Database):
    held = gathering(database)
    assert not held.confirmed
    with database.begin() as uow:
        happenings.confirm(uow, OPERATOR, held)
        found = gatherings.get(uow, held.id)
    assert found is not None
    assert found.confirmed
    assert found.details.seen == date(2026, 10, 7)
