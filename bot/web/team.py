"""The door of the team's pages: who is signed in, which act a route needs, forms that are ours, and what is said when not."""

import functools
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.application import team
from bot.application.rights import Act, Actor, NotAllowed, require
from bot.application.services import Services
from bot.application.signing_in import AREAS, MENTORS, TEAM, Area
from bot.application.threads import in_thread
from bot.web.guard import SAFE
from storage import staff_sessions
from storage.errors import CannotDecrypt

__all__ = ["MENTORS", "TEAM", "Area", "guarded", "open_to_all", "page", "problem"]

MOST_FIELDS, MOST_FILES = 2_000, 3  # of one form: a list of a whole class has a box for each
CARRIED = 200_000  # characters of a form that waits for somebody to sign in again; a file is not carried
SECRET = frozenset({"password", "old", "new"})  # fields that wait nowhere, not even sealed
Handler = Callable[[Request, Actor], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Signed:
    """A browser in an area. `actor` is None for nobody, or when the session has ended."""

    area: Area
    token: str
    actor: Actor | None


def area_of(path: str) -> Area | None:
    """The area that an address belongs to."""
    return next((area for area in AREAS if path == area.path or path.startswith(f"{area.path}/")), None)


# ---------------------------------------------------------------- cookies and forms


def cookie_name(services: Services, area: Area) -> str:
    """A cookie of its own for each area, with `__Host-` wherever the browser can hold to it (decision 0022)."""
    return f"{'__Host-' if services.settings.secure else ''}boussole-{area.name}"


def asking_name(services: Services, area: Area) -> str:
    """The cookie of a browser that asks to come in: a link and its figures work there alone."""
    return f"{cookie_name(services, area)}-demande"


def put_cookie(response: Response, services: Services, name: str, value: str) -> None:
    """A cookie that ends with the browser; the session itself ends sooner (30 minutes at rest, 12 hours)."""
    response.set_cookie(name, value, path="/", httponly=True, samesite="lax", secure=services.settings.secure)


def drop_cookie(response: Response, services: Services, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=services.settings.secure)


def form_token(services: Services, token: str) -> str:
    """What a form of this browser must send back."""
    return services.box.keyed_hash("team form", token)[:32] if token else ""


def is_ours(services: Services, token: str, given: object) -> bool:
    """Whether a form was made for this browser."""
    return bool(token) and isinstance(given, str) and hmac.compare_digest(form_token(services, token), given)


def local_path(area: Area, path: object) -> str:
    """An address inside the area to go on to, or its home: never another site."""
    text = str(path or "")
    parts = urlsplit(text)
    inside = not parts.scheme and not parts.netloc and "\\" not in text and text.isprintable()
    return text if inside and area_of(parts.path) == area and text.startswith(area.path) else area.path


# ---------------------------------------------------------------- who


async def signed_in(request: Request, area: Area) -> Signed:
    """Who is signed in, with the roles of this moment; notes the use of the session."""
    services: Services = request.app.state.services
    token = request.cookies.get(cookie_name(services, area), "")
    actor = await in_thread(services, lambda: _find(services, area, token)) if token else None
    return Signed(area, token, actor)


def _find(services: Services, area: Area, token: str) -> Actor | None:
    with services.database.read() as uow:
        session = staff_sessions.find(uow, token, area.name)
        actor = team.actor_of_id(uow, session.staff_id) if session else None
    if actor is not None and session is not None and staff_sessions.is_stale(services.now(), session):
        with services.database.begin() as uow:
            staff_sessions.touch(uow, token)
    return actor


# ---------------------------------------------------------------- the door


def guarded(act: Act, area: Area = TEAM) -> Callable[[Handler], Endpoint]:
    """A route of an area that needs a right: its handler is given the Actor.

    Without a session: to the sign-in page and back, with what was typed. Without the right: 403. A post whose form is
    not ours: 403. The form may be read again in the handler with `await request.form()`. NotAllowed raised there: 403.
    """

    def wrap(handler: Handler) -> Endpoint:
        @functools.wraps(handler)
        async def endpoint(request: Request) -> Response:
            who = await signed_in(request, area)
            request.state.team = who
            form = await _form(request)
            if who.actor is None:
                return _sign_in_first(request, who, form)
            try:
                require(who.actor, act)
                if form is not None and not is_ours(request.app.state.services, who.token, form.get("csrf")):
                    return problem(request, 403, *STALE)
                return await handler(request, who.actor)
            except NotAllowed:
                return problem(request, 403, *NOT_FOR_YOU)
            finally:
                await request.close()

        endpoint.act = act  # type: ignore[attr-defined]  # read by the test that crawls every route
        return endpoint

    return wrap


def open_to_all(handler: Endpoint) -> Endpoint:
    """A route of an area that nobody need be signed in for: how one comes in. Said aloud, so that none is forgotten."""
    handler.act = None  # type: ignore[attr-defined]  # read by the test that crawls every route
    return handler


async def _form(request: Request) -> FormData | None:
    if request.method in SAFE:
        return None
    return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)


