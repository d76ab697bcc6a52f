"""Staff change the catalogue while the bot runs: tried first, kept, noticed, shown with its day and source."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.application import card_facts, catalogues, errands_jobs, recommendations
from bot.application.catalogues import RefusedError
from bot.application.services import Services
from careers import matcher
from careers.linker import linker_of
from careers.model import Interests, Shortage
from careers.overlay import Correction
from dialogues.events import Context
from storage import corrections
from storage.database import Database
from storage.errors import DatabaseBusy
from tests.support.centre import pages, services_for
from tests.support.databases import Clock

TODAY = date(2026, 10, 7)
GAME = "hepl-transition-jeu-video-bac"
URL = "https://www.provincedeliege.be/jeu"
ENTRY = Correction("programmes", GAME, {"entry": "CESS et entretien"}, TODAY, URL)


@pytest.fixture
def centre(sqlite_database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    """A process that has just read the catalogue; its linker stays, but where a test is about it."""
    yield from _centre(sqlite_database, clock, tmp_path)


@pytest.fixture
def any_centre(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    """The same on each kind of database."""
    yield from _centre(database, clock, tmp_path)


def _centre(database: Database, clock: Clock, folder: Path) -> Iterator[Services]:
    made = services_for(database, clock, folder)
    made.catalogue_version = catalogues.load(database).version
    made.make_linker = lambda _: made.linker
    yield made
    made.executor.shutdown()


def keep(services: Services, *given: Correction, new: bool = False) -> list[int]:
    return catalogues.correct(services.database, given, TODAY, author="Inès", why="Vu au salon", new=new)


def test_a_running_process_takes_a_correction_up_without_a_restart(any_centre: Services):
    before = any_centre.catalogue
    assert not catalogues.refresh(any_centre)

    keep(any_centre, ENTRY)

    assert catalogues.refresh(any_centre)
    assert any_centre.catalogue is not before
    assert any_centre.catalogue.programmes[GAME].entry == "CESS et entretien"
    after = any_centre.catalogue
    assert not catalogues.refresh(any_centre)
    assert any_centre.catalogue is after


def test_the_linker_is_made_again_for_the_new_catalogue(centre: Services):
    seen = []

    def make(catalogue):
        seen.append(catalogue)
        return linker_of(catalogue)

    centre.make_linker = make
    keep(centre, Correction("occupations", "game_programmer", {"hidden": "oui"}, TODAY))
    catalogues.refresh(centre)

    assert seen == [centre.catalogue]
    found = centre.linker.link("programmer des jeux vidéo").candidates
    assert found
    assert "game_programmer" not in {one.occupation_id for one in found}


def test_what_is_taken_back_comes_back_as_it_was(centre: Services):
    shipped = centre.catalogue.programmes[GAME]
    (number,) = keep(centre, ENTRY)
    catalogues.refresh(centre)

    catalogues.undo(centre.database, number, TODAY, author="Sam")

    assert catalogues.refresh(centre)
    assert centre.catalogue.programmes[GAME] == shipped
    with pytest.raises(LookupError):
        catalogues.undo(centre.database, number, TODAY, author="Sam")


def test_a_hidden_row_is_never_proposed(centre: Services):
    keep(centre, Correction("programmes", GAME, {"hidden": "oui"}, TODAY))
    catalogues.refresh(centre)

    assert GAME not in centre.catalogue.programmes
    shown = matcher.near(["game_programmer"], Interests(), centre.catalogue, [], TODAY, 10)
    assert GAME not in {one.id for one in shown}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Correction("programmes", "nowhere", {"entry": "x"}), "cette ligne n’existe pas."),
        (Correction("programmes", "hepl-transition-jeu-video", {"entry": "x"}), f"Peut-être : {GAME}"),
        (Correction("programmes", GAME, {}), "rien à changer"),
        (Correction("programmes", GAME, {"entre": "x"}), "Peut-être entry ?"),
        (Correction("programmes", GAME, {"seen": "2026-10-08"}), "n’est pas encore arrivé"),
        (Correction("programmes", GAME, {"institution": "hogwarts"}), "Renvoi cassé ou champ manquant : 'hogwarts'"),
        (Correction("programmes", GAME, {"campus": "la lune"}), "'la lune'"),
        (Correction("programmes", GAME, {"domains": "astrologie"}), "« astrologie » n’existe pas"),
        (Correction("campuses", "gloesener", {"postcode": "9999"}), "Code postal inconnu : 9999"),
        (Correction("occupations", "game_programmer", {"rome": "M9999"}), "Code rome inconnu : M9999"),
        (Correction("occupations", "game_programmer", {"one_line": "x" * 200}), "de 1 à 140 attendus"),
        (Correction("domains", "music", dict.fromkeys(("make", "understand", "create", "support", "launch", "organize"), "0")),
         "Poids de 0 à 3"),
        (Correction("rules", "cess", {"text": "mot " * 40}), "phrase trop longue"),
        (Correction("pointers", "siep", {"kind": "shop"}), "shop n’existe pas"),
        (Correction("pointers", "technifutur", {"ages_from": "12"}), "à partir de 12 ans"),
        (Correction("helplines", "103", {"number": "x"}), "table inconnue"),
    ],
)  # fmt: skip
def test_a_correction_that_would_break_something_is_refused_whole(
    centre: Services, given: Correction, said: str
):
    with pytest.raises(RefusedError) as caught:
        keep(centre, ENTRY, given)

    assert said in str(caught.value)
    with centre.database.read() as uow:
        assert corrections.everything(uow) == []


def test_every_fault_is_told_at_once(centre: Services):
    with pytest.raises(RefusedError) as caught:
        keep(centre, replace(ENTRY, changes={"entre": "x"}), replace(ENTRY, id="nowhere"))

    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(("author", "why"), [("", "x"), (" ", "x"), ("Inès", " ")])
def test_nothing_is_changed_without_a_name_and_a_reason(centre: Services, author: str, why: str):
    with pytest.raises(RefusedError):
        catalogues.correct(centre.database, [ENTRY], TODAY, author=author, why=why)


def test_a_new_row_must_be_meant(centre: Services):
    row = {
        "institution": "helmo", "title": "Bachelier en robotique marine", "level": "bachelier professionnalisant",
        "campus": "unknown", "domains": "robotique", "source": "helmo.be", "seen": "2026-10-01", "confidence": "B",
    }  # fmt: skip
    made = Correction("programmes", "helmo-robotique-marine", row, TODAY)

    with pytest.raises(RefusedError, match="dites --new"):
        keep(centre, made)
    keep(centre, made, new=True)
    catalogues.refresh(centre)
    assert centre.catalogue.programmes[made.id].title == "Bachelier en robotique marine"
    with pytest.raises(RefusedError, match="existe déjà"):
        keep(centre, made, new=True)
    keep(centre, replace(made, changes={"title": "Robotique marine"}))


def test_what_others_need_cannot_be_taken_back(centre: Services):
    school = Correction("institutions", "nouvelle", {"name": "Nouvelle école", "kind": "haute_ecole"}, TODAY)
    (number,) = keep(centre, school, new=True)
    keep(centre, Correction("programmes", GAME, {"institution": "nouvelle"}, TODAY))

    with pytest.raises(RefusedError, match="'nouvelle'"):
        catalogues.undo(centre.database, number, TODAY, author="Sam")

    with centre.database.read() as uow:
        assert [one.undone_at for one in corrections.everything(uow)] == [None, None]


def test_a_correction_that_no_longer_fits_is_told_and_the_bot_goes_on(centre: Services):
    """A newer version of Boussole may have dropped the row that staff corrected."""
    with centre.database.begin() as uow:
        corrections.add(
            uow, Correction("programmes", "dropped", {"entry": "x"}), TODAY, author="Inès", why="x"
        )
        corrections.add(uow, Correction("old_table", "a-b", {"entry": "x"}), TODAY, author="Inès", why="x")
    keep(centre, ENTRY)
    catalogues.refresh(centre)

    assert {fault.code for fault in centre.catalogue.faults} == {"overlay"}
    assert len(centre.catalogue.faults) == 2
    assert centre.catalogue.programmes[GAME].entry == "CESS et entretien"


async def test_watching_goes_on_after_trouble_and_ends_when_asked(
    centre: Services, monkeypatch: pytest.MonkeyPatch
):
    looked: list[int] = []
    real = catalogues.refresh

    def look(services: Services) -> bool:
        looked.append(1)
        if len(looked) == 1:
            raise DatabaseBusy("busy")
        return real(services)

    monkeypatch.setattr(catalogues, "refresh", look)
    keep(centre, ENTRY)
    async with catalogues.watched(centre, 0.01):
        for _ in range(500):
            if centre.catalogue.programmes[GAME].entry == "CESS et entretien":
                break
            await asyncio.sleep(0.01)

    assert centre.catalogue.programmes[GAME].entry == "CESS et entretien"
    stopped = len(looked)
    await asyncio.sleep(0.05)
    assert len(looked) == stopped


# ---------------------------------------------------------------- on the cards


def lines(services: Services, kind: str, row: str) -> list[str]:
    items = services.catalogue.programmes if kind == "programme" else services.catalogue.occupations
    return list(card_facts.lines(items[row], services.catalogue, pages()))


def test_a_card_says_what_was_corrected_when_and_where_it_was_read(centre: Services):
    before = lines(centre, "programme", GAME)
    keep(centre, ENTRY)
    keep(centre, Correction("programmes", GAME, {"url": "https://hepl.be/x", "offered": "oui"}, TODAY))
    catalogues.refresh(centre)

    found = lines(centre, "programme", GAME)

    assert found == [
        "Pour entrer : CESS et entretien (corrigé le 7 octobre 2026, lu sur provincedeliege.be)",
        "Page officielle (corrigé le 7 octobre 2026)",
        "Inscriptions (corrigé le 7 octobre 2026)",
        *before,
    ]
    cards = recommendations.cards(
        matcher.near(["game_programmer"], Interests(), centre.catalogue, [], TODAY, 10),
        centre.catalogue, {}, pages(), TODAY,
    )  # fmt: skip
    (card,) = [one for one in cards if one["id"] == f"programme:{GAME}"]
    assert set(found) <= set(card["lines"])
    assert card["url"] == "https://hepl.be/x"


def test_a_row_that_was_read_again_is_said_with_that_day_and_page(centre: Services):
    keep(centre, Correction("programmes", GAME, {"seen": "2026-10-06"}, TODAY, URL))
    catalogues.refresh(centre)

    said = card_facts.told(centre.catalogue.programmes[GAME].source, pages(), TODAY)

    assert said == "Source : provincedeliege.be. Vu le 6 octobre 2026."


def test_a_card_of_studies_says_the_one_rule_that_concerns_it_most(centre: Services):
    assert lines(centre, "programme", GAME) == [centre.catalogue.rules["cess"].short]
    art = next(p.id for p in centre.catalogue.programmes.values() if "CESS + épreuve artistique" in p.entry)
    assert lines(centre, "programme", art) == [centre.catalogue.rules["artistic_test"].short]


def test_a_centre_that_closed_every_theme_still_opens_views_on_occupations(centre: Services):
    keep(centre, *(Correction("domains", one, {"open": "non"}, TODAY) for one in centre.catalogue.domains))
    catalogues.refresh(centre)
    labels = {domain.label for domain in centre.catalogue.domains.values()}
    context = Context(now=centre.local_now(), seed="lou")

    assert set(errands_jobs.domains({}, centre.catalogue, context)) <= labels


def test_a_closed_theme_is_not_proposed(centre: Services):
    closed = list(centre.catalogue.domains)[:9]
    keep(centre, *(Correction("domains", one, {"open": "non"}, TODAY) for one in closed))
    catalogues.refresh(centre)
    left = {domain.label for domain in centre.catalogue.domains.values() if domain.open is None}

    for seed in "abcdef":
        context = Context(now=centre.local_now(), seed=seed)
        assert set(errands_jobs.domains({}, centre.catalogue, context)) == left


def test_a_card_of_an_occupation_says_the_shortage_and_whom_to_ask(centre: Services):
    welder = next(
        o for o in centre.catalogue.occupations.values() if o.dimeco and any(w.kind == "apprenticeship" for w in o.ways)
    )  # fmt: skip
    assert lines(centre, "occupation", welder.id) == ["Par étapes : IFAPME Liège-Huy-Verviers, dès 15 ans."]
    row = Shortage(2025, welder.dimeco[0], "Le nom de la liste", "pénurie", "https://www.leforem.be/liste")
    catalogues.take_shortages(centre.database, 2025, [row])

    assert catalogues.refresh(centre)
    assert lines(centre, "occupation", welder.id)[0] == (
        "Liste 2025 (leforem.be) : « Le nom de la liste », métier en pénurie. Une information, pas un conseil."
    )


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (date(2026, 10, 1), "Vu le 1er octobre 2026."),
        (date(2025, 10, 1), "Vu le 1er octobre 2025. À vérifier sur le site officiel."),
        (date(2023, 1, 1), "Vu en 2023 : c'est vieux, à vérifier."),
        (None, "Date inconnue : à vérifier."),
    ],
)
def test_the_two_states_of_age_are_said_on_the_card(centre: Services, seen: date | None, said: str):
    source = replace(centre.catalogue.programmes[GAME].source, seen=seen)

    assert card_facts.told(source, pages(), TODAY) == f"Source : Education4Climate. {said}"
