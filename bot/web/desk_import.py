"""Importing a file of gatherings on the team's pages: what it would change is shown first, then all of it is written at once."""

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.application import agenda_import, agenda_words
from bot.application.agenda_import import Addition, Change, Done, Plan
from bot.application.agenda_rows import LARGEST, Given, NotAFile, Reading
from bot.application.happenings import CannotPlan
from bot.application.rights import Act, Actor
from bot.application.services import Services
from bot.application.staff_words import clean
from bot.application.threads import in_thread
from bot.web import desk_common as common
from bot.web import team
from bot.web.team import guarded
from dialogues.understand import fold
from storage.errors import CannotDecrypt, Conflict
from storage.unit_of_work import UnitOfWork

PATH = "/equipe/agenda/importer"
CARRIED = 4_000_000  # characters of a sealed file between the two pages: more than any agenda
SHOWN = 100  # lines of each kind on the page
MOVED_ON = (
    "L’agenda a changé pendant ce temps. Rien n’est importé : voici ce que le fichier ferait maintenant."
)
BAD_LINES = "Des lignes ne vont pas : corrigez le fichier, ou cochez « sans les lignes fausses »."


def routes() -> list[Route]:
    """The form, and what follows."""
    return [
        Route(PATH, guarded(Act.WRITE_AGENDA)(ask), methods=["GET"]),
        Route(PATH, guarded(Act.WRITE_AGENDA)(take), methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _File:
    """A file between the page that shows and the one that writes: in the form, sealed; nothing is kept here."""

    name: str
    source: str
    content: bytes

    def seal(self, services: Services, actor: Actor) -> str:
        """It, for this actor; empty when it is too large to travel."""
        told = orjson.dumps({"name": self.name, "source": self.source, "by": actor.id})
        sealed = services.box.seal_text(len(told).to_bytes(4, "big") + told + zlib.compress(self.content, 9))
        return sealed if len(sealed) <= CARRIED else ""


def _opened(services: Services, actor: Actor, sealed: str) -> _File | None:
    """What was sealed for this very actor."""
    try:
        packed = services.box.open_text(sealed)
    except CannotDecrypt:
        return None
    end = 4 + int.from_bytes(packed[:4], "big")
    told = orjson.loads(packed[4:end])
    if told["by"] != actor.id:
        return None
    return _File(told["name"], told["source"], zlib.decompress(packed[end:]))


async def ask(request: Request, _actor: Actor) -> Response:
    """Ask for a file."""
    return _ask_page(request)


def _ask_page(request: Request, wrong: str = "", status: int = 200, source: str = "") -> Response:
    return team.page(request, "equipe/import.html", status=status, wrong=wrong, source=source)


async def take(request: Request, actor: Actor) -> Response:
    """Show what the file would do, or write it."""
    services: Services = request.app.state.services
    form = await request.form()
    sealed = str(form.get("sealed") or "")
    file = _opened(services, actor, sealed) if sealed else await _uploaded(form)
    if file is None or not file.content:
        return _ask_page(request, "Choisissez un fichier CSV ou ICS.", 422)
    if len(file.content) > LARGEST:
        return _ask_page(request, "Ce fichier est trop lourd : 5 Mo au plus.", 413, file.source)
    try:
        if form.get("step") != "do":
            return await _plan_page(request, actor, file)
        return await _write(request, actor, file, form)
    except NotAFile as error:
        return _ask_page(request, str(error), 422, file.source)


async def _write(request: Request, actor: Actor, file: _File, form: FormData) -> Response:
    services: Services = request.app.state.services
    given = given_for(services, file.source, await common.reading(request, common.today_of))
    # read before the transaction: a file that takes its time must keep nobody else from writing
    held = await in_thread(services, lambda: agenda_import.read(file.content, file.name, given))
    try:
        done = await common.writing(request, lambda uow: _apply(uow, actor, given, held, form))
    except CannotPlan as error:
        return await _plan_page(request, actor, file, wrong=error.problems[0])
    except Conflict:
        return await _plan_page(request, actor, file, wrong=MOVED_ON)
    return team.page(request, "equipe/imported.html", done=done)


async def _uploaded(form: FormData) -> _File | None:
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        return None
    content = await upload.read(LARGEST + 1)
    name = clean(upload.filename or "fichier")[:100]
    return _File(name, clean(str(form.get("source") or "")).strip()[:600] or f"fichier {name}", content)


async def _plan_page(request: Request, actor: Actor, file: _File, wrong: str = "") -> Response:
    services: Services = request.app.state.services

    def look(uow: UnitOfWork) -> tuple[Plan, date]:
        given = given_for(services, file.source, common.today_of(uow))
        return agenda_import.plan(uow, agenda_import.read(file.content, file.name, given), given), given.today

    wanted, today = await common.reading(request, look)
    sealed = file.seal(services, actor)
    return team.page(
        request,
        "equipe/import_look.html",
        status=409 if wrong else 200,
        wrong=wrong,
        file_name=file.name,
        sealed=sealed,
        seen=_digest(wanted),
        **_said(wanted, today),
    )


def _apply(uow: UnitOfWork, actor: Actor, given: Given, reading: Reading, form: FormData) -> Done:
    """Write what the page showed. Conflict when it would be something else by now."""
    wanted = agenda_import.plan(uow, reading, given)
    if wanted.faults and form.get("skip") != "yes":
        raise CannotPlan([BAD_LINES])
    if not wanted.added and not wanted.changed:
        return Done(0, 0, 0)  # a second click: all of it is there
    if _digest(wanted) != str(form.get("seen")):
        raise Conflict("the agenda changed since the page was drawn")
    confirmed, tell = form.get("confirmed") == "yes", form.get("tell") == "yes"
    return agenda_import.apply(uow, actor, wanted, confirmed=confirmed, tell=tell)


def given_for(services: Services, source: str, today: date) -> Given:
    """What a file needs to be read."""
    known = services.catalogue.domains.values()
    domains = {fold(one.id.replace("_", " ")): one.id for one in known}
    domains |= {fold(one.label): one.id for one in known}
    return Given(
        today,
        agenda_import.season_end(today, services.settings.season_end),
        source=source,
        seen=today,
        domains=domains,
    )


def _digest(wanted: Plan) -> str:
    told = [
        *(f"+{one.at}" for one in wanted.added),
        *(f"{one.at} {one.held.id} {one.held.version} {one.told}" for one in wanted.changed),
    ]
    return f"{zlib.crc32(chr(10).join(told).encode()):08x}{len(told)}"


def _said(wanted: Plan, today: date) -> dict[str, Any]:
    added = [_addition(one, today) for one in wanted.added]
    changed = [_change(one, today) for one in wanted.changed]
    return {
        "added": added[:SHOWN],
        "added_more": max(0, len(added) - SHOWN),
        "changed": changed[:SHOWN],
        "changed_more": max(0, len(changed) - SHOWN),
        "faults": [(one.at, one.why) for one in wanted.faults[:SHOWN]],
        "faults_count": len(wanted.faults),
        "left": [(one.at, one.why) for one in wanted.left[:SHOWN]],
        "left_count": len(wanted.left),
        "notes": wanted.notes,
        "same": wanted.same,
        "told": wanted.told,
        "counts": (len(added), len(changed)),
    }


def _addition(one: Addition, today: date) -> dict[str, Any]:
    when = agenda_words.when(one.details, today)
    return {"title": agenda_words.title(one.details), "when": when, "notes": one.notes}


def _change(one: Change, today: date) -> dict[str, Any]:
    return {
        "title": agenda_words.title(one.held),
        "number": one.held.number,
        "before": agenda_words.when(one.held, today),
        "after": "annulé" if one.cancels else agenda_words.when(one.details, today),
        "place": (one.held.details.place, one.details.place),
        "told": one.told,
    }
