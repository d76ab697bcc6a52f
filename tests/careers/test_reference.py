import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks import melo
from careers import reference, reference_build, sound
from careers import reference_titles as titles
from careers.catalogue import Catalogue
from careers.linker import Linker
from careers.linking import Ranker
from careers.reference import Reference, UnusableIndexError
from careers.sources import esco, onet, rome
from tests.careers import vocabularies as made_up

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def whole(catalogue: Catalogue, tmp_path_factory) -> Reference:
    folder = tmp_path_factory.mktemp("vocabularies")
    return reference_build.build(
        catalogue,
        esco.read(made_up.esco(folder / "esco"), TODAY),
        rome.read(made_up.rome(folder / "rome"), TODAY),
        onet.read(made_up.onet(folder / "onet"), TODAY),
        TODAY,
    )


@pytest.fixture(scope="module")
def ranker(catalogue: Catalogue, whole: Reference) -> Ranker:
    return Ranker(catalogue, Linker(catalogue, whole), whole)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Monteur / Monteuse de nuages", ("Monteur de nuages", "Monteuse de nuages")),
        ("opérateur de pluie/opératrice de pluie", ("opérateur de pluie", "opératrice de pluie")),
        ("Ouvrier agricole/ouvrière", ("Ouvrier agricole", "ouvrière agricole")),
        (
            "Accueillant familial / Accueillante familiale d'enfants",
            ("Accueillant familial d'enfants", "Accueillante familiale d'enfants"),
        ),
        ("Chef / Cheffe d'équipe", ("Chef d'équipe", "Cheffe d'équipe")),
        ("graphiste", ("graphiste",)),
        ("son et/ou lumière", ("son et/ou lumière",)),
    ],
)
def test_both_genders_of_a_title_have_the_whole_of_it(title, expected):
    assert titles.readings(title) == expected


def test_one_entry_for_what_the_crosswalk_joins(whole: Reference):
    entries = {entry.key: entry for entry in whole.entries}

    assert len(entries) == 4  # A9901 and J1404 stand within their ESCO occupations
    assert entries[made_up.ESCO + "aaa"].rome == ("A9901",)
    assert entries["B9902"].uri == ""


def test_a_title_of_the_crosswalk_leads_to_esco(ranker: Ranker):
    best = ranker.rank("assembleuse de stratus", 3)[0]

    assert (best.id, best.esco, best.rome) == (made_up.ESCO + "aaa", (made_up.ESCO + "aaa",), ("A9901",))
    assert best.score > 0.8


def test_rome_alone_is_ranked_by_its_code(ranker: Ranker):
    assert ranker.rank("je voudrais devenir coloriste d'arcs-en-ciel", 1)[0].id == "B9902"


def test_an_official_occupation_that_is_ours_has_our_id(ranker: Ranker):
    best = ranker.rank("kiné", 3)[0]

    assert (best.id, best.rome) == ("physiotherapist", ("J1404",))
    assert best.esco == (made_up.ESCO + "ccc",)


def test_without_a_vocabulary_our_own_table_gives_the_addresses(catalogue: Catalogue):
    best = Ranker(catalogue, Linker(catalogue)).rank("kiné", 1)[0]

    assert best.id == "physiotherapist"
    assert best.esco == reference.shipped_esco()["physiotherapist"]


@pytest.mark.parametrize("said", ["", "salut", "jsp", "azertyuiop", "😂"])
def test_nothing_is_ranked_for_what_means_nothing(ranker: Ranker, said):
    assert ranker.rank(said, 5) == []


def test_rows_are_ranked_limited_and_unlike(ranker: Ranker):
    rows = ranker.rank("monteur de nuages et infirmier", 4)

    assert len(rows) == len({row.id for row in rows}) == 4
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)


def test_the_linker_hears_official_titles_and_their_codes(catalogue: Catalogue, tmp_path):
    code = catalogue.occupations["baker"].rome[0]
    folder = made_up.rome(tmp_path)
    for name in ("unix_referentiel_code_rome_v1_utf8.csv", "unix_referentiel_appellation_v1_utf8.csv"):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace("B9902", code).replace("coloriste", "x"), "utf-8")
    read = reference_build.build(catalogue, rome=rome.read(folder))

    said = "coloriste d'arcs-en-ciel"
    assert "baker" not in {c.occupation_id for c in Linker(catalogue).link(said).candidates}
    assert Linker(catalogue, read).link(said).candidates[0].occupation_id == "baker"


