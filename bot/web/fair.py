"""A fair on the web: the stands, a learner's own three and their questions, and a programme to print."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.application import fair_notes as noting
from bot.application import programme_print
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import agenda_view, fair_notes, pages
from bot.web import visitor as visitors
from storage.gatherings import Kind
from storage.stands import Stand

_PARTS = re.compile(r"(\d+)")


async def show(request: Request) -> Response:
    """What there is to see, and what this learner wants to see."""
    return await _drawn(request, "fair.html")


async def programme(request: Request) -> Response:
    """The same on paper: stands in the order of the hall, one's own marked, room to write."""
    return await _drawn(request, "programme.html")


async def paper(request: Request) -> Response:
    """The programme as a PDF, the same for everybody."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    number, person = request.path_params["number"], who.person
    found = await in_thread(services, lambda: fair_notes.look(services, number, person))
    if found is None or found[0].gathering.details.kind is not Kind.FAIR:
        return pages.problem(request, 404, who=who)
    held, listed = found[0].gathering, found[1]
    domains = {key: one.label for key, one in services.catalogue.domains.items()}
    centre, today = services.settings.centre_name, services.local_now().date()
    drawn = await request.app.state.drawing(lambda: programme_print.pdf(held, listed, domains, centre, today))
    named = {"Content-Disposition": f'attachment; filename="programme-{number}.pdf"'}
    return Response(drawn, media_type="application/pdf", headers=named)


async def _drawn(request: Request, template: str) -> Response:
    services: Services = request.app.state.services
    who = await visitors.of(request)
    number, person = request.path_params["number"], who.person
    found = await in_thread(services, lambda: fair_notes.look(services, number, person))
    if found is None:
        return pages.problem(request, 404, who=who)
    entry, listed, profile = found
    if entry.gathering.details.kind is not Kind.FAIR:
        return RedirectResponse(f"/agenda/{number}", 303)
    wanted = noting.targets(profile, listed)
    return pages.page(
        request,
        template,
        who,
        title=agenda_view.headline(entry.gathering),
        it=agenda_view.shown(services, entry),
        stands=[stand(one, wanted) for one in sorted(listed, key=_in_hall)],
        unlisted=[one for one in wanted if not any(noting.is_target(each, [one]) for each in listed)],
        questions=in_words(services, profile),
        wanted=wanted,
        notes=[fair_notes.note(one) for one in noting.of_fair(profile, entry.gathering.id)],
    )


def stand(one: Stand, wanted: Sequence[str]) -> dict[str, Any]:
    """A stand for a template; `mine`: the learner wants to see it."""
    link = one.link if one.link.startswith(("https://", "http://")) else ""
    mine = noting.is_target(one, wanted)
    return {"name": one.name, "spot": one.spot, "about": one.about, "link": link, "mine": mine}


def in_words(services: Services, profile: Mapping[str, Any]) -> list[str]:
    """The questions somebody took along, in words."""
    library = services.library
    return [library.label(noting.QUESTIONS, one) or one for one in noting.questions(profile)]


def _in_hall(one: Stand) -> tuple[bool, list[tuple[int, str]], str]:
    """A2 before A10; stands of which nobody knows where they are come last."""
    parts = _PARTS.split(one.spot.casefold())
    return not one.spot, [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], one.name


def routes() -> list[Route]:
    """The addresses of a fair."""
    get, post = ["GET"], ["POST"]
    return [
        Route("/forum/{number:int}", show, methods=get),
        Route("/forum/{number:int}/programme.pdf", paper, methods=get),
        Route("/forum/{number:int}/programme", programme, methods=get),
        Route("/forum/{number:int}/notes", fair_notes.show, methods=get),
        Route("/forum/{number:int}/notes", fair_notes.keep, methods=post),
        Route("/forum/{number:int}/notes/jeton", fair_notes.token, methods=get),
        Route("/forum/{number:int}/notes/hors-ligne", fair_notes.shell, methods=get),
    ]
