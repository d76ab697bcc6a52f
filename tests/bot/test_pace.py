import asyncio
import heapq
import random
from collections.abc import Coroutine
from itertools import count, pairwise
from typing import Any

import pytest

from bot.application import pace as pacing
from bot.application.pace import Pace


class Time:
    """Time that jumps from one awakening to the next, as soon as nobody has anything left to do."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.now + seconds, next(self._order), woken))
        await woken

    async def run(self, *work: Coroutine[Any, Any, Any]) -> None:
        """Do it all, together."""
        tasks = [asyncio.create_task(one) for one in work]
        while not all(task.done() for task in tasks):
            for _ in range(3):
                await asyncio.sleep(0)
            if self._asleep:
                at, _, woken = heapq.heappop(self._asleep)
                self.now = max(self.now, at)
                woken.set_result(None)
        for task in tasks:
            task.result()


class Wire:
    """What went out, when and to whom."""

    def __init__(self, per_second: int = 25, between: float = 1.0) -> None:
        self.time = Time()
        self.began = self.time.now
        self.pace = Pace(per_second, between, self.time, self.time.sleep)
        self.sent: list[tuple[float, str]] = []

    async def send(self, chat: str = "", *, after: float = 0.0) -> None:
        await self.time.sleep(after)
        await self.pace.turn(chat)
        self.sent.append((self.time.now - self.began, chat))

    async def hold(self, seconds: float, chat: str = "", *, after: float = 0.0) -> None:
        await self.time.sleep(after)
        self.pace.hold(seconds, chat)

    def times(self, chat: str | None = None) -> list[float]:
        return [at for at, whose in self.sent if chat in (None, whose)]


def busiest_second(times: list[float]) -> int:
    ordered = sorted(times)
    return max(
        sum(start <= at < start + 1.0 for at in ordered[index:]) for index, start in enumerate(ordered)
    )


async def test_a_thousand_sendings_keep_to_25_in_any_second_and_to_one_a_chat():
    wire = Wire()
    await wire.time.run(*(wire.send(f"chat {number % 200}") for number in range(1_000)))

    assert len(wire.sent) == 1_000
    assert 20 <= busiest_second(wire.times()) <= 25
    assert wire.times()[-1] < 1_000 / 25 * 1.25  # the limit is made use of
    for chat in range(200):
        assert all(after - before >= 1.0 for before, after in pairwise(wire.times(f"chat {chat}")))


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_comes_when_the_limits_are_kept(seed):
    chance = random.Random(seed)  # noqa: S311 -- made-up traffic
    wire = Wire(per_second=5)
    chats = ["", *(f"chat {number}" for number in range(6))]
    work: list[Coroutine[Any, Any, Any]] = [
        wire.send(chance.choice(chats), after=chance.uniform(0, 20)) for _ in range(150)
    ]
    holds = [(chance.uniform(0, 20), chance.uniform(0, 8), chance.choice(chats)) for _ in range(8)]
    work += [wire.hold(seconds, chat, after=at) for at, seconds, chat in holds]
    await wire.time.run(*work)

    assert len(wire.sent) == 150
    assert busiest_second(wire.times()) <= 5
    for chat in chats[1:]:
        assert all(after - before >= 1.0 for before, after in pairwise(wire.times(chat)))
    for at, seconds, held in holds:
        during = [one for one, chat in wire.sent if at < one < at + seconds - 1e-6 and held in ("", chat)]
        assert during == []


async def test_two_to_one_chat_stand_a_second_apart_and_another_does_not_wait():
    wire = Wire()
    await wire.time.run(wire.send("lou"), wire.send("lou"), wire.send("noa"), wire.send("lou"))

    assert wire.times("noa")[0] < 0.1
    first, second, third = wire.times("lou")
    assert first == 0.0
    assert 1.0 <= second <= 1.2
    assert 1.0 <= third - second <= 1.2


async def test_what_goes_to_no_chat_counts_for_the_whole_only():
    wire = Wire(per_second=3)
    await wire.time.run(*(wire.send() for _ in range(4)))

    assert all(1 / 3 <= after - before < 0.5 for before, after in pairwise(wire.times()))


async def test_a_chat_that_wants_silence_is_left_alone_and_only_that_one():
    wire = Wire()
    wire.pace.hold(7.0, "lou")
    await wire.time.run(wire.send("lou"), wire.send("noa"), wire.send())

    assert max(*wire.times("noa"), *wire.times("")) < 0.1
    assert wire.times("lou") == [7.0]


async def test_a_platform_that_wants_silence_has_it_from_everybody():
    wire = Wire()
    wire.pace.hold(7.0)
    await wire.time.run(wire.send("lou"), wire.send("noa"), wire.send())

    assert all(7.0 <= at < 7.2 for at, _ in wire.sent)


async def test_silence_asked_for_while_one_waits_is_kept():
    wire = Wire(per_second=1)
    await wire.time.run(
        wire.send("lou"), wire.send("noa"), wire.send("zoe", after=0.2), wire.hold(30.0, "noa", after=0.5)
    )

    assert wire.times("lou") == [0.0]
    assert wire.times("noa")[0] >= 30.5
    assert wire.times("zoe")[0] < 5


async def test_silence_of_all_asked_for_while_many_wait_is_kept_and_the_limit_after_it():
    wire = Wire(per_second=2)
    await wire.time.run(*(wire.send(f"chat {number}") for number in range(8)), wire.hold(30.0, after=0.5))

    assert wire.times()[0] == 0.0
    assert all(at >= 30.5 for at in wire.times()[1:])
    assert busiest_second(wire.times()) <= 2


async def test_a_shorter_silence_does_not_end_a_longer_one():
    wire = Wire()
    wire.pace.hold(10.0, "lou")
    wire.pace.hold(2.0, "lou")
    wire.pace.hold(3.0)

    assert wire.pace.silence("lou") == 10.0
    assert wire.pace.silence("noa") == wire.pace.silence() == 3.0
    await wire.time.run(wire.time.sleep(4.0))
    assert (wire.pace.silence("lou"), wire.pace.silence("noa")) == (6.0, 0.0)
    await wire.time.run(wire.time.sleep(60.0))
    assert wire.pace.silence("lou") == 0.0


async def test_chats_at_rest_are_forgotten_and_no_other():
    wire = Wire(per_second=10_000)
    wire.pace.hold(600.0, "held")
    await wire.time.run(*(wire.pace.turn(f"chat {number}") for number in range(pacing.FORGET)))
    await wire.time.run(wire.time.sleep(60.0))
    await wire.time.run(wire.pace.turn("lou"))  # one too many: those of a minute ago go

    assert len(wire.pace._next) == 1
    assert wire.pace.silence("held") == pytest.approx(540.0, abs=1.0)
    await wire.time.run(wire.send("lou"))
    assert wire.times("lou")[0] - 60.0 >= 1.0


async def test_without_a_clock_it_goes_by_that_of_the_loop():
    pace = Pace(25, 0.01)
    began = asyncio.get_running_loop().time()
    for _ in range(3):
        await pace.turn("lou")

    assert asyncio.get_running_loop().time() - began >= 0.02
