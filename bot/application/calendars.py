"""Gatherings as calendar files: one, several, or a learner's own calendar that a phone reads again and again. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.application import agenda_words as words
from storage import participations
from storage.agenda import instant
from storage.gatherings import Gathering
from storage.participations import Part, Standing
from storage.unit_of_work import UnitOfWork

CONTENT_TYPE = "text/calendar; charset=utf-8"
DOMAIN = "@boussole"
NEUTRAL = "Rendez-vous au centre"
CANCELLED_STAYS = timedelta(days=30)  # so that every calendar has read that it does not take place
PAST_STAYS = timedelta(days=60)
READ_AGAIN = timedelta(hours=6)
_SHOWN = (Standing.GOING, Standing.OFFERED, Standing.CAME, Standing.MISSED)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class _Entry:
    gathering: Gathering
    neutral: bool = False
    tentative: bool = False


def one(gathering: Gathering) -> bytes:
    """The calendar file of one gathering. The same gathering gives the same bytes."""
    return many([gathering])


def many(gatherings: Iterable[Gathering], name: str = "") -> bytes:
    """One calendar file of several, for another calendar of the centre."""
    return _file([_Entry(held) for held in gatherings], name)


def feed(
    taken: Iterable[tuple[Part, Gathering]], name: str, now: datetime, *, neutral: bool = False
) -> bytes:
    """What somebody takes part in, as `participations.of_person` gives it; nothing that they wrote, no alarm.

    A place that is only offered is tentative; waiting and asking are no appointments yet. What was cancelled stays for
    thirty days. `neutral`: hours only, under a name that tells nobody in the family what it is about.
    """
    entries = [
        _Entry(held, neutral, part.standing is Standing.OFFERED)
        for part, held in taken
        if part.standing in _SHOWN and (held.planned or held.updated_at > now - CANCELLED_STAYS)
    ]
    return _file(entries, name, again=True)


def feed_of(uow: UnitOfWork, person_id: str, name: str, *, neutral: bool = False) -> bytes:
    """The calendar of a learner, from two months ago on. One statement."""
    taken = participations.of_person(uow, person_id, uow.now - PAST_STAYS)
    return feed(taken, name, uow.now, neutral=neutral)


def uid(gathering: Gathering) -> str:
    """The number under which calendars know it; it never changes, whatever else does."""
    return f"{gathering.id}{DOMAIN}"


def own_id(given: str) -> str | None:
    """The gathering of a number of ours; None for another calendar's number."""
    return given.removesuffix(DOMAIN) if given.endswith(DOMAIN) else None


def _file(entries: Iterable[_Entry], name: str, *, again: bool = False) -> bytes:
    from icalendar import Calendar, vDuration  # noqa: PLC0415 -- heavy, on first use

    calendar = Calendar()
    calendar.add("prodid", "-//Boussole//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", _clean(name))
        calendar.add("x-wr-calname", _clean(name))
    if again:
        calendar.add("refresh-interval", vDuration(READ_AGAIN), {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{READ_AGAIN // timedelta(hours=1)}H")
    for entry in sorted(entries, key=lambda each: (each.gathering.starts_at, each.gathering.number)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: _Entry) -> Any:
    from icalendar import Event  # noqa: PLC0415 -- heavy, on first use

    held = entry.gathering
    event = Event()
    event.add("uid", uid(held))
    event.add("dtstamp", held.updated_at)
    event.add("last-modified", held.updated_at)
    event.add("sequence", held.version - 1)
    _times(event, held)
    event.add("summary", _summary(entry))
    event.add("status", _status(entry))
    event.add("transp", "OPAQUE" if held.planned and not entry.tentative else "TRANSPARENT")
    if not entry.neutral:
        _tell(event, held)
    return event


def _times(event: Any, held: Gathering) -> None:
    """Instants in UTC, so that a phone abroad shows them right; whole days as days."""
    details = held.details
    if words.whole_days(details):
        event.add("dtstart", details.local_starts.date())
        event.add("dtend", (details.local_ends - timedelta(minutes=1)).date() + timedelta(days=1))
        return
    event.add("dtstart", instant(details.local_starts, details.zone).astimezone(UTC))
    event.add("dtend", instant(details.local_ends, details.zone).astimezone(UTC))


def _summary(entry: _Entry) -> str:
    held = entry.gathering
    said = NEUTRAL if entry.neutral else _clean(words.title(held))
    if not held.planned:
        return f"Annulé : {said}"
    return f"{said} (place proposée)" if entry.tentative else said


def _status(entry: _Entry) -> str:
    if not entry.gathering.planned:
        return "CANCELLED"
    unsure = entry.tentative or not entry.gathering.confirmed
    return "TENTATIVE" if unsure else "CONFIRMED"


def _tell(event: Any, held: Gathering) -> None:
    details = held.details
    event.add("categories", [words.kind_word(details.kind)])
    if details.place:
        event.add("location", _clean(details.place))
    unsure = words.checked(held)
    parts = (
        held.why,
        details.about,
        f"Pour venir : {details.route}" if details.route else "",
        unsure and f"{unsure[0].upper()}{unsure[1:]}.",
    )
    if told := "\n".join(part for part in parts if part):
        event.add("description", _clean(told))
    if details.link.startswith(("https://", "http://")):
        event.add("url", _clean(details.link).replace("\n", ""))


def _clean(text: str) -> str:
    """Text without the characters that would break a line of the file."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
