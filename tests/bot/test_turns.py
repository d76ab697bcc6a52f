"""One message through the house: consent first, all effects or none, a second delivery that changes nothing."""

import pytest
from sqlalchemy import func, select

from bot.application import reminders, turns, views, visits
from bot.application.messages import Hello, Incoming, Press, Text
from bot.application.turns import UnknownPerson
from storage import conversations
from storage.tables import metadata
from tests.support.talk import Talker, enrol

UNTOUCHED = {"meta", "alembic_version"}


def rows(services):
    with services.database.read() as uow:
        return {
            table.name: uow.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in UNTOUCHED
        }


def test_a_refused_visit_leaves_no_row_and_no_file(services, talker, tmp_path):
    before, files = rows(services), sorted(tmp_path.rglob("*"))
    talker.hello()
    talker.press("13 à 15 ans")
    talker.type("Canari")
    talker.press("Au féminin")
    talker.press("Textes normaux")
    talker.press("4e")
    talker.press("Non merci")
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    talker.press("Trop bien")

    assert talker.person is None
    assert talker.visit is not None
    assert talker.visit.refused
    assert rows(services) == before
    assert sorted(tmp_path.rglob("*")) == files


def test_agreeing_keeps_what_was_said_before(services, talker):
    enrol(talker, name="Canari")

    view = views.since(services, str(talker.person), 0)
    said = [message.body.get("text", "") for message in view.messages]
    assert any("Canari" in text for text in said)
    assert [message.seq for message in view.messages] == list(range(1, len(view.messages) + 1))
    with services.database.read() as uow:
        from storage import conversations  # noqa: PLC0415 -- only here

        profile = conversations.profile(uow, talker.person)
    assert profile["user.first_name"] == "Canari"
    assert profile["consent.self"] is True
    assert profile["consent.version"]


def test_nothing_is_kept_before_the_word_is_given(services, talker):
    before = rows(services)
    talker.hello()
    talker.press("16 à 18 ans")
    talker.type("Sam")
    talker.press("Sans préciser")
    talker.press("Textes normaux")
    talker.press("5e")
    talker.press("Dis-m'en plus")

    assert rows(services) == before
    talker.press("D'accord")
    assert rows(services)["persons"] == before["persons"] + 1


def test_agreeing_twice_makes_one_person(services, talker):
    talker.hello()
    for step in ("13 à 15 ans", "Sans préciser", "Textes normaux", "3e"):
        if step == "Sans préciser":
            talker.type("Lou")
        talker.press(step)
    visit, screen = talker.visit, talker.screen
    again = Incoming("web", "", "same", Press(screen.id, (0,)))

    first = visits.handle(services, visit, again)
    second = visits.handle(services, visit, again)

    assert first.person is not None
    assert first.person == second.person
    assert rows(services)["persons"] == 1


def test_a_twelve_year_old_cannot_agree_alone(services, talker):
    talker.hello()
    talker.press("12 ans")
    assert "l'accord de l'adulte" in talker.says()
    talker.press("Je visite sans compte")

    assert talker.person is None
    assert rows(services)["persons"] == 0


