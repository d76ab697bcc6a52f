"""« Je suis là »: what a telephone opens at the door of a gathering. Looking changes nothing; one button does."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.application import agenda_words, taking_part
from bot.application.services import Services
from bot.application.taking_part import CHECK_IN_AFTER, CHECK_IN_BEFORE, Became
from bot.application.threads import in_thread, writing
from bot.web import agenda_view, pages
from bot.web import visitor as visitors
from bot.web.guard import origin_of
from bot.web.visitor import Visitor
from storage import gatherings, participations, people, returns
from storage.gatherings import Gathering
from storage.participations import Standing
from storage.unit_of_work import UnitOfWork


async def show(request: Request) -> Response:
    """The gathering behind the code, and the button when it is the moment."""
    return await _page(request, await visitors.of(request))


async def _page(request: Request, who: Visitor, *, problem: str = "", status: int = 200) -> Response:
    services: Services = request.app.state.services
    token, person = request.path_params["token"], who.person
    held, came = await in_thread(services, lambda: _look(services, token, person))
    if held is None:
        return pages.problem(request, 404, who=who)
    return pages.page(
        request,
        "presence.html",
        who,
        status=status,
        title=agenda_view.headline(held),
        when=agenda_words.when(held, services.local_now().date(), near=True),
        place=held.details.place,
        state="came" if came else _state(services, held),
        opens=agenda_view.moment(held.starts_at - CHECK_IN_BEFORE, services),
        token=token,
        problem=problem,
    )


def _look(services: Services, token: str, person: str | None) -> tuple[Gathering | None, bool]:
    with services.database.read() as uow:
        held = gatherings.by_checkin(uow, token)
        part = participations.get(uow, held.id, person) if held and person else None
    return held, part is not None and part.standing is Standing.CAME


def _state(services: Services, held: Gathering) -> str:
    """cancelled, early, over or open."""
    now = services.now()
    if not held.planned:
        return "cancelled"
    if now < held.starts_at - CHECK_IN_BEFORE:
        return "early"
    return "over" if now > held.ends_at + CHECK_IN_AFTER else "open"


async def here(request: Request) -> Response:
    """The button; for somebody who is not signed in, their four words and the button in one."""
    services: Services = request.app.state.services
    token = request.path_params["token"]
    async with request.form(max_files=0, max_fields=10) as form:
        fields: dict[str, Any] = dict(form)
    who = await visitors.of(request)
    if who.person is None:
        return await _with_words(
            request, str(fields.get("words", ""))[:200], shared=fields.get("shared") == "yes"
        )
    if not visitors.form_is_ours(services, who, str(fields.get("csrf", ""))):
        return pages.problem(request, 403, who=who)
    person = who.person
    became = await writing(services, lambda uow: _check_in(uow, person, token))
    if became is Became.UNKNOWN:
        return pages.problem(request, 404, who=who)
    return RedirectResponse(f"/presence/{token}", 303)  # the page says where things stand


async def _with_words(request: Request, said: str, *, shared: bool) -> Response:
    services: Services = request.app.state.services
    origin = origin_of(request.client)
    nobody = Visitor("", None)
    if not said.strip():
        return await _page(request, nobody, problem="words", status=422)
    found = await writing(services, lambda uow: returns.redeem(uow, said, origin))
    person, code = found.person_id, request.path_params["token"]
    if person is None:
        slow = found.throttled
        return await _page(request, nobody, problem="slow" if slow else "wrong", status=429 if slow else 404)
    token = await in_thread(services, lambda: visitors.open_session(services, person, shared=shared))
    await writing(services, lambda uow: _check_in(uow, person, code))
    answer = RedirectResponse(f"/presence/{code}", 303)
    visitors.remember(answer, services, token, shared=shared)
    return answer


def _check_in(uow: UnitOfWork, person_id: str, token: str) -> Became:
    if people.get(uow, person_id, lock=True) is None:
        return Became.UNKNOWN
    return taking_part.check_in(uow, person_id, token)[0]


def routes() -> list[Route]:
    """The address of an attendance code."""
    return [
        Route("/presence/{token}", show, methods=["GET"]),
        Route("/presence/{token}", here, methods=["POST"]),
    ]
