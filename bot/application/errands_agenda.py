"""« Mon agenda » in a conversation: what comes, one gathering, taking part, and which reminders are wanted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.application import agenda_words, my_agenda, planning, reminder_kinds, taking_part
from bot.application.errands_fair import reading
from bot.application.my_agenda import Entry
from bot.application.recommendations import capital
from bot.application.rights import Act, learner, require
from bot.application.services import Services
from bot.application.taking_part import Became
from dialogues.events import Context
from storage.gatherings import Details, Gathering, Kind
from storage.participations import Standing
from storage.unit_of_work import UnitOfWork

PAGE = 5  # gatherings at a time
DATES = 8  # of one series
BUTTON = 80  # characters, on the platform that has least room
MORE = "more"
OWN = (Standing.GOING, Standing.WAITING, Standing.OFFERED, Standing.ASKED)
PREPARED = {
    Kind.LAB: "lab", Kind.SESSION: "lab", Kind.MASTERLAB: "lab", Kind.MEETING: "meeting", Kind.FAIR: "fair",
}  # fmt: skip
_STATE = {
    Standing.GOING: "going",
    Standing.WAITING: "waits",
    Standing.ASKED: "asked",
    Standing.OFFERED: "offered",
    Standing.CAME: "over",
    Standing.MISSED: "over",
    Standing.DECLINED: "declined",
}
_OFFER = {"accept": taking_part.accept, "decline": taking_part.decline, "leave": taking_part.leave}


def listed(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """What comes, the learner's own first, five at a time: `some`, or `none`."""
    with reading(services, uow) as reader:
        seen = my_agenda.of(reader, person_id)
    own = [one for one in seen.own if one.standing in OWN]
    entries = [*own, *seen.open]
    first = _number(profile.get("agenda.next")) if profile.get("agenda.picked") == MORE else 0
    first = first if first < len(entries) else 0
    shown, today = entries[first : first + PAGE], context.now.date()
    say = services.library.microcopy.say
    cards = [{"id": str(one.gathering.number), "title": _titled(one, today)} for one in shown]
    if first + PAGE < len(entries):
        cards.append({"id": MORE, "title": say("agenda.more")})
    lines = [f"\n– {_line(one, services, today)}" for one in shown if one.standing in OWN]
    return "some" if cards else "none", {
        "agenda.cards": cards,
        "agenda.own": "".join(lines),
        "agenda.next": first + PAGE,
    }


def _titled(entry: Entry, today: date) -> str:
    """On a button: the name, cut where the day would find no room, and the day."""
    details = entry.gathering.details
    name, day = _name(details), agenda_words.day(details.local_starts.date(), today, near=True)
    room = BUTTON - len(day) - 2
    return f"{name if len(name) <= room else name[: room - 1].rstrip() + '…'}, {day}"


def _name(held: Gathering | Details) -> str:
    return capital(agenda_words.title(held))


def _line(entry: Entry, services: Services, today: date) -> str:
    held = entry.gathering
    state = "cancelled" if not held.planned else _STATE[entry.standing] if entry.standing else "free"
    said = services.library.microcopy.say(f"agenda.state.{state}")
    return f"{_name(held)}, {agenda_words.when(held, today, near=True)} : {said}"


