"""An adult's agreement for a 12-year-old: the link, the adult's answer, a coach's confirmation, the way back."""

from dataclasses import dataclass
from datetime import datetime

from bot.application.services import Services
from storage import requests
from storage.errors import WrongTransition
from storage.requests import RequestState

LONGEST_NAME = 80  # characters of who the adult says they are


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the adult's page shows. state: open, waiting (for a coach), agreed or refused."""

    state: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """An agreement that a coach has yet to confirm."""

    id: str
    adult: str
    relation: str
    asked_at: datetime


def link(services: Services) -> str:
    """Open a request and give the address of its page, for the adult and for the learner who comes back to it.

    The one thing that may be written before consent: a hash, an encrypted way back, an end after 14 days.
    """
    with services.database.begin() as uow:
        _id, token = requests.open_request(uow, {"channel": "web"})
    return f"{services.settings.base_url}/accord/{token}"


def find(services: Services, token: str) -> Agreement | None:
    """The agreement behind a link; None when there is none or it has expired."""
    with services.database.read() as uow:
        found = requests.by_token(uow, token)
    if found is None:
        return None
    needs_coach = services.settings.parent_check == "coach"
    states = {
        RequestState.OPEN: "open",
        RequestState.AGREED: "waiting" if needs_coach else "agreed",
        RequestState.CONFIRMED: "agreed",
        RequestState.REFUSED: "refused",
    }
    return Agreement(states[found.state], found.expires_at)


def answer(services: Services, token: str, *, agreed: bool, name: str, relation: str) -> bool:
    """Keep the adult's answer. False when the link is no longer open; the second click changes nothing."""
    with services.database.begin() as uow:
        found = requests.by_token(uow, token)
        if found is None or found.state is not RequestState.OPEN:
            return False
        adult = {"name": name.strip()[:LONGEST_NAME], "relation": relation.strip()[:LONGEST_NAME]}
        requests.answer(uow, found.id, agreed=agreed, adult=adult)
    return True


def waiting(services: Services) -> list[Waiting]:
    """What a coach has to confirm, oldest first."""
    with services.database.read() as uow:
        found = requests.to_confirm(uow)
    return [
        Waiting(
            one.id,
            str((one.adult or {}).get("name", "")),
            str((one.adult or {}).get("relation", "")),
            one.created_at,
        )
        for one in found
    ]


def confirm(services: Services, request_id: str, *, confirmed: bool) -> bool:
    """A coach's word, after seeing the adult. False when there is nothing to confirm."""
    try:
        with services.database.begin() as uow:
            requests.confirm(uow, request_id, confirmed=confirmed)
    except WrongTransition:
        return False
    return True
