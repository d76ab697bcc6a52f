"""Groups that learners join by an invitation code (a link or a QR code that staff hand out)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from storage.crypto import new_id, plain_code, short_code
from storage.tables import groups, memberships
from storage.unit_of_work import AnyRow, UnitOfWork, for_each


@dataclass(frozen=True, slots=True)
class Group:
    """A group and its invitation code."""

    id: str
    name: str
    code: str
    created_at: datetime
    closed_at: datetime | None = None
    sample: bool = False


_COLUMNS = (
    groups.c.id,
    groups.c.name,
    groups.c.code,
    groups.c.created_at,
    groups.c.closed_at,
    groups.c.sample,
)
_ADD = insert(groups)
_BY_CODE = select(*_COLUMNS).where(
    groups.c.code_hash.in_(bindparam("hashes", expanding=True)), groups.c.closed_at.is_(None)
)
_ALL = select(*_COLUMNS).order_by(groups.c.created_at, groups.c.id)
_OF_PERSON = (
    select(*_COLUMNS)
    .join(memberships, memberships.c.group_id == groups.c.id)
    .where(memberships.c.person_id == bindparam("person_id"))
    .order_by(memberships.c.joined_at)
)
_MEMBERS = (
    select(func.count()).select_from(memberships).where(memberships.c.group_id == bindparam("group_id"))
)
_MEMBER_IDS = (
    select(memberships.c.person_id)
    .where(memberships.c.group_id == bindparam("group_id"))
    .order_by(memberships.c.joined_at, memberships.c.person_id)
)
_GET = select(*_COLUMNS).where(groups.c.id == bindparam("group_id"))
_JOIN = for_each(lambda insert: insert(memberships).on_conflict_do_nothing())
_RENEW = (
    update(groups)
    .where(groups.c.id == bindparam("of_group"))
    .values(code_hash=bindparam("new_hash"), code=bindparam("new_code"))
)
_CLOSE = update(groups).where(groups.c.id == bindparam("of_group")).values(closed_at=bindparam("now"))


def create(uow: UnitOfWork, name: str, *, code: str = "", sample: bool = False) -> Group:
    """A new group; `code` only where it must be known beforehand (the demonstration)."""
    group = Group(new_id(), name, code or short_code(), uow.now, None, sample)
    uow.execute(
        _ADD,
        {
            "id": group.id,
            "name": name,
            "code_hash": _hash(uow, group.code),
            "code": uow.box.seal(group.code.encode()),
            "created_at": uow.now,
            "closed_at": None,
            "sample": sample,
        },
    )
    return group


def by_code(uow: UnitOfWork, code: str) -> Group | None:
    """The open group that a code invites to; case, spaces and hyphens do not matter."""
    row = uow.execute(_BY_CODE, {"hashes": uow.box.keyed_hashes("invitation", plain_code(code))}).first()
    return _group(uow, row) if row else None


def join(uow: UnitOfWork, group_id: str, person_id: str) -> None:
    """Make somebody a member; nothing changes when they are."""
    uow.execute(_JOIN, {"person_id": person_id, "group_id": group_id, "joined_at": uow.now})


def renew(uow: UnitOfWork, group_id: str) -> str:
    """A new invitation code; the earlier one stops working."""
    code = short_code()
    values = {"of_group": group_id, "new_hash": _hash(uow, code), "new_code": uow.box.seal(code.encode())}
    if uow.execute(_RENEW, values).rowcount != 1:
        raise LookupError("no such group")
    return code


def close(uow: UnitOfWork, group_id: str) -> None:
    """No more invitations; members stay."""
    uow.execute(_CLOSE, {"of_group": group_id, "now": uow.now})


def everyone(uow: UnitOfWork) -> list[Group]:
    """All groups, oldest first."""
    return [_group(uow, row) for row in uow.execute(_ALL)]


def of_person(uow: UnitOfWork, person_id: str) -> list[Group]:
    """The groups that a person joined, first joined first."""
    return [_group(uow, row) for row in uow.execute(_OF_PERSON, {"person_id": person_id})]


def members(uow: UnitOfWork, group_id: str) -> int:
    """How many joined."""
    return int(uow.execute(_MEMBERS, {"group_id": group_id}).scalar_one())


def member_ids(uow: UnitOfWork, group_id: str) -> list[str]:
    """Who joined, the first first."""
    return [str(one) for one in uow.execute(_MEMBER_IDS, {"group_id": group_id}).scalars()]


def get(uow: UnitOfWork, group_id: str) -> Group | None:
    """The group of that id, closed ones too."""
    row = uow.execute(_GET, {"group_id": group_id}).first()
    return _group(uow, row) if row else None


def _hash(uow: UnitOfWork, code: str) -> str:
    return uow.box.keyed_hash("invitation", plain_code(code))


def _group(uow: UnitOfWork, row: AnyRow) -> Group:
    code = uow.box.open(row.code).decode()
    return Group(row.id, row.name, code, row.created_at, row.closed_at, row.sample)
