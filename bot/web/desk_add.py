"""Adding a gathering, once or every week: a form, then what will happen, then the act."""

from dataclasses import asdict
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.application import agenda_acts, agenda_ahead, agenda_form, agenda_words, happenings, planning
from bot.application.agenda_form import Read, Repeat, Typed
from bot.application.happenings import CannotPlan
from bot.application.rights import Act, Actor
from bot.web import desk_common as common
from bot.web import desk_form
from bot.web.team import guarded
from storage import conversations
from storage.gatherings import Details, Gathering
from storage.unit_of_work import UnitOfWork

NEW = {"waiting": "yes", "confirmed": "yes", "every": "1"}


def routes() -> list[Route]:
    """The form of a new one."""
    return [
        Route("/equipe/agenda/nouveau", guarded(Act.WRITE_AGENDA)(new), methods=["GET"]),
        Route("/equipe/agenda/nouveau", guarded(Act.WRITE_AGENDA)(add), methods=["POST"]),
    ]


async def new(request: Request, _actor: Actor) -> Response:
    """An empty form."""
    return await desk_form.form_page(request, Typed(NEW))


async def add(request: Request, actor: Actor) -> Response:
    """What was typed: shown with what will happen, typed again, or written."""
    typed, step = desk_form.typed(await request.form())
    if step == "edit":
        return await desk_form.form_page(request, typed)
    read = await common.reading(request, lambda uow: agenda_form.read(typed, common.today_of(uow)))
    if read.details is None:
        return await desk_form.form_page(request, typed, wrong=dict(read.wrong))
    details, confirmed = read.details, typed.get("confirmed") == "yes"
    try:
        if step != "do":
            return await desk_form.look_page(
                request, typed, await common.reading(request, lambda uow: _ahead(uow, read))
            )
        made = await common.writing(request, lambda uow: _add(uow, actor, typed, details, read.repeat, confirmed=confirmed))  # fmt: skip
    except CannotPlan as error:
        return await desk_form.form_page(request, typed, problems=error.problems)
    return _done(made)


def _done(made: Gathering | None) -> Response:
    if made is None:
        return RedirectResponse("/equipe/agenda?fait=deja", 303)
    if made.details.series_id:
        return RedirectResponse(f"/equipe/agenda?fait=serie&n={made.number}", 303)
    return common.done(made.number, "ajoute")


def _ahead(uow: UnitOfWork, read: Read) -> dict[str, Any]:
    """What adding will do. CannotPlan."""
    details, today = read.details, common.today_of(uow)
    if details is None:
        raise CannotPlan(["Le formulaire n’est pas complet."])
    if wrong := happenings.problems(details, planning.wall(uow.now)):
        raise CannotPlan(wrong)
    alone: tuple[list[date], list[date]] = ([details.local_starts.date()], [])
    days, closed = _days(uow, details, read.repeat) if read.repeat is not None else alone
    return {
        "title": agenda_words.title(details),
        "when": agenda_words.when(details, today),
        "where": agenda_words.where(details),
        "notes": agenda_ahead.of_add(uow, details).notes,
        "ahead": "",
        "days": [agenda_words.day(day, today) for day in days],
        "closed": [agenda_words.day(day, today) for day in closed],
        "repeats": read.repeat is not None,
        "version": 0,
    }


def _days(uow: UnitOfWork, details: Details, repeat: Repeat) -> tuple[list[date], list[date]]:
    first = details.local_starts.date()
    if repeat.until < first:
        raise CannotPlan([f"La répétition finit le {repeat.until:%d/%m/%Y}, avant de commencer."])
    if (repeat.until - first).days > 7 * repeat.every * happenings.MOST:
        raise CannotPlan([f"Cela ferait plus de {happenings.MOST} dates : choisissez une fin plus proche."])
    return happenings.days_of(
        first,
        repeat.until,
        repeat.every,
        planning.holidays(uow),
        repeat.skipped,
        in_holidays=repeat.in_holidays,
    )


def _add(
    uow: UnitOfWork, actor: Actor, typed: Typed, details: Details, repeat: Repeat | None, *, confirmed: bool
) -> Gathering | None:
    """Write it down; None when this very form did before (a second click, a lost connection)."""
    if conversations.already_seen(uow, "web", f"team form {actor.id} {typed.get('key')}"):
        return None
    if repeat is None:
        return agenda_acts.add(uow, actor, details, confirmed=confirmed)
    told = {name: value for name, value in asdict(repeat).items() if name != "until"}
    made = agenda_acts.repeat(uow, actor, details, repeat.until, **told, confirmed=confirmed)
    return made.gatherings[0]
