from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import backup, cases, conversations, groups, meta, outbox, people, requests, returns, rotation
from storage.crypto import make_key
from storage.database import Database
from storage.erasure import export
from storage.errors import CannotDecrypt, Damaged, StorageError, Unreachable
from storage.retention import Limits, profile_cutoff, sweep
from storage.tables import metadata
from tests.storage.people_in_full import CANARY, Words, full_person
from tests.support.databases import KEY, WORD_COST, Clock, open_database


def _counts(database: Database) -> dict[str, int]:
    with database.read() as uow:
        found = {
            table.name: uow.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    return {
        name: number
        for name, number in found.items()
        if number and name not in ("meta", "groups", "leases", "gatherings")
    }


# ---------------------------------------------------------------- keys


def test_changing_keys_loses_nothing_and_needs_the_old_key_no_more(database_url: str, clock: Clock):
    old = open_database(database_url, clock)
    persons = [full_person(old, f"address {number}") for number in range(5)]
    with old.begin() as uow:
        words = returns.give(uow, persons[0].id).words
        code = groups.create(uow, "Samedi").code
        before = [export(uow, person.id) for person in persons]
    old.close()
    new_key = make_key()
    both = Database(database_url, [new_key, KEY], clock, word_cost=WORD_COST)
    with both.begin() as uow:  # meanwhile everything is still found
        assert people.find(uow, "telegram", "address 3").id == persons[3].id  # type: ignore[union-attr]
        assert returns.redeem(uow, words, "o").person_id == persons[0].id
        assert groups.by_code(uow, code)
        assert conversations.already_seen(uow, "telegram", CANARY)
    changed = rotation.rotate(both, chunk=2)
    assert changed["facts"] == 5
    assert changed["messages"] == 10
    both.close()
    only = Database(database_url, [new_key], clock, word_cost=WORD_COST)
    only.check()
    with only.begin() as uow:
        after = [export(uow, person.id) for person in persons]
        assert people.find(uow, "telegram", "address 3")
        assert returns.redeem(uow, words, "o").person_id == persons[0].id
        assert groups.by_code(uow, code)
    for one in (*before, *after):
        one.pop("link_codes", None)  # they end with the old key
        for row in one["return_codes"]:
            row.pop("used_at")
    assert after == before
    only.close()
    stale = open_database(database_url, clock)
    with pytest.raises(CannotDecrypt):
        stale.check()
    stale.close()


def test_every_keyed_hash_can_follow_the_keys_or_lives_shortly():
    keyed = {
        table.name
        for table in metadata.sorted_tables
        for column in table.c
        if "keyed hash" in column.info["purpose"]
    }
    assert keyed == set(rotation.REHASHED) | set(rotation.SHORT_LIVED)


# ---------------------------------------------------------------- retention


@pytest.mark.parametrize(
    ("now", "cutoff"),
    [
        ("2027-08-31T23:59:59", "2025-09-01"),
        ("2027-09-01T00:00:00", "2026-09-01"),
        ("2027-12-24T12:00:00", "2026-09-01"),
        ("2028-02-29T12:00:00", "2026-09-01"),
        ("2028-09-01T00:00:00", "2027-09-01"),
    ],
)
def test_a_profile_stays_its_season_and_twelve_months(now: str, cutoff: str):
    found = profile_cutoff(datetime.fromisoformat(now).replace(tzinfo=UTC), Limits())
    assert found == datetime.fromisoformat(cutoff).replace(tzinfo=UTC)


def test_each_thing_goes_at_its_time(database: Database, clock: Clock):
    """The 400 days and more of one person who never comes back."""
    person = full_person(database)
    with database.begin() as uow:
        conversations.already_seen(uow, "web", "visit", visit=True)
        requests.open_request(uow, {})
        outbox.add(uow, [outbox.NewRow("reply", "turn:2", person.id, "web", {}, person_id=person.id)])
        outbox.add(uow, [outbox.NewRow("reply", "turn:3", person.id, "telegram", {}, person_id=person.id)])
    start = _counts(database)

    began = clock.now
    second, day = timedelta(seconds=1), timedelta(days=1)
    for age, gone in (
        (timedelta(minutes=10), {"link_codes"}),
        (timedelta(hours=1) + second, {"inbound_keys"}),  # the visit's
        (8 * day + second, {"inbound_keys", "inbox"}),
        (14 * day, {"requests"}),
        (30 * day + second, {"outbox"}),
        (33 * day + second, {"motivations"}),  # thirty after the end of the fair
        (90 * day + second, {"messages", "outbox"}),  # and what still waited to be sent
        (180 * day + second, {"sessions"}),
    ):
        clock.now = began + age - second
        assert sweep(database, chunk=1) == {}
        clock.now = began + age
        assert set(sweep(database, chunk=1)) == gone
    left = _counts(database)
    assert left["facts"] == start["facts"]
    clock.now = datetime(2028, 8, 31, 23, 59, tzinfo=UTC)
    with database.begin() as uow:
        people.get(uow, person.id, lock=True)
    assert sweep(database) == {}
    clock.move(minutes=1)
    assert sweep(database) == {"persons": 1}
    assert _counts(database) == {}
    with database.read() as uow:
        assert meta.last_run(uow, "retention") == clock.now


def test_who_comes_back_is_kept(database: Database, clock: Clock):
    person = full_person(database)
    clock.now = datetime(2028, 8, 1, tzinfo=UTC)
    with database.begin() as uow:
        conversations.append_messages(uow, person.id, [Words()])
    clock.now = datetime(2029, 8, 1, tzinfo=UTC)
    assert "persons" not in sweep(database)
    with database.read() as uow:
        assert conversations.load(uow, person.id).profile == {"user.first_name": CANARY}


def test_a_held_case_outlives_the_profile(database: Database, clock: Clock):
    full_person(database)
    with database.begin() as uow:
        cases.hold(uow, cases.waiting(uow)[0].id)
    clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    sweep(database)
    assert _counts(database) == {"cases": 1}


# ---------------------------------------------------------------- backup


def test_a_backup_comes_back_whole_with_the_outbox_paused(
    sqlite_database: Database, tmp_path: Path, clock: Clock
):
    person = full_person(sqlite_database)
    with sqlite_database.begin() as uow:
        outbox.add(uow, [outbox.NewRow("reply", "turn:9", "noa", "telegram", {})])
        before = export(uow, person.id)
    copy = tmp_path / "copy.db"
    backup.save(sqlite_database, copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert CANARY.encode() not in copy.read_bytes()
    with pytest.raises(StorageError):
        backup.save(sqlite_database, copy)
    restored = open_database(f"sqlite:///{tmp_path / 'new' / 'restored.db'}", clock)
    backup.restore(copy, restored)
    with restored.begin() as uow:
        assert export(uow, person.id) == before
        assert outbox.claim(uow, "telegram", 10, "b") == []
        backup.resume(uow)
        assert len(outbox.claim(uow, "telegram", 10, "b")) == 1
    with pytest.raises(StorageError):
        backup.restore(copy, restored)
    restored.close()


def test_a_damaged_backup_is_refused(tmp_path: Path, clock: Clock):
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}", clock)
    with pytest.raises(Unreachable):
        backup.save(database, tmp_path / "y.db")
    with pytest.raises(Unreachable):
        backup.restore(tmp_path / "missing.db", database)
    (tmp_path / "bad.db").write_bytes(b"nonsense" * 1000)
    with pytest.raises(Damaged):
        backup.restore(tmp_path / "bad.db", database)


@pytest.mark.postgres
def test_postgresql_is_saved_by_its_own_tool(postgres_url: str, tmp_path: Path, clock: Clock):
    database = open_database(postgres_url, clock)
    with pytest.raises(StorageError, match="pg_dump"):
        backup.save(database, tmp_path / "x")
    with pytest.raises(StorageError, match="pg_restore"):
        backup.restore(tmp_path / "x", database)


def test_a_copy_of_damaged_pages_is_no_copy(sqlite_database: Database, tmp_path: Path):
    with sqlite_database.begin() as uow:
        for _ in range(200):
            people.create(uow, "web")
    sqlite_database.close()
    path = sqlite_database.path
    assert path is not None
    content = bytearray(path.read_bytes())
    for place in range(4096 * 3, len(content), 4096):
        content[place : place + 64] = b"\xff" * 64
    path.write_bytes(bytes(content))

    with pytest.raises(Damaged):
        backup.save(sqlite_database, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
