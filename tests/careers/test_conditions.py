"""Conditions of work that texts wish or refuse."""

import pytest

from careers import conditions, matcher
from careers.catalogue import Catalogue
from careers.model import Interests

CASES = [
    ("je veux être dehors", {"outside"}, set()),
    ("surtout pas d'ordinateur toute la journée, je veux bouger", {"moving"}, {"screens"}),
    ("J'aime pas rester assis", set(), {"screens"}),
    ("un truc sans écran, de mes mains", {"hands"}, {"screens"}),
    ("travailler de mes mains et sans écran", {"hands"}, {"screens"}),
    ("j'ai horreur des longues études", set(), {"long_studies"}),
    ("voyager, voir du pays", {"travel"}, set()),
    ("pourquoi pas dehors", {"outside"}, set()),
    ("pas mal d'écrans mais pas que", {"screens"}, set()),
    ("ne pas être enfermé", {"outside"}, set()),
    ("je sais pas", set(), set()),
    ("ordinateur oui, mais pas d'ordinateur le soir", set(), {"evenings"}),
    ("", set(), set()),
    ("mon chat dessine des robots", set(), set()),
]


@pytest.mark.parametrize(("said", "wished", "refused"), CASES)
def test_what_a_text_wishes_and_refuses(said: str, wished: set[str], refused: set[str]):
    read = conditions.read(said)

    assert (set(read.wished), set(read.refused)) == (wished, refused)


def test_every_condition_names_known_occupations_and_holds_for_some_and_not_all(catalogue: Catalogue):
    for condition in conditions.known().values():
        having = [o for o in catalogue.occupations.values() if condition.met_by(o)]

        assert set(condition.has.get("of", ())) <= catalogue.occupations.keys()
        assert 5 <= len(having) < len(catalogue.occupations) * 0.6, condition.id


def test_no_screens_means_no_screens(catalogue: Catalogue):
    said = Interests(
        own_words="surtout pas d'ordinateur", values=("tangible", "movement"), highlights=("make",)
    )
    shown = [catalogue.occupations[s.id] for s in matcher.occupations(said, catalogue, "seed")]

    assert not [o.id for o in shown if o.digital or o.sector == "office"]


def test_a_wish_is_a_reason_in_their_own_words(catalogue: Catalogue):
    shown = matcher.occupations(Interests(own_words="je voudrais voyager"), catalogue, "seed")
    quoted = [reason for s in shown[:5] for reason in s.reasons if reason.quotes == "wish:travel"]

    assert quoted
    assert {reason.values["words"] for reason in quoted} == {"voyager"}
