import csv
import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from careers import catalogue as catalogues
from careers import lexicon, occupations, programmes, tables
from careers.catalogue import Catalogue
from careers.forms import CorrectionError
from careers.freshness import freshness
from careers.model import Fix, Source
from careers.overlay import Correction, read
from careers.problems import problems
from careers.widening import by_practice
from tests.careers.conftest import TODAY

SHARED = Path(__file__).parents[3] / "shared" / "data"


def test_the_shipped_catalogue_has_no_error(catalogue: Catalogue):
    found = problems(catalogue, TODAY)

    assert [p for p in found if p.severity == "error"] == []
    assert {p.code for p in found} <= {"stale", "check", "themes"}


def test_all_programmes_are_there_with_a_source(catalogue: Catalogue):
    rows = catalogue.programmes.values()

    assert len(rows) == 372
    assert all(row.source.name and row.source.confidence in "ABCD" for row in rows)
    assert Counter(row.source.confidence for row in rows)["A"] == 286
    assert all("·" not in f"{row.title}{row.entry}{row.cost}{row.uncertain}" for row in rows)


def test_what_may_not_be_offered_is_not(catalogue: Catalogue):
    closed = [row for row in catalogue.programmes.values() if not row.offered]

    assert [row.title for row in closed] == [row.title for row in closed if "orientales" in row.title]
    assert len(closed) == 1
    assert closed[0] not in catalogue.programmes_in(closed[0].domains)


def test_there_are_occupations_for_everybody(catalogue: Catalogue):
    rows = list(catalogue.occupations.values())
    sectors = Counter(row.sector for row in rows)

    assert len(rows) >= 150
    assert len(sectors) >= 16
    assert min(sectors.values()) >= 5
    assert {row.prep_level for row in rows} == {1, 2, 3, 4, 5}
    assert sum(by_practice(row) for row in rows) >= len(rows) / 3
    assert sum(not row.digital for row in rows) >= len(rows) / 2
    assert all(len(row.ways) >= 2 and any(way.gradual for way in row.ways) for row in rows)


def test_nobody_is_said_to_be_mostly_women_or_men_without_a_source(catalogue: Catalogue):
    assert all(bool(row.today_source) == (row.today != "unknown") for row in catalogue.occupations.values())


def test_each_tumo_theme_has_occupations(catalogue: Catalogue):
    assert len(catalogue.domains) == 12
    for domain in catalogue.domains.values():
        assert domain.open is None
        assert max(domain.weights.values()) == 3
        assert len(catalogue.occupations_where(domain=domain.id)) >= 3


def test_an_overlay_row_wins_and_may_hide_or_add(catalogue: Catalogue):
    taken = next(iter(catalogue.programmes.values()))
    gone = next(iter(catalogue.occupations))
    day = date(2026, 11, 1)
    laid = catalogues.load(
        [
            Correction("programmes", taken.id, {"entry": "Rien", "seen": "2026-11-01"}),
            Correction("programmes", taken.id, {"entry": "CESS"}, day, "https://www.uliege.be/x"),
            Correction("occupations", gone, {"hidden": "oui"}),
            Correction("domains", "music", {"open": "oui", "make": "0"}),
            Correction("institutions", "centre", {"name": "Le centre", "kind": "centre"}),
        ]
    )

    assert laid.programmes[taken.id].entry == "CESS"
    assert laid.programmes[taken.id].title == taken.title
    assert laid.programmes[taken.id].fixes == (Fix("entry", day, "https://www.uliege.be/x"),)
    assert freshness(laid.programmes[taken.id].source, TODAY) == "fresh"
    assert gone not in laid.occupations
    assert laid.domains["music"].open is True
    assert laid.domains["music"].weights == {**catalogue.domains["music"].weights, "make": 0}
    assert laid.open_domains() == [laid.domains["music"]]
    assert laid.institutions["centre"].name == "Le centre"
    assert laid.faults == ()


@pytest.mark.parametrize(
    ("read_at", "named", "url"),
    [
        ("https://www.hepl.be/jeu", "hepl.be", "https://www.hepl.be/jeu"),
        ("", "relu par l’équipe du centre", ""),
    ],
)
def test_a_new_day_is_never_told_of_the_old_source(catalogue: Catalogue, read_at: str, named: str, url: str):
    taken = next(iter(catalogue.programmes.values()))
    laid = catalogues.load([Correction("programmes", taken.id, {"seen": "2026-11-20"}, TODAY, read_at)])
    found = laid.programmes[taken.id].source

    assert (found.name, found.url, found.seen) == (named, url, date(2026, 11, 20))
    assert found.licence == ""
    assert laid.programmes[taken.id].fixes == ()


def test_the_weight_of_a_drive_is_corrected_in_an_occupation_too(catalogue: Catalogue):
    taken = catalogue.occupations["game_programmer"]
    laid = catalogues.load([Correction("occupations", taken.id, {"support": "2", "prep_level": "3"}, TODAY)])

    assert laid.faults == ()
    assert laid.occupations[taken.id].drives == {**taken.drives, "support": 2}
    assert laid.occupations[taken.id].prep_level == 3
    assert [fix.field for fix in laid.occupations[taken.id].fixes] == ["support", "prep_level"]


