from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.application import agenda_words as words
from storage.gatherings import Details, Gathering, Kind, State
from storage.participations import Standing
from tests.bot.happening import details

TODAY = date(2026, 12, 1)
AT_TWO = datetime(2027, 1, 13, 14, 0)  # noqa: DTZ001 -- wall time
NO_BREAK = "\u00a0"


def _held(of: Details, *, confirmed: bool = False) -> Gathering:
    now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    return Gathering("id", 7, of, now, now, State.PLANNED, "", 1, now if confirmed else None, now, now)


def _plain(text: str) -> str:
    return text.replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("starts", "hours", "said"),
    [
        (AT_TWO, 2, "mercredi 13 janvier 2027, de 14 h à 16 h"),
        (AT_TWO.replace(minute=30), 1.25, "mercredi 13 janvier 2027, de 14 h 30 à 15 h 45"),
        (datetime(2026, 12, 1, 9, 5), 1, "mardi 1er décembre, de 9 h 05 à 10 h 05"),  # noqa: DTZ001
        (datetime(2026, 12, 5, 10, 0), 32, "samedi 5 décembre, 10 h, jusqu’au dimanche 6 décembre, 18 h"),  # noqa: DTZ001
        (datetime(2026, 12, 5, 0, 0), 24, "samedi 5 décembre, toute la journée"),  # noqa: DTZ001
        (datetime(2026, 12, 5, 0, 0), 48, "du 5 au 6 décembre"),  # noqa: DTZ001
        (datetime(2026, 12, 30, 0, 0), 96, "du 30 décembre au 2 janvier 2027"),  # noqa: DTZ001
    ],
)
def test_when_it_is_reads_as_one_says_it(starts: datetime, hours: float, said: str):
    assert _plain(words.when(details(starts=starts, hours=hours), TODAY)) == said


def test_an_hour_never_breaks_over_two_lines_and_near_days_have_their_name():
    tomorrow = details(starts=datetime(2026, 12, 2, 14, 0))  # noqa: DTZ001
    assert words.when(tomorrow, TODAY, near=True) == f"demain, de 14{NO_BREAK}h à 16{NO_BREAK}h"
    assert words.day(TODAY, TODAY, near=True) == "aujourd’hui"
    assert words.day(TODAY - timedelta(days=1), TODAY, near=True) == "lundi 30 novembre"


def test_another_zone_than_that_of_the_centre_is_named():
    assert _plain(words.when(details(zone="Europe/London"), TODAY)).endswith("(heure de Londres)")


@pytest.mark.parametrize(
    ("kind", "the", "to_the", "of_the"),
    [
        (Kind.LAB, "le lab", "au lab", "du lab"),
        (Kind.SESSION, "la séance", "à la séance", "de la séance"),
        (Kind.MASTERLAB, "le masterlab", "au masterlab", "du masterlab"),
        (Kind.MEETING, "la rencontre", "à la rencontre", "de la rencontre"),
        (Kind.FAIR, "le forum", "au forum", "du forum"),
        (Kind.OPEN_DAY, "la porte ouverte", "à la porte ouverte", "de la porte ouverte"),
        (Kind.OTHER, "le rendez-vous", "au rendez-vous", "du rendez-vous"),
    ],
)
def test_each_kind_has_its_article(kind: Kind, the: str, to_the: str, of_the: str):
    said = tuple(words.with_article(kind, one) for one in ("le", "au", "du"))
    assert said == (the, to_the, of_the)


def test_the_kind_stands_before_a_title_that_does_not_say_it():
    assert words.title(details(title="Animation 3D")) == "Lab : Animation 3D"
    assert words.title(details(title="Lab animation")) == "Lab animation"
    assert words.title(details(Kind.OPEN_DAY, title="Portes ouvertes de HELMo")) == "Portes ouvertes de HELMo"
    assert words.title(details(title="Laboratoire photo")) == "Lab : Laboratoire photo"
    assert words.title(details(Kind.OTHER, title="Goûter")) == "Goûter"


def test_places_for_staff_are_numbers_and_for_learners_never_press():
    limited, many = details(capacity=30), details(capacity=None)
    counts = Counter({Standing.GOING: 11, Standing.OFFERED: 1, Standing.WAITING: 3, Standing.LEFT: 4})
    assert words.places(limited, counts) == "12 places prises sur 30, dont 1 proposée, 3 en attente"
    assert words.places(many, counts).startswith("12 jeunes, sans limite")
    assert words.room(limited, counts) == "Il y a encore de la place."
    full = Counter({Standing.GOING: 30})
    assert "liste d’attente" in words.room(limited, full)
    assert words.room(details(capacity=30, waiting=False), full) == "C’est complet."
    assert words.room(many, full) == ""
    assert not any(figure in words.room(limited, counts) for figure in "0123456789")


def test_what_nobody_confirmed_is_to_be_checked_with_its_source_and_its_day():
    read = details(source="https://www.siep.be/salons?x=1", seen=date(2026, 10, 12))
    assert words.checked(_held(read), TODAY) == "à vérifier : date lue le 12 octobre sur siep.be"
    assert words.checked(_held(details(source="l’affiche")), TODAY) == "à vérifier : date lue sur l’affiche"
    assert words.checked(_held(details())).startswith("à vérifier")
    assert words.checked(_held(read, confirmed=True)) == ""
