"""Proof of an outage: thousands of old texts come at once; each person gets one answer, each call for help its numbers."""

import asyncio
import random
import time
from pathlib import Path

from sqlalchemy import func, select

from bot import bootstrap
from bot.application.clock import Clock
from bot.application.pace import Pace
from bot.application.services import Services
from bot.channels import telegram
from bot.settings import load, make_keys
from storage import conversations, outbox, people
from storage.tables import cases
from storage.tables import outbox as rows
from tests.platforms.telegram_api import TelegramApi

PEOPLE, EACH, HOURS = 1_000, 10, 6
ONE_IN = 25  # of the texts calls for help
CALLS = (
    "j'ai envie de mourir",
    "je veux plus vivre",
    "mon père me frappe tous les soirs",
    "je me coupe les bras",
    "mon oncle m'a touchée",
)


def outage(folder: Path, scale: float) -> str:
    """Old texts of many people, handed over at once after hours."""
    return asyncio.run(_outage(folder / "outage", int(PEOPLE * scale) or 1))


async def _outage(folder: Path, many: int) -> str:
    async with TelegramApi(record=False) as api:
        settings = load(None, data_dir=folder, telegram_token=api.token, telegram_api_url=api.url)
        make_keys(settings.keys_file)
        services = bootstrap.build(settings, migrate=True, clock=Clock(bootstrap.real_now))
        chance = random.Random(11)  # noqa: S311 -- which texts, not secrets
        known = _people(services, many)
        said = [
            (who, chance.choice(CALLS) if chance.randrange(ONE_IN) == 0 else f"mot {turn}")
            for turn in range(EACH)
            for who in range(many)
        ]
        adapter = telegram.Telegram(services, telegram.make_bot(services), Pace(25, 1))
        began = time.perf_counter()
        for number, (who, text) in enumerate(said):
            await adapter.take(_update(number, 1_000 + who, text))
        await adapter.intake.idle()
        took = time.perf_counter() - began
        found = _judged(services, known, said)
        bootstrap.close(services)
    return f"{len(said)} texts of {many} people, {HOURS} hours old, in {took:.0f} s: {found}"


def _people(services: Services, many: int) -> list[str]:
    """People who agreed, and were last here before all that."""
    with services.database.begin() as uow:
        return [people.create(uow, "telegram", str(1_000 + number)).id for number in range(many)]


def _judged(services: Services, known: list[str], said: list[tuple[int, str]]) -> str:
    calls = sum(text in CALLS for _, text in said)
    answers = helps = kept = 0
    with services.database.read() as uow:
        for person in known:
            of_theirs = select(rows.c.id).where(rows.c.recipient == person)
            found = [outbox.get(uow, number) for number in uow.execute(of_theirs).scalars()]
            turns = {(row.source, row.kind) for row in found if row is not None}
            ours = sum(kind != "help" for _, kind in turns)
            if ours > 1:
                raise AssertionError(f"{ours} answers to one person")
            answers += ours
            helps += sum(kind == "help" for _, kind in turns)
            listed = conversations.messages_after(uow, person, 0, limit=1_000)
            kept += sum(one.side == "me" for one in listed)
        opened = uow.execute(select(func.count()).select_from(cases)).scalar_one()
    if (helps, opened, kept) != (calls, calls, len(said)):
        raise AssertionError(f"{calls} calls: {helps} answered, {opened} noted; {kept} texts kept")
    return f"{answers} answers, at most 1 a person; {calls} calls for help, all answered and noted; all kept"


def _update(number: int, chat: int, text: str) -> dict[str, object]:
    return {
        "update_id": number + 1,
        "message": {
            "message_id": number + 1,
            "date": int(bootstrap.real_now().timestamp()) - HOURS * 3_600,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "x"},
            "text": text,
        },
    }
