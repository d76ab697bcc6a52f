import pytest

from storage import link_codes, people
from storage.database import Database
from storage.errors import Conflict
from tests.support.databases import Clock


def test_a_link_code_joins_a_second_address_once(database: Database, clock: Clock):
    with database.begin() as uow:
        person = people.create(uow, "web")
        code = link_codes.give(uow, person.id)
    clock.move(minutes=9)
    with database.begin() as uow:
        assert link_codes.join(uow, "ABCD-EFGH", "telegram", "4711") is None
        assert link_codes.join(uow, code.lower().replace("-", " "), "telegram", "4711") == person.id
        assert link_codes.join(uow, code, "telegram", "4712") is None
        assert people.reachable(uow, person.id) == {"web": person.id, "telegram": "4711"}


def test_a_link_code_ends_after_ten_minutes(database: Database, clock: Clock):
    with database.begin() as uow:
        code = link_codes.give(uow, people.create(uow, "web").id)
    clock.move(minutes=10)
    with database.begin() as uow:
        assert link_codes.join(uow, code, "telegram", "4711") is None


def test_a_later_code_ends_the_earlier_one(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "web").id
        first, second = link_codes.give(uow, person), link_codes.give(uow, person)
        assert link_codes.join(uow, first, "telegram", "4711") is None
        assert link_codes.join(uow, second, "telegram", "4711") == person


def test_somebody_has_one_address_on_a_channel(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "telegram", "4711").id
        code = link_codes.give(uow, person)
    with pytest.raises(Conflict), database.begin() as uow:
        link_codes.join(uow, code, "telegram", "4712")
    with database.read() as uow:
        assert people.reachable(uow, person) == {"web": person, "telegram": "4711"}
