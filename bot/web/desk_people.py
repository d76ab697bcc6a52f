"""Who comes, on the team's pages: choosing among those who asked, the list at the door, and the code on the wall."""

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_acts, agenda_words, roster
from bot.application.happenings import CannotPlan
from bot.application.rights import Act, Actor
from bot.application.services import Services
from bot.web import codes, team
from bot.web import desk_common as common
from bot.web.team import guarded
from storage import gatherings, participations
from storage.gatherings import Gathering
from storage.participations import HOLDING, Standing
from storage.unit_of_work import UnitOfWork

CHOSEN_MEANWHILE = "Quelqu’un a choisi, demandé ou quitté pendant ce temps. Rien n’est fait : vérifiez vos choix, puis recommencez."
LISTED = (*HOLDING, Standing.WAITING)


def routes() -> list[Route]:
    """Choice, attendance, code."""
    one = "/equipe/agenda/{number:int}"
    return [
        Route(f"{one}/choisir", guarded(Act.CHOOSE_PARTICIPANTS)(ask_choice), methods=["GET"]),
        Route(f"{one}/choisir", guarded(Act.CHOOSE_PARTICIPANTS)(choose), methods=["POST"]),
        Route(f"{one}/presences", guarded(Act.NOTE_ATTENDANCE)(ask_attendance), methods=["GET"]),
        Route(f"{one}/presences", guarded(Act.NOTE_ATTENDANCE)(attendance), methods=["POST"]),
        Route(f"{one}/qr", guarded(Act.NOTE_ATTENDANCE)(code), methods=["GET"]),
    ]


# ---------------------------------------------------------------- choosing


async def ask_choice(request: Request, actor: Actor) -> Response:
    """Everybody who said why they would like to come."""
    return await _choice_page(request, actor, ())


async def _choice_page(
    request: Request, actor: Actor, picked: tuple[str, ...], *, wrong: str = "", status: int = 200
) -> Response:
    def look(uow: UnitOfWork) -> dict[str, Any] | None:
        held = common.held_in(uow, request)
        if held is None:
            return None
        people, today = roster.of(uow, actor, held), common.today_of(uow)
        taken = sum(one.standing in HOLDING for one in people)
        capacity = held.details.capacity
        asking = [one for one in people if one.standing in (Standing.ASKED, Standing.DECLINED)]
        return {
            "one": common.row(held, participations.counts(uow, [held.id])[held.id], today),
            "asking": [common.person(one, today) for one in asking],
            "free": None if capacity is None else max(0, capacity - taken),
            "seen": roster.digest(people),
        }

    found = await common.reading(request, look)
    if found is None:
        return team.problem(request, *common.not_there())
    return team.page(request, "equipe/choose.html", status=status, wrong=wrong, picked=picked, **found)


async def choose(request: Request, actor: Actor) -> Response:
    """Give places to those ticked, and tell them; close, and tell the others kindly."""
    form = await request.form()
    picked, close = _picked(form, "who"), form.get("close") == "yes"
    if not picked and not close:
        return await _choice_page(
            request, actor, picked, wrong="Cochez au moins une personne, ou clôturez.", status=422
        )
    try:
        made = await common.writing(
            request, lambda uow: _choose(uow, request, actor, picked, close=close, seen=str(form.get("seen")))
        )
    except CannotPlan as error:
        return await _choice_page(request, actor, picked, wrong=error.problems[0], status=422)
    if made is None:
        return team.problem(request, *common.not_there())
    if made < 0:
        return await _choice_page(request, actor, picked, wrong=CHOSEN_MEANWHILE, status=409)
    return common.done(common.number_of(request), "clos" if close else "choisi", n=made)


