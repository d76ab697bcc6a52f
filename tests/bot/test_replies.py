import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.application import planning, reminders, replies, turns, visits
from bot.application.messages import Incoming, Message, Odd, Press, Screen, Text
from bot.application.scene import Scene
from bot.application.wire import screen_from_json
from dialogues.events import Asked, Option
from dialogues.model import StepKind
from storage import agenda, conversations, people
from storage.errors import DiskFull
from storage.outbox import Lane, OutboxRow, State
from storage.unit_of_work import UnitOfWork
from tests.bot.phone import Phone, label_of, member, queue, texts, written
from tests.support.talk import Talker, enrol

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def phone(services) -> Phone:
    """Somebody on Telegram who agreed a while ago, with nothing waiting but the menu."""
    person = member(services)
    talker = Phone(services, person=person)
    talker.type("menu")
    return talker


def new(services, before: list[OutboxRow]) -> list[OutboxRow]:
    """The rows that came since."""
    known = {row.id for row in before}
    return [row for row in queue(services) if row.id not in known]


@contextmanager
def in_a_turn(services) -> Iterator[tuple[Scene, UnitOfWork]]:
    """A turn of the person at 4711, for what it should say; closed at the end."""
    with services.database.begin() as uow:
        person = people.find(uow, "telegram", "4711")
        assert person
        held = conversations.load(uow, person)
        scene = turns.open_scene(services, uow, person, held, Incoming("telegram", "4711", "x", Text("x")))
        yield scene, uow
        turns.close_scene(scene, person, held)


# ---------------------------------------------------------------- a turn


def test_a_turn_on_a_platform_leaves_its_words_and_the_screen_with_the_last(services, phone):
    before = queue(services)
    answer = phone.press("Ce qui m'allume")
    rows = new(services, before)

    said = "\n\n".join(message.body["text"] for message in answer.view.messages if message.side == "bot")
    assert "\n\n".join(texts(rows)) == said
    assert "Ce qui m'allume" not in said  # what the person said is no news to them
    assert [screen_from_json(row.body.get("screen")) for row in rows] == [
        *[None] * (len(rows) - 1), answer.view.screen]  # fmt: skip
    for row in rows:
        assert (row.kind, row.lane, row.state) == ("reply", Lane.REPLY, State.QUEUED)
        assert row.recipient == row.person_id == phone.person
        assert row.expires_at == services.now() + timedelta(hours=24)


def test_a_long_turn_goes_in_parts_in_their_order(services):
    member(services)
    with in_a_turn(services) as (scene, _):
        for number in range(6):
            scene.add("text", {"text": f"{number} " + "mot " * 500})
        scene.ask_aside("menu", "Et maintenant ?", [Option("a", "A")])
    rows = queue(services)

    assert [row.part for row in rows] == [0, 1, 2]
    assert [text[0] for text in texts(rows)] == ["0", "2", "4"]
    assert ["screen" in row.body for row in rows] == [False, False, True]
    assert len({row.source for row in rows}) == 1


def test_one_text_that_is_too_long_goes_whole_in_parts_in_their_order(services):
    member(services)
    said = " ".join(str(number) for number in range(2_000))
    with in_a_turn(services) as (scene, _):
        scene.add("text", {"text": said})
    rows = queue(services)

    assert [row.part for row in rows] == [0, 1, 2]
    assert "".join(texts(rows)) == said


def test_what_one_turn_says_is_queued_once(services):
    person = member(services)
    with in_a_turn(services) as (scene, uow):
        scene.add("text", {"text": "Salut"})
        replies.enqueue(scene, uow, person)

    assert texts(queue(services)) == ["Salut"]


def test_buttons_that_still_stand_are_not_sent_again(services, phone):
    phone.press("Ce qui m'allume")
    before, screen = queue(services), phone.screen
    phone.type("relier")
    rows = new(services, before)

    assert phone.screen == screen
    assert rows
    assert not any("screen" in row.body for row in rows)


def test_on_the_web_the_list_is_the_delivery(services):
    talker = Talker(services)
    enrol(talker)
    answer = talker.type("sos")
    talker.type("")

    said = [message for message in answer.view.messages if message.side == "bot"]
    assert said
    assert [message for message in written(services, str(talker.person), "bot") if message in said] == said
    assert [queue(services, channel) for channel in ("web", "telegram", "discord")] == [[], [], []]


