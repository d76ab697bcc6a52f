import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.application import happenings, taking_part
from bot.application.rights import OPERATOR
from bot.application.taking_part import Became
from storage import agenda, gatherings, groups, participations, retention
from storage.agenda import Status
from storage.database import Database
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from tests.bot.happening import WEDNESDAY, details, gathering, learners
from tests.support.databases import Clock


def _standing(database: Database, held: Gathering, person: str) -> Standing | None:
    with database.read() as uow:
        part = participations.get(uow, held.id, person)
    return part.standing if part else None


def _waiting(database: Database, person: str) -> list[tuple[str, str, datetime]]:
    with database.read() as uow:
        return [
            (one.kind, one.occurrence.split()[0], one.local_at)
            for one in agenda.of_person(uow, person)
            if one.status in (Status.PLANNED, Status.SNOOZED)
        ]


def _sign_up(database: Database, held: Gathering, person: str, **more: str) -> Became:
    with database.begin() as uow:
        return taking_part.sign_up(uow, person, held.id, **more)


def test_a_place_brings_its_reminder_on_the_eve_and_a_second_click_changes_nothing(database: Database):
    held, (lou,) = gathering(database), learners(database, 1)
    for _ in range(2):
        assert _sign_up(database, held, lou) is Became.GOING
    assert _waiting(database, lou) == [("gathering", "D-1", datetime(2026, 10, 13, 17, 0))]  # noqa: DTZ001


def test_a_fair_is_also_reminded_a_week_before_and_two_hours_only_on_request(database: Database):
    fair = gathering(database, Kind.FAIR, datetime(2026, 10, 24, 10, 0), title="Forum")  # noqa: DTZ001  # a Saturday
    (lou,) = learners(database, 1)
    _sign_up(database, fair, lou, reminders="more")
    assert _waiting(database, lou) == [
        ("gathering", "D-7", datetime(2026, 10, 17, 17, 0)),  # noqa: DTZ001
        ("gathering", "D-1", datetime(2026, 10, 23, 17, 0)),  # noqa: DTZ001
        ("gathering", "H-2", datetime(2026, 10, 24, 8, 0)),  # noqa: DTZ001
    ]
    with database.begin() as uow:
        taking_part.remind(uow, lou, fair.id, "none")
    assert _waiting(database, lou) == []
    with database.begin() as uow:
        taking_part.remind(uow, lou, fair.id, "souvent")  # no such choice: the usual one
    assert [code for _kind, code, _at in _waiting(database, lou)] == ["D-7", "D-1"]


def test_two_hours_before_moves_out_of_school_and_of_the_night(database: Database):
    lab = gathering(database)  # Wednesday at 14:00: two hours before, everybody is at school
    early = gathering(database, starts=datetime(2026, 10, 17, 9, 0), title="Matin")  # noqa: DTZ001
    (lou,) = learners(database, 1)
    for one in (lab, early):
        _sign_up(database, one, lou, reminders="more")
    assert [at for _kind, code, at in _waiting(database, lou) if code == "H-2"] == [
        datetime(2026, 10, 13, 19, 59),  # noqa: DTZ001
        datetime(2026, 10, 16, 19, 59),  # noqa: DTZ001
    ]


def test_whoever_comes_when_it_is_full_waits_and_is_offered_the_place_that_is_given_back(
    database: Database, clock: Clock
):
    held, (lou, noa, sam) = gathering(database, capacity=1), learners(database, 3)
    assert [_sign_up(database, held, one) for one in (lou, noa)] == [Became.GOING, Became.WAITING]
    clock.move(minutes=1)
    assert _sign_up(database, held, sam) is Became.WAITING
    with database.begin() as uow:
        assert taking_part.leave(uow, lou, held.id) is Became.LEFT
        assert taking_part.leave(uow, lou, held.id) is Became.NOTHING
    assert _waiting(database, lou) == []
    assert [_standing(database, held, one) for one in (noa, sam)] == [Standing.OFFERED, Standing.WAITING]
    assert [kind for kind, _code, _at in _waiting(database, noa)] == ["offer"]
    assert _sign_up(database, held, lou) is Became.WAITING  # the place is kept for Noa
    with database.begin() as uow:
        assert taking_part.accept(uow, noa, held.id) is Became.GOING
        assert taking_part.accept(uow, noa, held.id) is Became.GOING
    assert [kind for kind, _code, _at in _waiting(database, noa)] == ["gathering"]


