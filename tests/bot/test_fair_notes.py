"""A note of a fair is kept once: sent by many at once, again after days, after being erased; and what is left of a profile is read."""

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.application import fair_notes as noting
from bot.application.fair_notes import Kept, Note
from bot.application.services import Services
from storage import conversations, retention
from storage.gatherings import Kind
from storage.stands import Stand
from tests.bot.happening import gathering, learners
from tests.support.databases import Clock

NOTE = Note("une-clef-1", "Forge", 3, "chaud")


def _keep(services: Services, person: str, fair: str, note: Note = NOTE) -> Kept:
    with services.database.begin() as uow:
        return noting.keep(services, uow, person, fair, note)


def _visits(services: Services, person: str) -> list[dict[str, object]]:
    with services.database.read() as uow:
        found: list[dict[str, object]] = conversations.profile(uow, person).get("fair.visits") or []
    return found


def test_the_same_note_sent_by_eight_at_once_is_kept_once_and_others_beside_it(services: Services):
    fair, (lou,) = gathering(services.database, Kind.FAIR), learners(services.database, 1)
    start = threading.Barrier(8)

    def send(number: int) -> list[Kept]:
        start.wait(30)
        other = Note(f"autre-clef-{number}", f"Stand {number}")
        return [_keep(services, lou, fair.id), _keep(services, lou, fair.id, other)]

    with ThreadPoolExecutor(8) as threads:
        became = [one for told in threads.map(send, range(8)) for one in told]
    assert became == [Kept.KEPT] * 16
    stands = sorted(str(one["stand"]) for one in _visits(services, lou))
    assert stands == sorted(["Forge", *(f"Stand {number}" for number in range(8))])


def test_a_telephone_that_comes_back_after_weeks_makes_no_second_note(services: Services, clock: Clock):
    fair, (lou,) = gathering(services.database, Kind.FAIR), learners(services.database, 1)
    _keep(services, lou, fair.id)
    clock.move(days=30)
    retention.sweep(services.database)  # keys of messages are forgotten by then
    assert _keep(services, lou, fair.id) is Kept.KEPT
    assert len(_visits(services, lou)) == 1


def test_the_same_number_from_two_people_is_two_notes(services: Services):
    fair, two = gathering(services.database, Kind.FAIR), learners(services.database, 2)
    for one in two:
        _keep(services, one, fair.id)
    assert [len(_visits(services, one)) for one in two] == [1, 1]


def test_nobody_is_nobody(services: Services):
    fair = gathering(services.database, Kind.FAIR)
    assert _keep(services, "personne", fair.id) is Kept.GONE


def test_whatever_a_profile_holds_is_read_without_a_fault():
    stands = [Stand("Forge", id="f1"), Stand("Studio Lumen", id="s1")]
    odd = {
        "fair.targets": ["f1", "stand:s1", {"stand": "Ailleurs"}, "", None, 3, "f1"],
        "fair.visits": "rien",
    }
    assert noting.targets(odd, stands) == ["Forge", "Studio Lumen", "Ailleurs"]
    assert noting.targets({"fair.targets": None}, stands) == []
    assert noting.of_fair(odd, "x") == []
    assert noting.questions({"fair.questions": ["day", {"text": "Et la nuit ?"}, {}]}) == [
        "day",
        "Et la nuit ?",
    ]


def test_notes_of_another_fair_are_not_shown_and_the_newest_comes_first():
    held = {
        "fair.visits": [{"stand": "A", "gathering": "1"}, {"stand": "B", "gathering": "2"}, {"stand": "C"}]
    }
    assert [one["stand"] for one in noting.of_fair(held, "1")] == ["C", "A"]