def _choose(
    uow: UnitOfWork, request: Request, actor: Actor, picked: tuple[str, ...], *, close: bool, seen: str
) -> int | None:
    """How many got a place; None for no such gathering, -1 when things are no longer as the page showed them."""
    known = common.held_in(uow, request)
    held = gatherings.get(uow, known.id, lock=True) if known else None
    if held is None:
        return None
    people = roster.of(uow, actor, held)
    if roster.digest(people) != seen:
        return 0 if _as_wanted(people, picked, close=close) else -1
    return agenda_acts.choose(uow, actor, held, picked, close=close)


def _as_wanted(people: list[roster.Attending], picked: tuple[str, ...], *, close: bool) -> bool:
    """Whether this very choice was made already: a second click."""
    placed = {one.person_id for one in people if one.standing in HOLDING}
    waits = any(one.standing is Standing.ASKED for one in people)
    return set(picked) <= placed and not (close and waits)


def _picked(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(str(one)[:64] for one in form.getlist(name))


# ---------------------------------------------------------------- at the door


async def ask_attendance(request: Request, actor: Actor) -> Response:
    """The list to tick."""

    def look(uow: UnitOfWork) -> dict[str, Any] | None:
        held = common.held_in(uow, request)
        if held is None:
            return None
        today = common.today_of(uow)
        people = [one for one in roster.of(uow, actor, held) if one.standing in LISTED]
        people.sort(key=lambda one: (one.name.casefold(), one.also))
        return {
            "one": common.row(held, participations.counts(uow, [held.id])[held.id], today),
            "people": [common.person(one, today) for one in people],
        }

    found = await common.reading(request, look)
    if found is None:
        return team.problem(request, *common.not_there())
    return team.page(request, "equipe/attendance.html", saved=request.query_params.get("fait", ""), **found)


async def attendance(request: Request, actor: Actor) -> Response:
    """Note who was there. Only what was ticked or unticked on this page changes: somebody may have scanned meanwhile."""
    form = await request.form()
    there, before, listed = (set(_picked(form, name)) for name in ("there", "before", "listed"))
    missing = False if form.get("whole") == "yes" else None
    changes: dict[str, bool | None] = {one: True for one in there - before if one in listed}
    changes |= dict.fromkeys(before - there, missing)
    if missing is False:
        changes |= dict.fromkeys(listed - there - before, False)

    def act(uow: UnitOfWork) -> Gathering | None:
        known = common.held_in(uow, request)
        held = gatherings.get(uow, known.id, lock=True) if known else None
        if held is not None:
            _note(uow, actor, held, changes, before)
        return held

    held = await common.writing(request, act)
    if held is None:
        return team.problem(request, *common.not_there())
    return common.back(f"/equipe/agenda/{held.number}/presences?fait={'tous' if missing is False else 'oui'}")


def _note(
    uow: UnitOfWork, actor: Actor, held: Gathering, changes: dict[str, bool | None], before: set[str]
) -> None:
    """What still makes sense: of people who take part, and nobody who came by the code is set back."""
    parts = {one.person_id: one.standing for one in participations.of_gathering(uow, held.id, LISTED)}
    kept = {
        person: there
        for person, there in changes.items()
        if person in parts and (there or person in before or parts[person] is not Standing.CAME)
    }
    if kept:
        agenda_acts.attendance(uow, actor, held, kept)


async def code(request: Request, _actor: Actor) -> Response:
    """The code to scan at the door, as large as the screen."""
    services: Services = request.app.state.services

    def look(uow: UnitOfWork) -> tuple[str, str, str, int] | None:
        held = common.held_in(uow, request)
        if held is None:
            return None
        link = f"{services.settings.base_url}/presence/{gatherings.checkin_token(uow, held.id)}"
        return link, agenda_words.title(held), agenda_words.when(held, common.today_of(uow)), held.number

    found = await common.reading(request, look)
    if found is None:
        return team.problem(request, *common.not_there())
    link, title, when, number = found
    drawn = codes.qr_svg(link, 8)
    return team.page(request, "equipe/code.html", qr=drawn, link=link, title=title, when=when, number=number)
