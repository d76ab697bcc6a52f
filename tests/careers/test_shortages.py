import re
from pathlib import Path

import pytest

from careers import catalogue as catalogues
from careers import matcher, shortages
from careers.catalogue import Catalogue
from careers.model import Interests, Shortage, Vacancy
from careers.shortages import ShortageError, by_occupation
from tests.careers.conftest import TODAY

HEAD = "annee;code;intitule;type;source\n"
URL = "https://www.leforem.be/liste"
GOOD = f"{HEAD}2025;M180501-1;;pénurie;{URL}\n2025;F1602;Électriciens;critique;{URL}\n"


@pytest.fixture
def listed(tmp_path: Path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "liste.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def faults(path: Path) -> list[str]:
    with pytest.raises(ShortageError) as caught:
        shortages.read(path)
    return caught.value.faults


def test_a_good_list_is_read_with_its_labels(listed):
    found = shortages.read(listed(GOOD))

    assert found.year == 2025
    assert [(row.code, row.kind, row.url) for row in found.rows] == [
        ("M180501-1", "pénurie", URL),
        ("F1602", "critique", URL),
    ]
    assert found.rows[0].label.startswith("Analyste")
    assert found.rows[1].label == "Électriciens"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD.encode(),  # a BOM
        GOOD.replace(";", ",").encode(),
        GOOD.replace(";", "\t").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        (GOOD + "\n;;;;\n").encode(),  # empty lines at the end, as spreadsheets leave them
        GOOD.replace("annee", "Annee").replace("pénurie", "Penurie").encode(),
        GOOD.replace(";type", ";note;type")
        .replace(";pénurie", ";x;pénurie")
        .replace(";critique", ";;critique")
        .encode(),
        b'"annee";"code";"intitule";"type";"source"\n' + GOOD.split("\n", 1)[1].encode(),
    ],
)
def test_what_spreadsheets_do_to_it_is_understood(listed, content: bytes):
    assert [row.code for row in shortages.read(listed(content)).rows] == ["M180501-1", "F1602"]


