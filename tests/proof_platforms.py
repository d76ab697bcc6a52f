"""Proofs of delivery on a chat platform, at full size and true pace: replays, windows, replies beside a broadcast, kills."""

import asyncio
import itertools
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import bootstrap
from bot.application import sending
from bot.application.clock import Clock
from bot.application.pace import Pace
from bot.application.services import Services
from bot.channels import telegram, telegram_run
from bot.settings import load, make_keys
from storage import conversations, outbox, people
from storage.outbox import NewRow
from tests.channels import crashing, kills
from tests.channels.workers import nursery
from tests.platforms.telegram_api import TelegramApi
from tests.support import databases

UPDATES, TIMES = 10_000, 3
WRITERS = 40
SENDS = 10_000
RECIPIENTS, TALKERS = 5_000, 20
TELEGRAM_LIMIT = 30  # a second, the platform's own; ours is 25


def _services(folder: Path, api: TelegramApi, url: str = "") -> Services:
    settings = load(
        None, data_dir=folder, database_url=url, telegram_token=api.token, telegram_api_url=api.url
    )
    make_keys(settings.keys_file)
    return bootstrap.build(settings, migrate=True, clock=Clock(bootstrap.real_now))


def _people(services: Services, first: int, count: int) -> list[str]:
    """People who agreed, with the numbers from `first` on."""
    with services.database.begin() as uow:
        return [people.create(uow, "telegram", str(first + number)).id for number in range(count)]


def replays(folder: Path, scale: float) -> str:
    """Updates that come three times, in another order, with a restart between, have one effect each."""
    return asyncio.run(_replays(folder / "replays", int(UPDATES * scale) or 1))


async def _replays(folder: Path, many: int) -> str:
    async with TelegramApi(record=False) as api:
        services = _services(folder, api)
        known = _people(services, 1_000, WRITERS)
        updates = [_update(number, 1_000 + number % WRITERS) for number in range(many)]
        for round_ in range(TIMES):
            adapter = telegram.Telegram(services, telegram.make_bot(services), Pace(25, 1))
            await adapter.intake.resume()
            for update in updates if round_ == 0 else updates[round_::2] + updates[1 - round_ % 2 :: 2]:
                await adapter.take(update)
            await adapter.intake.idle()
        effects = 0
        for person in known:
            with services.database.read() as uow:
                said = conversations.messages_after(uow, person, 0, limit=1_000_000)
            effects += sum(one.side == "me" for one in said)
        bootstrap.close(services)
    if effects != many:
        raise AssertionError(f"{many} updates had {effects} effects")
    return f"{many} updates, each {TIMES} times: {effects} effects"


def _update(number: int, chat: int) -> dict[str, object]:
    return {
        "update_id": number + 1,
        "message": {
            "message_id": number + 1,
            "date": int(bootstrap.real_now().timestamp()),
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "x"},
            "text": f"mot {number}",
        },
    }


def windows(folder: Path, scale: float) -> str:
    """No second holds more sendings than Telegram takes, no chat more than one."""
    return asyncio.run(_windows(folder / "windows", int(SENDS * scale) or 1))


