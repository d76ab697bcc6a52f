"""The card of drives and the branches that pages take: real answers quoted, no figures, something to try."""

import itertools
from datetime import UTC, datetime

import pytest

from dialogues import library as libraries
from dialogues.events import Context
from dialogues.scoring import bank as banks
from dialogues.scoring import routes
from dialogues.scoring.answers import DRIVES
from dialogues.scoring.card import dots, interest_card
from dialogues.scoring.interests import Reliability

BANK = banks.shipped()
FORM_A = [item.key for item in BANK.items.values() if item.form == "a"]
CONTEXT = Context(now=datetime(2026, 11, 24, 16, 0, tzinfo=UTC), seed="lou")
CLEAR = {
    "create": ("love", "love", "love"),
    "understand": ("love", "love", "maybe"),
    "make": ("meh", "no", "unknown"),
    "support": ("no", "meh", "no"),
    "launch": ("no", "no", "no"),
    "organize": ("no", "unknown", "meh"),
}


@pytest.fixture(scope="module")
def library():
    return libraries.load()


def ratings(by_drive):
    given: dict[str, str] = {}
    for drive, said in by_drive.items():
        keys = [key for key in FORM_A if BANK.items[key].drive == drive]
        given |= dict(zip(keys, said, strict=True))
    return given


def profile(by_drive, **more):
    return {"interest.item_ratings": ratings(by_drive), "interest.mode": "reactions", **more}


def duel_profile():
    sides = {}
    for duel in BANK.duels.values():
        wins = {duel.left_drive: "left", duel.right_drive: "right"}
        sides[duel.key] = wins.get("create") or wins.get("make") or wins.get("understand") or "neither"
    return {"interest.item_ratings": sides, "interest.mode": "duels"}


def test_the_bank_of_a_library_is_the_shipped_one(library):
    assert banks.from_library(library) == BANK


def test_the_card_quotes_two_real_answers_and_shows_no_figure():
    card = interest_card(profile(CLEAR), "lou")
    assert card.title == "Tes élans du moment"
    assert card.reliability is Reliability.FIRST_SKETCH
    assert [row.drive for row in card.rows] == ["create", "understand"]
    assert [row.dots for row in card.rows] == [5, 4]
    quotes = [quote for row in card.rows for quote in row.quotes]
    assert len(quotes) >= 2
    for quote in quotes:
        assert str(quote).startswith("tu as dit « trop bien » à ")
        loved = [item.text for item in BANK.items.values() if ratings(CLEAR).get(item.key) == "love"]
        assert quote.activity in [text[:1].lower() + text[1:] for text in loved]
        assert not any(
            character.isdigit() and "3d" not in quote.activity.lower() for character in quote.activity
        )


def test_the_drive_to_try_is_not_in_front_and_its_activity_was_not_refused():
    for number in range(60):
        card = interest_card(profile(CLEAR), f"person-{number}")
        assert card.stretch is not None
        assert card.stretch.drive not in {row.drive for row in card.rows}
        key = next(k for k, item in BANK.items.items() if item.text[1:] == card.stretch.activity[1:])
        assert ratings(CLEAR).get(key) not in ("no", "meh")


def test_the_drive_to_try_varies_between_people_and_stays_for_each():
    cards = [interest_card(profile(CLEAR), f"person-{number}") for number in range(60)]
    tried = {card.stretch.drive for card in cards if card.stretch}
    assert tried == {"make", "support", "launch", "organize"}
    assert interest_card(profile(CLEAR), "lou") == interest_card(profile(CLEAR), "lou")


def test_a_card_made_of_duels_says_what_was_chosen():
    card = interest_card(duel_profile(), "lou")
    assert {row.drive for row in card.rows} == {"create", "make"}
    assert all(str(quote).startswith("tu as choisi ") for row in card.rows for quote in row.quotes)


def test_the_correction_of_the_learner_is_on_the_card_and_noted_highlights_stay():
    card = interest_card(
        profile(
            CLEAR, **{"interest.self_correction": "Surtout la musique", "interest.highlights": ["understand"]}
        ),
        "lou",
    )
    assert card.correction == "Surtout la musique"
    assert [row.drive for row in card.rows] == ["understand"]
    assert len(card.rows[0].quotes) == 2


