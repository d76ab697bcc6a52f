"""What the tests of the site share: a site over an empty SQLite database, and browsers that visit it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from bot.application.services import Services
from bot.web import site
from storage.database import Database
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.web.browsing import Browser


@pytest.fixture
def services(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(sqlite_database, clock, tmp_path)
    yield made
    made.executor.shutdown()


@pytest.fixture
async def app(services: Services) -> AsyncIterator[Starlette]:
    made = site.create(services)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def new_browser(app: Starlette) -> AsyncIterator[Callable[[], Browser]]:
    """Makes browsers that know nothing of each other."""
    async with AsyncExitStack() as stack:

        def make(**options: Any) -> Browser:
            browser = Browser(app, **options)
            stack.push_async_callback(browser.client.aclose)
            return browser

        yield make


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """A teenager's browser."""
    return new_browser()
