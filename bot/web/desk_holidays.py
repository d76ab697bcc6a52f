"""School holidays on the team's pages: a table that staff edit, with what a change makes of the weekly series."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_words, quiet, recurring, staff_moments
from bot.application import team as people
from bot.application.recurring import Changes
from bot.application.rights import Act, Actor
from bot.application.staff_words import clean
from bot.web import desk_common as common
from bot.web import team
from bot.web.team import guarded
from storage import holidays
from storage.holidays import Holiday
from storage.unit_of_work import UnitOfWork

LONGEST = 120  # days: the summer has 60
MOST_NAME, MOST_SOURCE = 80, 600
PATH = "/equipe/conges"


def routes() -> list[Route]:
    """The table, and its two acts."""
    return [
        Route(PATH, guarded(Act.WRITE_HOLIDAYS)(show), methods=["GET"]),
        Route(PATH, guarded(Act.WRITE_HOLIDAYS)(change), methods=["POST"]),
    ]


async def show(request: Request, _actor: Actor) -> Response:
    """The table and the form."""
    return await _page(request, {})


async def _page(
    request: Request,
    typed: dict[str, str],
    *,
    wrong: str = "",
    status: int = 200,
    ahead: dict[str, Any] | None = None,
) -> Response:
    def look(uow: UnitOfWork) -> list[dict[str, str]]:
        today = common.today_of(uow)
        return [_row(one, today) for one in holidays.everything(uow)]

    return team.page(
        request,
        "equipe/holidays.html",
        status=status,
        rows=await common.reading(request, look),
        typed=typed,
        wrong=wrong,
        ahead=ahead,
        done=request.query_params.get("fait", ""),
    )


def _row(one: Holiday, today: date) -> dict[str, str]:
    return {
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "name": one.name or "Congés",
        "source": one.source,
        "days": _days(one, today),
        "over": "yes" if one.last < today else "",
    }


def _days(one: Holiday, today: date) -> str:
    first, last = agenda_words.day(one.first, today), agenda_words.day(one.last, today)
    return first if one.first == one.last else f"du {first} au {last}"


async def change(request: Request, actor: Actor) -> Response:
    """Add a period or take one away: shown with what changes, then done."""
    form = await request.form()
    typed = {name: clean(str(value))[:700] for name, value in form.items() if isinstance(value, str)}
    adds, step = typed.get("act") != "remove", typed.get("step", "look")
    found = await common.reading(request, lambda uow: _period(typed, common.today_of(uow)))
    if isinstance(found, str):
        return await _page(request, typed, wrong=found, status=422)
    if step == "edit":
        return await _page(request, typed)
    if step != "do":
        ahead = await common.reading(request, lambda uow: _ahead(uow, found, adds=adds))
        return await _page(request, typed, ahead=ahead)
    told = await common.writing(request, lambda uow: _write(uow, actor, found, adds=adds))
    return common.back(f"{PATH}?fait={'ajoute' if adds else 'retire'}&n={told}")


def _period(typed: dict[str, str], today: date) -> Holiday | str:
    """The period that the form says, or a French sentence."""
    first, last = (staff_moments.find(typed.get(name, ""), today) for name in ("first", "last"))
    if first.day is None or first.wrong:
        return first.wrong or "Quel est le premier jour ? Par exemple : 24/12/2026."
    if last.wrong:
        return last.wrong
    until = last.day or first.day
    if until < first.day:
        return "Le dernier jour est avant le premier."
    if (until - first.day).days >= LONGEST:
        return f"Plus de {LONGEST} jours de congés d’affilée : vérifiez l’année."
    source = typed.get("source", "").strip()[:MOST_SOURCE]
    return Holiday(first.day, until, typed.get("name", "").strip()[:MOST_NAME], source)


def _after(uow: UnitOfWork, period: Holiday, *, adds: bool) -> quiet.Holidays:
    known = {(one.first, one.last) for one in holidays.everything(uow)}
    same = {(period.first, period.last)}
    return quiet.of(known | same if adds else known - same)


def _ahead(uow: UnitOfWork, period: Holiday, *, adds: bool) -> dict[str, Any]:
    """What the change makes of the series."""
    today = common.today_of(uow)
    changes = recurring.of_holidays(uow, _after(uow, period, adds=adds))
    return {
        "adds": adds,
        "days": _days(period, today),
        "name": period.name or "Congés",
        "series": [_series(one, today) for one in changes],
        "told": sum(one.told for one in changes),
    }


def _series(changes: Changes, today: date) -> dict[str, Any]:
    return {
        "title": changes.title,
        "gone": [agenda_words.day(one.gathering.details.local_starts.date(), today) for one in changes.gone],
        "back": [agenda_words.day(one.details.local_starts.date(), today) for one in changes.back]
        + [agenda_words.day(day, today) for day in changes.days],
    }


def _write(uow: UnitOfWork, actor: Actor, period: Holiday, *, adds: bool) -> int:
    """Do it, let the series follow, note it; how many young people are told."""
    if adds:
        holidays.put(uow, [period])
    elif not holidays.remove(uow, period.first, period.last):
        return 0  # gone already: a second click, or a colleague
    told = sum(one.told for one in recurring.refresh_series(uow, actor))
    act = "holidays_added" if adds else "holidays_removed"
    people.note(uow, actor, act, period.first.isoformat(), last=period.last.isoformat())
    return told
