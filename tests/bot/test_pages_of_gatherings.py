"""The pages around gatherings, played from the first hello with the real application on each database."""
# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored

from datetime import UTC, datetime

import pytest

from bot.application import happenings, look_back, taking_part
from bot.application.reminder_policy import NEVER_UNFINISHED
from bot.application.rights import OPERATOR
from storage import agenda, conversations, participations, products, stands
from storage.gatherings import Kind
from storage.participations import Standing
from storage.stands import Stand
from tests.bot.happening import gathering
from tests.support.talk import Talker, enrol


@pytest.fixture(autouse=True)
def _a_tuesday_after_school(clock):
    clock.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@pytest.fixture
def lou(services) -> Talker:
    talker = Talker(services)
    enrol(talker)
    return talker


def profile(talker: Talker):
    assert talker.person is not None
    with talker.services.database.read() as uow:
        return dict(conversations.profile(uow, talker.person))


def cards(talker: Talker) -> list[str]:
    assert talker.person is not None
    with talker.services.database.read() as uow:
        return [one.name for one in products.of_person(uow, talker.person)]


def standing(talker: Talker, held) -> Standing | None:
    assert talker.person is not None
    with talker.services.database.read() as uow:
        part = participations.get(uow, held.id, talker.person)
    return part.standing if part else None


def open_page(talker: Talker, title: str) -> None:
    talker.type("menu")
    talker.press(title)


@pytest.mark.parametrize("words", ["agenda", "Mon agenda", "mes rendez-vous", "mes rdv"])
def test_the_agenda_opens_at_any_moment_and_the_page_that_was_open_waits(lou, words):
    gathering(lou.services.database, starts=datetime(2026, 11, 25, 14, 0))
    lou.press("Ce qui m'allume")
    lou.type(words)

    assert lou.labels == ["Lab animation, demain"]
    lou.type("menu")
    assert "Reprendre : Ce qui m'allume" in lou.labels
    assert "Mon agenda" in lou.labels  # never to be taken up again where it was
    assert "agenda" in NEVER_UNFINISHED


def test_the_word_is_an_answer_where_words_are_asked_for(lou):
    open_page(lou, "Une page de book")
    lou.type("passer")
    while lou.screen is not None and lou.screen.asked.kind != "text":
        lou.type("passer")
    lou.type("agenda")

    assert profile(lou)["book.entries"][-1]["title"] == "agenda"


def test_from_signing_up_to_the_trace_of_a_lab(lou, services, clock):
    held = gathering(services.database, starts=datetime(2026, 11, 25, 14, 0))
    lou.type("mon agenda")
    lou.press("Lab animation, demain")
    assert "Demain, de 14\u00a0h à 16\u00a0h" in lou.says()
    lou.press("Je m'inscris")
    assert standing(lou, held) is Standing.GOING
    lou.press("La veille")

    open_page(lou, "Avant mon lab")
    assert "Ton lab animation arrive." in lou.says()
    for answer in ("Oui", "Tout neuf", "Voir si j'aime"):
        lou.press(answer)
    lou.type("comment ça bouge ?")
    lou.press("Un métier caché")
    assert (
        "Intention : voir si j'aime. À observer : un métier caché." in lou.last.view.messages[-2].body["text"]
    )
    lou.press("Oui")
    assert "Je repasse demain à 18\u00a0h." in lou.says()
    assert profile(lou)["domain.reactions"] == {"animation": 3.0}
    lou.press("C'est bon")

    clock.now = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
    lou.hello()
    open_page(lou, "Après mon lab")
    assert "Ton lab animation : ça t'a donné de l'énergie ?" in lou.says()
    lou.press("À bloc")
    lou.type("😀" * 150)
    lou.press("Créer")
    for _ in range(3):
        lou.type("passer")
    guess = lou.labels[0]
    lou.press(guess)
    lou.press("Plus loin, même domaine")

    record = profile(lou)["session.log"]
    assert len(record) == 1
    assert (record[0]["intention"], record[0]["energy"], record[0]["again"]) == ("try", 5, "deeper")
    assert profile(lou)["domain.reactions"] == {"animation": 5.0}
    assert sorted(cards(lou)) == ["intent_card", "lab_trace"]
    with services.database.read() as uow:
        assert agenda.waiting(uow, look_back.source(held.id), look_back.KIND) == []
    lou.press("Voir ce métier")
    assert guess.split(" ou ")[0].lower() in lou.says().lower()


