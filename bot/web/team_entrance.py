"""The pages by which people of the centre come in: sign-in, the link and its figures."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.application import signing_in, team_mail
from bot.application.passwords import Hasher, TooBusy
from bot.application.services import Services
from bot.application.signing_in import AREAS, Area, Browser, Entered, Refusal
from bot.web import team
from bot.web.guard import origin_of
from bot.web.team import open_to_all
from storage.crypto import new_token

OTHER_WAY = {
    Refusal.OFTEN: "Trop d’essais. Attendez un quart d’heure, ou essayez l’autre façon d’entrer. Votre compte n’est pas bloqué.",
    Refusal.ELSEWHERE: "Votre compte n’ouvre pas cet espace. ",
}
WRONG_PASSWORD = "L’adresse ou le mot de passe ne va pas. Vous pouvez aussi recevoir un lien."  # noqa: S105  # nosec B105  # a sentence
WRONG_FIGURES = (
    "Ce code ne va pas, ou plus : il vaut dix minutes et cinq essais. Demandez-en un autre si besoin."
)
WRONG_LINK = "Ce lien ne marche plus, ou pas dans ce navigateur."
BUSY = "Beaucoup de monde entre en ce moment. Réessayez dans une minute."
OLD_FORM = "Cette page avait vieilli. Recommencez : c’est bon maintenant."
Fields = dict[str, str]


def routes() -> list[Route]:
    """The ways in, for each area."""
    made: list[Route] = []
    for area in AREAS:
        path = f"{area.path}/entrer"
        made += [
            Route(path, _of(area, enter), methods=["GET"]),
            Route(path, _of(area, try_to_enter), methods=["POST"]),
            Route(f"{path}/code", _of(area, figures), methods=["GET"]),
            Route(f"{path}/code", _of(area, try_figures), methods=["POST"]),
            Route(f"{path}/{{token}}", _of(area, link), methods=["GET"]),
            Route(f"{path}/{{token}}", _of(area, use_link), methods=["POST"]),
        ]
    return made


def _of(area: Area, handler: Callable[[Request, Area], Any]) -> team.Endpoint:
    async def endpoint(request: Request) -> Response:
        made: Response = await handler(request, area)
        return made

    return open_to_all(endpoint)


def hasher_of(request: Request) -> Hasher:
    """The one that the whole site shares, made when somebody first needs it."""
    state = request.app.state
    if getattr(state, "hasher", None) is None:
        state.hasher = Hasher()
    made: Hasher = state.hasher
    return made


# ---------------------------------------------------------------- the browser that asks


def browser_of(request: Request, area: Area) -> Browser:
    """Where a try comes from."""
    services: Services = request.app.state.services
    return Browser(
        origin_of(request.client),
        request.cookies.get(team.asking_name(services, area), ""),
        request.cookies.get(team.cookie_name(services, area), ""),
    )


def shown(request: Request, area: Area, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page with a form for a browser without a session: the form's token belongs to a cookie of asking."""
    services: Services = request.app.state.services
    asking = browser_of(request, area).asking
    fresh = asking or new_token()
    given = {"suite": "", "carried": "", "email": "", "wrong": "", "area": area, **context}
    made = team.page(request, template, status=status, csrf=team.form_token(services, fresh), **given)
    if not asking:
        team.put_cookie(made, services, team.asking_name(services, area), fresh)
    return made


async def fields_of(request: Request) -> Fields:
    """What a form of sign-in says."""
    async with request.form(max_files=0, max_fields=20) as form:
        return {name: str(value) for name, value in form.items()}


def is_ours(request: Request, area: Area, fields: Fields) -> bool:
    """Whether a form was made for this browser, which need not be signed in."""
    services: Services = request.app.state.services
    return team.is_ours(services, browser_of(request, area).asking, fields.get("csrf"))


# ---------------------------------------------------------------- sign-in


async def enter(request: Request, area: Area) -> Response:
    """The page of sign-in."""
    suite = team.local_path(area, request.query_params.get("suite"))
    if (await team.signed_in(request, area)).actor is not None:
        return RedirectResponse(suite, 303)
    return _enter_page(request, area, {"suite": suite})


def _enter_page(request: Request, area: Area, fields: Fields, wrong: str = "", status: int = 200) -> Response:
    return shown(
        request,
        area,
        "equipe/enter.html",
        status=status,
        wrong=wrong,
        email=fields.get("email", "")[:200],
        suite=team.local_path(area, fields.get("suite")),
        carried=fields.get("carried", ""),
        links=team_mail.can_send_links(request.app.state.services),
    )


def enter_again(request: Request, area: Area, carried: str) -> Response:
    """The page of sign-in with a form that waits: somebody wrote longer than a session lasts."""
    return _enter_page(request, area, {"carried": carried}, status=401)


