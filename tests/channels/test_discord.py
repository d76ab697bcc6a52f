"""The first conversation and everything odd on Discord, with the real library over real sockets."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.application import kept, turns, views
from bot.application.clock import Clock
from bot.application.messages import Screen
from bot.application.pace import Pace
from bot.application.services import Services
from bot.bootstrap import real_now
from bot.channels import discord_fate, discord_out, discord_run
from bot.channels.discord_client import Client
from bot.channels.discord_fate import Attempt, Stage
from bot.channels.discord_lib import discord
from bot.channels.discord_run import Running
from bot.channels.discord_watch import Watch
from bot.channels.trouble import PlatformError
from dialogues.events import Asked, Option, Produced
from dialogues.model import StepKind
from storage import conversations, groups, inbox, outbox, people
from storage.outbox import Lane, OutboxRow, Policy, State
from storage.tables import outbox as outbox_table
from tests.channels.waiting import until
from tests.platforms import discord_contract
from tests.platforms.discord_api import DiscordApi
from tests.platforms.discord_limits import check_components, check_modal
from tests.platforms.discord_users import User
from tests.platforms.discord_world import Interaction, Message
from tests.platforms.faults import Tear
from tests.support import databases
from tests.support.centre import pages, services_for

NOW = databases.Clock().now
ENROLMENT = ("Sans préciser", "Textes normaux", "3e", "D'accord", "Mes cartes finies", "Moi, avec de l'aide")
WRITE = "Écrire ma réponse"
WAITING = (
    select(func.count())
    .select_from(outbox_table)
    .where(outbox_table.c.state.not_in(["sent", "cancelled", "expired"]))
)


@pytest.fixture
async def api() -> AsyncIterator[DiscordApi]:
    async with DiscordApi() as server:
        server.world.delay = 0.001  # nobody waits for the library's own store of buttons here
        yield server
        if discord_contract.SPEC.exists():
            assert discord_contract.Contract().deviations(server.requests) == []


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, api: DiscordApi) -> Iterator[Services]:
    clock = Clock(real_now)
    database = databases.open_database(sqlite_url, clock)
    made = services_for(
        database,
        clock,
        tmp_path,
        discord_token=api.token,
        discord_api_url=api.url,
        discord_gateway_url=api.gateway_url,
    )
    yield made
    made.executor.shutdown()
    database.close()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_client: Client, _shard: int | None, *, initial: bool = False) -> None:
        """The library waits five seconds before it identifies itself again: not here."""

    monkeypatch.setattr(Client, "before_identify_hook", at_once)
    monkeypatch.setattr(discord_run, "BETWEEN", 0.001)
    monkeypatch.setattr(discord_run, "TICK", 0.05)


@pytest.fixture
async def lou(api: DiscordApi) -> User:
    return api.user("Lou")


@pytest.fixture
async def running(services: Services, lou: User) -> AsyncIterator[Running]:
    assert lou.member  # she is there before the guild is told
    found = await discord_run.start(services, "one")
    yield found
    await found.stop()


def button(user: User, label: str) -> tuple[Message, str] | None:
    """The newest message with a button or an option of that name, and its whole name."""
    for message in reversed(user.screen):
        found = next((one for one in labels(message) if label in one), None)
        if found is not None:
            return message, found
    return None


def labels(message: Message) -> list[str]:
    listed = [option["label"] for part in message.parts if part["type"] == 3 for option in part["options"]]
    return [*message.buttons, *listed]


def said(user: User) -> str:
    return "\n".join(f"{one.text[-80:]!r} {labels(one)}" for one in user.screen[-4:])


async def presses(user: User, *names: str) -> None:
    """Press each of these buttons, or choose it in a list, as soon as it shows."""
    for name in names:
        message, whole = await until(partial(button, user, name), f"no button {name}")
        (user.clicks if whole in message.buttons else user.selects)(message, whole)


async def fills_in(user: User, text: str) -> None:
    """Open the form under the newest question, and send it."""
    before = await until(lambda: button(user, WRITE), lambda: f"nothing to write in: {said(user)}")
    press = user.clicks(*before)
    await user.sees_ack(press)
    user.submits(press, {"answer": text})


async def enrols(user: User, name: str = "Lou", code: str = "") -> None:
    """From hello to the end of the first page; `code`: of a group, given with the first command."""
    if code:
        user.slash("boussole", code=code)
    else:
        user.writes_dm("salut")
    await presses(user, "13 à 15")
    await user.sees("t'appelle")
    await fills_in(user, name)
    await presses(user, *ENROLMENT, "Non, je viens quand je veux")
    await until(lambda: button(user, "Voir le menu") or button(user, "Ce qui m'allume"), lambda: said(user))


def person_of(services: Services, user: User) -> str | None:
    with services.database.read() as uow:
        found = people.find(uow, "discord", str(user.id))
        return found.id if found else None


@pytest.mark.usefixtures("running")
async def test_from_hello_to_a_first_page(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    person = person_of(services, lou)
    assert person
    with services.database.read() as uow:
        assert conversations.profile(uow, person)["user.first_name"] == "Lou"
        assert outbox.dead_letters(uow) == []
        assert inbox.waiting(uow, "discord") == []
    assert all(ack.seconds < 3 for ack in api.acks.values())
    assert not [one.text for one in lou.screen if one.buttons and one is not lou.screen[-1]]
    assert {one["name"] for one in api.world.commands[0]} >= {"boussole", "menu", "aide", "relier", "stop"}


@pytest.mark.usefixtures("running", "api")
async def test_a_code_given_with_the_command_invites_to_a_group(services: Services, lou: User):
    with services.database.begin() as uow:
        group = groups.create(uow, "Atelier 3D")
    await enrols(lou, code=group.code)
    with services.database.read() as uow:
        found = people.find(uow, "discord", str(lou.id))
        assert found is not None
        assert [one.name for one in groups.of_person(uow, found.id)] == ["Atelier 3D"]


async def test_before_consent_nothing_is_kept(running: Running, services: Services, lou: User):
    lou.slash("boussole")
    await presses(lou, "13 à 15")
    await lou.sees("t'appelle")
    await running.adapter.missed.flush()
    with services.database.read() as uow:
        assert people.count(uow) == 0
        assert inbox.waiting(uow, "discord") == []


async def test_a_visit_that_a_restart_forgot_begins_anew(services: Services, lou: User):
    first = await discord_run.start(services, "one")
    lou.writes_dm("salut")
    asked = await lou.sees("quel âge")
    await first.stop()
    second = await discord_run.start(services, "two")
    try:
        lou.clicks(asked, "13 à 15 ans")
        await lou.sees("quel âge", after=asked)
        await until(lambda: not asked.buttons, "the old buttons stay")
    finally:
        await second.stop()


@pytest.mark.usefixtures("running")
async def test_a_word_of_distress_is_read_before_anything_else(lou: User):
    lou.writes_dm("j'ai envie de mourir")
    await lou.sees("103")


def forgotten(given: Interaction) -> bool:
    """Whether « … réfléchit » is gone."""
    return given.response is None or given.response.deleted


@pytest.mark.usefixtures("running", "api")
async def test_commands_say_what_their_words_say(lou: User):
    await enrols(lou)
    for name, words in (
        ("menu", "envie de quoi"),
        ("donnees", "Tes données"),
        ("relier", "envoie ce code"),
        ("stop", "je ne t'écris plus"),
        ("aide", "103"),
    ):
        given = lou.slash(name)
        assert await lou.sees_ack(given) == 5
        await lou.sees(words)
        await until(partial(forgotten, given), "it goes on thinking")


@pytest.mark.usefixtures("running")
async def test_in_the_guild_the_way_is_shown_to_one_person_only(api: DiscordApi, lou: User):
    given = lou.slash("menu", where="guild")
    way = await lou.sees("message privé")
    assert way.ephemeral
    assert given.response is way
    lou.slash("aide", where="guild")
    assert (await lou.sees("103")).ephemeral
    lou.writes_in_guild("bonjour")
    await asyncio.sleep(0.1)
    assert not [one for one in api.requests if one.operation in ("create_dm", "create_message")]


def asks(services: Services, user: User, asked: Asked) -> None:
    """Put a question of the test's own to somebody who is remembered."""
    with services.database.begin() as uow:
        person = people.find(uow, "discord", str(user.id))
        assert person
        held = conversations.load(uow, person)
        scene = turns.open_scene(services, uow, person, held, channel="discord")
        scene.add("text", {"text": asked.prompt})
        scene.ask(asked)
        turns.close_scene(scene, person, held, asked_for=False)


