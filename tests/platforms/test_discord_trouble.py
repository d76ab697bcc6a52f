"""The stand-in Discord fails as the service does: slowed down, cut anywhere, gone and back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.platforms.discord_api import DiscordApi
from tests.platforms.discord_client import discord, running
from tests.platforms.discord_users import User
from tests.platforms.faults import Fault, Tear

INTENTS = discord.Intents(guilds=True, dm_messages=True)


class Bot(discord.Client):
    """It only keeps what it hears."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=INTENTS, guild_ready_timeout=0, **options)
        self.heard: list[str] = []
        self.news = asyncio.Event()
        self.resumed = 0

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library waits five seconds before it identifies itself again: not here."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.content)
        self.news.set()

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def hears(self, text: str) -> None:
        async with asyncio.timeout(5):
            while text not in self.heard:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
async def api() -> AsyncIterator[DiscordApi]:
    async with DiscordApi() as server:
        yield server


@pytest.fixture
async def lou(api: DiscordApi) -> User:
    return api.user("Lou")


@pytest.fixture
async def bot(api: DiscordApi) -> AsyncIterator[Bot]:
    async with running(api, Bot()) as client:
        yield client


@pytest.fixture
async def channel(lou: User, bot: Bot) -> discord.DMChannel:
    return await (await bot.fetch_user(lou.id)).create_dm()


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_too_many_requests_are_tried_again_after_the_delay(
    api: DiscordApi, channel: discord.DMChannel, scope: str
):
    api.slow_down("create_message", 0.1, scope=scope)
    await channel.send("bonjour")
    refused, taken = api.asked("create_message")
    assert (refused.status, taken.status) == (429, 200)
    assert refused.answer["global"] is (scope == "global")
    assert taken.at - refused.at >= 0.1
    assert len(api.deliveries) == 1


async def test_a_429_without_via_is_a_ban(api: DiscordApi, channel: discord.DMChannel):
    api.faults.add(Fault("create_message", status=429, headers={"CF-Ray": "1", "Via": ""}))
    with pytest.raises(discord.HTTPException) as refused:
        await channel.send("bonjour")
    assert refused.value.status == 429
    assert len(api.asked("create_message")) == 1


async def test_a_bad_gateway_is_tried_again_and_may_have_been_applied(
    api: DiscordApi, channel: discord.DMChannel
):
    api.fail("create_message", status=502, applied=True)
    await channel.send("bonjour", nonce="7")
    assert [one.status for one in api.asked("create_message")] == [502, 200]
    assert [one.content for one in api.deliveries] == ["bonjour"]


async def test_the_same_nonce_is_delivered_once_in_two_minutes(
    api: DiscordApi, lou: User, channel: discord.DMChannel
):
    first, again = [await channel.send("bonjour", nonce="7") for _ in range(2)]
    assert first.id == again.id
    api.skip(121)
    assert (await channel.send("bonjour", nonce="7")).id != first.id
    assert [one.nonce for one in api.deliveries] == ["7", "7"]
    assert len(lou.screen) == 2


@pytest.mark.parametrize("tear", Tear)
async def test_a_connection_is_cut_where_it_is_asked_for(
    api: DiscordApi, lou: User, channel: discord.DMChannel, tear: Tear
):
    api.fail("create_message", tear=tear)
    with pytest.raises((aiohttp.ClientError, OSError)):
        await channel.send("bonjour")
    assert len(api.deliveries) == len(lou.screen) == int(tear.applied)
    await channel.send("encore")
    assert api.deliveries[-1].content == "encore"


async def test_a_new_connection_is_cut_before_a_byte(api: DiscordApi):
    api.fail("*", tear=Tear.ACCEPT)
    async with aiohttp.ClientSession() as session:
        with pytest.raises((aiohttp.ClientError, OSError)):
            await session.post(f"{api.url}/users/@me/channels")  # a GET would be tried again by itself
    assert api.requests == []


@pytest.mark.parametrize("applied", [False, True])
async def test_an_answer_that_hangs(api: DiscordApi, channel: discord.DMChannel, *, applied: bool):
    api.fail("create_message", hang=0.2, applied=applied)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(channel.send("bonjour"), 0.1)
    assert len(api.deliveries) == int(applied)


