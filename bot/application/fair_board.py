"""The live board of a fair for staff: what is asked, in numbers that never point at anybody (decision 0024)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.rights import Act, Actor, require
from storage import meta, stands
from storage.gatherings import Gathering
from storage.stands import FEWEST
from storage.unit_of_work import UnitOfWork

STEP = 5  # people behind each step of a number
EVERY = timedelta(minutes=5)  # between two looks at who asked
_KEY = "fair_board:"  # in meta: when the numbers were counted, and what is shown since


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic, and about how many people ask about it: ten, fifteen, twenty and so on."""

    topic: str
    people: int


@dataclass(frozen=True, slots=True)
class Board:
    """What is shown: topics, then stands with theirs; `counted_at`: when. Nothing under ten people is in it."""

    topics: tuple[Asked, ...]
    by_stand: tuple[tuple[str, str, tuple[Asked, ...]], ...]  # (name, spot, topics)
    counted_at: datetime
    people: int = 0


def of(uow: UnitOfWork, actor: Actor, held: Gathering) -> Board:
    """The board of a fair, counted at most every five minutes. Writes what it counted. NotAllowed."""
    require(actor, Act.SEE_FAIR_BOARD)
    before, counted_at = _kept(uow, held.id)
    if counted_at is None or uow.now - counted_at >= EVERY:
        before, counted_at = _again(before, _counts(uow, held.id)), uow.now
        kept = {"at": counted_at.isoformat(), "numbers": before}
        meta.write(uow, _KEY + held.id, json.dumps(kept, sort_keys=True))
    return _board(uow, held, before, counted_at)


def step(shown: int, base: int, people: int) -> tuple[int, int]:
    """(what is shown now, how many there were when it last changed), after a count of so many people. Pure.

    Nothing below ten, then rounded down to fives; it grows only when five more people came since it last grew, and
    never shrinks, so that no change of it is about one person.
    """
    if people < FEWEST or (shown and people - base < STEP):
        return shown, base
    rounded = people - people % STEP
    return (rounded, people) if rounded > shown else (shown, base)


def _again(before: Mapping[str, tuple[int, int]], counts: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    found = dict(before)
    for key, people in counts.items():
        shown, base = step(*before.get(key, (0, 0)), people)
        if shown:
            found[key] = (shown, base)
    return found


def _counts(uow: UnitOfWork, gathering_id: str) -> dict[str, int]:
    found = {f"topic {topic}": people for topic, people in stands.topics(uow, gathering_id)}
    for stand, topic, people in stands.by_stand(uow, gathering_id):
        found[f"stand {stand} {topic}"] = people
    return found | {"people": stands.people(uow, gathering_id)}


def _kept(uow: UnitOfWork, gathering_id: str) -> tuple[dict[str, tuple[int, int]], datetime | None]:
    kept = meta.read(uow, _KEY + gathering_id)
    if not kept:
        return {}, None
    raw = json.loads(kept)
    numbers = {key: (int(shown), int(base)) for key, (shown, base) in raw["numbers"].items()}
    return numbers, datetime.fromisoformat(raw["at"])


def _board(
    uow: UnitOfWork, held: Gathering, numbers: Mapping[str, tuple[int, int]], counted_at: datetime
) -> Board:
    topics: list[Asked] = []
    at_stands: dict[str, list[Asked]] = {}
    for key, (shown, _base) in numbers.items():
        kind, _, rest = key.partition(" ")
        if kind == "topic":
            topics.append(Asked(rest, shown))
        elif kind == "stand":
            stand, _, topic = rest.partition(" ")
            at_stands.setdefault(stand, []).append(Asked(topic, shown))
    known = [one for one in stands.of_gathering(uow, held.id) if one.id in at_stands]
    by_stand = [(one.name, one.spot, _sorted(at_stands[one.id])) for one in known]
    return Board(_sorted(topics), tuple(by_stand), counted_at, numbers.get("people", (0, 0))[0])


def _sorted(asked: list[Asked]) -> tuple[Asked, ...]:
    return tuple(sorted(asked, key=lambda one: (-one.people, one.topic)))
