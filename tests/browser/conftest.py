"""What tests with a real browser share: a site on a socket, with a gallery of every kind of step, and Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from bot.application.services import Services
from bot.web import site as sites
from storage.database import Database
from tests.browser import gallery
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.support.server import free_port, serving


@pytest.fixture
def services(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(sqlite_database, clock, tmp_path, port=free_port())
    yield made
    made.executor.shutdown()


@pytest.fixture
def site(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    create = sites.create
    monkeypatch.setattr(sites, "create", lambda services: gallery.beside(create(services)))
    with serving(services, services.settings.port) as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A telephone that has just opened the site."""
    context = browser.new_context(viewport=gallery.PHONE, locale="fr-BE", base_url=site)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto("/")
    yield page
    context.close()