async def test_the_server_stops_though_an_answer_hangs(api: DiscordApi):
    api.fail("get_gateway", hang=60)
    async with aiohttp.ClientSession() as session:
        waiting = asyncio.create_task(session.get(f"{api.url}/gateway"))
        await api.world.until(lambda: api.requests or None, 5)
        async with asyncio.timeout(5):
            await api.__aexit__(None, None, None)
        with pytest.raises((aiohttp.ClientError, OSError)):
            await waiting


async def test_a_fault_can_choose_its_request(api: DiscordApi, channel: discord.DMChannel):
    api.fail(
        "create_message", status=403, body={"code": 50013}, when=lambda asked: asked["content"] == "deux"
    )
    await channel.send("un")
    with pytest.raises(discord.Forbidden):
        await channel.send("deux")
    assert [one.content for one in api.deliveries] == ["un"]


async def test_opening_direct_messages_too_fast_is_refused(api: DiscordApi, lou: User, bot: Bot):
    api.refuse_opening_dms()
    with pytest.raises(discord.Forbidden) as refused:
        await (await bot.fetch_user(lou.id)).create_dm()
    assert (refused.value.code, api.invalid_requests) == (40003, 1)


async def test_the_real_pace_of_a_channel(api: DiscordApi, lou: User):
    api.limit_for_real()
    url = f"{api.url}/channels/{lou.writes_dm('bonjour').channel.id}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {api.token}"}) as session:
        for left in (4, 3, 2, 1, 0):
            async with session.post(url, json={"content": "x"}) as taken:
                assert (taken.status, taken.headers["X-RateLimit-Remaining"]) == (200, str(left))
        async with session.post(url, json={"content": "x"}) as refused:
            body = await refused.json()
            assert (refused.status, refused.headers["X-RateLimit-Scope"]) == (429, "user")
            assert refused.headers["Via"]
            assert 4 < body["retry_after"] <= 5
        api.skip(5)
        async with session.post(url, json={"content": "x"}) as taken:
            assert taken.status == 200
        everything = await asyncio.gather(*(session.get(f"{api.url}/gateway") for _ in range(60)))
        assert [one.headers["X-RateLimit-Global"] for one in everything if one.status == 429] == ["true"] * 11


async def test_what_was_missed_comes_with_the_resumption(api: DiscordApi, lou: User, bot: Bot):
    api.drop_gateway()
    lou.writes_dm("pendant")
    await bot.hears("pendant")
    api.gateway.ask_reconnect()
    await bot.wait_for("resumed", timeout=5)
    lou.writes_dm("après")
    await bot.hears("après")
    assert (bot.heard, len(api.gateway.sessions), bot.resumed) == (["pendant", "après"], 1, 2)


@pytest.mark.parametrize("asked", ["drop", "invalidate"])
async def test_a_session_that_is_over_begins_anew_and_the_history_is_read(
    api: DiscordApi, lou: User, bot: Bot, channel: discord.DMChannel, asked: str
):
    lou.writes_dm("avant")
    await bot.hears("avant")
    if asked == "drop":
        api.drop_gateway(resumable=False)
    else:
        api.gateway.invalidate()
    lou.writes_dm("pendant")
    await bot.wait_for("ready", timeout=5)
    assert len(api.gateway.sessions) == 2
    assert bot.heard == ["avant"]
    assert [one.content async for one in channel.history(limit=1)] == ["pendant"]


async def test_a_silent_gateway_is_left_and_the_rest_is_told(api: DiscordApi, lou: User):
    api.gateway.heartbeat_ms = 50
    async with running(api, Bot(heartbeat_timeout=0.3)) as bot:
        api.gateway_silent()
        lou.writes_dm("dans le vide")
        await bot.hears("dans le vide")
        assert bot.resumed == 1


async def test_refused_connections(api: DiscordApi):
    api.refuse_gateway(60)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(api.gateway_url)
        api.refuse_gateway(0)
        async with session.ws_connect(api.gateway_url) as socket:
            assert (await socket.receive_json())["op"] == 10
