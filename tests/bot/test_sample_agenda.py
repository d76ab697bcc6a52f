from datetime import timedelta

import pytest

from bot.application import sample_agenda
from careers import catalogue
from storage import gatherings, meta, stands
from storage.database import Database
from storage.gatherings import Gathering, Kind
from tests.support.databases import Clock


def _held(database: Database) -> list[Gathering]:
    with database.read() as uow:
        return gatherings.between(uow, uow.now, uow.now + timedelta(days=400))


@pytest.mark.parametrize("days", range(7))
def test_the_sample_centre_has_its_agenda_on_any_day_and_once(
    sqlite_database: Database, clock: Clock, days: int
):
    clock.move(days=days)
    with sqlite_database.begin() as uow:
        meta.mark_sample(uow)
        sample_agenda.ready(uow)
        assert sample_agenda.ready(uow) == 0
    held = _held(sqlite_database)
    assert all(one.details.sample and "exemple" in one.details.title for one in held)
    assert {one.details.kind for one in held} == {Kind.LAB, Kind.MEETING, Kind.FAIR, Kind.OPEN_DAY}
    assert [one.confirmed for one in held if one.details.kind is Kind.OPEN_DAY] == [False]
    assert {one.details.local_starts.weekday() for one in held if one.details.kind is Kind.LAB} == {2}
    clock.move(days=200)
    with sqlite_database.begin() as uow:
        assert sample_agenda.ready(uow) > 0


def test_the_sample_fair_has_stands_on_themes_of_the_catalogue(sqlite_database: Database):
    with sqlite_database.begin() as uow:
        sample_agenda.ready(uow)
        (fair,) = [
            one
            for one in gatherings.between(uow, uow.now, uow.now + timedelta(days=400))
            if one.details.kind is Kind.FAIR
        ]
        found = stands.of_gathering(uow, fair.id)
    known = catalogue.load().domains
    assert len(found) == len(sample_agenda.STANDS)
    assert all(domain in known for stand in found for domain in stand.domains.split())
