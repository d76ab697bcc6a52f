"""The team's pages of the agenda in a real browser: axe, narrow screens, without script, and a board that grows by itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from bot.application import agenda_acts, happenings, taking_part
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from bot.application.signing_in import TEAM
from bot.web import team as door
from storage import conversations, participations, staff_sessions, stands
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from tests.bot.happening import WEDNESDAY, details, gathering, learners
from tests.browser.gallery import DESK, PHONE
from tests.browser.test_access import MODES, TALL, Scheme, faults, too_wide
from tests.support import team as people
from tests.support.databases import Clock

pytestmark = pytest.mark.browser


@dataclass
class Centre:
    """Gatherings of every sort, with people, and a colleague."""

    services: Services
    lab: Gathering
    meeting: Gathering
    fair: Gathering
    series: Gathering
    gone: Gathering
    persons: list[str]
    staff_id: str

    def paths(self) -> list[str]:
        one = "/equipe/agenda"
        return [
            "/equipe", one, f"{one}?passe=1", f"{one}/nouveau", f"{one}/importer", f"{one}/{self.lab.number}",
            f"{one}/{self.meeting.number}", f"{one}/{self.fair.number}", f"{one}/{self.gone.number}",
            f"{one}/{self.lab.number}/changer", f"{one}/{self.series.number}/annuler", f"{one}/{self.meeting.number}/choisir",
            f"{one}/{self.lab.number}/presences", f"{one}/{self.lab.number}/qr", "/equipe/conges",
            f"/equipe/forum/{self.fair.number}", f"{one}/9999",
        ]  # fmt: skip

    def context(self, browser: Browser, site: str, size: ViewportSize, **options: Any) -> BrowserContext:
        """A browser in which the colleague is signed in."""
        with self.services.database.begin() as uow:
            token = staff_sessions.open_session(uow, self.staff_id, TEAM.name)
        made = browser.new_context(
            viewport=size, locale="fr-BE", base_url=site, reduced_motion="reduce", **options
        )
        made.set_default_timeout(10_000)
        made.add_cookies([{"name": door.cookie_name(self.services, TEAM), "value": token, "url": site}])
        return made


@pytest.fixture
def centre(services: Services) -> Centre:
    database = services.database
    persons = learners(database, 12)
    lab = gathering(database, capacity=8)
    meeting = gathering(database, Kind.MEETING, WEDNESDAY + timedelta(days=1), capacity=3, chosen=True, title="Une ingénieure du son")  # fmt: skip
    fair = gathering(database, Kind.FAIR, WEDNESDAY + timedelta(days=2), title="Forum des métiers")
    gone = gathering(database, starts=WEDNESDAY + timedelta(days=3))
    with database.begin() as uow:
        for number, person in enumerate(persons):
            conversations.note(uow, person, {"user.first_name": f"Prénom-un-peu-long {number}"})
            taking_part.sign_up(uow, person, lab.id)
            taking_part.sign_up(uow, person, meeting.id, motivation="J’aime le son. " * 10)
        series = happenings.repeat(
            uow, OPERATOR, details(), (WEDNESDAY + timedelta(days=40)).date()
        ).gatherings[0]
        agenda_acts.cancel(uow, OPERATOR, [gone], why="La salle est inondée")
        stands.put(uow, fair.id, [stands.Stand("Une haute école au nom assez long", "A12", id="s1")])
        for person in persons:
            stands.ask(uow, fair.id, person, [("cost", ""), ("level", "s1")])
    actor = people.add(services, "Ana", Role.STAFF)
    return Centre(services, lab, meeting, fair, series, gone, persons, actor.id)


@pytest.mark.parametrize(("scheme", "size"), MODES)
def test_no_page_of_the_desk_has_a_fault_that_axe_knows(
    browser: Browser, site: str, centre: Centre, scheme: Scheme, size: ViewportSize
) -> None:
    context = centre.context(browser, site, {"width": size["width"], "height": TALL}, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for path in centre.paths():
        page.goto(path)
        if problems := faults(page):
            found[path] = problems
    page.goto(f"/equipe/agenda/{centre.lab.number}/changer")
    page.fill("#day", "2026-10-15")
    page.click("text=Voir ce qui va se passer")
    found |= {"look": problems} if (problems := faults(page)) else {}
    context.close()

    assert found == {}


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_of_the_desk_is_wider_than_the_screen(
    browser: Browser, site: str, centre: Centre, width: int
) -> None:
    context = centre.context(browser, site, {"width": width, "height": 700})
    page = context.new_page()
    wide = []
    for path in centre.paths():
        page.goto(path)
        if too_wide(page):
            wide.append(path)
    context.close()

    assert wide == []


def test_the_list_at_the_door_is_ticked_on_a_phone_without_script(
    browser: Browser, site: str, centre: Centre
) -> None:
    context = centre.context(browser, site, PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/equipe/agenda/{centre.lab.number}")
    page.click("text=Cocher les présences")
    boxes = page.get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Garder", exact=True).click()
    assert page.get_by_role("status").inner_text() == "C’est gardé."
    context.close()
    with centre.services.database.read() as uow:
        assert participations.counts(uow, [centre.lab.id])[centre.lab.id][Standing.CAME] == 2


def test_a_lab_is_moved_with_the_keyboard_alone(browser: Browser, site: str, centre: Centre) -> None:
    context = centre.context(browser, site, DESK)
    page = context.new_page()
    page.goto(f"/equipe/agenda/{centre.lab.number}/changer")
    page.focus("#place")
    page.keyboard.press("Control+A")
    page.keyboard.type("Salle C")
    page.keyboard.press("Enter")  # the first button of the form: it only shows
    page.wait_for_selector("text=Ce qui va se passer")
    assert page.get_by_text("Salle C", exact=True).is_visible()
    page.get_by_role("button", name="Changer et prévenir").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=C’est changé.")
    context.close()


def test_the_board_grows_by_itself_and_can_stand_still(
    browser: Browser, site: str, centre: Centre, clock: Clock
) -> None:
    context = centre.context(browser, site, DESK)
    page = context.new_page()
    page.clock.install()
    page.goto(f"/equipe/forum/{centre.fair.number}")
    assert page.get_by_text("10 ou plus").count() == 3
    more = learners(centre.services.database, 6)
    with centre.services.database.begin() as uow:
        for person in more:
            stands.ask(uow, centre.fair.id, person, [("cost", "")])
    clock.move(minutes=6)
    page.clock.run_for(61_000)
    page.get_by_text("15 ou plus").wait_for()

    page.click("text=Ne plus mettre à jour tout seul")
    assert page.locator("script[src*=board]").count() == 0
    context.close()
