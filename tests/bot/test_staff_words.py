"""Commands and gatherings out of what tired people type: any order, slips of the finger, days that do not exist."""

from datetime import date, datetime

import pytest

from bot.application import staff_describe, staff_moments, staff_words
from bot.application.staff_words import Order
from storage.gatherings import Kind

NOW = datetime(2026, 12, 1, 10, 0)  # a Tuesday  # noqa: DTZ001
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("/agenda", Order("list")),
        ("/Agenda@boussole_bot", Order("list")),
        ("/agenda 12", Order("show", 12)),
        ("/agenda n° 12", Order("show", 12)),
        ("/agenda deplacer 12 jeudi 14/1 15h", Order("move", 12, "jeudi 14/1 15h")),
        ("/agenda 12 déplacer jeudi", Order("move", 12, "jeudi")),
        ("/agenda anuler 12 : grève des bus", Order("cancel", 12, "grève des bus")),
        ("/agenda 12 annuler", Order("cancel", 12)),
        ("/agenda confirmer 12", Order("confirm", 12)),
        ("/agenda places 12 20", Order("places", 12, "20")),
        ("/agenda présents 12", Order("present", 12)),
        ("/agenda lieu 12 salle C", Order("where", 12, "salle C")),
        ("/agenda rétablir 12", Order("restore", 12)),
        ("/agenda annuler", Order("cancel")),
        ("/agenda ajoutre lab 3D", Order("add", None, "lab 3D")),
        ("/agenda + lab 3D", Order("add", None, "lab 3D")),
        ("/agenda aide", Order("help")),
        ("/agenda 14h", Order("unknown", None, "14h")),
        ("/equipe", Order("team")),
        ("/équipe ABCD-2345", Order("code", None, "ABCD-2345")),
    ],
)
def test_a_command_is_read_as_typed(typed: str, order: Order):
    assert staff_words.is_command(typed)
    assert staff_words.order(typed) == order


def test_what_cannot_be_seen_is_taken_out():
    assert staff_words.order("/agenda annuler 12 gr\u200bè\u202eve\x00") == Order("cancel", 12, "grève")


@pytest.mark.parametrize("typed", ["agenda", "mon /agenda", "/agendas", "/menu", "", "/", "équipe 12"])
def test_other_words_are_no_command(typed: str):
    assert not staff_words.is_command(typed)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("mercredi 13 janvier", date(2027, 1, 13)),
        ("mer. 13 janv. 2027", date(2027, 1, 13)),
        ("mecredi 13 janvie", date(2027, 1, 13)),
        ("le 1er février", date(2027, 2, 1)),
        ("jeudi 14/1", date(2027, 1, 14)),
        ("13-01-27", date(2027, 1, 13)),
        ("13.01.2027", date(2027, 1, 13)),
        ("2027-01-13", date(2027, 1, 13)),
        ("demain", date(2026, 12, 2)),
        ("après-demain", date(2026, 12, 3)),
        ("mardi", date(2026, 12, 8)),  # it is Tuesday: the next one
        ("mercredi prochain", date(2026, 12, 2)),
        ("1/12", date(2026, 12, 1)),
        ("30 novembre", date(2027, 11, 30)),
    ],
)
def test_a_day_is_found_in_words(typed: str, day: date):
    found = staff_moments.find(f"lab son {typed} 14h-16h salle B", TODAY)
    assert (found.day, found.wrong) == (day, "")
    assert " ".join(found.rest.split()) == "lab son salle B"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 novembre", "n’existe pas"),
        ("29 février", "29 février 2027 n’existe pas"),
        ("14/13", "pas de mois 13"),
        ("jeudi 13 janvier", "n’est pas un jeudi"),
        ("demain 25h", "n’est pas une heure"),
        ("demain 14h-27h", "n’est pas une heure"),
        ("13 janvier 1999", "1999 ne va pas"),
    ],
)
def test_what_cannot_be_is_one_question(typed: str, said: str):
    assert said in staff_moments.find(typed, TODAY).wrong


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("14h-16h", ("14:00", "16:00")),
        ("14-16h", ("14:00", "16:00")),
        ("de 14 h à 16 h 30", ("14:00", "16:30")),
        ("14:00-16:00", ("14:00", "16:00")),
        ("14h/16h", ("14:00", "16:00")),
        ("9h, jusqu’à 12h", ("09:00", "12:00")),
        ("à 15h", ("15:00", None)),
    ],
)
def test_hours_are_found_in_words(typed: str, hours: tuple[str, str | None]):
    found = staff_moments.find(f"mercredi {typed}", TODAY)
    shown = [f"{one:%H:%M}" if one else None for one in (found.begins, found.ends)]
    assert tuple(shown) == hours


