"""Browsers that a learner lets us wake, without any content; a browser that refuses for good is forgotten."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from storage.crypto import token_hash
from storage.people import PUSH
from storage.tables import outbox
from storage.tables_agenda import push_subscriptions
from storage.unit_of_work import UnitOfWork, for_each

MOST = 5  # browsers of one person: the oldest go


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser: where its signal goes."""

    endpoint: str = field(repr=False)
    created_at: datetime
    failures: int = 0

    @property
    def id(self) -> str:
        """A name for it that cannot be used to wake it."""
        return token_hash(self.endpoint)


_T = push_subscriptions.c
_PUT = for_each(
    lambda insert: (made := insert(push_subscriptions)).on_conflict_do_update(
        index_elements=["endpoint_hash"],
        set_={
            "person_id": made.excluded.person_id,
            "endpoint": made.excluded.endpoint,
            "created_at": made.excluded.created_at,
            "failures": 0,
        },
    )
)
_OF = (
    select(_T.endpoint_hash, _T.endpoint, _T.created_at, _T.failures)
    .where(_T.person_id == bindparam("person_id"))
    .order_by(_T.created_at.desc(), _T.endpoint_hash)
)
_DROP = delete(push_subscriptions).where(_T.endpoint_hash == bindparam("of_hash"))
_DROP_OWN = _DROP.where(_T.person_id == bindparam("of_person"))
_DROP_ALL = delete(push_subscriptions).where(_T.person_id == bindparam("of_person"))
_FAILED = (
    update(push_subscriptions)
    .where(_T.endpoint_hash == bindparam("of_hash"))
    .values(failures=bindparam("new_failures"))
)
_LAST = select(func.max(outbox.c.not_before)).where(
    outbox.c.recipient == bindparam("of_person"),
    outbox.c.channel == PUSH,
    outbox.c.state.in_(["queued", "sending", "retry", "sent"]),
)


def put(uow: UnitOfWork, person_id: str, endpoint: str) -> None:
    """A browser said yes. Whoever used it before is not woken there any more."""
    values = {
        "endpoint_hash": token_hash(endpoint),
        "person_id": person_id,
        "endpoint": uow.box.seal(endpoint.encode()),
        "created_at": uow.now,
        "failures": 0,
    }
    uow.execute(_PUT, values)
    for row in uow.execute(_OF, {"person_id": person_id}).all()[MOST:]:
        uow.execute(_DROP, {"of_hash": row.endpoint_hash})


def of_person(uow: UnitOfWork, person_id: str) -> list[Subscription]:
    """Every browser of a person, the newest first."""
    rows = uow.execute(_OF, {"person_id": person_id})
    return [Subscription(uow.box.open(row.endpoint).decode(), row.created_at, row.failures) for row in rows]


def failed(uow: UnitOfWork, endpoint: str, failures: int) -> None:
    """So many signals in a row were refused there; 0 when one passed."""
    uow.execute(_FAILED, {"of_hash": token_hash(endpoint), "new_failures": failures})


def forget(uow: UnitOfWork, endpoint: str, person_id: str | None = None) -> bool:
    """Wake this browser no more (only if it is that person's, when one is given); whether it was known."""
    values = {"of_hash": token_hash(endpoint)}
    if person_id is None:
        return uow.execute(_DROP, values).rowcount == 1
    return uow.execute(_DROP_OWN, values | {"of_person": person_id}).rowcount == 1


def forget_all(uow: UnitOfWork, person_id: str) -> int:
    """Wake none of this person's browsers; how many there were."""
    return uow.execute(_DROP_ALL, {"of_person": person_id}).rowcount


def forget_id(uow: UnitOfWork, browser_id: str, person_id: str) -> bool:
    """Wake one of a person's browsers no more, by its `Subscription.id`; whether there was one."""
    return uow.execute(_DROP_OWN, {"of_hash": browser_id, "of_person": person_id}).rowcount == 1


def last_signal(uow: UnitOfWork, person_id: str) -> datetime | None:
    """When the last signal to a person went out, or will go out; None for none of late."""
    found: datetime | None = uow.execute(_LAST, {"of_person": person_id}).scalar()
    return found
