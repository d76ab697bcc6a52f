"""What is reachable now, next and later."""

from dataclasses import replace
from datetime import date

import pytest

from careers import matcher, nearby, places, steps
from careers.catalogue import Catalogue
from careers.model import Interests, Vacancy, Way
from tests.careers.conftest import TODAY


@pytest.mark.parametrize(
    ("level", "age", "when", "path"),
    [
        ("bachelier professionnalisant", 13, "later", ("option", "cess")),
        ("bachelier professionnalisant", 16, "next", ("cess",)),
        ("bachelier professionnalisant", 18, "now", ()),
        ("bachelier professionnalisant", None, "", ()),
        ("master", 17, "later", ("cess", "bachelor")),
        ("secondaire – technique de qualification", 13, "next", ("option",)),
        ("secondaire – technique de qualification", 15, "now", ()),
        ("secondaire en alternance (art. 45 / 49)", 13, "next", ("alternation",)),
        ("apprentissage / chef d’entreprise", 15, "now", ()),
        ("secondaire supérieur pour adultes", 15, "later", ("cess",)),
        ("7e technique de qualification en alternance", 16, "next", ("cess",)),
        ("niveau que personne ne connaît", 13, "", ()),
    ],
)
def test_when_a_programme_opens(
    catalogue: Catalogue, level: str, age: int | None, when: str, path: tuple[str, ...]
):
    some = next(iter(catalogue.programmes.values()))
    step = steps.of_programme(replace(some, level=level, ages_from=None, later=False), age)

    assert (step.when, step.path) == (when, path)


def test_an_age_in_the_table_wins(catalogue: Catalogue):
    some = replace(next(iter(catalogue.programmes.values())), ages_from=16)

    assert steps.of_programme(some, 15).when == "next"
    assert steps.of_programme(some, 16).when == "now"


def test_every_programme_of_the_catalogue_has_an_age(catalogue: Catalogue):
    assert [p.level for p in catalogue.programmes.values() if steps.from_age(p) is None] == []


def test_the_soonest_ways_come_first_and_none_is_lost(catalogue: Catalogue):
    for o in catalogue.occupations.values():
        found = steps.ways(o, 13)

        assert {way for way, _ in found} == set(o.ways)
        ages = [step.age for _, step in found if step.age is not None]
        assert [steps.of_way(way, 13).when for way, _ in found] == [step.when for _, step in found]
        assert ages[0] <= ages[-1]


def test_age_never_changes_which_occupation_suits_whom(catalogue: Catalogue, lou: Interests):
    shown = {
        age: [
            s.id
            for s in matcher.near(["cook"], lou, catalogue, [], TODAY, 5, "s", age=age)
            if s.kind == "occupation"
        ]
        for age in (None, 12, 18)
    }

    assert shown[None] == shown[12] == shown[18]


def test_between_equals_what_opens_sooner_comes_first(catalogue: Catalogue):
    cook = catalogue.occupations["cook"]
    limits = matcher.limits_of(Interests(), catalogue)
    place = places.LIEGE
    young = nearby.programmes([cook], catalogue, limits, place, TODAY, asked=True, age=13)
    adult = nearby.programmes([cook], catalogue, limits, place, TODAY, asked=True, age=21)
    sooner = [f.item.id for f in young if (steps.from_age(f.item) or 99) < 18]  # type: ignore[arg-type]

    assert sooner
    scores = {f.item.id: f.score for f in young}, {f.item.id: f.score for f in adult}
    for find in adult:
        years = max(0, (steps.from_age(find.item) or 0) - 13)  # type: ignore[arg-type]
        assert scores[1][find.item.id] - scores[0][find.item.id] == pytest.approx(years * 0.012)


def test_an_offer_for_older_people_says_from_what_age(offers: list[Vacancy], catalogue: Catalogue):
    offer = replace(offers[0], ages_from=16, closes=date(2027, 1, 1))
    find = nearby.Find(offer, catalogue.occupations["cook"], 1.0, 3.0)

    assert nearby.doubt(find, None, TODAY, 13).key == "age"
    assert nearby.doubt(find, None, TODAY, 16).key != "age"


@pytest.mark.parametrize(
    ("text", "kind", "when"),
    [
        ("7e P, avec la gestion, après une qualification.", "qualification", "later"),
        ("CESS ou TQ technicien de bureau, puis sélection par la commune.", "qualification", "later"),
        ("5e-6e P coiffure, puis 7e P pour gérer un salon.", "qualification", "now"),
        ("Formation IFAPME d'entrepreneur, après une première expérience.", "apprenticeship", "later"),
        ("Apprentissage, quelques années en salon, puis formation IFAPME.", "apprenticeship", "now"),
    ],
)
def test_what_comes_after_school_is_not_for_now(text: str, kind: str, when: str):
    assert steps.of_way(Way(text, kind=kind), 15).when == when
