"""Signals on this browser: the worker that shows them, and the posts that turn them on and off."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.application import quiet
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.channels import push_place
from bot.web import pages
from bot.web import visitor as visitors
from bot.web.visitor import Visitor
from storage import conversations, people, pushes
from storage.unit_of_work import UnitOfWork

NAME = '"Boussole"'  # stands in the worker for the bot's own name
NOT_HERE = "Pas sur un appareil partagé : quelqu’un d’autre verrait le signe."
UNKNOWN = "Ton navigateur passe par un service que je ne connais pas : je ne peux pas te faire signe ici. Le reste marche."


async def worker(request: Request) -> Response:
    """The service worker, from the root so that it may open the conversation."""
    services: Services = request.app.state.services
    script = (pages.STATIC / "sw.js").read_text("utf-8")
    named = script.replace(NAME, json.dumps(services.settings.bot_name, ensure_ascii=False))
    named = named.replace("/static/sw-notes.js", pages.static("sw-notes.js"))
    return Response(named, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def wanted(request: Request, who: Visitor) -> bool:
    """Whether to offer signals in the conversation: to somebody who said yes to reminders, on a device of their own."""
    services: Services = request.app.state.services
    session = who.session
    if not pages.signals_key(request) or session is None or session.shared_device:
        return False
    profile = await in_thread(services, lambda: _profile(services, session.person_id))
    return profile.get("consent.reminder_slot") in quiet.SLOTS or profile.get("consent.reminders") is True


def _profile(services: Services, person: str) -> Mapping[str, Any]:
    with services.database.read() as uow:
        return conversations.profile(uow, person)


async def state(request: Request) -> Response:
    """Whether this browser's address is known for this person, and whether to offer signals."""
    services: Services = request.app.state.services
    who, endpoint, refusal = await _asked(request)
    if refusal is not None:
        return refusal
    known = await in_thread(services, lambda: _mine(services, who.person or "", endpoint))
    return JSONResponse({"mine": known, "wanted": await wanted(request, who)})


def _mine(services: Services, person: str, endpoint: str) -> bool:
    with services.database.read() as uow:
        return any(one.endpoint == endpoint for one in pushes.of_person(uow, person))


async def subscribe(request: Request) -> Response:
    """Keep a browser's address. A second time changes nothing."""
    services: Services = request.app.state.services
    who, endpoint, refusal = await _asked(request)
    if refusal is not None:
        return refusal
    if not pages.signals_key(request):
        return _no(404)
    if who.session is not None and who.session.shared_device:
        return JSONResponse({"notice": NOT_HERE}, 409)
    if push_place.find(endpoint, services.settings.push_hosts) is None:
        return JSONResponse({"notice": UNKNOWN}, 422)
    kept = await writing(services, lambda uow: _keep(uow, who.person or "", endpoint))
    return JSONResponse({"mine": True}) if kept else _lost()


def _keep(uow: UnitOfWork, person: str, endpoint: str) -> bool:
    if people.get(uow, person, lock=True) is None:
        return False  # erased on another device a moment ago
    pushes.put(uow, person, endpoint)
    return True


async def unsubscribe(request: Request) -> Response:
    """Forget a browser's address. Whoever holds it may say so, also after having left: it is a secret of that browser."""
    services: Services = request.app.state.services
    who, endpoint, csrf = await _read(request)
    if not visitors.form_is_ours(services, who, csrf):
        return _no(403)
    await writing(services, lambda uow: pushes.forget(uow, endpoint))
    return JSONResponse({"mine": False})


async def _asked(request: Request) -> tuple[Visitor, str, Response | None]:
    """Who asks, the address that they send, and the answer when they may not."""
    services: Services = request.app.state.services
    who, endpoint, csrf = await _read(request)
    if who.person is None:
        return who, endpoint, _lost()
    if not visitors.form_is_ours(services, who, csrf):
        return who, endpoint, _no(403)
    return who, endpoint, None


async def _read(request: Request) -> tuple[Visitor, str, str]:
    async with request.form(max_files=0, max_fields=5, max_part_size=10_000) as form:
        endpoint, csrf = str(form.get("endpoint", "")), str(form.get("csrf", ""))
    return await visitors.of(request), endpoint, csrf


def _lost() -> Response:
    return JSONResponse({"redirect": "/retour?perdu=1"}, 401)


def _no(status: int) -> Response:
    return JSONResponse({"notice": pages.PROBLEMS[status][1]}, status)
