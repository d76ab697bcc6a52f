"""The conversation on the web: its page, its posts (with or without script), before and after consent."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.application import conversation as talk
from bot.application import safety, turns, visits
from bot.application import views as conversations
from bot.application.messages import Answer, Body, Hello, Incoming, Picture, Press, Text, View, Visit
from bot.application.scene import new_screen_id
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.application.uploads import MAX_BYTES
from bot.web import codes, pages, push, views
from bot.web import visitor as visitors
from bot.web.guard import Counter
from bot.web.visitor import Visitor
from storage import conversations as profiles

CHANNEL = "web"
DOUBLE_PRESS = timedelta(seconds=30)
TYPED = 40  # texts a minute from one browser; beyond, only safety still listens
_typed = Counter(TYPED)


async def show(request: Request) -> Response:
    """The page of the conversation."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    if who.person is None:
        answer = await in_thread(
            services, lambda: _begin_visit(services, request.query_params.get("groupe", ""))
        )
        return visit_page(request, answer)
    person = who.person
    try:
        await in_thread(services, lambda: _greet(services, person))
        view = await in_thread(services, lambda: conversations.latest(services, person))
    except LookupError:
        return pages.problem(request, 410)
    return _page(request, who, Answer(view, person=person))


def _begin_visit(services: Services, invitation: str) -> Answer:
    return visits.handle(services, None, Incoming(CHANNEL, "", pages.new_key(), Hello(invitation[:40])))


def _greet(services: Services, person: str) -> None:
    """Say « te revoilà » to somebody who was away; nothing happens to anybody else."""
    last = conversations.last_seen(services, person)
    if last is None or (services.now() - last).total_seconds() > talk.AWAY_MINUTES * 60:
        turns.handle(services, Incoming(CHANNEL, person, f"hello-{pages.new_key()}", Hello()))


async def answer(request: Request) -> Response:
    """One answer of somebody: words, buttons, a date, a picture or a word that works everywhere."""
    services: Services = request.app.state.services
    async with request.form(max_files=1, max_fields=60, max_part_size=MAX_BYTES) as form:
        fields = _texts(form)
        body = await _body(form, fields)
    request.state.draft = fields.get("text", "")  # whatever goes wrong from here on, the words come back
    who = await visitors.of(request)
    if who.person is not None:
        if not visitors.form_is_ours(services, who, fields.get("csrf", "")):
            return _no(request, 403, fields, who)
        return await _from_person(request, who, fields, body)
    return await _from_visit(request, fields, body)


async def _from_person(request: Request, who: Visitor, fields: dict[str, str], body: Body) -> Response:
    services: Services = request.app.state.services
    person = who.person or ""
    key = fields.get("key") or pages.new_key()
    if (
        isinstance(body, Text)
        and not _typed.allow(person)
        and not safety.read(body.text, services.now()).level
    ):
        said = services.library.microcopy.say("flood")
        return await _reply(request, who, Answer(View(), person=person, notice=said), fields, body)
    incoming = Incoming(CHANNEL, person, key[:40], body)
    try:
        reply = await in_thread(services, lambda: turns.handle(services, incoming))
    except turns.UnknownPerson:
        return _lost(request, fields)
    if reply.person is None:  # erased a moment ago, at their own wish
        gone: Response = pages.page(request, "left.html", erased=True)
        if _wants_json(request):
            gone = JSONResponse({"redirect": "/quitte?efface=1"})
        visitors.forget(gone, services)
        return gone
    return await _reply(request, who, reply, fields, body)


async def _reply(
    request: Request, who: Visitor, reply: Answer, fields: dict[str, str], body: Body
) -> Response:
    services: Services = request.app.state.services
    person = who.person or ""
    if _wants_json(request):
        seen = _number(fields.get("seq", "0"))
        view = await in_thread(services, lambda: conversations.since(services, person, seen))
        news = _news(request, replace(reply, view=view), fields)
        if fields.get("push"):  # a browser that could be woken, and was not asked yet
            news["push"] = await push.wanted(request, who)
        return JSONResponse(news)
    if not reply.notice:
        return RedirectResponse("/chat#fin", 303)
    view = await in_thread(services, lambda: conversations.latest(services, person))
    draft = body.text if isinstance(body, Text) else ""
    return _page(request, who, replace(reply, view=view), draft=draft)


async def _from_visit(request: Request, fields: dict[str, str], body: Body) -> Response:
    services: Services = request.app.state.services
    sealed = fields.get("visit", "")
    if not sealed:  # a page of a person whose session has ended
        return _lost(request, fields)
    visit = visits.unseal(services, sealed)
    if visit is None:
        return _over(request, fields)
    incoming = Incoming(CHANNEL, visit.address, fields.get("key", "")[:40] or pages.new_key(), body)
    reply = await in_thread(services, lambda: visits.handle(services, visit, incoming))
    if reply.person is None:
        draft = body.text if isinstance(body, Text) and reply.notice else ""
        if _wants_json(request):
            return JSONResponse(_news(request, reply, fields))
        return visit_page(request, reply, visit=reply.visit, draft=draft)
    return await _welcome(request, reply, fields)


