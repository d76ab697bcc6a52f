"""A lab from the command that adds it to what is kept of it, a meeting that staff choose for, a place that comes free: on each channel."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pytest

from bot.application import agenda_acts, reminders, taking_part, views
from bot.application.rights import OPERATOR
from bot.application.services import Services
from bot.bootstrap import real_now
from bot.channels import discord_run, telegram_run
from bot.channels.discord_client import Client
from storage import conversations, gatherings, participations, people, products
from storage.gatherings import Gathering
from storage.participations import Standing
from tests.bot.desk import Desk, colleague
from tests.bot.happening import learners
from tests.channels import test_discord as on_discord
from tests.channels import test_telegram as on_telegram
from tests.channels.test_parity import JOURNEY, OnDiscord, OnTelegram, OnTheWeb, Player, playing
from tests.channels.waiting import until
from tests.platforms import discord_users, telegram_people
from tests.support.talk import words

CHANNELS = ["web", "telegram", "discord"]
BRUSSELS = ZoneInfo("Europe/Brussels")
SEES = 10  # seconds to wait for what surely comes
LAB = "/agenda ajouter lab Animation 3D, mercredi 14 octobre 14h-16h, salle B, 12 places"
MEETING = "/agenda ajouter rencontre Une animatrice 3D, mercredi 14 octobre 14h-15h, studio, 1 place"
SMALL = "/agenda ajouter lab Robotique, mercredi 21 octobre 14h-16h, salle B, 1 place"


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_client: Client, _shard: int | None, *, initial: bool = False) -> None:
        """The library's five seconds before it identifies itself."""

    monkeypatch.setattr(Client, "before_identify_hook", at_once)
    for module in (telegram_run, discord_run):
        monkeypatch.setattr(module, "BETWEEN", 0.001)


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


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_lab_from_its_command_to_what_is_kept_of_it(channel: str, sqlite_url: str, tmp_path: Path):
    async with story(channel, sqlite_url, tmp_path) as told:
        await told.staff.orders(LAB, "Ajouter", "C’est ajouté : n° 1")
        await told.acts("« mes rendez-vous »", "Lab : Animation 3D", "Je m'inscris")
        await told.hears("Mercredi 14 octobre, de 14 h à 16 h", "Salle B", "ta place est gardée")
        await told.acts("La veille", "C'est bon")
        assert told.standing() is Standing.GOING

        told.goes_to(9, 16, 30)
        await told.staff.orders("/agenda déplacer 1 mercredi 14 octobre 15h", "Déplacer", "C’est fait")
        assert [told.due(), told.due()] == [1, 0]  # told once
        said = await told.hears("Du changement", "de 15 h à 17 h", "Avant, c'était")
        assert said.count("Du changement") == 1
        await told.acts("D’accord")

        told.goes_to(13, 16, 59)
        assert told.due() == 0
        told.goes_to(13, 17)
        assert [told.due(), told.due()] == [1, 0]
        await told.hears("de 15 h à 17 h, Salle B")
        await told.acts(
            "Oui, je prépare", "Oui", "Tout neuf", "Voir si j'aime", "« c'est difficile de commencer ? »", "Mon énergie",
        )  # fmt: skip
        await told.hears("Intention", "Je repasse après")
        await told.acts("Oui", "C'est bon")

        told.goes_to(14, 15, 30)
        assert told.due() == 0  # the weekly word leaves the day's one message to what was asked for
        told.goes_to(14, 17, 10)
        with told.services.database.begin() as uow:
            agenda_acts.attendance(uow, OPERATOR, told.gathering(), {told.person: True})
        assert told.standing() is Standing.CAME
        told.goes_to(14, 18, 59)
        assert told.due() == 0
        told.goes_to(14, 19)
        assert [told.due(), told.due()] == [1, 0]
        await told.acts(
            "Oui, on en parle", "À bloc", "« j'ai fait bouger un personnage »", "Créer", "« passer »",
            "« poser une clé »", "« j'aime chercher »", "Aucune idée", "Plus loin",
        )  # fmt: skip
        await told.hears("Trace gardée", "j'ai fait bouger un personnage")
        with told.services.database.read() as uow:
            profile = conversations.profile(uow, told.person)
            cards = [one.name for one in products.of_person(uow, told.person)]
        (record,) = profile["session.log"]
        assert record["id"] == told.gathering().id
        assert (record["intention"], record["watch"], record["ask"]) == (
            "try", "energy", "c'est difficile de commencer ?",
        )  # fmt: skip
        assert (record["energy"], record["place"], record["learned"]) == (5, "create", "poser une clé")
        assert "lab_trace" in cards
        told.goes_to(16, 17)
        assert told.due() == 0  # nothing follows, whatever was planned before


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_meeting_is_asked_for_in_words_and_staff_choose(
    channel: str, sqlite_url: str, tmp_path: Path
):
    async with story(channel, sqlite_url, tmp_path) as told:
        await told.staff.orders(MEETING, "Ajouter", "C’est ajouté : n° 1")
        (other,) = learners(told.services.database, 1)
        with told.services.database.begin() as uow:
            taking_part.sign_up(uow, other, told.gathering().id, motivation="par curiosité")
        await told.acts("« agenda »", "animatrice", "Je dis pourquoi")
        await told.hears("l'équipe lit les demandes", "L'équipe lira ton prénom et ce texte, rien d'autre")
        await told.acts("« j'adore les films image par image »")
        await told.hears("Ta demande est envoyée")
        await told.acts("C'est bon")
        assert told.standing() is Standing.ASKED

        told.goes_to(8, 16, 30)
        with told.services.database.begin() as uow:
            (part,) = (
                one
                for one in participations.of_gathering(uow, told.gathering().id, [Standing.ASKED])
                if one.person_id == told.person
            )
            assert part.motivation == "j'adore les films image par image"
            agenda_acts.choose(uow, OPERATOR, told.gathering(), [told.person], close=True)
        told.due()
        await told.hears("C'est oui : tu as une place")
        assert told.standing() is Standing.GOING
        assert told.standing(other) is Standing.DECLINED
        told.goes_to(13, 17)
        told.due()
        await told.hears("de 14 h à 15 h")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_place_that_comes_free_is_offered_and_taken(channel: str, sqlite_url: str, tmp_path: Path):
    async with story(channel, sqlite_url, tmp_path) as told:
        await told.staff.orders(SMALL, "Ajouter", "C’est ajouté : n° 1")
        (other,) = learners(told.services.database, 1)
        held = told.gathering()
        await told.acts("« mon agenda »", "Robotique")
        await told.hears("Il y a encore de la place")
        with told.services.database.begin() as uow:  # between two clicks
            taking_part.sign_up(uow, other, held.id)
        await told.acts("Je m'inscris")
        await told.hears("C'est complet pour l'instant", "si une place se libère, je te le dis")
        await told.acts("C'est bon")
        assert told.standing() is Standing.WAITING

        told.goes_to(8, 16, 30)
        with told.services.database.begin() as uow:
            taking_part.leave(uow, other, held.id)
        assert told.standing() is Standing.OFFERED
        assert told.due() == 1
        await told.hears("Une place est libre", "Je te la garde jusqu'à")
        await told.acts("Je prends la place")
        await told.hears("La place est à toi")
        assert told.standing() is Standing.GOING
        await told.acts("« menu »", "Mon agenda")
        await told.hears("Lab : Robotique, mercredi 21 octobre, de 14 h à 16 h : ta place est gardée")
