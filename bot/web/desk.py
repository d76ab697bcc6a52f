"""The team's pages of the agenda: the list, and one gathering with all that can be done about it."""

from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_acts, agenda_words, roster
from bot.application.rights import Act, Actor, may
from bot.web import desk_common as common
from bot.web import team
from bot.web.team import guarded
from storage import gatherings, groups, participations, series
from storage.gatherings import Kind
from storage.participations import Standing
from storage.unit_of_work import UnitOfWork

BACK, AHEAD = timedelta(days=90), timedelta(days=400)
SHOWN = 200


def routes() -> list[Route]:
    """The list and one of it."""
    one = "/equipe/agenda/{number:int}"
    return [
        Route("/equipe/agenda", guarded(Act.SEE_AGENDA)(listed), methods=["GET"]),
        Route(one, guarded(Act.SEE_AGENDA)(show), methods=["GET"]),
        Route(f"{one}/confirmer", guarded(Act.WRITE_AGENDA)(confirm), methods=["POST"]),
    ]


# ---------------------------------------------------------------- the list


async def listed(request: Request, actor: Actor) -> Response:
    """What comes, the soonest first; or what was."""
    past = request.query_params.get("passe") == "1"
    kind = request.query_params.get("type", "")
    kind = kind if kind in list(Kind) else ""

    def look(uow: UnitOfWork) -> tuple[list[dict[str, Any]], bool]:
        now, today = uow.now, common.today_of(uow)
        found = gatherings.between(uow, now - BACK if past else now, now if past else now + AHEAD)
        found = [one for one in found if not kind or one.details.kind == kind]
        found = [one for one in found if one.ends_at <= now][::-1] if past else found
        counts = participations.counts(uow, [one.id for one in found[:SHOWN]])
        return [common.row(one, counts[one.id], today) for one in found[:SHOWN]], len(found) > SHOWN

    rows, more = await common.reading(request, look)
    return team.page(
        request,
        "equipe/agenda.html",
        rows=rows,
        more=more,
        past=past,
        kind=kind,
        kinds=[(one.value, agenda_words.kind_word(one, many=True)) for one in Kind],
        may_write=may(actor, Act.WRITE_AGENDA),
        may_holidays=may(actor, Act.WRITE_HOLIDAYS),
        done=request.query_params.get("fait", ""),
        number=request.query_params.get("n", ""),
    )


# ---------------------------------------------------------------- one


async def show(request: Request, actor: Actor) -> Response:
    """One gathering: what it is, who comes, what can be done."""
    return await show_one(request, actor)


async def show_one(request: Request, actor: Actor, *, wrong: str = "", status: int = 200) -> Response:
    """The same, with what went wrong."""
    found = await common.reading(request, lambda uow: _whole(uow, request, actor))
    if found is None:
        return team.problem(request, *common.not_there())
    return team.page(
        request,
        "equipe/gathering.html",
        status=status,
        wrong=wrong,
        done=request.query_params.get("fait", ""),
        count=_count(request),
        allowed={act.value for act in Act if may(actor, act)},
        **found,
    )


def _whole(uow: UnitOfWork, request: Request, actor: Actor) -> dict[str, Any] | None:
    """What the page of one gathering shows; names only for those who may see them."""
    held = common.held_in(uow, request)
    if held is None:
        return None
    details = held.details
    group = groups.get(uow, details.group_id) if details.group_id else None
    repeats = series.get(uow, details.series_id) if details.series_id else None
    counts = participations.counts(uow, [held.id])[held.id]
    return {
        "one": common.row(held, counts, common.today_of(uow)),
        "domain": _domain(request, details.domain),
        "group": group.name if group else "",
        "until": agenda_words.day(repeats.until, common.today_of(uow)) if repeats else "",
        "over": held.ends_at <= uow.now,
        "people": _people(roster.of(uow, actor, held), common.today_of(uow))
        if may(actor, Act.SEE_PARTICIPANTS)
        else None,
        "asking": counts[Standing.ASKED],
    }


def _count(request: Request) -> int:
    said = request.query_params.get("n", "")
    return int(said) if said.isdecimal() and len(said) < 7 else 0  # noqa: PLR2004 -- a figure of ours


def _domain(request: Request, domain: str) -> str:
    known = request.app.state.services.catalogue.domains.get(domain)
    return known.label if known else domain


def _people(found: list[roster.Attending], today: date) -> dict[str, list[dict[str, Any]]]:
    """By where they stand, in the order in which they asked."""
    shown: dict[str, list[dict[str, Any]]] = {one.value: [] for one in Standing}
    for one in found:
        shown[one.standing.value].append(common.person(one, today))
    return shown


# ---------------------------------------------------------------- acts of one button


async def confirm(request: Request, actor: Actor) -> Response:
    """Its date was looked up."""

    def act(uow: UnitOfWork) -> bool:
        held = common.held_in(uow, request)
        if held is not None:
            agenda_acts.confirm(uow, actor, held)
        return held is not None

    if not await common.writing(request, act):
        return team.problem(request, *common.not_there())
    return common.done(common.number_of(request), "confirme")
