"""How people come in and go out: invitations, return codes, an adult's agreement, shared devices, leaving."""

from collections.abc import Callable

import pytest

from bot.application import agreements
from bot.application.services import Services
from storage import groups, returns
from storage.tables import sessions
from tests.support.databases import Clock
from tests.web.browsing import Browser
from tests.web.test_conversation import rows

CODE = "INVITE42"


@pytest.fixture
def group(services: Services) -> str:
    """The id of a group that invites."""
    with services.database.begin() as uow:
        return groups.create(uow, "Groupe du mercredi", code=CODE).id


def members(services: Services, group: str) -> int:
    with services.database.read() as uow:
        return groups.members(uow, group)


async def lou(browser: Browser, services: Services) -> tuple[str, returns.ReturnCode]:
    """Somebody who agreed, and their code."""
    await browser.enrol()
    with services.database.begin() as uow:
        person = uow.connection.execute(sessions.select()).one().person_id
        return person, returns.give(uow, person)


# ---------------------------------------------------------------- coming in


async def test_the_first_page_says_what_it_is_and_for_whom(browser: Browser) -> None:
    page = await browser.open("/")

    assert "robot" in page.words
    assert "12" in page.words
    assert "18" in page.words
    assert any(link.startswith("/chat") for link in page.links)
    assert "/retour" in page.links


async def test_an_invitation_leads_into_its_group(browser: Browser, services: Services, group: str) -> None:
    page = await browser.open(f"/rejoindre/{CODE.lower()}")
    assert "Groupe du mercredi" in page.words
    start = next(link for link in page.links if link.startswith("/chat?"))

    await browser.open(start)
    await browser.go_on_to_consent()
    await browser.press("D'accord")

    assert members(services, group) == 1


async def test_an_invitation_that_does_not_exist_is_a_kind_page(browser: Browser) -> None:
    await browser.open("/rejoindre/NEANT")

    assert browser.response.status_code == 404


async def test_the_qr_code_of_an_invitation_is_a_picture(browser: Browser, group: str) -> None:
    await browser.open(f"/rejoindre/{CODE}/qr.svg")

    assert group
    assert browser.response.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in browser.response.text


# ---------------------------------------------------------------- coming back


async def test_the_link_opens_nothing_by_being_looked_at(
    new_browser: Callable[[], Browser], services: Services
) -> None:
    _person, code = await lou(new_browser(), services)
    other = new_browser()
    before = rows(services, sessions)

    page = await other.open(f"/retour/{code.token}")

    assert other.cookie is None
    assert rows(services, sessions) == before
    assert page.form(f"/retour/{code.token}").action


async def test_the_button_of_the_link_leads_to_the_conversation(
    new_browser: Callable[[], Browser], services: Services
) -> None:
    _person, code = await lou(new_browser(), services)
    other = new_browser()
    page = await other.open(f"/retour/{code.token}")

    await other.post(f"/retour/{code.token}", {**page.form(f"/retour/{code.token}").fields, "shared": "no"})

    assert other.response.url.path == "/chat"
    assert "Lou" in other.page.words


async def test_four_words_lead_back_whatever_their_accents(
    new_browser: Callable[[], Browser], services: Services
) -> None:
    _person, code = await lou(new_browser(), services)
    other = new_browser()

    await other.post("/retour", {"words": code.words.replace("-", "  ").upper(), "shared": "no"})

    assert "Lou" in other.page.words


async def test_wrong_words_are_said_kindly_and_many_tries_are_slowed_down(browser: Browser) -> None:
    await browser.post("/retour", {"words": "un deux trois quatre"})
    assert browser.response.status_code == 404
    assert "ne vont pas ensemble" in browser.page.words

    for _ in range(12):
        await browser.post("/retour", {"words": "un deux trois quatre"})

    assert browser.response.status_code == 429
    assert "Trop d'essais" in browser.page.words


async def test_a_new_code_ends_the_earlier_one(
    new_browser: Callable[[], Browser], services: Services
) -> None:
    first = new_browser()
    _person, code = await lou(first, services)
    await first.open("/mes-donnees")
    await first.post("/mes-donnees/code", first.page.form("/mes-donnees/code").fields)
    assert "<svg" in first.page.html

    other = new_browser()
    await other.post("/retour", {"words": code.words})

    assert other.response.status_code == 404


# ---------------------------------------------------------------- going out


async def test_leaving_ends_the_session_on_the_server_too(browser: Browser, services: Services) -> None:
    await browser.enrol()
    token = browser.cookie
    await browser.post("/quitter", {})

    assert browser.response.url.path == "/quitte"
    assert browser.cookie is None
    assert rows(services, sessions) == 0
    browser.client.cookies.set("boussole", token or "", domain="127.0.0.1")
    await browser.open("/mes-donnees")
    assert "Lou" not in browser.page.words


