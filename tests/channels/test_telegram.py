"""The first conversation and everything odd on Telegram, with the real library over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
import uvicorn

from bot import bootstrap
from bot.application import keyboard, turns
from bot.application.clock import Clock
from bot.application.linking import code_in
from bot.application.messages import Incoming, Message, Text
from bot.application.services import Services
from bot.channels import telegram, telegram_run
from bot.channels.telegram_run import Running
from bot.web import site
from dialogues.events import Asked, Option
from dialogues.model import StepKind
from storage import conversations, groups, inbox, outbox, people, products
from tests.channels.waiting import until
from tests.platforms import telegram_contract
from tests.platforms.faults import Fault, Tear
from tests.platforms.telegram_api import TelegramApi, refusal, too_many
from tests.platforms.telegram_people import User
from tests.platforms.telegram_world import Sent
from tests.support import databases
from tests.support.centre import services_for
from tests.support.server import free_port
from tests.support.talk import Talker, enrol

ENROLMENT = (
    "Sans préciser",
    "Textes normaux",
    "3e",
    "D'accord",
    "Mes cartes finies",
    "Moi, avec de",
    "quand je veux",
)


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as running:
        yield running
        if telegram_contract.SPECS.exists():
            assert telegram_contract.deviations(running.requests) == []


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, api: TelegramApi) -> Iterator[Services]:
    clock = Clock(bootstrap.real_now)
    database = databases.open_database(sqlite_url, clock)
    made = services_for(database, clock, tmp_path, telegram_token=api.token, telegram_api_url=api.url)
    yield made
    made.executor.shutdown()
    database.close()


@pytest.fixture(autouse=True)
async def running(services: Services, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    monkeypatch.setattr(telegram_run, "BETWEEN", 0.01)
    monkeypatch.setattr(telegram_run, "POLL", 2)
    found = await telegram_run.start(services, "one")
    yield found
    await found.stop()


def button(user: User, label: str) -> Sent | None:
    """The newest message with that button."""
    return next((one for one in reversed(user.shown) if any(label in each for each in one.labels)), None)


async def presses(user: User, *labels: str) -> None:
    """Press each of these buttons as soon as it shows."""
    for label in labels:
        message = await until(partial(button, user, label), f"no button {label}: {said(user)}")
        user.presses(message, label)


def said(user: User) -> list[tuple[str, list[str]]]:
    return [(one.text[-80:], one.labels) for one in user.shown[-4:]]


async def enrols(user: User, name: str = "Lou", start: str = "/start") -> None:
    """From hello to the end of the first page."""
    user.writes(start)
    await presses(user, "16 à 18")
    await user.sees("t'appelle")
    user.writes(name)
    await presses(user, *ENROLMENT)
    await until(
        lambda: button(user, "Ce qui m'allume") or button(user, "menu"), f"not enrolled: {said(user)}"
    )


def ticked(message: Sent, label: str) -> bool:
    return f"✓ {label}" in message.labels


def person_of(services: Services, user: User) -> str | None:
    with services.database.read() as uow:
        found = people.find(uow, "telegram", str(user.id))
        return found.id if found else None


async def test_from_hello_to_a_first_page(api: TelegramApi, services: Services):
    lou = api.user(1001, first_name="Lou")
    await enrols(lou)
    person = person_of(services, lou)
    assert person
    with services.database.read() as uow:
        assert conversations.profile(uow, person)["user.first_name"] == "Lou"
        assert outbox.dead_letters(uow) == []
        assert inbox.waiting(uow, "telegram") == []
    commands = {one["command"] for one in lou.commands}
    assert {"menu", "pause", "aide", "relier", "stop"} <= commands
    assert len({one.id for one in lou.messages}) == len(api.deliveries)


async def test_a_start_link_invites_to_a_group(api: TelegramApi, services: Services):
    with services.database.begin() as uow:
        group = groups.create(uow, "Atelier 3D")
    lou = api.user(1001)
    await enrols(lou, start=f"/start {group.code}")
    with services.database.read() as uow:
        found = people.find(uow, "telegram", "1001")
        assert found is not None
        assert [one.name for one in groups.of_person(uow, found.id)] == ["Atelier 3D"]


async def test_before_consent_nothing_is_kept(api: TelegramApi, services: Services):
    lou = api.user(1001)
    lou.writes("/start")
    await presses(lou, "16 à 18")
    await lou.sees("t'appelle")
    with services.database.read() as uow:
        assert people.count(uow) == 0
        assert inbox.waiting(uow, "telegram") == []
        assert outbox.dead_letters(uow) == []


async def test_too_young_for_telegram_is_shown_the_site(api: TelegramApi, services: Services):
    lou = api.user(1001)
    lou.writes("/start")
    await presses(lou, "13 à 15")
    message = await lou.sees("à partir de 16 ans")
    assert services.settings.base_url in message.text
    assert person_of(services, lou) is None
    lou.writes("bonjour")
    await lou.sees_new("tu as quel âge")


async def test_a_touched_board_loses_its_buttons_and_a_second_touch_says_so(
    api: TelegramApi, services: Services
):
    lou = api.user(1001)
    lou.writes("/start")
    asked = await until(lambda: button(lou, "16 à 18"), "no question")
    data = next(one for one in asked.buttons if "16" in one["text"])["callback_data"]
    lou.presses(asked, "16 à 18")
    await lou.sees("t'appelle")
    await until(lambda: not asked.labels, "buttons stay")
    again = lou.presses_data(asked, data)
    notice = await until(lambda: lou.answer_to(again), "no notice")
    assert notice["text"] == services.library.microcopy.say("screen_changed")
    assert len([one for one in lou.shown if "t'appelle" in one.text]) == 1


@pytest.mark.parametrize("data", ["", "x", "a" * 64, "A" * 22 + ".p.z", "A" * 22 + ".v.", "é" * 20])
async def test_a_forged_button_is_answered_and_changes_nothing(api: TelegramApi, data: str):
    lou = api.user(1001)
    lou.writes("/start")
    asked = await until(lambda: button(lou, "16 à 18"), "no question")
    forged = lou.presses_data(asked, data)
    await until(lambda: lou.answer_to(forged), "no answer")
    lou.presses(asked, "16 à 18")
    await lou.sees("t'appelle")


@pytest.mark.parametrize(
    ("send", "key"),
    [
        (lambda user: user.sends_sticker(), "odd.sticker"),
        (lambda user: user.sends_voice(), "odd.voice"),
        (lambda user: user.sends_location(), "odd.location"),
        (lambda user: user.sends_contact(), "odd.contact"),
        (lambda user: user.sends_poll(), "odd.poll"),
        (lambda user: user.forwards("regarde ça"), "odd.forwarded"),
        (lambda user: user.sends_document(b"%PDF", "a.pdf", "application/pdf"), "odd.file"),
        (lambda user: user.writes("a" * 4_001), "too_long"),
    ],
)
async def test_odd_things_get_a_short_answer(
    api: TelegramApi, services: Services, send: Callable[[User], int], key: str
):
    lou = api.user(1001)
    lou.writes("/start")
    await until(lambda: button(lou, "16 à 18"), "no question")
    send(lou)
    await lou.sees(services.library.microcopy.say(key, max=4000)[:40])
    await presses(lou, "16 à 18")
    await lou.sees("t'appelle")


async def test_an_edited_word_of_distress_is_read(api: TelegramApi):
    lou = api.user(1001)
    first = lou.writes("/start")
    await until(lambda: button(lou, "16 à 18"), "no question")
    first = lou.writes("bof")
    await lou.sees_new()
    lou.edits(first, "je veux mourir")
    await lou.sees("0800 32 123")


async def test_a_group_is_told_once_to_write_in_private_and_bots_are_left_alone(api: TelegramApi):
    lou = api.user(1001)
    group = api.group(-500, "Les Copains")
    group.writes(lou, "/start")
    await until(lambda: group.messages, "nothing said")
    group.writes(lou, "/menu")
    robot = api.user(77, is_bot=True)
    robot.writes("bonjour")
    await api.idle()
    await asyncio.sleep(0.1)
    assert ["privé" in one.text for one in group.messages] == [True]
    assert robot.messages == []


async def test_ticking_and_ordering_edit_in_place(api: TelegramApi, services: Services):
    lou = api.user(1001)
    await enrols(lou)
    person = person_of(services, lou)
    assert person
    asked = await _board_of_several(lou, services, person)
    options = [label for label in asked.labels if label not in ("Passer", "Retour")]
    before = len(lou.messages)
    for label in options[:2]:
        lou.presses(asked, label)
        await until(partial(ticked, asked, label), f"not ticked {asked.labels}")
    assert "Valider (2)" in asked.labels
    assert len(lou.messages) == before
    lou.presses(asked, f"✓ {options[0]}")
    await until(lambda: "Valider (1)" in asked.labels, "not unticked")
    lou.presses(asked, "Valider (1)")
    await until(lambda: len(lou.messages) > before, "no answer")
    with services.database.read() as uow:
        mine = [one for one in conversations.last_messages(uow, person, 4) if one.side == "me"]
    assert mine[-1].body["text"] == options[1]


async def _board_of_several(user: User, services: Services, person: str) -> Sent:
    """Put a question with several answers on the person's screen, as a page would."""
    options = tuple(Option(f"k{n}", f"Choix {n}") for n in range(5))
    asked = Asked(StepKind.MULTI, "Choisis.", options, 1, 3)
    with services.database.begin() as uow:
        found = people.get(uow, person, lock=True)
        assert found
        held = conversations.load(uow, found)
        incoming = Incoming("telegram", str(user.id), "board", Text("x"))
        scene = turns.open_scene(services, uow, found, held, incoming)
        scene.add("text", {"text": asked.prompt})
        scene.ask(asked)
        turns.close_scene(scene, found, held, asked_for=False)
    board: Sent = await until(lambda: button(user, "Choix 0"), "no board")
    return board