def test_an_offer_ends_and_goes_to_whoever_waits_next(services, clock: Clock):
    database = services.database
    held, (lou, noa, sam) = gathering(database, capacity=1), learners(database, 3)
    for one in (lou, noa, sam):
        _sign_up(database, held, one)
        clock.move(minutes=1)
    with database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
    first = noa if _standing(database, held, noa) is Standing.OFFERED else sam
    assert first == noa
    clock.move(hours=23)
    assert taking_part.end_offers(services) == 0
    clock.move(hours=3)
    assert taking_part.end_offers(services) == 1
    assert taking_part.end_offers(services) == 0
    assert [_standing(database, held, one) for one in (noa, sam)] == [Standing.LEFT, Standing.OFFERED]
    with database.begin() as uow:
        assert taking_part.accept(uow, noa, held.id) is Became.TOO_LATE
    assert _sign_up(database, held, noa) is Became.WAITING


def test_no_place_is_offered_when_nobody_could_come_any_more(database: Database, clock: Clock):
    held, (lou, noa) = gathering(database, capacity=1), learners(database, 2)
    for one in (lou, noa):
        _sign_up(database, held, one)
    clock.now = held.starts_at - timedelta(minutes=90)
    with database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
    assert _standing(database, held, noa) is Standing.WAITING
    assert _waiting(database, noa) == []


def test_without_a_list_full_is_full_and_what_has_begun_is_over(database: Database, clock: Clock):
    held, (lou, noa) = gathering(database, capacity=1, waiting=False), learners(database, 2)
    assert [_sign_up(database, held, one) for one in (lou, noa)] == [Became.GOING, Became.FULL]
    clock.now = held.starts_at
    assert _sign_up(database, held, noa) is Became.OVER
    with database.begin() as uow:
        assert taking_part.leave(uow, lou, held.id) is Became.OVER


def test_age_and_group_are_looked_at(database: Database):
    older = gathering(database, bands="16-18")
    (lou,) = learners(database, 1)
    assert _sign_up(database, older, lou) is Became.NOT_FOR_YOU
    (noa,) = learners(database, 1, group="Mercredi")
    with database.begin() as uow:
        group = groups.of_person(uow, noa)[0]
        ours = happenings.add(uow, OPERATOR, details(group_id=group.id, title="Du groupe"))
    assert _sign_up(database, ours, lou) is Became.NOT_FOR_YOU
    assert _standing(database, ours, noa) is Standing.GOING
    with database.begin() as uow:
        groups.join(uow, group.id, lou)
        assert taking_part.joined_group(uow, lou, group.id) == 1
        assert taking_part.joined_group(uow, lou, group.id) == 0
    assert _standing(database, ours, lou) is Standing.GOING


def test_staff_choose_among_those_who_say_why_and_tell_the_others_kindly(database: Database):
    held = gathering(database, Kind.MEETING, chosen=True, capacity=2, title="Rencontre")
    people = learners(database, 4)
    assert _sign_up(database, held, people[0]) is Became.SAY_WHY
    for one in people:
        assert _sign_up(database, held, one, motivation=" J’aime dessiner. ") is Became.ASKED
    with database.begin() as uow:
        with pytest.raises(happenings.CannotPlan, match="2 place"):
            happenings.choose(uow, OPERATOR, held, people[:3], close=True)
        assert happenings.choose(uow, OPERATOR, held, people[:2], close=True) == 2
        assert happenings.choose(uow, OPERATOR, held, people[:2], close=True) == 0
        asking = participations.of_gathering(uow, held.id)
    assert {one.motivation for one in asking} == {"J’aime dessiner."}
    assert [_standing(database, held, one) for one in people] == [Standing.GOING] * 2 + [
        Standing.DECLINED
    ] * 2
    assert [sorted(kind for kind, *_ in _waiting(database, one)) for one in people] == [
        ["answer", "gathering"]
    ] * 2 + [["answer"]] * 2
    assert _sign_up(database, held, people[3], motivation="Encore") is Became.DECLINED


