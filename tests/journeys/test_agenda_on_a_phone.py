"""The agenda in the chat of the site, on a small phone: a visit, signing up, and the reminder that comes onto the open page."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from bot.application import reminders
from bot.application.services import Services
from tests.bot.happening import gathering
from tests.support.browser import labels, tap, write
from tests.support.databases import Clock

HELLO = (
    "16 à 18 ans", "« Lou »", "Sans préciser", "Textes normaux", "5e", "D'accord", "Mes cartes finies",
    "Moi, avec de l'aide", "Mercredi après-midi",
)  # fmt: skip


@pytest.mark.browser
def test_on_a_small_phone_from_the_menu_to_the_reminder_on_the_page(
    site: str, services: Services, clock: Clock, browser: Browser
):
    gathering(services.database, place="Salle B", route="Bus 4")
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{site}/chat")
    page.wait_for_selector("#screen [data-screen]")
    write(page, "mes rendez-vous")  # on a visit: what is open is shown, and kindly asked for the agreement
    tap(page, "Lab animation")
    assert "On fait connaissance" in labels(page)
    assert "Je m'inscris" not in labels(page)
    write(page, "menu")
    tap(page, "On fait connaissance")
    for act in ("On continue", *HELLO):
        (write if act.startswith("«") else tap)(page, act.strip("« »"))
    write(page, "mon agenda")
    tap(page, "Lab animation")
    tap(page, "Je m'inscris")
    tap(page, "La veille")
    shown = page.locator("#log").inner_text().replace("\u00a0", " ")
    assert "Je te le rappelle mardi 13 octobre à 17 h" in shown
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    tap(page, "C'est bon")

    clock.now = datetime(2026, 10, 13, 15, tzinfo=UTC)  # five in the afternoon
    assert reminders.send_due(services) == 1
    page.wait_for_function("() => document.querySelector('#log').innerText.includes('date à vérifier)')")
    page.reload()
    tap(page, "Oui, je prépare")
    assert (
        page.locator("#log").inner_text().count("date à vérifier)") == 1
    )  # one reminder, whatever is opened again
    context.close()
