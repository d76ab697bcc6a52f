"""Three very different projects, from the learner's own words to places near Liège, then to three tracks and studies."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from bot.application.services import Services
from careers import because, places
from careers.sources.sample import sample_vacancies
from storage import vacancies
from tests.support.browser import labels, tap, write

SHOTS = os.environ.get("BOUSSOLE_TEST_SHOTS", "")  # noqa: TID251 -- a folder for pictures to look at, never needed
HELLO = (
    "16 à 18 ans", "« Lou »", "Sans préciser", "Textes normaux", "5e", "D'accord", "Mes cartes finies",
    "Moi, avec de l'aide", "Mercredi après-midi",
)  # fmt: skip
FAR_KM = 60  # a place "around Liège"
MOST_CARDS = 8
DATE = re.compile(r"Vu (le|en) .*20\d\d")


@dataclass(frozen=True)
class Story:
    """A project in a teenager's words, where they live, and what a counsellor would think of."""

    words: str
    town: str
    occupations: tuple[str, ...]  # one of these sectors is among what the project makes the bot think of
    size: str


STORIES = {
    "game": Story(
        "J'ai fait un jeu de plateforme avec Godot, j'ai adoré inventer les niveaux", "Seraing",
        ("game_designer", "game_programmer"), "phone",
    ),
    "podcast": Story(
        "On a fait un podcast sur le harcèlement à l'école, j'ai fait les interviews et le montage son", "Herstal",
        ("journalist", "sound_technician", "podcast_producer", "radio_host", "radio_producer"), "desk",
    ),
    "arm": Story(
        "J'ai construit un bras robot avec un Arduino et des pièces imprimées en 3D", "Verviers",
        ("robotics_technician", "automation_technician", "electronics_technician", "mechatronics_technician"), "phone",
    ),
}  # fmt: skip
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desk": {"width": 1280, "height": 900},
}


def shot(page: Page, name: str) -> None:
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(700)  # what comes in is still moving
        page.screenshot(path=f"{SHOTS}/{name}.png")


def acts(page: Page, *done: str) -> None:
    """Press the buttons of these labels; words between guillemets are typed."""
    for one in done:
        if one.startswith("«"):
            write(page, one.strip("« »"))
        else:
            tap(page, one)


