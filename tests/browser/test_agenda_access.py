"""The agenda's pages for everybody: axe, light and dark, narrow and large, fingers and keyboard, without script too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from bot.application import happenings, taking_part
from bot.application.rights import OPERATOR
from bot.application.services import Services
from bot.web import visitor as visitors
from storage import conversations, gatherings, participations, stands
from storage.gatherings import Kind
from storage.participations import Standing
from storage.stands import Stand
from tests.bot.happening import WEDNESDAY, gathering, learners
from tests.browser.gallery import DESK, PHONE
from tests.browser.test_access import MODES, TALL, Scheme, faults, too_wide
from tests.support.databases import Clock

pytestmark = pytest.mark.browser
LONG = "Rue de l’Invention-sans-Espaces-Ni-Retour-À-La-Ligne-Possible 300, 4000 Liège"


@pytest.fixture
def paths(services: Services, clock: Clock) -> dict[str, str]:
    """Every page there is, one in each state: its name and its path. `me` is the learner."""
    database = services.database
    clock.now = datetime(2026, 10, 14, 11, 30, tzinfo=UTC)  # half an hour before the lab: its door is open
    me, other = learners(database, 2)
    lab = gathering(database, capacity=12, place=LONG, route="Bus 1", about="On anime.")
    meeting = gathering(database, Kind.MEETING, WEDNESDAY + timedelta(days=9), title="Rencontre", chosen=True)
    fair = gathering(database, Kind.FAIR, WEDNESDAY + timedelta(days=10), title="Forum")
    full = gathering(database, Kind.MASTERLAB, WEDNESDAY + timedelta(days=3), title="Son", capacity=1)
    off = gathering(database, Kind.SESSION, WEDNESDAY + timedelta(days=1), title="Séance")
    day = gathering(
        database, Kind.OPEN_DAY, WEDNESDAY + timedelta(days=2), title="Portes ouvertes", seen=date(2026, 9, 30),
        source="https://ecole.example/une/adresse/tres/longue", link="https://ecole.example",
    )  # fmt: skip
    with database.begin() as uow:
        taking_part.sign_up(uow, me, lab.id)
        taking_part.sign_up(uow, other, full.id)
        taking_part.sign_up(uow, me, full.id)
        taking_part.leave(uow, other, full.id)
        happenings.cancel(uow, OPERATOR, off, why="La salle est prise.")
        stands.put(
            uow, fair.id, [Stand("Studio Lumen", "A1", "Son", link="https://lumen.example"), Stand("Forge")]
        )
        visit = {"stand": "Forge", "rating": 3, "note": "chaud", "id": "a", "gathering": fair.id}
        noted = {"fair.targets": ["Forge", LONG], "fair.questions": ["Et la nuit ?"], "fair.visits": [visit]}
        conversations.note(uow, me, noted)
        door = gatherings.checkin_token(uow, lab.id)
    numbers = {"lab": lab, "meeting": meeting, "full": full, "off": off, "day": day}
    found = {name: f"/agenda/{one.number}" for name, one in numbers.items()}
    here = f"/forum/{fair.number}"
    found |= {"agenda": "/agenda", "fair": here, "programme": f"{here}/programme", "notes": f"{here}/notes"}
    found |= {"shell": f"{here}/notes/hors-ligne", "door": f"/presence/{door}"}
    return {"me": me, **found}


def _open(
    browser: Browser, site: str, services: Services, person: str, size: ViewportSize, **more: object
) -> BrowserContext:
    context = browser.new_context(viewport=size, base_url=site, reduced_motion="reduce", **more)  # type: ignore[arg-type]
    if person:
        context.add_cookies(
            [{"name": "boussole", "value": visitors.open_session(services, person), "url": site}]
        )
    return context


def _each(paths: dict[str, str]) -> list[str]:
    """The names of the pages."""
    return [name for name in paths if name != "me"]


@pytest.mark.parametrize("known", [True, False], ids=["learner", "visit"])
@pytest.mark.parametrize(("scheme", "size"), MODES)
def test_no_page_of_the_agenda_has_a_fault_that_axe_knows(
    browser: Browser, site: str, services: Services, paths: dict[str, str], scheme: Scheme, size: ViewportSize, *, known: bool
) -> None:  # fmt: skip
    tall: ViewportSize = {"width": size["width"], "height": TALL}
    context = _open(browser, site, services, paths["me"] if known else "", tall, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for name in _each(paths):
        page.goto(paths[name])
        if problems := faults(page):
            found[name] = problems
    if known:
        page.goto("/agenda")
        page.click("text=Recevoir une adresse")
        found |= {"address": problems} if (problems := faults(page)) else {}
    context.close()
    assert found == {}


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (360, "100%"), (640, "200%")])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, site: str, services: Services, paths: dict[str, str], width: int, text: str
) -> None:
    context = _open(browser, site, services, paths["me"], {"width": width, "height": 600})
    page, wide = context.new_page(), []
    for name in _each(paths):
        page.goto(paths[name])
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
        if too_wide(page):
            wide.append(name)
    context.close()
    assert wide == []


def test_whatever_is_pressed_is_large_enough_for_a_thumb(
    browser: Browser, site: str, services: Services, paths: dict[str, str]
) -> None:
    context = _open(browser, site, services, paths["me"], {"width": 320, "height": 600})
    page, small = context.new_page(), []
    for name in _each(paths):
        page.goto(paths[name])
        small += [
            f"{name}: {box}"
            for box in page.evaluate(
                """() => [...document.querySelectorAll('main button, main label.check, main label.pick, main summary, main a, main input[type=text], main textarea')]
                .filter(one => one.offsetParent).map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
                .filter(one => one[1] < 43.5).map(one => one.join(' '))"""
            )
        ]
    context.close()
    assert small == []


def test_taking_an_offered_place_and_letting_it_go_look_alike(
    browser: Browser, site: str, services: Services, paths: dict[str, str]
) -> None:
    context = _open(browser, site, services, paths["me"], DESK)
    page = context.new_page()
    page.goto("/agenda")
    looks = page.evaluate(
        """() => [...document.querySelectorAll('.pair button')].map(one => { const look = getComputedStyle(one);
        return [look.backgroundColor, look.color, look.borderTopColor, one.offsetWidth, one.offsetHeight].join(' '); })"""
    )
    context.close()
    assert len(looks) == 2
    assert len(set(looks)) == 1


def test_the_keyboard_alone_signs_up_and_leaves(
    browser: Browser, site: str, services: Services, paths: dict[str, str]
) -> None:
    context = _open(browser, site, services, paths["me"], PHONE)
    page = context.new_page()
    page.goto(paths["day"])
    for label, said in (("Je m’inscris", "ta place est gardée"), ("Je n’y vais plus", "tu n’y vas plus")):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == label:
                break
        page.keyboard.press("Enter")
        expect(page.locator(".notice")).to_contain_text(said)
    context.close()


def test_without_script_one_signs_up_notes_and_is_there(
    browser: Browser, site: str, services: Services, paths: dict[str, str]
) -> None:
    context = _open(browser, site, services, paths["me"], PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(paths["meeting"])
    page.fill("#motivation", "Pour voir.")
    page.click("text=Envoyer ma demande")
    page.goto(paths["notes"])
    page.check("input[name=stand][value=Forge]")
    page.check("input[name=rating][value='2']")
    page.click("text=Garder cette note")
    assert "C’est noté." in page.inner_text("#said")
    page.goto(paths["door"])
    page.click("button.go")
    assert "tu es là" in page.inner_text("main")
    context.close()
    with services.database.read() as uow:
        mine = [part.standing for part, _held in participations.of_person(uow, paths["me"])]
        assert len(conversations.profile(uow, paths["me"])["fair.visits"]) == 2
    assert {Standing.CAME, Standing.ASKED} <= set(mine)
