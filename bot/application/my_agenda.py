"""What one learner, or somebody on a visit, sees of the agenda: their own first, then what is open to them; never a name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application import calendars
from storage import conversations, gatherings, groups, participations
from storage.gatherings import Gathering
from storage.participations import HOLDING, Part, Standing
from storage.unit_of_work import UnitOfWork

AHEAD = timedelta(days=120)
MOST = 60  # open ones on one page


@dataclass(frozen=True, slots=True)
class Entry:
    """A gathering as one person sees it. `part` is None for whoever never asked; `fits`: it is for their age and group."""

    gathering: Gathering
    part: Part | None
    counts: Counter[Standing]
    fits: bool
    later: tuple[Gathering, ...] = ()  # the next ones of its series, when it stands for them on a list

    @property
    def standing(self) -> Standing | None:
        """Where they stand; somebody who left is as free as somebody who never came."""
        return self.part.standing if self.part and self.part.standing is not Standing.LEFT else None

    @property
    def free(self) -> int | None:
        """Places left; None when there is no limit."""
        capacity = self.gathering.details.capacity
        return None if capacity is None else max(0, capacity - sum(self.counts[one] for one in HOLDING))


@dataclass(frozen=True, slots=True)
class Seen:
    """The agenda of somebody: `own`, then `open` ones that they may ask for."""

    own: tuple[Entry, ...]
    open: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What decides whether something is for somebody; no band for whoever did not say."""

    band: str = ""
    groups: frozenset[str] = frozenset()


def of(uow: UnitOfWork, person_id: str | None) -> Seen:
    """What comes for a learner; for a visit (None) what is open to everybody. Five statements at most."""
    reader = _reader(uow, person_id)
    mine = {one.gathering_id: (one, held) for one, held in _parts(uow, person_id)}
    coming = gatherings.between(uow, uow.now, uow.now + AHEAD)
    shown = [one for one in coming if one.id not in mine and one.planned and one.starts_at > uow.now]
    firsts = _by_series(one for one in shown if _fits(one, reader))[:MOST]
    counts = participations.counts(uow, [*mine, *(one.id for one, _later in firsts)])
    own = [Entry(held, part, counts[held.id], _fits(held, reader)) for part, held in mine.values()]
    listed = (Entry(one, None, counts[one.id], fits=True, later=tuple(later)) for one, later in firsts)
    return Seen(tuple(own), tuple(listed))


def _by_series(coming: Iterable[Gathering]) -> list[tuple[Gathering, list[Gathering]]]:
    """Each gathering once, and of a series the first with those that follow: a lab of every week does not hide the rest."""
    firsts: dict[str, tuple[Gathering, list[Gathering]]] = {}
    for one in coming:
        first = firsts.setdefault(one.details.series_id or one.id, (one, []))
        if first[0] is not one:
            first[1].append(one)
    return list(firsts.values())


def one(uow: UnitOfWork, number: int, person_id: str | None) -> Entry | None:
    """One gathering by its number. None where there is none, or it belongs to a group that is not theirs."""
    held = gatherings.by_number(uow, number) if number < 2**31 else None
    if held is None:
        return None
    part = participations.get(uow, held.id, person_id) if person_id else None
    reader = _reader(uow, person_id)
    group = held.details.group_id
    if group and group not in reader.groups and part is None:
        return None
    counts: Mapping[str, Counter[Standing]] = participations.counts(uow, [held.id])
    return Entry(held, part, counts.get(held.id, Counter()), _fits(held, reader))


def changed_at(uow: UnitOfWork, person_id: str, since: datetime) -> datetime:
    """When a learner's calendar last changed, leaving included; at least `since`. One statement."""
    found = participations.of_person(uow, person_id, uow.now - calendars.PAST_STAYS)
    return max([since, *(when for part, held in found for when in (part.updated_at, held.updated_at))])


def _parts(uow: UnitOfWork, person_id: str | None) -> Sequence[tuple[Part, Gathering]]:
    """What somebody has to do with, from the earliest on; what they left or was not theirs this time is open again or gone."""
    if person_id is None:
        return []
    found = participations.of_person(uow, person_id)
    return [(part, held) for part, held in found if part.standing is not Standing.LEFT]


def _reader(uow: UnitOfWork, person_id: str | None) -> _Reader:
    if person_id is None:
        return _Reader()
    band = str(conversations.profile(uow, person_id).get("user.age_band") or "")
    return _Reader(band, frozenset(one.id for one in groups.of_person(uow, person_id)))


def _fits(gathering: Gathering, reader: _Reader) -> bool:
    details = gathering.details
    in_band = not details.bands or not reader.band or reader.band in details.bands.split()
    return in_band and (details.group_id is None or details.group_id in reader.groups)
