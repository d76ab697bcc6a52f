"""Which kinds of gatherings a learner wants to be reminded of, chosen on the page of the agenda."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.application import agenda_words, reminder_kinds
from bot.application.reminder_kinds import OFF, ON, choose_kind, kinds_of
from bot.application.services import Services
from bot.application.threads import writing
from bot.web import pages
from bot.web import visitor as visitors
from storage import conversations, people
from storage.gatherings import Kind
from storage.unit_of_work import UnitOfWork


def settings(uow: UnitOfWork, person_id: str | None) -> Mapping[str, Any]:
    """Each kind with its name, and whether it is reminded of; whether anything is."""
    profile = conversations.profile(uow, person_id) if person_id else {}
    chosen = kinds_of(profile)
    names = {one: agenda_words.kind_word(one, many=True) for one in Kind}
    return {
        "kinds": [(one.value, name, chosen.get(one.value) != OFF) for one, name in names.items()],
        "muted": person_id is not None and muted(uow, person_id, profile),
    }


def muted(uow: UnitOfWork, person_id: str, profile: Mapping[str, Any]) -> bool:
    """Whether the learner said stop: nothing is reminded of until they say otherwise."""
    person = people.get(uow, person_id)
    return person is not None and not reminder_kinds.may_remind(person, profile)


def allow(uow: UnitOfWork, person_id: str) -> None:
    """Reminders may come again (the person is locked)."""
    reminder_kinds.allow_again(uow, person_id)
    conversations.note(uow, person_id, {"consent.reminders": True})


async def change(request: Request) -> Response:
    """The kinds that are ticked are reminded of, the others are not; or everything may come again."""
    services: Services = request.app.state.services
    async with request.form(max_files=0, max_fields=20) as form:
        wanted, csrf = {str(one) for one in form.getlist("kind")}, str(form.get("csrf", ""))
        again = form.get("act") == "allow"
    who = await visitors.of(request)
    person = who.person
    if person is None:
        return RedirectResponse("/retour?perdu=1", 303)
    if not visitors.form_is_ours(services, who, csrf):
        return pages.problem(request, 403, who=who)
    await writing(services, lambda uow: _change(uow, person, wanted, again=again))
    return RedirectResponse("/agenda?fait=rappels#rappels", 303)


def _change(uow: UnitOfWork, person_id: str, wanted: set[str], *, again: bool) -> None:
    if people.get(uow, person_id, lock=True) is None:
        return
    if again:
        allow(uow, person_id)
        return
    before = kinds_of(conversations.profile(uow, person_id))
    for one in Kind:
        on = one.value in wanted
        if on is (before.get(one.value) == OFF):  # what did not change keeps its channel
            choose_kind(uow, person_id, one.value, ON if on else OFF)
