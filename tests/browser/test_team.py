"""The team's pages in a real browser: no fault that axe knows, nothing wider than a telephone, and the ways in as people use them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import update

from bot.application import team
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from bot.web import team as door
from storage import outbox, staff_addresses, staff_sessions
from storage.tables_team import staff_sessions as browsers
from tests.browser.gallery import DESK, PHONE
from tests.browser.test_access import faults, too_wide
from tests.support import team as people
from tests.support.team import PASSWORD

pytestmark = pytest.mark.browser

SAM = "sam@centre.be"
OPEN = (
    "/equipe/entrer",
    "/mentorat/entrer",
    "/equipe/entrer/code",
    "/equipe/entrer/abc",
    "/equipe/bienvenue/abc",
    "/equipe/rien",
)
INSIDE = ("/equipe", "/equipe/compte", "/mentorat", "/mentorat/compte")  # fmt: skip
Scheme = Literal["light", "dark"]
MODES: list[tuple[Scheme, ViewportSize]] = [("light", PHONE), ("dark", PHONE), ("light", DESK)]


@pytest.fixture
def platform(services: Services) -> None:
    services.settings.telegram_token = "1:x"


@pytest.fixture
def telephone(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="fr-BE", base_url=site)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def sign_in(services: Services, context: BrowserContext, site: str) -> None:
    actor = people.add(
        services, "Sam Très-Long-Nom", *(role for role in Role if role is not Role.LEARNER), telegram="42"
    )
    for area in (door.TEAM, door.MENTORS):
        with services.database.begin() as uow:
            token = staff_sessions.open_session(uow, actor.id, area.name)
        context.add_cookies([{"name": door.cookie_name(services, area), "value": token, "url": site}])


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(("scheme", "size"), MODES)
def test_no_page_has_a_fault_that_axe_knows_or_is_too_wide(
    browser: Browser, site: str, services: Services, scheme: Scheme, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", base_url=site)
    page = context.new_page()
    with services.database.begin() as uow:
        invitation = team.add(uow, OPERATOR, "Nora", [Role.COACH]).token
    found = {}

    def look(path: str) -> None:
        if problems := [*faults(page), *(["too wide"] if too_wide(page) else [])]:
            found[path] = problems

    for path in (*OPEN, f"/equipe/bienvenue/{invitation}"):
        page.goto(path)
        look(path)
    sign_in(services, context, site)
    for path in INSIDE:
        page.goto(path)
        for summary in page.locator("main summary").all():
            summary.click()
        look(path)
    page.goto("/equipe/compte")
    page.get_by_role("button", name="Joindre une autre conversation").click()
    expect(page.locator(".bigcode")).to_contain_text("/equipe ")
    look("the code")
    context.close()

    assert found == {}


@pytest.mark.parametrize("width", [320, 640])
def test_large_text_on_a_narrow_screen_still_fits(
    browser: Browser, site: str, services: Services, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site)
    sign_in(services, context, site)
    page = context.new_page()
    wide = []
    for path in (*OPEN, *INSIDE):
        page.goto(path)
        if width == 640:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        if too_wide(page):
            wide.append(path)
    context.close()

    assert wide == []


def test_what_is_pressed_is_large_enough(browser: Browser, site: str, services: Services) -> None:
    context = browser.new_context(viewport=PHONE, base_url=site)
    sign_in(services, context, site)
    page = context.new_page()
    small = []
    for path in (*OPEN, *INSIDE):
        page.goto(path)
        small += page.evaluate(
            """path => [...document.querySelectorAll('button, label.check, summary, .doors a, .who a, .brand')]
            .filter(one => one.offsetParent && (one.offsetHeight < 44 || one.offsetWidth < 44))
            .map(one => `${path}: ${one.textContent.trim()} ${one.offsetWidth}x${one.offsetHeight}`)""",
            path,
        )
    context.close()

    assert small == []


def test_an_invitation_a_password_that_can_be_seen_and_the_way_out(
    telephone: Page, services: Services
) -> None:
    with services.database.begin() as uow:
        token = team.add(uow, OPERATOR, "Sam", [Role.COACH], SAM).token
    telephone.goto(f"/equipe/bienvenue/{token}")
    telephone.fill("#password", PASSWORD)
    telephone.get_by_role("button", name="Montrer").click()
    assert telephone.get_attribute("#password", "type") == "text"
    telephone.get_by_role("button", name="C’est bon, j’entre").click()
    expect(telephone.locator("h1")).to_have_text("Bonjour Sam")
    telephone.get_by_role("button", name="Sortir").click()
    telephone.goto("/equipe/compte")
    telephone.fill("#email", SAM)
    telephone.fill("#password", PASSWORD)
    telephone.keyboard.press("Enter")  # the password, not the link
    expect(telephone.locator("h1")).to_have_text("Mon compte")


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize("by", ["link", "figures"])
def test_a_link_asked_on_a_telephone_lets_that_telephone_in(
    telephone: Page, services: Services, by: str
) -> None:
    people.add(services, "Sam", Role.COACH, email=SAM, telegram="42")
    telephone.goto("/equipe")
    telephone.fill("#email", SAM)
    telephone.get_by_role("button", name="Recevoir un lien").click()
    expect(telephone.locator("h1")).to_have_text("Regardez vos messages")
    with services.database.begin() as uow:
        (row,) = outbox.claim(uow, "telegram", 5, "test")
    text = row.body["text"]
    if by == "link":
        telephone.goto(re.search(r"/equipe/entrer/\S+", text)[0])  # type: ignore[index]
        telephone.get_by_role("button", name="Entrer").click()
    else:
        telephone.fill("#code", re.search(r"\d{4} \d{4}", text)[0])  # type: ignore[index]
        telephone.keyboard.press("Enter")
    expect(telephone.locator("h1")).to_have_text("Bonjour Sam")


def test_without_script_one_comes_in_as_well(browser: Browser, site: str, services: Services) -> None:
    people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD)
    context = browser.new_context(viewport=PHONE, base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/equipe")
    assert page.locator("[data-show]").is_hidden()
    page.fill("#email", SAM)
    page.fill("#password", PASSWORD)
    page.click("button[value=password]")
    expect(page.locator("h1")).to_have_text("Bonjour Sam")
    context.close()


@pytest.mark.usefixtures("platform")
def test_a_session_that_ended_meanwhile_loses_nothing_but_a_password(
    telephone: Page, services: Services
) -> None:
    actor = people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD, telegram="42")

    def enter() -> None:
        telephone.fill("#email", SAM)
        telephone.fill("#password", PASSWORD)
        telephone.click("button[value=password]")

    def end() -> None:
        with services.database.begin() as uow:
            staff_sessions.close_all(uow, actor.id)

    def idle() -> None:
        with services.database.begin() as uow:
            uow.execute(update(browsers).values(seen_at=uow.now - timedelta(hours=1)))

    telephone.goto("/equipe/compte")
    enter()
    for stop in (idle, end):
        telephone.goto("/equipe/compte")
        telephone.fill("#old", PASSWORD)
        telephone.fill("#new", "tout à fait autre chose")
        stop()
        telephone.get_by_role("button", name="Garder ce mot de passe").click()
        assert "gardé sur cette page" not in telephone.content()
        assert "autre chose" not in telephone.content()
        enter()
    telephone.goto("/equipe/compte")
    idle()
    telephone.get_by_role("button", name="Quitter Telegram").click()
    expect(telephone.locator("[role=status]")).to_contain_text("gardé sur cette page")
    enter()
    telephone.get_by_role("button", name="Envoyer maintenant").click()
    expect(telephone.locator("[role=status]")).to_contain_text("plus rien ne vous est écrit")
    with services.database.read() as uow:
        assert staff_addresses.joined(uow, actor.id) == {}
