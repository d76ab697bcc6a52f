"""Figures and ratios in one run: durable turns beside the bare floor, time at 50 turns a second, start-up, memory."""

import argparse
import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection

from bot import bootstrap
from bot.application.clock import Clock
from bot.application.services import Services
from bot.settings import load, make_keys
from storage.database import Database
from tests.support.databases import NoPostgres, PostgresServer
from tests.support.talk import Talker, answer_anything, enrol

PEOPLE = 20
TURNS = 1_500
ARRIVALS = 50.0  # turns a second
SECONDS = 20

# ---------------------------------------------------------------- the floor: a fixed transaction of eight statements

_floor = MetaData()
_person = Table(
    "floor_person",
    _floor,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer),
    Column("body", LargeBinary),
)
_fact = Table(
    "floor_fact",
    _floor,
    Column("person", Integer, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", LargeBinary),
)
_line = Table(
    "floor_line",
    _floor,
    Column("person", Integer, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("body", LargeBinary),
)
_key = Table("floor_key", _floor, Column("key", String(40), primary_key=True))
_BODY = os.urandom(300)
_STATE = os.urandom(1_500)  # what a conversation holds in the middle of a page
_LOCK = select(_person).where(_person.c.id == bindparam("who")).with_for_update()
_FACTS = select(_fact).where(_fact.c.person == bindparam("who"))
_SEEN = insert(_key)
_NOTE = update(_fact).where(_fact.c.person == bindparam("who"), _fact.c.name == "a").values(value=_BODY)
_COUNT = update(_person).where(_person.c.id == bindparam("who")).values(seq=_person.c.seq + 2)
_SEQ = select(_person.c.seq).where(_person.c.id == bindparam("who"))
_SAVE = update(_person).where(_person.c.id == bindparam("who")).values(body=_STATE)
_SAY = insert(_line)


def floor_transaction(connection: Connection, who: int, key: str) -> None:
    """Eight statements of the shape of a turn, with nothing thought in between."""
    connection.execute(_LOCK, {"who": who}).first()
    connection.execute(_SEEN, {"key": key})
    connection.execute(_FACTS, {"who": who}).all()
    connection.execute(_NOTE, {"who": who})
    connection.execute(_COUNT, {"who": who})
    seq = connection.execute(_SEQ, {"who": who}).scalar_one()
    connection.execute(
        _SAY, [{"person": who, "seq": seq - 1, "body": _BODY}, {"person": who, "seq": seq, "body": _BODY}]
    )
    connection.execute(_SAVE, {"who": who})


def prepare_floor(database: Database) -> None:
    """Tables and people for the floor."""
    with database.begin() as uow:
        _floor.create_all(uow.connection)
        uow.connection.execute(insert(_person), [{"id": i, "seq": 0, "body": _STATE} for i in range(PEOPLE)])
        uow.connection.execute(
            insert(_fact),
            [{"person": i, "name": n, "value": _BODY} for i in range(PEOPLE) for n in "abcdefghijklmnopqrst"],
        )


# ---------------------------------------------------------------- measuring


def rate(run: Callable[[int], object], executor: Executor, turns: int) -> float:
    """Turns a second of `run(who)`, as the site runs them: people at once in an event loop, work in the threads."""

    async def person(who: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(turns // PEOPLE):
            await loop.run_in_executor(executor, run, who)

    async def everybody() -> None:
        await asyncio.gather(*(person(who) for who in range(PEOPLE)))

    started = time.perf_counter()
    asyncio.run(everybody())
    return turns // PEOPLE * PEOPLE / (time.perf_counter() - started)


def people(services: Services) -> list[Talker]:
    """People in the middle of a page."""
    talkers = []
    for number in range(PEOPLE):
        talker = Talker(services)
        enrol(talker, name=f"P{number}")
        talker.press("Ce qui m'allume")
        talkers.append(talker)
    return talkers


def turn_rate(services: Services, talkers: list[Talker], turns: int) -> float:
    """Our turns a second: each person answers whatever waits."""
    chances = [random.Random(who) for who in range(PEOPLE)]  # noqa: S311 -- answers, not secrets
    return rate(lambda who: answer_anything(talkers[who], chances[who]), services.executor, turns)


def floor_rate(services: Services, turns: int) -> float:
    """The floor's turns a second, on the same database and as many threads, one commit each."""
    keys = count(time.perf_counter_ns())

    def run(who: int) -> None:
        with services.database.begin() as uow:
            floor_transaction(uow.connection, who, str(next(keys)))

    with ThreadPoolExecutor(1 if services.database.kind == "sqlite" else bootstrap.POSTGRES_THREADS) as bare:
        return rate(run, bare, turns)


def statements(services: Services, talkers: list[Talker]) -> tuple[float, int]:
    """Mean and most statements a turn over 300 turns."""
    counts: list[int] = []
    begin = services.database.begin

    @contextmanager
    def counting() -> Iterator[object]:
        with begin() as uow:
            yield uow
            counts.append(uow.statements)

    chance = random.Random(3)  # noqa: S311 -- answers, not secrets
    services.database.begin = counting  # type: ignore[method-assign,assignment]
    for turn in range(300):
        answer_anything(talkers[turn % PEOPLE], chance)
    services.database.begin = begin  # type: ignore[method-assign]
    return statistics.mean(counts), max(counts)


def at_pace(services: Services, talkers: list[Talker], seconds: float) -> list[float]:
    """Milliseconds from arrival to commit, at random arrivals of 50 a second, through the service's own threads."""
    chance = random.Random(7)  # noqa: S311 -- arrivals, not secrets
    took: list[Future[float]] = []
    begin = time.perf_counter()
    due = begin
    busy: set[int] = set()

    def one(who: int, arrived: float) -> float:
        answer_anything(talkers[who], chance)
        busy.discard(who)
        return (time.perf_counter() - arrived) * 1000

    while due < begin + seconds:
        due += chance.expovariate(ARRIVALS)
        time.sleep(max(0.0, due - time.perf_counter()))
        free = [who for who in range(PEOPLE) if who not in busy]
        if free:
            who = chance.choice(free)
            busy.add(who)
            took.append(services.executor.submit(one, who, due))
    return sorted(future.result() for future in took)


def start_up(folder: Path) -> tuple[float, float]:
    """Seconds until `boussole serve` answers, and its resident megabytes when idle."""
    port = "8765"
    env = {**os.environ, "BOUSSOLE_DATA_DIR": str(folder), "PORT": port, "BOUSSOLE_LOG_LEVEL": "error"}
    command = [str(Path(sys.executable).with_name("boussole")), "serve"]
    started = time.perf_counter()
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
                    break
                except (urllib.error.URLError, OSError):
                    if time.perf_counter() - started > 30 or process.poll() is not None:
                        raise
                    time.sleep(0.02)
            took = time.perf_counter() - started
            time.sleep(2)
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        finally:
            process.terminate()
    return took, resident / 1024


def measure(name: str, url: str, folder: Path, turns: int, seconds: float) -> bool:
    """Print the figures of one database; whether they hold."""
    settings = load(None, data_dir=folder, database_url=url)
    make_keys(settings.keys_file)
    services = bootstrap.build(settings, migrate=True, clock=Clock(lambda: datetime.now(UTC)))
    bootstrap.settle()
    prepare_floor(services.database)
    talkers = people(services)
    pairs = []
    floor_rate(services, turns)  # once without counting: what is worked out at first use is there afterwards
    turn_rate(services, talkers, turns)
    for _ in range(5):  # alternately, so that a busy machine weighs on both
        floor = floor_rate(services, turns)
        pairs.append((floor, turn_rate(services, talkers, turns)))
    floor, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    mean, most = statements(services, talkers)
    took = at_pace(services, talkers, seconds)
    p95 = took[int(len(took) * 0.95)]
    holds = ours >= floor / 2 and most <= 12 and p95 < 50
    print(f"{name}: {ours:.0f} turns/s, floor {floor:.0f}/s, ratio {ours / floor:.2f} (at least 0.50)")
    print(f"{name}: {mean:.1f} statements a turn, at most {most} (12)")
    print(
        f"{name}: at {ARRIVALS:.0f} turns/s arriving at random: p50 {took[len(took) // 2]:.1f} ms, p95 {p95:.1f} ms (under 50)"
    )
    bootstrap.close(services)
    return holds


def main() -> int:
    """Run it all; 1 when a figure does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir="."))
    try:
        holds = measure("SQLite", "", folder / "lite", given.turns, given.seconds)
        try:
            server = PostgresServer()
        except NoPostgres as reason:
            print(f"PostgreSQL: left out, {reason}")
        else:
            holds = (
                measure("PostgreSQL", server.create(), folder / "pg", given.turns, given.seconds) and holds
            )
            server.stop()
        took, resident = start_up(folder / "lite")
        print(
            f"boussole serve: answers after {took:.2f} s (under 2), {resident:.0f} MB resident when idle (under 150)"
        )
        holds = holds and took < 2 and resident < 150
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("all figures hold" if holds else "SOME FIGURES DO NOT HOLD")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