def test_signing_up_twice_or_after_going_back_holds_one_place_and_not_this_time_gives_it_back(lou, services):
    held = gathering(services.database, starts=datetime(2026, 11, 28, 14, 0), capacity=1)
    lou.type("agenda")
    lou.press("Lab animation, samedi 28 novembre")
    lou.press("Je m'inscris")
    lou.type("retour")
    lou.press("Je m'inscris")
    assert standing(lou, held) is Standing.GOING
    lou.type("retour")
    lou.press("Pas cette fois")

    assert standing(lou, held) is Standing.LEFT
    assert "À une autre fois" in lou.says()


def test_a_lab_cancelled_under_the_finger_is_told_and_nothing_is_lost(lou, services):
    held = gathering(services.database, starts=datetime(2026, 11, 25, 14, 0))
    lou.type("agenda")
    lou.press("Lab animation, demain")
    with services.database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)
    lou.press("Je m'inscris")

    assert "Ça n'a pas lieu." in lou.says()
    assert "Voir mon agenda" in lou.labels


def test_a_word_of_danger_in_a_motivation_brings_help_and_no_request(lou, services):
    held = gathering(
        services.database, Kind.MEETING, datetime(2026, 11, 28, 14, 0), title="Une luthière", chosen=True
    )
    lou.type("agenda")
    lou.press("Rencontre : Une luthière, samedi 28 novembre")
    lou.press("Je dis pourquoi")
    lou.type("je veux mourir")

    assert standing(lou, held) is None


def test_somebody_on_a_visit_sees_and_is_asked_before_signing_up(services):
    gathering(services.database, starts=datetime(2026, 11, 25, 14, 0))
    talker = Talker(services)
    talker.hello()
    talker.type("mes rendez-vous")
    talker.press("Lab animation, demain")

    assert "On fait connaissance" in talker.labels
    assert "Je m'inscris" not in talker.labels
    assert talker.person is None


def test_a_fair_from_the_road_map_to_a_new_track(lou, services, clock):
    held = gathering(services.database, Kind.FAIR, datetime(2026, 11, 28, 10, 0), title="Salon", hours=7)
    listed = [Stand(f"Stand {n}", f"A{n}", "à voir", occupations=job) for n, job in enumerate(("firefighter", "luthier", "nurse", "game_designer", "video_editor"))]  # fmt: skip
    with services.database.begin() as uow:
        stands.put(uow, held.id, listed)
        assert lou.person is not None
        taking_part.sign_up(uow, lou.person, held.id)
    open_page(lou, "Mon forum")
    lou.press("Avant")
    lou.press("Voir large")
    first = lou.labels[0]
    assert "Je te connais encore peu" in lou.says()
    lou.press(first)
    lou.press("Pas cette fois")
    lou.press("C'est difficile ?")
    lou.type("<script>alert(1)</script>")
    assert profile(lou)["fair.targets"] == [first]
    lou.press("Non merci")

    clock.now = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
    lou.hello()
    open_page(lou, "Mon forum")
    lou.press("J'y suis")
    lou.press(first)
    lou.press("Oui")
    lou.type("ça sentait bon")
    lou.press("Oui")
    lou.type("é" * 500)  # too long for a stand: nothing breaks
    lou.type("passer")
    lou.press("C'est bon")
    note = profile(lou)["fair.visits"][0]
    assert (note["stand"], note["rating"], note["note"]) == (first, 3, "ça sentait bon")

    clock.now = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
    lou.hello()
    open_page(lou, "Mon forum")
    lou.press("Après")
    assert first in lou.says()
    for _ in range(5):
        lou.type("passer")
    assert len(lou.labels) == 1
    lou.press(lou.labels[0])

    assert [one["job"] for one in profile(lou)["job.shortlist"]] == [
        next(one.occupations for one in listed if one.name == first)
    ]


def test_a_meeting_keeps_what_was_imagined_for_the_learner_alone(lou, services, clock):
    held = gathering(services.database, Kind.MEETING, datetime(2026, 11, 25, 14, 0), title="Une luthière")
    with services.database.begin() as uow:
        assert lou.person is not None
        taking_part.sign_up(uow, lou.person, held.id)
    open_page(lou, "Rencontre inspirante")
    lou.press("Avant")
    assert "« Une luthière »" in lou.says()
    lou.type("un vieux monsieur")
    lou.press("L'argent")
    lou.type("rien")
    lou.type("tu vis de ça ?")
    lou.press("Via le bot")
    assert "Je ne peux pas encore la transmettre" in lou.says()
    lou.press("Oui")

    clock.now = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    lou.hello()
    open_page(lou, "Rencontre inspirante")
    lou.press("Après")
    lou.type("elle a 25 ans")
    assert "Avant, tu imaginais : « un vieux monsieur ». On garde ça pour toi." in lou.says()
    lou.press("Changé")

    [record] = profile(lou)["meeting.notes"]
    assert (record["id"], record["changed"], record["questions"]) == (held.id, "moved", ["tu vis de ça ?"])
