"""Small talk: a robot always says so, and an answer is never taken for small talk."""

import pytest

from bot.application.smalltalk import reply

ROBOT = """t'es un robot ?|tu es un robot|T ES UN ROBOT|t'es un bot|c'est un bot ?|es-tu humain ?|tu es humaine ?|t'es une vraie personne ?
t un humain|je parle à un robot ?|je parle avec une machine ?|t'es une ia|tu es une IA ou un humain ?|robot ou humain ?|qui es-tu
t'es qui|qui me parle ?|est-ce que tu es un robot|c'est chatgpt ?|t'es pas un humain|tu es vraiment un robot ?|y a quelqu'un ?
il y a un humain derrière ?|c'est qui ?|tu es réel ?|t'es réelle ?|dis t'es un robot|mais t'es un ordinateur ?|vous êtes un robot ?
est-ce que je parle à un robot""".replace("\n", "|").split("|")


@pytest.mark.parametrize("text", ROBOT)
def test_a_robot_says_that_it_is_one(text):
    assert reply(text) == "are_you_human"


@pytest.mark.parametrize(
    "text",
    [
        "un robot",
        "robot",
        "c'est un robot",
        "j'ai fait un robot qui suit une ligne",
        "ia",
        "machine à coudre",
        "je veux travailler dans l'ia",
        "monter un petit robot",
        "mes devoirs me prennent du temps",
        "personne",
        "un humain",
        "la confiance",
        "ordinateur",
    ],
)
def test_an_answer_is_not_small_talk(text):
    assert reply(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("merci !", "thanks"),
        ("ok merci", "thanks"),
        ("ta gueule", "insult"),
        ("t'es con", "insult"),
        ("fais mes devoirs", "homework"),
        ("tu peux faire mon exo de maths", "homework"),
        ("raconte une blague", "joke"),
    ],
)
def test_other_small_talk(text, key):
    assert reply(text) == key


def test_a_long_text_is_never_small_talk_and_costs_nothing():
    assert reply("t'es un robot " * 400) is None
