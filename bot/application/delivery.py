"""Takes what waits to go out, lane by lane, hands it to its channel, and writes down what became of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Protocol

from bot.application import layout
from bot.application.messages import Message
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.logs import get_logger
from storage import attempts, conversations, outbox, people
from storage.attempts import Outcome
from storage.errors import WrongTransition
from storage.outbox import NewRow, OutboxRow, State
from storage.people import Person
from storage.unit_of_work import UnitOfWork

BATCH = 20  # rows claimed at a time: few enough that a stop gives them back quickly
log = get_logger(__name__)


class Channel(Protocol):
    """What an adapter (Telegram, Discord) offers. It knows the platform; the application knows the rest."""

    name: str

    async def send(self, row: OutboxRow, address: str) -> Outcome:
        """Send one part, and say what is known of its fate: `UNKNOWN` whenever it may have arrived. Never raises."""
        ...


async def run_once(services: Services, holder: str, channels: Mapping[str, Channel] | None = None) -> int:
    """One round over every channel (`holder` has a lease with a heartbeat); the number of rows settled. The web needs none: its list is the delivery."""
    settled = 0
    await in_thread(services, lambda: _tidy(services))
    for channel in (channels or {}).values():
        while rows := await in_thread(services, partial(_claim, services, channel.name, holder)):
            for row in rows:
                settled += await _one(services, channel, row, holder)
    return settled


async def _one(services: Services, channel: Channel, row: OutboxRow, holder: str) -> int:
    """Attempt written and committed, then the network, then the outcome."""
    address = await in_thread(services, lambda: _begin(services, row, channel.name, holder))
    if address is None:
        return 0
    outcome = await channel.send(row, address)
    state = await in_thread(services, lambda: _settle(services, row, holder, outcome))
    if state in (State.FAILED, State.UNKNOWN):
        log.warning("not_delivered", row=row.id, channel=channel.name, state=state, kind=row.kind)
    return 1


def _tidy(services: Services) -> None:
    with services.database.begin() as uow:
        attempts.reap(uow)
        outbox.expire(uow)


def _claim(services: Services, channel: str, holder: str) -> list[OutboxRow]:
    with services.database.begin() as uow:
        return outbox.claim(uow, channel, BATCH, holder)


def _begin(services: Services, row: OutboxRow, channel: str, holder: str) -> str | None:
    try:
        with services.database.begin() as uow:
            address = people.reachable(uow, row.recipient).get(channel)
            attempts.start(uow, row.id, holder)
            if address is None:
                attempts.settle(uow, row.id, holder, Outcome(State.FAILED, "no address"))
            return address
    except WrongTransition:
        return None  # another worker has it: this one was taken for dead


def _settle(services: Services, row: OutboxRow, holder: str, outcome: Outcome) -> State | None:
    try:
        with services.database.begin() as uow:
            return attempts.settle(uow, row.id, holder, outcome)
    except WrongTransition:
        return None


def enqueue(
    uow: UnitOfWork,
    person: Person,
    channel: str,
    messages: Sequence[Message],
    kind: str,
    source: str,
    occurrence: str = "",
) -> int:
    """Write what goes out, in the transaction that causes it: the person's list always, and parts for a chat platform.

    Nothing is written twice for the same (kind, source, occurrence): 0 then, else the number of rows.
    """
    found = layout.parts(messages, channel) if channel != people.WEB else [layout.Part("list")]
    rows = [
        NewRow(kind, source, person.id, channel, _body(part), occurrence, number, person.id)
        for number, part in enumerate(found)
    ]
    added = outbox.add(uow, rows)
    if added:
        conversations.append_messages(uow, person, messages)
    return len(added)


def _body(part: layout.Part) -> dict[str, object]:
    return {"kind": part.kind, "text": part.text, "reference": part.reference, "body": dict(part.body or {})}
