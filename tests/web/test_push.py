"""Signals on a browser: who is offered them, what is kept of it, and every way in which they end."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.application.services import Services
from bot.channels import push_key
from bot.web.guard import CSP
from storage import conversations, pushes
from storage.tables import sessions
from tests.web.browsing import HERE, Browser

PLACE = "https://fcm.googleapis.com/fcm/send/abc:def-ghi_jkl"


@pytest.fixture
def services(services: Services, tmp_path: Path) -> Services:
    """The same centre, with a key for signals."""
    services.settings.push_key_file = tmp_path / "push"
    push_key.make(tmp_path / "push")
    return services


def person_of(services: Services) -> str:
    with services.database.read() as uow:
        return str(uow.connection.execute(sessions.select()).first().person_id)  # type: ignore[union-attr]


def kept(services: Services) -> list[str]:
    with services.database.read() as uow:
        return [one.endpoint for one in pushes.of_person(uow, person_of(services))]


def csrf(browser: Browser) -> str:
    return next(form.fields["csrf"] for form in browser.page.forms if "csrf" in form.fields)


async def tell(browser: Browser, path: str, endpoint: str = PLACE, **fields: str) -> dict[str, Any]:
    """Post as the script does."""
    sent = {"csrf": csrf(browser), "endpoint": endpoint, **fields}
    browser.response = await browser.client.post(
        f"/push/{path}", data=sent, headers={**HERE, "X-Boussole": "1"}
    )
    answer: dict[str, Any] = browser.response.json()
    return answer


@pytest.fixture
async def lou(browser: Browser) -> Browser:
    await browser.enrol()
    await browser.open("/mes-donnees")
    return browser


async def test_a_browser_is_kept_sealed_and_forgotten_as_easily(lou: Browser, services: Services) -> None:
    assert await tell(lou, "etat") == {"mine": False, "wanted": False}
    assert await tell(lou, "abonner") == {"mine": True}
    assert await tell(lou, "abonner") == {"mine": True}  # a second click

    assert kept(services) == [PLACE]
    assert (await tell(lou, "etat"))["mine"] is True
    assert (await tell(lou, "etat", "https://fcm.googleapis.com/other"))["mine"] is False
    assert services.database.path is not None
    assert PLACE.encode() not in services.database.path.read_bytes()

    assert await tell(lou, "desabonner") == {"mine": False}
    assert kept(services) == []
    assert await tell(lou, "desabonner") == {"mine": False}  # a second click


@pytest.mark.parametrize("path", ["etat", "abonner", "desabonner"])
async def test_a_form_that_is_not_ours_changes_nothing(lou: Browser, services: Services, path: str) -> None:
    await tell(lou, "abonner")

    said = await tell(lou, path, csrf="0" * 32)

    assert lou.response.status_code == 403
    assert "Recharge" in said["notice"]
    assert kept(services) == [PLACE]


@pytest.mark.parametrize("path", ["etat", "abonner", "desabonner"])
async def test_another_site_changes_nothing(lou: Browser, services: Services, path: str) -> None:
    await tell(lou, "abonner")
    sent = {"csrf": csrf(lou), "endpoint": PLACE}

    answer = await lou.client.post(f"/push/{path}", data=sent, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert kept(services) == [PLACE]


@pytest.mark.parametrize(
    "endpoint",
    ["", "x", "http://fcm.googleapis.com/x", "https://evil.example/x", "https://127.0.0.1/x", "https://169.254.169.254/",
     "https://fcm.googleapis.com@evil.example/", "https://fcm.googleapis.com/" + "x" * 3_000],
)  # fmt: skip
async def test_an_address_of_no_push_service_is_not_kept(
    lou: Browser, services: Services, endpoint: str
) -> None:
    said = await tell(lou, "abonner", endpoint)

    assert lou.response.status_code == 422
    assert "service que je ne connais pas" in said["notice"]
    assert kept(services) == []


async def test_a_visit_can_turn_nothing_on(browser: Browser) -> None:
    await browser.open("/chat")

    assert await tell(browser, "abonner") == {"redirect": "/retour?perdu=1"}
    assert browser.response.status_code == 401
    await tell(browser, "etat")
    assert browser.response.status_code == 401


async def test_a_shared_device_is_not_offered_signals(lou: Browser, services: Services) -> None:
    assert 'id="push"' in lou.page.html
    await lou.post("/appareil", {"csrf": csrf(lou), "shared": "yes"})
    await lou.open("/mes-donnees")

    assert 'id="push"' not in lou.page.html
    assert "partagé" in (await tell(lou, "abonner"))["notice"]
    assert lou.response.status_code == 409
    assert kept(services) == []


async def test_without_a_key_nothing_is_offered(lou: Browser, app: Any, services: Services) -> None:
    app.state.templates.globals["push_key"] = ""

    for path in ("/mes-donnees", "/chat"):
        assert 'id="push"' not in (await lou.open(path)).html
    await tell(lou, "abonner")
    assert lou.response.status_code == 404
    assert kept(services) == []
    assert "un signe passe" not in (await lou.open("/vie-privee")).words


async def test_the_conversation_offers_it_once_reminders_were_said_yes_to(browser: Browser) -> None:
    await browser.enrol()
    asked = [await browser.ask({"pick": browser.value_of("Mes cartes finies"), "push": "1"})]
    await browser.open("/chat")
    asked.append(await browser.ask({"pick": browser.value_of("Moi, avec de l'aide"), "push": "1"}))
    await browser.open("/chat")
    assert (await tell(browser, "etat", ""))["wanted"] is False
    asked.append(await browser.ask({"pick": browser.value_of("Mercredi après-midi"), "push": "1"}))

    assert [answer["push"] for answer in asked] == [False, False, True]
    assert (await tell(browser, "etat", ""))["wanted"] is True


async def test_whoever_wants_no_reminders_is_not_offered_it(browser: Browser, services: Services) -> None:
    await browser.enrol()
    with services.database.begin() as uow:
        conversations.note(
            uow, person_of(services), {"consent.reminder_slot": "none", "consent.reminders": False}
        )

    assert (await tell(browser, "etat", ""))["wanted"] is False


async def test_an_answer_that_does_not_ask_costs_nothing_more(browser: Browser) -> None:
    await browser.enrol()

    assert "push" not in await browser.ask({"text": "menu", "send": "text"})


async def test_leaving_tells_the_centre_even_when_the_session_is_over(
    lou: Browser, services: Services
) -> None:
    await tell(lou, "abonner")
    person = person_of(services)
    await lou.post("/quitter", {"csrf": csrf(lou)})
    assert "data-left" in lou.page.html
    assert "push.js" in lou.page.html

    answer = await lou.client.post("/push/desabonner", data={"csrf": "", "endpoint": PLACE}, headers=HERE)

    assert answer.json() == {"mine": False}
    with services.database.read() as uow:
        assert pushes.of_person(uow, person) == []


async def test_erasing_everything_takes_the_browser_along(lou: Browser, services: Services) -> None:
    await tell(lou, "abonner")
    person = person_of(services)

    await lou.post("/mes-donnees/tout-effacer", {"csrf": csrf(lou), "confirm": "yes"})

    with services.database.read() as uow:
        assert pushes.of_person(uow, person) == []


async def test_it_stands_among_my_data_and_can_be_ended_there_from_another_device(
    lou: Browser, services: Services
) -> None:
    await tell(lou, "abonner")
    await lou.open("/mes-donnees")

    assert "Un appareil où je te fais signe" in lou.page.words
    assert "Chrome ou semblable, depuis mercredi 7 octobre" in lou.page.words
    (key,) = {form.fields["key"] for form in lou.page.forms if form.fields.get("key", "").startswith("push:")}
    assert "googleapis" not in key
    await lou.post("/mes-donnees/effacer", {"csrf": csrf(lou), "key": key})

    assert kept(services) == []


async def test_my_data_to_take_along_lists_it(lou: Browser) -> None:
    await tell(lou, "abonner")

    await lou.post("/mes-donnees/export", {"csrf": csrf(lou)})

    with zipfile.ZipFile(io.BytesIO(lou.response.content)) as archive:
        (row,) = json.loads(archive.read("donnees.json"))["push_subscriptions"]
        assert row["endpoint"] == PLACE
        assert "Un appareil où je te fais signe" in archive.read("a-lire.txt").decode()


async def test_nobody_ends_the_signals_of_somebody_else(
    new_browser: Callable[..., Browser], services: Services
) -> None:
    lou, noa = new_browser(), new_browser()
    await lou.enrol()
    await lou.open("/mes-donnees")
    await tell(lou, "abonner")
    owner = person_of(services)
    with services.database.read() as uow:
        (browser,) = pushes.of_person(uow, owner)
    await noa.enrol("Noa")
    await noa.open("/mes-donnees")

    await noa.post("/mes-donnees/effacer", {"csrf": csrf(noa), "key": f"push:{browser.id}"})
    assert (await tell(noa, "etat"))["mine"] is False

    with services.database.read() as uow:
        assert [one.endpoint for one in pushes.of_person(uow, owner)] == [PLACE]


async def test_whoever_comes_back_on_the_same_browser_and_asks_takes_it_over(
    new_browser: Callable[..., Browser],
) -> None:
    lou, noa = new_browser(), new_browser()
    for browser in (lou, noa):
        await browser.enrol()
        await browser.open("/mes-donnees")
        await tell(browser, "abonner")

    assert (await tell(lou, "etat"))["mine"] is False
    assert (await tell(noa, "etat"))["mine"] is True


async def test_the_worker_is_served_from_the_root_and_says_nothing_of_guidance(
    browser: Browser, services: Services
) -> None:
    services.settings.bot_name = 'Nord "Sud"'
    answer = await browser.client.get("/sw.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == CSP
    assert 'NAME = "Nord \\"Sud\\""' in answer.text
    assert "caches" not in answer.text
    assert '"fetch"' not in answer.text  # it answers for no page: nothing personal can stay in it


async def test_the_privacy_page_says_it(browser: Browser) -> None:
    assert "jamais ce qu’il annonce" in (await browser.open("/vie-privee")).words
