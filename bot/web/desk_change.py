"""Changing a gathering: a form, then what will happen and who will be told, then the act."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_acts, agenda_ahead, agenda_form, agenda_words
from bot.application.agenda_form import Typed
from bot.application.happenings import CannotPlan
from bot.application.rights import Act, Actor
from bot.web import desk_common as common
from bot.web import desk_form, team
from bot.web.team import guarded
from storage.errors import Conflict
from storage.gatherings import Details, Gathering
from storage.unit_of_work import UnitOfWork


def routes() -> list[Route]:
    """The form of one that exists."""
    path = "/equipe/agenda/{number:int}/changer"
    return [
        Route(path, guarded(Act.WRITE_AGENDA)(edit), methods=["GET"]),
        Route(path, guarded(Act.WRITE_AGENDA)(change), methods=["POST"]),
    ]


async def edit(request: Request, _actor: Actor) -> Response:
    """The form, filled in."""
    held = await common.reading(request, lambda uow: common.held_in(uow, request))
    if held is None:
        return team.problem(request, *common.not_there())
    typed = agenda_form.of_details(held.details)
    fields = {**typed.fields, "version": str(held.version), "why": ""}
    return await desk_form.form_page(request, replace(typed, fields=fields), number=held.number)


async def change(request: Request, actor: Actor) -> Response:
    """What was typed: shown with what will happen, typed again, or written."""
    typed, step = desk_form.typed(await request.form())
    held = await common.reading(request, lambda uow: common.held_in(uow, request))
    if held is None:
        return team.problem(request, *common.not_there())
    if step == "edit":
        return await desk_form.form_page(request, typed, number=held.number)
    read = await common.reading(
        request, lambda uow: agenda_form.read(typed, common.today_of(uow), held.details)
    )
    if read.details is None:
        return await desk_form.form_page(request, typed, number=held.number, wrong=dict(read.wrong))
    if read.details == held.details:
        return common.done(held.number, "pareil")
    changed = typed.get("version") != str(held.version)
    if step != "do" or changed:
        return await _show_change(request, typed, read.details, changed=changed)
    return await _write(request, actor, typed, held, read.details)


async def _write(request: Request, actor: Actor, typed: Typed, held: Gathering, details: Details) -> Response:
    try:
        told = await common.writing(request, lambda uow: agenda_acts.change(uow, actor, held, details, why=typed.get("why")).told)  # fmt: skip
    except CannotPlan as error:
        return await desk_form.form_page(request, typed, number=held.number, problems=error.problems)
    except Conflict:
        return await _show_change(request, typed, details, changed=True)
    return common.done(held.number, "change", n=told)


async def _show_change(request: Request, typed: Typed, details: Details, *, changed: bool) -> Response:
    """Before and after, and who will be told; `changed`: a colleague was faster."""

    def look(uow: UnitOfWork) -> tuple[dict[str, Any] | None, list[str], int]:
        held = common.held_in(uow, request)
        if held is None:
            return None, [], 0
        if wrong := agenda_ahead.problems_of_change(uow, held, details):
            return None, wrong, held.number
        return _change_ahead(uow, held, details), [], held.number

    said, problems, number = await common.reading(request, look)
    if problems:
        return await desk_form.form_page(request, typed, number=number, problems=problems)
    if said is None:
        return team.problem(request, *common.not_there())
    return await desk_form.look_page(
        request, typed, said, number=number, wrong=common.CHANGED if changed else ""
    )


def _change_ahead(uow: UnitOfWork, held: Gathering, details: Details) -> dict[str, Any]:
    today = common.today_of(uow)
    before, ahead = held.details, agenda_ahead.of_change(uow, held, details)
    pairs = [
        ("Quand", agenda_words.when(before, today), agenda_words.when(details, today)),
        ("Titre", before.title, details.title),
        ("Lieu", before.place or "non dit", details.place or "non dit"),
        ("Places", _room(before), _room(details)),
    ]
    return {
        "title": agenda_words.title(details),
        "when": agenda_words.when(details, today),
        "where": agenda_words.where(details),
        "notes": ahead.notes,
        "ahead": agenda_ahead.in_words(ahead),
        "changes": [pair for pair in pairs if pair[1] != pair[2]],
        "days": [],
        "closed": [],
        "repeats": False,
        "version": held.version,
    }


def _room(details: Details) -> str:
    return "sans limite" if details.capacity is None else str(details.capacity)