def test_why_somebody_wanted_to_come_goes_when_they_leave_and_a_month_after_the_end(
    database: Database, clock: Clock
):
    held = gathering(database, Kind.MEETING, chosen=True, title="Rencontre")
    lou, noa = learners(database, 2)
    for one in (lou, noa):
        _sign_up(database, held, one, motivation="J’aime dessiner.")
    with database.begin() as uow:
        taking_part.leave(uow, lou, held.id)
        assert [one.motivation for one in participations.of_gathering(uow, held.id)].count("") == 1
    clock.now = held.ends_at + timedelta(days=30)
    assert "motivations" not in retention.sweep(database)
    clock.move(seconds=1)
    assert retention.sweep(database)["motivations"] == 1
    with database.read() as uow:
        assert {one.motivation for one in participations.of_gathering(uow, held.id)} == {""}


def test_the_code_at_the_door_notes_who_came_and_only_around_the_hour(database: Database, clock: Clock):
    held, (lou, noa) = gathering(database), learners(database, 2)
    _sign_up(database, held, lou)
    with database.begin() as uow:
        token = gatherings.checkin_token(uow, held.id)
        assert taking_part.check_in(uow, lou, token)[0] is Became.NOTHING
        assert taking_part.check_in(uow, lou, "x" * 43) == (Became.UNKNOWN, None)
    clock.now = held.starts_at - timedelta(minutes=59)
    with database.begin() as uow:
        assert [taking_part.check_in(uow, one, token)[0] for one in (lou, lou, noa)] == [Became.CAME] * 3
    assert [_standing(database, held, one) for one in (lou, noa)] == [Standing.CAME] * 2
    clock.now = held.ends_at + timedelta(hours=2, seconds=1)
    with database.begin() as uow:
        assert taking_part.check_in(uow, noa, token)[0] is Became.OVER


def test_the_list_at_the_door_can_be_corrected_and_nobody_is_told(database: Database):
    held, (lou, noa) = gathering(database), learners(database, 2)
    for one in (lou, noa):
        _sign_up(database, held, one)
    with database.begin() as uow:
        assert happenings.note_attendance(uow, OPERATOR, held, {lou: True, noa: False}) == 1
    assert [_standing(database, held, one) for one in (lou, noa)] == [Standing.CAME, Standing.MISSED]
    with database.begin() as uow:
        happenings.note_attendance(uow, OPERATOR, held, {lou: None, noa: True})
    assert [_standing(database, held, one) for one in (lou, noa)] == [Standing.GOING, Standing.CAME]
    assert {kind for kind, *_ in _waiting(database, noa)} <= {"gathering"}


def test_fifty_people_racing_for_thirty_places_get_thirty(database: Database):
    held, people = gathering(database, capacity=30), learners(database, 50)
    ready = threading.Barrier(10)

    def ask(mine: list[str]) -> list[Became]:
        ready.wait()
        return [_sign_up(database, held, one) for one in mine]

    with ThreadPoolExecutor(10) as threads:
        became = [one for some in threads.map(ask, [people[i::10] for i in range(10)]) for one in some]
    assert (became.count(Became.GOING), became.count(Became.WAITING)) == (30, 20)
    with database.read() as uow:
        counted = participations.counts(uow, [held.id])[held.id]
    assert (counted[Standing.GOING], counted[Standing.WAITING]) == (30, 20)


def test_places_given_back_while_others_ask_are_never_given_twice(database: Database):
    held, people = gathering(database, starts=WEDNESDAY, capacity=10), learners(database, 30)
    for one in people[:10]:
        _sign_up(database, held, one)

    def act(index: int) -> None:
        with database.begin() as uow:
            if index < 10:
                taking_part.leave(uow, people[index], held.id)
            else:
                taking_part.sign_up(uow, people[index], held.id)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(30)))
    with database.read() as uow:
        counted = participations.counts(uow, [held.id])[held.id]
    taken = counted[Standing.GOING] + counted[Standing.OFFERED]
    assert taken == 10
    assert counted[Standing.LEFT] == 10
    assert sum(counted.values()) == 30
