"""What is quoted of a learner is what they wrote, as they wrote it."""

import pytest

from bot.application import quoting
from careers.model import Nearness, Reason, Source, Suggestion
from tests.bot.test_errands import do

GRANNY = "J'ai aidé ma grand-mère à réparer sa vieille télé"


@pytest.mark.parametrize(
    ("heard", "said", "quoted"),
    [
        (("imprimees", "3d"), "des pièces imprimées en 3D", ["imprimées", "3D"]),
        (("vieux", "aide"), "J'ai aidé mon voisin", ["aidé"]),
        (("jeux video",), "un jeu vidéo avec mon frère", ["jeu vidéo"]),
        (("ecologie",), "Écologie : un reportage", ["écologie"]),
        (("godot", "niveau"), "avec Godot, des niveaux", ["Godot", "niveaux"]),
        (("chien",), "j'aime les chats", []),
        ((), "rien", []),
    ],
)
def test_words_keep_the_spelling_of_the_text_or_are_left_out(heard, said, quoted):
    assert quoting.as_written(heard, said) == quoted


def test_when_no_word_heard_was_said_the_text_itself_is_quoted():
    assert quoting.quoted(("medical",), "je veux soigner", 3) == "je veux soigner"
    assert len(quoting.quoted(("medical",), "je veux soigner " * 20, 3)) <= 40


def test_reasons_quote_the_text_they_come_from_and_the_others_stay():
    reasons = (
        Reason("project", {"words": "vieux, aide"}, "project"),
        Reason("own_words", {"words": "ecologie"}, "interest.self_correction"),
        Reason("value", {"value": "Aider"}, "value.ranking:helping"),
    )
    one = Suggestion("occupation", "x", Nearness.NEAR, reasons, Reason("minus"), Source("s"), 0.5)
    profile = {"project.words": GRANNY, "interest.self_correction": "Plutôt l'écologie"}

    told = quoting.reworded(one, profile, 3).reasons

    assert told[0].values["words"] == "aidé"
    assert told[1].values["words"] == "écologie"
    assert told[2] == reasons[2]


@pytest.mark.parametrize(
    "words",
    [
        "J'ai construit un bras robot avec des pièces imprimées en 3D",
        "On a fait un podcast sur l'écologie à l'école",
        GRANNY,
        "Jé codé 1 jeu vidéo avec mé potes",
    ],
)
def test_a_project_is_quoted_as_it_was_told(services, words):
    cards = do(services, "link_project", project__words=words).values["project.occupations"]

    for card in cards:
        for reason in card["reasons"]:
            quoted = reason.partition("« ")[2].rpartition(" »")[0].rstrip("…")
            assert all(one.lower() in words.lower() for one in quoted.split(", ")), reason
