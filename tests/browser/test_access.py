"""Everybody can use it: axe on every page and kind of step, light and dark, narrow screens, large text, the keyboard."""

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser import gallery
from tests.browser.gallery import DESK, PHONE
from tests.support.browser import tap, write

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = ("/", "/chat", "/retour", "/retour/abc", "/aide", "/vie-privee", "/sources", "/regles", "/quitte", "/quitte?efface=1", "/pause",
         "/accord/abc", "/nulle-part")  # fmt: skip
STEPS = tuple(f"/essai/{name}" for name in (*gallery.STEPS, "messages"))
TALL = 2_000  # so that nothing is under the bar at the bottom when axe looks: it does not scroll
MODES: list[tuple[Scheme, ViewportSize]] = [("light", PHONE), ("dark", PHONE), ("light", DESK)]


def faults(page: Page) -> list[str]:
    """What axe finds, each with where."""
    found = Axe().run(page, options={"runOnly": LEVELS}).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]
    ]


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("scheme", "size"), MODES)
def test_no_page_or_step_has_a_fault_that_axe_knows(
    browser: Browser, site: str, scheme: Scheme, size: ViewportSize
) -> None:
    context = browser.new_context(
        viewport={"width": size["width"], "height": TALL},
        color_scheme=scheme,
        reduced_motion="reduce",
        base_url=site,
    )
    page = context.new_page()
    found = {}
    for path in PAGES + STEPS:
        page.goto(path)
        if problems := faults(page):
            found[path] = problems
    context.close()

    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_somebody_who_agreed_meets_no_fault_either(browser: Browser, site: str, scheme: Scheme) -> None:
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": TALL},
        color_scheme=scheme,
        reduced_motion="reduce",
        base_url=site,
    )
    page = context.new_page()
    agree(page)
    found = {"code": faults(page)}
    for path in ("/mes-donnees", "/chat", "/"):
        page.goto(path)
        found[path] = faults(page)
    context.close()

    assert found == {name: [] for name in found}


def agree(page: Page) -> None:
    """From hello to the code that leads back."""
    page.goto("/chat")
    tap(page, "13 à 15 ans")
    write(page, "Lou")
    for label in ("Sans préciser", "Textes normaux", "3e", "D'accord"):
        tap(page, label)
    page.wait_for_selector("[data-code]")


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 568}, base_url=site)
    page = context.new_page()
    wide = []
    for path in PAGES + STEPS:
        page.goto(path)
        if too_wide(page):
            wide.append(path)
    context.close()

    assert wide == []


def test_text_twice_as_large_still_fits(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 900}, base_url=site)
    page = context.new_page()
    wide = []
    for path in PAGES + STEPS:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if too_wide(page):
            wide.append(path)
    context.close()

    assert wide == []


def test_what_is_pressed_is_large_enough(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568}, base_url=site)
    page = context.new_page()
    small = []
    for path in STEPS:
        page.goto(path)
        small += [
            f"{path}: {box['label']} {box['width']}x{box['height']}"
            for box in page.evaluate(
                """() => [...document.querySelectorAll('button, label.pick, summary, select, .dock a')]
                .filter(one => one.offsetParent && getComputedStyle(one).visibility !== 'hidden' && !one.matches('.default, .bubble a'))
                .map(one => ({label: one.textContent.trim() || one.getAttribute('aria-label'), width: one.offsetWidth, height: one.offsetHeight}))
                .filter(one => one.height < 44 || one.width < 44)"""
            )
        ]
    context.close()

    assert small == []


@pytest.mark.parametrize("name", ["choice", "long", "reactions", "suite", "date"])
def test_free_choices_have_one_colour_and_one_width(page: Page, name: str) -> None:
    page.goto(f"/essai/{name}")

    looks = page.evaluate(
        """() => [...document.querySelectorAll('#screen button.pick')].map(one => {
        const look = getComputedStyle(one);
        return [look.backgroundColor, look.borderTopColor, look.color, look.fontSize].join(' '); })"""
    )
    assert len(looks) >= 3
    assert len(set(looks)) == 1


def test_the_field_to_type_in_is_always_there(page: Page) -> None:
    for path in STEPS:
        page.goto(path)

        assert page.locator("#text").is_visible(), path
        assert page.locator("#text").is_enabled(), path


def test_the_keyboard_alone_leads_from_hello_to_the_first_answers(page: Page) -> None:
    page.goto("/chat")
    _tab_to(page, "13 à 15 ans")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Comment tu veux que je t'appelle")
    _tab_to_field(page)
    page.keyboard.type("Lou")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=j'accorde comment")
    _tab_to(page, "Sans préciser")
    page.keyboard.press("Space")

    page.wait_for_selector("text=Tu préfères comment, Lou")
    mine = page.locator(".msg.me .bubble").all_inner_texts()
    assert [one.strip() for one in mine][-3:] == ["13 à 15 ans", "Lou", "Sans préciser"]


def _focused(page: Page) -> str:
    return re.sub(r"\s+", " ", str(page.evaluate("(document.activeElement.textContent || '').trim()")))


def _tab_to(page: Page, label: str) -> None:
    for _ in range(40):
        if _focused(page) == label:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {label}")


def _tab_to_field(page: Page) -> None:
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == "text":
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach the field")


def test_focus_is_seen_and_not_hidden_behind_the_bar(page: Page) -> None:
    page.goto("/essai/long")
    for _ in range(25):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => { const one = document.activeElement; if (!one || one === document.body) return null;
            const box = one.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 20);
            const top = document.elementFromPoint(x, y); return top && (one.contains(top) || top.contains(one)) ? null : one.outerHTML.slice(0, 80); }"""
        )
        assert hidden is None


def test_new_messages_are_announced(page: Page) -> None:
    page.goto("/chat")

    log = page.locator("#log")
    assert log.get_attribute("role") == "log"
    assert log.get_attribute("aria-live") == "polite"


def test_nothing_moves_for_somebody_who_asks_for_less_motion(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce", base_url=site)
    page = context.new_page()
    page.goto("/essai/messages")

    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(one => { const look = getComputedStyle(one);
        return parseFloat(look.animationDuration) > 0.01 || parseFloat(look.transitionDuration) > 0.01; }).length"""
    )
    context.close()
    assert moving == 0
