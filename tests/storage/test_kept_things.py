from dataclasses import replace
from datetime import date

import pytest

from careers.model import Source, Vacancy
from storage import cases, people, products, uploads, vacancies
from storage.database import Database
from storage.errors import WrongTransition
from storage.uploads import TooManyUploads

LIEGE = (50.633, 5.567)
OFFER = Vacancy(
    id="1",
    title="Menuisier",
    occupation="Menuisier / Menuisière",
    dimeco="H220601-1",
    employer="Atelier",
    locality="LIÈGE",
    postcode="4000",
    latitude=50.64,
    longitude=5.57,
    contract="Durée indéterminée",
    regime="Temps plein",
    levels=("A",),
    languages=("Français",),
    url="https://example.org/1",
    published=date(2026, 10, 1),
    closes=date(2026, 11, 1),
    source=Source("Le Forem", seen=date(2026, 10, 2), licence="CC BY-SA 4.0"),
)
TODAY = date(2026, 10, 7)


def test_a_picture_is_its_owners_and_there_are_at_most_so_many(database: Database):
    with database.begin() as uow:
        lou, noa = people.create(uow, "web"), people.create(uow, "web")
        first = uploads.add(uow, lou.id, b"\xff\xd8picture", "image/jpeg", used_by="book", alt="Ma cabane")
        second = uploads.add(uow, lou.id, b"other", "image/png", maximum=2)
        with pytest.raises(TooManyUploads):
            uploads.add(uow, lou.id, b"third", "image/png", maximum=2)
        found = uploads.get(uow, first, lou.id)
        assert found
        assert (found.content, found.alt, found.size) == (b"\xff\xd8picture", "Ma cabane", 9)
        assert uploads.get(uow, first, noa.id) is None
        assert [one.content for one in uploads.of_person(uow, lou.id)] == [b"", b""]
        assert not uploads.discard(uow, noa.id, second)
        assert uploads.discard(uow, lou.id, second)
        assert uploads.discard_page(uow, lou.id, "book") == 1
        assert uploads.of_person(uow, lou.id) == []


def test_a_card_is_its_owners(database: Database):
    with database.begin() as uow:
        lou, noa = people.create(uow, "web"), people.create(uow, "web")
        made = products.keep(
            uow, lou.id, "interest_map", title="Ma carte", text="Créer", values={"create": 90}
        )
        assert products.get(uow, made, noa.id) is None
        assert not products.change(uow, noa.id, made, title="x", text="x", values={})
        assert products.change(uow, lou.id, made, title="Ma carte", text="Créer, soigner", values={})
        (found,) = products.of_person(uow, lou.id)
        assert (found.title, found.text, found.values) == ("Ma carte", "Créer, soigner", {})
        assert products.get(uow, made, lou.id) == found
        assert products.discard(uow, lou.id, made)
        assert not products.discard(uow, lou.id, made)


def test_a_case_is_taken_then_closed(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "web")
        case_id = cases.open_case(uow, person.id, "L2", "mood_low", {"words": "ça va pas"})
        cases.take(uow, case_id)
        with pytest.raises(WrongTransition):
            cases.take(uow, case_id)
        assert [one.content["words"] for one in cases.waiting(uow)] == ["ça va pas"]
        cases.close(uow, case_id)
        with pytest.raises(WrongTransition):
            cases.close(uow, case_id)
        assert cases.waiting(uow) == []
        assert cases.get(uow, case_id).state == "closed"  # type: ignore[union-attr]
        assert cases.get(uow, "nothing") is None


def test_an_offer_comes_back_as_it_was(database: Database):
    offers = [
        OFFER,
        replace(OFFER, id="2", latitude=None, longitude=None, closes=None, published=None, sample=True),
    ]
    with database.begin() as uow:
        assert vacancies.put(uow, offers, "b1") == 2
        assert vacancies.put(uow, [replace(OFFER, title="Menuisière")], "b2") == 1
        assert vacancies.put(uow, [], "b2") == 0
        assert vacancies.get(uow, "1") == replace(OFFER, title="Menuisière")
        assert vacancies.get(uow, "2") == offers[1]
        assert vacancies.get(uow, "3") is None


def test_offers_are_filtered_by_code_place_and_day(database: Database):
    offers = [
        OFFER,
        replace(OFFER, id="near", latitude=50.634, longitude=5.568),
        replace(OFFER, id="far", latitude=51.2, longitude=3.2),
        replace(OFFER, id="nowhere", latitude=None, longitude=None, published=date(2026, 10, 5)),
        replace(OFFER, id="other", dimeco="M180501-1"),
        replace(OFFER, id="odd", dimeco="H22%"),
        replace(OFFER, id="closed", closes=date(2026, 10, 6)),
        replace(OFFER, id="soon", published=date(2026, 10, 8)),
    ]
    with database.begin() as uow:
        vacancies.put(uow, offers, "b1")
        around = vacancies.near(uow, TODAY, prefixes=["H2206"], place=LIEGE, km=20)
        assert [one.id for one in around] == ["near", "1"]
        anywhere = vacancies.near(uow, TODAY, prefixes=["H2206", "M18"])
        assert [one.id for one in anywhere] == ["nowhere", "1", "far", "near", "other"]
        assert [one.id for one in vacancies.near(uow, TODAY, prefixes=["H22%"])] == ["odd"]
        assert len(vacancies.near(uow, TODAY, limit=2)) == 2
        assert vacancies.drop_closed(uow, TODAY) == 1


def test_an_import_replaces_the_one_before_in_small_steps(database: Database):
    sample = replace(OFFER, id="s", sample=True)
    first = [replace(OFFER, id=f"{number}") for number in range(12)]
    assert vacancies.import_all(database, [sample], "demo") == 1
    assert vacancies.import_all(database, first, "b1", chunk=5) == 12
    assert vacancies.import_all(database, first[:3], "b2") == 3
    assert vacancies.import_all(database, [], "b3") == 0
    with database.read() as uow:
        assert vacancies.count(uow) == 4


def test_a_broken_import_removes_nothing(database: Database):
    vacancies.import_all(database, [OFFER], "b1")

    def broken():
        yield replace(OFFER, id="2")
        yield replace(OFFER, id="3")
        raise ConnectionError

    with pytest.raises(ConnectionError):
        vacancies.import_all(database, broken(), "b2", chunk=1)
    with database.read() as uow:
        assert vacancies.count(uow) == 3
