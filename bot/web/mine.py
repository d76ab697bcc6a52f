"""A person's own things on the web: their data, their finished cards, their pictures, a step for their calendar."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.application import mydata, safety
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import codes, pages
from bot.web import visitor as visitors
from bot.web.visitor import Visitor
from dialogues.profile import VARIABLES
from storage import conversations

SHARES = ("none", "cards", "full")
SLOTS = ("wed_pm", "sat_am", "week_17h", "week_19h", "none")
Fields = dict[str, str]
CARD_AGE = "private, max-age=3600"


async def show(request: Request) -> Response:
    """Everything kept about the person."""
    who = await visitors.of(request)
    if who.person is None:
        return RedirectResponse("/retour", 303)
    return await _page(request, who, "")


async def _page(request: Request, who: Visitor, done: str, code: codes.Shown | None = None) -> Response:
    services: Services = request.app.state.services
    person = who.person or ""
    items = await in_thread(services, lambda: mydata.overview(services, person))
    profile = await in_thread(services, lambda: _profile(services, person))
    return pages.page(
        request,
        "mydata.html",
        who,
        items=items,
        share=str(profile.get("consent.share_coach") or "none"),
        slot=str(profile.get("consent.reminder_slot") or "none"),
        done=done,
        code=code,
    )


def _profile(services: Services, person: str) -> Mapping[str, Any]:
    with services.database.read() as uow:
        return conversations.profile(uow, person)


async def change(request: Request) -> Response:
    """Correct, erase, share, be reminded, ask for a new code, take everything along, or be forgotten."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    if who.person is None:
        return RedirectResponse("/retour", 303)
    async with request.form(max_files=0, max_fields=20) as form:
        fields = {name: str(value) for name, value in form.items()}
    act = ACTS.get(request.path_params["act"])
    if act is None:
        return pages.problem(request, 404, who=who)
    if not visitors.form_is_ours(services, who, fields.get("csrf", "")):
        return pages.problem(request, 403, who=who)
    return await act(request, who, who.person, fields)


async def _export(request: Request, _who: Visitor, person: str, _fields: Fields) -> Response:
    services: Services = request.app.state.services
    packed = await in_thread(services, lambda: mydata.export(services, person))
    named = {"Content-Disposition": 'attachment; filename="mes-donnees.zip"'}
    return Response(packed, media_type="application/zip", headers=named)


async def _new_code(request: Request, who: Visitor, person: str, _fields: Fields) -> Response:
    services: Services = request.app.state.services
    return await _page(request, who, "code", await in_thread(services, lambda: codes.give(services, person)))


async def _correct(request: Request, who: Visitor, person: str, fields: Fields) -> Response:
    services: Services = request.app.state.services
    key, value = fields.get("key", ""), fields.get("value", "")
    if safety.read(value, services.now()).level:
        return RedirectResponse("/aide", 303)  # read first, whatever the field
    return await _changed(request, who, "corrected", lambda: mydata.correct(services, person, key, value))


async def _erase(request: Request, who: Visitor, person: str, fields: Fields) -> Response:
    services: Services = request.app.state.services
    return await _changed(
        request, who, "erased", lambda: mydata.erase_item(services, person, fields.get("key", ""))
    )


async def _share(request: Request, who: Visitor, person: str, fields: Fields) -> Response:
    services: Services = request.app.state.services
    share = fields.get("share", "")
    if share not in SHARES:
        return await _page(request, who, "refused")
    return await _changed(
        request, who, "share", lambda: _note(services, person, {"consent.share_coach": share})
    )


async def _remind(request: Request, who: Visitor, person: str, fields: Fields) -> Response:
    services: Services = request.app.state.services
    slot = fields.get("slot", "")
    if slot not in SLOTS:
        return await _page(request, who, "refused")
    wanted = {"consent.reminder_slot": slot, "consent.reminders": slot != "none"}
    return await _changed(request, who, "slot", lambda: _note(services, person, wanted))


async def _changed(request: Request, who: Visitor, done: str, act: Any) -> Response:
    services: Services = request.app.state.services
    worked = await in_thread(services, act)
    return await _page(request, who, done if worked else "refused")


def _note(services: Services, person: str, values: Mapping[str, Any]) -> bool:
    """Keep settings that the learner changed by hand, with what follows from them."""
    from bot.application import reminders  # noqa: PLC0415 -- only where settings change

    with services.database.begin() as uow:
        profile = dict(conversations.profile(uow, person)) | dict(values)
        conversations.note(uow, person, {name: value for name, value in values.items() if name in VARIABLES})
        if profile.get("consent.reminder_slot") == "none":
            reminders.stop_all(services, uow, person)
        else:
            reminders.after_turn(services, uow, person, profile, values, began=False)
    return True


async def _forget(request: Request, who: Visitor, person: str, fields: Fields) -> Response:
    services: Services = request.app.state.services
    if fields.get("confirm") != "yes":
        return await _page(request, who, "confirm")
    await in_thread(services, lambda: mydata.erase_all(services, person))
    answer = RedirectResponse("/quitte?efface=1", 303)
    visitors.forget(answer, services)
    return answer


ACTS: dict[str, Callable[[Request, Visitor, str, Fields], Awaitable[Response]]] = {
    "export": _export,
    "tout-effacer": _forget,
    "code": _new_code,
    "corriger": _correct,
    "effacer": _erase,
    "partage": _share,
    "relances": _remind,
}
