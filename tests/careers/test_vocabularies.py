from pathlib import Path

import pytest

from careers.sources import csvfile, esco, onet, rome
from careers.sources.protocol import BadFileError, MissingFieldError, SourceError, TooBigError
from tests.careers import vocabularies as made_up

SHARED = Path(__file__).resolve().parents[3] / "shared/data"
shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="reads ../shared/data, the study material beside the project"
)


def changed(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    return made_up.write(tmp_path / "esco", {"occupations_fr.csv": text}, encoding)


def test_an_esco_occupation_has_all_its_names(tmp_path):
    read = esco.read(made_up.esco(tmp_path))

    assert read.occupations[0].label == "monteur de nuages/monteuse de nuages"
    assert read.occupations[0].others == ("monteuse de nuages", "assembleur de nuages")
    assert [one.isco for one in read.occupations] == ["7111", "7112", "7113"]


def test_several_versions_side_by_side_make_one(tmp_path):
    made_up.write(tmp_path / "v1", {"occupations_fr.csv": made_up.OCCUPATIONS})
    made_up.write(tmp_path / "v2", {"occupations_fr.csv": made_up.LIVE})

    read = {one.uri: one for one in esco.read(tmp_path).occupations}

    assert len(read) == 4
    assert read[made_up.ESCO + "aaa"].others == (
        "monteuse de nuages",
        "assembleuse de cumulus",
        "assembleur de nuages",
    )
    assert read[made_up.ESCO + "aaa"].isco == "7111"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_that_programs_write(tmp_path, encoding, end):
    folder = changed(tmp_path, made_up.OCCUPATIONS.replace("\n", end), encoding)

    read = esco.read(folder).occupations

    assert read[2].label == "kinésithérapeute"
    assert read[0].others == ("monteuse de nuages", "assembleur de nuages")


def test_columns_in_another_order_more_columns_and_another_delimiter(tmp_path):
    text = f"extra;altLabels;PreferredLabel;conceptUri\nx;;gardienne de brume;{made_up.ESCO}bbb\n"

    (one,) = esco.read(changed(tmp_path, text)).occupations

    assert (one.uri, one.label, one.others) == (made_up.ESCO + "bbb", "gardienne de brume", ())


def test_rome_with_everything(tmp_path):
    read = rome.read(made_up.rome(tmp_path))
    first = read.occupations[0]

    assert (first.code, first.riasec, first.moves) == ("A9901", "RI", ("J1404", "B9902"))
    assert "Assembleur(se) de stratus" in first.names
    assert read.interests[0].core == {"A9901"}
    assert read.crossings[0].relation == "exactMatch"
    assert read.origin.title.startswith("ROME 4.0 version 1")


def test_rome_needs_only_occupations_and_appellations(tmp_path):
    folder = made_up.write(
        tmp_path,
        {
            "unix_referentiel_code_rome_v1_utf8.csv": made_up.CODES,
            "unix_referentiel_appellation_v1_utf8.csv": made_up.NAMES,
        },
    )

    read = rome.read(folder)

    assert len(read.occupations) == 3
    assert (read.interests, read.crossings) == ((), ())


def test_onet_interests_become_drives_of_esco_occupations(tmp_path):
    read = onet.read(made_up.onet(tmp_path))

    assert read.drives == {made_up.ESCO + "aaa": (1.0, 0.5, 0.0, 0.0, 0.0, 0.0)}


BAD = {
    "empty": ("", "vide"),
    "blank": (" \n\n", "vide"),
    "only a header": ("conceptUri,preferredLabel,altLabels\n", "aucune ligne"),
    "html": ("<!DOCTYPE html><html><body>502</body></html>", "HTML"),
    "no column": (made_up.OCCUPATIONS.replace("preferredLabel", "prefLabel"), "preflabel"),
    "twice": (made_up.OCCUPATIONS.replace("bbb", "aaa"), "ligne 4 : code en double"),
    "cut": (made_up.OCCUPATIONS[:-30], "ligne 5"),
    "cut in quotes": (made_up.OCCUPATIONS.split("assembleur")[0], "ligne 2"),
    "no name": (made_up.OCCUPATIONS.replace("gardienne de brume", ""), "ligne 4"),
    "no address": (made_up.OCCUPATIONS.replace(made_up.ESCO + "bbb", "bbb"), "ligne 4"),
    "twice encoded": (made_up.OCCUPATIONS.replace("é", "Ã©"), "ligne 5"),
    "one endless line": ("x" * 1_500_000, "démesurée"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_said_with_file_and_line(tmp_path, name):
    text, why = BAD[name]

    with pytest.raises(SourceError) as caught:
        esco.read(changed(tmp_path, text))

    assert "occupations_fr.csv" in str(caught.value)
    assert why in str(caught.value)


def test_a_missing_column_names_the_nearest(tmp_path):
    with pytest.raises(MissingFieldError) as caught:
        esco.read(changed(tmp_path, made_up.OCCUPATIONS.replace("altLabels", "alternativeLabels")))

    assert (caught.value.name, caught.value.near) == ("altLabels", "alternativelabels")


@pytest.mark.parametrize("raw", [b"\xff\xfec\x00o\x00", b"conceptUri,preferredLabel,altLabels\na\x81b,c,d\n"])
def test_another_encoding_is_refused(tmp_path, raw):
    (tmp_path / "occupations_fr.csv").write_bytes(raw)

    with pytest.raises(BadFileError, match=r"ligne [12]"):
        esco.read(tmp_path)


def test_a_huge_file_is_not_read(tmp_path):
    with (tmp_path / "occupations_fr.csv").open("wb") as file:
        file.truncate(2 * 1024**3)

    with pytest.raises(TooBigError):
        esco.read(tmp_path)


def test_an_empty_folder_says_what_is_expected(tmp_path):
    for read, name in (
        (esco.read, "occupations_fr.csv"),
        (rome.read, "referentiel_code_rome"),
        (onet.read, "Interests.txt"),
    ):
        with pytest.raises(BadFileError, match=name):
            read(tmp_path)
    with pytest.raises(BadFileError, match="n’existe pas"):
        esco.read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("unix_referentiel_code_rome_v1_utf8.csv", "B9902", "Z1", "ligne 4 : « Z1 »"),
        ("unix_referentiel_code_rome_v1_utf8.csv", "B9902", "A9901", "ligne 4 : code en double"),
        ("unix_referentiel_appellation_v1_utf8.csv", '"B9902"', '"K0000"', "ligne 3 : code ROME inconnu"),
        ("esco_rome.csv", "skos:exactMatch,J", "skos:like,J", "ligne 3 : relation inconnue"),
    ],
)
def test_rome_that_does_not_hold_together(tmp_path, file, old, new, why):
    folder = made_up.rome(tmp_path)
    path = folder / file
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    with pytest.raises(BadFileError, match=why):
        rome.read(folder)


def test_a_score_of_onet_that_is_none(tmp_path):
    folder = made_up.onet(tmp_path)
    (folder / "Interests.txt").write_text(made_up.SCORES.replace("\t7\n", "\t71\n"), "utf-8")

    with pytest.raises(BadFileError, match="ligne 2"):
        onet.read(folder)


def test_quotes_and_new_lines_in_cells_keep_the_line_numbers_right(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"x\ny",1\nz,2\n', "utf-8")

    assert [(row.line, row["a"]) for row in csvfile.rows(path, ("a", "b"))] == [(2, "x\ny"), (4, "z")]


@shared
@pytest.mark.shared
def test_the_official_files_are_read():
    whole = esco.read(SHARED / "esco/v1.0.x_fr")
    live = esco.read(SHARED / "esco/v1.2_live_fr")
    french = rome.read(SHARED / "rome")
    american = onet.read(SHARED / "onet")

    assert (len(whole.occupations), len(whole.groups), len(whole.skills)) == (2942, 619, 13485)
    assert len(live.occupations) == 2740
    assert (len(french.occupations), len(french.interests), len(french.crossings)) == (1584, 30, 11118)
    assert sum(bool(one.riasec) for one in french.occupations) == 1584
    assert len(american.drives) == 2473