async def test_who_blocks_is_left_alone_until_they_write(api: TelegramApi, services: Services):
    lou = api.user(1001)
    await enrols(lou)
    person = person_of(services, lou)
    assert person
    lou.blocks()
    await until(lambda: _unreachable(services, person), "not noticed")
    lou.unblocks()
    await until(lambda: not _unreachable(services, person), "not noticed")
    api.faults.add(refusal("sendMessage", 403, "Forbidden: bot was blocked by the user"))
    lou.writes("menu")
    await until(lambda: _unreachable(services, person), "not marked")
    sent = len(api.asked("sendMessage"))
    await asyncio.sleep(0.2)
    assert len(api.asked("sendMessage")) == sent
    lou.looks()
    lou.writes("menu")
    await lou.sees_new()
    assert not _unreachable(services, person)


def _unreachable(services: Services, person: str) -> bool:
    with services.database.read() as uow:
        return any(one.unreachable for one in people.addresses_of(uow, person))


async def test_refused_formatting_is_sent_once_as_plain_text(api: TelegramApi):
    lou = api.user(1001)
    api.faults.add(refusal("sendMessage", 400, "Bad Request: can't parse entities: unexpected end tag"))
    lou.writes("/start")
    await until(lambda: button(lou, "16 à 18"), "nothing came")
    assert [one.params.get("parse_mode") for one in api.asked("sendMessage")] == ["HTML", None]


