"""How people come in and go out: welcome, invitations, return codes, an adult's agreement, leaving a device."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.application import agreements, taking_part, visits
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import chat, codes, pages
from bot.web import visitor as visitors
from bot.web.guard import origin_of
from careers.helplines import open_lines
from storage import groups, returns, sessions


async def welcome(request: Request) -> Response:
    """The first page; somebody who is known goes straight on from it."""
    who = await visitors.of(request)
    return pages.page(request, "welcome.html", who, group="", code="")


async def join(request: Request) -> Response:
    """An invitation to a group."""
    services: Services = request.app.state.services
    code = request.path_params["code"]
    group = await in_thread(services, lambda: _group(services, code))
    if group is None:
        return pages.problem(request, 404)
    who = await visitors.of(request)
    person = who.person
    if person is not None:
        await in_thread(services, lambda: _join(services, group.id, person))
        return RedirectResponse("/chat", 303)
    return pages.page(request, "welcome.html", who, group=group.name, code=code)


def _group(services: Services, code: str) -> groups.Group | None:
    with services.database.read() as uow:
        return groups.by_code(uow, code)


def _join(services: Services, group_id: str, person: str) -> None:
    with services.database.begin() as uow:
        groups.join(uow, group_id, person)
        taking_part.joined_group(uow, person, group_id)


async def join_qr(request: Request) -> Response:
    """The QR code of an invitation, to show on a screen or print."""
    services: Services = request.app.state.services
    code = request.path_params["code"]
    if await in_thread(services, lambda: _group(services, code)) is None:
        return pages.problem(request, 404)
    svg = codes.qr_svg(f"{services.settings.base_url}/rejoindre/{code}", scale=8)
    return Response(str(svg), media_type="image/svg+xml")


async def come_back(request: Request) -> Response:
    """Where the four words are typed."""
    problem = "lost" if "perdu" in request.query_params else ""
    return pages.page(request, "return.html", await visitors.of(request), problem=problem, draft="")


async def come_back_by_words(request: Request) -> Response:
    """The four words, or a link's token typed in their place."""
    async with request.form(max_files=0, max_fields=10) as form:
        said = str(form.get("words", ""))[:200]
        shared = form.get("shared") == "yes"
    return await _redeem(request, said, shared=shared)


async def come_back_by_link(request: Request) -> Response:
    """The return link: a page with one button, so that a preview of the link does not open a session."""
    who = await visitors.of(request)
    return pages.page(request, "return.html", who, problem="", draft="", token=request.path_params["token"])


async def come_back_with_link(request: Request) -> Response:
    """The button of that page."""
    async with request.form(max_files=0, max_fields=10) as form:
        shared = form.get("shared") == "yes"
    return await _redeem(request, request.path_params["token"], shared=shared)


async def _redeem(request: Request, said: str, *, shared: bool) -> Response:
    services: Services = request.app.state.services
    origin = origin_of(request.client)
    found = await in_thread(services, lambda: _redeemed(services, said, origin))
    if found.person_id is None:
        problem = "slow" if found.throttled else "wrong"
        return pages.page(
            request, "return.html", status=429 if found.throttled else 404, problem=problem, draft=""
        )
    person = found.person_id
    token = await in_thread(services, lambda: visitors.open_session(services, person, shared=shared))
    answer = RedirectResponse("/chat", 303)
    visitors.remember(answer, services, token, shared=shared)
    return answer


def _redeemed(services: Services, said: str, origin: str) -> returns.Redeemed:
    with services.database.begin() as uow:
        return returns.redeem(uow, said, origin)


async def leave(request: Request) -> Response:
    """« Quitter cet appareil »: the session ends here and now."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    if who.token:
        await in_thread(services, lambda: _close(services, who.token))
    answer = RedirectResponse("/quitte", 303)
    visitors.forget(answer, services)
    return answer


def _close(services: Services, token: str) -> None:
    with services.database.begin() as uow:
        sessions.close_session(uow, token)


async def left(request: Request) -> Response:
    """After leaving."""
    return pages.page(request, "left.html", erased="efface" in request.query_params)


async def neutral(request: Request) -> Response:
    """Where the quick exit leads: a page that says nothing of this one."""
    return pages.page(request, "neutral.html")


async def share_device(request: Request) -> Response:
    """Whether others use this device; asked once."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    async with request.form(max_files=0, max_fields=10) as form:
        shared, csrf = form.get("shared") == "yes", str(form.get("csrf", ""))
    answer = RedirectResponse("/chat#fin", 303)
    if who.session is None or not visitors.form_is_ours(services, who, csrf):
        return answer
    await in_thread(services, lambda: _share(services, who.token, shared=shared))
    visitors.remember(answer, services, who.token, shared=shared)
    return answer


def _share(services: Services, token: str, *, shared: bool) -> None:
    with services.database.begin() as uow:
        sessions.set_shared(uow, token, shared=shared)


async def adult(request: Request) -> Response:
    """The page that an adult opens for a 12-year-old."""
    services: Services = request.app.state.services
    token = request.path_params["token"]
    found = await in_thread(services, lambda: agreements.find(services, token))
    state = found.state if found else "gone"
    return pages.page(
        request, "agreement.html", status=200 if found else 410, state=state, token=token, problem=""
    )


async def adult_answers(request: Request) -> Response:
    """The adult's answer. A second click changes nothing."""
    services: Services = request.app.state.services
    token = request.path_params["token"]
    async with request.form(max_files=0, max_fields=10) as form:
        name, relation = str(form.get("name", "")), str(form.get("relation", ""))
        said = str(form.get("answer", ""))
    if said not in ("yes", "no") or (said == "yes" and not (name.strip() and relation.strip())):
        return pages.page(request, "agreement.html", status=422, state="open", token=token, problem="who")
    await in_thread(
        services,
        lambda: agreements.answer(services, token, agreed=said == "yes", name=name, relation=relation),
    )
    return RedirectResponse(f"/accord/{token}", 303)


async def adult_agreed(request: Request) -> Response:
    """The learner comes back to the link once it counts: the conversation goes on at the name."""
    services: Services = request.app.state.services
    token = request.path_params["token"]
    answer = await in_thread(services, lambda: visits.after_agreement(services, token))
    if answer is None:
        return RedirectResponse(f"/accord/{token}", 303)
    return chat.visit_page(request, answer)


async def help_page(request: Request) -> Response:
    """Help lines, those open at this hour first."""
    services: Services = request.app.state.services
    lines = open_lines(services.local_now())
    return pages.page(request, "help.html", await visitors.of(request), lines=lines)


async def privacy(request: Request) -> Response:
    """What is kept, for how long, who sees it."""
    return pages.page(request, "privacy.html", await visitors.of(request))
