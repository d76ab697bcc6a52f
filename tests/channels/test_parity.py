"""One description of a journey, lived on the web, on Telegram and on Discord: the same answers are kept on each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.application import keyboard
from bot.application.clock import Clock
from bot.application.messages import Press, Screen
from bot.application.services import Services
from bot.bootstrap import real_now
from bot.channels import discord_out, discord_run, telegram_out, telegram_run
from bot.channels.discord_client import Client
from dialogues.events import Asked, Card, Option
from dialogues.model import StepKind
from storage import conversations, people, products
from tests.channels import test_discord as on_discord
from tests.channels import test_telegram as on_telegram
from tests.channels.waiting import until
from tests.platforms.discord_api import DiscordApi
from tests.platforms.telegram_api import TelegramApi
from tests.support import databases
from tests.support.centre import services_for
from tests.support.talk import Talker

# a part of the button's label, or words between guillemets
JOURNEY = (
    "16 à 18", "« Lou »", "Sans préciser", "Textes normaux", "4e", "D'accord", "Mes cartes finies", "Moi, avec de l'aide",
    "Mercredi après-midi", "« mes données »", "Retour", "« menu »",
)  # fmt: skip
KEPT = (
    "user.age_band", "user.first_name", "user.accord", "user.reading_mode", "user.school_stage", "consent.self",
    "consent.share_coach", "consent.reminder_slot",
)  # fmt: skip
CHOICES = (  # three occupations to dig into, then studies, in words that name the same for everybody
    "Trois métiers", "« un autre métier »", "« kinésithérapeute »", "inésithérapeute", "Une autre", "« boulangère »",
    "oulang", "« aider à marcher »", "« les études longues »", "« le coût »", "« le bon pain »", "« passer »",
    "« à quelle heure on se lève »", "« 2, 1 »", "Une rencontre", "Comparer des études", "« une autre formation »",
    "« kinésithérapie HEPL »", "« 1 »", "Non, celle", "« le coût, les aides »", "« passer »", "Bien", "On cherche",
    "Je ne sais pas", "« passer »", "« menu »",
)  # fmt: skip
ASKING = tuple(
    kind for kind in StepKind if kind not in (StepKind.SAY, StepKind.PRODUCT, StepKind.ROUTE, StepKind.ERRAND)
)


class Player(Protocol):
    """Somebody on one channel."""

    address: str

    async def begins(self) -> None: ...
    async def press(self, part: str) -> None: ...
    async def type(self, text: str) -> None: ...
    async def ends(self) -> None: ...


class OnTheWeb:
    """The site's own turns (its pages are played in Chromium elsewhere)."""

    def __init__(self, services: Services) -> None:
        self.talker = Talker(services)
        self.address = ""

    async def begins(self) -> None:
        self.talker.hello()

    async def press(self, part: str) -> None:
        self.talker.press(next(label for label in self.talker.labels if part in label))
        self.address = self.talker.person or ""

    async def type(self, text: str) -> None:
        self.talker.type(text)

    async def ends(self) -> None:
        assert self.talker.screen is not None


class OnTelegram:
    def __init__(self, api: TelegramApi) -> None:
        self.user = api.user(1001)
        self.address = "1001"

    async def begins(self) -> None:
        self.user.writes("/start")

    async def press(self, part: str) -> None:
        await on_telegram.presses(self.user, part)

    async def type(self, text: str) -> None:
        await settled(self.user.sees_new)
        self.user.looks()
        self.user.writes(text)

    async def ends(self) -> None:
        await until(partial(on_telegram.button, self.user, "Mon prochain pas"), "no menu")


class OnDiscord:
    def __init__(self, api: DiscordApi) -> None:
        self.user = api.user("Lou")
        self.address = str(self.user.id)

    async def begins(self) -> None:
        self.user.writes_dm("salut")

    async def press(self, part: str) -> None:
        await until(partial(on_discord.button, self.user, part), f"no button {part}")
        seen = len(self.user.messages)
        await on_discord.presses(self.user, part)
        await until(partial(grown, self.user, seen), "no answer")

    async def type(self, text: str) -> None:
        seen = len(self.user.messages)
        self.user.writes_dm(text)
        await until(partial(grown, self.user, seen), "no answer")

    async def ends(self) -> None:
        await until(partial(on_discord.button, self.user, "Mon prochain pas"), "no menu")


def grown(user: Any, seen: int) -> bool:
    return len(user.messages) > seen


async def settled(look: Callable[..., Awaitable[Any]]) -> None:
    await look(timeout=5)


