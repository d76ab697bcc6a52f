"""A lab from the command that adds it to what is kept of it, a meeting that staff choose for, a place that comes free: on each channel."""

from pathlib import Path

import pytest

from bot.application import agenda_acts, taking_part
from bot.application.rights import OPERATOR
from bot.channels import discord_run, telegram_run
from bot.channels.discord_client import Client
from storage import conversations, participations, products
from storage.participations import Standing
from tests.bot.happening import learners
from tests.journeys.telling import CHANNELS, story

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


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_lab_from_its_command_to_what_is_kept_of_it(channel: str, sqlite_url: str, tmp_path: Path):
    async with story(channel, sqlite_url, tmp_path) as told:
        await told.staff.orders(LAB, "Ajouter", "C’est ajouté : n° 1")
        await told.acts("« mes rendez-vous »", "Lab : Animation 3D", "Je m'inscris")
        await told.hears("Mercredi 14 octobre, de 14 h à 16 h", "Salle B", "ta place est gardée")
        await told.acts("La veille", "C'est bon")
        await told.hears("Je te le rappelle mardi 13 octobre à 17 h")
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
