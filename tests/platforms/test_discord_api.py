"""The stand-in Discord holds what it promises to the unmodified discord.py."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.platforms.discord_api import DiscordApi
from tests.platforms.discord_client import app_commands, discord, pointed_at, running
from tests.platforms.discord_contract import NO_SPEC, SPEC, Contract
from tests.platforms.discord_sample import Bot, Menu
from tests.platforms.discord_users import User
from tests.platforms.discord_world import MESSAGE_CONTENT


@pytest.fixture
async def api() -> AsyncIterator[DiscordApi]:
    async with DiscordApi() as server:
        yield server


@pytest.fixture
async def lou(api: DiscordApi) -> User:
    return api.user("Lou")


@pytest.fixture
async def bot(api: DiscordApi, lou: User) -> AsyncIterator[Bot]:
    assert lou.member  # she is there before the guild is told
    async with running(api, Bot()) as client:
        yield client


async def test_a_client_logs_in_and_knows_its_guild_and_commands(api: DiscordApi, lou: User, bot: Bot):
    (guild,) = bot.guilds
    assert guild.member_count == 2
    assert [one.display_name for one in await guild.query_members(user_ids=[lou.id])] == ["Lou"]
    assert [command.name for command in await bot.tree.fetch_commands()] == ["boussole", "lent"]
    assert {one.operation for one in api.requests} >= {"get_me", "get_oauth2_application", "set_commands"}


async def test_a_wrong_token_is_refused(api: DiscordApi):
    client = Bot()
    with pointed_at(api), pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()


@pytest.mark.parametrize("allowed", [False, True])
async def test_an_intent_must_be_switched_on(api: DiscordApi, lou: User, *, allowed: bool):
    api.gateway.allowed_intents = MESSAGE_CONTENT if allowed else 0
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    if not allowed:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(api, Bot(intents=intents)) as client:
                await client.wait_until_ready()
        return
    async with running(api, Bot(intents=intents)):
        lou.writes_in_guild("bonjour")
        await api.world.until(lambda: api.deliveries or None, 5)
        assert api.deliveries[0].content == "lu : bonjour"


@pytest.mark.usefixtures("bot")
async def test_in_the_guild_the_text_is_hidden(api: DiscordApi, lou: User):
    lou.writes_in_guild("secret")
    assert await api.world.until(lambda: api.deliveries or None, 5)
    assert api.deliveries[0].content == "lu :"


async def test_direct_messages_go_both_ways(api: DiscordApi, lou: User, bot: Bot):
    lou.writes_dm("bonjour")
    answer = await lou.sees("lu : bonjour")
    channel = await bot.dm(lou)
    assert [one.content async for one in channel.history()] == ["lu : bonjour", "bonjour"]
    sent = await channel.send("à corriger", embed=discord.Embed(title="Titre", description="Corps"))
    await sent.edit(content="corrigé")
    assert (await lou.sees("Corps")).text == "corrigé\nTitre\nCorps"
    await (await channel.fetch_message(answer.id)).delete()
    assert [(one.content, one.edits, one.deleted) for one in lou.messages] == [
        ("lu : bonjour", 0, True),
        ("corrigé", 1, False),
    ]
    assert [one.content for one in api.deliveries] == ["lu : bonjour", "à corriger"]


async def test_what_is_not_text_arrives_too(lou: User, bot: Bot):
    lou.sends_sticker()
    lou.sends_voice()
    lou.sends_poll("Où ?", ["ici", "là"])
    lou.writes_dm("une image", [("a.png", b"png")])
    await lou.sees("lu : une image")
    sticker, voice, poll, image = sorted(bot.heard, key=lambda message: message.id)
    assert (sticker.stickers[0].name, voice.flags.voice) == ("Wumpus", True)
    assert poll.poll is not None
    assert [answer.text for answer in poll.poll.answers] == ["ici", "là"]
    assert await image.attachments[0].read() == b"png"


async def test_files_go_up_and_come_down(lou: User, bot: Bot):
    channel = await bot.dm(lou)
    files = [
        discord.File(io.BytesIO(name.encode()), f"{name}.txt", description=name) for name in ("un", "deux")
    ]
    sent = await channel.send("deux fichiers", files=files)
    seen = await lou.sees("deux fichiers")
    assert [(one.filename, one.content, one.description) for one in seen.attachments] == [
        ("un.txt", b"un", "un"),
        ("deux.txt", b"deux", "deux"),
    ]
    assert await sent.attachments[1].read() == b"deux"
    await sent.edit(attachments=[sent.attachments[1]])
    assert [one.filename for one in seen.attachments] == ["deux.txt"]


@pytest.mark.usefixtures("bot")
async def test_a_command_is_answered_in_a_dm_and_in_the_guild(api: DiscordApi, lou: User):
    in_dm, in_guild = lou.slash("boussole"), lou.slash("boussole", where="guild")
    assert await lou.sees_ack(in_dm) == await lou.sees_ack(in_guild) == 4
    assert sorted(message.ephemeral for message in lou.messages) == [False, True]
    assert api.acks[in_dm.id].seconds < 3
    with pytest.raises(LookupError, match="no command"):
        lou.slash("autre")


@pytest.mark.usefixtures("bot")
async def test_a_deferred_answer_is_filled_by_the_first_follow_up(api: DiscordApi, lou: User):
    lou.slash("lent")
    await lou.sees("un et demi")
    assert [(one.content, one.ephemeral) for one in lou.screen] == [("un et demi", True), ("deux", True)]
    assert [one.content for one in api.deliveries] == ["un", "deux"]


async def test_buttons_and_lists_work_after_a_restart_too(api: DiscordApi, lou: User):
    async with running(api, Bot()):
        lou.slash("boussole")
        shown = await lou.sees("Le menu")
        lou.selects(shown, "Vert")
        await lou.sees("choisi : v")
    async with running(api, Bot()):
        lou.selects(shown, ["b"])
        await lou.sees("choisi : b")
        lou.clicks(shown, "Commencer")
        assert await lou.sees("C’est parti") is shown
    with pytest.raises(LookupError, match="no button"):
        lou.clicks(shown, "Absent")


@pytest.mark.usefixtures("bot")
async def test_a_button_opens_a_form_that_is_sent(lou: User):
    lou.slash("boussole")
    lou.clicks(await lou.sees("Le menu"), "Écrire")
    modal = await lou.sees_modal()
    assert (modal.title, [one["custom_id"] for one in modal.inputs]) == ("Une question", ["answer", "place"])
    with pytest.raises(LookupError, match="must be filled in"):
        lou.submits(modal, {"place": "there"})
    lou.submits(modal, {"answer": "le bois", "place": "there"})
    assert (await lou.sees("le bois")).text == "le bois, there"


async def test_a_forged_press_reaches_the_bot(lou: User, bot: Bot):
    press = lou.clicks_raw("start")
    assert await lou.sees_ack(press) == 7
    forged = lou.clicks_raw("unknown")
    assert (await bot.wait_for("interaction", timeout=5)).id == forged.id


@pytest.mark.parametrize(("person", "door"), [("member", "closed"), ("stranger", "open")])
async def test_who_cannot_be_written_to(api: DiscordApi, bot: Bot, person: str, door: str):
    user = api.user("Sam", member=person == "member")
    if door == "closed":
        user.closes_dms()
    channel = await bot.dm(user)
    with pytest.raises(discord.Forbidden) as refused:
        await channel.send("bonjour")
    assert refused.value.code == 50007
    user.opens_dms()
    user.joins_guild()
    await channel.send("bonjour")
    assert len(api.deliveries) == 1


@pytest.mark.parametrize(
    ("message", "code", "field"),
    [
        ({"content": "x" * 2001}, 50035, "content"),
        ({"content": " "}, 50006, ""),
        ({"label": "x" * 81}, 50035, "label"),
        ({"label": "x", "custom_id": "x" * 101}, 50035, "custom_id"),
        ({"options": 26}, 50035, "options"),
    ],
)
async def test_what_is_too_long_is_refused(
    api: DiscordApi, lou: User, bot: Bot, message: dict[str, Any], code: int, field: str
):
    part: dict[str, Any] = {"type": 2, "style": 1, "custom_id": "a"} | message
    if "options" in message:
        options = [{"label": str(n), "value": str(n)} for n in range(message["options"])]
        part = {"type": 3, "custom_id": "a", "options": options}
    body = message if "content" in message else {"components": [{"type": 1, "components": [part]}]}
    channel = await bot.dm(lou)
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id)
    with pytest.raises(discord.HTTPException) as refused:
        await bot.http.request(route, json=body)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert field in refused.value.text
    assert api.deliveries == []


async def test_an_unknown_message_is_told_apart(lou: User, bot: Bot):
    channel = await bot.dm(lou)
    with pytest.raises(discord.NotFound) as refused:
        await channel.get_partial_message(1).edit(content="?")
    assert refused.value.code == 10008


async def test_an_interaction_is_answered_once_and_its_token_ends(api: DiscordApi, lou: User, bot: Bot):
    lou.slash("boussole")
    event = await bot.wait_for("interaction", timeout=5)
    await lou.sees("Le menu")
    async with aiohttp.ClientSession() as session:
        url = f"{api.url}/interactions/{event.id}/{event.token}/callback"
        async with session.post(url, json={"type": 5}) as again:
            assert (again.status, (await again.json())["code"]) == (400, 40060)
    api.skip(901)
    with pytest.raises(discord.NotFound) as late:
        await event.followup.send("trop tard")
    assert late.value.code == 10015


async def test_a_late_first_answer_is_refused(api: DiscordApi, lou: User, bot: Bot):
    api.world.ack_limit = 0.0
    errors: list[Exception] = []

    @bot.tree.error
    async def keep(_interaction: object, error: app_commands.AppCommandError) -> None:
        errors.append(error)
        api.world.changed()

    lou.slash("boussole")
    assert await api.world.until(lambda: errors or None, 5)
    assert "10062" in str(errors[0])
    assert lou.messages == []


@pytest.mark.shared
@pytest.mark.skipif(not SPEC.exists(), reason=NO_SPEC)
async def test_requests_and_answers_keep_to_the_published_description(api: DiscordApi, lou: User, bot: Bot):
    channel = await bot.dm(lou)
    lou.writes_dm("bonjour", [("a.txt", b"a")])
    reply = await (await channel.fetch_message((await lou.sees("lu : bonjour")).id)).reply("suite", nonce="1")
    await reply.edit(embed=discord.Embed(title="Titre").add_field(name="a", value="b"), view=Menu())
    await channel.send("image", file=discord.File(io.BytesIO(b"x"), "x.txt"))
    lou.sends_poll("Où ?", ["ici"])
    lou.sends_sticker()
    _ = [one async for one in channel.history(limit=20)]
    await channel.typing()
    lou.clicks(await lou.sees("Titre"), "Écrire")
    lou.submits(await lou.sees_modal(), {"answer": "oui", "place": "Ici"})
    lou.selects(await lou.sees("Titre"), "Bleu")
    lou.slash("lent")
    await lou.sees("un et demi")
    await asyncio.gather(lou.sees("choisi : b"), lou.sees("oui, Ici"))
    await reply.delete()
    with pytest.raises(discord.HTTPException):
        await channel.send("x" * 2001)
    api.slow_down("create_message", 0.01)
    await channel.send("après")
    assert Contract().deviations(api.requests) == []  # each accepted one has its reason there
    api.requests[-1].body = {"content": 3, "colour": "red"}
    assert len(Contract().deviations(api.requests)) == 2