def test_the_order_of_what_is_said_does_not_matter():
    first = staff_describe.describe("lab Animation 3D mercredi 13 janvier 14h-16h, salle B, 12 places", NOW)
    second = staff_describe.describe("12 places, salle B, 14h-16h mercredi 13 janvier, lab animation 3D", NOW)

    assert first.ask == second.ask == ""
    assert first.values == second.values
    assert first.values["title"] == "Animation 3D"
    assert (first.values["kind"], first.values["place"], first.values["capacity"]) == (
        Kind.LAB,
        "Salle B",
        12,
    )
    assert first.values["local_ends"] == datetime(2027, 1, 13, 16, 0)  # noqa: DTZ001
    assert first.confirmed


def test_more_can_be_said():
    said = (
        "rencontre avec une ingénieure du son, jeudi 14/1 17h-18h30, 30 places, auditorium, 16-18 ans, "
        "groupe Atelier 3D, https://exemple.be/a, apportez un casque, sans liste d’attente"
    )
    found = staff_describe.describe(said, NOW)

    assert found.ask == ""
    assert found.group == "Atelier 3D"
    assert found.values["title"] == "Rencontre avec une ingénieure du son"
    assert (found.values["chosen"], found.values["waiting"]) == (True, False)
    assert (found.values["bands"], found.values["link"]) == ("16-18", "https://exemple.be/a")
    assert found.values["about"] == "Apportez un casque"


def test_a_title_in_quotes_may_hold_anything():
    found = staff_describe.describe("« 24h de la 3D, mardi 5 places », lab, vendredi 9h-10h", NOW)

    assert found.values["title"] == "24h de la 3D, mardi 5 places"
    assert found.values["local_starts"] == datetime(2026, 12, 4, 9, 0)  # noqa: DTZ001
    assert "capacity" not in found.values


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", "Qu’est-ce que c’est"),
        ("mercredi 14h-16h", "Qu’est-ce que c’est"),
        ("lab mercredi 14h-16h", "titre"),
        ("lab son", "Quel jour"),
        ("lab son mercredi", "À quelle heure"),
        ("lab son mercredi 14h", "jusqu’à quelle heure"),
        ("lab son 31 novembre", "n’existe pas"),
        ("lab son chaque semaine mercredi 14h-16h", "weekly"),
    ],
)
def test_what_is_missing_is_one_question(typed: str, asked: str):
    assert asked in staff_describe.describe(typed, NOW).ask


@pytest.mark.parametrize("typed", ["forum samedi 13/3 10h-17h", "portes ouvertes ULiège 6/3 9h-16h"])
def test_what_others_decide_is_to_be_checked(typed: str):
    assert not staff_describe.describe(typed, NOW).confirmed
    assert staff_describe.describe(f"{typed}, confirmé", NOW).confirmed


def test_what_is_not_said_of_another_day_stays():
    starts, ends = datetime(2027, 1, 13, 14, 0), datetime(2027, 1, 13, 16, 30)  # noqa: DTZ001
    moved = staff_describe.moved("jeudi 14/1, salle C, la salle B est prise", starts, ends, TODAY)

    assert moved == (
        datetime(2027, 1, 14, 14, 0),  # noqa: DTZ001
        datetime(2027, 1, 14, 16, 30),  # noqa: DTZ001
        "Salle C",
        "la salle B est prise",
    )
    assert "Vers quel jour" in str(staff_describe.moved("plus tard", starts, ends, TODAY))
