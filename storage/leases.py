"""What only one process may do at a time: a lease with a heartbeat (polling, a gateway, the timetable, sending)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select

from storage.tables import leases
from storage.unit_of_work import UnitOfWork, for_each

BEAT = timedelta(seconds=10)  # how often the holder shows that it lives
LIFETIME = timedelta(seconds=30)  # how long it is believed without


@dataclass(frozen=True, slots=True)
class Lease:
    """Who does what, and until when without another heartbeat."""

    name: str
    holder: str
    acquired_at: datetime
    beat_at: datetime
    expires_at: datetime


_TAKE = for_each(
    lambda insert: (
        (made := insert(leases))
        .on_conflict_do_update(
            index_elements=["name"],
            set_={
                "holder": made.excluded.holder,
                "beat_at": made.excluded.beat_at,
                "expires_at": made.excluded.expires_at,
            },
            where=or_(leases.c.holder == made.excluded.holder, leases.c.expires_at <= made.excluded.beat_at),
        )
        .returning(leases.c.holder)
    )
)
_DROP = delete(leases).where(leases.c.holder == bindparam("by_holder"))
_DROP_ONE = _DROP.where(leases.c.name == bindparam("of_name"))
_GET = select(
    leases.c.name, leases.c.holder, leases.c.acquired_at, leases.c.beat_at, leases.c.expires_at
).where(leases.c.name == bindparam("of_name"))


def hold(uow: UnitOfWork, name: str, holder: str, lifetime: timedelta = LIFETIME) -> bool:
    """Take the lease, or keep it: call it again at every beat. False when somebody else holds it. One statement."""
    values = {
        "name": name,
        "holder": holder,
        "acquired_at": uow.now,
        "beat_at": uow.now,
        "expires_at": uow.now + lifetime,
    }
    return uow.execute(_TAKE, values).first() is not None


def let_go(uow: UnitOfWork, holder: str, name: str | None = None) -> None:
    """Give back one lease, or all of a holder (a clean stop)."""
    if name is None:
        uow.execute(_DROP, {"by_holder": holder})
    else:
        uow.execute(_DROP_ONE, {"by_holder": holder, "of_name": name})


def find(uow: UnitOfWork, name: str) -> Lease | None:
    """Who holds it, expired or not."""
    row = uow.execute(_GET, {"of_name": name}).first()
    return Lease(*row) if row else None
