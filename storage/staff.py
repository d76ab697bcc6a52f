"""People of the centre: who they are, their roles, their password, and how they are found."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.crypto import new_id
from storage.tables_team import ROLES, staff, staff_addresses, staff_links, staff_roles, staff_sessions
from storage.unit_of_work import AnyRow, UnitOfWork, for_each

__all__ = ["ROLES", "Member"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the centre. `closed_at` is set once they may do nothing any more."""

    id: str
    name: str = field(repr=False)
    email: str = field(repr=False)  # empty when they have none
    roles: frozenset[str]  # of ROLES
    has_password: bool
    created_at: datetime
    seen_at: datetime | None = None
    closed_at: datetime | None = None
    sample: bool = False

    @property
    def active(self) -> bool:
        """Whether they still work with the centre."""
        return self.closed_at is None


_COLUMNS = (
    staff.c.id,
    staff.c.name,
    staff.c.email,
    staff.c.password,
    staff.c.created_at,
    staff.c.seen_at,
    staff.c.closed_at,
    staff.c.sample,
)
_ALL = select(*_COLUMNS).order_by(staff.c.created_at, staff.c.id)
_GET = select(*_COLUMNS).where(staff.c.id == bindparam("staff_id"))
_BY_EMAIL = select(*_COLUMNS).where(
    staff.c.email_hash.in_(bindparam("hashes", expanding=True)), staff.c.closed_at.is_(None)
)
_BY_ADDRESS = (
    select(*_COLUMNS)
    .join(staff_addresses, staff_addresses.c.staff_id == staff.c.id)
    .where(
        staff_addresses.c.channel == bindparam("channel"),
        staff_addresses.c.address_hash.in_(bindparam("hashes", expanding=True)),
        staff.c.closed_at.is_(None),
    )
)
_ROLES = select(staff_roles.c.staff_id, staff_roles.c.role).where(
    staff_roles.c.staff_id.in_(bindparam("ids", expanding=True))
)
_ADD = insert(staff)
_SET = {
    name: update(staff).where(staff.c.id == bindparam("of_staff")).values({name: bindparam("new")})
    for name in ("password", "seen_at")
}
_SET_EMAIL = (
    update(staff)
    .where(staff.c.id == bindparam("of_staff"))
    .values(email=bindparam("new"), email_hash=bindparam("new_hash"))
)
_PASSWORD = select(staff.c.password).where(staff.c.id == bindparam("staff_id"))
_GRANT = for_each(lambda insert: insert(staff_roles).on_conflict_do_nothing())
_REVOKE = delete(staff_roles).where(
    staff_roles.c.staff_id == bindparam("of_staff"), staff_roles.c.role == bindparam("of_role")
)
_CLOSE = (
    update(staff)
    .where(staff.c.id == bindparam("of_staff"), staff.c.closed_at.is_(None))
    .values(closed_at=bindparam("now"), password=None, email=None, email_hash=None)
)
_WAYS_IN = tuple(
    delete(table).where(table.c.staff_id == bindparam("of_staff"))
    for table in (staff_sessions, staff_links, staff_addresses, staff_roles)
)


def plain_email(email: str) -> str:
    """An address as it is kept and compared: case and spaces around do not matter."""
    return email.strip().casefold()


def add(uow: UnitOfWork, name: str, email: str = "", *, sample: bool = False) -> Member:
    """Somebody new, without any role yet. Conflict when the address is that of a colleague."""
    email = plain_email(email)
    member = Member(new_id(), name, email, frozenset(), has_password=False, created_at=uow.now, sample=sample)
    uow.execute(
        _ADD,
        {  # nosec B105  # no password yet
            "id": member.id,
            "name": uow.box.seal(name.encode()),
            "email_hash": _email_hash(uow, email),
            "email": uow.box.seal(email.encode()) if email else None,
            "password": None,
            "created_at": uow.now,
            "seen_at": None,
            "closed_at": None,
            "sample": sample,
        },
    )
    return member