def test_interests_come_from_onet_else_from_the_letters_of_rome(whole: Reference):
    place = {entry.key: number for number, entry in enumerate(whole.entries)}

    assert whole.drives[place[made_up.ESCO + "aaa"]].tolist() == [1.0, 0.5, 0.0, 0.0, 0.0, 0.0]
    assert int(np.argmax(whole.drives[place["B9902"]])) == 2
    assert np.isnan(whole.drives[place[made_up.ESCO + "bbb"]]).all()
    assert whole.drives_of("baker") is None


def test_saved_and_loaded_it_says_the_same(whole: Reference, catalogue: Catalogue, tmp_path):
    path = tmp_path / "deep/index.npz"
    reference.save(whole, path)
    again = reference.load(path)

    assert again.entries == whole.entries
    assert again.bridges == whole.bridges
    assert again.notices() == whole.notices()
    assert again.made == TODAY
    before = Ranker(catalogue, Linker(catalogue, whole), whole).rank("monteuse de nuages", 3)
    assert Ranker(catalogue, Linker(catalogue, again), again).rank("monteuse de nuages", 3) == before
    assert [one.name for one in path.parent.iterdir()] == ["index.npz"]


def test_notices_name_licence_and_date(whole: Reference):
    assert [(o.name, o.date) for o in whole.notices()] == [("esco", TODAY), ("rome", TODAY), ("onet", TODAY)]
    assert "This service uses the ESCO classification of the European Commission" in whole.notices()[0].notice
    assert "Licence Ouverte" in whole.notices()[1].licence
    assert "USDOL/ETA" in whole.notices()[2].notice


def test_an_index_that_cannot_be_used_is_said(whole: Reference, tmp_path):
    path = tmp_path / "index.npz"
    reference.save(whole, path)
    good = path.read_bytes()

    with pytest.raises(UnusableIndexError, match="pas d’index"):
        reference.load(tmp_path / "none.npz")
    for damaged in (b"", b"hello", good[: len(good) // 2], b"<html>"):
        path.write_bytes(damaged)
        with pytest.raises(UnusableIndexError, match="abîmé"):
            reference.load(path)


def test_an_older_format_and_a_changed_array_are_said(whole: Reference, tmp_path):
    path = tmp_path / "index.npz"
    reference.save(whole, path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}

    np.savez(path, **(arrays | {"sure": arrays["sure"] + 1}))
    with pytest.raises(UnusableIndexError, match="somme de contrôle"):
        reference.load(path)

    meta = json.loads(arrays["meta"].tobytes()) | {"format": 0}
    np.savez(path, **(arrays | {"meta": np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)}))
    with pytest.raises(UnusableIndexError, match="format 0"):
        reference.load(path)

    np.savez(path, other=np.zeros(3))
    with pytest.raises(UnusableIndexError, match="pas un index"):
        reference.load(path)


def test_our_table_of_esco_speaks_of_our_occupations(catalogue: Catalogue):
    assert set(reference.shipped_esco()) <= set(catalogue.occupations)
    assert len(reference.shipped_esco()) > 300


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fotograf", "photographe"),
        ("kwafeuz", "coiffeuse"),
        ("farmasien", "pharmacien"),
        ("mekanisien", "mecanicien"),
        ("psikolog", "psychologue"),
        ("desinateur", "dessinateur"),
    ],
)
def test_words_written_by_ear_sound_the_same(typed, meant):
    assert sound.of(typed) == sound.of(meant)


def test_unlike_words_do_not_sound_the_same():
    assert sound.of("boulanger") != sound.of("boucher")
    assert sound.of("pompier") != sound.of("policier")


@pytest.mark.shared
@pytest.mark.skipif(not melo.FRENCH.is_dir(), reason="reads ../shared/data/melo, the study material")
def test_the_benchmark_holds():
    found = melo.evaluate(melo.read(melo.FRENCH))

    assert found["MRR"] >= 0.825
    assert found["cMRR"] >= 0.83


def test_the_benchmark_ranks_like_trec_eval(tmp_path: Path):
    assert melo.ranked([0.5, 0.500001, 0.7], ["a", "b", "c"]) == ["c", "b", "a"]
    assert melo.reciprocal(["c", "b", "a"], frozenset(["a"])) == pytest.approx(1 / 3)
    assert melo.reciprocal(["c"], frozenset(["a"])) == 0
    assert melo.main(tmp_path / "none") == 0
