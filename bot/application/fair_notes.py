"""Notes of thirty seconds at a fair: each is kept once, however often a telephone sends it; and who is to be seen there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.application import heard
from bot.application.services import Services
from dialogues.understand import fold
from storage import conversations, people
from storage.stands import Stand
from storage.unit_of_work import UnitOfWork

VISITS, TARGETS, QUESTIONS = "fair.visits", "fair.targets", "fair.questions"
STAND, WORDS = 120, 200  # characters
MOST = 200  # notes of one person
RATINGS = {1: "Non", 2: "Bof", 3: "Oui"}  # « Envie d’en savoir plus ? »
_KEY = re.compile(r"^[A-Za-z0-9_-]{8,40}$")


class Kept(StrEnum):
    """What became of a note."""

    KEPT = "kept"
    HEARD = "heard"  # kept without its words: safety answered them in the conversation
    NO_STAND = "no_stand"
    TOO_LONG = "too_long"
    FULL = "full"
    GONE = "gone"  # the person was erased meanwhile
    ODD = "odd"  # not sent by a page of ours


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody noted at a stand. `key` was made where it was written, and says it is this note and no other."""

    key: str
    stand: str
    rating: int | None = None
    words: str = ""


def keep(services: Services, uow: UnitOfWork, person_id: str, gathering_id: str, note: Note) -> Kept:
    """Keep one note under the person's lock. The same note again changes nothing and says the same."""
    stand, words = " ".join(note.stand.split()), note.words.strip()
    wrong = _wrong(note, stand, words)
    if wrong is not None:
        return wrong
    person = people.get(uow, person_id, lock=True)
    if person is None:
        return Kept.GONE
    visits = _records(conversations.profile(uow, person_id).get(VISITS))
    if any(one.get("id") == note.key for one in visits):
        return Kept.KEPT
    if len(visits) >= MOST:
        return Kept.FULL
    if conversations.already_seen(uow, "note", f"{person_id} {note.key}"):
        return Kept.KEPT  # kept, and erased since
    alarm = heard.read(services, uow, person, f"{stand}\n{words}", f"note-{note.key}")
    record: dict[str, Any] = {"stand": "?" if alarm and heard.alarming(services, stand) else stand}
    if note.rating in RATINGS:
        record["rating"] = note.rating
    if words and not alarm:
        record["note"] = words
    record |= {"id": note.key, "gathering": gathering_id, "at": uow.now.isoformat()}
    conversations.note(uow, person_id, {VISITS: [*visits, record]})
    return Kept.HEARD if alarm else Kept.KEPT


def _wrong(note: Note, stand: str, words: str) -> Kept | None:
    if not _KEY.match(note.key):
        return Kept.ODD
    if not stand:
        return Kept.NO_STAND
    return Kept.TOO_LONG if len(stand) > STAND or len(words) > WORDS else None


def of_fair(profile: Mapping[str, Any], gathering_id: str) -> list[Mapping[str, Any]]:
    """A person's notes of a fair, the newest first; those that a conversation left without saying where count too."""
    found = [
        one for one in _records(profile.get(VISITS)) if one.get("gathering", gathering_id) == gathering_id
    ]
    return [one for one in reversed(found) if one.get("stand")]


def targets(profile: Mapping[str, Any], stands: Sequence[Stand]) -> list[str]:
    """The stands that somebody wants to see, by name: ids of this fair's stands become their names."""
    names = {one.id: one.name for one in stands}
    wanted = (_word(one, ("stand", "name", "title", "text", "id")) for one in _list(profile.get(TARGETS)))
    return list(dict.fromkeys(names.get(one.rpartition(":")[2], one) for one in wanted if one))


def questions(profile: Mapping[str, Any]) -> list[str]:
    """What somebody wants to ask, as they left it: keys of a page's answers or words of their own."""
    found = (_word(one, ("text", "question", "title")) for one in _list(profile.get(QUESTIONS)))
    return list(dict.fromkeys(one for one in found if one))


def is_target(stand: Stand, wanted: Sequence[str]) -> bool:
    """Whether a stand is one that somebody wants to see, however they spelt it."""
    return fold(stand.name) in {fold(one) for one in wanted}


def _records(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in _list(value) if isinstance(one, Mapping)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _word(value: Any, names: Sequence[str]) -> str:
    if isinstance(value, Mapping):
        return next((str(value[name]) for name in names if value.get(name)), "")
    return value if isinstance(value, str) else ""
