from datetime import date

import pytest

from careers.model import Shortage
from careers.overlay import Correction
from storage import corrections, shortages
from storage.database import Database

DAY = date(2026, 10, 7)
FIRST = Correction("programmes", "helmo-x", {"entry": "CESS"}, DAY, "https://helmo.be/x")
SECOND = Correction("programmes", "helmo-x", {"entry": "CESS et entretien", "url": "https://helmo.be/y"}, DAY)


def test_corrections_come_back_as_they_were_made_in_their_order(database: Database):
    with database.begin() as uow:
        first = corrections.add(uow, FIRST, DAY, author="Inès", why="Vu au salon")
        second = corrections.add(uow, SECOND, DAY, author="Sam", why="Appelé l’école")
    with database.read() as uow:
        assert corrections.overlay(uow) == [FIRST, SECOND]
        kept = corrections.everything(uow)

    assert [one.number for one in kept] == [first, second]
    assert [(one.author, one.why, one.undone_by) for one in kept] == [
        ("Inès", "Vu au salon", ""),
        ("Sam", "Appelé l’école", ""),
    ]
    assert "Inès" not in repr(kept)


def test_what_is_taken_back_holds_no_more_and_stays_written(database: Database):
    with database.begin() as uow:
        corrections.add(uow, FIRST, DAY, author="Inès", why="Vu au salon")
        last = corrections.add(uow, SECOND, DAY, author="Sam", why="Appelé l’école")
    with database.begin() as uow:
        corrections.undo(uow, last, "Inès")
    with database.read() as uow:
        assert corrections.overlay(uow) == [FIRST]
        assert corrections.everything(uow)[1].undone_by == "Inès"
        assert corrections.everything(uow)[1].undone_at == database.clock()
    for number in (last, 999):
        with pytest.raises(LookupError), database.begin() as uow:
            corrections.undo(uow, number, "Sam")


def test_the_version_changes_with_everything_that_changes_the_catalogue(database: Database, clock):
    seen = []

    def note() -> None:
        with database.read() as uow:
            seen.append(corrections.version(uow))

    note()
    with database.begin() as uow:
        number = corrections.add(uow, FIRST, DAY, author="Inès", why="x")
    note()
    with database.begin() as uow:
        corrections.undo(uow, number, "Inès")
    note()
    with database.begin() as uow:
        shortages.replace(uow, 2025, [Shortage(2025, "M180501-1", "Dev", "pénurie", "https://x.be")])
    note()
    clock.move(minutes=1)
    with database.begin() as uow:
        shortages.replace(uow, 2025, [Shortage(2025, "M180501-2", "Data", "critique", "https://x.be")])
    note()
    note()

    assert len(set(seen)) == 5
    assert seen[-1] == seen[-2]


def test_a_list_takes_the_place_of_the_same_year_only(database: Database):
    old = Shortage(2024, "M180201-1", "Analyste", "pénurie", "https://x.be/2024")
    row = Shortage(2025, "M180501-1", "Dev", "pénurie", "https://x.be")
    other = Shortage(2025, "F160201-1", "Électricien", "critique", "https://x.be")
    with database.begin() as uow:
        shortages.replace(uow, 2024, [old])
        assert shortages.replace(uow, 2025, [row]) == 0
        assert shortages.replace(uow, 2025, [other]) == 1
    with database.read() as uow:
        assert shortages.everything(uow) == [old, other]
