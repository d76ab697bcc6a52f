"""The whole thread in a browser: hello, consent, what lights up, a project, places near, a step, its reminder."""

import os
from pathlib import Path

import pytest

from bot.application import reminders
from careers.sources.sample import sample_vacancies
from storage import vacancies
from tests.support.browser import PHONE, labels, tap, write

SHOTS = os.environ.get("BOUSSOLE_TEST_SHOTS", "")  # noqa: TID251 -- a folder for pictures to look at, never needed


def shot(page, name):
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png")


@pytest.mark.browser
def test_from_the_first_hello_to_the_reminder_on_its_day(  # noqa: PLR0915 -- one story, told in one go
    site, services, clock, browser
):
    vacancies.import_all(services.database, sample_vacancies(clock.now.date()), "sample")
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    shot(page, "01-welcome")
    page.get_by_role("link", name="Commencer").or_(page.locator("a.go")).first.click()
    page.wait_for_selector("#screen [data-screen]")
    shot(page, "02-hello")

    tap(page, "13 à 15 ans")
    write(page, "Lou")
    tap(page, "Sans préciser")
    tap(page, "Textes normaux")
    tap(page, "3e")
    shot(page, "03-consent")
    assert "D'accord" in labels(page)
    tap(page, "D'accord")
    page.wait_for_selector("[data-code]")
    shot(page, "04-code")
    tap(page, "Mes cartes finies")
    tap(page, "Moi, avec de l'aide")
    tap(page, "Mercredi après-midi")
    tap(page, "Ce qui m'allume")
    tap(page, "C'est parti")
    shot(page, "05-reaction")
    answers = ["Trop bien", "Bof", "Trop bien", "Pas pour moi", "Pourquoi pas", "Bof"]
    for _batch in range(3):
        for answer in answers:
            tap(page, answer)
        if "Oui" in labels(page):
            tap(page, "Oui")
    shot(page, "06-result")
    for _ in range(4):
        if "De mon projet à chez moi" in labels(page):
            break
        if labels(page):
            tap(page, labels(page)[0] if "On continue" not in labels(page) else "On continue")
        else:
            write(page, "J'ai monté une vidéo avec ma cousine.")
    write(page, "menu")
    tap(page, "De mon projet à chez moi")
    tap(page, "Je le raconte")
    write(page, "J'ai codé un jeu avec des monstres sur Scratch et je l'ai montré à ma classe")
    write(page, "passer")
    shot(page, "07-project")
    while "C'est ça" in labels(page):
        tap(page, "C'est ça")
    write(page, "Herstal")
    shot(page, "08-near")
    card = page.locator("article.card").last
    assert card.locator(".why li").count() >= 2
    assert card.locator(".doubt").count() == 1
    assert "Source" in card.locator(".source").inner_text()
    while "Ça me parle" in labels(page):
        tap(
            page,
            "Trop long" if "bachelier" in page.locator("article.card").last.inner_text() else "Ça me parle",
        )
    shot(page, "09-more")
    tap(page, "C'est bon")
    tap(page, "Mon prochain pas")
    for words in (
        "Montrer mon jeu",
        "Que ça plaise",
        "La flemme",
        "je fais dix minutes",
        "Écrire à ma cousine",
    ):
        write(page, words)
    tap(page, "Moi")
    write(page, "dans 2 jours")
    tap(page, "Oui")
    shot(page, "10-plan")
    write(page, "pause")
    assert "127.0.0.1" in asked[0]
    assert all("//127.0.0.1:" in url for url in asked)

    clock.move(days=2, hours=3)
    assert reminders.send_due(services) >= 1
    page.wait_for_function("document.querySelector('#log').innerText.includes('Écrire à ma cousine')")
    shot(page, "11-reminder")
    page.goto(f"{site}/chat")
    shot(page, "12-back")
    context.close()
