"""A person's own things: what is kept in words, corrections, erasure, export, settings, cards, pictures."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from starlette.applications import Starlette

from bot.application import products as making
from bot.application.services import Services
from storage import conversations, products
from storage.tables import metadata, sessions
from tests.support.databases import Clock
from tests.web.browsing import Browser
from tests.web.test_conversation import rows

PLAN = {"title": "Mon prochain pas", "step": "Appeler ma tante", "day": "2026-10-14", "date": "7 octobre 2026",
        "bot": "Boussole", "foot": "", "text": "Appeler ma tante"}  # fmt: skip


def person_of(services: Services) -> str:
    with services.database.read() as uow:
        return str(uow.connection.execute(sessions.select()).first().person_id)  # type: ignore[union-attr]


def profile(services: Services) -> dict[str, object]:
    person = person_of(services)
    with services.database.read() as uow:
        return dict(conversations.profile(uow, person))


async def act(browser: Browser, name: str, **fields: str) -> None:
    """Use one of the forms of the page « mes données »."""
    await browser.open("/mes-donnees")
    form = browser.page.form(f"/mes-donnees/{name}")
    await browser.post(f"/mes-donnees/{name}", {"csrf": form.fields["csrf"], **fields})


async def test_everything_kept_is_shown_in_words(browser: Browser) -> None:
    await browser.enrol()
    page = await browser.open("/mes-donnees")

    assert "Lou" in page.words
    assert "Sans préciser" in page.words
    assert "s3" not in page.words.split()


async def test_other_apps_are_named_only_where_there_are_some(browser: Browser, app: Starlette) -> None:
    await browser.enrol()
    page = await browser.open("/mes-donnees")
    assert "relier" not in page.words
    app.state.templates.globals["platforms"] = ["Telegram", "Discord"]
    page = await browser.open("/mes-donnees")
    assert "Telegram ou Discord" in page.words
    assert "relier" in page.words


async def test_without_a_session_there_is_nothing_to_see(browser: Browser) -> None:
    await browser.open("/mes-donnees")

    assert browser.response.url.path == "/retour"


async def test_a_name_can_be_corrected(browser: Browser, services: Services) -> None:
    await browser.enrol()
    await act(browser, "corriger", key="user.first_name", value="Loulou")

    assert profile(services)["user.first_name"] == "Loulou"
    assert "C'est corrigé" in browser.page.words


@pytest.mark.parametrize("key", ["user.age_band", "consent.at", "nimporte.quoi", ""])
async def test_what_may_not_be_corrected_stays(browser: Browser, services: Services, key: str) -> None:
    await browser.enrol()
    before = profile(services)
    await act(browser, "corriger", key=key, value="n'importe quoi")

    assert profile(services) == before


async def test_words_of_distress_in_a_correction_lead_to_help(browser: Browser) -> None:
    await browser.enrol()
    await act(browser, "corriger", key="user.first_name", value="je veux mourir")

    assert browser.response.url.path == "/aide"


async def test_one_thing_can_be_erased(browser: Browser, services: Services) -> None:
    await browser.enrol()
    await act(browser, "effacer", key="user.school_stage")

    assert not profile(services).get("user.school_stage")


async def test_sharing_and_reminders_can_be_changed(browser: Browser, services: Services) -> None:
    await browser.enrol()
    await act(browser, "partage", share="full")
    await act(browser, "relances", slot="sat_am")

    now = profile(services)
    assert now["consent.share_coach"] == "full"
    assert now["consent.reminder_slot"] == "sat_am"
    assert now["consent.reminders"] is True
    await act(browser, "partage", share="everything")
    assert profile(services)["consent.share_coach"] == "full"


async def test_everything_can_be_taken_along(browser: Browser) -> None:
    await browser.enrol()
    await act(browser, "export")

    assert "attachment" in browser.response.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(browser.response.content)) as packed:
        assert "Lou" in packed.read("a-lire.txt").decode()
        assert json.loads(packed.read("donnees.json"))


async def test_everything_can_be_erased_and_only_after_the_tick(browser: Browser, services: Services) -> None:
    await browser.enrol()
    await act(browser, "tout-effacer")
    assert rows(services, metadata.tables["persons"]) == 1

    await act(browser, "tout-effacer", confirm="yes")

    assert rows(services, metadata.tables["persons"]) == 0
    assert rows(services, metadata.tables["messages"]) == 0
    assert rows(services, sessions) == 0
    assert browser.cookie is None
    assert browser.response.url.path == "/quitte"


async def test_the_words_mes_donnees_in_the_conversation_lead_to_the_page(browser: Browser) -> None:
    await browser.enrol()
    await browser.type("mes données")

    assert "/mes-donnees" in browser.page.links


# ---------------------------------------------------------------- cards


def keep_plan(services: Services) -> str:
    with services.database.begin() as uow:
        return products.keep(
            uow,
            person_of_transaction(uow),
            "action_card",
            title="Mon prochain pas",
            text="Appeler ma tante",
            values=PLAN,
        )


def person_of_transaction(uow: object) -> str:
    return str(uow.connection.execute(sessions.select()).first().person_id)  # type: ignore[attr-defined]


async def test_a_card_has_a_page_with_its_text_and_a_date_for_the_calendar(
    browser: Browser, services: Services
) -> None:
    await browser.enrol()
    card = keep_plan(services)

    page = await browser.open(f"/carte/{card}")
    assert "Appeler ma tante" in page.words
    assert f"/carte/{card}.ics" in page.links
    await browser.open(f"/carte/{card}.ics")

    assert browser.response.headers["content-type"].startswith("text/calendar")
    assert "Appeler ma tante" in browser.response.text
    assert "DTSTART:20261014T" in browser.response.text


async def test_a_card_is_drawn_for_its_owner_alone(
    new_browser: Callable[[], Browser], services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "picture", lambda _product, _media=None: b"\x89PNG")
    lou, sam = new_browser(), new_browser()
    await lou.enrol()
    card = keep_plan(services)
    await sam.enrol("Sam")

    await lou.open(f"/carte/{card}.png")
    assert lou.response.content == b"\x89PNG"
    for path in (f"/carte/{card}.png", f"/carte/{card}", f"/carte/{card}.ics"):
        await sam.open(path)
        assert sam.response.status_code == 404


async def test_a_sealed_card_that_somebody_made_up_does_not_exist(browser: Browser) -> None:
    await browser.open("/carte/visite/nimportequoi.png")

    assert browser.response.status_code == 404


async def test_a_message_for_later_is_there_at_the_next_visit(
    browser: Browser, services: Services, clock: Clock
) -> None:
    await browser.enrol()
    clock.move(hours=2)

    await browser.open("/chat")

    assert person_of(services)
    assert "On continue ?" in browser.page.words
