"""Somebody on a chat platform: straight through the application, or through the way in with a platform of paper."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import func, select

from bot.application import turns, visits
from bot.application.intake import Intake
from bot.application.messages import Answer, Body, Hello, Incoming, Message, Odd, Press, Screen, Text
from bot.application.services import Services
from storage import conversations, outbox, people
from storage import tables as kept
from storage.outbox import OutboxRow
from tests.support.talk import Talker, words


@dataclass
class Phone(Talker):
    """A talker whose address is the platform's, not ours."""

    channel: str = "telegram"
    address: str = "4711"

    def send(self, body: Body, key: str | None = None) -> Answer:
        """Send one message from that address."""
        incoming = Incoming(self.channel, self.address, key or f"k{next(self.keys)}", body)
        if self.person is not None:
            answer = turns.handle(self.services, incoming)
        else:
            answer = visits.handle(self.services, self.visit, incoming)
        self.person, self.visit, self.last = answer.person, answer.visit, answer
        self.heard += answer.view.messages
        return answer


class Platform:
    """Payloads are ours: {"text"}, {"screen", "press"}, {"start"}, {"odd"} or {} for what calls for nothing; all with "at" or not."""

    def __init__(self, name: str = "telegram") -> None:
        self.name = name
        self.trouble: list[Exception] = []  # raised by the next readings, one each
        self.slow: dict[str, asyncio.Event] = {}  # key -> what its reading waits for
        self.shown: list[tuple[str, Answer]] = []
        self.ended: list[tuple[str, Answer | None]] = []

    async def read(self, payload: Mapping[str, Any], address: str, key: str) -> Incoming | None:
        if key in self.slow:
            await self.slow[key].wait()
        if self.trouble:
            raise self.trouble.pop(0)
        body = _body(payload)
        at = datetime.fromisoformat(payload["at"]) if "at" in payload else None
        return Incoming(self.name, address, key, body, at) if body is not None else None

    async def show(self, payload: Mapping[str, Any], address: str, answer: Answer) -> None:
        assert payload is not None
        self.shown.append((address, answer))

    async def after(self, payload: Mapping[str, Any], address: str, answer: Answer | None) -> None:
        assert payload is not None
        self.ended.append((address, answer))

    def said_to(self, address: str) -> str:
        """Everything shown there without the outbox, notices too."""
        found = [answer for whose, answer in self.shown if whose == address]
        return "\n".join(f"{words(answer.view.messages)}\n{answer.notice}".strip() for answer in found)


def _body(payload: Mapping[str, Any]) -> Body | None:
    match payload:
        case {"press": indices, "screen": screen}:
            return Press(screen, tuple(indices))
        case {"start": code}:
            return Hello(code)
        case {"odd": kind}:
            return Odd(kind, str(payload.get("text", "")))
        case {"text": text}:
            return Text(text)
        case _:
            return None


@dataclass
class Writer:
    """One address that writes to a platform, update by update."""

    intake: Intake
    address: str = "4711"
    keys: "count[int]" = field(default_factory=lambda: count(1))

    async def send(self, payload: Mapping[str, Any], key: str | None = None) -> str:
        """Hand over one update and wait until it is handled; its key."""
        key = key or str(next(self.keys))
        await self.intake.take(key, self.address, payload)
        await self.intake.idle()
        return key

    async def start(self, code: str = "") -> str:
        return await self.send({"start": code})

    async def type(self, text: str, key: str | None = None) -> str:
        return await self.send({"text": text}, key)

    async def press(self, label: str, key: str | None = None) -> str:
        return await self.send(await self.touch(label), key)

    async def touch(self, label: str) -> dict[str, Any]:
        """The update that touching a button makes. AssertionError when it is not there."""
        screen = await self.intake.screen(self.address)
        assert screen is not None, "nothing to press"
        shown = [option.label for option in screen.asked.options]
        assert label in shown, f"{label} not among {shown}"
        return {"screen": screen.id, "press": [shown.index(label)]}

    async def to_the_question(self, age: str = "16 à 18 ans") -> None:
        """A visit, up to whether the answers may be kept."""
        await self.start()
        await self.press(age)
        await self.type("Lou")
        for label in ("Sans préciser", "Textes normaux", "3e"):
            await self.press(label)


def person_of(services: Services, address: str = "4711", channel: str = "telegram") -> str | None:
    """Who writes from an address."""
    with services.database.read() as uow:
        found = people.find(uow, channel, address)
    return found.id if found else None


def member(services: Services, address: str = "4711", channel: str = "telegram", band: str = "16-18") -> str:
    """Somebody who agreed some time ago on a platform."""
    with services.database.begin() as uow:
        person = people.create(uow, channel, address)
        values = {"consent.self": True, "user.age_band": band, "user.first_name": "Lou"}
        conversations.note(uow, person.id, values)
        return person.id


def queue(services: Services, channel: str = "telegram") -> list[OutboxRow]:
    """Every row of the outbox for a channel, in the order they were made."""
    which = select(kept.outbox.c.id).where(kept.outbox.c.channel == channel).order_by(kept.outbox.c.id)
    with services.database.read() as uow:
        return [row for number in uow.execute(which).scalars().all() if (row := outbox.get(uow, number))]


def texts(rows: Sequence[OutboxRow]) -> list[str]:
    """The words of rows."""
    return [str(row.body["text"]) for row in rows]


def rows(services: Services) -> dict[str, int]:
    """How many rows each table has, those left out that migrations fill."""
    with services.database.read() as uow:
        return {
            table.name: uow.execute(select(func.count()).select_from(table)).scalar_one()
            for table in kept.metadata.sorted_tables
            if table.name not in ("meta", "alembic_version")
        }


def written(services: Services, person: str, side: str = "me") -> list[Message]:
    """What one side said, as kept."""
    with services.database.read() as uow:
        found = conversations.messages_after(uow, person, 0, 1_000)
    return [Message(one.side, one.kind, one.body, one.seq, one.at) for one in found if one.side == side]


def label_of(screen: Screen | None) -> list[str]:
    """The labels of a screen's buttons."""
    return [option.label for option in screen.asked.options] if screen else []


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that surely comes. TimeoutError when it does not."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 -- what is waited for stands in the database
            await asyncio.sleep(0.005)
