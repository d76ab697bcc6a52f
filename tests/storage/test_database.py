# ruff: noqa: PT012  # what fails is a whole transaction

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from storage import meta, people, schema
from storage.crypto import make_key
from storage.database import Database
from storage.errors import (
    CannotDecrypt,
    Damaged,
    DatabaseBusy,
    DiskFull,
    KeyMissing,
    NotASample,
    NotMigrated,
    NotWritable,
    StorageError,
    Unreachable,
)
from storage.tables import persons
from tests.support.databases import KEY, Clock, PostgresServer, open_database


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database):
    done: list[str] = []
    with database.begin() as uow:
        people.create(uow, "web")
        uow.after_commit(lambda: done.append("committed"))
        assert done == []
    assert done == ["committed"]
    with pytest.raises(KeyError), database.begin() as uow:
        people.create(uow, "web")
        uow.after_commit(lambda: done.append("never"))
        raise KeyError
    with database.read() as uow:
        assert people.count(uow) == 1
    assert done == ["committed"]


def test_a_reader_cannot_write_and_is_not_held_up(database: Database):
    with pytest.raises(NotWritable), database.read() as uow:
        people.create(uow, "web")
    with database.begin() as writer:
        people.create(writer, "web")
        with database.read() as reader:
            assert people.count(reader) == 0


def test_a_reader_sees_one_steady_state(database: Database):
    with database.read() as reader:
        assert people.count(reader) == 0
        with database.begin() as writer:
            people.create(writer, "web")
        assert people.count(reader) == 0


def test_instants_come_back_aware_and_in_utc(database: Database):
    summer = timezone(timedelta(hours=2))
    with database.begin() as uow:
        person = people.create(uow, "web")
        at = datetime(2026, 7, 1, 10, 30, 0, 123456, tzinfo=summer)
        uow.execute(update(persons).values(seen_at=at))
        found = uow.execute(select(persons.c.seen_at)).scalar_one()
        assert (found, found.tzinfo) == (at, UTC)
        assert person.created_at == uow.now
        with pytest.raises(Exception, match="zone"):
            uow.execute(update(persons).values(seen_at=datetime(2026, 7, 1)))  # noqa: DTZ001


def test_a_person_is_locked_by_whoever_found_them(database: Database):
    """Eight threads add one to the same counter twenty times each: none is lost."""
    with database.begin() as uow:
        person = people.create(uow, "telegram", "1")

    def add(_number: int) -> None:
        for _ in range(20):
            with database.begin() as uow:
                found = people.find(uow, "telegram", "1")
                assert found
                uow.execute(update(persons).where(persons.c.id == found.id).values(seq=found.seq + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    with database.read() as uow:
        assert people.get(uow, person.id).seq == 160  # type: ignore[union-attr]


def test_a_busy_sqlite_says_so(sqlite_url: str, clock: Clock):
    database = open_database(sqlite_url, clock, busy_seconds=0.01)
    with database.begin(), pytest.raises(DatabaseBusy), database.begin():
        pass
    database.close()


@pytest.mark.postgres
def test_a_person_locked_too_long_says_so(postgres_url: str, clock: Clock):
    database = open_database(postgres_url, clock, busy_seconds=0.02)
    with database.begin() as uow:
        people.create(uow, "telegram", "1")
    with database.begin() as one:
        people.find(one, "telegram", "1")
        with pytest.raises(DatabaseBusy), database.begin() as two:
            people.find(two, "telegram", "1")
    database.close()


@pytest.mark.postgres
def test_a_lost_connection_says_so_and_the_next_one_works(postgres_url: str, clock: Clock):
    database = open_database(postgres_url, clock)
    with pytest.raises(Unreachable), database.begin() as uow:
        people.create(uow, "web")
        with database.begin() as other:
            mine = uow.connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            other.execute(select(func.pg_terminate_backend(mine)))
        people.create(uow, "web")
    with database.read() as uow:
        assert people.count(uow) == 0
    database.close()


@pytest.mark.postgres
def test_eight_starts_at_once_on_a_new_server(postgres: PostgresServer, clock: Clock):
    url = postgres.create()
    gate = threading.Barrier(8)

    def start(_number: int) -> None:
        database = open_database(url, clock)
        gate.wait()
        database.migrate()
        database.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))
    database = open_database(url, clock)
    assert database.revision() == (schema.HEAD, schema.HEAD)
    database.close()
    postgres.drop(url)