def _sign_in_first(request: Request, who: Signed, form: FormData | None) -> Response:
    services: Services = request.app.state.services
    entrance = f"{who.area.path}/entrer"
    if form is None:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{entrance}?suite={quote(request.url.path + query)}", 303)
    from bot.web import team_entrance  # noqa: PLC0415 -- it imports this module

    ours = is_ours(services, who.token, form.get("csrf"))  # a form of ours, from a session that has ended
    carried = carry(services, request.url.path, form) if ours else ""
    return (
        team_entrance.enter_again(request, who.area, carried) if carried else RedirectResponse(entrance, 303)
    )


# ---------------------------------------------------------------- what was typed when the session ended


def carry(services: Services, path: str, form: FormData) -> str:
    """A form as it will be sent again, sealed; empty when it is too large, or holds a password."""
    if SECRET & form.keys():
        return ""
    fields = [
        (name, value) for name, value in form.multi_items() if isinstance(value, str) and name != "csrf"
    ]
    packed = orjson.dumps({"path": path, "fields": fields})
    return services.box.seal_text(packed) if len(packed) <= CARRIED else ""


def carried_form(services: Services, area: Area, sealed: object) -> tuple[str, list[list[str]]] | None:
    """Where a carried form goes and what it says; None for anything else."""
    if not sealed or not isinstance(sealed, str):
        return None
    try:
        found = orjson.loads(services.box.open_text(sealed))
        path, fields = found["path"], found["fields"]
    except (CannotDecrypt, orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return (path, fields) if area_of(path) == area else None


# ---------------------------------------------------------------- pages


def page(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page of an area. Behind `guarded` the template knows `actor`, `roles`, `csrf` and `area`."""
    services: Services = request.app.state.services
    who: Signed | None = getattr(request.state, "team", None)
    area = who.area if who else area_of(request.url.path) or TEAM
    given = {
        "area": area,
        "path": request.url.path,
        "actor": who.actor if who else None,
        "roles": team.in_words(who.actor.roles) if who and who.actor else "",
        "csrf": form_token(services, who.token) if who and who.actor else "",
        **context,
    }
    return HTMLResponse(request.app.state.templates.get_template(name).render(**given), status)


def problem(request: Request, status: int, title: str = "", text: str = "") -> HTMLResponse:
    """A page that says what is wrong, and where to go on."""
    found = PROBLEMS.get(status, PROBLEMS[500])
    return page(request, "equipe/problem.html", status=status, title=title or found[0], text=text or found[1])


NOT_FOR_YOU = (
    "Votre rôle ne permet pas cela",
    "Rien n’a changé. Si vous en avez besoin, demandez à la personne qui s’occupe de l’administration.",
)
STALE = (
    "Cette page est trop ancienne",
    "Elle vient d’une autre session. Revenez en arrière, rechargez la page et recommencez. Rien n’a changé.",
)
PROBLEMS = {
    400: (
        "Cela ne se comprend pas",
        "Ce que le navigateur a envoyé est abîmé. Revenez en arrière et réessayez.",
    ),
    403: STALE,
    404: ("Rien ici", "Cette page n’existe pas, ou plus."),
    405: ("Pas de cette façon", "Cette adresse ne s’ouvre pas ainsi."),
    413: ("C’est trop lourd", "6 Mo au plus. Rien n’a changé."),
    429: ("Trop de demandes", "Attendez une minute et réessayez. Rien n’est perdu."),
    500: ("Souci technique", "Ce n’est pas votre faute. Réessayez dans une minute."),
    503: ("Souci technique", "Rien n’a été gardé de cette action. Réessayez dans une minute."),
}