async def test_a_shared_device_is_left_by_itself_after_ten_minutes(browser: Browser, clock: Clock) -> None:
    await browser.enrol()
    await browser.post("/appareil", {**browser.page.form("/appareil").fields, "shared": "yes"})
    clock.move(minutes=9)
    await browser.open("/mes-donnees")
    assert "Lou" in browser.page.words
    clock.move(minutes=9)
    await browser.open("/mes-donnees")
    assert "Lou" in browser.page.words

    clock.move(minutes=11)
    await browser.open("/mes-donnees")

    assert "Lou" not in browser.page.words


async def test_a_device_of_ones_own_is_remembered(browser: Browser, clock: Clock) -> None:
    await browser.enrol()
    await browser.post("/appareil", {**browser.page.form("/appareil").fields, "shared": "no"})

    clock.move(days=30)
    await browser.open("/mes-donnees")

    assert "Lou" in browser.page.words


async def test_the_quick_exit_leads_to_a_page_that_says_nothing(browser: Browser) -> None:
    page = await browser.open("/pause")

    assert "boussole" not in page.words.lower()
    assert "orientation" not in page.words.lower()


@pytest.mark.parametrize("path", ["/", "/chat", "/retour", "/aide", "/vie-privee", "/nulle-part"])
async def test_the_quick_exit_is_on_every_page(browser: Browser, path: str) -> None:
    page = await browser.open(path)

    assert "/pause" in page.links


@pytest.mark.parametrize(
    "path", ["/", "/chat", "/retour", "/aide", "/vie-privee", "/mes-donnees", "/nulle-part"]
)
async def test_somebody_who_is_kept_can_quit_the_device_from_every_page(browser: Browser, path: str) -> None:
    await browser.enrol()

    page = await browser.open(path)

    assert any(form.action == "/quitter" for form in page.forms)


async def test_the_help_page_has_a_number_that_always_answers(browser: Browser) -> None:
    page = await browser.open("/aide")

    assert {"tel:103", "tel:107", "tel:112"} & set(page.links)


# ---------------------------------------------------------------- an adult's agreement


def token_of(services: Services) -> str:
    return agreements.link(services).rpartition("/")[2]


async def test_a_child_of_twelve_gets_a_link_and_goes_on_once_an_adult_and_a_coach_agreed(
    new_browser: Callable[[], Browser], services: Services
) -> None:
    child, adult = new_browser(), new_browser()
    await child.open("/chat")
    await child.press("12 ans")
    await child.press("J'envoie le message")
    token = child.page.words.split("/accord/")[1].split()[0]

    page = await adult.open(f"/accord/{token}")
    form = page.form(f"/accord/{token}").fields
    await adult.post(f"/accord/{token}", {**form, "name": "Ana", "relation": "mère", "answer": "yes"})
    assert "confirmer" in adult.page.words
    agreements.confirm(services, agreements.waiting(services)[0].id, confirmed=True)
    await child.open(f"/accord/{token}/suite")

    assert "L'accord est arrivé" in child.page.words
    assert child.page.chat.fields["visit"]


async def test_an_adult_who_agrees_says_who_they_are(browser: Browser, services: Services) -> None:
    token = token_of(services)

    await browser.post(f"/accord/{token}", {"answer": "yes", "name": "", "relation": "mère"})

    assert browser.response.status_code == 422
    found = agreements.find(services, token)
    assert found is not None
    assert found.state == "open"


async def test_an_adult_may_refuse_without_saying_who_they_are(browser: Browser, services: Services) -> None:
    token = token_of(services)

    await browser.post(f"/accord/{token}", {"answer": "no", "name": "", "relation": ""})

    found = agreements.find(services, token)
    assert found is not None
    assert found.state == "refused"


async def test_an_agreement_that_a_coach_has_not_confirmed_opens_nothing(
    browser: Browser, services: Services
) -> None:
    token = token_of(services)
    await browser.post(f"/accord/{token}", {"answer": "yes", "name": "Ana", "relation": "mère"})

    await browser.open(f"/accord/{token}/suite")

    assert browser.response.url.path == f"/accord/{token}"


async def test_the_link_of_an_adult_ends_after_fourteen_days(
    browser: Browser, services: Services, clock: Clock
) -> None:
    token = token_of(services)
    clock.move(days=15)

    await browser.open(f"/accord/{token}")

    assert browser.response.status_code == 410
    assert "14 jours" in browser.page.words