def see(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """One gathering in words, and what may be done about it now."""
    number = _number(profile.get("agenda.picked"))
    with reading(services, uow) as reader:
        entry = my_agenda.one(reader, number, person_id) if number else None
        same = _other_dates(my_agenda.of(reader, person_id).open, entry) if entry is not None else []
        now = reader.now
    if entry is None:
        return "gone", {}
    held, today, base = entry.gathering, context.now.date(), services.settings.base_url
    begun = held.starts_at <= now
    outcome = _outcome(entry, begun=begun, visiting=uow is None)
    until = entry.part.offer_until if entry.part and entry.standing is Standing.OFFERED else None
    local = planning.wall(until) if until is not None else None
    return outcome, {
        "agenda.number": number,
        "agenda.id": held.id,
        "agenda.title": _name(held),
        "agenda.sheet": _sheet(entry, today, open_=outcome in ("free", "list", "closed", "visit")),
        "agenda.until": moment(local, today) if local is not None else "",
        "agenda.prepare": PREPARED.get(held.details.kind, ""),
        "agenda.links": f"{base}/agenda/{number}\n{base}/agenda/{number}.ics",
        "agenda.dates": [
            {"id": str(one.number), "title": agenda_words.when(one, today, near=True)} for one in same
        ],
    }


def moment(local: datetime, today: date) -> str:
    """« demain à 17 h »: a wall time in words."""
    return f"{agenda_words.day(local.date(), today, near=True)} à {agenda_words.hour(local)}"


def _other_dates(listed_open: Sequence[Entry], entry: Entry) -> list[Gathering]:
    """The other dates of its series that are open."""
    series = entry.gathering.details.series_id
    alike = [one for one in listed_open if series and one.gathering.details.series_id == series]
    found = [held for one in alike for held in (one.gathering, *one.later)]
    return [held for held in found if held.id != entry.gathering.id][:DATES]


def _outcome(entry: Entry, *, begun: bool, visiting: bool) -> str:
    if not entry.gathering.planned:
        return "cancelled"
    if begun:
        return "over"
    if entry.standing is not None:
        return _STATE[entry.standing]
    if not entry.fits or visiting:
        return "visit" if entry.fits else "not_for_you"
    return _free(entry)


def _free(entry: Entry) -> str:
    """How somebody who has nothing to do with it yet may come."""
    if entry.gathering.details.chosen:
        return "choice"
    if entry.free is None or entry.free > 0:
        return "free"
    return "list" if entry.gathering.details.waiting else "closed"


def _sheet(entry: Entry, today: date, *, open_: bool) -> str:
    """A gathering in a few lines: what, when, where, whether its date was checked, whether there is room."""
    held, details = entry.gathering, entry.gathering.details
    when = agenda_words.when(held, today, near=True)
    room = agenda_words.room(held, entry.counts) if open_ else ""
    checked = agenda_words.checked(held, today)
    lines = (
        _name(held),
        capital(when),
        capital(agenda_words.where(held)),
        f"{capital(checked)}." if checked else "",
        details.about,
        room,
    )
    return "\n".join(line for line in lines if line)


def take_part(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """Sign up, leave, take or let go an offered place; what became of it. A second click says the same again."""
    _ = services, context
    if uow is None or person_id is None:
        return "visit", {}
    require(learner(person_id), Act.TAKE_PART)
    entry = my_agenda.one(uow, _number(profile.get("agenda.number")), person_id)
    if entry is None:
        return "unknown", {}
    held, wanted = entry.gathering, str(profile.get("agenda.act"))
    if wanted == "join":
        became = taking_part.sign_up(
            uow,
            person_id,
            held.id,
            motivation=str(profile.get("agenda.why") or "")[: taking_part.MOTIVATION],
            reminders=reminder_kinds.usual(profile, held.details.kind),
        )
    else:
        became = _OFFER[wanted](uow, person_id, held.id) if wanted in _OFFER else Became.NOTHING
    return became.value, {}


def not_coming(
    profile: Mapping[str, Any],
    services: Services,
    uow: UnitOfWork | None,
    person_id: str | None,
    context: Context,
) -> tuple[str, dict[str, Any]]:
    """« Pas cette fois » under a gathering that was signed up for a moment ago, before going back: the place is given back."""
    outcome, _ = take_part({**profile, "agenda.act": "leave"}, services, uow, person_id, context)
    return "left" if outcome == Became.LEFT else "nothing", {}


def _number(value: Any) -> int:
    """A number of the agenda out of a key; 0 for anything else."""
    text = str(value or "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0  # noqa: PLR2004 -- ten digits may be too large for the database
