"""What happens at the centre and around it: labs, sessions, meetings, fairs; each with wall time, zone and instant."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage import meta
from storage.agenda import BRUSSELS, instant
from storage.crypto import new_id, new_token, token_hash
from storage.errors import Conflict
from storage.tables_agenda import gatherings
from storage.unit_of_work import AnyRow, UnitOfWork

NUMBER = "gathering_number"  # key in meta


class Kind(StrEnum):
    """What sort of gathering it is: reminders and dialogues depend on it."""

    LAB = "lab"
    SESSION = "session"  # self-learning
    MASTERLAB = "masterlab"
    MEETING = "meeting"  # rencontre inspirante
    FAIR = "fair"
    OPEN_DAY = "open_day"
    OTHER = "other"


class State(StrEnum):
    """Whether it takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Details:
    """What staff say of a gathering. Times are wall times of the zone, without zone of their own."""

    kind: Kind
    title: str
    local_starts: datetime
    local_ends: datetime
    domain: str = ""
    about: str = ""
    place: str = ""
    route: str = ""
    bands: str = ""  # age bands with spaces between; empty for all
    group_id: str | None = None
    zone: str = BRUSSELS
    capacity: int | None = None
    waiting: bool = True
    chosen: bool = False
    link: str = ""
    source: str = ""
    seen: date | None = None
    uid: str | None = None
    series_id: str | None = None
    slot: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Gathering:
    """A gathering as kept."""

    id: str
    number: int
    details: Details
    starts_at: datetime
    ends_at: datetime
    state: State
    why: str
    version: int
    confirmed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def confirmed(self) -> bool:
        """Whether a person of the centre confirmed it; else it is shown as « à vérifier »."""
        return self.confirmed_at is not None

    @property
    def planned(self) -> bool:
        """Whether it takes place."""
        return self.state is State.PLANNED


_DETAILS = tuple(gatherings.c[one.name] for one in fields(Details))
_OWN = tuple(
    gatherings.c[name]
    for name in (
        "id", "number", "starts_at", "ends_at", "state", "why", "version", "confirmed_at", "created_at", "updated_at",
    )
)  # fmt: skip
COLUMNS = (*_OWN, *_DETAILS)
_ADD = insert(gatherings)
_ALL = select(*COLUMNS)
_GET = _ALL.where(gatherings.c.id == bindparam("gathering_id"))
_GET_LOCKED = _GET.with_for_update()
_BY_NUMBER = _ALL.where(gatherings.c.number == bindparam("number"))
_BY_UIDS = _ALL.where(gatherings.c.uid.in_(bindparam("uids", expanding=True)))
_BY_CHECKIN = _ALL.where(gatherings.c.checkin_hash == bindparam("hash"))
_CHECKIN = select(gatherings.c.checkin).where(gatherings.c.id == bindparam("gathering_id"))
_ORDER = (gatherings.c.starts_at, gatherings.c.number)
_BETWEEN = _ALL.where(
    gatherings.c.ends_at > bindparam("since"), gatherings.c.starts_at < bindparam("until")
).order_by(*_ORDER)
_OF_SERIES = _ALL.where(gatherings.c.series_id == bindparam("series_id")).order_by(gatherings.c.slot)
_OF_GROUP = _ALL.where(
    gatherings.c.group_id == bindparam("group_id"), gatherings.c.starts_at > bindparam("now")
).order_by(*_ORDER)
_SAME_TIME = _ALL.where(
    gatherings.c.starts_at == bindparam("starts"),
    gatherings.c.kind == bindparam("kind"),
    gatherings.c.state == "planned",
).order_by(*_ORDER)
_CHANGE = (
    update(gatherings)
    .where(gatherings.c.id == bindparam("of_gathering"), gatherings.c.version == bindparam("of_version"))
    .values(
        {one.name: bindparam("new_" + one.name) for one in fields(Details)}
        | {
            "starts_at": bindparam("new_starts_at"),
            "ends_at": bindparam("new_ends_at"),
            "state": bindparam("new_state"),
            "why": bindparam("new_why"),
            "version": gatherings.c.version + 1,
            "updated_at": bindparam("now"),
        }
    )
)
_CONFIRM = (
    update(gatherings)
    .where(gatherings.c.id == bindparam("of_gathering"))
    .values(confirmed_at=bindparam("when"), seen=bindparam("new_seen"), updated_at=bindparam("now"))
)


def add(uow: UnitOfWork, details: Details, *, confirmed: bool = False) -> Gathering:
    """A new gathering. ValueError when it ends before it begins; Conflict when its uid, or its slot, is taken."""
    starts, ends = _instants(details)
    values: dict[str, Any] = {
        "id": new_id(),
        "number": meta.next_number(uow, NUMBER),
        "starts_at": starts,
        "ends_at": ends,
        "state": "planned",
        "why": "",
        "version": 1,
        "confirmed_at": uow.now if confirmed else None,
        "created_at": uow.now,
        "updated_at": uow.now,
    }
    token = new_token()
    sealed = {"checkin_hash": token_hash(token), "checkin": uow.box.seal(token.encode())}
    uow.execute(_ADD, values | sealed | _plain(details))
    return Gathering(**(values | {"state": State.PLANNED}), details=details)


