"""What the team's pages of the agenda share: the way to storage, the number in an address, values for templates."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.application import agenda_words, planning, roster
from bot.application.services import BRUSSELS, Services
from bot.application.threads import in_thread
from storage import gatherings
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from storage.unit_of_work import UnitOfWork

CHANGED = (
    "Quelqu’un a changé ce rendez-vous pendant ce temps. Rien n’est fait : voici où il en est maintenant."
)
Result = TypeVar("Result")


async def reading(request: Request, work: Callable[[UnitOfWork], Result]) -> Result:
    """The result of a look at the database."""
    services: Services = request.app.state.services

    def inside() -> Result:
        with services.database.read() as uow:
            return work(uow)

    return await in_thread(services, inside)


async def writing(request: Request, work: Callable[[UnitOfWork], Result]) -> Result:
    """The result of `work` in a transaction. CannotPlan and Conflict pass, with nothing written."""
    services: Services = request.app.state.services

    def inside() -> Result:
        with services.database.begin() as uow:
            return work(uow)

    return await in_thread(services, inside)


def number_of(request: Request) -> int:
    """The number in the address; none is larger than the column holds."""
    return min(int(request.path_params["number"]), 2_000_000_000)


def held_in(uow: UnitOfWork, request: Request) -> Gathering | None:
    """The gathering that the address names."""
    return gatherings.by_number(uow, number_of(request))


def not_there() -> tuple[int, str, str]:
    """For a number that nobody gave."""
    return 404, "Ce numéro n’existe pas", "L’agenda montre tous les numéros."


def done(number: int, what: str, **more: int) -> Response:
    """Back to the page of a gathering, which says what was done."""
    return RedirectResponse(f"/equipe/agenda/{number}?{urlencode({'fait': what, **more})}", 303)


def back(where: str) -> Response:
    """On to another page, after something was done."""
    return RedirectResponse(where, 303)


def today_of(uow: UnitOfWork) -> date:
    """The day at the centre."""
    return planning.wall(uow.now).date()


def clock(moment: datetime) -> str:
    """An instant as the wall clock at the centre shows it: « 14 h 05 »."""
    return agenda_words.hour(moment.astimezone(BRUSSELS))


def row(one: Gathering, counts: Mapping[Standing, int], today: date) -> dict[str, Any]:
    """What templates are handed of a gathering."""
    details = one.details
    return {
        "number": one.number,
        "title": agenda_words.title(one),
        "when": agenda_words.when(one, today),
        "where": agenda_words.where(one),
        "place": details.place,
        "about": details.about,
        "places": agenda_words.places(one, counts),
        "planned": one.planned,
        "confirmed": one.confirmed,
        "checked": agenda_words.checked(one, today),
        "why": one.why,
        "link": details.link if details.link.startswith(("https://", "http://")) else "",
        "bands": details.bands.replace(" ", ", "),
        "series": details.series_id is not None,
        "chosen": details.chosen,
        "fair": details.kind is Kind.FAIR,
        "version": one.version,
        "uncertain": one.planned and not one.confirmed,
    }


def person(one: roster.Attending, today: date) -> dict[str, Any]:
    """What templates are handed of somebody."""
    asked = agenda_words.day(one.asked_at.astimezone(BRUSSELS).date(), today)
    until = one.offer_until
    return {
        "id": one.person_id,
        "name": f"{one.name} ({one.also})" if one.also else one.name,
        "standing": one.standing.value,
        "own": one.own,
        "asked": asked,
        "motivation": one.motivation,
        "until": f"{agenda_words.day(until.astimezone(BRUSSELS).date(), today)}, {clock(until)}"
        if until
        else "",
    }
