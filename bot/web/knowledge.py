"""Two pages for whoever wants to know: where the catalogue comes from, and the rules of studies in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.application import card_facts, offers_state
from bot.application.services import BRUSSELS, Services
from bot.application.threads import in_thread
from bot.web import pages
from bot.web import visitor as visitors
from careers.freshness import FRESH, OLD, freshness
from careers.model import Pointer, Source
from careers.pointers import KINDS
from careers.sources import register
from storage import corrections, shortages, vacancies

TABLES = {
    "programmes": "Formations",
    "occupations": "Métiers",
    "rules": "Règles",
    "pointers": "Adresses utiles",
    "helplines": "Numéros d’aide",
}
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Dated:
    """A source as a page shows it: its sentence, its page, and whether it must be checked."""

    told: str
    url: str
    state: str


async def sources(request: Request) -> Response:
    """Every source with its licence, date, use and gaps; how old the rows are."""
    services: Services = request.app.state.services
    today = services.local_now().date()
    kept = await in_thread(services, lambda: _kept(services))
    listed = register.register(services.origins)
    return pages.page(
        request,
        "sources.html",
        await visitors.of(request),
        today=card_facts.day(today),
        ages=[(TABLES[one.table], one) for one in register.ages(services.catalogue, today)],
        years=(FRESH.days // _YEAR, OLD.days // _YEAR),
        here=[(one, _when(one.seen)) for one in listed if one.here],
        absent=[one for one in listed if not one.here],
        themes=list(services.catalogue.domains.values()),
        some_open=bool(services.catalogue.open_domains()),
        **kept,
    )


def _when(seen: date | None) -> str:
    return card_facts.day(seen) if seen else ""


def _kept(services: Services) -> Mapping[str, Any]:
    """What is in the database: corrections that hold, job offers, shortage lists."""
    with services.database.read() as uow:
        held = [one for one in corrections.everything(uow) if one.undone_at is None]
        years = {one.year for one in shortages.everything(uow)}
        offers = vacancies.count(uow)
        read = offers_state.State.read(uow).last
    last = max((one.at.astimezone(BRUSSELS).date() for one in held), default=None)
    return {
        "corrected": len(held),
        "corrected_last": _when(last),
        "offers": offers,
        "offers_read": _when(read.astimezone(BRUSSELS).date() if read else None),
        "offers_on": services.settings.forem != "off",
        "shortage_year": max(years, default=0),
    }


async def rules(request: Request) -> Response:
    """The rules, each with its source and date; then where to look and whom to ask."""
    services: Services = request.app.state.services
    today = services.local_now().date()
    catalogue = services.catalogue
    return pages.page(
        request,
        "rules.html",
        await visitors.of(request),
        rules=[(one, _dated(one.source, services, today)) for one in catalogue.rules.values()],
        groups=[
            (title, [(one, _age(one), _dated(one.source, services, today)) for one in found])
            for kind, title in KINDS.items()
            if (found := [one for one in catalogue.pointers.values() if one.kind == kind])
        ],
    )


def _dated(source: Source, services: Services, today: date) -> Dated:
    return Dated(card_facts.told(source, services.library, today), source.url, freshness(source, today))


def _age(pointer: Pointer) -> str:
    if pointer.later:
        return "plus tard"
    return f"dès {pointer.ages_from} ans" if pointer.ages_from else ""
