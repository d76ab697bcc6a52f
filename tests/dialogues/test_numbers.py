"""A number typed means the button that names it or holds it, never a neighbour and never its place in the list."""

import pytest

from dialogues.events import Option
from dialogues.understand import choose

AGES = [
    Option("a12", "12 ans"),
    Option("a13", "13 à 15 ans"),
    Option("a16", "16 à 18 ans"),
    Option("other", "Un autre âge"),
]
YEARS = [Option("s1", "1re ou 2e"), Option("s3", "3e"), Option("s4", "4e"), Option("s5", "5e"), Option("s6", "6e ou 7e"),
         Option("other", "Alternance ou autre")]  # fmt: skip
SLOTS = [Option("wed", "Mercredi après-midi"), Option("sat", "Samedi matin"), Option("17", "En semaine, 17 h"),
         Option("19", "En semaine, 19 h"), Option("none", "Non, je viens quand je veux")]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("14", "a13"),
        ("14 ans", "a13"),
        ("j'ai 14 ans", "a13"),
        ("13 ans", "a13"),
        ("15", "a13"),
        ("12", "a12"),
        ("17", "a16"),
        ("18 ans", "a16"),
        ("quinze ans", "a13"),
        ("treize", "a13"),
        ("j ai 13ans", "a13"),
        ("dix-sept", "a16"),
        ("douze ans", "a12"),
        ("11 ans", None),
        ("19", None),
        ("1", "a12"),
        ("trente", None),
        ("bientôt 16", "a16"),
        ("un autre age", "other"),
    ],
)
def test_an_age_finds_its_band(text, key):
    assert choose(text, AGES) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("3e", "s3"),
        ("3", "s3"),
        ("troisième", "s3"),
        ("3ème", "s3"),
        ("en 4ème", "s4"),
        ("rhéto", "s6"),
        ("6", "s6"),
        ("7e", "s6"),
        ("2", "s1"),
        ("première", "s1"),
        ("je suis en 5e", "s5"),
        ("8", None),
        ("alternance", "other"),
    ],
)
def test_a_year_finds_its_button(text, key):
    assert choose(text, YEARS) == key


@pytest.mark.parametrize(
    ("text", "key"), [("2", "sat"), ("17h", "17"), ("samedi", "sat"), ("la dernière", "none"), ("19 h", "19")]
)
def test_among_buttons_without_numbers_a_number_is_a_place(text, key):
    assert choose(text, SLOTS) == key
