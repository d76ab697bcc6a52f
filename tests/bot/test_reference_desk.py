import io
from pathlib import Path

import pytest

from bot.cli import reference_desk as desk
from careers import reference
from tests.careers import vocabularies as made_up


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("BOUSSOLE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "var"


def linked(capsys, text: bytes, top: int = 2, index: Path | None = None) -> list[list[str]]:
    desk.link_lines(top, index, io.BytesIO(text))
    return [line.split("\t") for line in capsys.readouterr().out.splitlines()]


def test_each_line_has_ranks_or_abstains(capsys):
    lines = linked(capsys, "a\tkiné\nb\tsalut\n\nc\tprof de maths\r\n".encode())

    assert [(line[0], line[1]) for line in lines if line[1] in "01"] == [("a", "1"), ("b", "0"), ("c", "1")]
    assert {len(line) for line in lines} == {7}
    first = lines[0]
    assert first[2] == "physiotherapist"
    assert 0 < float(first[4]) <= 1
    assert first[5].startswith("http://data.europa.eu/esco/occupation/")
    assert first[6] == "J1404"
    assert next(line for line in lines if line[0] == "b")[2] == "abstain"


@pytest.mark.parametrize(("text", "why"), [(b"a\tx\nno tab\n", "ligne 2"), (b"a\t\xff\n", "ligne 1")])
def test_a_bad_line_is_named_after_those_before_it(capsys, text, why):
    with pytest.raises(SystemExit):
        linked(capsys, text)

    assert why in capsys.readouterr().err


def test_an_index_over_a_vocabulary(data_dir, tmp_path, capsys):
    index = tmp_path / "index.npz"
    desk.build_index(index, made_up.esco(tmp_path / "esco"), None, None)
    said = capsys.readouterr().out
    lines = linked(capsys, b"a\tveilleuse de brume\n", 1, index)

    assert "3 métiers officiels" in said
    assert "European Commission" in said
    assert lines == [
        [
            "a",
            "1",
            made_up.ESCO + "bbb",
            "gardienne de brume",
            lines[0][4],
            made_up.ESCO + "bbb",
            "",
        ]
    ]
    assert not data_dir.exists()


def test_a_failed_import_leaves_the_old_copy(data_dir, tmp_path, capsys):
    folder = made_up.esco(tmp_path / "esco")
    desk.import_vocabularies(folder, made_up.rome(tmp_path / "rome"), None, force=False)
    good = (data_dir / reference.FILE).read_bytes()

    (folder / "occupations_fr.csv").write_text("<html>", "utf-8")
    with pytest.raises(SystemExit):
        desk.import_vocabularies(folder, None, None, force=False)
    assert "HTML" in capsys.readouterr().err

    rows = made_up.OCCUPATIONS.splitlines()
    (folder / "occupations_fr.csv").write_text("\n".join((rows[0], rows[-1])), "utf-8")
    with pytest.raises(SystemExit):
        desk.import_vocabularies(folder, None, None, force=False)
    assert "--force" in capsys.readouterr().err
    assert (data_dir / reference.FILE).read_bytes() == good

    desk.import_vocabularies(folder, None, None, force=True)
    assert len(reference.load(data_dir / reference.FILE).entries) == 1


def test_what_was_imported_is_used_without_asking(tmp_path, capsys):
    desk.import_vocabularies(made_up.esco(tmp_path / "esco"), None, None, force=False)
    capsys.readouterr()

    assert linked(capsys, b"a\tgardienne de brume\n", 1)[0][2] == made_up.ESCO + "bbb"


def test_nothing_to_import_is_said(tmp_path, capsys):
    with pytest.raises(SystemExit):
        desk.build_index(tmp_path / "x.npz", None, None, None)

    assert "--esco" in capsys.readouterr().err


def test_a_damaged_index_is_a_sentence(tmp_path, capsys):
    (tmp_path / "x.npz").write_bytes(b"no")
    with pytest.raises(SystemExit):
        desk.show("kiné", tmp_path / "x.npz")

    assert "abîmé" in capsys.readouterr().err
