from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from careers import catalogue as catalogues
from careers import pointers, rules
from careers.catalogue import Catalogue
from careers.model import Institution, Programme, Source
from careers.overlay import Correction
from careers.problems import problems
from tests.careers.conftest import TODAY

SCHOOL = Institution("x", "École X", "haute_ecole")


def programme(
    entry: str = "", level: str = "bachelier professionnalisant", kind: str = "haute_ecole"
) -> Programme:
    return Programme(
        "p",
        replace(SCHOOL, kind=kind),
        "Titre",
        level,
        "3 ans",
        "",
        "",
        "",
        entry,
        "",
        (),
        "",
        Source("x"),
        "",
    )


def test_all_that_was_asked_for_is_explained(catalogue: Catalogue):
    titles = " ".join(f"{one.title} {one.text}" for one in catalogue.rules.values())

    for word in (
        "CESS",
        "7e année",
        "passerelle",
        "concours",
        "épreuve",
        "minerval",
        "allocation",
        "jury",
        "CEFA",
    ):
        assert word in titles, word


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (programme("CESS (ou équivalent)"), "cess"),
        (programme("CESS + épreuve d'admission"), "artistic_test"),
        (programme("CESS + épreuve ; passerelle possible depuis une haute école"), "artistic_test"),
        (programme("Bachelier du domaine", "master"), "after_bachelor"),
        (programme("Bachelier ou passerelle", "master"), "passerelle"),
        (programme("CESS ; tirage au sort pour les non-résidents"), "non_residents"),
        (programme("", "7e technique de qualification"), "seventh_year"),
        (programme("Adultes", "CEB à master", "adult_education"), "adults"),
    ],
)
def test_a_card_shows_the_most_particular_rule(catalogue: Catalogue, given: Programme, rule: str):
    assert [one.id for one in rules.concerning(given, catalogue.rules)][-1] == rule


def test_nearly_every_programme_has_its_rule(catalogue: Catalogue):
    found = Counter(
        len(list(rules.concerning(one, catalogue.rules))) > 0 for one in catalogue.programmes.values()
    )

    assert found[True] / found.total() > 0.98
    assert list(rules.concerning(programme("Aucune condition"), catalogue.rules)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "mot " * 40}, "phrase trop longue"),
        ({"short": "x" * 111}, "short : 111 caractères, de 1 à 110 attendus"),
        ({"title": ""}, "title : 0 caractères"),
        ({"confidence": "D"}, "doit dire « à vérifier »"),
    ],
)
def test_a_rule_that_cannot_be_read_easily_is_an_error(change: dict[str, str], said: str):
    laid = catalogues.load(
        [Correction("rules", "non_residents", {"text": "Un tirage au sort.", "uncertain": "", **change})]
    )
    found = [
        p.message_fr
        for p in problems(laid, TODAY)
        if p.where == "rules/non_residents" and p.severity == "error"
    ]

    assert len(found) == 1
    assert said in found[0]


def test_the_text_of_a_rule_is_easy(catalogue: Catalogue):
    assert [fault for one in catalogue.rules.values() for fault in rules.faults(one)] == []
    assert all("·" not in one.text for one in catalogue.rules.values())


def test_a_rule_without_a_source_that_was_seen_says_so(catalogue: Catalogue):
    bare = [one for one in catalogue.rules.values() if not one.source.url]

    assert {one.id for one in bare} == {"seventh_year", "secondary", "jury"}
    assert all(one.source.confidence == "D" and "à vérifier" in one.text for one in bare)


# ---------------------------------------------------------------- whom to ask


def test_everybody_who_was_asked_for_is_there_with_whom_they_are_for(catalogue: Catalogue):
    names = " ".join(one.name for one in catalogue.pointers.values())

    for name in ("CEFA", "IFAPME", "Technifutur", "Technobel", "Technofutur TIC", "TechnocITé", "Cepegra", "E6K",
                 "A6K", "Cité des métiers", "SIEP", "PMS", "adultes"):  # fmt: skip
        assert name in names, name
    assert all(one.audience for one in catalogue.pointers.values())
    assert [fault for one in catalogue.pointers.values() for fault in pointers.faults(one)] == []


def test_what_is_for_adults_says_later_and_what_begins_at_fifteen_says_fifteen(catalogue: Catalogue):
    for one in catalogue.pointers.values():
        assert one.later == (one.kind in ("adult", "competence_centre")), one.id
        assert not one.later or one.audience.startswith("plus tard"), one.id
    assert {catalogue.pointers[name].ages_from for name in ("cefa", "ifapme")} == {15}


def test_no_site_is_invented_for_a_centre(catalogue: Catalogue):
    centres = [one for one in catalogue.pointers.values() if one.kind == "competence_centre"]

    assert len(centres) == 6
    assert all(not one.url and "confirm" in one.uncertain and one.source.url for one in centres)
    url = "https://www.technifutur.be"
    laid = catalogues.load([Correction("pointers", "technifutur", {"url": url, "uncertain": ""}, TODAY)])
    assert laid.pointers["technifutur"].url == url


def test_pointers_follow_the_ways_the_domains_and_the_age(catalogue: Catalogue):
    hands = next(o for o in catalogue.occupations.values() if any(w.kind == "apprenticeship" for w in o.ways))
    coder = catalogue.occupations["game_programmer"]
    adult = next(
        o for o in catalogue.occupations.values()
        if {"programmation"} & set(o.programme_domains) and any(w.kind == "adult" for w in o.ways)
    )  # fmt: skip

    assert {"ifapme", "cefa"} <= {one.id for one in pointers.towards(hands, catalogue.pointers)}
    young = pointers.towards(hands, catalogue.pointers, age=13)
    assert not {"ifapme", "cefa"} & {one.id for one in young}
    found = pointers.towards(adult, catalogue.pointers, age=13)
    assert "technobel" in {one.id for one in found}
    assert [one.later for one in found] == sorted(one.later for one in found)
    assert "cepegra" not in {one.id for one in pointers.towards(coder, catalogue.pointers)}


@pytest.mark.parametrize("change", [{"kind": "shop"}, {"ways": "magic"}, {"domains": "astrologie"}])
def test_a_pointer_of_an_unknown_kind_is_left_out_and_told(change: dict[str, str]):
    laid = catalogues.load([Correction("pointers", "siep", change)])

    assert "siep" not in laid.pointers
    assert "n’existe pas" in laid.faults[0].message_fr


def test_a_helpline_that_ages_is_to_be_called_again(catalogue: Catalogue):
    later = date(2027, 12, 1)

    assert not [p for p in problems(catalogue, TODAY) if p.code == "helpline"]
    assert len([p for p in problems(catalogue, later) if p.code == "helpline"]) == len(catalogue.helplines)
