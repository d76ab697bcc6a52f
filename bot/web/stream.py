"""The event stream of a conversation: what is new after a number, resumed after a lost connection or a closed lid."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.application import views as conversations
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import pages, views
from bot.web import visitor as visitors
from storage.errors import StorageError

HEARTBEAT = 20.0  # seconds between two signs of life
HEADERS = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
AGAIN = 3_000  # milliseconds before a browser tries again


async def follow(request: Request) -> Response:
    """What is new for this person, as it comes. 401 for a browser without a session: it must not try again."""
    who = await visitors.of(request)
    if who.person is None:
        return Response(status_code=204)  # an EventSource gives up at 204
    last = request.headers.get("last-event-id") or request.query_params.get("apres", "0")
    seq = int(last) if last.isdigit() and len(last) < 12 else 0  # noqa: PLR2004 -- digits that fit
    return StreamingResponse(
        _events(request, who.person, seq), media_type="text/event-stream", headers=HEADERS
    )


async def _events(request: Request, person: str, seq: int) -> AsyncIterator[str]:
    services: Services = request.app.state.services
    closing: asyncio.Event = request.app.state.closing
    yield f"retry: {AGAIN}\n\n"
    with services.bus.follow(person) as follower:
        while not closing.is_set():
            event, seq = await _news(request, services, person, seq)
            if event:
                yield event
                continue  # somebody away for long may have more than one reading holds
            if await _who(request) != person:
                return  # signed out, erased, or idle for too long
            if not await _either(follower.wait(HEARTBEAT), closing):
                yield ": encore là\n\n"


async def _who(request: Request) -> str | None:
    return (await visitors.of(request)).person


async def _news(request: Request, services: Services, person: str, seq: int) -> tuple[str, int]:
    try:
        view = await in_thread(services, lambda: conversations.since(services, person, seq))
    except (LookupError, StorageError):
        return "", seq  # erased, or a database that will answer again
    if not view.messages:
        return "", seq
    items = [views.message(item) for item in view.messages]
    seq = items[-1]["seq"]
    data = {
        "html": pages.fragment(request, "_messages.html", "messages", items),
        "screen": pages.fragment(request, "_screen.html", "controls", views.screen(view.screen)),
        "seq": seq,
    }
    return f"id: {seq}\nevent: vue\ndata: {json.dumps(data, ensure_ascii=False)}\n\n", seq


async def _either(waiting: Coroutine[Any, Any, bool], closing: asyncio.Event) -> bool:
    """Wait for news or for the site to close, whichever comes first; whether there are news."""
    news = asyncio.ensure_future(waiting)
    end = asyncio.ensure_future(closing.wait())
    try:
        await asyncio.wait({news, end}, return_when=asyncio.FIRST_COMPLETED)
        return news.done() and news.result()
    finally:
        for task in (news, end):
            task.cancel()