def test_too_few_themes_are_an_error(catalogue: Catalogue):
    hidden = [Correction("domains", one, {"hidden": "oui"}) for one in list(catalogue.domains)[:-2]]
    found = {p.severity for p in problems(catalogues.load(hidden), TODAY) if p.code == "themes"}

    assert "error" in found
    assert "error" not in {
        p.severity for p in problems(catalogues.load(hidden[:-1]), TODAY) if p.code == "themes"
    }


def test_a_hidden_school_takes_its_programmes_along_and_nothing_else(catalogue: Catalogue):
    laid = catalogues.load([Correction("institutions", "helmo", {"hidden": "oui"})])

    assert set(catalogue.programmes) - set(laid.programmes) == {
        p.id for p in catalogue.programmes.values() if p.institution.id == "helmo"
    }
    assert laid.faults == ()
    assert len(catalogues.load([Correction("institutions", "helmo", {"hidden": "non"})]).programmes) == 372


def test_a_corrected_campus_or_cost_is_a_corrected_fact_of_its_programmes():
    laid = catalogues.load(
        [
            Correction("campuses", "rivageois", {"postcode": "4020"}, TODAY),
            Correction("costs", "university", {"text": "900 €"}, TODAY, "https://uliege.be/x"),
        ]
    )
    moved = [p for p in laid.programmes.values() if "Rivageois" in p.campus]
    dearer = [p for p in laid.programmes.values() if p.cost == "900 €"]

    assert moved
    assert all(p.postcode == "4020" and Fix("campus", TODAY, "") in p.fixes for p in moved)
    assert len(dearer) > 50
    assert all(Fix("cost", TODAY, "https://uliege.be/x") in p.fixes for p in dearer)


def test_a_broken_overlay_row_is_left_out_and_told(catalogue: Catalogue):
    first = next(iter(catalogue.occupations))
    laid = catalogues.load(
        [
            Correction("nothing", "xx", {}),
            Correction("programmes", "new", {"institution": "nowhere", "campus": "liege"}),
            Correction("occupations", first, {"values": "", "rome": "XX", "prep_level": "9"}),
            Correction("domains", "music", {"make": "7"}),
        ]
    )

    assert {fault.code for fault in laid.faults} == {"overlay", "occupation"}
    assert first not in laid.occupations
    assert len([f for f in laid.faults if f.where == f"occupations/{first}"]) == 3
    assert len(laid.occupations) == len(catalogue.occupations) - 1
    assert "il manque : title, level" in next(
        f.message_fr for f in laid.faults if f.where == "programmes/new"
    )
    assert "make : de 0 à 3" in next(f.message_fr for f in laid.faults if f.where == "domains/music")
    assert laid.domains["music"] == catalogue.domains["music"]


def test_a_whole_new_row_is_added():
    given = {
        "institution": "helmo", "title": "Bachelier en astronomie", "level": "bachelier professionnalisant",
        "campus": "unknown", "domains": "sciences", "source": "helmo.be", "seen": "2026-11-20", "confidence": "B",
    }  # fmt: skip
    laid = catalogues.load([Correction("programmes", "helmo-astronomie", given, TODAY)])
    made = laid.programmes["helmo-astronomie"]

    assert laid.faults == ()
    assert (made.title, made.institution.id, made.cost, made.later) == (
        "Bachelier en astronomie",
        "helmo",
        "",
        False,
    )
    assert made in laid.programmes_in(["sciences"])
    assert [p for p in problems(laid, TODAY) if p.where == "programmes/helmo-astronomie"] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"entree": "CESS"}, "champ inconnu : entree. Peut-être entry ?"),
        ({"zzz": "1"}, "champ inconnu : zzz. Les champs : institution"),
        ({"url": "helmo.be"}, "url : une adresse qui commence par https:// (reçu : « helmo.be »)"),
        ({"seen": "24/11/2026"}, "seen : un jour écrit AAAA-MM-JJ (reçu : « 24/11/2026 »)"),
        ({"ages_from": "quinze"}, "ages_from : un nombre entier"),
        ({"later": "peut-être"}, "later : oui ou non"),
        ({"confidence": "Z"}, "confidence : A, B, C ou D"),
        ({"title": "Étudiant·e"}, "title : pas de point médian"),
        ({"title": "un\nsaut"}, "title : un texte d’une ligne"),
        ({"title": "x" * 601}, "title : un texte d’une ligne, de 600 caractères au plus"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(changes: dict[str, str], said: str):
    with pytest.raises(CorrectionError) as caught:
        read(Correction("programmes", "some-id", changes))

    assert said in str(caught.value)


@pytest.mark.parametrize("row_id", ["", "Majuscule", "avec espace", "../fichier", "a" * 99])
def test_an_id_that_cannot_be_one_is_refused(row_id: str):
    with pytest.raises(CorrectionError, match="n’est pas un id"):
        read(Correction("programmes", row_id, {"title": "x"}))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"domains": "écriture;santé"}, None),
        ({"domains": "astrologie;santé"}, "domain"),
        ({"source": ""}, "source"),
        ({"domains": ""}, "domain"),
    ],
)
def test_problems_name_what_is_wrong(catalogue: Catalogue, change, code):
    taken = next(iter(catalogue.programmes))
    laid = catalogues.load([Correction("programmes", taken, {"seen": "2026-11-01", **change})])
    here = {p.code for p in problems(laid, TODAY) if p.where == f"programmes/{taken}"}

    assert here == ({code} if code else set())


