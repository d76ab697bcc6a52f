"""A gathering that does not take place, or does after all: what will happen is said first."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_acts, agenda_ahead
from bot.application.happenings import CannotPlan
from bot.application.rights import Act, Actor
from bot.application.staff_words import clean
from bot.web import desk, team
from bot.web import desk_common as common
from bot.web.team import guarded
from storage import participations
from storage.errors import Conflict
from storage.unit_of_work import UnitOfWork


def routes() -> list[Route]:
    """Cancelling, and taking that back."""
    one = "/equipe/agenda/{number:int}"
    return [
        Route(f"{one}/annuler", guarded(Act.CANCEL_GATHERING)(ask_cancel), methods=["GET"]),
        Route(f"{one}/annuler", guarded(Act.CANCEL_GATHERING)(cancel), methods=["POST"]),
        Route(f"{one}/retablir", guarded(Act.CANCEL_GATHERING)(restore), methods=["POST"]),
    ]


async def ask_cancel(request: Request, _actor: Actor) -> Response:
    """What cancelling will do, before it is done."""
    return await _cancel_page(request)


async def _cancel_page(
    request: Request, *, wrong: str = "", status: int = 200, why: str = "", scope: str = "one"
) -> Response:
    def look(uow: UnitOfWork) -> dict[str, Any] | None:
        held = common.held_in(uow, request)
        if held is None:
            return None
        following = [one for one in agenda_acts.following(uow, held) if one.planned]
        return {
            "one": common.row(held, participations.counts(uow, [held.id])[held.id], common.today_of(uow)),
            "ahead": agenda_ahead.in_words(agenda_ahead.of_cancel(uow, held)),
            "following": len(following),
            "ahead_all": agenda_ahead.in_words(agenda_ahead.of_cancel(uow, *following)),
        }

    found = await common.reading(request, look)
    if found is None:
        return team.problem(request, *common.not_there())
    return team.page(request, "equipe/cancel.html", status=status, wrong=wrong, why=why, scope=scope, **found)


async def cancel(request: Request, actor: Actor) -> Response:
    """It does not take place, alone or with those of its series that follow."""
    form = await request.form()
    why, scope = clean(str(form.get("why") or "")).strip()[:200], str(form.get("scope") or "one")
    version = str(form.get("version") or "")

    def act(uow: UnitOfWork) -> int | None:
        held = common.held_in(uow, request)
        if held is None:
            return None
        if not held.planned:
            return -1
        if str(held.version) != version:
            raise Conflict("changed while the page was read")
        chosen = agenda_acts.following(uow, held) if scope == "following" else [held]
        return agenda_acts.cancel(uow, actor, [one for one in chosen if one.planned], why=why)

    try:
        told = await common.writing(request, act)
    except Conflict:
        return await _cancel_page(request, wrong=common.CHANGED, status=409, why=why, scope=scope)
    if told is None:
        return team.problem(request, *common.not_there())
    return (
        common.done(common.number_of(request), "annule", n=told)
        if told >= 0
        else common.done(common.number_of(request), "deja")
    )


async def restore(request: Request, actor: Actor) -> Response:
    """It takes place after all."""

    def act(uow: UnitOfWork) -> int | None:
        held = common.held_in(uow, request)
        return None if held is None else agenda_acts.restore(uow, actor, held).told

    try:
        told = await common.writing(request, act)
    except CannotPlan as error:
        return await desk.show_one(request, actor, wrong=error.problems[0], status=422)
    except Conflict:
        return await desk.show_one(request, actor, wrong=common.CHANGED, status=409)
    if told is None:
        return team.problem(request, *common.not_there())
    return common.done(common.number_of(request), "retabli", n=told)
