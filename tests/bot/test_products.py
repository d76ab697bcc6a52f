# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored
import io
import json
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from bot.application import cards, products
from bot.application.cards import CardError, drawable
from bot.settings import Settings
from dialogues.events import Produced
from storage.products import Product as Stored
from tests.support.centre import pages

NOW = datetime(2026, 11, 24, 16, 30)
RATINGS = {"create_3": "love", "create_1": "love", "create_2": "maybe", "understand_2": "love", "understand_1": "maybe",
           "understand_3": "maybe", "make_1": "maybe", "make_2": "meh", "make_3": "maybe", "support_1": "maybe",
           "support_2": "no", "support_3": "meh", "launch_1": "no", "launch_2": "meh", "launch_3": "no",
           "organize_1": "meh", "organize_2": "no", "organize_3": "maybe"}  # fmt: skip
STEP = {"wish": "Montrer mon jeu", "obstacle": "je repousse", "if_then": "je fais dix minutes",
        "first_step": "Dessiner le niveau 1", "helper": "me", "due": "2026-11-28"}  # fmt: skip
PAGE = {"title": "Mon clip", "made": "J'ai filmé le skatepark", "role": "team", "skills": ["invent"],
        "media": {"media_id": "u1", "caption": "Le skatepark"}}  # fmt: skip


TRACK = {"job": "x", "name": "Luthière ou luthier", "why": "le son du bois", "doubt": "la poussière",
         "check": "y a-t-il un atelier ?"}  # fmt: skip
LAB = {"id": "a", "date": "2026-11-18", "domain": "animation", "energy": 4, "place": "create", "lived": "Le chat saute.",
       "learned": "24 images", "link_self": "j'aime quand ça avance", "again": "deeper"}  # fmt: skip
CELL = {"fact": "835 € par an (0 € boursier)", "source": "", "rating": "Bien"}
TABLE = {
    "columns": [{"name": "Informatique (HELMo)", "source": "Source : un site. Vu le 2 mai 2026.", "url": "", "lean": True},
                {"name": "école de cirque", "source": "", "url": "", "lean": False}],
    "rows": [{"label": "Le coût, les aides", "cells": [CELL, {"fact": "", "source": "", "rating": "Je ne sais pas"}]}],
    "questions": ["le coût total d'une année (école de cirque)"],
}  # fmt: skip


def made(name: str, profile=None, text="Le texte.", **values) -> products.Product:
    given = {key.replace("__", "."): value for key, value in values.items()}
    return products.prepare(Produced(name, text, given), profile or {}, NOW, Settings(), pages())


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as drawn:
        drawn.load()
        return drawn.size


