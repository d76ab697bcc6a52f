"""« Pourquoi je vois ça ? » while cards are shown, and an answer that is never taken for it."""

import pytest

from dialogues.events import Card
from tests.support.talk import Talker, enrol

ASKED = """pourquoi ?|Pourquoi je vois ça ?|pourquoi tu me montres ça|pk|pourquoi ce métier ?|et pourquoi celui-ci ?|pq tu me proposes ça
POURQUOI CA|pourquoi est-ce que je vois ça|mais pourquoi cette carte ?|pourquoi tu me conseilles ce métier""".replace(
    "\n", "|"
).split("|")


@pytest.fixture
def at_a_card(services) -> Talker:
    """Somebody who told a project and looks at the first occupation that it makes one think of."""
    talker = Talker(services)
    enrol(talker, name="Lou")
    talker.type("menu")
    talker.press("De mon projet à chez moi")
    talker.press("Je le raconte")
    talker.type("J'ai codé un jeu avec des monstres sur Scratch")
    while talker.screen is not None and talker.screen.asked.card is None:
        talker.type("passer")
    return talker


def card_of(talker: Talker) -> Card:
    assert talker.screen is not None
    card = talker.screen.asked.card
    assert card is not None
    return card


def said(talker: Talker) -> str:
    assert talker.last is not None
    return "\n".join(str(m.body.get("text", "")) for m in talker.last.view.messages if m.side == "bot")


@pytest.mark.parametrize("words", ASKED)
def test_the_rules_of_the_card_are_told_and_it_still_waits(at_a_card: Talker, words: str):
    card = card_of(at_a_card)
    at_a_card.type(words)

    assert f"Pourquoi tu vois « {card.title} »" in said(at_a_card)
    assert "- Dans ton projet, tu parles de « " in said(at_a_card)
    assert "ne comptent jamais" in said(at_a_card)
    assert card_of(at_a_card) == card
    at_a_card.press(at_a_card.labels[0])


def test_programmes_and_offers_are_explained_too(at_a_card: Talker):
    seen: set[str] = set()
    for _ in range(40):
        screen = at_a_card.screen
        if screen is None or len(seen) == 3:
            break
        card = screen.asked.card
        if card is not None and card.kind not in seen:
            seen.add(card.kind)
            at_a_card.type("pourquoi je vois ça ?")
            assert f"« {card.title} »" in said(at_a_card)
            if card.kind != "occupation":
                assert "- Ça mène vers le métier « " in said(at_a_card)
                assert " km de " in said(at_a_card) or "Je ne sais pas où" in said(at_a_card)
        if card is not None and "Ça me parle" in at_a_card.labels:
            at_a_card.press("Ça me parle")
        elif at_a_card.labels:
            at_a_card.press(at_a_card.labels[0])
        else:
            at_a_card.type("Herstal")
    assert seen >= {"occupation", "programme"}


def test_without_a_card_it_says_when_to_ask_and_a_bare_word_stays_an_answer(services):
    talker = Talker(services)
    enrol(talker, name="Lou")
    talker.type("menu")
    talker.type("pourquoi je vois ça ?")
    assert "Quand tu vois une carte" in said(talker)
    talker.type("menu")
    talker.press("De mon projet à chez moi")
    talker.press("Je le raconte")
    talker.type("pourquoi")

    assert "Quand tu vois une carte" not in said(talker)


@pytest.mark.parametrize(
    "words", ["pourquoi pas", "parce que j'aime ça", "je ne sais pas pourquoi", "pourquoi pas nurse", "ça"]
)
def test_other_words_are_not_the_question(at_a_card: Talker, words: str):
    at_a_card.type(words)

    assert "Pourquoi tu vois" not in said(at_a_card)
