"""The home of an area and « mon compte »: who you are here, what you may do, where the bot writes to you."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.application import activating, team_words
from bot.application import team as people
from bot.application.passwords import SHORTEST, TooBusy
from bot.application.rights import Act, Actor, may
from bot.application.services import Services
from bot.application.signing_in import AREAS, TEAM, Area
from bot.application.team import TeamError
from bot.application.threads import in_thread, writing
from bot.web import team, team_entrance, team_welcome
from bot.web.team import guarded
from storage import staff, staff_addresses, staff_links, staff_sessions
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Link:
    """A page that the home leads to, shown to those who may do the act."""

    label: str
    url: str
    act: Act
    hint: str = ""
    area: Area = TEAM


LINKS: list[Link] = []  # other modules of the site add theirs, in the order in which they are shown


def routes() -> list[Route]:
    """The home and the account of each area, and the ways in."""
    made: list[Route] = []
    for area in AREAS:
        made += [
            Route(area.path, guarded(area.act, area)(home), methods=["GET"]),
            Route(f"{area.path}/compte", guarded(area.act, area)(account), methods=["GET"]),
            Route(
                f"{area.path}/compte/mot-de-passe", guarded(area.act, area)(change_password), methods=["POST"]
            ),
            Route(f"{area.path}/compte/rejoindre", guarded(area.act, area)(join_chat), methods=["POST"]),
            Route(f"{area.path}/compte/quitter", guarded(area.act, area)(leave_chat), methods=["POST"]),
            Route(f"{area.path}/sortir", guarded(area.act, area)(sign_out), methods=["POST"]),
        ]
    return [*team_entrance.routes(), *team_welcome.routes(), *made]


def _area(request: Request) -> Area:
    who: team.Signed = request.state.team
    return who.area


async def home(request: Request, actor: Actor) -> Response:
    """Who you are, what you may do, and where to go."""
    services: Services = request.app.state.services
    area = _area(request)
    shown = [link for link in LINKS if link.area == area and may(actor, link.act)]
    ways = await in_thread(services, lambda: _ways(services, actor))
    return team.page(
        request,
        "equipe/home.html" if area == TEAM else "equipe/mentors.html",
        links=shown,
        rights=team_words.rights(actor),
        reachable=bool(ways),
        platforms=[name.capitalize() for name in services.settings.platforms()],
    )


def _ways(services: Services, actor: Actor) -> dict[str, str]:
    with services.database.read() as uow:
        return staff_addresses.reachable(uow, actor.id)


# ---------------------------------------------------------------- one's own account


async def account(request: Request, actor: Actor) -> Response:
    """The password, and the chats that the bot writes to."""
    return await _account(request, actor, done=request.query_params.get("fait", ""))


async def _account(request: Request, actor: Actor, *, status: int = 200, **context: Any) -> Response:
    services: Services = request.app.state.services

    def look() -> tuple[str, bool, list[str]]:
        with services.database.read() as uow:
            member = staff.get(uow, actor.id)
            joined = list(staff_addresses.joined(uow, actor.id))
            return (member.email, member.has_password, joined) if member else ("", False, joined)

    email, has_password, joined = await in_thread(services, look)
    platforms = services.settings.platforms()
    given = {"done": "", "wrong": "", "code": "", **context}
    return team.page(
        request,
        "equipe/account.html",
        status=status,
        email=email,
        has_password=has_password,
        joined=joined,
        platforms=platforms,
        shortest=SHORTEST,
        mail=bool(services.settings.smtp_url),
        **given,
    )


async def change_password(request: Request, actor: Actor) -> Response:
    """Another password; other browsers are signed out."""
    services: Services = request.app.state.services
    form = await request.form()
    old, new = str(form.get("old") or ""), str(form.get("new") or "")
    who: team.Signed = request.state.team
    try:
        ended = await activating.change_password(
            services, team_entrance.hasher_of(request), actor, old, new, who.token
        )
    except TeamError as error:
        return await _account(request, actor, status=422, wrong=str(error))
    except TooBusy:
        return await _account(request, actor, status=503, wrong=team_entrance.BUSY)
    return RedirectResponse(f"{_area(request).path}/compte?fait={'seul' if ended == 0 else 'autres'}", 303)


async def join_chat(request: Request, actor: Actor) -> Response:
    """A code to say to the bot."""
    services: Services = request.app.state.services
    code = await writing(services, lambda uow: staff_links.join_code(uow, actor.id))
    return await _account(request, actor, code=code)


async def leave_chat(request: Request, actor: Actor) -> Response:
    """The bot writes there no more."""
    form = await request.form()
    channel = str(form.get("channel") or "")
    await writing(request.app.state.services, lambda uow: people.leave_chat(uow, actor, channel))
    return RedirectResponse(f"{_area(request).path}/compte?fait=quitte", 303)


async def sign_out(request: Request, actor: Actor) -> Response:
    """End this session."""
    services: Services = request.app.state.services
    who: team.Signed = request.state.team

    def end(uow: UnitOfWork) -> None:
        staff_sessions.close(uow, who.token)
        people.note(uow, actor, "signed_out", actor.id, area=who.area.name)

    await writing(services, end)
    made = RedirectResponse(f"{who.area.path}/entrer", 303)
    team.drop_cookie(made, services, team.cookie_name(services, who.area))
    return made
