"""« Je suis là »: looking changes nothing, the button notes it, whenever and whoever it is, without a word of blame."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.application import happenings
from bot.application.rights import OPERATOR
from bot.application.services import Services
from storage import gatherings, returns
from storage.database import Database
from storage.gatherings import Gathering
from storage.participations import Standing
from tests.bot.happening import gathering, learners
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.web.browsing import Browser
from tests.web.coming_in import act, come_in, part_of


@pytest.fixture
def services(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path)
    yield made
    made.executor.shutdown()


def _door(database: Database, held: Gathering) -> str:
    with database.read() as uow:
        return f"/presence/{gatherings.checkin_token(uow, held.id)}"


async def test_looking_changes_nothing_and_the_button_notes_it_once(
    browser: Browser, services: Services, database: Database, clock: Clock
) -> None:
    held, person = gathering(database), come_in(services, browser)
    door = _door(database, held)
    clock.now = held.starts_at
    page = await browser.open(door)
    assert part_of(database, held, person) is None
    assert [label for label, *_ in page.form(door).buttons] == ["Je suis là"]
    for _ in range(2):
        page = await act(browser, door)
        assert "tu es là" in page.words
        await browser.open(door)
    assert part_of(database, held, person).standing is Standing.CAME  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("hours", "said"),
    [(-1.5, "C’est un peu tôt. Le bouton marche à partir de"), (5, "dis-le à ta ou ton coach")],
)
async def test_too_early_and_over_are_said_and_a_post_changes_nothing(
    browser: Browser, services: Services, database: Database, clock: Clock, hours: float, said: str
) -> None:
    held, person = gathering(database), come_in(services, browser)
    door = _door(database, held)
    clock.now = held.starts_at
    await browser.open(door)  # the button of a page that stayed open
    clock.move(hours=hours)
    page = await act(browser, door)
    assert said in page.words
    assert part_of(database, held, person) is None


async def test_one_that_was_cancelled_has_nothing_to_press(
    browser: Browser, services: Services, database: Database, clock: Clock
) -> None:
    held = gathering(database)
    come_in(services, browser)
    with database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)
    clock.now = held.starts_at
    page = await browser.open(_door(database, held))
    assert "n’a pas lieu" in page.words
    assert all("presence" not in form.action for form in page.forms)


async def test_four_words_and_the_button_are_one_gesture(
    browser: Browser, database: Database, clock: Clock
) -> None:
    held, person = gathering(database), learners(database, 1)[0]
    with database.begin() as uow:
        words = returns.give(uow, person).words
    door = _door(database, held)
    clock.now = held.starts_at
    page = await browser.open(door)
    assert "dis ton prénom à ta ou ton coach" in page.words
    await browser.post(door, {"words": ""})
    assert browser.response.status_code == 422
    page = await browser.post(door, {"words": "quatre mots tout faux"})
    assert browser.response.status_code == 404
    page = await browser.post(door, {"words": words})
    assert "tu es là" in page.words
    assert part_of(database, held, person).standing is Standing.CAME  # type: ignore[union-attr]
    assert browser.cookie


async def test_a_code_that_nobody_made_is_nothing(browser: Browser, services: Services) -> None:
    come_in(services, browser)
    await browser.open("/presence/nimportequoi")
    assert browser.response.status_code == 404
    await act(browser, "/presence/nimportequoi")
    assert browser.response.status_code in (403, 404)


async def test_the_form_s_token_is_asked_for(
    browser: Browser, services: Services, database: Database, clock: Clock
) -> None:
    held, person = gathering(database), come_in(services, browser)
    clock.now = held.starts_at
    await browser.post(_door(database, held), {"csrf": "faux"})
    assert browser.response.status_code == 403
    assert part_of(database, held, person) is None