def test_each_platform_has_its_own_queue(services):
    member(services, "42", "discord")
    Phone(services, channel="discord", address="42", person="known").type("menu")

    assert [len(queue(services, channel)) for channel in ("telegram", "discord")] == [0, 1]


def test_a_second_delivery_of_a_message_adds_nothing(services, phone):
    first = phone.type("humain")
    before = queue(services)
    key = f"k{next(phone.keys) - 1}"
    second = phone.send(Text("humain"), key)

    assert first.view.messages
    assert second.view.messages == ()
    assert queue(services) == before


def test_the_same_words_twice_are_two_answers(services, phone):
    before = queue(services)
    phone.type("menu")
    phone.type("menu")

    assert texts(new(services, before)) == ["Tu as envie de quoi ?"] * 2


def test_what_could_not_be_kept_is_not_sent_and_rings_nobody(services, phone, monkeypatch):
    before = queue(services)
    monkeypatch.setattr(conversations, "keep_turn", _full)
    rung: list[str] = []
    monkeypatch.setattr(services.bus, "deliver", rung.append)

    with pytest.raises(DiskFull):
        phone.type("menu")
    assert queue(services) == before
    assert rung == []


def _full(*_given):
    raise DiskFull("no room")


async def test_whoever_sends_is_rung_as_soon_as_there_is_something(services, phone):
    with (
        services.bus.follow(replies.bell("telegram")) as bell,
        services.bus.follow("outbox:discord") as other,
    ):
        await asyncio.to_thread(phone.type, "menu")
        assert await bell.wait(1)
        assert not await other.wait(0.01)


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("words", ["sos", "jveu crever", "humain"])
def test_numbers_to_call_go_first_and_are_never_too_late(services, phone, words):
    before = queue(services)
    phone.type(words)
    rows = new(services, before)

    assert "0800 32 123" in "".join(texts(rows))
    assert {(row.kind, row.lane, row.expires_at) for row in rows} == {("help", Lane.SAFETY, None)}


def test_dangerous_words_beside_a_picture_or_a_file_bring_the_numbers(services, phone):
    before = queue(services)
    phone.send(Odd("file", "jveu crever"))
    rows = new(services, before)

    assert {row.kind for row in rows} == {"help"}
    assert "103" in "".join(texts(rows))


# ---------------------------------------------------------------- notices


def test_a_notice_about_something_typed_is_a_message(services, phone):
    before, kept = queue(services), written(services, phone.person, "bot")
    answer = phone.type("   ")

    assert texts(new(services, before)) == [answer.notice]
    assert answer.notice
    assert written(services, phone.person, "bot") == kept  # it is no part of the conversation


def test_a_notice_about_a_button_is_left_to_the_platform(services, phone):
    before = queue(services)
    answer = phone.send(Press("x" * 22, (0,)))

    assert "Cet écran a changé" in answer.notice
    assert new(services, before) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [("sticker", "autocollants"), ("voice", "vocaux"), ("video", "vidéos"), ("file", "fichiers"), ("location", "où tu es"),
     ("contact", "contacts"), ("poll", "sondages"), ("edited", "tu as changé"), ("forwarded", "transféré"), ("other", "lire")],
)  # fmt: skip
def test_what_no_page_asks_for_has_its_own_sentence_and_changes_nothing(services, phone, kind, said):
    before, screen = queue(services), phone.screen
    answer = phone.send(Odd(kind, "un mot ordinaire"))

    assert said in answer.notice
    assert texts(new(services, before)) == [answer.notice]
    assert answer.view.screen == screen
    assert "un mot ordinaire" not in str(written(services, phone.person))


# ---------------------------------------------------------------- enrolment


def test_agreeing_sends_only_what_is_new(services):
    phone = Phone(services)
    phone.hello()
    phone.press("16 à 18 ans")
    phone.type("Lou")
    for label in ("Sans préciser", "Textes normaux", "3e"):
        phone.press(label)
    assert queue(services) == []
    answer = phone.press("D'accord")
    rows = queue(services)

    assert answer.enrolled
    assert "".join(texts(rows)) == phone.says()
    assert "peut voir quoi" in phone.says()
    assert "Salut" not in "".join(texts(rows))
    assert "Salut" in str(written(services, str(phone.person), "bot"))  # but it is kept
    assert label_of(screen_from_json(rows[-1].body["screen"])) == phone.labels


