"""The agenda on the command line, typed as the person who runs the bot types it, on 1 December 2026."""

from datetime import UTC, datetime

import pytest

from bot import bootstrap
from bot.application import taking_part
from bot.application.clock import Clock
from bot.cli import agenda_asking
from bot.settings import load
from storage import agenda, gatherings, people, staff_log
from storage.database import Database

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LAB = ("agenda", "add", "--kind", "lab", "--title", "Animation 3D")
YES = "--yes"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(bootstrap, "real_now", lambda: NOW)


@pytest.fixture
def centre(ready):
    return ready


@pytest.fixture
def answer(monkeypatch):
    """What whoever sits there types when asked."""

    def type_(words: str) -> None:
        monkeypatch.setattr(agenda_asking, "typed", lambda: words)

    return type_


def base() -> Database:
    return bootstrap.open_database(load(), Clock(bootstrap.real_now))


def join(number: int, many: int = 1) -> list[str]:
    """Learners who take part in the gathering of that number."""
    found = []
    with base().begin() as uow:
        held = gatherings.by_number(uow, number)
        assert held is not None
        for _ in range(many):
            person = people.create(uow, "web")
            taking_part.sign_up(uow, person.id, held.id)
            found.append(person.id)
    return found


def starts(number: int) -> datetime:
    with base().read() as uow:
        held = gatherings.by_number(uow, number)
        assert held is not None
        return held.details.local_starts


def test_a_gathering_is_added_listed_shown_and_confirmed(centre):
    said = centre(*LAB, "--start", "2027-01-13 14:00", "--length", "2h", "--place", "Salle B", "--places", "12",
                  "--domain", "Animation", "--source", "https://a.be/x", "--ages", "13-15")  # fmt: skip
    assert "mercredi 13 janvier 2027, de 14 h à 16 h" in said.replace("\u00a0", " ")
    assert "Ajouté : n° 1. À vérifier" in said
    assert "0 place prise sur 12, à vérifier" in centre("agenda", "list")
    shown = centre("agenda", "show", "1")
    assert "lieu : Salle B" in shown
    assert "âges : 13-15" in shown
    assert "À vérifier : date lue le 1er décembre sur a.be" in shown
    centre("agenda", "confirm", "1")
    assert "à vérifier" not in centre("agenda", "list").lower()
    assert "Rien n’est prévu" in centre("agenda", "list", "--kind", "forum")


@pytest.mark.parametrize(
    ("start", "rest", "day"),
    [
        ("mer. 13 janvier 2027 14h30", ("--end", "16h"), datetime(2027, 1, 13, 14, 30)),  # noqa: DTZ001
        ("13/1 14h-16h", (), datetime(2027, 1, 13, 14, 0)),  # noqa: DTZ001
        ("demain 9h", ("--length", "90 min"), datetime(2026, 12, 2, 9, 0)),  # noqa: DTZ001
    ],
)
def test_days_and_hours_are_said_as_people_say_them(centre, start: str, rest: tuple[str, ...], day: datetime):
    centre(*LAB, "--start", start, *rest)
    assert starts(1) == day


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--start", "31 novembre 14h", "--length", "2h"), "Le 31 novembre 2027 n’existe pas."),
        (("--start", "13/1 14h", "--end", "12h"), "n’est pas après le début"),
        (("--start", "13/1 14h"), "Jusqu’à quelle heure"),
        (("--start", "13/1"), "il manque l’heure"),
        (("--start", "mardi 13 janvier 14h-16h"), "n’est pas un mardi"),
        (("--start", "13/1/2026 14h-16h"), "est déjà passé"),
        (("--start", "13/1 14h-16h", "--places", "0"), "nombre de places"),
        (("--start", "13/1 14h-16h", "--domain", "Poney"), "Thème inconnu"),
        (("--start", "13/1 14h-16h", "--group", "Nulle part"), "Groupe inconnu"),
        (("--start", "13/1 14h-16h", "--repeat-until", "1/1/2027"), "avant de commencer"),
        (("--start", "13/1 14h-16h", "--repeat-until", "1/9/2099"), "choisissez une fin plus proche"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(centre, options: tuple[str, ...], why: str):
    assert why in centre(*LAB, *options, status=1)
    assert "L’agenda est vide" in centre("agenda", "list", "--all")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("28/3/2027 2h30", "02:30 n’existe pas cette nuit-là (changement d’heure) : ce sera 03:00."),
        (
            "31/10/2027 2h30",
            "02:30 existe deux fois cette nuit-là (changement d’heure) : ce sera la première.",
        ),
    ],
)
def test_the_nights_when_the_clocks_change_are_told(centre, answer, start: str, said: str):
    answer("oui\n")
    assert said in centre(*LAB, "--start", start, "--length", "2h")
    answer("non\n")
    assert "Rien n’a changé" in centre(*LAB, "--start", start, "--length", "2h", status=1)


