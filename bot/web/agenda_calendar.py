"""A learner's private calendar: an address shown once, that calendars read without a cookie, and that can be cut."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.application import calendars, my_agenda
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import codes, pages
from bot.web.guard import Counter, origin_of
from dialogues.render import french_date
from storage import conversations, feeds, people
from storage.unit_of_work import UnitOfWork

CHOICE = "agenda.calendar"  # {"titles": bool, "at": iso}: titles are told only to who asked for them
READINGS = 30  # a minute, of one address; a calendar reads a few times an hour
GUESSES = 60  # a minute, from one place, of addresses that lead nowhere
HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-cache"}
_readings, _guesses, _noted = Counter(READINGS), Counter(GUESSES), Counter(1)


@dataclass(frozen=True, slots=True)
class Given:
    """An address that is shown once; only its hash is kept."""

    https: str
    webcal: str
    qr: Markup


@dataclass(frozen=True, slots=True)
class _Read:
    """A calendar as it is answered: its bytes, and when it last changed."""

    content: bytes
    changed: datetime


def settings(uow: UnitOfWork, person_id: str | None) -> Mapping[str, Any]:
    """What the page of the agenda says of the calendar: since when there is an address, and whether it tells titles."""
    if person_id is None:
        return {"feed_since": "", "feed_titles": False}
    since = feeds.since(uow, person_id)
    return {
        "feed_since": french_date(since.date(), uow.now.date()) if since else "",
        "feed_titles": _choice(uow, person_id)[0],
    }


def _choice(uow: UnitOfWork, person_id: str) -> tuple[bool, datetime]:
    """Whether titles are told, and since when that is so."""
    kept = conversations.profile(uow, person_id).get(CHOICE)
    if not isinstance(kept, Mapping):
        return False, datetime.min.replace(tzinfo=UTC)
    return bool(kept.get("titles")), datetime.fromisoformat(str(kept["at"]))


def change(uow: UnitOfWork, person_id: str, fields: Mapping[str, str]) -> tuple[str, str]:
    """A new address, none any more, or other titles: a code for the page, and the new token if one was made."""
    if people.get(uow, person_id, lock=True) is None:
        return "", ""  # erased a moment ago
    wanted = fields.get("act")
    if wanted == "give":
        return "adresse", feeds.give(uow, person_id)
    if wanted == "cut":
        feeds.revoke(uow, person_id)
        return "coupe", ""
    if wanted == "titles":
        chosen = {"titles": fields.get("titles") == "yes", "at": uow.now.isoformat()}
        conversations.note(uow, person_id, {CHOICE: chosen})
        return "titres", ""
    return "", ""


def given(services: Services, token: str) -> Given:
    """What is shown of a new address."""
    path = f"/calendrier/{token}.ics"
    base = services.settings.base_url
    webcal = f"webcal://{base.split('://', 1)[1]}{path}"
    return Given(f"{base}{path}", webcal, codes.qr_svg(webcal))


async def feed(request: Request) -> Response:
    """The calendar behind an address. One that was cut looks like one that never was."""
    services: Services = request.app.state.services
    token = request.path_params["token"]
    if not _readings.allow(hashlib.sha256(token.encode()).hexdigest()):
        return _slow()
    found = await in_thread(services, lambda: _read(services, token))
    if found is None:
        place = origin_of(request.client)
        missing = pages.problem(request, 404) if _guesses.allow(place) else _slow()
        missing.headers["X-Robots-Tag"] = HEADERS["X-Robots-Tag"]
        return missing
    tag = f'"{hashlib.sha256(found.content).hexdigest()[:32]}"'
    headers = HEADERS | {"ETag": tag, "Last-Modified": format_datetime(found.changed, usegmt=True)}
    if _same(request, tag, found.changed):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=calendars.CONTENT_TYPE, headers=headers)


def _read(services: Services, token: str) -> _Read | None:
    if _noted.allow(hashlib.sha256(token.encode()).hexdigest()):  # storage notes a reading once an hour
        with services.database.begin() as uow:
            feeds.find(uow, token)
    with services.database.read() as uow:
        person_id = feeds.find(uow, token)
        if person_id is None:
            return None
        titles, chosen_at = _choice(uow, person_id)
        name = services.settings.bot_name
        content = calendars.feed_of(uow, person_id, name, neutral=not titles)
        since = max(chosen_at, feeds.since(uow, person_id) or chosen_at)
        return _Read(content, my_agenda.changed_at(uow, person_id, since).replace(microsecond=0))


def _same(request: Request, tag: str, changed: datetime) -> bool:
    """Whether a calendar has this very content already."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in tags.split(",")]
    try:
        return changed <= parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (TypeError, ValueError):  # no date, or one without zone
        return False


def _slow() -> Response:
    return Response("Trop de lectures : attends une minute.", 429, {"Retry-After": "60"}, "text/plain")
