"""Who takes part in what: places, the waiting list in its order, offers that end, and who came."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select, update

from storage.gatherings import COLUMNS, Gathering, of_row
from storage.tables_agenda import gatherings, participations
from storage.unit_of_work import AnyRow, UnitOfWork, for_each


class Standing(StrEnum):
    """Where somebody stands with a gathering."""

    GOING = "going"
    WAITING = "waiting"
    OFFERED = "offered"  # a place is kept for them until `offer_until`
    ASKED = "asked"  # said why; staff have not chosen yet
    DECLINED = "declined"  # not this time
    LEFT = "left"
    CAME = "came"
    MISSED = "missed"


HOLDING = (Standing.GOING, Standing.OFFERED, Standing.CAME, Standing.MISSED)  # whoever takes a place
CONCERNED = (
    Standing.GOING,
    Standing.WAITING,
    Standing.OFFERED,
    Standing.ASKED,
)  # whoever must hear of a change


@dataclass(frozen=True, slots=True)
class Part:
    """One person at one gathering."""

    gathering_id: str
    person_id: str
    standing: Standing
    own: bool
    reminders: str  # eve | more | none
    motivation: str
    offer_until: datetime | None
    asked_at: datetime
    updated_at: datetime


_P = participations.c
_COLUMNS = (
    _P.gathering_id,
    _P.person_id,
    _P.state.label("standing"),
    _P.own,
    _P.reminders,
    _P.motivation,
    _P.offer_until,
    _P.asked_at,
    _P.updated_at.label("part_updated_at"),
)
_PUT = for_each(
    lambda insert: (made := insert(participations)).on_conflict_do_update(
        index_elements=["gathering_id", "person_id"],
        set_={
            name: made.excluded[name]
            for name in ("state", "own", "reminders", "motivation", "offer_until", "asked_at", "updated_at")
        },
    )
)
_ENROL = for_each(lambda insert: insert(participations).on_conflict_do_nothing().returning(_P.person_id))
_GET = select(*_COLUMNS).where(
    _P.gathering_id == bindparam("gathering_id"), _P.person_id == bindparam("person_id")
)
_ORDER = (_P.asked_at, _P.person_id)
_OF_GATHERING = (
    select(*_COLUMNS)
    .where(_P.gathering_id == bindparam("gathering_id"), _P.state.in_(bindparam("standings", expanding=True)))
    .order_by(*_ORDER)
)
_OF_PERSON = (
    select(*_COLUMNS, *COLUMNS)
    .join(gatherings, gatherings.c.id == _P.gathering_id)
    .where(_P.person_id == bindparam("person_id"), gatherings.c.ends_at > bindparam("since"))
    .order_by(gatherings.c.starts_at, gatherings.c.number)
)
_COUNTS = (
    select(_P.gathering_id, _P.state, func.count())
    .where(_P.gathering_id.in_(bindparam("ids", expanding=True)))
    .group_by(_P.gathering_id, _P.state)
)
_SET = (
    update(participations)
    .where(_P.gathering_id == bindparam("of_gathering"), _P.person_id == bindparam("of_person"))
    .values(
        state=bindparam("new_state"),
        offer_until=bindparam("new_until"),
        updated_at=bindparam("now"),
    )
)
_REMIND = (
    update(participations)
    .where(_P.gathering_id == bindparam("of_gathering"), _P.person_id == bindparam("of_person"))
    .values(reminders=bindparam("new_reminders"), updated_at=bindparam("now"))
)
_FORGET_WHY = (
    update(participations)
    .where(
        _P.motivation.is_not(None),
        _P.gathering_id.in_(select(gatherings.c.id).where(gatherings.c.ends_at < bindparam("before"))),
    )
    .values(motivation=None)
)
_ENDED = (
    select(*_COLUMNS)
    .where(_P.state == "offered", _P.offer_until <= bindparam("now"))
    .order_by(_P.offer_until)
    .limit(bindparam("limit"))
)
_FREE = (  # with somebody waiting: the tick looks whether a place is free
    select(_P.gathering_id)
    .join(gatherings, gatherings.c.id == _P.gathering_id)
    .where(_P.state == "waiting", gatherings.c.state == "planned", gatherings.c.starts_at > bindparam("now"))
    .distinct()
)


def forget_motivations(uow: UnitOfWork, ended_before: datetime) -> int:
    """Why somebody wanted to come is of no use once it is over: those words go; how many."""
    return uow.execute(_FORGET_WHY, {"before": ended_before}).rowcount


def put(uow: UnitOfWork, part: Part) -> None:
    """Write where somebody stands, whatever stood there. One statement."""
    uow.execute(_PUT, _values(uow, part))


def enrol(uow: UnitOfWork, parts: Sequence[Part]) -> int:
    """Write only for those of whom nothing is known yet; how many were new."""
    return sum(len(uow.execute(_ENROL, _values(uow, one)).all()) for one in parts)


def get(uow: UnitOfWork, gathering_id: str, person_id: str) -> Part | None:
    """Where somebody stands with a gathering; None for somebody who never asked."""
    row = uow.execute(_GET, {"gathering_id": gathering_id, "person_id": person_id}).first()
    return _part(uow, row) if row else None


def of_gathering(
    uow: UnitOfWork, gathering_id: str, standings: Sequence[Standing] = tuple(Standing)
) -> list[Part]:
    """Everybody of those standings, in the order in which they asked. One statement."""
    values = {"gathering_id": gathering_id, "standings": [one.value for one in standings]}
    return [_part(uow, row) for row in uow.execute(_OF_GATHERING, values)]


def of_person(uow: UnitOfWork, person_id: str, since: datetime | None = None) -> list[tuple[Part, Gathering]]:
    """What somebody takes part in and that ends after `since` (now), the earliest first. One statement."""
    rows = uow.execute(_OF_PERSON, {"person_id": person_id, "since": since or uow.now})
    return [(_part(uow, row), of_row(row)) for row in rows]


def counts(uow: UnitOfWork, gathering_ids: Sequence[str]) -> dict[str, Counter[Standing]]:
    """How many of each standing, by gathering. One statement."""
    found: dict[str, Counter[Standing]] = defaultdict(Counter)
    if gathering_ids:
        for gathering_id, state, number in uow.execute(_COUNTS, {"ids": list(gathering_ids)}):
            found[gathering_id][Standing(state)] = number
    return found


def taken(uow: UnitOfWork, gathering_id: str) -> int:
    """How many places are held. Lock the gathering first: nobody else can take one meanwhile."""
    standings = counts(uow, [gathering_id])[gathering_id]
    return sum(standings[one] for one in HOLDING)


def stand(uow: UnitOfWork, part: Part, standing: Standing, offer_until: datetime | None = None) -> None:
    """Somebody stands elsewhere now."""
    values = {
        "of_gathering": part.gathering_id,
        "of_person": part.person_id,
        "new_state": standing.value,
        "new_until": offer_until,
        "now": uow.now,
    }
    uow.execute(_SET, values)


def remind(uow: UnitOfWork, part: Part, reminders: str) -> None:
    """Which reminders somebody wants for this one: eve, more or none."""
    values = {"of_gathering": part.gathering_id, "of_person": part.person_id}
    uow.execute(_REMIND, values | {"new_reminders": reminders, "now": uow.now})


def ended_offers(uow: UnitOfWork, limit: int = 100) -> list[Part]:
    """Offers that nobody answered in time, the oldest first."""
    return [_part(uow, row) for row in uow.execute(_ENDED, {"now": uow.now, "limit": limit})]


def with_waiting(uow: UnitOfWork) -> list[str]:
    """Gatherings to come for which somebody waits."""
    return [str(one) for one in uow.execute(_FREE, {"now": uow.now}).scalars()]


def _values(uow: UnitOfWork, part: Part) -> dict[str, object]:
    return {
        "gathering_id": part.gathering_id,
        "person_id": part.person_id,
        "state": part.standing.value,
        "own": part.own,
        "reminders": part.reminders,
        "motivation": uow.box.seal(part.motivation.encode()) if part.motivation else None,
        "offer_until": part.offer_until,
        "asked_at": part.asked_at,
        "updated_at": part.updated_at,
    }


def _part(uow: UnitOfWork, row: AnyRow) -> Part:
    motivation = uow.box.open(row.motivation).decode() if row.motivation is not None else ""
    return Part(
        row.gathering_id,
        row.person_id,
        Standing(row.standing),
        row.own,
        row.reminders,
        motivation,
        row.offer_until,
        row.asked_at,
        row.part_updated_at,
    )
