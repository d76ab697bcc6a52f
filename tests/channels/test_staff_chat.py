"""Commands of the centre's people on Telegram and on Discord, with the real libraries over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.application import team
from bot.application.clock import Clock
from bot.application.rights import OPERATOR, Role
from bot.application.services import Services
from bot.bootstrap import real_now
from bot.channels import discord_run, telegram_run
from bot.channels.discord_client import Client
from storage import gatherings, people, staff_addresses, staff_links
from storage.gatherings import Gathering
from tests.channels import test_discord as on_discord
from tests.channels import test_telegram as on_telegram
from tests.channels.waiting import until
from tests.platforms.discord_api import DiscordApi
from tests.platforms.telegram_api import TelegramApi
from tests.support import databases
from tests.support.centre import services_for

ADD = "ajouter lab Animation 3D, après-demain 14h-16h, salle B, 12 places"


def all_of(services: Services) -> list[Gathering]:
    with services.database.read() as uow:
        return gatherings.between(uow, uow.now, uow.now + timedelta(days=90))


def colleague(services: Services, *roles: Role, channel: str = "", address: str = "") -> str:
    """Somebody of the centre, whose chat is joined when an address is given."""
    with services.database.begin() as uow:
        made = team.add(uow, OPERATOR, "Ana", roles or (Role.COACH,)).member
        if address:
            staff_addresses.join(uow, made.id, channel, address)
        return made.id


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_client: Client, _shard: int | None, *, initial: bool = False) -> None:
        """The library waits five seconds before it identifies itself again: not here."""

    monkeypatch.setattr(Client, "before_identify_hook", at_once)
    monkeypatch.setattr(discord_run, "BETWEEN", 0.001)
    monkeypatch.setattr(discord_run, "TICK", 0.05)
    monkeypatch.setattr(telegram_run, "BETWEEN", 0.01)
    monkeypatch.setattr(telegram_run, "POLL", 2)


@asynccontextmanager
async def centre(url: str, folder: Path, **settings: Any) -> AsyncIterator[Services]:
    clock = Clock(real_now)
    database = databases.open_database(url, clock)
    made = services_for(database, clock, folder, **settings)
    try:
        yield made
    finally:
        made.executor.shutdown()
        database.close()


@pytest.fixture
async def telegram(sqlite_url: str, tmp_path: Path) -> AsyncIterator[tuple[TelegramApi, Services, Any]]:
    async with (
        TelegramApi() as api,
        centre(sqlite_url, tmp_path, telegram_token=api.token, telegram_api_url=api.url) as services,
    ):
        running = await telegram_run.start(services, "one")
        yield api, services, running
        await running.stop()


@pytest.fixture
async def discord(sqlite_url: str, tmp_path: Path) -> AsyncIterator[tuple[DiscordApi, Services, Any]]:
    async with DiscordApi() as api:
        api.world.delay = 0.001
        told = {
            "discord_token": api.token,
            "discord_api_url": api.url,
            "discord_gateway_url": api.gateway_url,
        }
        async with centre(sqlite_url, tmp_path, **told) as services:
            ana = api.user("Ana")
            assert ana.member
            running = await discord_run.start(services, "one")
            yield api, services, ana
            await running.stop()


async def test_a_coach_joins_adds_and_cancels_on_telegram(telegram: tuple[TelegramApi, Services, Any]):
    api, services, _running = telegram
    mine = colleague(services)
    with services.database.begin() as uow:
        code = staff_links.join_code(uow, mine)
    ana = api.user(77, first_name="Ana")
    ana.writes(f"/equipe {code}")
    await ana.sees("reconnaît ici vos commandes")

    ana.writes(f"/agenda {ADD}")
    await on_telegram.presses(ana, "Ajouter")
    await ana.sees("C’est ajouté : n° 1")
    (made,) = all_of(services)
    assert made.details.title == "Animation 3D"

    ana.writes("/agenda annuler 1 grève")
    shown = await until(partial(on_telegram.button, ana, "Annuler ce rendez-vous"), "no button")
    ana.presses(shown, "Annuler ce rendez-vous")
    ana.presses(shown, "Annuler ce rendez-vous")  # a nervous thumb
    await ana.sees("est annulé")
    await ana.sees("n’attend plus")
    assert not all_of(services)[0].planned
    with services.database.read() as uow:
        assert people.count(uow) == 0  # a colleague is no learner


async def test_one_update_delivered_twice_has_one_effect(telegram: tuple[TelegramApi, Services, Any]):
    api, services, running = telegram
    colleague(services, channel="telegram", address="77")
    ana = api.user(77)
    ana.writes("/agenda aide")
    await ana.sees("dans l’ordre que vous voulez")
    update = {
        "update_id": 990_001,
        "message": {
            "message_id": 5,
            "date": int(services.now().timestamp()),
            "chat": {"id": 77, "type": "private"},
            "from": {"id": 77, "is_bot": False, "first_name": "Ana"},
            "text": f"/agenda {ADD}",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        },
    }
    await asyncio.gather(running.adapter.take(update), running.adapter.take(update))
    await ana.sees("Je l’ajoute")
    await running.adapter.intake.idle()
    await asyncio.sleep(0.1)
    assert len([one for one in ana.shown if "Je l’ajoute" in one.text]) == 1


async def test_learners_and_strangers_have_no_commands_on_telegram(
    telegram: tuple[TelegramApi, Services, Any],
):
    api, services, _running = telegram
    lou = api.user(1001, first_name="Lou")
    lou.writes("/agenda")
    await lou.sees("quel âge")
    await on_telegram.enrols(lou)
    lou.writes(f"/agenda {ADD}")
    lou.writes("/equipe 1234")
    await lou.sees("Ce code ne marche pas")
    assert all_of(services) == []
    assert not any("J’ai compris" in one.text for one in lou.shown)


async def test_a_colleague_who_is_also_a_learner_keeps_both_apart(
    telegram: tuple[TelegramApi, Services, Any],
):
    api, services, _running = telegram
    ana = api.user(77, first_name="Ana")
    await on_telegram.enrols(ana)
    colleague(services, channel="telegram", address="77")
    ana.writes(f"/agenda {ADD}")
    await ana.sees("Je l’ajoute")
    ana.writes("oui")  # may be an answer to a page: only the button counts
    await asyncio.sleep(0.3)
    assert all_of(services) == []
    await on_telegram.presses(ana, "Ajouter")
    await ana.sees("C’est ajouté")
    assert len(all_of(services)) == 1
    ana.writes("/menu")
    await ana.sees("envie de quoi")


async def test_a_group_is_never_answered_about_the_agenda(telegram: tuple[TelegramApi, Services, Any]):
    api, services, _running = telegram
    colleague(services, channel="telegram", address="77")
    ana = api.user(77)
    group = api.group(-5, "Équipe")
    group.writes(ana, f"/agenda {ADD}")
    await until(lambda: group.messages, "nothing said in the group")
    assert not any("J’ai compris" in one.text for one in group.messages)
    assert all_of(services) == []


async def test_a_coach_adds_by_a_slash_command_and_a_message_on_discord(
    discord: tuple[DiscordApi, Services, Any],
):
    _api, services, ana = discord
    colleague(services, channel="discord", address=str(ana.id))
    ana.slash("agenda", texte=ADD)
    await ana.sees("J’ai compris")
    await on_discord.presses(ana, "Ajouter")
    await ana.sees("C’est ajouté : n° 1")
    ana.writes_dm("/agenda 1")
    await ana.sees("0 place prise sur 12")
    ana.slash("agenda", where="guild", texte="annuler 1")
    assert (await ana.sees("message privé")).ephemeral
    (made,) = all_of(services)
    assert made.planned


async def test_a_stranger_on_discord_is_greeted_as_anybody(discord: tuple[DiscordApi, Services, Any]):
    _api, services, ana = discord
    ana.slash("agenda")
    await ana.sees("quel âge")
    assert all_of(services) == []
