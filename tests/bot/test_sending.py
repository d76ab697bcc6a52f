import asyncio
import contextlib
import gc
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.application import pace as pace_of
from bot.application import sending
from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from storage import attempts, leases, outbox, people
from storage.attempts import Outcome
from storage.errors import DatabaseBusy
from storage.outbox import NewRow, OutboxRow, State
from tests.bot.phone import Phone, member, queue, texts, until

SENT = Outcome(State.SENT)
UNKNOWN = Outcome(State.UNKNOWN, "timeout")
BLOCKED = Outcome(State.FAILED, "blocked", unreachable=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(sending, "STAND_BY", 0.01)


class Paper:
    """A platform that ends each sending as it is told to: by an outcome, or by something to be done first."""

    name = "telegram"

    def __init__(self, *script: Outcome | Callable[[], Awaitable[Outcome]]) -> None:
        self.script = list(script)
        self.received: list[tuple[str, str]] = []
        self.under_way: dict[str, int] = defaultdict(int)
        self.most_to_one = 0  # sendings under way to one address at the same time
        self.most = 0

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        self.received.append((address, str(row.body["text"])))
        self.under_way[address] += 1
        self.most_to_one = max(self.most_to_one, *self.under_way.values())
        self.most = max(self.most, sum(self.under_way.values()))
        try:
            await asyncio.sleep(0.002)  # long enough for another to come in between
            step = self.script.pop(0) if self.script else SENT
            return step if isinstance(step, Outcome) else await step()
        finally:
            self.under_way[address] -= 1

    def texts(self, address: str | None = None) -> list[str]:
        return [text for whose, text in self.received if address in (None, whose)]


@asynccontextmanager
async def sender(
    services: Services, channel: Paper, holder: str = "a", pace: Pace | None = None
) -> AsyncIterator[Sender]:
    """A sender at work, stopped at the end."""
    made = Sender(services, channel, pace or Pace(10**9, 0.0), holder)
    running = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        await made.stop()
        await asyncio.wait_for(running, 5)


async def a_while() -> None:
    """Several rounds of a sender: enough for what should not happen to happen."""
    await asyncio.sleep(0.05)


def add(services: Services, *rows: NewRow) -> None:
    with services.database.begin() as uow:
        assert len(outbox.add(uow, rows)) == len(rows)


def row(person: str, text: str, kind: str = "reply", **given: Any) -> NewRow:
    return NewRow(kind, f"turn:{text}", person, "telegram", {"text": text}, person_id=person, **given)


def states(services: Services) -> list[State]:
    return [one.state for one in queue(services)]


def settled(services: Services, *expected: State) -> Callable[[], bool]:
    return lambda: states(services) == list(expected)


def lease(services: Services) -> str | None:
    with services.database.read() as uow:
        found = leases.find(uow, "send:telegram")
    return found.holder if found else None


def tries(services: Services, number: int = 0) -> list[str]:
    """The outcomes of what was tried for a row."""
    with services.database.begin() as uow:
        return [one["outcome"] for one in attempts.history(uow, queue(services)[number].id)]


# ---------------------------------------------------------------- order


async def test_parts_go_in_their_order_and_one_at_a_time_to_one_person(services):
    lou, noa = member(services), member(services, "42")
    turns = [row(lou, f"{turn}.{part}", part=part) for turn in range(3) for part in range(3)]
    add(services, *turns, *(row(noa, f"n{number}") for number in range(4)))

    async def with_another() -> Outcome:
        await until(lambda: paper.most > 1)  # whatever else the machine does
        return SENT

    paper = Paper(with_another)

    async with sender(services, paper):
        await until(settled(services, *[State.SENT] * 13))

    assert paper.texts("4711") == [f"{turn}.{part}" for turn in range(3) for part in range(3)]
    assert paper.texts("42") == ["n0", "n1", "n2", "n3"]
    assert paper.most_to_one == 1
    assert paper.most == 2  # but they do not wait for each other


async def test_a_part_that_is_tried_again_keeps_the_next_ones_waiting(services, clock):
    lou = member(services)
    add(services, *(row(lou, text) for text in ("un", "deux", "trois")))
    paper = Paper(SENT, Outcome(State.RETRY, "no connection"))

    async with sender(services, paper):
        await until(settled(services, State.SENT, State.RETRY, State.QUEUED))
        await a_while()
        assert paper.texts() == ["un", "deux"]
        clock.move(seconds=7)
        await until(settled(services, *[State.SENT] * 3))

    assert paper.texts() == ["un", "deux", "deux", "trois"]
    assert tries(services, 1) == ["retry", "sent"]
    assert queue(services)[1].attempts == 2


async def test_help_overtakes_what_waits(services, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    people_of = [member(services, str(number)) for number in range(4)]
    add(
        services,
        row(people_of[0], "rappel", "reminder"),
        row(people_of[1], "réponse"),
        row(people_of[2], "relais", "relay"),
        row(people_of[3], "le 103", "help"),
    )
    paper = Paper()

    async with sender(services, paper):
        await until(settled(services, *[State.SENT] * 4))

    assert paper.texts() == ["le 103", "réponse", "relais", "rappel"]


async def test_help_that_comes_late_goes_next(services, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    people_of = [member(services, str(number)) for number in range(8)]
    add(services, *(row(person, f"r{number}") for number, person in enumerate(people_of)))
    lou = member(services)

    async def with_news() -> Outcome:
        add(services, row(lou, "le 103", "help"))
        return SENT

    paper = Paper(with_news)
    async with sender(services, paper):
        await until(settled(services, *[State.SENT] * 9))

    assert paper.texts().index("le 103") <= 4  # two were under way, and as many may have been claimed


async def test_no_more_are_under_way_than_there_are_hands(services):
    add(services, *(row(member(services, str(number)), f"r{number}") for number in range(30)))
    go = asyncio.Event()

    async def when_told() -> Outcome:
        await go.wait()
        return SENT

    paper = Paper(*[when_told] * 30)
    async with sender(services, paper):
        await until(lambda: paper.most == sending.AT_ONCE)
        await a_while()
        assert states(services).count(State.SENDING) == sending.AT_ONCE
        go.set()
        await until(settled(services, *[State.SENT] * 30))

    assert paper.most == sending.AT_ONCE
    assert sorted(paper.texts()) == sorted(f"r{number}" for number in range(30))


async def test_a_turn_is_sent_at_once(services, monkeypatch):
    monkeypatch.setattr(sending, "LOOK_AGAIN", 60.0)  # nobody looks: the bell is heard
    phone = Phone(services, person=member(services))
    go = asyncio.Event()

    async def when_told() -> Outcome:
        await go.wait()
        return SENT

    paper = Paper(when_told)
    async with sender(services, paper):
        await until(lambda: lease(services))
        await asyncio.sleep(0.02)
        await asyncio.to_thread(phone.type, "menu")
        await until(lambda: paper.received)
        await asyncio.to_thread(phone.type, "bof")
        await a_while()
        go.set()  # what waited behind it goes at once as well
        await until(settled(services, State.SENT, State.SENT))

    assert paper.texts() == texts(queue(services))


# ---------------------------------------------------------------- what becomes of it


async def test_whoever_closed_the_way_gets_nothing_until_it_is_open_again(services):
    lou, noa = member(services), member(services, "42")
    add(services, row(lou, "un"), row(lou, "deux"), row(lou, "rappel", "reminder"))
    discord = NewRow("reply", "turn:d", lou, "discord", {"text": "ailleurs"}, person_id=lou)
    add(services, discord)

    paper = Paper(BLOCKED, BLOCKED)  # the answer and the reminder may go out side by side
    async with sender(services, paper):
        await until(lambda: states(services)[1] is State.CANCELLED)
        assert states(services)[0] is State.FAILED
        await until(lambda: states(services)[2] in (State.FAILED, State.CANCELLED))
        paper.script.clear()
        add(services, row(lou, "quatre"), row(noa, "autre"))
        await a_while()
        assert "quatre" not in paper.texts()
        with services.database.begin() as uow:
            assert "telegram" not in people.reachable(uow, lou)
            assert "telegram" in people.reachable(uow, noa)
            people.mark_unreachable(uow, lou, "telegram", unreachable=False)
        await until(lambda: "quatre" in paper.texts("4711"))

    assert [one.state for one in queue(services) if one.body["text"] in ("deux", "quatre")] == [
        State.CANCELLED, State.SENT]  # fmt: skip
    assert "deux" not in paper.texts()
    assert paper.texts("42") == ["autre"]
    assert [one.state for one in queue(services, "discord")] == [State.QUEUED]


async def test_a_refusal_that_is_not_for_good_closes_nothing(services):
    lou = member(services)
    add(services, row(lou, "un"), row(lou, "deux"))
    paper = Paper(Outcome(State.FAILED, "bad request"))

    async with sender(services, paper):
        await until(settled(services, State.FAILED, State.SENT))

    assert queue(services)[0].reason == "bad request"
    assert paper.texts() == ["un", "deux"]


async def test_too_many_requests_burn_no_attempt_and_wait_as_long_as_asked(services, clock):
    lou = member(services)
    add(services, row(lou, "un"))
    later = clock.now + timedelta(seconds=30)
    paper = Paper(Outcome(State.RETRY, "too many requests", later, counts=False))

    async with sender(services, paper):
        await until(settled(services, State.RETRY))
        assert queue(services)[0].attempts == 0
        clock.move(seconds=29)
        await a_while()
        assert paper.texts() == ["un"]
        clock.move(seconds=1)
        await until(settled(services, State.SENT))

    assert queue(services)[0].attempts == 1
    assert paper.texts() == ["un", "un"]


async def test_what_may_have_arrived_is_repeated_for_help_only(services, clock):
    lou, noa = member(services), member(services, "42")
    add(services, row(lou, "réponse"), row(noa, "le 103", "help"))
    paper = Paper(UNKNOWN, UNKNOWN)

    async with sender(services, paper):
        await until(settled(services, State.UNKNOWN, State.RETRY))
        clock.move(minutes=1)
        await until(settled(services, State.UNKNOWN, State.SENT))
        await a_while()

    assert sorted(paper.texts()) == ["le 103", "le 103", "réponse"]


async def test_somebody_without_an_address_there_is_a_dead_letter(services):
    with services.database.begin() as uow:
        lou = people.create(uow, "web").id
    add(services, row(lou, "un"))
    paper = Paper()

    async with sender(services, paper):
        await until(settled(services, State.FAILED))

    assert paper.received == []
    assert queue(services)[0].reason == "no address"


async def test_what_comes_too_late_is_not_sent(services, clock):
    lou = member(services)
    add(services, row(lou, "un", expires_at=clock.now + timedelta(hours=1)))
    clock.move(hours=2)
    paper = Paper()

    async with sender(services, paper):
        await until(settled(services, State.EXPIRED))

    assert paper.received == []


# ---------------------------------------------------------------- the pace


async def test_a_chat_that_wants_silence_lets_the_others_go_first(services, clock):
    lou, noa = member(services), member(services, "42")
    add(services, row(lou, "un"), row(noa, "deux"))
    pace = Pace(10**9, 0.0)
    pace.hold(60.0, "4711")
    paper = Paper()

    async with sender(services, paper, pace=pace):
        await until(settled(services, State.RETRY, State.SENT))

    back = queue(services)[0]
    assert paper.texts() == ["deux"]
    assert back.attempts == 0
    assert timedelta(seconds=59) < back.not_before - clock.now <= timedelta(seconds=60)


async def test_while_much_is_refused_only_those_who_write_are_answered(services, monkeypatch):
    """Platforms shut out a bot that goes on writing to people who do not want it."""
    monkeypatch.setattr(pace_of, "MOST_REFUSED", 3)
    time = [0.0]
    pace = Pace(10**9, 0.0, lambda: time[0])
    gone = [member(services, str(number)) for number in range(3)]
    lou, noa = member(services), member(services, "42")
    add(services, *(row(person, f"b{number}", "broadcast") for number, person in enumerate(gone)))
    paper = Paper(BLOCKED, BLOCKED, BLOCKED)

    async with sender(services, paper, pace=pace):
        await until(settled(services, *[State.FAILED] * 3))
        add(services, row(lou, "annonce", "broadcast"), row(lou, "rappel", "reminder"), row(noa, "réponse"))
        await until(lambda: "réponse" in paper.texts())
        await a_while()
        assert paper.texts()[3:] == ["réponse"]
        time[0] += 601
        await until(lambda: len(paper.texts()) == 6)

    assert set(paper.texts()[4:]) == {"rappel", "annonce"}


async def test_silence_does_not_hide_that_a_message_may_have_arrived(services, clock):
    """An adapter that may send again for a while only must find since when it may be there."""
    mark = "may have arrived since then"
    add(services, row(member(services), "un"))
    pace = Pace(10**9, 0.0)
    paper = Paper(Outcome(State.RETRY, mark))

    async with sender(services, paper, pace=pace):
        await until(settled(services, State.RETRY))
        pace.hold(30.0, "4711")
        clock.move(seconds=20)
        await until(lambda: len(tries(services)) == 2)
        assert [one.reason for one in queue(services)] == [mark]

    assert paper.texts() == ["un"]


async def test_nothing_is_claimed_while_the_platform_wants_silence(services):
    add(services, row(member(services), "un"))
    time = [0.0]
    pace = Pace(10**9, 0.0, lambda: time[0])
    pace.hold(60.0)
    paper = Paper()

    async with sender(services, paper, pace=pace):
        await a_while()
        assert (states(services), paper.received) == ([State.QUEUED], [])
        time[0] = 60.0
        await until(settled(services, State.SENT))


# ---------------------------------------------------------------- one sender, and its end


def never(services: Services) -> Pace:
    """A pace at which nothing ever goes."""
    assert services is not None

    async def sleep(_seconds: float) -> None:
        await asyncio.Event().wait()

    pace = Pace(1, 0.0, lambda: 0.0, sleep)
    pace._free = 1.0
    return pace


async def test_a_clean_stop_gives_back_what_was_not_begun_and_the_lease(services, monkeypatch):
    monkeypatch.setattr(sending, "FINISH", 0.02)
    add(services, row(member(services), "un"), row(member(services, "42"), "deux"))
    paper = Paper()
    async with sender(services, paper, pace=never(services)) as slow:
        await until(settled(services, State.SENDING, State.SENDING))
        assert lease(services) == "a"
        await slow.stop()

        assert states(services) == [State.QUEUED, State.QUEUED]
        assert lease(services) is None
    assert paper.received == []
    assert tries(services) == []
    for task in slow._tasks:
        task.cancel()


async def test_a_clean_stop_lets_what_is_under_way_end(services):
    add(services, row(member(services), "un"), row(member(services, "42"), "deux"))
    arrived = asyncio.Event()

    async def slowly() -> Outcome:
        await arrived.wait()
        return SENT

    paper = Paper(slowly, slowly)
    async with sender(services, paper) as busy:
        await until(lambda: len(paper.received) == 2)
        stopping = asyncio.create_task(busy.stop())
        add(services, row(member(services, "43"), "trois"))
        await a_while()
        assert not stopping.done()
        arrived.set()
        await stopping

        assert states(services) == [State.SENT, State.SENT, State.QUEUED]
        assert lease(services) is None


async def test_a_second_sender_stands_by_and_takes_over_from_a_clean_stop(services):
    lou = member(services)
    one, two = Paper(), Paper()

    async with sender(services, one, "a") as first:
        await until(lambda: lease(services) == "a")
        async with sender(services, two, "b"):
            add(services, row(lou, "un"))
            await until(settled(services, State.SENT))
            await a_while()
            assert (one.texts(), two.texts()) == (["un"], [])
            await first.stop()
            add(services, row(lou, "deux"))
            await until(settled(services, State.SENT, State.SENT))
            assert lease(services) == "b"

    assert (one.texts(), two.texts()) == (["un"], ["deux"])


async def test_what_a_dead_sender_left_is_settled_by_the_next(services, clock):
    lou, noa, zoe = member(services), member(services, "42"), member(services, "43")
    add(services, row(lou, "un"), row(noa, "le 103", "help"), row(zoe, "trois"))
    with services.database.begin() as uow:  # it claimed three, had begun two, and died
        leases.hold(uow, "send:telegram", "dead")
        by_text = {str(one.body["text"]): one for one in outbox.claim(uow, "telegram", 10, "dead")}
        attempts.start(uow, by_text["un"].id, "dead")
        attempts.start(uow, by_text["le 103"].id, "dead")
    paper = Paper()

    async with sender(services, paper, "b"):
        await a_while()
        assert (lease(services), paper.received) == ("dead", [])
        clock.move(seconds=31)
        await until(settled(services, State.UNKNOWN, State.SENT, State.SENT))

    assert sorted(paper.texts()) == ["le 103", "trois"]


async def test_a_sender_taken_for_dead_sends_nothing_twice(services, clock, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 1)  # its one hand is full: it claims nothing meanwhile
    add(services, row(member(services), "un"))
    gate = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await gate.wait()

    slow = Pace(1, 0.0, lambda: 2.0 if gate.is_set() else 0.0, sleep)
    slow._free = 1.0
    one, two = Paper(), Paper()
    unforeseen: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, about: unforeseen.append(about))
    async with sender(services, one, "a", slow):
        await until(settled(services, State.SENDING))
        clock.move(seconds=31)
        async with sender(services, two, "b"):
            await until(settled(services, State.SENT))
            gate.set()
            await a_while()

    assert (one.texts(), two.texts()) == ([], ["un"])
    assert tries(services) == ["sent"]
    gc.collect()
    assert unforeseen == []


async def test_storage_that_is_away_for_a_while_is_waited_for(services, monkeypatch):
    add(services, row(member(services), "un"))
    away = [True]
    begin = services.database.begin

    @contextlib.contextmanager
    def perhaps():
        if away[0]:
            raise DatabaseBusy("locked")
        with begin() as uow:
            yield uow

    monkeypatch.setattr(services.database, "begin", perhaps)
    paper = Paper()
    async with sender(services, paper):
        await a_while()
        assert paper.received == []
        away[0] = False
        await until(settled(services, State.SENT))

    assert paper.texts() == ["un"]


async def test_an_outcome_that_could_not_be_written_down_is_never_sent_again(services, clock, monkeypatch):
    add(services, row(member(services), "un"))
    settle = attempts.settle
    failing = [True]

    def perhaps(*given: Any) -> State:
        if failing[0]:
            failing[0] = False
            raise DatabaseBusy("locked")
        return settle(*given)

    monkeypatch.setattr(attempts, "settle", perhaps)
    paper, after = Paper(), Paper()
    async with sender(services, paper):
        await until(lambda: not failing[0])
        await a_while()
    clock.move(seconds=31)
    async with sender(services, after, "b"):
        await until(settled(services, State.UNKNOWN))
        await a_while()

    assert (paper.texts(), after.texts()) == (["un"], [])


async def test_a_channel_sends_only_what_is_its_own(services):
    lou = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, lou, "discord", "42")
    add(services, NewRow("reply", "turn:d", lou, "discord", {"text": "un"}, person_id=lou))
    paper = Paper()

    async with sender(services, paper):
        await until(lambda: lease(services))
        await a_while()

    assert paper.received == []
    assert [one.state for one in queue(services, "discord")] == [State.QUEUED]