CASES: dict[str, dict[str, Any]] = {
    "interest_card": {"interest__item_ratings": RATINGS, "interest__highlights": ["create", "understand"]},
    "job_card": {
        "job__id": "x",
        "job__name": "Costumière ou costumier",
        "job__day": "On coud.",
        "job__descriptors": {"x": {"t0": "fil"}},
    },
    "action_card": {"action__list": [STEP], "action__due_text": "samedi 28 novembre"},
    "book_page": {"book__entries": [PAGE]},
    "values_card": {},
    "shortlist_card": {"job__shortlist": [TRACK, {"job": "", "name": "cirque"}, {**TRACK, "joker": True}]},
    "intent_card": {},
    "meeting_card": {},
    "fair_sheet": {
        "fair__about": "Forum : Salon des études, samedi 28 novembre",
        "fair__map": [
            {"name": "Atelier du bois", "spot": "A1", "wild": False},
            {"name": "Caserne", "spot": "", "wild": True},
        ],
        "fair__asks": ["C'est difficile ?"],
    },
    "fair_card": {},
    "thanks_card": {},
    "lab_trace": {"session__log": [LAB], "lab__id": "a", "lab__job": "Animatrice ou animateur 3D"},
    "compare_gaps": {"compare__gaps": "le coût (HELMo)"},
    "compare_table": {"compare__table": TABLE},
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_card_is_a_png_of_its_size_with_a_text_equivalent(name):
    product = made(name, **CASES[name])

    assert size(products.picture(product)) == (1080, 1500)
    assert product.text.split("\n")[0] == "Le texte."
    assert product.title
    json.dumps(product.values)  # what is kept is JSON


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_card_without_any_answer_is_drawn_all_the_same(name):
    assert size(products.picture(made(name))) == (1080, 1500)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_longest_answers_fit(name):
    long = "très long " * 60
    given = {"interest.self_correction": long, "interest.item_ratings": RATINGS, "job.id": "x", "job.name": long, "job.day": long,
             "job.people": long, "job.plus": long, "job.minus": long, "action.list": [dict.fromkeys(STEP, long)],
             "job.shortlist": [dict.fromkeys(TRACK, long)] * 3,
             "compare.table": {"columns": [{"name": long, "source": long, "url": "", "lean": True}] * 3,
                               "rows": [{"label": long, "cells": [{"fact": long, "source": long, "rating": "Top"}] * 3}] * 3,
                               "questions": [long] * 6},
             "book.entries": [{**dict.fromkeys(("title", "made", "learned", "tools", "next_try"), long), "skills": ["invent"] * 3}]}  # fmt: skip

    assert size(products.picture(made(name, given))) == (1080, 1500)


def test_the_interest_card_says_words_and_never_a_figure():
    product = made("interest_card", **CASES["interest_card"])

    values = product.values
    assert set(values["rose"]) == {"make", "understand", "create", "support", "launch", "organize"}
    assert all(dots in range(6) for dots in values["rose"].values())
    assert len(values["quotes"]) >= 2
    assert values["stretch"]["drive"] not in values["top"]
    assert "pas une note" in values["foot"]


def test_the_learners_correction_stands_on_the_card():
    product = made(
        "interest_card", {"interest.self_correction": "Moi c'est la musique"}, **CASES["interest_card"]
    )

    assert product.values["own"] == "Moi c'est la musique"


def test_the_words_of_a_learner_stay_words():
    nasty = 'a #panic("x") *gras* $a$ #read("/etc/passwd") @preview/x:1 \\ <label> // `raw` " } ]'

    assert size(
        products.picture(made("action_card", action__list=[{**STEP, "wish": nasty, "first_step": nasty}]))
    ) == (1080, 1500)


def test_what_the_font_lacks_is_left_out_without_failing():
    assert drawable("Un jeu 🎮 génial 日本 ﷽ \u200b!") == "Un jeu génial !"
    assert drawable("œuvre, ça, l'été, 3 €, « ok »…") == "œuvre, ça, l’été, 3 €, « ok »…"
    assert size(products.picture(made("values_card", text="🎮🎮 日本語"))) == (1080, 1500)


def test_a_page_shows_its_picture():
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(out, "JPEG")
    product = made("book_page", book__entries=[PAGE])

    with_picture, without = products.picture(product, out.getvalue()), products.picture(product)

    assert products.media_id(product) == "u1"
    assert with_picture != without


def test_a_picture_that_cannot_be_read_makes_an_error_and_not_a_crash():
    with pytest.raises(CardError):
        products.picture(made("book_page", book__entries=[PAGE]), b"not a picture")


def test_what_storage_gives_back_can_be_drawn():
    product = made("action_card", action__list=[STEP])
    stored = Stored(
        "p1", "x", product.name, product.title, product.text, json.loads(json.dumps(product.values)), NOW
    )

    assert products.picture(stored) == products.picture(product)


def test_the_same_card_is_drawn_once(monkeypatch):
    first = products.picture(made("values_card", text="une fois"))
    monkeypatch.setattr(cards, "_child", lambda _asked: pytest.fail("drawn again"))

    assert products.picture(made("values_card", text="une fois")) == first


def test_a_child_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(cards, "SECONDS", 0.001)

    with pytest.raises(CardError):
        products.picture(made("values_card", text="trop lent"))


def test_the_shortlist_tells_each_track_in_the_learners_words():
    product = made("shortlist_card", text="Tes trois pistes.", **CASES["shortlist_card"])

    first = "Luthière ou luthier. Pourquoi oui : le son du bois. Ce qui me ferait dire non : la poussière."
    assert product.text.split("\n")[:2] == [
        "Tes trois pistes.",
        f"{first} À vérifier : y a-t-il un atelier ?",
    ]
    assert [track["joker"] for track in product.values["tracks"]] == [False, False, True]
    assert product.title == "Trois métiers à creuser"
    assert made("shortlist_card", job__shortlist=[TRACK]).title != "Trois métiers à creuser"


def test_a_step_of_another_page_is_not_the_next_thing_to_check():
    step = {"wish": "voir un métier", "about": "job_shortlist"}

    assert made("shortlist_card", {"action.list": [step]}).values["following"] == "voir un métier"
    assert made("shortlist_card", {"action.list": [step, STEP]}).values["following"] == ""


def test_the_comparison_says_every_fact_its_source_and_what_is_not_known():
    product = made("compare_table", **CASES["compare_table"])

    assert "– Informatique (HELMo) : 835 € par an (0 € boursier). Mon avis : Bien." in product.text
    assert "école de cirque : je ne le sais pas" in product.text
    assert "Vu le 2 mai 2026." in product.text


def test_a_trace_of_a_lab_says_its_day_its_energy_and_what_follows():
    product = made("lab_trace", {"session.log": [{"id": "b"}, LAB, {"id": "c"}]}, **CASES["lab_trace"])

    assert product.title == "Mon lab : Animation"
    assert product.text.split("\n")[1:] == [
        "Animation, mercredi 18 novembre · énergie 4/5 · ma place : Créer",
        "Métier aperçu : Animatrice ou animateur 3D · Suite : Plus loin, même domaine",
    ]


@pytest.mark.parametrize(
    "odd", [{"energy": 9}, {"energy": "4"}, {"place": "<b>"}, {"date": "hier"}, {"domain": "x" * 300}]
)
def test_a_damaged_record_of_a_lab_is_drawn_all_the_same(odd):
    assert size(products.picture(made("lab_trace", session__log=[{**LAB, **odd}]))) == (1080, 1500)
