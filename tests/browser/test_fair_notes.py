"""Notes at a fair in a real Chromium: without network they wait, whatever happens to the tab, and arrive exactly once."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from bot.application.services import Services
from bot.web import visitor as visitors
from storage import conversations, sessions, stands
from storage.gatherings import Kind
from storage.stands import Stand
from tests.bot.happening import gathering, learners
from tests.browser.gallery import PHONE
from tests.support.databases import Clock
from tests.support.server import serving

pytestmark = pytest.mark.browser
NOTES = "/forum/1/notes"
TALK = 15_000  # ms: the longest that a test waits for what should come by itself


@pytest.fixture
def person(services: Services) -> str:
    """A learner; there is a fair, number 1."""
    held = gathering(services.database, Kind.FAIR, title="Forum", domain="")
    with services.database.begin() as uow:
        stands.put(uow, held.id, [Stand("Imprimerie Dubois", "A2"), Stand("Studio Lumen", "A10")])
    return learners(services.database, 1)[0]


@pytest.fixture
def phone(browser: Browser, site: str, services: Services, person: str) -> Iterator[BrowserContext]:
    """The learner's telephone."""
    with _phone(browser, site, services, person) as context:
        yield context


@contextmanager
def _phone(
    browser: Browser, site: str, services: Services, person: str, *, shared: bool = False
) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="fr-BE", base_url=site)
    context.set_default_timeout(TALK)
    come_back(context, services, site, person, shared=shared)
    yield context
    context.close()


def come_back(
    context: BrowserContext, services: Services, site: str, person: str, *, shared: bool = False
) -> str:
    token = visitors.open_session(services, person, shared=shared)
    context.add_cookies([{"name": "boussole", "value": token, "url": site}])
    return token


def open_notes(context: BrowserContext, *, kept: bool = True) -> Page:
    """The page, once it would open without network."""
    page = context.new_page()
    page.goto(NOTES)
    if kept:
        page.wait_for_selector("html[data-offline=ready]")
    return page


def write(page: Page, stand: str, words: str = "", rating: str = "") -> None:
    page.fill("#other", stand)
    page.fill("#words", words)
    if rating:
        page.get_by_text(rating, exact=True).click()
    page.click("text=Garder cette note")


def waits(page: Page) -> list[str]:
    return [one.replace("En attente ", "") for one in page.locator("#waits li").all_inner_texts()]


def visits(services: Services, person: str) -> list[tuple[str, Any, Any]]:
    with services.database.read() as uow:
        found: list[dict[str, Any]] = conversations.profile(uow, person).get("fair.visits") or []
    return [(one["stand"], one.get("rating"), one.get("note")) for one in found]


def stored(page: Page) -> list[str]:
    """What this browser still holds of notes."""
    found: list[str] = page.evaluate(
        "Object.keys(localStorage).filter(one => one.startsWith('boussole.note.'))"
    )
    return found


def arrived(page: Page, number: int) -> None:
    """Wait until as many notes are shown as kept."""
    expect(page.locator("#kept li")).to_have_count(number)
    expect(page.locator("#waiting")).to_be_hidden()


def test_with_a_network_a_note_is_sent_at_once_and_nothing_stays_here(
    phone: BrowserContext, services: Services, person: str
) -> None:
    page = open_notes(phone)
    write(page, "Studio Lumen", "le son, en vrai", "Oui")
    arrived(page, 1)
    assert visits(services, person) == [("Studio Lumen", 3, "le son, en vrai")]
    assert stored(page) == []
    assert page.input_value("#words") == ""


def test_without_network_notes_wait_and_leave_by_themselves_in_order(
    phone: BrowserContext, services: Services, person: str
) -> None:
    page = open_notes(phone)
    phone.set_offline(True)
    write(page, "Imprimerie Dubois", "ça sent l’encre", "Oui")
    write(page, "Studio Lumen", rating="Bof")
    expect(page.locator("#said")).to_contain_text("Pas de réseau")
    assert len(waits(page)) == 2
    assert visits(services, person) == []
    phone.set_offline(False)
    arrived(page, 2)
    assert visits(services, person) == [
        ("Imprimerie Dubois", 3, "ça sent l’encre"),
        ("Studio Lumen", 2, None),
    ]
    assert stored(page) == []


