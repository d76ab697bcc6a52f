"""Somebody of sixteen on the web, on Telegram or on Discord, a coach who types commands, and a clock that both follow."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.application import reminders, taking_part, views
from bot.application.services import Services
from bot.bootstrap import real_now
from storage import gatherings, participations, people
from storage.gatherings import Gathering
from storage.participations import Standing
from tests.bot.desk import Desk, colleague
from tests.channels import test_discord as on_discord
from tests.channels import test_telegram as on_telegram
from tests.channels.test_parity import JOURNEY, OnDiscord, OnTelegram, OnTheWeb, Player, playing
from tests.channels.waiting import until
from tests.platforms import discord_users, telegram_people
from tests.support.talk import words

CHANNELS = ["web", "telegram", "discord"]
BRUSSELS = ZoneInfo("Europe/Brussels")
SEES = 10  # seconds to wait for what surely comes


class Moving:
    """Real time, moved to where the story is; seconds go on."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return real_now() + self._ahead

    def to(self, day: int, hour: int, minute: int = 0) -> timedelta:
        """A day of October 2026, wall time in Brussels; how far that is from real time."""
        there = datetime(2026, 10, day, hour, minute, tzinfo=BRUSSELS)
        self._ahead = there.astimezone(UTC) - real_now()
        return self._ahead


class Staff(Protocol):
    """A coach who types commands in a chat."""

    async def orders(self, command: str, button: str, answer: str) -> None: ...


@dataclass
class AtDesk:
    """Where the learner is on the site, the coach still types in a chat."""

    desk: Desk

    async def orders(self, command: str, button: str, answer: str) -> None:
        self.desk.type(command)
        assert answer in self.desk.press(button)


@dataclass
class OnPlatform:
    """The coach is on the learner's platform, and types there for real."""

    user: Any
    types: Callable[[str], object]
    presses: Callable[..., Any]

    async def orders(self, command: str, button: str, answer: str) -> None:
        self.types(command)
        await self.presses(self.user, button)
        await self.user.sees(answer)


@dataclass
class Story:
    """A centre in the autumn of 2026, a coach and somebody of sixteen on one channel."""

    services: Services
    player: Any
    staff: Staff
    clock: Moving
    channel: str
    read: int = field(default=0)

    def goes_to(self, day: int, hour: int, minute: int = 0) -> None:
        """Move everybody's clock."""
        ahead = self.clock.to(day, hour, minute)
        if isinstance(self.player, OnDiscord):
            self.player.user.world.shift = ahead.total_seconds()

    async def acts(self, *acts: str) -> None:
        """Press buttons by a part of their labels; words between guillemets are typed."""
        for act in acts:
            seen = len(self.shown())
            if act.startswith("«"):
                self._types(act.strip("« »"))
            else:
                await self.player.press(act)
            await until(partial(self._more_than, seen), f"no answer to {act}", SEES)

    def _more_than(self, seen: int) -> bool:
        return len(self.shown()) > seen

    def _types(self, text: str) -> None:
        if isinstance(self.player, OnTheWeb):
            self.player.talker.type(text)
        else:
            write = self.player.user.writes_dm if self.channel == "discord" else self.player.user.writes
            write(text)

    def shown(self) -> list[str]:
        """Everything the bot has shown them, as their platform has it."""
        match self.player:
            case OnTheWeb():
                return self._on_the_page()
            case OnTelegram():
                return [one.text for one in self.player.user.shown]
            case _:
                return [one.text for one in self.player.user.screen]

    def _on_the_page(self) -> list[str]:
        talker = self.player.talker
        kept = views.latest(self.services, talker.person, 500).messages if talker.person else talker.heard
        return [words([one]) for one in kept]

    async def hears(self, *parts: str) -> str:
        """What was shown since they last listened, once all of these are in it."""

        def heard() -> str:
            since = "\n".join(self.shown()[self.read :]).replace("\u00a0", " ").replace("’", "'")
            return since if all(part in since for part in parts) else ""

        found = await until(heard, lambda: f"{parts} not in {self.shown()[self.read :]}", SEES)
        self.read = len(self.shown())
        return str(found)

    def due(self) -> int:
        """Let the tick say what is due; how many messages."""
        taking_part.end_offers(self.services)
        said = reminders.send_due(self.services)
        if (
            isinstance(self.player, OnTheWeb) and self.player.talker.last is not None
        ):  # the page is opened again
            talker = self.player.talker
            assert talker.person is not None
            assert talker.last is not None
            talker.last = replace(talker.last, view=views.latest(self.services, talker.person))
        return said

    @property
    def person(self) -> str:
        with self.services.database.read() as uow:
            found = people.find(uow, self.channel, self.player.address)
        assert found is not None
        return found.id

    def gathering(self) -> Gathering:
        with self.services.database.read() as uow:
            (found,) = gatherings.between(uow, uow.now - timedelta(days=30), uow.now + timedelta(days=90))
        return found

    def standing(self, person: str = "") -> Standing | None:
        with self.services.database.read() as uow:
            part = participations.get(uow, self.gathering().id, person or self.person)
        return part.standing if part else None


@asynccontextmanager
async def story(channel: str, url: str, folder: Path) -> AsyncIterator[Story]:
    """Wednesday 7 October 2026 at four in the afternoon; the learner has agreed and stands in the menu."""
    clock = Moving()
    clock.to(7, 16)
    async with playing(channel, url, folder, clock) as (services, player):
        made = Story(services, player, _coach(services, player), clock, channel)
        made.goes_to(7, 16)
        await player.begins()
        await until(made.shown, "no hello", SEES)
        await made.acts(*JOURNEY)
        made.read = len(made.shown())
        yield made


def _coach(services: Services, player: Player) -> Staff:
    match player:
        case OnTelegram():
            ana = telegram_people.User(player.user.world, 77, "Ana")
            colleague(services, channel="telegram", address="77")
            return OnPlatform(ana, ana.writes, on_telegram.presses)
        case OnDiscord():
            coach = discord_users.User(player.user.world, "Ana", member=True, installed=False)
            player.user.world.people[coach.id] = coach
            colleague(services, channel="discord", address=str(coach.id))
            return OnPlatform(coach, coach.writes_dm, on_discord.presses)
        case _:
            colleague(services)
            return AtDesk(Desk(services))