def test_a_series_leaves_holidays_and_exceptions_out_and_can_end_sooner(centre):
    centre("holidays", "2027-02-22:2027-03-05")
    said = centre(
        *LAB, "--start", "13/1/2027 14h-16h", "--repeat-until", "31/3/2027", "--except", "20/1/2027"
    )
    assert "9 dates ajoutées, du n° 1 au n° 9" in said
    assert "Laissées pour les congés : 24/02/2027, 03/03/2027." in said
    (lou,) = join(9)
    shown = centre("agenda", "series", "9")
    assert "chaque semaine, du 13/01/2027 au 31/03/2027" in shown
    assert "Jours laissés : 20/01/2027" in shown
    said = centre("agenda", "series", "9", "--until", "17/3/2027", "--except", "27/1", "--with", "20/1", YES)
    assert "1 jeune sera prévenu" in said
    listed = centre("agenda", "list")
    assert "mercredi 20 janvier" in listed
    assert "mercredi 27 janvier" not in listed
    assert "mercredi 24 mars" not in listed
    assert "31 mars 2027, de 14 h à 16 h : annulé" in listed.replace("\u00a0", " ")
    with base().read() as uow:
        assert [one.kind for one in agenda.of_person(uow, lou) if one.status == "planned"] == ["notice"]


def test_moving_says_how_many_will_be_told_and_asks(centre, answer):
    centre(*LAB, "--start", "13/1/2027 14h-16h")
    join(1, 3)
    answer("\n")
    said = centre("agenda", "move", "1", "--to", "jeudi 14/1 15h", status=1)
    assert "3 jeunes seront prévenus" in said
    assert starts(1) == datetime(2027, 1, 13, 14, 0)  # noqa: DTZ001
    answer("oui\n")
    said = centre("agenda", "move", "1", "--to", "jeudi 14/1 15h", "--why", "La salle est prise")
    assert "n° 1 changé. 3 jeunes seront prévenus" in said
    assert starts(1) == datetime(2027, 1, 14, 15, 0)  # noqa: DTZ001
    centre("agenda", "move", "1", "--to", "15/1 10h", YES)  # moved twice: one notice each
    with base().read() as uow:
        notices = [one for one in agenda.of_person(uow, join(1)[0]) if one.kind == "notice"]
    assert notices == []
    assert "C’est déjà ainsi" in centre("agenda", "move", "1", "--to", "15/1 10h")
    assert "Il n’y a pas de n° 7" in centre("agenda", "move", "7", "--to", "15/1 10h", status=1)


def test_cancelling_one_the_rest_or_all_of_a_series(centre, answer):
    centre(*LAB, "--start", "13/1/2027 14h-16h", "--repeat-until", "3/2/2027")
    join(2, 2)
    answer("")
    assert "« --yes » répond d’avance" in centre("agenda", "cancel", "2", status=1)
    said = centre("agenda", "cancel", "2", "--why", "La coach est malade", YES)
    assert "Les jeunes liront : « La coach est malade »" in said
    assert "1 rendez-vous annulé. 2 jeunes seront prévenus" in said
    assert "déjà annulé" in centre("agenda", "cancel", "2", YES)
    assert "n° 2 rétabli. Personne n’est à prévenir." in centre(
        "agenda", "restore", "2", YES
    )  # nobody heard yet
    assert "2 rendez-vous annulés" in centre("agenda", "cancel", "3", "--from-here", YES)
    assert "2 rendez-vous annulés" in centre("agenda", "cancel", "1", "--series", YES)
    centre(*LAB, "--start", "20/2/2027 14h-16h")
    assert "ne revient pas chaque semaine" in centre("agenda", "cancel", "5", "--series", YES, status=1)


def test_places_never_go_below_who_has_one(centre):
    centre(*LAB, "--start", "13/1/2027 14h-16h", "--places", "3")
    join(1, 3)
    said = centre("agenda", "places", "1", "2", YES, status=1)
    assert "3 jeunes ont déjà une place" in said
    join(1, 2)
    said = centre("agenda", "places", "1", "4", YES)
    assert "1 place sur la liste d’attente" in said
    assert "dont 1 proposée, 1 en attente" in centre("agenda", "list")


def test_every_act_is_in_the_log_under_the_command_line(centre):
    centre(*LAB, "--start", "13/1/2027 14h-16h")
    centre("agenda", "confirm", "1")
    centre("agenda", "cancel", "1", YES)
    with base().read() as uow:
        lines = staff_log.latest(uow)
        assert staff_log.verify(uow).sound
    assert [one.act for one in reversed(lines)] == ["agenda_added", "agenda_confirmed", "agenda_cancelled"]
    assert {one.staff_id for one in lines} == {None}


def test_without_a_database_the_way_out_is_said(boussole):
    boussole("keys", "make")
    assert "boussole migrate" in boussole("agenda", "list", status=1)
