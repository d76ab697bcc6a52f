"""What a learner's own agenda makes worth proposing now (content §7.5): what comes and is not prepared, what was lived without a trace."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application import agenda_words
from bot.application.errands_shortlist import listed, records
from storage import participations
from storage.gatherings import Gathering, Kind
from storage.participations import Standing
from storage.unit_of_work import UnitOfWork

LABS = (Kind.LAB, Kind.SESSION, Kind.MASTERLAB)
PAGES = (
    "session_prep",
    "session_debrief",
    "inspiring_meeting",
    "fair_companion",
    "agenda",
)  # never just because of their task
SOON, FAIR_SOON = timedelta(days=7), timedelta(days=14)
BEHIND = timedelta(days=14)
AFTERWARDS = ("surprised", "changed", "keep", "link")  # what is noted of a meeting that was lived
_THERE = (Standing.GOING, Standing.CAME)


@dataclass(frozen=True, slots=True)
class Near:
    """A page worth proposing: the key of the sentence that says why, and what it is about in words."""

    page: str
    why: str
    what: str


@dataclass(frozen=True, slots=True)
class Around:
    """What comes soon and is not prepared, the soonest first; what was lived without a trace, the newest first."""

    coming: Sequence[Near] = ()
    lived: Sequence[Near] = ()


def around(uow: UnitOfWork, person_id: str, profile: Mapping[str, Any], today: datetime) -> Around:
    """Of the learner's own gatherings. One statement."""
    found = participations.of_person(uow, person_id, uow.now - BEHIND)
    own = [held for part, held in found if part.standing in _THERE and held.planned]
    return Around(
        tuple(
            one for held in own if held.starts_at > uow.now for one in _coming(held, profile, uow.now, today)
        ),
        tuple(one for held in reversed(own) if held.ends_at <= uow.now for one in _lived(held, profile)),
    )


def _coming(held: Gathering, profile: Mapping[str, Any], now: datetime, today: datetime) -> Iterator[Near]:
    kind = held.details.kind
    soon = FAIR_SOON if kind is Kind.FAIR else SOON
    if held.starts_at - now > soon:
        return
    what = f"{agenda_words.title(held)}, {agenda_words.when(held, today.date(), near=True)}"
    if kind in LABS and not _noted(profile, "session.log", held.id, ("intention", "know", "watch")):
        yield Near("session_prep", "dated_lab", what)
    elif kind is Kind.MEETING and not _noted(
        profile, "meeting.notes", held.id, ("imagine", "themes", "questions")
    ):
        yield Near("inspiring_meeting", "dated_meeting", what)
    elif kind is Kind.FAIR and not listed(profile.get("fair.targets")):
        yield Near("fair_companion", "dated_fair", what)


def _lived(held: Gathering, profile: Mapping[str, Any]) -> Iterator[Near]:
    kind, what = held.details.kind, agenda_words.title(held)
    if kind in LABS and not _noted(profile, "session.log", held.id, ("energy",)):
        yield Near("session_debrief", "debrief", what)
    elif kind is Kind.MEETING and not _noted(profile, "meeting.notes", held.id, AFTERWARDS):
        yield Near("inspiring_meeting", "lived_meeting", what)
    elif kind is Kind.FAIR and not _noted(
        profile, "fair.visits", held.id, ("best", "opened", "closed"), "gathering"
    ):
        yield Near("fair_companion", "lived_fair", what)


def _noted(
    profile: Mapping[str, Any], variable: str, gathering: str, fields: Sequence[str], key: str = "id"
) -> bool:
    """Whether something of these was noted of a gathering."""
    own = (one for one in records(profile.get(variable)) if one.get(key) == gathering)
    return any(one.get(field) for one in own for field in fields)


def looked_back(profile: Mapping[str, Any]) -> int:
    """How many labs and meetings were lived and looked back on."""
    labs = sum(bool(one.get("energy")) for one in records(profile.get("session.log")))
    return labs + sum(any(one.get(f) for f in AFTERWARDS) for one in records(profile.get("meeting.notes")))