def test_a_second_delivery_changes_nothing(services, talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    screen = talker.screen
    talker.send(Press(screen.id, (0,)), key="once")
    after = views.since(services, talker.person, 0)
    talker.send(Press(screen.id, (0,)), key="once")

    assert views.since(services, talker.person, 0) == after
    assert talker.last.view.messages == ()
    assert talker.screen == after.screen


def test_an_older_screen_is_told_and_shows_the_current_one(talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    old = talker.screen
    talker.press("C'est parti")
    now = talker.screen

    answer = talker.send(Press(old.id, (0,)))

    assert "changé" in answer.notice
    assert answer.view.screen == now
    assert answer.view.messages == ()


@pytest.mark.parametrize("index", [-1, 99])
def test_a_forged_button_does_nothing(services, talker, index):
    enrol(talker)
    talker.press("Ce qui m'allume")
    before = views.since(services, talker.person, 0)

    talker.send(Press(talker.screen.id, (index,)))

    assert views.since(services, talker.person, 0) == before


def test_another_persons_screen_does_nothing(services, talker):
    enrol(talker)
    other = Talker(services)
    enrol(other, name="Sam")
    before = views.since(services, str(other.person), 0)

    answer = other.send(Press(talker.screen.id, (0,)))

    assert "changé" in answer.notice
    assert views.since(services, str(other.person), 0) == before


def test_nobody_is_said_so(services):
    with pytest.raises(UnknownPerson):
        turns.handle(services, Incoming("web", "nobody", "k", Text("salut")))


def test_a_text_that_is_too_long_keeps_the_place(services, talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    before = views.since(services, talker.person, 0)

    answer = talker.type("a" * 4_001)

    assert "4" in answer.notice
    assert views.since(services, talker.person, 0) == before


def test_back_shows_the_earlier_answer_and_lets_it_change(talker):
    talker.hello()
    talker.press("13 à 15 ans")
    talker.type("Lou")
    talker.type("retour")
    assert "t'appelle" in talker.says()
    talker.type("Louve")
    talker.press("Sans préciser")
    assert "Louve" in talker.says()


def test_pause_then_resume_at_the_same_place(talker, clock):
    enrol(talker)
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    talker.press("Bof")
    waiting = talker.screen.asked
    talker.type("pause")
    assert "Pause" in talker.says()
    clock.move(days=3)
    talker.send(Hello())
    talker.press(talker.labels[0])

    assert talker.screen.asked == waiting


def test_coming_back_after_a_while_is_greeted_with_a_recap(talker, clock):
    enrol(talker)
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    waiting = talker.screen.asked
    clock.move(days=2)

    talker.hello()

    assert "Te revoilà" in talker.says()
    assert "Ce qui m'allume" in talker.says()
    talker.press("On continue")
    assert talker.screen.asked == waiting


def test_sos_gives_numbers_at_once_and_the_page_waits(talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    waiting = talker.screen.asked
    talker.type("sos")
    assert "112" in talker.says()
    assert "0800 32 123" in talker.says()
    talker.press("Non, j'ai mal écrit")
    assert talker.screen.asked == waiting


def test_no_sentence_promises_a_person(talker):
    enrol(talker)
    talker.type("sos")
    talker.type("menu")
    talker.type("humain")

    said = talker.all_said()
    assert "je préviens" not in said.lower()
    assert "te répond en général" not in said


def test_distress_is_read_before_anything_whatever_waits(talker):
    talker.hello()
    talker.press("13 à 15 ans")
    talker.type("jveu crever")

    assert "112" in talker.says()
    assert talker.visit.profile.get("user.first_name") is None


def test_words_typed_instead_of_buttons(talker):
    talker.hello()
    talker.type("13 a 15 an")
    assert "t'appelle" in talker.says()


def test_stop_silences_and_says_so(talker):
    enrol(talker)
    talker.type("stop")

    assert "je ne t'écris plus" in talker.says()


def test_erasing_everything_leaves_no_trace(services, talker):
    before = rows(services)
    enrol(talker)
    talker.type("mes données")
    talker.press("Effacer")
    talker.press(talker.labels[0])

    assert talker.person is None
    left = rows(services)
    (
        left.pop("inbound_keys"),
        left.pop("page_versions"),
        before.pop("inbound_keys"),
        before.pop("page_versions"),
    )
    assert left == before


def test_a_turn_sends_twelve_statements_at_most(services, talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    with services.database.begin() as uow:
        pass
    counts = []
    begin = services.database.begin

    from contextlib import contextmanager  # noqa: PLC0415 -- only here

    @contextmanager
    def counting():
        with begin() as uow:
            yield uow
            counts.append(uow.statements)

    services.database.begin = counting
    for label in ("Trop bien", "Bof", "Connais pas", "Pourquoi pas", "Pas pour moi", "Trop bien"):
        talker.press(label)

    assert max(counts) <= 12
    assert uow is not None


def test_a_word_of_our_own_accord_always_has_a_way_to_be_left_alone(services, talker, clock):
    enrol(talker)
    clock.move(days=8)  # the Wednesday after the next, at the chosen hour or later
    while not reminders.send_due(services):
        clock.move(hours=1)
    view = views.latest(services, str(talker.person))

    assert view.screen is not None
    assert [option.label for option in view.screen.asked.options][1:] == [
        "Plus tard",
        "Moins souvent",
        "Stop",
    ]
    talker.send(Press(view.screen.id, (3,)))
    assert "je ne t'écris plus" in talker.says()
    clock.move(days=40)
    assert reminders.send_due(services) == 0


def test_less_often_is_every_other_week(services, talker, clock):
    enrol(talker)
    clock.move(days=8)
    while not reminders.send_due(services):
        clock.move(hours=1)
    screen = views.latest(services, str(talker.person)).screen
    assert screen is not None
    talker.send(Press(screen.id, (2,)))
    said = clock.now
    while not reminders.send_due(services):
        clock.move(hours=1)

    assert 13 <= (clock.now - said).days <= 15


def test_a_page_that_only_asks_what_follows_has_been_lived(talker):
    enrol(talker)  # ends on « on commence par quoi ? »
    talker.type("menu")

    assert not any(label.startswith("Reprendre") for label in talker.labels)


def test_words_beside_a_proposal_open_a_page_or_the_menu(talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    talker.type("pause")
    talker.type("plutôt une page de book")
    assert "On fait une page." in talker.says()

    talker.type("pause")
    talker.type("non")
    assert talker.says() == "Tu as envie de quoi ?"


def test_an_answer_to_the_page_is_taken_when_a_person_is_offered(talker):
    enrol(talker)
    talker.press("Ce qui m'allume")
    for _ in range(3):
        talker.type("blorp")
    assert talker.labels == ["Oui", "Non"]

    talker.type("version duels")

    assert "Laquelle des deux activités te tente le plus ?" in talker.says()


def test_half_a_character_is_read_like_any_other_words(services):
    talker = Talker(services)
    enrol(talker)
    talker.type("\ud800 salut")

    with services.database.read() as uow:
        mine = [m for m in conversations.messages_after(uow, str(talker.person), 0) if m.side == "me"]
    assert mine[-1].body == {"text": "? salut"}