async def try_to_enter(request: Request, area: Area) -> Response:
    """A password, or the wish for a link."""
    fields = await fields_of(request)
    if not is_ours(request, area, fields):
        return _enter_page(request, area, fields, OLD_FORM, 403)
    if not fields.get("email", "").strip():
        return _enter_page(request, area, fields, "Tapez votre adresse e-mail.", 422)
    if fields.get("way") == "link":
        return await _send_link(request, area, fields)
    if not fields.get("password"):
        return _enter_page(request, area, fields, "Tapez votre mot de passe, ou demandez un lien.", 422)
    return await _try_password(request, area, fields)


async def _try_password(request: Request, area: Area, fields: Fields) -> Response:
    services: Services = request.app.state.services
    browser = browser_of(request, area)
    try:
        found = await signing_in.with_password(
            services, hasher_of(request), area, fields["email"][:200], fields["password"], browser
        )
    except TooBusy:
        return _enter_page(request, area, fields, BUSY, 503)
    if isinstance(found, Entered):
        return come_in(request, found, fields)
    status = 429 if found is Refusal.OFTEN else 401
    return _enter_page(request, area, fields, _why(area, found, WRONG_PASSWORD), status)


async def _send_link(request: Request, area: Area, fields: Fields) -> Response:
    services: Services = request.app.state.services
    if not team_mail.can_send_links(services):
        return _enter_page(
            request, area, fields, "Ce serveur n’envoie pas de liens : prenez le mot de passe.", 422
        )
    if (
        await signing_in.ask_link(services, area, fields["email"][:200], browser_of(request, area))
        is Refusal.OFTEN
    ):
        return _enter_page(request, area, fields, OTHER_WAY[Refusal.OFTEN], 429)
    return _figures_page(request, area, fields)


def _why(area: Area, refusal: Refusal, wrong: str) -> str:
    if refusal is Refusal.ELSEWHERE:
        other = next(one for one in AREAS if one != area)
        return f"{OTHER_WAY[refusal]}{other.title} : {other.path}/entrer"
    return OTHER_WAY.get(refusal, wrong)


def come_in(request: Request, entered: Entered, fields: Fields) -> Response:
    """The new session's cookie, then where they were going, or the form that waited."""
    services: Services = request.app.state.services
    area = entered.area
    waiting = team.carried_form(services, area, fields.get("carried"))
    made: Response
    if waiting is None:
        made = RedirectResponse(team.local_path(area, fields.get("suite")), 303)
    else:
        request.state.team = team.Signed(area, entered.token, entered.actor)
        made = team.page(request, "equipe/resume.html", action=waiting[0], fields=waiting[1])
    team.put_cookie(made, services, team.cookie_name(services, area), entered.token)
    team.drop_cookie(made, services, team.asking_name(services, area))
    return made


# ---------------------------------------------------------------- the link and its figures


async def figures(request: Request, area: Area) -> Response:
    """Where the eight figures are typed."""
    return _figures_page(request, area, {})


def _figures_page(
    request: Request, area: Area, fields: Fields, wrong: str = "", status: int = 200
) -> Response:
    return shown(
        request,
        area,
        "equipe/figures.html",
        status=status,
        wrong=wrong,
        suite=team.local_path(area, fields.get("suite")),
        carried=fields.get("carried", ""),
        minutes=team_mail.MINUTES,
    )


async def try_figures(request: Request, area: Area) -> Response:
    """The figures of the message."""
    fields = await fields_of(request)
    if not is_ours(request, area, fields):
        return _figures_page(request, area, fields, WRONG_FIGURES, 403)
    browser = browser_of(request, area)
    found = await signing_in.with_figures(
        request.app.state.services, area, fields.get("code", "")[:40], browser
    )
    if isinstance(found, Entered):
        return come_in(request, found, fields)
    return _figures_page(request, area, fields, _why(area, found, WRONG_FIGURES), 401)


async def link(request: Request, area: Area) -> Response:
    """A link shows a button: opening it changes nothing, since programs open links too."""
    browser = browser_of(request, area)
    works = await signing_in.link_works(request.app.state.services, request.path_params["token"], browser)
    if not works and (await team.signed_in(request, area)).actor is not None:
        return RedirectResponse(area.path, 303)  # touched twice
    return shown(request, area, "equipe/link.html", works=works, status=200 if works else 410)


async def use_link(request: Request, area: Area) -> Response:
    """The button of a link."""
    fields = await fields_of(request)
    if (await team.signed_in(request, area)).actor is not None:
        return RedirectResponse(area.path, 303)
    if not is_ours(request, area, fields):
        return shown(request, area, "equipe/link.html", works=False, status=403)
    found = await signing_in.with_link(
        request.app.state.services, area, request.path_params["token"], browser_of(request, area)
    )
    if isinstance(found, Entered):
        return come_in(request, found, {})
    return _enter_page(request, area, {}, _why(area, found, WRONG_LINK), 410)
