import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.application.clock import Clock
from bot.application.services import Services
from bot.channels import telegram_run
from bot.channels.telegram_run import Running
from storage import conversations, people
from storage.database import Database
from tests.platforms.telegram_api import TelegramApi
from tests.platforms.telegram_people import User
from tests.support import databases
from tests.support.centre import services_for


@pytest.fixture
async def api() -> AsyncIterator[TelegramApi]:
    async with TelegramApi() as running:
        yield running


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, api: TelegramApi) -> Iterator[Services]:
    clock = Clock(lambda: datetime.now(UTC))
    database = databases.open_database(sqlite_url, clock)
    made = services_for(database, clock, tmp_path)
    made.settings.telegram_token = api.token
    made.settings.telegram_api_url = api.url
    yield made
    made.executor.shutdown()
    database.close()


@pytest.fixture
async def running(services: Services) -> AsyncIterator[Running]:
    found = await telegram_run.start(services, "one")
    yield found
    await found.stop()


async def meets(user: User, *labels: str) -> None:
    """Press each of these buttons as soon as it shows."""
    for label in labels:
        message = await shows(user, label)
        user.presses(message, label)


async def shows(user: User, label: str, timeout: float = 5.0):
    """The newest message with that button."""
    loop = asyncio.get_running_loop()
    until = loop.time() + timeout
    while loop.time() < until:
        for message in reversed(user.shown):
            if any(label in one for one in message.labels):
                return message
        await asyncio.sleep(0.01)
    raise AssertionError(f"no button {label}; last: {[(m.text, m.labels) for m in user.shown[-3:]]}")


async def test_hello_to_consent(api: TelegramApi, running: Running, services: Services):
    lou = api.user(1001, first_name="Lou")
    lou.writes("/start")
    await meets(lou, "16 à 18")
    await lou.sees("t'appelle")
    lou.writes("Lou")
    for label in ("Sans préciser", "Textes normaux", "3e", "D'accord"):
        await meets(lou, label)
    await shows(lou, "Ce qui m'allume", 8)
    with services.database.read() as uow:
        found = people.find(uow, "telegram", "1001")
        assert found is not None
        assert conversations.profile(uow, found.id)["user.first_name"] == "Lou"
    print([(m.text, m.labels) for m in lou.shown])
