"""Staff commands in a chat: nothing is written before a yes, once, by whoever may; no learner's name is ever said."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.application import happenings, staff_commands, taking_part
from bot.application.messages import Press, Text
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from storage import agenda, conversations, gatherings, outbox, staff, staff_log
from storage.errors import DatabaseBusy
from storage.gatherings import Gathering, Kind, State
from tests.bot.desk import Desk, colleague
from tests.bot.happening import WEDNESDAY, gathering, learners
from tests.support.databases import Clock

ADD = "/agenda ajouter lab Animation 3D mercredi 14 octobre 14h-16h, salle B, 12 places"
YES, NO = "oui", "non"


@pytest.fixture
def desk(services: Services) -> Desk:
    colleague(services)
    return Desk(services)


def all_of(services: Services) -> list[Gathering]:
    with services.database.read() as uow:
        return gatherings.between(uow, uow.now, uow.now + timedelta(days=900))


def one(services: Services, number: int) -> Gathering:
    with services.database.read() as uow:
        found = gatherings.by_number(uow, number)
    assert found is not None
    return found


def signed_up(services: Services, held: Gathering, number: int) -> list[str]:
    people = learners(services.database, number)
    with services.database.begin() as uow:
        for person in people:
            taking_part.sign_up(uow, person, held.id, motivation="envie")
    return people


def acts(services: Services) -> list[str]:
    with services.database.read() as uow:
        assert staff_log.verify(uow).sound
        return [line.act for line in reversed(staff_log.latest(uow)) if line.act.startswith("agenda")]


def test_what_was_understood_is_shown_before_anything_is_written(services: Services, desk: Desk):
    said = desk.type(ADD)

    assert "Lab : Animation 3D" in said
    assert "mercredi 14 octobre, de 14" in said
    assert "Salle B" in said
    assert "12 places" in said
    assert "Thème : Animation" in said
    assert desk.labels == ["Ajouter", "Annuler"]
    assert all_of(services) == []

    said = desk.press("Ajouter")
    (made,) = all_of(services)
    assert f"n° {made.number}" in said
    assert made.confirmed
    assert (made.details.title, made.details.domain, made.details.capacity) == (
        "Animation 3D",
        "animation",
        12,
    )
    assert acts(services) == ["agenda_added"]


def test_one_question_can_be_answered_once(services: Services, desk: Desk):
    desk.type(ADD)
    desk.press("Ajouter", key="a")
    assert desk.press("Ajouter", key="a") == ""  # the same update again
    assert "n’attend plus" in desk.press("Ajouter")  # a second touch
    assert "n’attend plus" in desk.press("Annuler")

    assert len(all_of(services)) == 1


def test_words_answer_too(services: Services, desk: Desk):
    desk.type(ADD)
    assert "rien n’est changé" in desk.type(NO)
    assert desk.type(YES) == ""  # nothing is asked any more: it is for the conversation
    assert all_of(services) == []
    desk.type(ADD)
    assert "C’est ajouté" in desk.type("Oui !")
    assert len(all_of(services)) == 1


def test_words_in_between_are_for_the_conversation(services: Services, desk: Desk):
    desk.type(ADD)
    assert desk.type("bonjour") == ""
    assert desk.type(YES) == ""
    assert all_of(services) == []
    assert "C’est ajouté" in desk.press("Ajouter")  # the button still says what it is about


def test_a_question_ends_after_ten_minutes(services: Services, desk: Desk, clock: Clock):
    desk.type(ADD)
    clock.move(minutes=10)
    assert "dix minutes" in desk.press("Ajouter")
    assert all_of(services) == []


def test_another_process_or_one_that_was_killed_still_knows_the_question(services: Services, desk: Desk):
    desk.type(ADD)
    other = Desk(services)  # nothing in memory
    assert other.type(YES) == ""
    assert "C’est ajouté" in other.press("Ajouter", key="other")
    assert len(all_of(services)) == 1


def test_a_button_is_for_who_was_asked(services: Services, desk: Desk):
    desk.type(ADD)
    colleague(services, address="88")
    assert "n’attend plus" in Desk(services, "88").press("Ajouter", key="other")
    stranger = Desk(services, "99")
    assert stranger.send(Press("staff-0123456789abcdef", (0,))) is None
    assert stranger.send(Text("/agenda")) is None
    assert all_of(services) == []


def test_what_is_missing_is_asked_and_completed(services: Services, desk: Desk):
    assert "jusqu’à quelle heure" in desk.type("/agenda ajouter lab son mercredi 14h")
    said = desk.type("16h")
    assert "de 14" in said
    assert "Je l’ajoute" in said
    desk.press("Ajouter")
    assert one(services, 1).details.local_ends.hour == 16


def test_a_past_day_or_an_unknown_group_writes_nothing(services: Services, desk: Desk):
    assert "déjà passé" in desk.type("/agenda ajouter lab son 7 octobre 2026 14h-15h")
    assert "Je ne connais pas le groupe" in desk.type("/agenda ajouter lab son demain 14h-15h, groupe Zèbres")
    assert "/equipe/agenda/nouveau" in desk.type("/agenda ajouter lab son chaque semaine, mercredi 14h-16h")
    assert all_of(services) == []


def test_moving_says_how_many_are_told_and_tells_them_once(services: Services, desk: Desk):
    held = gathering(services.database, capacity=12)
    people = signed_up(services, held, 3)
    said = desk.type(f"/agenda deplacer {held.number} jeudi 15/10 15h, salle C")

    assert "→ jeudi 15 octobre, de 15" in said
    assert "Salle B → Salle C" in said
    assert "3 jeunes seront prévenus, une fois." in said
    assert one(services, held.number) == held

    said = desk.press("Déplacer")
    now = one(services, held.number)
    assert now.details.local_starts == WEDNESDAY.replace(day=15, hour=15)
    assert now.details.local_ends.hour == 17  # as long as before
    assert "3 jeunes sont prévenus" in said
    with services.database.read() as uow:
        told = agenda.waiting(uow, f"news:{held.id}", "notice")
    assert {row.person_id for row in told} == set(people)
    assert acts(services) == ["agenda_changed"]


def test_what_changed_meanwhile_is_shown_again(services: Services, desk: Desk):
    held = gathering(services.database)
    desk.type(f"/agenda deplacer {held.number} jeudi 15/10")
    with services.database.begin() as uow:
        happenings.change(uow, OPERATOR, held, replace(held.details, place="Salle Z"))

    said = desk.press("Déplacer")
    assert "changé entre-temps" in said
    assert "Salle Z" in said or desk.labels == ["Déplacer", "Ne rien faire"]
    assert one(services, held.number).details.local_starts == WEDNESDAY
    desk.press("Déplacer")
    assert one(services, held.number).details.local_starts.day == 15
    assert one(services, held.number).details.place == "Salle Z"


def test_cancelling_and_taking_it_back(services: Services, desk: Desk):
    held = gathering(services.database)
    signed_up(services, held, 1)
    said = desk.type(f"/agenda annuler {held.number} la salle est inondée")
    assert "Les jeunes liront : « la salle est inondée »" in said
    assert "1 jeune sera prévenu" in said
    assert "est annulé" in desk.press("Annuler ce rendez-vous")
    now = one(services, held.number)
    assert (now.state, now.why) == (State.CANCELLED, "la salle est inondée")
    assert "déjà annulé" in desk.type(f"/agenda annuler {held.number}")
    assert "rétablissez-le d’abord" in desk.type(f"/agenda deplacer {held.number} jeudi")
    assert "Personne n’est à prévenir" in desk.type(
        f"/agenda retablir {held.number}"
    )  # nobody heard of it yet
    desk.press("Rétablir")
    assert one(services, held.number).planned
    assert acts(services) == ["agenda_cancelled", "agenda_restored"]


def test_places_never_go_below_who_has_one(services: Services, desk: Desk):
    held = gathering(services.database, capacity=3)
    signed_up(services, held, 5)
    assert "3 jeunes ont déjà une place" in desk.type(f"/agenda places {held.number} 2")
    assert "Combien de places" in desk.type(f"/agenda places {held.number} beaucoup")
    said = desk.type(f"/agenda places {held.number} 4")
    assert "3 places → 4 places" in said
    assert "1 place sur la liste d’attente : proposée" in said
    desk.press("Changer les places")
    assert one(services, held.number).details.capacity == 4


def test_confirming_is_done_at_once_and_again_harmless(services: Services, desk: Desk):
    held = gathering(services.database, Kind.FAIR)
    assert not held.confirmed
    assert "n’est plus « à vérifier »" in desk.type(f"/agenda confirmer {held.number}")
    assert "déjà confirmé" in desk.type(f"/agenda confirmer {held.number}")
    assert one(services, held.number).confirmed
    assert acts(services) == ["agenda_confirmed"]


def test_lists_and_counts_hold_numbers_and_no_name(services: Services, desk: Desk):
    held = gathering(services.database, capacity=2)
    gathering(services.database, Kind.FAIR, WEDNESDAY + timedelta(days=9), title="Forum des métiers")
    people = signed_up(services, held, 3)
    with services.database.begin() as uow:
        for person in people:
            conversations.note(uow, person, {"user.first_name": "Zélie"})

    said = (
        desk.type("/agenda")
        + desk.type(f"/agenda {held.number}")
        + desk.type(f"/agenda presents {held.number}")
    )
    assert "2 places prises sur 2, 1 en attente" in said
    assert "Forum des métiers : 0 jeune, sans limite, à vérifier" in said
    assert f"/equipe/agenda/{held.number}/presences" in said
    assert "Zélie" not in str(desk.all())


def test_unknown_numbers_and_words(desk: Desk):
    assert "Rien n’est prévu" in desk.type("/agenda")
    assert "Je ne trouve pas de n° 99" in desk.type("/agenda 99")
    assert "De quel numéro" in desk.type("/agenda annuler")
    assert "pas compris" in desk.type("/agenda blabla")
    assert "déplacer" in desk.type("/agenda aide")
    assert "Vos rôles : coach" in desk.type("/equipe")


@pytest.mark.parametrize(
    "command", ["/agenda", "/agenda 1", ADD, "/agenda annuler 1", "/agenda aide", "/agenda confirmer 1"]
)
def test_a_mentor_is_told_kindly(services: Services, command: str):
    gathering(services.database)
    colleague(services, Role.MENTOR)
    desk = Desk(services)

    assert "Votre rôle (mentor) ne permet pas" in desk.type(command)
    assert desk.labels == []
    assert "Vous êtes Ana" in desk.type("/equipe")


def test_a_right_that_was_lost_meanwhile_stops_the_act(services: Services):
    held = gathering(services.database)
    mine = colleague(services)
    desk = Desk(services)
    desk.type(f"/agenda annuler {held.number}")
    with services.database.begin() as uow:
        staff.revoke(uow, mine, "coach")
        staff.grant(uow, mine, "mentor")

    assert "ne permet pas" in desk.press("Annuler ce rendez-vous")
    assert one(services, held.number).planned


def test_closed_people_are_strangers(services: Services):
    mine = colleague(services)
    with services.database.begin() as uow:
        staff.close(uow, mine)
    assert Desk(services).send(Text("/agenda")) is None


def test_somebody_in_distress_is_heard_by_the_conversation(desk: Desk):
    assert desk.send(Text("/agenda je veux mourir")) is None


def test_everything_else_is_for_the_conversation(desk: Desk):
    assert desk.send(Text("bonjour")) is None
    assert desk.send(Press("x" * 22, (0,))) is None
    assert staff_commands.ordinary(Text("/agenda")) == Text("agenda")
    assert staff_commands.ordinary(Text("/equipe")) == Text("menu")
    assert staff_commands.ordinary(Text("/agenda je veux mourir")) == Text("/agenda je veux mourir")


def test_a_new_gathering_of_a_group_enrols_it(services: Services, desk: Desk):
    learners(services.database, 4, group="Atelier 3D")
    said = desk.type("/agenda ajouter lab son demain 14h-16h, groupe atelier 3d")
    assert "Pour le groupe Atelier 3D" in said
    assert "4 jeunes" in said
    desk.press("Ajouter")
    assert "4 jeunes, sans limite" in desk.type("/agenda 1")


def test_a_process_killed_in_between_leaves_nothing_half_done(
    services: Services, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.type(ADD)

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "add", killed)  # after the act, before the commit
        with pytest.raises(KeyboardInterrupt):
            desk.press("Ajouter", key="again")
    assert all_of(services) == []
    assert acts(services) == []

    assert "C’est ajouté" in desk.press("Ajouter", key="again")
    assert len(all_of(services)) == 1


def test_touches_of_many_processes_at_once_have_one_effect(services: Services, desk: Desk):
    desk.type(ADD)
    screen = desk.all()[-1]["screen"]["id"]

    def touch(number: int) -> None:
        other = Desk(services)
        for attempt in range(20):
            with contextlib.suppress(DatabaseBusy):
                other.send(Press(screen, (0,)), f"t{number}")
                return
            assert attempt < 19

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(touch, range(8)))
    assert len(all_of(services)) == 1
    assert acts(services) == ["agenda_added"]
    said = [str(one["text"]) for one in desk.all()]
    assert sum("C’est ajouté" in one for one in said) == 1
    assert sum("n’attend plus" in one for one in said) == 7