def test_the_page_opens_without_the_site_holds_nothing_of_anybody_and_sends_once_it_is_back(
    browser: Browser, services: Services, person: str
) -> None:
    port = services.settings.port
    running: AbstractContextManager[str] = serving(services, port)
    site = running.__enter__()
    with services.database.begin() as uow:
        conversations.note(
            uow, person, {"fair.targets": ["Stand secret"], "fair.visits": [{"stand": "Vu hier"}]}
        )
    with _phone(browser, site, services, person) as phone:
        page = open_notes(phone)
        assert "Stand secret" in page.content()
        running.__exit__(None, None, None)  # the site is gone, and the tab is killed
        page.close()
        page = open_notes(phone, kept=False)
        expect(page.locator("#said")).to_contain_text("Pas de réseau")
        for mine in ("Stand secret", "Vu hier"):
            assert mine not in page.content()
        assert page.locator("#stands option").count() == 2
        write(page, "Studio Lumen", "sans réseau")
        expect(page.locator("#waits li")).to_have_count(1)
        page.close()  # killed once more before anything was sent
        with serving(services, port):
            page = open_notes(phone, kept=False)
            arrived(page, 2)
        assert visits(services, person) == [("Vu hier", None, None), ("Studio Lumen", None, "sans réseau")]


def test_an_answer_that_is_lost_makes_no_second_note(
    phone: BrowserContext, services: Services, person: str
) -> None:
    page = open_notes(phone)
    lost: list[object] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch())  # it arrives, but the telephone never hears so
            route.abort()
        else:
            route.continue_()

    page.route("**/forum/1/notes", lose)
    write(page, "Studio Lumen", "une fois")
    expect(page.locator("#said")).to_contain_text("Pas de réseau")
    assert len(visits(services, person)) == 1
    page.reload()
    arrived(page, 1)
    assert len(lost) == 1
    assert visits(services, person) == [("Studio Lumen", None, "une fois")]


def test_two_tabs_send_each_note_once(phone: BrowserContext, services: Services, person: str) -> None:
    one, two = open_notes(phone), open_notes(phone)
    phone.set_offline(True)
    for number in range(4):
        write((one, two)[number % 2], f"Stand {number}")
    expect(one.locator("#waits li")).to_have_count(4)
    expect(two.locator("#waits li")).to_have_count(4)
    phone.set_offline(False)
    for page in (one, two):
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator("#waiting")).to_be_hidden()
    assert sorted(stand for stand, *_ in visits(services, person)) == [
        f"Stand {number}" for number in range(4)
    ]


def test_a_clock_that_is_wrong_changes_nothing(
    phone: BrowserContext, services: Services, person: str, clock: Clock
) -> None:
    page = open_notes(phone)
    phone.set_offline(True)
    page.evaluate("Date.now = () => 0")
    write(page, "Studio Lumen", "en 1970")
    phone.set_offline(False)
    arrived(page, 1)
    with services.database.read() as uow:
        (kept,) = conversations.profile(uow, person)["fair.visits"]
    assert kept["at"] == clock.now.isoformat()


def test_a_session_that_ended_keeps_the_note_and_says_how_to_come_back(
    phone: BrowserContext, site: str, services: Services, person: str
) -> None:
    page = open_notes(phone)
    phone.set_offline(True)
    write(page, "Studio Lumen", "avant la fin")
    with services.database.begin() as uow:
        sessions.close_all(uow, person)
    phone.set_offline(False)
    expect(page.locator("#said")).to_contain_text("Tes notes attendent ici")
    expect(page.locator("#said a")).to_have_attribute("href", "/retour?perdu=1")
    assert visits(services, person) == []
    assert len(stored(page)) == 1
    come_back(phone, services, site, person)
    page.reload()
    arrived(page, 1)
    assert visits(services, person) == [("Studio Lumen", None, "avant la fin")]


