"""The form of a gathering on the team's pages, and the page that says what will happen."""

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.application.agenda_form import BANDS, Typed
from bot.web import desk_common as common
from bot.web import pages, team
from storage import groups
from storage.gatherings import Kind

NOT_TYPED = frozenset({"csrf", "step", "band"})
KINDS = {
    Kind.LAB: "Lab",
    Kind.SESSION: "Séance libre",
    Kind.MASTERLAB: "Masterlab",
    Kind.MEETING: "Rencontre inspirante",
    Kind.FAIR: "Forum ou salon",
    Kind.OPEN_DAY: "Portes ouvertes",
    Kind.OTHER: "Autre chose",
}


def typed(form: FormData) -> tuple[Typed, str]:
    """The form as it came, and which step it asks for: look, edit or do."""
    fields = {
        name: value[:2_000]
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in NOT_TYPED
    }
    bands = tuple(str(one) for one in form.getlist("band") if one in BANDS)
    return Typed(fields, bands), str(form.get("step") or "look")


async def form_page(
    request: Request,
    typed: Typed,
    *,
    number: int = 0,
    wrong: dict[str, str] | None = None,
    problems: list[str] | None = None,
) -> Response:
    known = await common.reading(
        request, lambda uow: [one for one in groups.everyone(uow) if not one.closed_at]
    )
    catalogue = request.app.state.services.catalogue
    return team.page(
        request,
        "equipe/gathering_form.html",
        status=422 if wrong or problems else 200,
        typed={name: typed.get(name) for name in typed.fields},
        bands=typed.bands,
        all_bands=BANDS,
        wrong=wrong or {},
        problems=problems or [],
        number=number,
        kinds=[(kind.value, label) for kind, label in KINDS.items()],
        domains=[(one.id, one.label) for one in catalogue.domains.values()],
        groups=[(one.id, one.name) for one in known],
        key=typed.get("key") or pages.new_key(),
    )


async def look_page(
    request: Request, typed: Typed, said: dict[str, Any], *, number: int = 0, wrong: str = ""
) -> Response:
    hidden = [*typed.fields.items(), *(("band", one) for one in typed.bands)]
    return team.page(
        request,
        "equipe/gathering_look.html",
        status=409 if wrong else 200,
        hidden=[(name, value) for name, value in hidden if name != "version"],
        number=number,
        wrong=wrong,
        **said,
    )
