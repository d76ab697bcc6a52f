from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.render import fill, french_date, joined, spoken


def lookup(values):
    return values.get


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Salut {user.first_name} !", "Salut Lou !"),
        ("{ user.first_name }", "Lou"),
        ("{inconnu}", "…"),
        ("{}", "…"),
        ("{vide}", "…"),
        ("a { b", "a { b"),
        ("a } b", "a } b"),
        ("{{user.first_name}}", "{Lou}"),
        ("{user.first_name", "{user.first_name"),
        ("{accord: prête | prêt | d'attaque}", "prête"),
        ("{accord : prête|prêt|prêt·e}", "prête"),
        ("{accord: seule}", "seule"),
        ("{__class__}", "…"),
        ("{0.__class__}", "…"),
        ("{user.first_name!r:>10}", "…"),
        ("%s $x", "%s $x"),
    ],
)
def test_templates(template, text):
    assert fill(template, lookup({"user.first_name": "Lou", "vide": ""}), "f") == text


@pytest.mark.parametrize(("accord", "form"), [("f", "a"), ("m", "b"), ("n", "c"), ("?", "c"), ("", "c")])
def test_three_forms(accord, form):
    assert fill("{accord: a | b | c}", lookup({}), accord) == form


@given(st.text(alphabet="{}abc .|:accord", max_size=60), st.text(max_size=20))
def test_any_template_is_filled_once_without_raising(template, value):
    assert isinstance(fill(template, lambda _name: value), str)
    assert fill("{a}-{a}", lambda _name: value) == (f"{value}-{value}" if value else "…-…")


def test_lists_as_one_says_them():
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a et b",
        "a, b et c",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "oui"),
        (False, "non"),
        (3, "3"),
        ("k", "Clé"),
        ("autre", "autre"),
        (["k", "x", None, "y"], "Clé, x et y"),
        ({"k": 2, "x": 1}, "Clé et x"),
        ({"title": "Mon jeu", "k": 1}, "Mon jeu"),
        ({"url": "https://x.be"}, "https://x.be"),
        ("2026-11-28", "samedi 28 novembre"),
        ("2026-13-40", "2026-13-40"),
        ([{"name": "A"}, {"name": "B"}], "A et B"),
        ([], ""),
        ({}, ""),
    ],
)
def test_values_as_a_learner_reads_them(value, text):
    assert spoken(value, lambda key: {"k": "Clé"}.get(key, key)) == text


def test_dates_in_words():
    assert french_date(date(2026, 3, 1)) == "dimanche 1er mars"
    assert french_date(date(2027, 3, 12), date(2026, 11, 24)) == "vendredi 12 mars 2027"


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("« Si {v} arrive, alors je… »", "Je repousse", "« Si je repousse arrive, alors je… »"),
        ("Ton plan : {v}.", "Écrire à Sam", "Ton plan : écrire à Sam."),
        ("Si {v}, alors non.", "Papa dit non", "Si Papa dit non, alors non."),
        ("Autour de {near.place_name}.", "La Louvière", "Autour de La Louvière."),
        ("{v} : fait ?", "Écrire à Sam", "Écrire à Sam : fait ?"),
        ("Page « {v} » gardée.", "Le vélo", "Page « Le vélo » gardée."),
        ("Si {v}.", "L'école ferme", "Si l'école ferme."),
        ("Autour de {near.place_name}.", "Aubel", "Autour d'Aubel."),
        ("Autour de {near.place_name}.", "Huy", "Autour de Huy."),
    ],
)
def test_words_lose_the_capital_of_the_keyboard_inside_a_sentence(template, value, said):
    assert fill(template, lambda _: value) == said
