"""Who is asking: the cookie of a browser and the person it leads to."""

import hmac
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.application.services import Services
from bot.application.threads import in_thread
from storage import sessions
from storage.sessions import Session

MAX_AGE = 180 * 24 * 3600  # seconds: a season of school


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser. `session` is None for somebody who has not agreed, or whose session has ended."""

    token: str
    session: Session | None

    @property
    def person(self) -> str | None:
        """The id of the person, if the browser leads to one."""
        return self.session.person_id if self.session else None


def cookie_name(services: Services) -> str:
    """`__Host-` wherever the browser can hold to it."""
    return "__Host-boussole" if services.settings.secure else "boussole"


async def of(request: Request) -> Visitor:
    """The visitor behind a request; notes the use of the session."""
    services: Services = request.app.state.services
    token = request.cookies.get(cookie_name(services), "")
    if not token:
        return Visitor("", None)
    return Visitor(token, await in_thread(services, lambda: _find(services, token)))


def _find(services: Services, token: str) -> Session | None:
    with services.database.read() as uow:
        session = sessions.find_session(uow, token)
    if session is not None and sessions.is_stale(services.now(), session):
        with services.database.begin() as uow:
            sessions.touch(uow, token, session)
    return session


def with_token(services: Services, token: str) -> Visitor:
    """The visitor of a session opened a moment ago."""
    return Visitor(token, _find(services, token))


def open_session(services: Services, person_id: str, *, shared: bool = False) -> str:
    """A new session of a person: the token for the cookie."""
    with services.database.begin() as uow:
        return sessions.open_session(uow, person_id, shared_device=shared)


def remember(response: Response, services: Services, token: str, *, shared: bool = False) -> None:
    """Put the session's cookie; on a shared device it ends with the browser."""
    response.set_cookie(
        cookie_name(services),
        token,
        max_age=None if shared else MAX_AGE,
        path="/",
        httponly=True,
        samesite="lax",
        secure=services.settings.secure,
    )


def forget(response: Response, services: Services) -> None:
    """Take the session's cookie away."""
    response.delete_cookie(
        cookie_name(services), path="/", httponly=True, samesite="lax", secure=services.settings.secure
    )


def form_token(services: Services, token: str) -> str:
    """What a form of this browser must send back; empty for a visitor without a session, who has nothing to protect."""
    return services.box.keyed_hash("form", token)[:32] if token else ""


def form_is_ours(services: Services, visitor: Visitor, given: str) -> bool:
    """Whether a form was made for this browser."""
    return visitor.session is None or hmac.compare_digest(form_token(services, visitor.token), given)
