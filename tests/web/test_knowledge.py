"""The pages that say where the catalogue comes from and how studies work."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.application import catalogues
from bot.application.services import Services
from bot.web import pages
from careers import catalogue as shipped
from careers.model import Shortage
from careers.overlay import Correction
from careers.sources import register
from careers.sources.protocol import Origin
from tests.web.browsing import Browser

TODAY = date(2026, 10, 7)


def words(browser: Browser) -> str:
    return " ".join(browser.page.words.split())


def correct(services: Services, *given: Correction) -> None:
    catalogues.correct(services.database, given, TODAY, author="Inès Secrète", why="Vu au salon")
    services.make_linker = lambda _: services.linker
    catalogues.refresh(services)


async def test_every_source_is_there_with_licence_use_and_gaps(browser: Browser):
    await browser.open("/sources")
    said = words(browser)

    assert browser.response.status_code == 200
    for one in register.shipped():
        assert one.title in said, one.id
        if one.here:
            assert one.notice in said, one.id
            assert one.licence in said, one.id
            assert all(gap in said for gap in one.gaps), one.id


async def test_rows_are_counted_by_age_on_the_day_of_the_centre(browser: Browser, services: Services):
    await browser.open("/sources")
    (row,) = re.findall(
        r"<th scope=\"row\">Formations</th><td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>", browser.page.html
    )

    assert sum(map(int, row)) == len(services.catalogue.programmes)
    assert "Compté le 7 octobre 2026" in words(browser)
    assert int(row[0]) == 0
    taken = next(iter(services.catalogue.programmes))
    correct(services, Correction("programmes", taken, {"seen": "2026-10-06"}, TODAY))
    await browser.open("/sources")
    assert '<th scope="row">Formations</th><td>1</td>' in browser.page.html


async def test_what_staff_did_is_told_without_their_names(browser: Browser, services: Services):
    await browser.open("/sources")
    assert "n’a encore rien corrigé" in words(browser)
    assert "à confirmer" in words(browser)
    assert "aucune liste pour l’instant" in words(browser)

    correct(services, Correction("domains", "music", {"open": "oui"}, TODAY))
    row = Shortage(2025, "M180501-1", "Dev", "pénurie", "https://www.leforem.be/x")
    catalogues.take_shortages(services.database, 2025, [row])
    await browser.open("/sources")

    said = words(browser)
    assert "a corrigé 1 fois ce catalogue, la dernière fois le 7 octobre 2026" in said
    assert "Inès" not in browser.page.html
    assert "Musique ouvert" in said
    assert "Les thèmes ouverts au centre sont à confirmer" not in said
    assert "liste de 2025" in said


async def test_a_notice_of_an_import_is_shown_only_when_it_is_there(browser: Browser, services: Services):
    await browser.open("/sources")
    assert "Pas utilisés ici" in words(browser)
    notice = "This service uses the ESCO classification <of> the European Commission."
    services.origins = (
        Origin("esco", "ESCO 1.2", "libre", "https://esco.ec.europa.eu", notice, date(2026, 9, 1)),
    )

    await browser.open("/sources")

    assert notice in words(browser)
    assert "le 1er septembre 2026" in words(browser)
    assert "<of>" not in browser.page.html


async def test_every_rule_and_pointer_is_there_with_its_date(browser: Browser, services: Services):
    await browser.open("/regles")
    said = words(browser)

    for rule in services.catalogue.rules.values():
        assert f'id="{rule.id}"' in browser.page.html
        assert " ".join(rule.text.split()) in said, rule.id
    for pointer in services.catalogue.pointers.values():
        assert pointer.name in said
        assert pointer.audience in said
    assert said.count("plus tard") > 8
    assert "dès 15 ans" in said
    assert said.count("à vérifier") > 20
    assert "{{" not in browser.page.html


async def test_a_corrected_rule_is_read_on_the_next_page(browser: Browser, services: Services):
    changes = {"text": "Le concours a lieu le 30 août.", "seen": "2026-10-06"}
    correct(services, Correction("rules", "medicine_contest", changes, TODAY, "https://mesetudes.be/c"))
    correct(services, Correction("pointers", "siep", {"hidden": "oui"}, TODAY))

    await browser.open("/regles")

    assert "Le concours a lieu le 30 août." in words(browser)
    assert "Source : mesetudes.be. Vu le 6 octobre 2026." in words(browser)
    assert "Fiches sur les écoles et les études" not in words(browser)


async def test_what_staff_type_is_never_code(browser: Browser, services: Services):
    correct(
        services,
        Correction("rules", "cess", {"text": "Un <script>alert(1)</script> texte à vérifier."}, TODAY),
    )

    await browser.open("/regles")

    assert "<script>alert" not in browser.page.html
    assert "<script>alert(1)</script>" in words(browser)


async def test_both_pages_are_linked_from_everywhere_and_to_each_other(browser: Browser):
    for path in ("/", "/aide", "/vie-privee", "/sources", "/regles"):
        await browser.open(path)
        assert {"/sources", "/regles"} <= set(browser.page.links), path


@pytest.mark.parametrize("path", ["/sources", "/regles"])
async def test_they_ask_nothing_of_others_and_leave_nothing(browser: Browser, path: str):
    await browser.open(path)

    assert browser.cookie is None
    assert not re.search(r"(?:src|href)=\"//|src=\"https?:", browser.page.html)
    sheets = re.findall(r"<link rel=\"(?:stylesheet|icon)\" href=\"([^\"]+)\"", browser.page.html)
    assert sheets
    assert all(sheet.startswith("/static/") for sheet in sheets)
    for link in re.findall(r"<a href=\"https?:[^>]*>", browser.page.html):
        assert 'rel="noopener noreferrer"' in link


async def test_a_catalogue_without_rules_or_pointers_still_has_its_pages(
    browser: Browser, services: Services
):
    services.catalogue = replace(shipped.load(), rules={}, pointers={}, programmes={})

    for path in ("/sources", "/regles"):
        await browser.open(path)
        assert browser.response.status_code == 200


async def test_a_card_leads_to_the_page_of_sources_and_studies_to_the_rules(services: Services):
    template: Any = pages.environment(services).get_template("_messages.html").module
    body = {
        "kind": "programme",
        "title": "Études",
        "source": "Source : x.",
        "url": "https://x.be",
        "lines": ["CESS"],
        "position": None,
        "reasons": (),
        "doubt": "",
    }

    assert 'href="/sources"' in str(template.card(body))
    assert 'href="/regles"' in str(template.card(body))
    assert 'href="/regles"' not in str(template.card({**body, "kind": "occupation"}))