async def test_one_chat_told_to_wait_does_not_hold_up_another(api: TelegramApi, services: Services):
    lou, sam = api.user(1001), api.user(1002)
    await enrols(lou)
    await enrols(sam, "Sam")
    api.faults.add(too_many("sendMessage", 2, when=lambda request: str(request.get("chat_id")) == "1001"))
    lou.looks()
    sam.looks()
    loop = asyncio.get_running_loop()
    started = loop.time()
    lou.writes("menu")
    await until(lambda: any(one.status == 429 for one in api.requests), "no refusal")
    sam.writes("menu")
    await sam.sees_new()
    assert loop.time() - started < 1.8
    await lou.sees_new()
    assert loop.time() - started >= 2.0
    with services.database.read() as uow:
        assert outbox.dead_letters(uow) == []


@pytest.mark.parametrize("tear", list(Tear))
async def test_a_torn_sending_is_never_repeated_unless_it_surely_was_not_sent(
    api: TelegramApi, services: Services, tear: Tear
):
    lou = api.user(1001)
    await enrols(lou)
    before = len(api.deliveries)
    api.faults.add(Fault("sendMessage", tear=tear))
    lou.writes("menu")
    await until(lambda: _dead(services) or len(api.deliveries) > before, "nothing happened")
    await asyncio.sleep(0.2)
    assert len(api.deliveries) - before <= 1
    states = _dead(services)
    assert states in ([], ["unknown"])
    assert states or len(api.deliveries) - before == 1


