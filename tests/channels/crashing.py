"""A worker that dies at a given point of a sending: run in a process of its own, since nothing can be caught after SIGKILL.

`python -m tests.channels.crashing CHANNEL` forks a worker for each line of its input, a JSON list of what `once` is given
after the channel (POINT is one of POINTS or `none`). It answers the process number at once and the exit code at the end.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot import bootstrap
from bot.application import sending
from bot.application.bus import Bus
from bot.application.clock import Clock
from bot.application.pace import Pace
from bot.application.services import Services
from bot.settings import Settings
from dialogues.library import Library, Microcopy
from storage import attempts, outbox, people
from storage.database import Database
from storage.outbox import NewRow
from tests.support import databases

POINTS = ("claimed", "attempted", "writing", "delivered", "answered", "settled", "between")
HANG = (
    "writing",
    "delivered",
)  # these are made by the server: it holds the request, and we are killed meanwhile
DOUBTFUL = ("attempted", *HANG, "answered")  # nobody who comes later knows whether the message went out
LONGEST = 30  # seconds that a worker may live, whatever happens to it
BETWEEN = 0.001  # seconds between two sendings to one chat: nobody measures the pace here


def die() -> None:
    """As the power would do it."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose result nobody lives to see. Commits what it did first when it is given a unit of work."""

    def once(*given: Any, **options: Any) -> Any:
        function(*given, **options)
        given[0].connection.commit()
        die()

    return once


def arm(point: str) -> None:
    """Put the charge where the point is."""
    if point == "claimed":
        sending.outbox.claim = dying_after(outbox.claim)  # type: ignore[attr-defined]
    elif point == "attempted":
        sending.attempts.start = dying_after(attempts.start)  # type: ignore[attr-defined]
    elif point == "answered":
        sending.attempts.settle = lambda *_given, **_options: die()  # type: ignore[attr-defined]
    elif point == "settled":
        sending.attempts.settle = dying_after(attempts.settle)  # type: ignore[attr-defined]
    elif point == "between":
        settle, seen = attempts.settle, []

        def second(*given: Any, **options: Any) -> Any:
            seen.append(1)
            return dying_after(settle)(*given, **options) if len(seen) == 2 else settle(*given, **options)

        sending.attempts.settle = second  # type: ignore[attr-defined]


async def channel_of(services: Services, name: str, stack: AsyncExitStack) -> tuple[Any, Any]:
    """The adapter and its pace, signed in; nobody listens, since only what goes out counts here."""
    return await {"telegram": telegram_of, "discord": discord_of}[name](services, stack)


async def telegram_of(services: Services, stack: AsyncExitStack) -> tuple[Any, Any]:
    """The adapter with python-telegram-bot's client."""
    from bot.channels import telegram  # noqa: PLC0415 -- as below

    pace = Pace(telegram.PER_SECOND, BETWEEN)
    adapter = telegram.Telegram(services, telegram.make_bot(services), pace)
    await adapter.bot.initialize()
    stack.push_async_callback(adapter.bot.shutdown)
    return adapter, pace


async def discord_of(services: Services, stack: AsyncExitStack) -> tuple[Any, Any]:
    """The adapter with discord.py's client, signed in without the gateway: the direct messages are asked for."""
    from bot.channels import discord, discord_client, discord_run  # noqa: PLC0415 -- one library is enough

    pace = Pace(discord_run.PER_SECOND, BETWEEN)
    adapter = discord.Discord(services, pace)
    discord_client.point(services)
    adapter.mail.client = client = discord_client.Client(adapter, adapter.mail.watch)
    stack.push_async_callback(client.close)
    await client.login(services.settings.discord_token)
    return adapter, pace


async def work(services: Services, name: str, holder: str, seconds: float) -> None:
    """Send until nothing waits any more."""
    async with AsyncExitStack() as stack:
        adapter, pace = await channel_of(services, name, stack)
        sender = sending.Sender(services, adapter, pace, holder)
        task = asyncio.create_task(sender.run())
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end and (waits(services.database) or loop.time() < end - seconds + 0.2):  # noqa: ASYNC110 -- a database calls nobody
            await asyncio.sleep(0.02)
        await sender.stop()
        await task


def waits(database: Database) -> bool:
    """Whether anything is still to be sent."""
    with database.read() as uow:
        found = uow.connection.execute(
            text("SELECT count(*) FROM outbox WHERE state IN ('queued', 'retry', 'sending')")
        ).scalar()
    return bool(found)


def plant(database: Database, channel: str, address: str, kind: str, texts: list[str]) -> list[int]:
    """A person with a message of several parts to get; the numbers of the rows."""
    with database.begin() as uow:
        last = uow.connection.execute(text("SELECT coalesce(max(id), 0) FROM outbox")).scalar_one()
        person = people.create(uow, channel, address)
        outbox.add(
            uow,
            [
                NewRow(
                    kind,
                    "turn:1",
                    person.id,
                    channel,
                    {"kind": "text", "text": words},
                    part=part,
                    person_id=person.id,
                )
                for part, words in enumerate(texts)
            ],
        )
    return [last + 1 + part for part in range(len(texts))]


def only_sending(database: Database, clock: Clock, folder: Path, given: dict[str, Any]) -> Services:
    """What a sender needs: neither pages nor catalogue, which take a second to load."""
    nothing: Any = None
    return Services(
        settings=Settings(data_dir=folder, **given),
        clock=clock,
        database=database,
        library=Library({}, {}, Microcopy({})),
        catalogue=nothing,
        linker=nothing,
        box=database.box,
        executor=ThreadPoolExecutor(1),
        bus=Bus(),
    )


def once(channel: str, url: str, api: str, token: str, point: str, later: str, folder: str, key: str) -> None:
    """Work once, and die where it was asked for."""
    databases.KEY = key
    clock = Clock(lambda: bootstrap.real_now() + timedelta(seconds=float(later)))
    database = databases.open_database(url, clock)
    given = {f"{channel}_api_url": api, f"{channel}_token": token}
    services = only_sending(database, clock, Path(folder), given)
    arm(point)
    asyncio.run(work(services, channel, f"worker-{later}", 8.0))
    services.executor.shutdown()
    database.close()


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main(channel: str) -> None:
    """Load everything, then fork a worker for each line that comes in."""
    importlib.import_module(f"bot.channels.{channel}")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what is logged is not taken for an answer
            signal.alarm(LONGEST)
            return once(channel, *json.loads(line))
        _answer(pid)
        _answer(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    return None


if __name__ == "__main__":
    main(sys.argv[1])
