"""A person's finished cards and pictures on the web, drawn or opened when somebody looks at them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.application import planning
from bot.application import products as making
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import pages
from bot.web import visitor as visitors
from bot.web.visitor import Visitor
from storage import conversations, products, uploads
from storage.errors import CannotDecrypt

CARD_AGE = "private, max-age=3600"


async def _product(request: Request) -> tuple[making.Product, Visitor] | None:
    services: Services = request.app.state.services
    who = await visitors.of(request)
    sealed, person = request.path_params.get("sealed"), who.person
    if sealed:
        try:
            return making.Product(**json.loads(services.box.open_text(sealed))), who
        except (CannotDecrypt, TypeError, ValueError):
            return None
    if person is None:
        return None
    kept = await in_thread(services, lambda: _kept(services, request.path_params["product"], person))
    return (making.Product(kept.name, kept.title, kept.text, kept.values), who) if kept else None


def _kept(services: Services, product: str, person: str) -> products.Product | None:
    with services.database.read() as uow:
        return products.get(uow, product, person)


async def card(request: Request) -> Response:
    """A finished card: its picture, and its text for those who do not see it or print it."""
    found = await _product(request)
    if found is None:
        return pages.problem(request, 404)
    product, who = found
    where = request.url.path
    return pages.page(
        request,
        "card.html",
        who,
        title=product.title,
        text=product.text,
        picture=f"{where}.png",
        calendar=f"{where}.ics" if _day(product) else "",
    )


async def card_picture(request: Request) -> Response:
    """The card as a picture, drawn when somebody looks at it."""
    services: Services = request.app.state.services
    found = await _product(request)
    if found is None:
        return pages.problem(request, 404)
    product, who = found
    media = await in_thread(services, lambda: _media(services, product, who.person))
    drawn = await request.app.state.drawing(lambda: making.picture(product, media))
    return Response(drawn, media_type="image/png", headers={"Cache-Control": CARD_AGE})


def _media(services: Services, product: making.Product, person: str | None) -> bytes | None:
    media_id = making.media_id(product)
    if not media_id or person is None:
        return None
    with services.database.read() as uow:
        found = uploads.get(uow, media_id, person)
    return found.content if found else None


async def card_calendar(request: Request) -> Response:
    """The day of a planned step, for the person's own calendar."""
    services: Services = request.app.state.services
    found = await _product(request)
    due = _day(found[0]) if found else None
    if found is None or due is None:
        return pages.problem(request, 404)
    product, who = found
    slot = ""
    if who.person is not None:
        person = who.person
        profile = await in_thread(services, lambda: _profile(services, person))
        slot = str(profile.get("consent.reminder_slot") or "")
    title = str(product.values.get("step") or product.title)
    uid = f"{request.path_params.get('product') or 'visite'}@boussole"
    content = planning.ics(title, due, slot, uid, services.now())
    named = {"Content-Disposition": 'attachment; filename="mon-prochain-pas.ics"'}
    return Response(content, media_type="text/calendar", headers=named)


def _day(product: making.Product) -> date | None:
    try:
        return date.fromisoformat(str(product.values.get("day") or ""))
    except ValueError:
        return None


async def picture(request: Request) -> Response:
    """A picture that the person sent, for that person alone."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    person = who.person
    if person is None:
        return pages.problem(request, 404)
    found = await in_thread(services, lambda: _upload(services, request.path_params["upload"], person))
    if found is None:
        return pages.problem(request, 404)
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": CARD_AGE})


def _upload(services: Services, upload: str, person: str) -> uploads.Upload | None:
    with services.database.read() as uow:
        return uploads.get(uow, upload, person)


def _profile(services: Services, person: str) -> Mapping[str, Any]:
    with services.database.read() as uow:
        return conversations.profile(uow, person)
