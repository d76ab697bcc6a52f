"""Stands of a fair out of a table, and its programme on paper, on 1 December 2026."""

from datetime import UTC, date, datetime

import pytest

from bot import bootstrap
from bot.application import programme_print, stands_import
from careers import catalogue
from storage import gatherings, stands
from storage.gatherings import Details, Gathering, Kind, State
from storage.stands import Stand
from tests.bot.test_agenda_desk import base

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FAIR = ("agenda", "add", "--kind", "forum", "--title", "Forum des métiers", "--start", "6/2/2027 9h30-17h")
TABLE = (
    "Nom;Emplacement;Description;École;Métiers;Thèmes;Site\n"
    "HEPL;A10;On y soude;hepl;;Robotique;https://www.hepl.be\n"
    "Studio Pixel;A2;;;Développeuse de jeux vidéo, astronaute;Jeux vidéo, animation;\n"
)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(bootstrap, "real_now", lambda: NOW)


@pytest.fixture(scope="module")
def known():
    return catalogue.load()


def held() -> list[Stand]:
    with base().read() as uow:
        found = gatherings.by_number(uow, 1)
        assert found is not None
        return stands.of_gathering(uow, found.id)


def test_stands_are_shown_written_and_changed_without_losing_their_id(ready, tmp_path):
    ready(*FAIR)
    table = tmp_path / "s.csv"
    table.write_text(TABLE)
    said = ready("agenda", "stands", "import", "1", "s.csv")
    assert "2 stands à ajouter" in said
    assert "« astronaute » n’est pas dans le catalogue : laissé." in said
    assert held() == []
    ready("agenda", "stands", "import", "1", "s.csv", "--apply")
    before = {one.name: one for one in held()}
    assert before["HEPL"].institution == "hepl"
    assert before["HEPL"].domains == "robotics"
    assert before["Studio Pixel"].domains == "game_development animation"
    table.write_text(TABLE.replace("A10", "B1").partition("Studio")[0])
    said = ready("agenda", "stands", "import", "1", "s.csv", "--apply")
    assert "0 stand à ajouter, 1 à changer" in said
    assert "absent du fichier : gardé" in said
    after = {one.name: one for one in held()}
    assert (after["HEPL"].id, after["HEPL"].spot) == (before["HEPL"].id, "B1")
    assert ready("agenda", "stands", "list", "1").index("Studio Pixel") < ready(
        "agenda", "stands", "list", "1"
    ).index("HEPL")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (";A1;;;;;", "il manque le nom"),
        ("hepl ;A1;;;;;", "déjà dans le fichier"),
        (f"{'x' * 121};A1;;;;;", "dépasse 120"),
        ("X;A1;;;;;javascript:alert(1)", "ne commence pas par https"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_written(ready, tmp_path, line: str, why: str):
    ready(*FAIR)
    (tmp_path / "s.csv").write_text(TABLE + line + "\n")
    said = ready("agenda", "stands", "import", "1", "s.csv", "--apply", status=1)
    assert "ligne 4" in said
    assert why in said
    assert held() == []


def test_occupations_are_found_by_either_gender_and_by_id(known):
    one = next(iter(known.occupations.values()))
    table = f"nom;métiers\nA;{one.feminine}\nB;{one.masculine}\nC;{one.id}\n".encode()
    read = stands_import.read(table, known, "")
    assert {stand.occupations for stand in read.stands} == {one.id}


def _fair() -> Gathering:
    of = Details(
        Kind.FAIR,
        "Forum des métiers",
        datetime(2027, 2, 6, 9, 30),  # noqa: DTZ001
        datetime(2027, 2, 6, 17, 0),  # noqa: DTZ001
        place="Liège",
    )
    return Gathering("id", 1, of, NOW, NOW, State.PLANNED, "", 1, None, NOW, NOW)


def test_the_programme_follows_the_hall_and_leaves_lines_for_notes(known):
    labels = {one.id: one.label for one in known.domains.values()}
    listed = [
        Stand(name, spot, domains="robotics")
        for name, spot in (("C", ""), ("B", "A10"), ("A", "A2"), ("D", "A2"))
    ]
    told = programme_print.content(_fair(), listed, labels, "la Fabrique", date(2026, 12, 1))
    assert [(place["spot"], [one["name"] for one in place["stands"]]) for place in told["places"]] == [
        ("A2", ["A", "D"]), ("A10", ["B"]), ("Sans emplacement indiqué", ["C"]),
    ]  # fmt: skip
    assert told["facts"][0]["text"].replace("\u00a0", " ") == "samedi 6 février 2027, de 9 h 30 à 17 h"
    assert told["facts"][-1]["label"] == "À savoir"
    assert told["places"][0]["stands"][0]["themes"] == labels["robotics"]


def test_the_programme_is_a_tagged_french_file_whatever_staff_wrote():
    strange = [Stand(f"#set page(fill: red) * _{n}_ \\ <a> $x$ “", f"Hall {n}", "[" * 50) for n in range(120)]
    made = programme_print.pdf(_fair(), strange, {}, "la Fabrique", date(2026, 12, 1))
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    assert b"/Lang" in made


def test_a_programme_is_written_once(ready, tmp_path):
    ready(*FAIR)
    said = ready("agenda", "programme", "1", "p.pdf")
    assert "Programme de 0 stand" in said
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF-")
    assert "existe déjà" in ready("agenda", "programme", "1", "p.pdf", status=1)
    assert "finit par .pdf" in ready("agenda", "programme", "1", "p.txt", status=1)


def test_files_go_in_and_out_on_the_command_line(ready, tmp_path):
    (tmp_path / "a.csv").write_text(
        "sorte;titre;date;début;fin\nlab;Animation 3D;13/1/2027;14:00;16:00\nlab;B;31/11/2026;14:00;16:00\n"
    )
    said = ready("agenda", "import", "a.csv")
    assert "+ Lab : Animation 3D, mercredi 13 janvier 2027" in said
    assert "! ligne 3 : Le 31 novembre 2026 n’existe pas." in said
    assert "Rien n’est écrit" in said
    assert "1 ligne à corriger : rien n’est écrit" in ready("agenda", "import", "a.csv", "--apply", status=1)
    assert "L’agenda est vide" in ready("agenda", "list", "--all")
    assert "1 ligne laissée(s)" in ready("agenda", "import", "a.csv", "--apply", "--skip-bad")
    assert "1 rendez-vous dans o.ics" in ready("agenda", "export", "--all", "o.ics")
    assert "1 déjà dans l’agenda" in ready("agenda", "import", "o.ics")
    ready("agenda", "export", "1", "o.csv")
    assert "1 déjà dans l’agenda" in ready("agenda", "import", "o.csv")
    assert "existe déjà" in ready("agenda", "export", "--all", "o.csv", status=1)
    assert "Écrivez « agenda export" in ready("agenda", "export", "o.ics", status=1)
    assert "manque" in ready("agenda", "import", "nulle-part.csv", status=1)
