"""Requests for an adult's agreement: a hashed link, where the learner waits (sealed), and an end after 14 days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.crypto import new_id, new_token, token_hash
from storage.errors import WrongTransition
from storage.tables import requests
from storage.unit_of_work import AnyRow, UnitOfWork

LIFETIME = timedelta(days=14)


class RequestState(StrEnum):
    """open -> agreed or refused (by the adult) -> confirmed or refused (by a coach)."""

    OPEN = "open"
    AGREED = "agreed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `return_to` is whatever leads back to the learner; `adult` is who the adult says they are."""

    id: str
    state: RequestState
    return_to: Mapping[str, Any]
    adult: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime
    person_id: str | None = None


_COLUMNS = (
    requests.c.id,
    requests.c.state,
    requests.c.return_to,
    requests.c.adult,
    requests.c.created_at,
    requests.c.expires_at,
    requests.c.person_id,
)
_ADD = insert(requests)
_BY_TOKEN = select(*_COLUMNS).where(
    requests.c.token_hash == bindparam("token_hash"), requests.c.expires_at > bindparam("now")
)
_GET = select(*_COLUMNS).where(requests.c.id == bindparam("request_id"))
_AGREED = (
    select(*_COLUMNS).where(requests.c.state == "agreed").order_by(requests.c.answered_at, requests.c.id)
)
_MOVE = (
    update(requests)
    .where(
        requests.c.id == bindparam("request_id"),
        requests.c.state == bindparam("old"),
        requests.c.expires_at > bindparam("now"),
    )
    .values(state=bindparam("new"))
)
_ANSWER = _MOVE.values(adult=bindparam("who"), answered_at=bindparam("now"))
_BELONGS = (
    update(requests).where(requests.c.id == bindparam("request_id")).values(person_id=bindparam("whose"))
)


def open_request(
    uow: UnitOfWork, return_to: Mapping[str, Any], lifetime: timedelta = LIFETIME
) -> tuple[str, str]:
    """A new request: its id and the token of the adult's link (kept only as a hash)."""
    request_id, token = new_id(), new_token()
    uow.execute(
        _ADD,
        {
            "id": request_id,
            "token_hash": token_hash(token),
            "return_to": uow.box.seal_json(dict(return_to)),
            "adult": None,
            "person_id": None,
            "state": "open",
            "created_at": uow.now,
            "answered_at": None,
            "expires_at": uow.now + lifetime,
        },
    )
    return request_id, token


def by_token(uow: UnitOfWork, token: str) -> Request | None:
    """The request that an adult's link leads to, unless it has expired."""
    row = uow.execute(_BY_TOKEN, {"token_hash": token_hash(token), "now": uow.now}).first()
    return _request(uow, row) if row else None


def get(uow: UnitOfWork, request_id: str) -> Request | None:
    """The request of that id, expired or not (an expired one is swept away soon)."""
    row = uow.execute(_GET, {"request_id": request_id}).first()
    return _request(uow, row) if row else None


def to_confirm(uow: UnitOfWork) -> list[Request]:
    """What adults agreed to and a coach has yet to confirm, oldest first."""
    return [_request(uow, row) for row in uow.execute(_AGREED)]


def answer(uow: UnitOfWork, request_id: str, *, agreed: bool, adult: Mapping[str, Any]) -> None:
    """The adult's answer. WrongTransition for a request that is answered already or has expired."""
    new = RequestState.AGREED if agreed else RequestState.REFUSED
    _move(uow, _ANSWER, request_id, RequestState.OPEN, new, who=uow.box.seal_json(dict(adult)))


def confirm(uow: UnitOfWork, request_id: str, *, confirmed: bool = True) -> None:
    """A coach's word on an agreement. WrongTransition when there is none to confirm."""
    new = RequestState.CONFIRMED if confirmed else RequestState.REFUSED
    _move(uow, _MOVE, request_id, RequestState.AGREED, new)


def belongs_to(uow: UnitOfWork, request_id: str, person_id: str) -> None:
    """The learner became a person: the request is kept, exported and erased with them."""
    uow.execute(_BELONGS, {"request_id": request_id, "whose": person_id})


def _move(
    uow: UnitOfWork, statement: Any, request_id: str, old: RequestState, new: RequestState, **more: Any
) -> None:
    values = {"request_id": request_id, "old": old.value, "new": new.value, "now": uow.now, **more}
    if uow.execute(statement, values).rowcount != 1:
        raise WrongTransition(f"the request is not {old}, or has expired")


def _request(uow: UnitOfWork, row: AnyRow) -> Request:
    adult = uow.box.open_json(row.adult) if row.adult else {}
    return Request(
        row.id,
        RequestState(row.state),
        uow.box.open_json(row.return_to),
        adult,
        row.created_at,
        row.expires_at,
        row.person_id,
    )
