"""Fixtures for all tests: `database` on SQLite and on PostgreSQL, a clock that is moved by hand, the key, Chromium."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from storage.database import Database
from tests.support import databases
from tests.support.browser import launched
from tests.support.databases import Clock, NoPostgres, PostgresServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` plays the golden transcripts again and writes them down."""
    parser.addoption("--update", action="store_true", help="write the golden transcripts again")
    parser.addoption("--left-out-to", metavar="FILE", help="write what had to be left out, a reason a line")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Tell in one line each what was left out: no PostgreSQL, no browser; tests on the study material apart."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", ()):
        if isinstance(report.longrepr, tuple):
            reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    left_out = {reason: count for reason, count in reasons.items() if " left out: " in reason}
    for reason, count in reasons.items():
        if reason not in left_out:
            terminalreporter.write_line(f"not played ({count}): {reason}")
    target = config.getoption("--left-out-to")
    if target:
        lines = [f"{count} tests: {reason}" for reason, count in left_out.items()]
        Path(target).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture(scope="module")  # it runs an event loop of its own, which other modules must not find running
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def clock() -> Clock:
    """Stands at 7 October 2026, 16:00 in Brussels, until a test moves it."""
    return Clock()


@pytest.fixture(scope="session")
def database_folder() -> Iterator[Path]:
    """A folder in memory, for the SQLite files of this run."""
    folder = databases.folder_for("db")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(database_folder: Path) -> Path:
    """A migrated, empty SQLite file."""
    return databases.sqlite_template(database_folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL; tests that need it are skipped, all with the same reason, where it cannot be had."""
    try:
        server = PostgresServer()
    except NoPostgres as reason:
        pytest.skip(f"PostgreSQL left out: {reason}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The URL of a migrated database that tests share one after the other, emptied before each."""
    url = postgres.create()
    database = databases.open_database(url, Clock())
    database.migrate()
    database.close()
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, database_folder: Path) -> Iterator[str]:
    """A migrated SQLite database of the test's own."""
    with databases.copied(sqlite_template, database_folder) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_template: str) -> str:
    """A migrated, empty PostgreSQL database."""
    databases.empty(postgres_template)
    return postgres_template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: the test runs once on each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """An open database: the test runs once on SQLite and once on PostgreSQL."""
    opened = databases.open_database(database_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_url: str, clock: Clock) -> Iterator[Database]:
    """An open SQLite database, for tests that have nothing to do with the kind."""
    opened = databases.open_database(sqlite_url, clock)
    yield opened
    opened.close()
