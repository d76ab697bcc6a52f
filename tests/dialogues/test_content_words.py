"""Decks, service sentences and the author's guide."""

import itertools
import re

import pytest

from dialogues import library as libraries
from dialogues import parse
from dialogues.model import StepKind
from dialogues.profile import VARIABLES
from dialogues.scoring.answers import DRIVES
from dialogues.steps import phrases

LIBRARY = libraries.load()
PHRASES = LIBRARY.microcopy.phrases
GUIDE = (libraries.CONTENT / "guide-auteur.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```page ?(D\d{3})?\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
HEAD = "# Exemple\n`page exemple` `tâche exploration` `champ soi` `durée 2 min` `âge 12-18`\n> Intention : un exemple.\n\n"
TAIL = "\n## dernier\nÀ bientôt.\n`va #fin`\n"

# Refused when read; the other rules look at the page as a whole.
UNREADABLE = {
    "D001", "D002", "D003", "D004", "D005", "D006", "D007", "D008", "D034", "D035", "D037", "D041", "D044", "D045",
    "D048",
}  # fmt: skip


def test_decks_have_their_cards():
    sizes = {name: len(deck.cards) for name, deck in LIBRARY.decks.items()}
    assert sizes["interest_items"] == sizes["interest_items_b"] == 18
    assert sizes["interest_duels"] == 15
    assert sizes["values"] == 24
    assert sizes["skills"] == 13
    assert list(LIBRARY.decks["drives"].cards) == list(DRIVES)
    assert list(LIBRARY.decks["reactions"].cards) == ["love", "maybe", "meh", "no", "unknown"]


def test_a_drive_has_a_verb_a_picture_a_shape_of_its_own_and_a_short_line():
    cards = LIBRARY.decks["drives"].cards.values()
    assert [card.extra["shape"] for card in cards] == [
        "hexagon",
        "circle",
        "star",
        "heart",
        "triangle",
        "square",
    ]
    for card in cards:
        assert card.text
        assert card.extra["emoji"]
        assert len(card.extra["line"].split()) <= 15


def test_the_cards_of_a_page_fit_on_a_button():
    for name in ("values", "skills", "drives", "reactions"):
        assert all(len(card.text) <= 28 for card in LIBRARY.decks[name].cards.values())
    for key in (
        "reminder_later",
        "reminder_less",
        "reminder_stop",
        "menu_button",
        "resume_yes",
        "data_erase_yes",
    ):
        assert all(len(variant) <= 28 for variant in PHRASES[key])


@pytest.mark.parametrize("key", PHRASES)
def test_a_service_sentence_is_short_and_its_variants_differ(key):
    variants = PHRASES[key]
    assert len(set(variants)) == len(variants)
    for variant in variants:
        assert len(variant) <= 240


@pytest.mark.parametrize("key", ["reminder_weekly", "reminder_action_due", "resume_unfinished"])
def test_reminders_have_six_variants_with_the_same_holes(key):
    variants = PHRASES[key]
    assert len(variants) == 6
    holes = {frozenset(re.findall(r"\{(\w+)\}", variant)) for variant in variants}
    assert len(holes) == 1


def test_no_reminder_flatters_frightens_or_hurries():
    forbidden = re.compile(
        r"série|jours d'affilée|dernière chance|plus que|rate|perdre|les autres", re.IGNORECASE
    )
    for key in (key for key in PHRASES if key.startswith(("reminder", "resume"))):
        assert not any(forbidden.search(variant) for variant in PHRASES[key]), key


def test_the_attribution_of_offers_is_exact():
    assert PHRASES["forem_attribution"] == ("Source : Le Forem, Open Data, CC BY-SA 4.0",)


def test_the_guide_stays_a_guide():
    assert not libraries.is_page(GUIDE)
    assert GUIDE.index("## Ce que dit le contrôle") < 9_000  # one page to learn, an annex to look things up


@pytest.mark.parametrize("body", [body for code, body in BLOCKS if not code])
def test_the_examples_to_follow_are_read_without_a_problem(body):
    page, problems = parse.parse(_page(body), "exemple")
    assert problems == []
    assert page is not None


@pytest.mark.parametrize(("code", "body"), [(code, body) for code, body in BLOCKS if code])
def test_an_example_not_to_follow_is_refused_or_at_least_read(code, body):
    page, problems = parse.parse(_page(body), "exemple")
    if code in UNREADABLE:
        assert problems
    else:
        assert problems == [] or code == "D049"
        assert page is not None or code == "D049"


def test_every_rule_has_one_example_and_every_kind_of_step_one_line():
    codes = [code for code, _ in BLOCKS if code]
    assert len(codes) == len(set(codes))
    assert sorted(codes) == [f"D{number:03}" for number in range(1, len(codes) + 1)]
    pages = [parse.parse(_page(body), "exemple")[0] for code, body in BLOCKS if not code]
    moments = itertools.chain.from_iterable(page.moments for page in pages if page is not None)
    kinds = {moment.step.kind for moment in moments if moment.step is not None}
    assert kinds >= set(StepKind) - {StepKind.SAY, StepKind.ROUTE}


def _page(body: str) -> str:
    return HEAD + body + TAIL if body.startswith("## ") else body


def test_everything_that_is_kept_has_a_name_that_its_owner_understands():
    unnamed = {
        name for name, variable in VARIABLES.items() if variable.stored and f"variable.{name}" not in PHRASES
    }
    assert unnamed == set()


@pytest.mark.parametrize("key", phrases.FALLBACKS)
def test_the_engine_never_falls_back_on_its_own_words(key):
    assert key in PHRASES