def everyone(uow: UnitOfWork) -> list[Member]:
    """Everybody, those closed too, the first added first. Two statements."""
    rows = uow.execute(_ALL).all()
    roles = _roles(uow, [row.id for row in rows])
    return [_member(uow, row, roles.get(row.id, frozenset())) for row in rows]


def get(uow: UnitOfWork, staff_id: str) -> Member | None:
    """The one of that id, closed or not."""
    return _one(uow, uow.execute(_GET, {"staff_id": staff_id}).first())


def by_email(uow: UnitOfWork, email: str) -> Member | None:
    """Whom an e-mail address belongs to; nobody who is closed."""
    hashes = uow.box.keyed_hashes("email", plain_email(email))
    return _one(uow, uow.execute(_BY_EMAIL, {"hashes": hashes}).first())


def by_address(uow: UnitOfWork, channel: str, address: str) -> Member | None:
    """Whose chat address it is; nobody who is closed. One statement for a stranger, two for a colleague."""
    hashes = uow.box.address_hashes(channel, address)
    return _one(uow, uow.execute(_BY_ADDRESS, {"channel": channel, "hashes": hashes}).first())


def grant(uow: UnitOfWork, staff_id: str, role: str) -> None:
    """Give a role; nothing changes when they have it."""
    uow.execute(_GRANT, {"staff_id": staff_id, "role": role, "granted_at": uow.now})


def revoke(uow: UnitOfWork, staff_id: str, role: str) -> bool:
    """Take a role away; whether they had it. End their sessions in the same transaction (`staff_sessions.close_all`)."""
    return uow.execute(_REVOKE, {"of_staff": staff_id, "of_role": role}).rowcount > 0


def close(uow: UnitOfWork, staff_id: str) -> bool:
    """They may do nothing from now on: no role, session, link, password or chat address is left. False if closed before.

    Their name stays for twelve months, so that the log can be read; their e-mail address goes.
    """
    if uow.execute(_CLOSE, {"of_staff": staff_id, "now": uow.now}).rowcount == 0:
        return False
    for statement in _WAYS_IN:
        uow.execute(statement, {"of_staff": staff_id})
    return True


def password(uow: UnitOfWork, staff_id: str) -> str | None:
    """The hash of their password, if they chose one."""
    kept = uow.execute(_PASSWORD, {"staff_id": staff_id}).scalar()
    return uow.box.open(kept).decode() if kept else None


def set_password(uow: UnitOfWork, staff_id: str, hashed: str | None) -> None:
    """Keep the hash of a new password; None: links only."""
    new = uow.box.seal(hashed.encode()) if hashed else None
    uow.execute(_SET["password"], {"of_staff": staff_id, "new": new})


def set_email(uow: UnitOfWork, staff_id: str, email: str) -> None:
    """Another e-mail address. Conflict when it is that of a colleague."""
    email = plain_email(email)
    new = uow.box.seal(email.encode()) if email else None
    uow.execute(_SET_EMAIL, {"of_staff": staff_id, "new": new, "new_hash": _email_hash(uow, email)})


def seen(uow: UnitOfWork, staff_id: str) -> None:
    """Note a sign-in."""
    uow.execute(_SET["seen_at"], {"of_staff": staff_id, "new": uow.now})


def _email_hash(uow: UnitOfWork, email: str) -> str | None:
    return uow.box.keyed_hash("email", email) if email else None


def _roles(uow: UnitOfWork, ids: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    if ids:
        for staff_id, role in uow.execute(_ROLES, {"ids": ids}):
            found.setdefault(staff_id, set()).add(role)
    return {staff_id: frozenset(roles) for staff_id, roles in found.items()}


def _one(uow: UnitOfWork, row: AnyRow | None) -> Member | None:
    return _member(uow, row, _roles(uow, [row.id]).get(row.id, frozenset())) if row else None


def _member(uow: UnitOfWork, row: AnyRow, roles: frozenset[str]) -> Member:
    return Member(
        row.id,
        uow.box.open(row.name).decode(),
        uow.box.open(row.email).decode() if row.email else "",
        roles,
        row.password is not None,
        row.created_at,
        row.seen_at,
        row.closed_at,
        row.sample,
    )
