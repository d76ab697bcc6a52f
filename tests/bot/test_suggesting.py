"""`boussole careers suggest`: a profile in a file, and what is said of one that cannot be used."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from careers import catalogue as catalogues
from careers.catalogue import Catalogue
from dialogues import library as libraries
from dialogues.library import Library

LEARNERS = tomllib.loads((Path(__file__).parents[1] / "careers/reference_profiles.toml").read_text("utf-8"))[
    "learner"
]
Suggest = Callable[..., Any]


@pytest.fixture(scope="module")
def loaded() -> tuple[Catalogue, Library]:
    return catalogues.load(), libraries.load()


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch, loaded):
    """The catalogue and the pages are those of the project, read once for all of these tests."""
    monkeypatch.setattr(catalogues, "load", lambda: loaded[0])
    monkeypatch.setattr(libraries, "load", lambda: loaded[1])


@pytest.fixture
def suggest(boussole, tmp_path) -> Suggest:
    """The list for a profile."""

    def run(profile: dict[str, Any], *more: str) -> list[dict[str, Any]]:
        path = tmp_path / "profile.json"
        path.write_text(json.dumps(profile), "utf-8")
        found = json.loads(boussole("careers", "suggest", "--profile", str(path), "--json", *more))
        assert isinstance(found, list)
        return found

    return run


def test_every_reference_learner_gets_ten_with_reasons_doubts_and_ways(suggest: Suggest):
    known = catalogues.load().occupations
    for learner in LEARNERS[::5]:
        found = suggest(learner["profile"], "--top", "10")

        assert len({one["occupation"] for one in found}) == 10
        for one in found:
            assert set(one) >= {
                "occupation", "label", "rome", "reasons", "doubt", "ways_in", "programmes", "offers",
            }  # fmt: skip
            assert one["rome"] == list(known[one["occupation"]].rome)
            assert len(set(one["reasons"])) == 2
            assert one["doubt"]
            assert len(one["ways_in"]) >= 2
            assert one["offers"] == []  # no database here


def test_nested_and_dotted_names_are_the_same(suggest: Suggest):
    flat = {
        "interest.scores": {"make": 90, "understand": 10, "create": 50, "support": 20},
        "value.kept": ["calm"],
    }
    nested = {"interest": {"scores": flat["interest.scores"]}, "value": {"kept": ["calm"]}}

    assert suggest(flat) == suggest(nested)


def test_what_is_forbidden_and_the_agreement_change_nothing(suggest: Suggest):
    said = {"project": "j'ai monté un podcast", "value.ranking": ["freedom", "fun"], "town": "Huy"}
    before = suggest(said)

    for accord in ("f", "m", "n"):
        assert suggest({**said, "user.accord": accord, "user.first_name": accord * 3}) == before
    assert suggest({**said, "checkin.log": [{"mood": 1}], "impact.t0": {"ip_clarity": 1}}) == before
    other_town = suggest({**said, "town": "Arlon"})
    assert [one["occupation"] for one in other_town] == [one["occupation"] for one in before]
    assert [one["reasons"] for one in other_town] == [one["reasons"] for one in before]
    assert other_town != before  # the distances


def test_age_says_now_next_and_later_and_changes_no_occupation(suggest: Suggest):
    said = {"project": "je répare des vélos", "town": "Liège"}
    young, older = suggest({**said, "age": 13}), suggest({**said, "age": 18})

    assert [one["occupation"] for one in young] == [one["occupation"] for one in older]
    assert any(way.startswith("Ensuite, vers 1") for way in young[0]["ways_in"])
    assert all(way.startswith("Dès maintenant") for way in older[0]["ways_in"])
    studies = [p for one in young for p in one["programmes"]]
    assert {p["when"] for p in studies} >= {"next", "later"}
    assert all(("D'ici là" in p["steps"]) == (p["when"] != "now") for p in studies if p["when"])
    assert all(one["now"].startswith("Dès maintenant") for one in young)


def test_programmes_carry_their_source_and_distance(suggest: Suggest):
    found = suggest({"project": "je cuisine pour mes frères", "town": "4000"})
    studies = [p for one in found for p in one["programmes"]]

    assert studies
    assert all(p["source"] and p["doubt"] for p in studies)
    assert any(p["distance_km"] is not None for p in studies)


def test_top_says_how_many(suggest: Suggest):
    assert [len(suggest({"project": "un robot"}, "--top", n)) for n in ("1", "3", "20")] == [1, 3, 20]
    assert (
        suggest({"project": "un bras robot avec arduino"}, "--top", "1")[0]["occupation"]
        == "robotics_technician"
    )


def test_without_json_it_reads_as_text_and_explains(boussole, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"project": "j\'ai réparé un scooter", "age": 15, "town": "Seraing"}', "utf-8")
    said = boussole("careers", "suggest", "--profile", str(path), "--top", "3")
    why = boussole("careers", "suggest", "--profile", str(path), "--explain", "motorcycle_mechanic")

    assert "Dans ton projet, tu parles de « " in said
    assert "Attention : " in said
    assert "Pourquoi tu vois" in why
    assert "ne comptent jamais" in why
    assert "métier" in boussole(
        "careers", "suggest", "--profile", str(path), "--explain", "astronaut_on_mars", status=2
    )


BAD = [
    (b"", "vide"),
    (b"   \n", "vide"),
    (b"{", "ligne 1"),
    (b'{"project": "a",\n "age": }', "ligne 2"),
    (b"[1, 2]", "objet JSON"),
    (b'"bonjour"', "objet JSON"),
    (b"null", "objet JSON"),
    (b"<html><body>404</body></html>", "JSON"),
    (b'{"projct": "a"}', "« projct »"),
    (b'{"interest.scoers": {}}', "« interest.scoers »"),
    (b'{"interest": {"scoers": {}}}', "« interest.scoers »"),
    (b'{"interest.scores": [1, 2]}', "« interest.scores »"),
    (b'{"interest.scores": {"make": "beaucoup"}}', "« interest.scores » : make"),
    (b'{"interest.scores": {"make": true}}', "« interest.scores » : make"),
    (b'{"interest.scores": {"make": 300}}', "« interest.scores » : make"),
    (b'{"interest.scores": {"realistic": 3}}', "realistic"),
    (b'{"interest": {"scores": {"make": []}}}', "« interest.scores » : make"),
    (b'{"interest.highlights": ["R"]}', "« interest.highlights »"),
    (b'{"value.ranking": "calm"}', "« value.ranking »"),
    (b'{"value.ranking": [1]}', "« value.ranking »"),
    (b'{"pride.skills": {"repair": "oui"}}', "« pride.skills »"),
    (b'{"pride.skills": {"repair": -1}}', "« pride.skills »"),
    (b'{"job.reactions": {"nurse": 3}}', "« job.reactions » : nurse"),
    (b'{"job.reactions": {"nurse": {"appeal": "bof"}}}', "« job.reactions » : nurse"),
    (b'{"book.entries": {"made": "x"}}', "« book.entries »"),
    (b'{"book.entries": ["x"]}', "« book.entries »"),
    (b'{"user.accord": "x"}', "« user.accord »"),
    (b'{"age": "treize"}', "« age »"),
    (b'{"age": 13.5}', "« age »"),
    (b'{"age": true}', "« age »"),
    (b'{"age": 400}', "« age »"),
    (b'{"town": 4000}', "« town »"),
    (b'{"town": "Xyzzyville"}', "Xyzzyville"),
    (b'{"project": ["a"]}', "« project »"),
    (b'{"project": "a", "interest.scores": {}, "interest": {"scores": {}}}', "deux fois"),
    (b'{"near.reactions": {"occupation:nurse": 1}}', "« near.reactions »"),
    (b"\xff\xfe{", "JSON"),
    (b"[" * 100_000, "JSON"),
    (b'{"project": "' + b"a" * 30_000 + b'"}', "« project »"),
    (b'{"project": "' + b"a" * 3_000_000 + b'"}', "trop lourd"),
]


@pytest.mark.parametrize(("content", "named"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_used_is_one_sentence_that_names_it(boussole, tmp_path, content: bytes, named: str):
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    said = boussole("careers", "suggest", "--profile", str(path), "--json", status=2)

    assert named in said
    assert said.endswith(".")
    assert "Traceback" not in said


def test_a_file_that_is_not_there_or_a_folder(boussole, tmp_path):
    assert "pas de fichier" in boussole(
        "careers", "suggest", "--profile", str(tmp_path / "no.json"), status=2
    )
    assert "ne se lit pas" in boussole("careers", "suggest", "--profile", str(tmp_path), status=2)
    path = tmp_path / "p.json"
    path.write_text("{}")
    said = boussole(
        "careers", "suggest", "--profile", str(path), "--index", str(tmp_path / "no.npz"), status=2
    )
    assert "no.npz" in said


@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"project": None, "value.ranking": None},
        {"value.ranking": ["un mot à moi"]},
        {"interest.scores": {"make": None, "create": 80}},
        {"job.reactions": {"nurse": "love"}},
        {"book.entries": [{"title": "Mon robot", "made": "un robot suiveur", "tools": ["arduino"]}, {}]},
        {"session.log": [{"domain": "robotics", "place": "make", "energy": 5}, {"domain": "x"}, {}]},
        {"project": "🚀" * 50},
        {"town": "  liège "},
    ],
    ids=range(9),
)
def test_everything_is_optional(suggest: Suggest, profile: dict[str, Any]):
    found = suggest(profile)

    assert len(found) == 10
    assert all(one["reasons"] for one in found)


def test_an_occupation_that_is_not_in_the_catalogue_is_told_and_left_aside(boussole, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"job.reactions": {"gone_since": {"appeal": "love"}}}')

    assert "« job.reactions » : métier inconnu, laissé de côté : gone_since." in boussole(
        "careers", "suggest", "--profile", str(path)
    )


def test_offers_of_this_machine_are_shown(ready, tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"project": "je cuisine", "town": "Liège"}', "utf-8")
    with_samples = json.loads(ready("careers", "suggest", "--profile", str(path), "--json"))

    assert all(isinstance(one["offers"], list) for one in with_samples)