async def _windows(folder: Path, many: int) -> str:
    async with TelegramApi() as api:
        services = _services(folder, api)
        chats = max(30, many // 20)
        known = _people(services, 1_000, chats)
        for number in range(chats):
            api.user(1_000 + number).writes("/start")
        _plant(services, [(known[number % chats], f"n{number}", "broadcast") for number in range(many)])
        api.updates.waiting.clear()
        sender, task, adapter = await _sender(services, telegram.BETWEEN)
        while len(api.deliveries) < many:  # noqa: ASYNC110 -- a server calls nobody
            await asyncio.sleep(0.2)
        await _end(sender, task, adapter, services)
        times = sorted(one.time.timestamp() for one in api.deliveries)
        by_chat: dict[int, list[float]] = {}
        for one in api.deliveries:
            by_chat.setdefault(one.chat, []).append(one.time.timestamp())
    most = _most_in_a_second(times)
    closest = min(
        (b - a for each in by_chat.values() for a, b in zip(sorted(each), sorted(each)[1:], strict=False)),
        default=9.0,
    )
    if most > TELEGRAM_LIMIT or closest < 0.95:
        raise AssertionError(f"{most} in a second, {closest:.2f} s between two to one chat")
    rate = many / (times[-1] - times[0]) if many > 1 else 0
    return f"{many} sendings at {rate:.1f}/s: at most {most} in any second, {closest:.2f} s between two to one chat"


def beside_a_broadcast(folder: Path, scale: float) -> str:
    """Replies stay quick while a broadcast to thousands goes out."""
    return asyncio.run(_beside(folder / "beside", int(RECIPIENTS * scale) or 1))


async def _beside(folder: Path, many: int) -> str:
    async with TelegramApi() as api:
        services = _services(folder, api)
        known = _people(services, 100_000, many)
        for number in range(many):
            api.user(100_000 + number).writes("/start")
        api.updates.waiting.clear()  # they are there to be written to
        talkers = _people(services, 1_000, TALKERS)
        _ = talkers
        users = [api.user(1_000 + number) for number in range(TALKERS)]
        for user in users:
            user.writes("menu")
        running = await telegram_run.start(services, "all")
        await asyncio.sleep(2)
        _plant(services, [(person, "b", "broadcast") for person in known])
        waits: list[float] = []
        loop = asyncio.get_running_loop()
        end = loop.time() + max(4.0, many / 25)
        turn = 0
        while loop.time() < end and turn < many:
            user = users[turn % TALKERS]
            turn += 1
            user.looks()
            began = loop.time()
            user.writes("menu")
            await user.sees_new(timeout=20)
            waits.append(loop.time() - began)
            await asyncio.sleep(0.15)
        await running.stop()
        sent = sum(one.text == "b" for one in api.deliveries)
        bootstrap.close(services)
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    if p95 > 1.0:
        raise AssertionError(f"p95 of replies {p95:.2f} s beside a broadcast")
    return f"{len(waits)} replies beside {sent} of a broadcast: p50 {statistics.median(waits):.2f} s, p95 {p95:.2f} s (1 s)"


def deaths(folder: Path, scale: float, new_database: Callable[[], str] | None = None) -> str:
    """Every point of death on both policies: nothing twice that may not be, nothing lost that must not be."""
    points = crashing.POINTS[: max(1, round(len(crashing.POINTS) * scale))]
    cases = list(itertools.product(points, ("reply", "help")))
    for channel in kills.CHANNELS:
        with nursery(channel) as workers:
            for point, kind in cases:
                place = Path(tempfile.mkdtemp(dir=folder))
                url = new_database() if new_database is not None else f"sqlite:///{place / 'one.sqlite3'}"
                database = databases.open_database(url, bootstrap.real_now)
                database.migrate()
                database.close()
                kills.killed_at(workers, url, point, kind, place)
    where = " and ".join(kills.CHANNELS)
    return f"{len(cases)} deaths each on {where}, both policies: 0 twice, 0 lost, the rest says unknown"


def _plant(services: Services, rows: list[tuple[str, str, str]]) -> None:
    with services.database.begin() as uow:
        for start in range(0, len(rows), 500):
            outbox.add(
                uow,
                [
                    NewRow(
                        kind,
                        f"proof:{text}",
                        person,
                        "telegram",
                        {"kind": "text", "text": text},
                        str(start + number),
                        person_id=person,
                    )
                    for number, (person, text, kind) in enumerate(rows[start : start + 500])
                ],
            )


async def _sender(
    services: Services, between: float
) -> tuple[sending.Sender, "asyncio.Task[None]", telegram.Telegram]:
    pace = Pace(telegram.PER_SECOND, between)
    adapter = telegram.Telegram(services, telegram.make_bot(services), pace)
    await adapter.bot.initialize()
    sender = sending.Sender(services, adapter, pace, "proof")
    return sender, asyncio.create_task(sender.run()), adapter


async def _end(
    sender: sending.Sender, task: "asyncio.Task[None]", adapter: telegram.Telegram, services: Services
) -> None:
    await sender.stop()
    await task
    await adapter.bot.shutdown()
    bootstrap.close(services)


def _most_in_a_second(times: Sequence[float]) -> int:
    """The most sendings in any window of one second."""
    most = first = 0
    for last, time in enumerate(times):
        while time - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most