def plain(text: str) -> str:
    """As it was written: the site sets French spaces and apostrophes."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def answers(page: Page, send: Callable[[], None]) -> None:
    """Send what was filled in and wait for what it leads to."""
    before = page.locator("#screen [data-screen]").get_attribute("data-screen")
    send()
    page.wait_for_function(
        "before => { const now = document.querySelector('#screen [data-screen]');"
        " return now && now.dataset.screen !== before; }",
        arg=before,
    )


def tick(page: Page, *places_of_boxes: int) -> None:
    """Tick the boxes at these places and send them."""
    boxes = page.locator("#screen label.tick")
    for at in places_of_boxes:
        boxes.nth(at).click()
    answers(page, page.locator("#screen button.go").click)


def ranked(page: Page) -> None:
    """Put everything in order, the last one first."""
    taps = page.locator("#screen .rank-tap")
    for at in reversed(range(taps.count())):
        taps.nth(at).click()
    answers(page, page.locator("#screen button.go").click)


def boxes(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#screen label.tick").all_inner_texts()]


def tells(page: Page, story: Story, services: Services) -> list[str]:
    """Tell the project; ids of the occupations that it made the bot think of."""
    acts(page, "De mon projet à chez moi", "Je le raconte", f"« {story.words} »", "« passer »")
    titles = boxes(page)
    if titles:
        tick(page, 0, 1)
    while "C'est ça" in labels(page):
        titles.append(page.locator("article.card h2").last.inner_text())
        tap(page, "C'est ça" if len(titles) < 3 else "Pas du tout")
    by_name = {because.name(o).lower(): o.id for o in services.catalogue.occupations.values()}
    return [by_name[said] for title in titles if (said := plain(title).lower()) in by_name]


def near(page: Page, town: str) -> list[Locator]:
    """What is found around the town, every card answered."""
    write(page, town)
    count = 0
    while "Ça me parle" in labels(page) and count < MOST_CARDS:
        count += 1
        tap(page, "Ça me parle")
    cards = page.locator("article.card")
    return [cards.nth(cards.count() - count + at) for at in range(count)]


def worth_showing(card: Locator, services: Services) -> str:
    """The kind of a card that has all that a teenager must be told; a place around Liège when it is a programme."""
    words = plain(card.inner_text())
    assert card.locator(".why li").count() >= 1, words
    assert card.locator(".doubt").count() == 1, words
    source = plain(card.locator(".source").inner_text())
    assert "Source" in source, words
    assert DATE.search(source) or "Date inconnue" in source, words
    for programme in services.catalogue.programmes.values():
        if plain(programme.title) in words and plain(programme.institution.name) in words:
            where = places.of_postcode(programme.postcode)
            assert where is None or places.distance_km(places.LIEGE, where) <= FAR_KM, words
            assert card.locator(".why li").count() >= 2, words
            return "programme"
    return "vacancy" if "inventée" in words else "occupation"


def shortlist(page: Page, story: str) -> None:
    """Three tracks, from what was met to the card."""
    acts(page, "« menu »", "Trois métiers à creuser")
    shot(page, f"{story}-05-pick")
    tick(page, 0, 1)
    acts(page, labels(page)[0])
    shot(page, f"{story}-06-why")
    for _ in range(3):
        acts(page, "« ça me plaît depuis longtemps »", "« les horaires »", "« ce que ça coûte »")
    ranked(page)
    acts(page, "Un stage, un essai")
    shot(page, f"{story}-07-tracks")
    words = page.locator("figure.product").last.inner_text()
    assert "Trois métiers à creuser" in plain(words)


def comparison(page: Page, story: str) -> None:
    """Studies side by side, from what leads to the tracks to the table."""
    acts(page, "Comparer des études")
    shot(page, f"{story}-08-programmes")
    assert len(boxes(page)) >= 3
    tick(page, 0, 1)
    shot(page, f"{story}-09-criteria")
    tick(page, 3, 4)
    tick(page, 2)
    count = 0
    while "Pas top" in labels(page):
        if not count:
            shot(page, f"{story}-10-rate")
        count += 1
        acts(page, "Je ne sais pas" if count % 3 == 0 else "Bien")
    assert count == 6  # two programmes, three criteria
    acts(page, "On cherche", "Je ne sais pas", "« passer »")
    shot(page, f"{story}-11-table")
    cards = page.locator("figure.product")
    told = plain(cards.last.locator(".words").text_content() or "")
    assert told.count("Mon avis") == count
    assert told.count("Source : ") >= 2
    assert "je ne le sais pas" in told  # nobody knows what the people are like there
    for forbidden in ("meilleur", "gagne", "recommand", "score", "total :"):
        assert forbidden not in told.lower()


@pytest.mark.browser
@pytest.mark.parametrize("project", STORIES)
def test_a_project_leads_to_places_near_liege_to_tracks_and_to_studies(
    site: str, services: Services, browser: Browser, project: str
):
    story = STORIES[project]
    today = services.local_now().date()
    vacancies.import_all(services.database, sample_vacancies(today), "sample")
    context = browser.new_context(viewport=SIZES[story.size], device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{site}/chat")
    page.wait_for_selector("#screen [data-screen]")
    acts(page, *HELLO)

    thought_of = tells(page, story, services)
    shot(page, f"{project}-01-thought-of")
    assert set(thought_of[:3]) & set(story.occupations), thought_of
    found = near(page, story.town)
    shot(page, f"{project}-02-near")
    kinds = [worth_showing(card, services) for card in found]
    assert len(found) >= 3
    assert "programme" in kinds
    tap(page, "C'est bon")
    shortlist(page, project)
    comparison(page, project)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    for picture in page.locator("figure.product img").all():
        picture.scroll_into_view_if_needed()
        shown = picture.evaluate("img => img.decode().then(() => img.naturalWidth)")
        assert shown == 1080
    shot(page, f"{project}-12-end")
    context.close()