def test_a_full_disk_says_so_and_loses_nothing(sqlite_database: Database):
    with sqlite_database.begin() as uow:
        people.create(uow, "web")
    with pytest.raises(DiskFull), sqlite_database.begin() as uow:
        pages = uow.connection.execute(text("PRAGMA page_count")).scalar()
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(2000):
            people.create(uow, "telegram", f"{number}")
    with sqlite_database.read() as uow:
        assert people.count(uow) == 1


def test_a_file_that_is_no_database(tmp_path: Path, clock: Clock):
    path = tmp_path / "x.db"
    path.write_bytes(b"not a database at all, " * 100)
    database = open_database(f"sqlite:///{path}", clock)
    with pytest.raises(Damaged):
        database.migrate()
    database.close()


def test_a_database_that_was_never_migrated(tmp_path: Path, clock: Clock):
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}", clock)
    with pytest.raises(NotMigrated), database.begin() as uow:
        people.count(uow)
    database.close()


def test_a_folder_that_is_not_there(tmp_path: Path, clock: Clock):
    database = open_database(f"sqlite:///{tmp_path / 'no' / 'x.db'}", clock)
    with pytest.raises(Unreachable), database.begin():
        pass
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable):
        open_database(f"sqlite:///{tmp_path / 'file' / 'x.db'}", clock).migrate()


def test_a_server_that_does_not_answer(clock: Clock):
    database = open_database("postgresql://nobody@127.0.0.1:9/none", clock)
    with pytest.raises(Unreachable), database.begin():
        pass


@pytest.mark.parametrize("url", ["", "mysql://x/y", "nonsense"])
def test_an_address_of_no_database(url: str, clock: Clock):
    with pytest.raises(Unreachable):
        open_database(url, clock)


def test_keys_are_asked_for_and_checked(database_url: str, clock: Clock):
    with pytest.raises(KeyMissing):
        Database(database_url, [], clock)
    other = Database(database_url, [make_key()], clock)
    with pytest.raises(CannotDecrypt):
        other.check()
    with pytest.raises(CannotDecrypt):
        other.migrate()
    other.close()
    both = Database(database_url, [make_key(), KEY], clock)
    both.check()
    both.close()


def test_errors_hold_no_parameters(database: Database):
    with pytest.raises(StorageError) as caught, database.begin() as uow:
        people.create(uow, "telegram", "canari-4711")
        people.create(uow, "telegram", "canari-4711")
    chain: list[BaseException] = [caught.value]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    assert not any("canari" in f"{error!r}{error}" for error in chain)


def test_eight_starts_at_once_on_a_new_file(tmp_path: Path, clock: Clock):
    gate = threading.Barrier(8)

    def start(_number: int) -> None:
        database = open_database(f"sqlite:///{tmp_path / 'x.db'}", clock)
        gate.wait()
        database.migrate()
        database.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))
    assert os.path.getsize(tmp_path / "x.db") > 0  # noqa: PTH202


def test_only_a_sample_database_moves_its_clock(database: Database):
    with database.begin() as uow:
        with pytest.raises(NotASample):
            meta.move_clock(uow, timedelta(days=2))
        assert meta.clock_offset(uow) == timedelta()
        meta.mark_sample(uow)
        people.create(uow, "web", sample=True)
        meta.mark_sample(uow)
        assert meta.move_clock(uow, timedelta(days=2)) == timedelta(days=2)
        assert meta.move_clock(uow, timedelta(hours=-1)) == timedelta(days=2, hours=-1)
    with database.read() as uow:
        assert meta.is_sample(uow)
        assert meta.clock_offset(uow) == timedelta(days=1, hours=23)


def test_a_database_with_people_never_becomes_a_sample(database: Database):
    with database.begin() as uow:
        people.create(uow, "web")
        with pytest.raises(StorageError):
            meta.mark_sample(uow)


def test_the_last_run_of_a_job_is_noted(database: Database):
    with database.begin() as uow:
        assert meta.last_run(uow, "retention") is None
        meta.ran(uow, "retention")
        assert meta.last_run(uow, "retention") == uow.now
        meta.write(uow, "x", "1")
        meta.write(uow, "x", None)
        assert meta.read(uow, "x") is None