def get(uow: UnitOfWork, gathering_id: str, *, lock: bool = False) -> Gathering | None:
    """The gathering of that id; `lock` keeps others from changing it or its places until this transaction ends."""
    statement = _GET_LOCKED if lock and not uow.read_only else _GET
    return _first(uow.execute(statement, {"gathering_id": gathering_id}).first())


def by_number(uow: UnitOfWork, number: int) -> Gathering | None:
    """The gathering that staff call by this number."""
    return _first(uow.execute(_BY_NUMBER, {"number": number}).first())


def by_uids(uow: UnitOfWork, uids: Sequence[str]) -> dict[str, Gathering]:
    """Those imported from a calendar under these numbers. One statement a thousand numbers."""
    found: dict[str, Gathering] = {}
    for start in range(0, len(uids), 1000):
        for row in uow.execute(_BY_UIDS, {"uids": list(uids[start : start + 1000])}):
            found[str(row.uid)] = of_row(row)
    return found


def by_checkin(uow: UnitOfWork, token: str) -> Gathering | None:
    """The gathering whose attendance code this is."""
    return _first(uow.execute(_BY_CHECKIN, {"hash": token_hash(token)}).first())


def checkin_token(uow: UnitOfWork, gathering_id: str) -> str:
    """What the attendance QR code holds. LookupError for no such gathering."""
    sealed = uow.execute(_CHECKIN, {"gathering_id": gathering_id}).scalar()
    if sealed is None:
        raise LookupError("no such gathering")
    return uow.box.open(sealed).decode()


def between(uow: UnitOfWork, since: datetime, until: datetime) -> list[Gathering]:
    """Everything that overlaps these instants, cancelled ones too, the earliest first. One statement."""
    return [of_row(row) for row in uow.execute(_BETWEEN, {"since": since, "until": until})]


def of_series(uow: UnitOfWork, series_id: str) -> list[Gathering]:
    """Every occurrence of a series, in the order of the days that it gave them."""
    return [of_row(row) for row in uow.execute(_OF_SERIES, {"series_id": series_id})]


def of_group(uow: UnitOfWork, group_id: str) -> list[Gathering]:
    """What is still to come for a group."""
    return [of_row(row) for row in uow.execute(_OF_GROUP, {"group_id": group_id, "now": uow.now})]


def same_time(uow: UnitOfWork, details: Details) -> list[Gathering]:
    """Planned ones of the same kind that begin at the same instant: perhaps the same, entered twice."""
    starts, _ends = _instants(details)
    return [of_row(row) for row in uow.execute(_SAME_TIME, {"starts": starts, "kind": details.kind.value})]


def change(
    uow: UnitOfWork, held: Gathering, details: Details, *, state: State | None = None, why: str = ""
) -> Gathering:
    """Write what staff say now, one version further. Conflict when somebody else changed it meanwhile; ValueError as `add`."""
    starts, ends = _instants(details)
    becomes = state or held.state
    values = {f"new_{name}": value for name, value in _plain(details).items()} | {
        "of_gathering": held.id,
        "of_version": held.version,
        "new_starts_at": starts,
        "new_ends_at": ends,
        "new_state": becomes.value,
        "new_why": why[:200],
        "now": uow.now,
    }
    if uow.execute(_CHANGE, values).rowcount != 1:
        raise Conflict("the gathering was changed meanwhile")
    found = get(uow, held.id)
    if found is None:
        raise Conflict("the gathering was removed meanwhile")
    return found


def confirm(uow: UnitOfWork, gathering_id: str, seen: date) -> None:
    """Somebody of the centre looked the date up on that day: it is no longer « à vérifier »."""
    uow.execute(_CONFIRM, {"of_gathering": gathering_id, "when": uow.now, "new_seen": seen, "now": uow.now})


def of_row(row: AnyRow) -> Gathering:
    """A gathering out of COLUMNS; whatever else stands in the row is left alone."""
    told = {one.name: getattr(row, one.name) for one in fields(Details)}
    own = {column.name: getattr(row, column.name) for column in _OWN}
    details = Details(**(told | {"kind": Kind(told["kind"])}))
    return Gathering(**(own | {"state": State(own["state"])}), details=details)


def _first(row: AnyRow | None) -> Gathering | None:
    return None if row is None else of_row(row)


def _instants(details: Details) -> tuple[datetime, datetime]:
    starts, ends = (
        instant(details.local_starts, details.zone),
        instant(details.local_ends, details.zone),
    )
    if ends <= starts:
        raise ValueError("a gathering ends after it begins")
    return starts, ends


def _plain(details: Details) -> dict[str, Any]:
    values = {one.name: getattr(details, one.name) for one in fields(Details)}
    return values | {"kind": details.kind.value}