def options(count: int) -> tuple[Option, ...]:
    return tuple(Option(f"k{number}", f"Numéro {number}") for number in range(count))


def answers(services: Services, user: User) -> list[str]:
    """What the conversation holds of the person's own."""
    person = person_of(services, user)
    assert person
    return [str(one.body["text"]) for one in views.latest(services, person).messages if one.side == "me"]


@pytest.mark.usefixtures("running")
async def test_an_order_is_made_by_touching_in_place(services: Services, lou: User):
    await enrols(lou)
    asks(services, lou, Asked(StepKind.RANK, "Dans quel ordre ?", options(3), 2, 3))
    shown = await lou.sees("Dans quel ordre")
    lou.clicks(shown, "Numéro 2")
    await until(lambda: "1. Numéro 2" in shown.buttons, lambda: said(lou))
    assert not any("Valider" in one for one in shown.buttons)
    lou.clicks(shown, "Numéro 0")
    await until(lambda: "2. Numéro 0" in shown.buttons, lambda: said(lou))
    lou.clicks(shown, "Valider (2)")
    await until(lambda: "Numéro 2, Numéro 0" in answers(services, lou), lambda: said(lou))
    await until(lambda: not shown.buttons, "the buttons stay")


@pytest.mark.usefixtures("running")
async def test_several_are_chosen_in_a_list(services: Services, lou: User):
    await enrols(lou)
    asks(services, lou, Asked(StepKind.MULTI, "Lesquels ?", options(12), 1, 3))
    shown = await lou.sees("Lesquels")
    (listed,) = [part for part in shown.parts if part["type"] == 3]
    assert (listed["min_values"], listed["max_values"], len(listed["options"])) == (1, 3, 12)
    lou.selects(shown, ["Numéro 11", "Numéro 3"])
    await until(lambda: "Numéro 11, Numéro 3" in answers(services, lou), lambda: said(lou))


