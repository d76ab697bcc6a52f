"""The site as one application: its routes, its error pages, its start and its clean end."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from bot.application.cards import CardError
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.logs import get_logger
from bot.web import (
    agenda,
    chat,
    desk_routes,
    entrance,
    fair,
    hooks,
    knowledge,
    mine,
    pages,
    presence,
    push,
    stream,
    team,
    team_pages,
    things,
)
from bot.web import visitor as visitors
from bot.web.guard import Guard
from bot.web.visitor import Visitor
from storage import listen
from storage.errors import DatabaseBusy, StorageError

DRAWERS = 2  # cards drawn at the same time; each is a process of its own
log = get_logger(__name__)


def create(services: Services) -> Starlette:
    """The site over these services."""
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(Guard, refuse=_refusal, secure=services.settings.secure)],
        exception_handlers={
            HTTPException: _http,
            StorageError: _storage,
            CardError: _card,
            Exception: _broken,
        },
        lifespan=_lifespan,
    )
    app.state.services = services
    app.state.templates = pages.environment(services)
    app.state.closing = asyncio.Event()
    return app


def _routes() -> list[Route | Mount]:
    get, post = ["GET"], ["POST"]
    return [
        Route("/", entrance.welcome, methods=get),
        Route("/chat", chat.show, methods=get),
        Route("/chat", chat.answer, methods=post),
        Route("/chat/flux", stream.follow, methods=get),
        Route("/rejoindre/{code}", entrance.join, methods=get),
        Route("/rejoindre/{code}/qr.svg", entrance.join_qr, methods=get),
        Route("/retour", entrance.come_back, methods=get),
        Route("/retour", entrance.come_back_by_words, methods=post),
        Route("/retour/{token}", entrance.come_back_by_link, methods=get),
        Route("/retour/{token}", entrance.come_back_with_link, methods=post),
        Route("/appareil", entrance.share_device, methods=post),
        Route("/quitter", entrance.leave, methods=post),
        Route("/quitte", entrance.left, methods=get),
        Route("/pause", entrance.neutral, methods=get),
        Route("/accord/{token}", entrance.adult, methods=get),
        Route("/accord/{token}", entrance.adult_answers, methods=post),
        Route("/accord/{token}/suite", entrance.adult_agreed, methods=get),
        Route("/mes-donnees", mine.show, methods=get),
        Route("/mes-donnees/{act}", mine.change, methods=post),
        Route("/carte/visite/{sealed}.png", things.card_picture, methods=get),
        Route("/carte/visite/{sealed}.ics", things.card_calendar, methods=get),
        Route("/carte/visite/{sealed}", things.card, methods=get),
        Route("/carte/{product}.png", things.card_picture, methods=get),
        Route("/carte/{product}.ics", things.card_calendar, methods=get),
        Route("/carte/{product}", things.card, methods=get),
        Route("/image/{upload}", things.picture, methods=get),
        Route("/aide", entrance.help_page, methods=get),
        Route("/vie-privee", entrance.privacy, methods=get),
        Route("/sources", knowledge.sources, methods=get),
        Route("/regles", knowledge.rules, methods=get),
        *agenda.routes(),
        *fair.routes(),
        *presence.routes(),
        Route("/sw.js", push.worker, methods=get),
        Route("/push/etat", push.state, methods=post),
        Route("/push/abonner", push.subscribe, methods=post),
        Route("/push/desabonner", push.unsubscribe, methods=post),
        Route("/telegram", hooks.telegram, methods=post),
        Route("/healthz", _health, methods=get),
        Route("/robots.txt", _robots, methods=get),
        *team_pages.routes(),
        *desk_routes.routes(),
        Mount("/static", StaticFiles(directory=pages.STATIC)),
    ]


async def _health(request: Request) -> Response:
    services: Services = request.app.state.services
    await in_thread(services, services.database.check)
    return PlainTextResponse("ok")


async def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


# ---------------------------------------------------------------- what goes wrong


def _answer(request: Request, status: int, who: Visitor | None = None) -> Response:
    if request.headers.get("x-boussole") == "1":
        return JSONResponse({"notice": pages.PROBLEMS.get(status, pages.PROBLEMS[500])[1]}, status)
    if team.area_of(request.url.path) is not None:
        return team.problem(request, status)
    return pages.problem(request, status, draft=getattr(request.state, "draft", ""), who=who)


def _refusal(_scope: Scope, status: int) -> ASGIApp:
    async def refuse(scope: Scope, receive: Any, send: Any) -> None:
        await _answer(Request(scope), status)(scope, receive, send)

    return refuse


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    try:
        who = await visitors.of(request)
    except StorageError:
        who = None
    return _answer(request, status, who)


async def _storage(request: Request, error: Exception) -> Response:
    log.warning("storage_refused", why=type(error).__name__, path=_route(request))
    busy = isinstance(error, DatabaseBusy)
    answer = _answer(request, 503)
    if busy:
        answer.headers["Retry-After"] = "2"
    return answer


async def _card(request: Request, error: Exception) -> Response:
    log.warning("card_not_drawn", why=type(error).__name__)
    return _answer(request, 503)


async def _broken(request: Request, error: Exception) -> Response:
    log.error("request_failed", why=type(error).__name__, path=_route(request))
    return _answer(request, 500)


def _route(request: Request) -> str:
    """The route and not the address, which may hold a token."""
    route = request.scope.get("route")
    return str(getattr(route, "path", "?"))


# ---------------------------------------------------------------- start and end


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    closing: asyncio.Event = app.state.closing
    drawers = ThreadPoolExecutor(DRAWERS, thread_name_prefix="draw")
    loop = asyncio.get_running_loop()

    async def drawing(work: Callable[[], bytes]) -> bytes:
        return await loop.run_in_executor(drawers, work)

    app.state.drawing = drawing
    restore = _close_streams_first(loop, closing)
    stop = threading.Event()
    ears = _listen(app.state.services, stop)
    try:
        yield
    finally:
        closing.set()
        stop.set()
        restore()
        drawers.shutdown(wait=False, cancel_futures=True)
        if ears is not None:
            await loop.run_in_executor(None, ears.join, 3)


def _close_streams_first(loop: asyncio.AbstractEventLoop, closing: asyncio.Event) -> Callable[[], None]:
    """The server waits for open requests before it ends the lifespan, so streams must hear of the signal themselves."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def heard(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(closing.set)
        old = before[signal.Signals(number)]
        if callable(old):
            old(number, frame)

    for number in before:
        signal.signal(number, heard)

    def restore() -> None:
        for number, old in before.items():
            signal.signal(number, old)

    return restore


def _listen(services: Services, stop: threading.Event) -> threading.Thread | None:
    """On PostgreSQL other processes may have written for the people whose streams are here."""
    if services.database.kind != "postgresql":
        return None

    def follow() -> None:
        for person in listen.listen(services.database, stop):
            for one in (person,) if person is not None else services.bus.followed():
                services.bus.deliver(one)

    thread = threading.Thread(target=follow, name="listen", daemon=True)
    thread.start()
    return thread
