"""The page of an invitation to the team: choose a password, or none, and come in."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import activating, team_mail
from bot.application.passwords import SHORTEST, TooBusy
from bot.application.services import Services
from bot.application.signing_in import TEAM, Entered
from bot.application.team import TeamError
from bot.web import team
from bot.web import team_entrance as entrance
from bot.web.team import open_to_all


def routes() -> list[Route]:
    """The page of an invitation; mentors are welcomed there too."""
    path = f"{TEAM.path}/bienvenue/{{token}}"
    return [
        Route(path, open_to_all(welcome), methods=["GET"]),
        Route(path, open_to_all(accept), methods=["POST"]),
    ]


async def welcome(request: Request) -> Response:
    """The page of an invitation: choose a password, or none."""
    return await _welcome_page(request, {})


async def _welcome_page(
    request: Request, fields: entrance.Fields, wrong: str = "", status: int = 200
) -> Response:
    services: Services = request.app.state.services
    member = await activating.invited(services, request.path_params["token"])
    if member is None:
        return team.problem(request, 410, *GONE)
    return entrance.shown(
        request,
        TEAM,
        "equipe/welcome.html",
        status=status,
        wrong=wrong,
        member=member,
        sample=activating.is_sample(services, member),
        email=fields.get("email", "")[:200],
        way=fields.get("way", "password"),
        shortest=SHORTEST,
        links=team_mail.can_send_links(services),
    )


async def accept(request: Request) -> Response:
    """What somebody chose on that page. The link is used up only when all is right."""
    services: Services = request.app.state.services
    fields = await entrance.fields_of(request)
    if not entrance.is_ours(request, TEAM, fields):
        return await _welcome_page(request, fields, entrance.OLD_FORM, 403)
    token, browser = request.path_params["token"], entrance.browser_of(request, TEAM)
    try:
        if fields.get("way") == "sample":
            found = await activating.try_sample(services, token, browser)
        else:
            password = None if fields.get("way") == "link" else fields.get("password", "")
            found = await activating.activate(
                services, entrance.hasher_of(request), token, fields.get("email", ""), password, browser
            )
    except TeamError as error:
        return await _welcome_page(request, fields, str(error), 422)
    except TooBusy:
        return await _welcome_page(request, fields, entrance.BUSY, 503)
    return (
        entrance.come_in(request, found, {})
        if isinstance(found, Entered)
        else team.problem(request, 410, *GONE)
    )


GONE = (
    "Ce lien a fait son temps",
    "Il vaut trois jours et une seule fois. Si c’est déjà fait, entrez avec votre adresse e-mail ; sinon demandez-en un nouveau.",
)