def _dead(services: Services) -> list[str]:
    with services.database.read() as uow:
        return [one.state.value for one in outbox.dead_letters(uow)]


async def test_a_replayed_update_has_its_effect_once(api: TelegramApi, services: Services):
    lou = api.user(1001)
    await enrols(lou)
    person = person_of(services, lou)
    assert person
    update = lou.writes("menu")
    await api.idle()
    await until(lambda: _mine(services, person, "menu") == 1, "not handled")
    for _ in range(3):
        api.replay(update)
    await api.idle()
    await asyncio.sleep(0.2)
    assert _mine(services, person, "menu") == 1


def _mine(services: Services, person: str, text: str) -> int:
    with services.database.read() as uow:
        found = conversations.last_messages(uow, person, 20)
    return sum(one.side == "me" and one.body.get("text") == text for one in found)


async def test_a_second_poller_stands_by(api: TelegramApi, services: Services):
    second = await telegram_run.start(services, "two")
    lou = api.user(1001)
    lou.writes("/start")
    await until(lambda: button(lou, "16 à 18"), "no question")
    assert all(one.status != 409 for one in api.requests)
    await second.stop()
    assert len([one for one in lou.messages if "tu as quel âge" in one.text]) == 1


async def test_a_finished_card_comes_as_a_picture_with_its_words(api: TelegramApi, services: Services):
    lou = api.user(1001)
    await enrols(lou)
    person = person_of(services, lou)
    assert person
    with services.database.begin() as uow:
        values = {
            "title": "Une carte",
            "bot": "Boussole",
            "date": "24 novembre 2026",
            "foot": "",
            "text": "Mes mots.",
        }
        card = products.keep(uow, person, "plain", title="Une carte", text="Mes mots.", values=values)
        found = people.get(uow, person, lock=True)
        assert found
        held = conversations.load(uow, found)
        scene = turns.open_scene(services, uow, found, held, Incoming("telegram", "1001", "card", Text("x")))
        scene.messages.append(
            Message("bot", "product", {"product_id": card, "title": "Une carte", "text": "Mes mots."})
        )
        turns.close_scene(scene, found, held, asked_for=False)
    message = await lou.sees("Mes mots.", 10)
    assert message.photo
    assert message.photo.startswith(b"\x89PNG")


async def test_a_code_joins_telegram_to_the_web_at_the_same_step(api: TelegramApi, services: Services):
    talker = Talker(services)
    enrol(talker, name="Sam", age="16 à 18 ans")
    assert talker.screen
    asked = talker.screen.asked
    talker.type("relier")
    code = next(word.strip(".") for word in talker.says().split() if code_in(word.strip(".")))
    lou = api.user(1001)
    lou.writes(f"/start lien_{code.replace('-', '')}")
    await lou.sees(services.library.microcopy.say("link_joined"))
    message = await until(lambda: button(lou, asked.options[0].label), f"another step: {said(lou)}")
    assert person_of(services, lou) == talker.person
    lou.looks()
    lou.presses(message, asked.options[0].label)
    await lou.sees_new()
    other = api.user(1002)
    other.writes(f"/start lien_{code.replace('-', '')}")
    await other.sees(services.library.microcopy.say("link_unknown")[:30])
    lou.writes("/delier")
    await lou.sees(services.library.microcopy.say("unlink_here")[:30])
    assert person_of(services, lou) is None


async def test_the_webhook_brings_updates_to_our_own_site(
    api: TelegramApi, services: Services, running: Running, monkeypatch: pytest.MonkeyPatch
):
    await running.stop()
    port = free_port()
    secret = "s" * 32
    services.settings.telegram_webhook_url = f"http://127.0.0.1:{port}/telegram"
    services.settings.telegram_webhook_secret = secret
    hooked = await telegram_run.start(services, "hook", polls=False)
    app = site.create(services)
    app.state.telegram = hooked.adapter
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    monkeypatch.setattr(server, "capture_signals", nullcontext)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started, "no site")
    lou = api.user(1001)
    await enrols(lou)
    assert person_of(services, lou)
    server.should_exit = True
    await task
    await hooked.stop()


async def test_boards_stay_within_what_telegram_takes():
    assert telegram.NOTICE == 200
    assert keyboard.PAGE <= 100