def test_an_unknown_code_is_found(catalogue: Catalogue):
    first = next(iter(catalogue.occupations))
    laid = catalogues.load([Correction("occupations", first, {"rome": "A9999"})])

    assert "A9999" in next(p.message_fr for p in problems(laid, TODAY) if p.code == "code")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (TODAY, "fresh"),
        (TODAY - timedelta(365), "fresh"),
        (TODAY - timedelta(366), "check"),
        (TODAY - timedelta(731), "old"),
        (None, "old"),
    ],
)
def test_freshness(seen, said):
    assert freshness(Source("x", seen=seen), TODAY) == said


@pytest.mark.parametrize(
    ("level", "length", "years"),
    [
        ("bachelier professionnalisant", "3 ans / 180 ECTS", 3),
        ("master", "2 ans / 120 ECTS", 5),
        ("bachelier de transition", "3 ans / 180 ECTS (cursus de 5 ans avec le master)", 5),
        ("bachelier (1re partie d’un cursus de 4 ans avec master)", "3 + 1 ans (240 ECTS au total)", 4),
        ("secondaire – technique", "3e à 6e (ou 7e) secondaire", 0),
        ("apprentissage / chef d’entreprise", "1 à 3 ans", 3),
        ("master", "1 à 2 ans / 60–120 ECTS (à vérifier)", 5),
        ("secondaire supérieur pour adultes", "variable", None),
        ("passerelle vers master", "à vérifier", None),
    ],
)
def test_years_of_study(level, length, years):
    assert programmes.years(level, length) == years


def test_a_year_alone_is_read_as_its_first_day():
    assert tables.day("2014") == date(2014, 1, 1)
    assert tables.day("2025-02-26") == date(2025, 2, 26)
    assert tables.day("") is None


def test_a_damaged_table_names_its_line(tmp_path: Path):
    shutil.copy(tables.DATA / "costs.tsv", tmp_path)
    with (tmp_path / "costs.tsv").open("a") as file:
        file.write("one cell\n")

    with pytest.raises(ValueError, match=r"costs.tsv, ligne 11 : 1 cases, 2 attendues"):
        list(tables.rows("costs.tsv", tmp_path))


def test_the_command_lists_every_fault_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    shipped = (occupations.FOLDER / "health.toml").read_text("utf-8")
    damaged = shipped.replace('sector = "health"', 'sector = "elsewhere"', 1).replace(
        "prep_level = 4", "prep_level = 6", 1
    )
    (tmp_path / "health.toml").write_text(damaged, "utf-8")

    assert occupations.main([str(tmp_path / "health.toml")]) == 1
    assert "sector inconnu : elsewhere" in capsys.readouterr().out
    assert occupations.main([]) == 0


def test_the_lexicon_points_to_occupations_that_exist(catalogue: Catalogue):
    assert lexicon.unknown_targets(catalogue.occupations) == []
    assert {row["kind"] for row in tables.rows("lexicon.tsv")} <= set(lexicon.KINDS)
    assert sum(row["kind"] == "goes" for row in tables.rows("lexicon.tsv")) >= 400


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the study material is not beside the project")
def test_codes_are_those_of_the_official_lists(catalogue: Catalogue):
    table = SHARED / "rome" / "unix_referentiel_code_rome_v460_utf8.csv"
    with table.open(encoding="utf-8") as file:
        rome = {row["code_rome"] for row in csv.DictReader(file)}
    nomenclature = (SHARED / "forem" / "nomenclatures" / "dimeco.json").read_text("utf-8")

    for occupation in catalogue.occupations.values():
        assert set(occupation.rome) <= rome
        assert all(f'"{code}"' in nomenclature for code in occupation.dimeco)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the study material is not beside the project")
def test_every_programme_of_the_study_is_kept(catalogue: Catalogue):
    with (SHARED / "programmes" / "programmes.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    ours = Counter((p.url, p.length, p.level, p.domains) for p in catalogue.programmes.values())
    theirs = Counter(
        (
            r["url"],
            r["duration_or_ects"],
            r["level"],
            tuple(d.strip() for d in r["domains"].split(";") if d.strip()),
        )
        for r in rows
    )

    assert ours == theirs
