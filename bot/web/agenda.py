"""The agenda on the web: what comes, one gathering, taking part, and which reminders somebody wants."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.application import calendars, event_times, heard, my_agenda, reminder_kinds, taking_part
from bot.application.my_agenda import Entry
from bot.application.rights import Act, learner, require
from bot.application.services import Services
from bot.application.taking_part import Became
from bot.application.threads import in_thread, writing
from bot.web import agenda_calendar, agenda_reminders, agenda_view, pages
from bot.web import visitor as visitors
from bot.web.visitor import Visitor
from storage import conversations, people
from storage.gatherings import Gathering
from storage.unit_of_work import UnitOfWork

ACTS = ("join", "leave", "take", "let", "remind", "allow")
HEARD = "heard"  # safety answered in the conversation instead


async def show(request: Request) -> Response:
    """What comes: one's own first, then what is open."""
    return await _agenda(request, await visitors.of(request))


async def calendar(request: Request) -> Response:
    """A new private address, none any more, or other titles in it."""
    services: Services = request.app.state.services
    async with request.form(max_files=0, max_fields=5) as form:
        fields = {name: str(value) for name, value in form.items()}
    who = await visitors.of(request)
    person = who.person
    if person is None:
        return RedirectResponse("/retour?perdu=1", 303)
    if not visitors.form_is_ours(services, who, fields.get("csrf", "")):
        return pages.problem(request, 403, who=who)
    done, token = await writing(services, lambda uow: agenda_calendar.change(uow, person, fields))
    if not done:
        return pages.problem(request, 404, who=who)
    if token:
        return await _agenda(request, who, given=agenda_calendar.given(services, token))
    return RedirectResponse(f"/agenda?fait={done}#calendrier", 303)


async def _agenda(request: Request, who: Visitor, *, given: agenda_calendar.Given | None = None) -> Response:
    """The page of the agenda; `given`: a calendar address that was made a moment ago and is shown once."""
    services: Services = request.app.state.services
    person = who.person
    seen, settings = await in_thread(services, lambda: _seen(services, person))
    return pages.page(
        request,
        "agenda.html",
        who,
        own=[agenda_view.shown(services, one) for one in seen.own],
        open=[agenda_view.shown(services, one) for one in seen.open],
        notice=agenda_view.notice(request.query_params.get("fait", "")),
        given=given,
        **settings,
    )


def _seen(services: Services, person: str | None) -> tuple[my_agenda.Seen, Mapping[str, Any]]:
    with services.database.read() as uow:
        return my_agenda.of(uow, person), {
            **agenda_calendar.settings(uow, person),
            **agenda_reminders.settings(uow, person),
        }


async def one(request: Request) -> Response:
    """One gathering."""
    return await _one(request, await visitors.of(request), code=request.query_params.get("fait", ""))


async def _one(request: Request, who: Visitor, *, code: str, draft: str = "", status: int = 200) -> Response:
    services: Services = request.app.state.services
    number = request.path_params["number"]
    found, muted = await in_thread(services, lambda: _read(services, number, who.person))
    if found is None:
        return pages.problem(request, 404, draft=draft, who=who)
    return pages.page(
        request,
        "gathering.html",
        who,
        status=status,
        title=agenda_view.headline(found.gathering),
        it=agenda_view.shown(services, found),
        notice=agenda_view.notice(code),
        draft=draft,
        motivation=found.part.motivation if found.part else "",
        most=taking_part.MOTIVATION,
        muted=muted,
    )


def _read(services: Services, number: int, person: str | None) -> tuple[Entry | None, bool]:
    """The gathering, and whether the reader said stop to every reminder."""
    with services.database.read() as uow:
        found = my_agenda.one(uow, number, person)
        profile = conversations.profile(uow, person) if person else {}
        return found, person is not None and agenda_reminders.muted(uow, person, profile)


async def one_calendar(request: Request) -> Response:
    """One gathering as a calendar file."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    number = request.path_params["number"]
    found, _ = await in_thread(services, lambda: _read(services, number, who.person))
    if found is None:
        return pages.problem(request, 404, who=who)
    content = calendars.one(found.gathering)
    named = {"Content-Disposition": f'attachment; filename="rendez-vous-{number}.ics"'}
    return Response(content, media_type=calendars.CONTENT_TYPE, headers=named)


async def act(request: Request) -> Response:
    """Sign up, leave, take or let go a place, choose reminders. A second click says the same again."""
    services: Services = request.app.state.services
    number = request.path_params["number"]
    async with request.form(max_files=0, max_fields=10) as form:
        fields = {name: str(value) for name, value in form.items()}
    motivation = request.state.draft = fields.get("motivation", "").strip()
    who = await visitors.of(request)
    if who.person is None:
        return pages.page(request, "return.html", status=401, problem="lost", draft=motivation)
    ours = visitors.form_is_ours(services, who, fields.get("csrf", ""))
    if not ours or fields.get("act") not in ACTS:
        return pages.problem(request, 404 if ours else 403, draft=motivation, who=who)
    if len(motivation) > taking_part.MOTIVATION and not heard.alarming(services, motivation):
        return await _one(request, who, code="long", draft=motivation, status=422)
    person = who.person
    done = await writing(services, lambda uow: _do(services, uow, person, number, fields))
    if done is None:
        return pages.problem(request, 404, draft=motivation, who=who)
    where = "/chat#fin" if done == HEARD else f"/agenda/{number}?fait={done}"
    return RedirectResponse(where, 303)


def _do(
    services: Services, uow: UnitOfWork, person_id: str, number: int, fields: Mapping[str, str]
) -> str | None:
    """What became of it, as a code of the address; None where there is no such gathering for this person."""
    require(learner(person_id), Act.TAKE_PART)
    person = people.get(uow, person_id, lock=True)
    entry = my_agenda.one(uow, number, person_id) if person else None
    if person is None or entry is None:
        return None
    motivation = fields.get("motivation", "").strip()
    if motivation and heard.read(services, uow, person, motivation):
        return HEARD
    gathering_id, wanted = entry.gathering.id, fields.get("act")
    reminders = fields.get("reminders", "")
    if wanted == "remind" and reminders in event_times.CHOICES:
        taking_part.remind(uow, person_id, gathering_id, reminders)
        return "rappels"
    if wanted == "allow":
        agenda_reminders.allow(uow, person_id)
        return "rappels"
    return _became(uow, person_id, entry.gathering, str(wanted), motivation).value


def _became(uow: UnitOfWork, person_id: str, held: Gathering, wanted: str, motivation: str) -> Became:
    gathering_id = held.id
    if wanted == "join":
        usual = reminder_kinds.usual(conversations.profile(uow, person_id), held.details.kind)
        return taking_part.sign_up(uow, person_id, gathering_id, motivation=motivation, reminders=usual)
    if wanted == "take":
        return taking_part.accept(uow, person_id, gathering_id)
    if wanted == "let":
        return taking_part.decline(uow, person_id, gathering_id)
    return taking_part.leave(uow, person_id, gathering_id) if wanted == "leave" else Became.NOTHING


def routes() -> list[Route]:
    """The addresses of the agenda."""
    get, post = ["GET"], ["POST"]
    return [
        Route("/agenda", show, methods=get),
        Route("/agenda/rappels", agenda_reminders.change, methods=post),
        Route("/agenda/calendrier", calendar, methods=post),
        Route("/agenda/{number:int}.ics", one_calendar, methods=get),
        Route("/agenda/{number:int}", one, methods=get),
        Route("/agenda/{number:int}", act, methods=post),
        Route("/calendrier/{token}.ics", agenda_calendar.feed, methods=get),
    ]