@asynccontextmanager
async def playing(
    channel: str, url: str, folder: Path, now: Callable[[], datetime] = real_now
) -> AsyncIterator[tuple[Services, Player]]:
    """A centre with somebody on that channel; `now` may be moved, it is also Telegram's."""
    clock = Clock(now)
    database = databases.open_database(url, clock)
    async with AsyncExitStack() as stack:
        stack.callback(database.close)
        if channel == "web":
            services = services_for(database, clock, folder)
            stack.callback(services.executor.shutdown)
            yield services, OnTheWeb(services)
        elif channel == "telegram":
            telegram = await stack.enter_async_context(TelegramApi(clock=now))
            given = {"telegram_token": telegram.token, "telegram_api_url": telegram.url}
            services = services_for(database, clock, folder, **given)
            stack.callback(services.executor.shutdown)
            stack.push_async_callback((await telegram_run.start(services, "one")).stop)
            yield services, OnTelegram(telegram)
        else:
            discord = await stack.enter_async_context(DiscordApi())
            urls = {"discord_api_url": discord.url, "discord_gateway_url": discord.gateway_url}
            services = services_for(database, clock, folder, discord_token=discord.token, **urls)
            stack.callback(services.executor.shutdown)
            player = OnDiscord(discord)
            stack.push_async_callback((await discord_run.start(services, "one")).stop)
            yield services, player


async def lived(channel: str, url: str, folder: Path, *journeys: tuple[str, ...]) -> dict[str, Any]:
    """What is kept of somebody who lived these journeys on that channel, and the cards they were given."""
    async with playing(channel, url, folder) as (services, player):
        await player.begins()
        for act in (one for journey in journeys for one in journey):
            if act.startswith("«"):
                await player.type(act.strip("« »"))
            else:
                await player.press(act)
        await player.ends()
        with services.database.read() as uow:
            found = people.find(uow, channel, player.address)
            assert found is not None
            cards = [one.name for one in products.of_person(uow, found.id)]
            return {**conversations.profile(uow, found.id), "cards": cards}


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_client: Client, _shard: int | None, *, initial: bool = False) -> None:
        """The library's five seconds before it identifies itself."""

    monkeypatch.setattr(Client, "before_identify_hook", at_once)
    for module in (telegram_run, discord_run):
        monkeypatch.setattr(module, "BETWEEN", 0.001)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("channel", ["web", "telegram", "discord"])
async def test_the_same_journey_keeps_the_same_answers(channel: str, sqlite_url: str, tmp_path: Path):
    profile = await lived(channel, sqlite_url, tmp_path, JOURNEY)

    assert {name: profile.get(name) for name in KEPT} == {
        "user.age_band": "16-18",
        "user.first_name": "Lou",
        "user.accord": "n",
        "user.reading_mode": "standard",
        "user.school_stage": "s4",
        "consent.self": True,
        "consent.share_coach": "cards",
        "consent.reminder_slot": "wed_pm",
    }


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("channel", ["web", "telegram", "discord"])
async def test_the_same_choices_keep_the_same_tracks_and_the_same_comparison(
    channel: str, sqlite_url: str, tmp_path: Path
):
    profile = await lived(channel, sqlite_url, tmp_path, JOURNEY, CHOICES)

    baker, physio = profile["job.shortlist"]
    assert (baker["job"], baker["joker"], baker["why"]) == ("baker", True, "le bon pain")
    assert (physio["job"], physio["why"], physio["check"]) == (
        "physiotherapist",
        "aider à marcher",
        "le coût",
    )
    compared = profile["programme.compared"]
    assert [one["ratings"] for one in compared] == [{"money": 3}]
    assert "HEPL" in compared[0]["name"]
    assert profile["programme.criteria"] == {"weight": ["money"]}
    note = profile["programme.notes"][-1]
    assert (note["gate"], note["lean"], len(note["questions"])) == ("look", "none", 1)
    assert [one["about"] for one in profile["action.list"]] == ["job_shortlist"]
    assert sorted(profile["cards"]) == ["compare_table", "shortlist_card"]


@pytest.mark.parametrize("kind", ASKING)
def test_every_kind_of_step_can_be_answered_on_every_platform(kind: StepKind):
    options = tuple(Option(f"k{number}", f"Réponse {number}") for number in range(12))
    card = Card("c", "Une carte") if kind in (StepKind.REACTIONS, StepKind.SORT) else None
    screen = Screen("A" * 22, Asked(kind, "Et toi ?", options, 1, 3, card=card, accepts_text=True))

    offered = {
        touch.body.indices
        for page in (0, 1)
        for row in keyboard.board(screen, (0,) if kind in keyboard.SEVERAL else None, page)
        for one in row
        if (touch := keyboard.touched(one.data)) and isinstance(touch.body, Press)
    }
    assert offered == ({(0,)} if kind in keyboard.SEVERAL else {(number,) for number in range(12)})
    board = telegram_out.markup(screen)
    assert board is not None
    assert all(len(row) <= 8 for row in board.inline_keyboard)
    assert all(len(str(one.callback_data).encode()) <= 64 for row in board.inline_keyboard for one in row)
    assert discord_out is not None