async def _welcome(request: Request, reply: Answer, fields: dict[str, str]) -> Response:
    """Somebody has just agreed: a session, and the code by which they come back."""
    services: Services = request.app.state.services
    person = reply.person or ""
    if not reply.view.messages and not await in_thread(services, lambda: _just_agreed(services, person)):
        return _lost(request, fields)
    token = await in_thread(services, lambda: visitors.open_session(services, person))
    code = await in_thread(services, lambda: codes.give(services, person))
    view = await in_thread(services, lambda: conversations.latest(services, person))
    who = await in_thread(services, lambda: visitors.with_token(services, token))
    made: Response
    if _wants_json(request):
        made = JSONResponse(
            {
                **_news(request, reply, fields),
                "redirect": "",
                "person": True,
                "csrf": visitors.form_token(services, token),
                "code": pages.fragment(
                    request, "_code.html", "return_code", code, visitors.form_token(services, token)
                ),
            }
        )
    else:
        made = _page(request, who, replace(reply, view=view), code=code)
    visitors.remember(made, services, token)
    return made


def _just_agreed(services: Services, person: str) -> bool:
    """Whether a second « d'accord » is a double press; later it is a page sent again, maybe on a device that was left."""
    with services.database.read() as uow:
        agreed = datetime.fromisoformat(str(profiles.profile(uow, person)["consent.at"]))
    return services.now() - agreed < DOUBLE_PRESS


# ---------------------------------------------------------------- what was sent


def _texts(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _body(form: FormData, fields: dict[str, str]) -> Body:
    """What the form says, the most deliberate thing first."""
    screen, text = fields.get("screen", ""), fields.get("text", "")
    if fields.get("command"):
        return Text(fields["command"], screen)
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return Picture(await file.read(), screen, text.strip())
    picked = _picked(form, fields)
    if picked and (not text.strip() or "send" not in fields):
        return Press(screen, picked)
    if not text.strip() and fields.get("ticks") and "send" in fields:
        return Press(screen, ())  # « Valider » with nothing ticked
    return Text(text if text.strip() else fields.get("date", ""), screen)


def _picked(form: FormData, fields: dict[str, str]) -> tuple[int, ...]:
    """Buttons and ticks, or without script the places given to cards that are ranked."""
    picked = [_number(str(value), -1) for value in form.getlist("pick")]
    places = [
        (_number(value, 99), name) for name, value in fields.items() if name.startswith("rank_") and value
    ]
    return tuple(picked or [_number(name.removeprefix("rank_"), -1) for _place, name in sorted(places)])


def _number(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isdigit() and len(text) < 12 else otherwise  # noqa: PLR2004 -- digits that fit


# ---------------------------------------------------------------- what is answered


def _wants_json(request: Request) -> bool:
    return request.headers.get("x-boussole") == "1"


def _news(request: Request, reply: Answer, fields: dict[str, str]) -> dict[str, Any]:
    services: Services = request.app.state.services
    items = [views.message(item) for item in reply.view.messages]
    seq = max([item["seq"] for item in items] + [_number(fields.get("seq", "0"))])
    return {
        "html": pages.fragment(request, "_messages.html", "messages", items),
        "screen": pages.fragment(request, "_screen.html", "controls", views.screen(reply.view.screen)),
        "seq": seq,
        "visit": visits.seal(services, reply.visit) if reply.visit else "",
        "notice": reply.notice,
        "key": pages.new_key(),
        "person": reply.person is not None,
        "code": "",
        "redirect": "",
    }


def _page(
    request: Request, who: Visitor, reply: Answer, *, draft: str = "", code: codes.Shown | None = None
) -> Response:
    view = reply.view
    return pages.page(
        request,
        "chat.html",
        who,
        messages=[views.message(item) for item in view.messages],
        screen=views.screen(view.screen),
        seq=max((item.seq for item in view.messages), default=0),
        visit="",
        notice=reply.notice,
        draft=draft,
        max_text=talk.MAX_TEXT,
        key=pages.new_key(),
        code=code,
        ask_shared=code is not None,
        stream=True,
    )


def visit_page(request: Request, reply: Answer, *, visit: Visit | None = None, draft: str = "") -> Response:
    services: Services = request.app.state.services
    visit = visit or reply.visit or Visit(state=None, address=new_screen_id())
    return pages.page(
        request,
        "chat.html",
        messages=[views.message(item) for item in visit.messages],
        screen=views.screen(visit.screen),
        seq=0,
        visit=visits.seal(services, visit),
        notice=reply.notice,
        draft=draft,
        max_text=talk.MAX_TEXT,
        key=pages.new_key(),
        code=None,
        ask_shared=False,
        stream=False,
    )


def _lost(request: Request, fields: dict[str, str]) -> Response:
    """The cookie is gone: say so, and give back what was typed."""
    if _wants_json(request):
        return JSONResponse({"redirect": "/retour?perdu=1"}, 401)
    return pages.page(request, "return.html", status=401, problem="lost", draft=fields.get("text", ""))


def _over(request: Request, fields: dict[str, str]) -> Response:
    """A visit of more than an hour, or a page that somebody changed."""
    services: Services = request.app.state.services
    notice = services.library.microcopy.say("visit_over")
    if _wants_json(request):
        return JSONResponse({"redirect": "/chat", "notice": notice}, 410)
    reply = replace(_begin_visit(services, ""), notice=notice)
    return visit_page(request, reply, draft=fields.get("text", ""))


def _no(request: Request, status: int, fields: dict[str, str], who: Visitor) -> Response:
    if _wants_json(request):
        return JSONResponse({"notice": pages.PROBLEMS[status][1]}, status)
    return pages.problem(request, status, draft=fields.get("text", ""), who=who)
