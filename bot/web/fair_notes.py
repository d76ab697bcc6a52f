"""Notes at a fair: a form that works without script, waits in the browser without network, and is kept once."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.application import fair_notes as noting
from bot.application import my_agenda
from bot.application.fair_notes import RATINGS, Kept, Note
from bot.application.my_agenda import Entry
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.web import agenda_view, pages
from bot.web import visitor as visitors
from bot.web.guard import Counter
from bot.web.typography import spaced
from bot.web.visitor import Visitor
from storage import conversations, stands
from storage.gatherings import Kind
from storage.stands import Stand

SAID = {
    Kept.NO_STAND: "Il manque le nom du stand.",
    Kept.TOO_LONG: f"C’est un peu long : {noting.WORDS} signes au plus. Ton texte est toujours là.",
    Kept.FULL: f"Tu as déjà {noting.MOST} notes. Efface-en dans « Mes données » pour en garder d’autres.",
    Kept.ODD: "Cette page est trop ancienne. Recharge-la et réessaie.",
}
LOST = "Ta session est finie sur cet appareil. Reviens avec tes quatre mots."
_sent = Counter(60)  # notes a minute of one person: a telephone that was without network all day has fewer


def note(record: Mapping[str, Any]) -> dict[str, str]:
    """A note that is kept, for a template."""
    rating = str(record.get("rating", ""))
    known = int(rating) if rating in ("1", "2", "3") else 0
    return {
        "stand": spaced(str(record.get("stand", ""))),
        "rating": RATINGS.get(known, ""),
        "words": spaced(str(record.get("note") or "")),
    }


async def show(request: Request) -> Response:
    """Pick a stand, say whether one wants to know more, write a word."""
    return await _page(request, await visitors.of(request))


async def shell(request: Request) -> Response:
    """The same page with nothing of anybody on it: a browser keeps it for when there is no network."""
    return await _page(request, Visitor("", None), empty=True)


async def _page(
    request: Request,
    who: Visitor,
    *,
    empty: bool = False,
    draft: Note | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    services: Services = request.app.state.services
    number, person = request.path_params["number"], who.person
    found = await in_thread(services, lambda: look(services, number, person))
    if found is None or found[0].gathering.details.kind is not Kind.FAIR:
        return pages.problem(request, 404, who=who, draft=draft.words if draft else "")
    entry, listed, profile = found
    return pages.page(  # nosec B604  # « shell »: the empty page that opens without network
        request,
        "fair_notes.html",
        who,
        status=status,
        title=agenda_view.headline(entry.gathering),
        number=number,
        stands=listed,
        wanted=noting.targets(profile, listed),
        notes=[note(one) for one in noting.of_fair(profile, entry.gathering.id)],
        ratings=RATINGS,
        limits=(noting.STAND, noting.WORDS),
        key=pages.new_key(),
        owner=_owner(services, person),
        shell=empty,
        draft=draft,
        problem=problem,
        kept="note" in request.query_params and not problem,
    )


def look(
    services: Services, number: int, person: str | None
) -> tuple[Entry, list[Stand], Mapping[str, Any]] | None:
    """A gathering, its stands, and the profile of the reader (empty on a visit); None where there is nothing to see."""
    with services.database.read() as uow:
        entry = my_agenda.one(uow, number, person)
        if entry is None:
            return None
        profile: Mapping[str, Any] = conversations.profile(uow, person) if person else {}
        return entry, stands.of_gathering(uow, entry.gathering.id), profile


def _owner(services: Services, person: str | None) -> str:
    """Whose notes wait in a browser, without saying who: so that nobody's are ever sent as somebody else's."""
    return services.box.keyed_hash("notes", person)[:24] if person else ""


async def token(request: Request) -> Response:
    """What the script needs before it sends what waited: whether somebody is there, and whether it is still the same."""
    services: Services = request.app.state.services
    who = await visitors.of(request)
    if who.session is None:
        return JSONResponse({"notice": LOST}, 401)
    return JSONResponse(
        {
            "csrf": visitors.form_token(services, who.token),
            "owner": _owner(services, who.person),
            "shared": who.session.shared_device,
        }
    )


async def keep(request: Request) -> Response:
    """One note. The same one again changes nothing and is answered as the first time."""
    services: Services = request.app.state.services
    async with request.form(max_files=0, max_fields=12) as form:
        fields = {name: str(value) for name, value in form.items()}
    given = _given(fields)
    request.state.draft = given.words
    who = await visitors.of(request)
    number, person = request.path_params["number"], who.person
    if person is None:
        return _refused(request, 401) or pages.page(
            request, "return.html", status=401, problem="lost", draft=f"{given.stand} : {given.words}"
        )
    if not visitors.form_is_ours(services, who, fields.get("csrf", "")):
        return _refused(request, 403) or pages.problem(request, 403, draft=given.words, who=who)
    if not _sent.allow(person):
        return _refused(request, 429) or pages.problem(request, 429, draft=given.words, who=who)
    became = await writing(services, lambda uow: _keep(services, uow, person, number, given))
    return await _answer(request, who, given, became)


def _given(fields: Mapping[str, str]) -> Note:
    typed, rating = fields.get("other", "").strip(), fields.get("rating", "")
    return Note(
        fields.get("key", ""),
        typed or fields.get("stand", ""),
        int(rating) if rating in ("1", "2", "3") else None,
        fields.get("words", "").replace("\r\n", "\n"),
    )


def _keep(services: Services, uow: Any, person: str, number: int, given: Note) -> Kept | None:
    entry = my_agenda.one(uow, number, person)
    if entry is None or entry.gathering.details.kind is not Kind.FAIR:
        return None
    return noting.keep(services, uow, person, entry.gathering.id, given)


def _refused(request: Request, status: int) -> Response | None:
    """The answer for the script; None for a form without it."""
    if request.headers.get("x-boussole") != "1":
        return None
    return JSONResponse({"notice": LOST if status == 401 else pages.PROBLEMS[status][1]}, status)  # noqa: PLR2004 -- HTTP


async def _answer(request: Request, who: Visitor, given: Note, became: Kept | None) -> Response:
    if became is None:
        return _refused(request, 404) or pages.problem(request, 404, draft=given.words, who=who)
    if became is Kept.GONE:
        return _refused(request, 401) or RedirectResponse("/retour", 303)
    script = request.headers.get("x-boussole") == "1"
    if became in SAID:
        said = spaced(SAID[became])
        if script:
            return JSONResponse({"notice": said}, 422)
        return await _page(request, who, draft=given, problem=said, status=422)
    heard = became is Kept.HEARD
    if script:
        return JSONResponse({"kept": True, "redirect": "/chat#fin" if heard else ""})
    where = "/chat#fin" if heard else f"/forum/{request.path_params['number']}/notes?note=1"
    return RedirectResponse(where, 303)
