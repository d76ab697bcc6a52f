# ruff: noqa: PT012  # what fails is a whole transaction

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage import people
from storage.database import Database
from storage.errors import DatabaseBusy, DiskFull, NotWritable
from storage.group_commit import MOST, GroupCommitExecutor
from tests.support.databases import KEY, Clock, open_database


@pytest.fixture
def executor(sqlite_database: Database) -> Iterator[GroupCommitExecutor]:
    made = GroupCommitExecutor(sqlite_database)
    yield made
    made.shutdown()


def count(database: Database) -> int:
    with database.read() as uow:
        return people.count(uow)


def create(database: Database) -> Callable[[], str]:
    def work() -> str:
        with database.begin() as uow:
            return people.create(uow, "web").id

    return work


def waiting_together(executor: GroupCommitExecutor, *works: Callable[[], Any]) -> list[Future[Any]]:
    """Submit all of it while the thread is held, so that it goes together."""
    hold = threading.Event()
    executor.submit(hold.wait, 10)
    futures = [executor.submit(work) for work in works]
    hold.set()
    return futures


def fail_inside(database: Database) -> Callable[[], None]:
    def work() -> None:
        with database.begin() as uow:
            people.create(uow, "web")
            raise KeyError

    return work


def fill_the_disk(database: Database) -> Callable[[], None]:
    def work() -> None:
        with database.begin() as uow:
            pages = uow.connection.execute(text("PRAGMA page_count")).scalar()
            uow.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            for number in range(2000):
                people.create(uow, "telegram", f"{number}")

    return work


def test_work_that_waits_shares_one_commit_and_is_told_only_after_it(
    sqlite_database: Database, executor: GroupCommitExecutor
):
    order: list[str] = []
    seen_from_outside: list[int] = []

    def look() -> None:  # in a thread of its own: from this one, it would see what is not kept yet
        outside = threading.Thread(target=lambda: seen_from_outside.append(count(sqlite_database)))
        outside.start()
        outside.join()
        order.append("look")

    def register() -> None:
        with sqlite_database.begin() as uow:
            people.create(uow, "web")
            uow.after_commit(lambda: order.append("committed"))

    futures = waiting_together(executor, register, create(sqlite_database), look)
    futures[0].add_done_callback(lambda _: order.append("told"))
    futures[2].result(10)
    assert seen_from_outside == [0]
    assert order == ["look", "committed", "told"]
    assert count(sqlite_database) == 2


def test_one_that_fails_takes_nobody_with_it(sqlite_database: Database, executor: GroupCommitExecutor):
    good, bad, other = waiting_together(
        executor, create(sqlite_database), fail_inside(sqlite_database), create(sqlite_database)
    )
    assert good.result(10) != other.result(10)
    with pytest.raises(KeyError):
        bad.result(10)
    assert count(sqlite_database) == 2


def test_a_disk_that_fills_up_loses_the_group_and_says_so_to_each(
    sqlite_database: Database, executor: GroupCommitExecutor
):
    """What only read is told all the same, and what comes after begins afresh."""
    before, full, reading, after = waiting_together(
        executor,
        create(sqlite_database),
        fill_the_disk(sqlite_database),
        lambda: "read",
        create(sqlite_database),
    )
    for future in (before, full):
        with pytest.raises(DiskFull):
            future.result(10)
    assert reading.result(10) == "read"
    with pytest.raises(DiskFull):  # the limit is still there
        for _ in range(200):
            after.result(10)
            after = executor.submit(create(sqlite_database))
    kept = count(sqlite_database)
    with sqlite_database.begin() as uow:
        uow.connection.exec_driver_sql("PRAGMA max_page_count=100000")
    executor.submit(create(sqlite_database)).result(10)
    assert count(sqlite_database) == kept + 1