def test_agreeing_twice_sends_it_once(services):
    phone = Phone(services)
    phone.hello()
    phone.press("16 à 18 ans")
    phone.type("Lou")
    for label in ("Sans préciser", "Textes normaux", "3e"):
        phone.press(label)
    assert phone.screen
    again = Incoming("telegram", "4711", "same", Press(phone.screen.id, (0,)))
    for _ in range(2):
        visits.handle(services, phone.visit, again)

    assert len(queue(services)) == 1


# ---------------------------------------------------------------- parts


def test_addresses_of_the_site_work_elsewhere(services, phone):
    before = queue(services)
    phone.type("relier")

    assert f" : {BASE}/retour/" in "".join(texts(new(services, before)))


def test_only_our_own_addresses_are_completed():
    said = [
        Message("bot", "link", {"label": "Ici", "url": "/accord/1"}),
        Message("bot", "link", {"label": "Là", "url": "https://www.cefora.be/x"}),
        Message("bot", "card", {"title": "Juriste", "url": ""}),
        Message("bot", "text", {"text": "/rien"}),
    ]
    found = replies.absolute(said, "https://boussole.example")

    assert [one.body.get("url") for one in found] == [
        "https://boussole.example/accord/1", "https://www.cefora.be/x", "", None]  # fmt: skip
    assert found[0].body["label"] == "Ici"
    assert found[3] == said[3]


def test_a_finished_card_is_a_picture_and_the_buttons_stand_under_the_last_part():
    product = Message("bot", "product", {"product_id": "p1", "title": "Mes élans", "text": "Créer."})
    said = [Message("bot", "text", {"text": "Voilà."}), product]
    screen = Screen("s" * 22, Asked(StepKind.CHOICE, "?", (Option("a", "A"),)))
    found = replies.bodies(said, screen, "telegram")

    assert [(one["kind"], one["text"], one["reference"]) for one in found] == [
        ("text", "Voilà.", ""), ("picture", "Mes élans\nCréer.", "p1")]  # fmt: skip
    assert "screen" not in found[0]
    assert screen_from_json(found[1]["screen"]) == screen


def test_nothing_said_is_nothing_sent():
    assert replies.bodies([], Screen("s" * 22, Asked(StepKind.CHOICE, "?")), "telegram") == []


# ---------------------------------------------------------------- writing first


@pytest.fixture
def due(services, clock) -> str:
    """Somebody on Telegram and on Discord whose planned step is asked about now."""
    clock.now = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    person = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, person, "discord", "42")
        steps = [{"first_step": "appeler l'école", "due": "2026-11-26"}]
        conversations.note(uow, person, {"action.list": steps})
        local, source = planning.wall(uow.now), planning.source(person)
        agenda.plan(uow, planning.KIND, source, person, local, occurrence="0", body={"due": "2026-11-26"})
    return person


def test_a_reminder_goes_to_the_one_channel_of_contact_once(services, due):
    assert [reminders.send_due(services) for _ in range(3)] == [1, 0, 0]

    rows = queue(services)
    assert [row.kind for row in rows] == ["reminder"]
    assert "appeler l'école" in rows[0].body["text"]
    assert label_of(screen_from_json(rows[0].body["screen"]))[:2] == ["Fait", "En partie"]
    assert rows[0].lane is Lane.REMINDER
    assert queue(services, "discord") == []
    assert "appeler l'école" in str(written(services, due, "bot"))


@pytest.mark.parametrize(
    ("chosen", "blocked", "channels"),
    [("discord", "", ["discord"]), ("telegram", "telegram", ["discord"]), ("web", "", []), ("discord", "discord", ["telegram"])],
)  # fmt: skip
def test_a_reminder_follows_the_person(services, due, chosen, blocked, channels):
    with services.database.begin() as uow:
        people.choose(uow, due, chosen)
        if blocked:
            people.mark_unreachable(uow, due, blocked)

    assert reminders.send_due(services) == 1
    assert [name for name in ("telegram", "discord") if queue(services, name)] == channels
    assert "appeler l'école" in str(written(services, due, "bot"))  # the site always has it


def test_a_weekly_word_on_a_platform_brings_its_ways_to_be_left_alone(services, clock):
    phone = Phone(services)
    enrol(phone, age="16 à 18 ans")
    known = queue(services)
    clock.move(days=8)
    while not reminders.send_due(services):
        clock.move(hours=1)
    (row,) = new(services, known)

    assert row.kind == "reminder"
    assert label_of(screen_from_json(row.body["screen"]))[1:] == ["Plus tard", "Moins souvent", "Stop"]
