"""The conversation as it is lived: lost networks, impatient fingers, several tabs, no script, and nobody else on the line."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bot.application import turns
from bot.application.messages import Incoming, Text
from bot.application.services import Services
from storage import conversations
from storage.tables import sessions
from tests.browser.gallery import PHONE
from tests.browser.test_access import agree
from tests.support.browser import labels, tap, write

pytestmark = pytest.mark.browser


def person_of(services: Services) -> str:
    with services.database.read() as uow:
        return str(uow.connection.execute(sessions.select()).first().person_id)  # type: ignore[union-attr]


def said(services: Services) -> list[str]:
    """What the person said, as kept."""
    person = person_of(services)
    with services.database.read() as uow:
        kept = conversations.messages_after(uow, person, 0, 200)
    return [str(one.body.get("text")) for one in kept if one.side == "me"]


def elsewhere(services: Services, text: str) -> None:
    """The person says something on another device."""
    incoming = Incoming("web", person_of(services), f"ailleurs-{text}", Text(text))
    services.executor.submit(turns.handle, services, incoming).result()


def test_nobody_else_is_called(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    agree(page)
    for path in ("/", "/aide", "/vie-privee", "/mes-donnees", "/pause"):
        page.goto(path)

    assert asked
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}


def test_no_script_or_style_is_refused_by_the_policy(page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    agree(page)
    for path in ("/essai/rank", "/essai/multi", "/essai/media", "/mes-donnees"):
        page.goto(path)

    assert problems == []


def test_words_that_could_not_be_sent_stay_and_count_once(page: Page, services: Services) -> None:
    agree(page)
    tap(page, "Mes cartes finies")
    page.context.set_offline(True)
    page.fill("#text", "Moi, avec de l'aide")
    page.click("button.send")
    again = page.get_by_role("button", name="Réessayer")
    expect(again).to_be_visible()
    expect(page.locator("#text")).to_have_value("Moi, avec de l'aide")

    page.context.set_offline(False)
    again.click()

    page.wait_for_selector("text=une fois par semaine")
    expect(page.locator("#text")).to_have_value("")
    assert said(services).count("Moi, avec de l'aide") == 1


def test_an_answer_lost_on_its_way_back_counts_once(page: Page, services: Services) -> None:
    agree(page)

    def lose(route: Route) -> None:
        route.fetch()  # it reached the site ...
        route.abort()  # ... and nobody heard

    page.route("**/chat", lose, times=1)
    page.locator("#screen button", has_text="Mes cartes finies").click()
    page.get_by_role("button", name="Réessayer").click()

    page.wait_for_selector("text=qui décide de ton orientation")
    assert said(services).count("Mes cartes finies") == 1
    assert page.locator(".me", has_text="Mes cartes finies").count() == 1


def test_an_impatient_double_click_counts_once(page: Page, services: Services) -> None:
    agree(page)

    page.locator("#screen button", has_text="Mes cartes finies").dblclick()

    page.wait_for_selector("text=qui décide de ton orientation")
    assert said(services).count("Mes cartes finies") == 1
    assert "Le robot" in labels(page)


def test_what_happens_on_another_device_appears_by_itself(page: Page, services: Services) -> None:
    agree(page)
    tap(page, "Mes cartes finies")

    elsewhere(services, "Moi, avec de l'aide")

    page.wait_for_selector("text=une fois par semaine")
    assert "Mercredi après-midi" in labels(page)


def test_what_was_missed_without_network_comes_afterwards_and_once(page: Page, services: Services) -> None:
    agree(page)
    tap(page, "Mes cartes finies")
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    elsewhere(services, "Moi, avec de l'aide")

    page.context.set_offline(False)

    page.wait_for_selector("text=une fois par semaine")
    assert page.locator("#log .bot", has_text="une fois par semaine").count() == 1
    numbers = page.evaluate(
        "[...document.querySelectorAll('#log [data-seq]')].map(one => +one.dataset.seq).filter(one => one)"
    )
    assert numbers == sorted(set(numbers))


def test_words_being_typed_are_left_alone_by_what_arrives(page: Page, services: Services) -> None:
    agree(page)
    tap(page, "Mes cartes finies")
    page.fill("#text", "une pensée en cours")
    page.focus("#text")

    elsewhere(services, "Moi, avec de l'aide")
    page.wait_for_selector("text=une fois par semaine")

    expect(page.locator("#text")).to_have_value("une pensée en cours")
    assert page.evaluate("document.activeElement.id") == "text"


def test_eight_tabs_open_and_only_those_looked_at_hold_a_stream(page: Page, services: Services) -> None:
    agree(page)
    tabs = []
    for _ in range(7):
        tab = page.context.new_page()
        tab.add_init_script("Object.defineProperty(document, 'hidden', { get: () => window.away === true });")
        tab.goto("/chat")
        tab.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
        tabs.append(tab)

    last = page.context.new_page()
    last.goto("/aide")

    assert last.locator("h1").is_visible()
    assert len(services.bus.followed()) <= 1
    tabs[0].evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    elsewhere(services, "Mes cartes finies")
    tabs[0].wait_for_selector("text=qui décide de ton orientation")


def test_the_screen_of_an_older_tab_says_so(page: Page) -> None:
    agree(page)
    other = page.context.new_page()
    other.route("**/chat/flux*", lambda route: route.abort())  # a tab that has heard of nothing
    other.goto("/chat")
    tap(page, "Mes cartes finies")

    other.locator("#screen button", has_text="Presque tout").click()

    other.wait_for_selector("text=Cet écran a changé")
    assert "Le robot" in labels(other)


def test_everything_works_without_script(browser: Browser, site: str, services: Services) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/chat")
    for step in ("13 à 15 ans", "Lou", "Sans préciser", "Textes normaux", "3e", "D'accord"):
        button = page.locator("#screen button", has_text=step)
        with page.expect_navigation():
            if button.count():
                button.first.click()
            else:
                page.fill("#text", step)
                page.click("button.send")
    assert page.locator("text=Pour revenir").count()
    with page.expect_navigation():
        page.locator("#screen button", has_text="Mes cartes finies").click()
    assert page.url.endswith("/chat#fin")
    page.fill("#text", "Moi, avec de l'aide")
    with page.expect_navigation():
        page.click("button.send")

    assert page.locator("#screen button", has_text="Mercredi après-midi").count() == 1
    assert said(services)[-2:] == ["Mes cartes finies", "Moi, avec de l'aide"]
    context.close()


def test_ordering_by_touch_fills_the_numbers(page: Page) -> None:
    page.goto("/essai/rank")
    for label in ("Aider", "Liberté", "Rire"):
        page.get_by_role("button", name=label).click()

    places = page.evaluate("[...document.querySelectorAll('select')].map(one => one.value)")
    assert places == ["2", "3", "1"]
    page.get_by_role("button", name="Liberté").click()  # once more takes it away
    assert page.evaluate("[...document.querySelectorAll('select')].map(one => one.value)") == ["", "2", "1"]


def test_a_picture_too_heavy_is_refused_before_it_travels(page: Page) -> None:
    page.goto("/essai/media")
    page.set_input_files(
        "#file", {"name": "lourd.jpg", "mimeType": "image/jpeg", "buffer": b"\0" * (5 * 1024 * 1024 + 1)}
    )

    page.click("button.send")

    expect(page.locator("#notice")).to_contain_text("5 Mo")


def test_the_quick_exit_leaves_no_way_back_to_the_conversation(page: Page) -> None:
    page.goto("/chat")
    write(page, "salut")

    page.get_by_role("link", name="Sortie rapide").click()

    page.wait_for_url("**/pause")
    assert "Boussole" not in page.content()
    page.go_back()
    assert not page.url.endswith("/chat")


def test_a_shared_device_closes_by_itself(page: Page, services: Services) -> None:
    page.clock.install()
    agree(page)
    page.get_by_role("button", name="Partagé").click()
    page.wait_for_selector("body[data-shared]")

    page.clock.fast_forward("10:10")

    page.wait_for_url("**/quitte*")
    with services.database.read() as uow:
        assert uow.connection.execute(sessions.select()).first() is None


def test_after_an_answer_the_focus_is_on_what_comes_next(page: Page) -> None:
    page.goto("/chat")
    tap(page, "13 à 15 ans")
    write(page, "Lou")

    assert page.evaluate("document.activeElement.id") == "text"
    tap(page, "Sans préciser")
    assert page.evaluate("document.activeElement !== document.body")
