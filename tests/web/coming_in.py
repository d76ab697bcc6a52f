"""What tests of the agenda's pages share: learners who are signed in without having talked first, and forms sent by act."""

from typing import Any

from bot.application.services import Services
from bot.web import visitor as visitors
from storage import conversations, participations
from storage.database import Database
from storage.gatherings import Gathering
from storage.participations import Part
from tests.bot.happening import learners
from tests.web.browsing import Browser, Page


def come_in(
    services: Services, browser: Browser, person: str = "", *, band: str = "13-15", shared: bool = False
) -> str:
    """Sign a learner in on a browser: their id."""
    person = person or learners(services.database, 1, band)[0]
    browser.client.cookies.set("boussole", visitors.open_session(services, person, shared=shared))
    return person


async def act(browser: Browser, path: str, **fields: Any) -> Page:
    """Send a form of the page on show to its own address, with its token."""
    token = next((form.fields["csrf"] for form in browser.page.forms if form.fields.get("csrf")), "")
    return await browser.post(path, {"csrf": token, **fields})


def part_of(database: Database, held: Gathering, person: str) -> Part | None:
    """Where somebody stands."""
    with database.read() as uow:
        return participations.get(uow, held.id, person)


def profile_of(database: Database, person: str) -> dict[str, Any]:
    """What is kept of somebody."""
    with database.read() as uow:
        return dict(conversations.profile(uow, person))