@pytest.mark.usefixtures("running")
async def test_more_than_a_list_holds_is_turned_page_by_page(services: Services, lou: User):
    await enrols(lou)
    asks(services, lou, Asked(StepKind.CHOICE, "Laquelle ?", options(30)))
    shown = await lou.sees("Laquelle")
    lou.clicks(shown, "Suite ▶")
    await until(lambda: "Numéro 19" in shown.buttons, lambda: said(lou))
    lou.clicks(shown, "Numéro 19")
    await until(lambda: "Numéro 19" in answers(services, lou), lambda: said(lou))


@pytest.mark.usefixtures("running")
async def test_too_many_ticks_and_an_old_question(services: Services, lou: User):
    await enrols(lou)
    asks(services, lou, Asked(StepKind.RANK, "Dans quel ordre ?", options(3), 1, 1))
    shown = await lou.sees("Dans quel ordre")
    lou.clicks(shown, "Numéro 2")
    await until(lambda: "1. Numéro 2" in shown.buttons, lambda: said(lou))
    lou.clicks(shown, "Numéro 0")
    assert (await lou.sees("Choisis entre 1 et 1")).ephemeral
    asks(services, lou, Asked(StepKind.CHOICE, "Et maintenant ?", options(2)))
    await lou.sees("Et maintenant")
    lou.clicks(shown, "Numéro 1")
    assert (await lou.sees("Cet écran a changé")).ephemeral
    lou.clicks(shown, "Valider (1)")
    await until(lambda: not shown.buttons, "an old question keeps its buttons")