def test_dots_go_from_zero_to_five():
    assert [dots(value) for value in (0, 9, 10, 50, 89, 90, 100)] == [0, 0, 1, 3, 4, 5, 5]
    assert dots(None) is None


def test_a_card_without_answers_is_empty_but_still_a_card():
    card = interest_card({}, "lou")
    assert card.rows == ()
    assert card.stretch is not None
    assert set(card.rose) == set(DRIVES)


def test_a_clear_reading_brings_the_words_of_the_result(library):
    outcome, notes = routes.score_interests(profile(CLEAR), CONTEXT, library)
    assert outcome == "clear_enough"
    assert notes["top"] == "🎨 Créer et 🔎 Comprendre"
    assert " et à " in notes["example"]
    assert notes["interest.highlights"] == ["create", "understand"]
    assert notes["interest.updated_at"].startswith("2026-11-24")
    assert notes["interest.quality"] == "ok"
    assert notes["n"] == 2
    assert notes["more_b"] is True
    assert set(routes.BRINGS["score_interests"]) == {name for name in notes if "." not in name}


def test_a_reading_of_duels_has_no_trop_bien_to_quote(library):
    outcome, notes = routes.score_interests(duel_profile(), CONTEXT, library)
    assert outcome == "clear_enough"
    assert notes["example"] == ""
    assert notes["chosen"]


def test_careless_answers_are_neither_scored_nor_shown(library):
    outcome, notes = routes.score_interests(
        {"interest.item_ratings": dict.fromkeys(FORM_A, "no")}, CONTEXT, library
    )
    assert outcome == "careless"
    assert notes == {"interest.quality": "low"}


def test_a_drive_emptied_by_connais_pas_brings_cards_to_complete_it(library):
    answers = CLEAR | dict.fromkeys(("make", "launch", "organize"), ("unknown", "unknown", "love"))
    outcome, notes = routes.score_interests(profile(answers), CONTEXT, library)
    assert outcome == "insufficient"
    assert {card["id"].split("_")[0] for card in notes["to_complete"]} == {"make", "launch", "organize"}
    assert all(card["title"] and card["kind"] == "activity" for card in notes["to_complete"])


def test_duels_come_first_at_twelve_or_with_very_simple_texts(library):
    assert routes.duels_first({"user.age_band": "12"}, CONTEXT, library) == ("yes", {})
    assert routes.duels_first({"user.reading_mode": "falc"}, CONTEXT, library) == ("yes", {})
    assert routes.duels_first({"user.age_band": "13-15"}, CONTEXT, library) == ("no", {})


def test_what_is_left_of_each_form(library):
    assert routes.interests_left({}, CONTEXT, library)[0] == "some"
    done = {"interest.item_ratings": dict.fromkeys(FORM_A, "love")}
    assert routes.interests_left(done, CONTEXT, library)[0] == "none"
    assert routes.form_b_left(done, CONTEXT, library)[0] == "some"
    assert (
        routes.form_b_left({"interest.item_ratings": dict.fromkeys(BANK.items, "love")}, CONTEXT, library)[0]
        == "none"
    )


def test_occupations_close_to_the_project_are_kept_the_closest_first(library):
    said = {"project.reactions": {"a": "no", "b": "partly", "c": "yes", "d": "unknown"}}
    assert routes.project_kept(said, CONTEXT, library) == ("some", {"project.kept": ["c", "b"]})
    assert routes.project_kept({}, CONTEXT, library) == ("none", {"project.kept": []})


def test_every_route_declares_its_outcomes_and_what_it_brings():
    assert set(routes.ROUTES) == set(routes.OUTCOMES) == set(routes.BRINGS)


@pytest.mark.parametrize("count", range(5))
def test_words_are_listed_as_in_a_sentence(count):
    words = ["a", "b", "c", "d"][:count]
    assert routes.listed(words) == {0: "", 1: "a", 2: "a et b", 3: "a, b et c", 4: "a, b, c et d"}[count]


def test_every_reading_of_every_drive_pair_quotes_the_learner(library):
    for first, second in itertools.combinations(DRIVES, 2):
        answers = dict.fromkeys(DRIVES, ("no", "meh", "no")) | {
            first: ("love",) * 3,
            second: ("love", "love", "maybe"),
        }
        outcome, notes = routes.score_interests(profile(answers), CONTEXT, library)
        assert outcome == "clear_enough"
        assert notes["example"]
        assert notes["stretch"]
