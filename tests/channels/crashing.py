"""A worker that dies at a given point of a sending: run in a process of its own, since nothing can be caught after SIGKILL.

`python -m tests.channels.crashing URL CHANNEL API POINT SECONDS_LATER FOLDER KEY`; POINT is one of POINTS or `none`.
"""

import asyncio
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
from bot.application.services import Services
from bot.settings import Settings
from storage import attempts, outbox, people
from storage.database import Database
from storage.outbox import NewRow
from tests.support import databases

POINTS = ("claimed", "attempted", "writing", "delivered", "answered", "settled", "between")
HANG = (
    "writing",
    "delivered",
)  # these are made by the server: it holds the request, and we are killed meanwhile


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
    """The adapter and its pace, signed in."""
    from bot.application.pace import Pace  # noqa: PLC0415
    from bot.channels import telegram  # noqa: PLC0415

    if name != "telegram":
        raise ValueError(name)
    pace = Pace(25, 0.001)
    adapter = telegram.Telegram(services, telegram.make_bot(services), pace)
    await adapter.bot.initialize()
    stack.push_async_callback(adapter.bot.shutdown)
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
        library=nothing,
        catalogue=nothing,
        linker=nothing,
        box=database.box,
        executor=ThreadPoolExecutor(1),
        bus=Bus(),
    )


def main() -> None:
    """Work once, and die where it was asked for."""
    url, channel, api, point, later, folder, databases.KEY = sys.argv[1:]
    clock = Clock(lambda: bootstrap.real_now() + timedelta(seconds=float(later)))
    database = databases.open_database(url, clock)
    given = {f"{channel}_api_url": api, "telegram_token": "42:TEST"}
    services = only_sending(database, clock, Path(folder), given)
    arm(point)
    asyncio.run(work(services, channel, f"worker-{later}", 8.0))
    services.executor.shutdown()
    database.close()


if __name__ == "__main__":
    main()