def test_nobody_s_note_is_shown_or_sent_as_somebody_else_s(
    phone: BrowserContext, site: str, services: Services, person: str
) -> None:
    page, other = open_notes(phone), learners(services.database, 1)[0]
    phone.set_offline(True)
    write(page, "Studio Lumen", "à moi")
    come_back(phone, services, site, other)
    phone.set_offline(False)
    page = open_notes(phone)
    write(page, "Imprimerie Dubois")
    arrived(page, 1)
    assert "à moi" not in page.inner_text("main")
    assert visits(services, other) == [("Imprimerie Dubois", None, None)]
    come_back(phone, services, site, person)
    page.goto(NOTES)
    arrived(page, 1)
    assert visits(services, person) == [("Studio Lumen", None, "à moi")]


def test_leaving_the_device_asks_about_what_waits_and_wipes_it(phone: BrowserContext) -> None:
    page = open_notes(phone)
    page.route("**/forum/1/notes/jeton", lambda route: route.abort())
    write(page, "Studio Lumen", "jamais parti")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.click("#leave button")
    assert "Une note n’est pas encore envoyée" in asked[0]
    assert len(stored(page)) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#leave button")
    page.wait_for_url("**/quitte")
    page.wait_for_function("caches.has('boussole-notes').then(there => !there)")
    assert page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('boussole.note'))") == []


def test_on_a_shared_device_no_draft_stays_and_an_offline_page_tells_no_words(
    browser: Browser, site: str, services: Services, person: str
) -> None:
    with _phone(browser, site, services, person, shared=True) as phone:
        page = open_notes(phone)
        page.fill("#words", "à peine commencé")
        assert page.evaluate("localStorage.getItem('boussole.notes.draft')") is None
        write(page, "Studio Lumen", "envoyé")
        arrived(page, 1)
        assert stored(page) == []
        page.route("**/forum/1/notes/jeton", lambda route: route.abort())
        write(page, "Imprimerie Dubois", "mes mots")
        page.close()
        phone.clear_cookies()
        page = open_notes(phone, kept=False)
        expect(page.locator("#waits")).to_contain_text("1 note attend.")
        assert "mes mots" not in page.content()


def test_a_draft_survives_a_tab_that_is_killed(phone: BrowserContext) -> None:
    page = open_notes(phone)
    page.fill("#other", "Studio Lumen")
    page.fill("#words", "au milieu d’un")
    page.close()
    page = open_notes(phone)
    assert (page.input_value("#other"), page.input_value("#words")) == ("Studio Lumen", "au milieu d’un")


def test_words_of_distress_open_the_help_of_the_conversation(
    phone: BrowserContext, services: Services, person: str
) -> None:
    page = open_notes(phone)
    phone.set_offline(True)
    write(page, "Studio Lumen", "je veux mourir")
    phone.set_offline(False)
    page.wait_for_url("**/chat#fin")
    assert "103" in page.inner_text("#log")
    assert visits(services, person) == [("Studio Lumen", None, None)]


def test_what_the_centre_refuses_is_given_back_to_be_changed(
    phone: BrowserContext, services: Services, person: str
) -> None:
    page = open_notes(phone)
    page.evaluate("document.getElementById('words').removeAttribute('maxlength')")
    write(page, "Studio Lumen", "x" * 201)
    page.click("#waits button")
    assert page.input_value("#words") == "x" * 201
    write(page, "Studio Lumen", "x" * 200)
    arrived(page, 1)
    assert visits(services, person) == [("Studio Lumen", None, "x" * 200)]


def test_a_browser_that_keeps_nothing_still_sends(
    phone: BrowserContext, services: Services, person: str
) -> None:
    page = phone.new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    page.goto(NOTES)
    phone.set_offline(True)
    write(page, "Studio Lumen", "en mémoire")
    expect(page.locator("#waits li")).to_have_count(1)
    phone.set_offline(False)
    arrived(page, 1)
    assert visits(services, person) == [("Studio Lumen", None, "en mémoire")]