@pytest.mark.usefixtures("api")
async def test_an_old_button_works_after_a_restart(services: Services, lou: User):
    first = await discord_run.start(services, "one")
    await enrols(lou)
    asks(services, lou, Asked(StepKind.RANK, "Dans quel ordre ?", options(3), 1, 3))
    shown = await lou.sees("Dans quel ordre")
    await first.stop()
    second = await discord_run.start(services, "two")
    try:
        lou.clicks(shown, "Numéro 2")
        await until(lambda: "1. Numéro 2" in shown.buttons, lambda: said(lou))
        lou.clicks(shown, "Valider (1)")
        await until(lambda: "Numéro 2" in answers(services, lou), lambda: said(lou))
    finally:
        await second.stop()


@pytest.mark.usefixtures("running")
async def test_a_forged_touch_changes_nothing(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    before = answers(services, lou)
    for data in ("x", f"{'a' * 22}.p.0", f"{'a' * 22}.s.", "v." * 40):
        press = lou.clicks_raw(data)
        await lou.sees_ack(press)
        told = await until(partial(getattr, press, "followups"), f"nothing was said to {data}")
        assert told[0].ephemeral
        assert "Cet écran a changé" in told[0].text
    stranger = api.user("Sam")
    theirs = next(one for one in lou.screen if one.buttons)
    stranger.clicks_raw(next(iter(theirs.buttons.values())))
    await stranger.sees("quel âge")
    assert answers(services, lou) == before


@pytest.mark.usefixtures("running")
async def test_what_nobody_asked_for_gets_a_fitting_word(lou: User):
    await enrols(lou)
    lou.sends_sticker()
    await lou.sees("autocollants")
    lou.sends_voice()
    await lou.sees("vocaux")
    lou.sends_poll("Où ?", ["ici", "là"])
    await lou.sees("sondages")
    lou.writes_dm("regarde", [("cv.pdf", b"%PDF")])
    await lou.sees("Je n'ouvre pas les fichiers")
    lou.writes_dm("regarde", [("clip.mp4", b"mp4")])
    await lou.sees("vidéos")
    lou.writes_dm("x" * 4_001)
    await lou.sees("C'est trop long ici")
    lou.writes_dm("\u200f\u200b")
    lou.edits(lou.writes_dm("menu"), "j'ai envie de mourir")
    await lou.sees("103")


@pytest.mark.usefixtures("running")
async def test_an_edit_is_told_and_a_picture_nobody_asked_for_too(lou: User):
    await enrols(lou)
    lou.edits(lou.writes_dm("menu"), "menus")
    await lou.sees("tu as changé un message")
    lou.writes_dm("", [("a.png", b"\x89PNG")])
    await lou.sees("image")


@pytest.mark.usefixtures("running")
async def test_a_closed_door_is_noticed_once_and_told(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    lou.closes_dms()
    lou.writes_dm("menu")
    await until(lambda: not reachable(services, lou), "still taken for reachable")
    assert len([one for one in api.asked("create_message") if one.status == 403]) == 1
    assert "Je n'arrive pas à t'écrire" in (await lou.sees("Je n'arrive pas à t'écrire")).text
    lou.slash("menu", where="guild")
    await until(
        lambda: len([one for one in lou.screen if "Je n'arrive pas" in one.text]) == 2, lambda: said(lou)
    )
    lou.opens_dms()
    lou.writes_dm("menu")
    await lou.sees("envie de quoi")
    await lou.sees("Je n'arrivais plus à t'écrire ici")
    assert reachable(services, lou)


def reachable(services: Services, user: User) -> bool:
    person = person_of(services, user)
    assert person
    with services.database.read() as uow:
        return "discord" in people.reachable(uow, person)


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
@pytest.mark.usefixtures("running")
async def test_too_many_requests_are_obeyed_and_burn_no_attempt(
    api: DiscordApi, services: Services, lou: User, scope: str
):
    await enrols(lou)
    count = len(api.deliveries)
    api.slow_down("create_message", 1.2, scope=scope)
    lou.writes_dm("menu")
    await until(lambda: len(api.deliveries) > count, "never sent")
    refused, taken = api.asked("create_message")[-2:]
    assert (refused.status, taken.status) == (429, 200)
    assert taken.at - refused.at >= 1.2
    with services.database.read() as uow:
        assert outbox.dead_letters(uow) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"tear": Tear.APPLIED},
        {"tear": Tear.RECEIVED},
        {"tear": Tear.ACCEPT},
        {"tear": Tear.BODY},
        {"status": 503, "applied": True},
    ],
)
@pytest.mark.usefixtures("running")
async def test_a_lost_answer_makes_one_delivery(
    api: DiscordApi,
    services: Services,
    lou: User,
    fault: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(discord_fate, "PAUSE", 0.1)
    await enrols(lou)
    count = len(api.deliveries)
    api.fail("create_message", **fault)
    lou.writes_dm("menu")
    await lou.sees("envie de quoi")
    await until(lambda: sent_rows(services), "still waits")
    assert len(api.deliveries) == count + 1
    nonces = [one.body["nonce"] for one in api.asked("create_message")[-2:]]
    assert len(nonces[0]) == 25
    assert all(one.body["enforce_nonce"] for one in api.asked("create_message"))


def sent_rows(services: Services) -> bool:
    """Whether everything that was to go out has gone out."""
    with services.database.read() as uow:
        return not outbox.dead_letters(uow) and not uow.execute(WAITING).scalar()


@pytest.mark.usefixtures("running")
async def test_what_was_missed_in_a_break_is_read_once(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    lou.writes_dm("menu")
    await lou.sees("envie de quoi")
    await asyncio.sleep(0.2)
    count = len(answers(services, lou))
    api.refuse_gateway(0.4)
    api.drop_gateway(resumable=False)
    for number in range(5):
        lou.writes_dm(f"mot {number}")
    await api.connected()
    await until(lambda: len(answers(services, lou)) >= count + 5, lambda: said(lou), 10)
    api.drop_gateway(resumable=False)
    await api.connected()
    await asyncio.sleep(0.3)
    assert answers(services, lou)[count:] == [f"mot {number}" for number in range(5)]


@pytest.mark.usefixtures("api")
async def test_what_was_written_while_nothing_ran_is_read(services: Services, lou: User):
    first = await discord_run.start(services, "one")
    await enrols(lou)
    await first.stop()
    count = len(answers(services, lou))
    for number in range(3):
        lou.writes_dm(f"mot {number}")
    second = await discord_run.start(services, "two")
    try:
        await until(lambda: len(answers(services, lou)) >= count + 3, lambda: said(lou))
        assert answers(services, lou)[count:] == [f"mot {number}" for number in range(3)]
    finally:
        await second.stop()


@pytest.mark.usefixtures("api")
async def test_whoever_opened_the_door_again_and_wrote_while_nothing_ran_is_read(
    services: Services, lou: User
):
    first = await discord_run.start(services, "one")
    await enrols(lou)
    lou.closes_dms()
    lou.writes_dm("menu")
    await until(lambda: not reachable(services, lou), "still taken for reachable")
    await first.stop()
    count = len(answers(services, lou))
    lou.opens_dms()
    lou.writes_dm("pause")
    second = await discord_run.start(services, "two")
    try:
        await until(lambda: len(answers(services, lou)) > count, lambda: said(lou))
        await until(lambda: reachable(services, lou), "still taken for closed")
        await lou.sees("Pause. Je garde tout")
        await lou.sees("Je n'arrivais plus à t'écrire")
        assert answers(services, lou)[count:] == ["pause"]
    finally:
        await second.stop()


@pytest.mark.usefixtures("running")
async def test_acknowledged_in_time_while_every_turn_is_held_up(
    api: DiscordApi, services: Services, lou: User
):
    await enrols(lou)
    asks(services, lou, Asked(StepKind.RANK, "Dans quel ordre ?", options(3), 1, 3))
    shown = await lou.sees("Dans quel ordre")
    free = threading.Event()
    services.executor.submit(free.wait, 10)
    made = [
        lou.clicks(shown, "Numéro 2"),
        lou.slash("menu"),
        lou.clicks(shown, "Numéro 1"),
        lou.slash("menu", where="guild"),
    ]
    for one in made:
        await lou.sees_ack(one)
    free.set()
    assert max(api.acks[one.id].seconds for one in made) < 0.5
    await lou.sees("envie de quoi")


@pytest.mark.usefixtures("running")
async def test_a_card_arrives_as_a_picture(services: Services, lou: User):
    await enrols(lou)
    with services.database.begin() as uow:
        person = people.find(uow, "discord", str(lou.id))
        assert person
        held = conversations.load(uow, person)
        scene = turns.open_scene(services, uow, person, held, channel="discord")
        kept.product(scene, Produced("carte_elans", "Tes élans du moment", {}))
        turns.close_scene(scene, person, held, asked_for=False)
    shown = await until(lambda: next((one for one in lou.screen if one.attachments), None), lambda: said(lou))
    assert shown.attachments[0].content.startswith(b"\x89PNG")
    assert shown.attachments[0].description


async def test_a_wrong_token_is_told_in_a_sentence(services: Services):
    services.settings.discord_token = "wrong"
    with pytest.raises(PlatformError, match="BOUSSOLE_DISCORD_TOKEN"):
        await discord_run.start(services, "one")


async def test_a_gateway_that_closes_for_good_is_told(api: DiscordApi, running: Running):
    api.drop_gateway(code=4004)
    await until(running.failed.done, "nobody is told")
    assert isinstance(running.failed.exception(), PlatformError)
    assert "jeton" in str(running.failed.exception())


async def test_only_one_process_listens_and_the_other_takes_over(
    api: DiscordApi, services: Services, lou: User
):
    first = await discord_run.start(services, "one")
    second = await discord_run.start(services, "two")
    try:
        assert (first.adapter.listening, second.adapter.listening) == (True, False)
        await enrols(lou)
        assert len(api.deliveries) == len({one.message.id for one in api.deliveries})
        await first.stop()
        count = len(answers(services, lou))
        lou.writes_dm("mot à mot")
        second._beat_at = float("-inf")
        await until(lambda: len(answers(services, lou)) > count, lambda: said(lou))
    finally:
        await second.stop()


@pytest.mark.usefixtures("running")
async def test_a_visit_is_answered_though_discord_slows_us_down(api: DiscordApi, lou: User):
    api.slow_down("create_message", 1.2)
    lou.writes_dm("salut")
    await lou.sees("quel âge")
    refused, taken = api.asked("create_message")[:2]
    assert taken.at - refused.at >= 1.2
    assert len(api.deliveries) == 1


@pytest.mark.usefixtures("running")
async def test_a_broken_line_that_resumes_loses_nothing(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    count = len(answers(services, lou))
    api.drop_gateway()
    lou.writes_dm("mot à mot")
    await until(lambda: len(answers(services, lou)) > count, lambda: said(lou))
    assert not api.asked("get_messages")


# ---------------------------------------------------------------- without a server


ROW = OutboxRow(
    1, "reply", "turn:1", "p", "discord", "", 0, "p", Lane.REPLY, Policy.AT_MOST_ONCE, State.SENDING, 0,
    NOW, NOW, None, "", {},
)  # fmt: skip


def silent(_seconds: float, _everybody: bool) -> None:  # noqa: FBT001 -- as it is called
    pass


def test_what_may_have_arrived_is_sent_again_only_while_its_mark_holds():
    row, states, now = ROW, [], NOW
    for number in range(8):
        attempt = Attempt(replace(row, attempts=number), now, Stage.SENT)
        found = attempt.too_late() or discord_fate.outcome(
            attempt, TimeoutError(), now + timedelta(seconds=9), silent
        )
        states.append(found.state)
        if found.state is not State.RETRY:
            break
        assert found.retry_at
        row, now = replace(row, reason=found.reason), found.retry_at
    assert states == [State.RETRY] * 4 + [State.UNKNOWN]
    assert now - NOW <= discord_fate.SAFE
    late = Attempt(replace(row, attempts=1), NOW + timedelta(seconds=200), Stage.SENT)
    assert late.too_late()
    again = Attempt(replace(row, attempts=1, policy=Policy.AT_LEAST_ONCE), late.began, Stage.SENT)
    assert again.too_late() is None
    assert discord_fate.outcome(again, TimeoutError(), late.began, silent).state is State.RETRY


def test_an_error_of_the_server_makes_what_follows_doubtful():
    sure = Attempt(ROW, NOW, Stage.SENT)
    hurt = Attempt(ROW, NOW, Stage.SENT, hurt=True)
    slowed = discord.RateLimited(500)
    assert discord_fate.outcome(sure, slowed, NOW, silent).state is State.RETRY
    assert discord_fate.outcome(hurt, slowed, NOW, silent).state is State.UNKNOWN
    opening = Attempt(ROW, NOW, Stage.OPENING)
    assert discord_fate.outcome(opening, TimeoutError(), NOW, silent).state is State.RETRY
    assert discord_fate.outcome(Attempt(ROW, NOW), ValueError("bug"), NOW, silent).state is State.FAILED


async def test_a_hundred_refusals_make_everybody_wait():
    pace = Pace(45, 0.2)
    watch = Watch(pace)
    for _ in range(99):
        watch._count()
    assert pace.silence() == 0
    watch._count()
    assert pace.silence() > 500


@pytest.mark.parametrize("kind", list(StepKind))
async def test_every_question_fits_under_a_message(kind: StepKind):
    for count in (0, 1, 2, 5, 10, 11, 25, 26, 36):
        fits(kind, count)


def fits(kind: StepKind, count: int) -> None:
    """Look at a question of that kind with so many answers."""
    asked = Asked(
        kind,
        "Alors ?" * 40,
        tuple(Option(f"k{n}", f"Une réponse assez longue {n} " * 4) for n in range(count)),
        1,
        3,
        accepts_text=True,
    )
    screen = Screen("s" * 22, asked)
    say = pages().microcopy.say
    for picked, page in ((None, None), ((0,), 0), ((1, 0), 2)):
        view = discord_out.under(screen, say, picked if count > 1 else None, page)
        assert view is not None
        check_components(view.to_components())
        assert len(view.to_components()) <= 5
        assert view.is_finished()  # the library keeps none of it
    if kind in discord_out.TYPED:
        assert discord_out.under(Screen("s" * 22, replace(asked, accepts_text=False)), say) is not None
    check_modal(discord_out.form(say("answer_in_words"), screen.id, screen).to_dict())


def test_nothing_that_people_wrote_is_taken_for_formatting():
    asked = Asked(StepKind.TEXT, "Pourquoi *ça* ?")
    text = "Tu as dit « __moi__ [ici](https://a.be/x_y) ».\n\nPourquoi *ça* ?"
    found = discord_out.marked_up(text, Screen("s" * 22, asked))
    assert found.endswith("**Pourquoi \\*ça\\* ?**")
    assert "\\_\\_moi\\_\\_" in found
    assert len(discord_out.marked_up("*" * 1999, None)) <= 2000


@pytest.mark.usefixtures("running")
async def test_the_headers_are_kept_to(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    api.limit_for_real()
    for number in range(8):
        asks(services, lou, Asked(StepKind.CHOICE, f"Question {number} ?", options(2)))
    await until(partial(sent_rows, services), "still waits", 15)
    assert [one.status for one in api.asked("create_message")].count(429) <= 1
    with services.database.read() as uow:
        assert outbox.dead_letters(uow) == []


@pytest.mark.usefixtures("running")
async def test_half_an_answer_is_enough_to_know(api: DiscordApi, services: Services, lou: User):
    await enrols(lou)
    count = len(api.asked("create_message"))
    api.fail("create_message", tear=Tear.ANSWER_BODY)
    lou.writes_dm("menu")
    await lou.sees("envie de quoi")
    await until(partial(sent_rows, services), "still waits")
    assert len(api.asked("create_message")) == count + 1
