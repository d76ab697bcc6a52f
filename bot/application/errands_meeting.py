"""Before and after a rencontre inspirante: which one it is, its record in `meeting.notes`, questions in order, a word of thanks."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.application import look_back
from bot.application.errands_shortlist import listed, records
from bot.application.services import Services
from dialogues.events import Context
from dialogues.render import french_date, joined
from storage import participations
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from storage.unit_of_work import UnitOfWork

AHEAD, BEHIND = timedelta(days=30), timedelta(days=30)
BEFORE = "before"
MOST = 20  # questions kept
OWN = "own:"  # begins the id of a meeting that is not in the agenda
_CONCERNED = (Standing.GOING, Standing.CAME, Standing.ASKED)
_THERE = (Standing.GOING, Standing.CAME)
_SAID_AFTER = ("surprised", "changed", "keep", "link")


def begin(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """The meeting that is prepared, or looked back on: `known` from the agenda or from what was noted before, else `new`."""
    _ = services
    notes = records(profile.get("meeting.notes"))
    before = profile.get("meet.phase") == BEFORE
    held = _held(uow, person_id, notes, before=before)
    earlier = _earlier(notes, context, before=before)
    if held is not None:
        record = _of(held)
        record = {**record, **next((one for one in notes if one.get("id") == held.id), {})}
    else:
        record = dict(earlier) if earlier else _new(notes, context)
    if held is not None and uow is not None and person_id is not None and not before:
        look_back.forget(uow, person_id, held.id)
    others = [dict(one) for one in notes if one.get("id") != record["id"]]
    about = _about(record, context)
    return "known" if about else "new", {
        "meet.others": others,
        "meet.notes": [*others, record],
        "meet.about": about,
        "meet.gathering": held.id if held is not None else "",
    }


def _held(
    uow: UnitOfWork | None, person_id: str | None, notes: Sequence[Mapping[str, Any]], *, before: bool
) -> Gathering | None:
    """The next one of the agenda, or the last one that the learner has not looked back on."""
    if uow is None or person_id is None:
        return None
    now = uow.now
    found = [
        (part.standing, held)
        for part, held in participations.of_person(uow, person_id, now - BEHIND)
        if held.details.kind is Kind.MEETING and held.planned
    ]
    if before:
        coming = (held for standing, held in found if standing in _CONCERNED and held.ends_at > now)
        return next((held for held in coming if held.starts_at <= now + AHEAD), None)
    looked_at = {str(one.get("id")) for one in notes if any(one.get(part) for part in _SAID_AFTER)}
    past = (held for standing, held in reversed(found) if standing in _THERE and held.ends_at <= now)
    return next((held for held in past if held.id not in looked_at), None)


def _earlier(notes: Sequence[Mapping[str, Any]], context: Context, *, before: bool) -> Mapping[str, Any]:
    """What was prepared without the agenda and has not been looked back on; before a meeting, only what was begun today."""
    today = context.now.date()
    since = today if before else today - BEHIND
    waiting = [
        one
        for one in notes
        if str(one.get("id")).startswith(OWN) and since <= _day(one.get("date")) <= today
        if not any(one.get(part) for part in _SAID_AFTER)
    ]
    return waiting[-1] if waiting else {}


def _of(held: Gathering) -> dict[str, Any]:
    details = held.details
    day = details.local_starts.date().isoformat()
    return {"id": held.id, "gathering": held.id, "date": day, "who": details.title}


def _new(notes: Sequence[Mapping[str, Any]], context: Context) -> dict[str, Any]:
    day = context.now.date().isoformat()
    taken = {str(one.get("id")) for one in notes}
    number = next(n for n in range(1, len(taken) + 2) if f"{OWN}{day}:{n}" not in taken)
    return {"id": f"{OWN}{day}:{number}", "date": day}


def _about(record: Mapping[str, Any], context: Context) -> str:
    """« Une ingénieure du son », jeudi 26 novembre; empty while nobody said whom it is with."""
    who = str(record.get("who") or "").strip()
    if not who:
        return ""
    if str(record["id"]).startswith(OWN):
        return f"« {who} »"
    return f"« {who} », {french_date(_day(record.get('date')), context.now.date())}"


def gather(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The questions to be put in order: their own first, then those taken; else one for each thing they want to know."""
    page = services.library.pages["inspiring_meeting"]
    own = str(profile.get("meet.own") or "").strip()
    asks = [{"id": "own", "title": own}] if own else []
    for key in map(str, listed(profile.get("meet.bank"))):
        label = services.library.label("meet.bank", key, page)
        asks += [{"id": key, "title": label}] if label else []
    if not asks:
        notes = records(profile.get("meeting.notes"))
        themes = listed(notes[-1].get("themes")) if notes else []
        say = services.library.microcopy
        asks = [
            {"id": f"about_{key}", "title": say.say(f"meet.about.{key}")}
            for key in map(str, themes)
            if say.has(f"meet.about.{key}")
        ]
    return "some" if asks else "none", {"meet.asks": asks}


def keep(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """The questions in order, and the list of all that the learner ever wanted to ask, the new ones first."""
    _ = services
    asks = {str(one.get("id")): str(one.get("title")) for one in records(profile.get("meet.asks"))}
    order = [key for key in map(str, listed(profile.get("meet.order"))) if key in asks]
    asked = [asks[key] for key in dict.fromkeys([*order, *asks])]
    earlier = [str(one) for one in listed(profile.get("meeting.questions"))]
    return "kept", {
        "meet.asked": asked,
        "meet.questions": list(dict.fromkeys([*asked, *earlier]))[:MOST],
        "meet.list": joined([f"« {one} »" for one in asked]),
    }


def thanks(profile: Mapping[str, Any], services: Services) -> tuple[str, dict[str, Any]]:
    """What the word of thanks says; without a line that was kept it is shorter."""
    _ = services
    notes = records(profile.get("meeting.notes"))
    line = str(notes[-1].get("keep") or "").strip().rstrip(".").strip() if notes else ""
    name = str(profile.get("user.first_name") or "")
    return "line" if line else "plain", {"meet.keep": line, "meet.name": name}


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return date.min
