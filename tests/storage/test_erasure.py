import json

import pytest
from sqlalchemy import func, select

from storage import cases, conversations, people
from storage.database import Database
from storage.erasure import erase, export, tables_about_people
from storage.tables import metadata, outbox_attempts, persons
from tests.storage.people_in_full import CANARY, full_person

_GONE_WITH = {"outbox_attempts"}  # no person of its own: goes with its row of the outbox
_NOBODY = {"meta", "throttles", "groups", "page_versions", "inbound_keys", "leases", "vacancies"}
_NOBODY |= {"corrections", "shortages"}  # of the catalogue
_NOBODY |= {"gatherings", "series", "holidays", "stands"}  # of the centre
_NOBODY |= {"staff", "staff_roles", "staff_addresses", "staff_sessions", "staff_links", "staff_log"}


def test_every_table_is_either_about_a_person_or_about_nobody():
    covered = {table.name for table in tables_about_people()} | {"persons"} | _GONE_WITH
    assert covered | _NOBODY == set(metadata.tables)
    assert not covered & _NOBODY


def test_the_person_of_the_tests_is_in_every_table(database: Database):
    person = full_person(database)
    with database.read() as uow:
        empty = [
            table.name
            for table in tables_about_people()
            if not uow.execute(
                select(func.count()).select_from(table).where(table.c.person_id == person.id)
            ).scalar()
        ]
    assert empty == []


def test_an_erased_person_leaves_nothing_and_others_stay(database: Database):
    lou, noa = full_person(database), full_person(database, "noa")
    with database.begin() as uow:
        before = export(uow, noa.id)
        counts = erase(uow, lou.id)
        assert set(counts) == {table.name for table in tables_about_people()} | {"persons"}
    with database.read() as uow:
        for table in tables_about_people():
            assert (
                uow.execute(
                    select(func.count()).select_from(table).where(table.c.person_id == lou.id)
                ).scalar()
                == 0
            )
        assert uow.execute(select(func.count()).select_from(outbox_attempts)).scalar() == len(
            before["outbox_attempts"]
        )
        assert uow.execute(select(persons.c.id)).scalars().all() == [noa.id]
        assert export(uow, noa.id) == before
        assert people.find(uow, "telegram", CANARY) is None
        with pytest.raises(LookupError):
            export(uow, lou.id)


def test_a_held_case_stays_without_the_person(database: Database):
    person = full_person(database)
    with database.begin() as uow:
        (case,) = cases.waiting(uow)
        cases.hold(uow, case.id)
        erase(uow, person.id)
        assert cases.get(uow, case.id).person_id is None  # type: ignore[union-attr]


def test_the_export_is_complete_and_readable(database: Database):
    person = full_person(database)
    with database.begin() as uow:
        conversations.note(uow, person.id, {"interest.scores": {"make": 80}})
        given = export(uow, person.id)
    assert set(given) == {table.name for table in tables_about_people()} | {"persons", "outbox_attempts"}
    text = json.dumps(given, ensure_ascii=False)
    assert text.count(CANARY) >= 14
    assert '"make": 80' in text
    assert "hash" not in text


def test_no_word_of_a_person_is_in_the_file(sqlite_database: Database):
    person = full_person(sqlite_database)
    assert sqlite_database.path
    files = list(sqlite_database.path.parent.glob(f"{sqlite_database.path.name}*"))
    assert len(files) == 3
    assert not any(CANARY.encode() in file.read_bytes() for file in files)
    sealed = person.id.encode()
    assert any(sealed in file.read_bytes() for file in files)
    with sqlite_database.begin() as uow:
        erase(uow, person.id)
    sqlite_database.close()  # the log goes into the file
    assert sealed not in sqlite_database.path.read_bytes()