def test_a_title_alone_finds_its_code(listed, catalogue: Catalogue):
    label = next(o for o in catalogue.occupations.values() if "M180501-1" in o.dimeco)
    known = shortages.read(listed(GOOD)).rows[0].label
    found = shortages.read(listed(f"{HEAD}2025;;{known.upper()};pénurie;{URL}\n"))

    assert found.rows[0].code == "M180501-1"
    assert label.id in by_occupation(found.rows, catalogue.occupations.values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.replace("annee;", "an;"), "ligne 1 : la colonne « annee » manque"),
        (GOOD.replace(";type", ";code"), "ligne 1 : la colonne « code » est en double"),
        (GOOD.replace("2025;F1602", "25;F1602"), "ligne 3 : « 25 » n’est pas une année"),
        (GOOD.replace("F1602", "F16"), "ligne 3 : « F16 » n’est ni un code DIMECO"),
        (GOOD.replace("F1602", "N999901-9"), "ligne 3 : aucun métier du catalogue n’a le code N999901-9"),
        (
            GOOD.replace(";F1602;Électriciens;", ";;Dompteur de lions;"),
            "ligne 3 : aucun métier du catalogue ne s’appelle",
        ),
        (GOOD.replace(";F1602;Électriciens;", ";;;"), "ligne 3 : ni code ni intitulé"),
        (GOOD.replace("critique", "rare"), "ligne 3 : type « rare » : pénurie ou critique"),
        (GOOD.replace(f"critique;{URL}", "critique;le forem"), "ligne 3 : la source est l’adresse"),
        (GOOD.replace("F1602;Électriciens", "M180501-1;"), "ligne 3 : « Analyste"),
        (GOOD.replace("2025;F1602", "2024;F1602"), "une seule année par fichier ; il y a 2024, 2025"),
        (GOOD.replace(f"critique;{URL}", "critique"), "ligne 3 : 4 cases, 5 attendues"),
        (GOOD.replace("2025;F1602", '2025;"F1602'), "ligne 3 : CSV abîmé"),
        (HEAD, "aucune ligne"),
        ("", "ligne 1 : la colonne « annee » manque"),
        ("<!doctype html><html></html>", "ligne 1 : c’est une page web"),
        (GOOD.encode("latin-1"), "ligne 2 : pas de l’UTF-8"),
        (GOOD.encode("utf-16"), "c’est un fichier UTF-16"),
        (b"PK\x03\x04rest", "c’est un fichier Excel (xlsx)"),
        (b"a" * 2_000_001, "plus de 2 Mo"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_line(listed, content: str | bytes, said: str):
    found = faults(listed(content))

    assert len([fault for fault in found if said in fault]) == 1
    assert all(fault.startswith("liste.csv") for fault in found)


def test_a_name_that_nearly_fits_is_helped(listed):
    (fault,) = faults(listed(f"{HEAD}2025;;Couvreur / Couvreuse;pénurie;{URL}\n"))

    assert "Le plus proche : « Couvreur / Couvreuse de toits" in fault
    assert "F161001-" in fault


def test_the_example_of_the_guide_is_a_good_list(listed):
    guide = (Path(__file__).parents[2] / "docs" / "catalogue.md").read_text("utf-8")
    (example,) = re.findall(r"```\n(annee;.*?)```", guide, re.DOTALL)

    assert len(shortages.read(listed(example)).rows) == 2


def test_every_fault_is_told_at_once(listed):
    content = GOOD.replace("2025;F1602", "25;F16").replace("critique", "rare")

    assert len(faults(listed(content))) == 3


def test_unknown_codes_may_be_left_aside_but_nothing_else(listed):
    path = listed(f"{GOOD}2025;N999901-9;Dompteur;pénurie;{URL}\n")
    found = shortages.read(path, skip_unknown=True)

    assert len(found.rows) == 2
    assert found.unknown == ("liste.csv, ligne 4 : aucun métier du catalogue n’a le code N999901-9.",)
    with pytest.raises(ShortageError):
        shortages.read(listed(GOOD.replace("critique", "rare")), skip_unknown=True)


def test_only_the_newest_list_is_told(catalogue: Catalogue):
    rows = [
        Shortage(2024, "M180501-1", "Dev", "pénurie", URL),
        Shortage(2025, "F160201-1", "Élec", "critique", URL),
    ]
    found = by_occupation(rows, catalogue.occupations.values())

    assert found
    assert all("F160201-1" in catalogue.occupations[one].dimeco for one in found)
    assert all(one.year == 2025 for told in found.values() for one in told)


def test_a_shortage_never_changes_what_is_proposed(
    catalogue: Catalogue, lou: Interests, offers: list[Vacancy]
):
    everything = [
        Shortage(2025, code, "x", "pénurie", URL)
        for o in catalogue.occupations.values()
        for code in (*o.dimeco, *o.rome)
    ]
    short = catalogues.load((), everything)
    kept = [next(iter(catalogue.occupations)), "game_programmer"]

    assert len(short.shortages) == len(catalogue.occupations)
    for seed in ("a", "b", "c"):
        assert matcher.occupations(lou, short, seed, 20) == matcher.occupations(lou, catalogue, seed, 20)
        assert matcher.near(kept, lou, short, offers, TODAY, 8, seed) == matcher.near(
            kept, lou, catalogue, offers, TODAY, 8, seed
        )


def test_the_matcher_does_not_know_the_word():
    """Whoever writes the ranking cannot reach the lists by accident."""
    folder = Path(matcher.__file__).parent
    ranking = (
        "matcher",
        "because",
        "fit",
        "compare",
        "widening",
        "nearby",
        "refusals",
        "linker",
        "index",
        "judge",
    )
    for name in ranking:
        path = folder / f"{name}.py"
        assert not path.exists() or "shortage" not in path.read_text("utf-8"), name