def test_a_commit_that_fails_keeps_nothing_and_no_answers_at_hand(
    sqlite_database: Database, executor: GroupCommitExecutor
):
    def break_the_commit() -> str:  # a broken reference that is only looked at when everything is kept
        with sqlite_database.begin() as uow:
            uow.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            uow.connection.exec_driver_sql(
                "INSERT INTO facts (person_id, variable, value, updated_at) VALUES ('nobody', 'x', x'00', 0)"
            )
        return "done"

    sqlite_database.answers.put("somebody", 1, {})
    done: list[str] = []

    def register() -> None:
        with sqlite_database.begin() as uow:
            uow.after_commit(lambda: done.append("never"))

    futures = waiting_together(
        executor, create(sqlite_database), register, break_the_commit, lambda: "thought only"
    )
    for future in futures[:3]:
        with pytest.raises(Exception, match="conflict"):
            future.result(10)
    assert futures[3].result(10) == "thought only"
    assert (count(sqlite_database), done, sqlite_database.answers.get("somebody", 1)) == (0, [], None)


def test_a_reading_sees_what_came_before_it_and_cannot_write(
    sqlite_database: Database, executor: GroupCommitExecutor
):
    def write_while_reading() -> None:
        with sqlite_database.read() as uow:
            people.create(uow, "web")

    first, seen, refused, second = waiting_together(
        executor,
        create(sqlite_database),
        lambda: count(sqlite_database),
        write_while_reading,
        create(sqlite_database),
    )
    assert (first.result(10) != second.result(10), seen.result(10)) == (True, 1)
    with pytest.raises(NotWritable):
        refused.result(10)
    assert count(sqlite_database) == 2


def test_a_lock_held_elsewhere_is_told_to_each_that_needs_it(clock: Clock, sqlite_database: Database):
    database = open_database(str(sqlite_database.url), clock, busy_seconds=0.05)
    executor = GroupCommitExecutor(database)
    with sqlite_database.begin() as uow:
        people.create(uow, "web")
        futures = waiting_together(executor, create(database), lambda: "thought only", create(database))
        for future in (futures[0], futures[2]):
            with pytest.raises(DatabaseBusy):
                future.result(10)
        assert futures[1].result(10) == "thought only"
    assert executor.submit(create(database)).result(10)
    executor.shutdown()
    database.close()


def test_a_crowd_is_served_in_order_and_in_several_groups(
    sqlite_database: Database, executor: GroupCommitExecutor
):
    served: list[int] = []

    def work(number: int) -> Callable[[], None]:
        def inside() -> None:
            with sqlite_database.begin() as uow:
                people.create(uow, "web")
                served.append(number)

        return inside

    futures = waiting_together(executor, *(work(number) for number in range(3 * MOST)))
    for future in futures:
        future.result(10)
    assert served == list(range(3 * MOST))
    assert count(sqlite_database) == 3 * MOST


def test_what_is_withdrawn_before_its_turn_is_not_done(
    sqlite_database: Database, executor: GroupCommitExecutor
):
    hold = threading.Event()
    executor.submit(hold.wait, 10)
    withdrawn, done = executor.submit(create(sqlite_database)), executor.submit(create(sqlite_database))
    assert withdrawn.cancel()
    hold.set()
    assert done.result(10)
    assert count(sqlite_database) == 1


_CHILD = """
import sys, threading
from datetime import UTC, datetime
from storage import people
from storage.database import Database
from storage.group_commit import GroupCommitExecutor

database = Database(sys.argv[1], [sys.argv[2]], lambda: datetime.now(UTC), word_cost=16)
executor = GroupCommitExecutor(database)

def work():
    with database.begin() as uow:
        return people.create(uow, "web").id

def again(future):
    sys.stdout.write(future.result() + "\\n")
    sys.stdout.flush()
    executor.submit(work).add_done_callback(again)

for _ in range(20):
    executor.submit(work).add_done_callback(again)
threading.Event().wait()
"""


def test_a_killed_process_keeps_all_that_it_told(sqlite_database: Database):
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _CHILD, str(sqlite_database.url), KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:
        assert child.stdout is not None
        told = [child.stdout.readline().strip() for _ in range(60)]
        os.kill(child.pid, signal.SIGKILL)
        told += [line.strip() for line in child.stdout if line.endswith("\n")]
    with sqlite_database.read() as uow:
        kept = {row[0] for row in uow.connection.exec_driver_sql("SELECT id FROM persons")}
    assert len(told) >= 60
    assert set(told) <= kept
