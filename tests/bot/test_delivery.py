from datetime import timedelta

import pytest

from bot.application import delivery
from bot.application.messages import Message
from storage import conversations, leases, outbox, people
from storage.attempts import Outcome
from storage.outbox import State

HOLDER = "worker-1"


class Platform:
    """A chat platform that answers what it is told to and remembers what it was sent."""

    name = "telegram"

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.received: list[tuple[str, str]] = []

    async def send(self, row, address):
        self.received.append((address, row.body["text"]))
        return self.outcomes.pop(0) if self.outcomes else Outcome(State.SENT)


@pytest.fixture
def lou(services):
    with services.database.begin() as uow:
        leases.hold(uow, "worker", HOLDER)
        return people.create(uow, "telegram", "4242")


def queue(services, person, words="Salut", kind="reply", source="turn:1", channel="telegram"):
    with services.database.begin() as uow:
        return delivery.enqueue(uow, person, channel, [Message("bot", "text", {"text": words})], kind, source)


def states(services):
    with services.database.begin() as uow:
        return [row.state for number in range(1, 9) if (row := outbox.get(uow, number))]


async def test_what_waits_goes_to_its_address_once(services, lou):
    queue(services, lou)
    platform = Platform()

    assert await delivery.run_once(services, HOLDER, {"telegram": platform}) == 1
    assert await delivery.run_once(services, HOLDER, {"telegram": platform}) == 0
    assert platform.received == [("4242", "Salut")]


async def test_the_same_cause_is_queued_once(services, lou):
    assert (queue(services, lou), queue(services, lou)) == (1, 0)


async def test_a_long_message_goes_in_parts_in_order(services, lou):
    queue(services, lou, "mot " * 3000)
    platform = Platform()

    await delivery.run_once(services, HOLDER, {"telegram": platform})

    assert len(platform.received) == 3
    assert "".join(text for _, text in platform.received) == "mot " * 3000


async def test_what_was_surely_not_sent_is_tried_again(services, lou, clock):
    queue(services, lou)
    platform = Platform(Outcome(State.RETRY, "no connection"))
    await delivery.run_once(services, HOLDER, {"telegram": platform})
    clock.now += timedelta(minutes=1)
    with services.database.begin() as uow:
        leases.hold(uow, "worker", HOLDER)

    await delivery.run_once(services, HOLDER, {"telegram": platform})

    assert len(platform.received) == 2


async def test_what_may_have_arrived_is_not_repeated_except_help(services, lou, clock):
    queue(services, lou, "Une réponse", "reply", "turn:1")
    queue(services, lou, "Le 103", "help", "turn:2")
    platform = Platform(Outcome(State.UNKNOWN), Outcome(State.UNKNOWN))
    await delivery.run_once(services, HOLDER, {"telegram": platform})
    clock.now += timedelta(minutes=1)
    await delivery.run_once(services, HOLDER, {"telegram": platform})

    assert [text for _, text in platform.received] == ["Le 103", "Une réponse", "Le 103"]


async def test_help_goes_first(services, lou):
    queue(services, lou, "Un rappel", "reminder", "reminder:1")
    queue(services, lou, "Le 103", "help", "turn:2")
    platform = Platform()

    await delivery.run_once(services, HOLDER, {"telegram": platform})

    assert [text for _, text in platform.received] == ["Le 103", "Un rappel"]


async def test_on_the_web_the_list_is_the_delivery(services):
    with services.database.begin() as uow:
        person = people.create(uow, "web")
    queue(services, person, channel="web")

    with services.database.read() as uow:
        assert [one.body["text"] for one in conversations.messages_after(uow, person.id, 0)] == ["Salut"]
    assert await delivery.run_once(services, HOLDER) == 0
    assert states(services) in ([State.SENT], [])
