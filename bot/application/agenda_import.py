"""Importing gatherings: what a file would change, shown first; then all of it in one transaction, or nothing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.application import agenda_acts, agenda_csv, agenda_ics_apart, calendars, happenings, planning, team
from bot.application.agenda_plans import Addition, Change, Done, Plan, differences
from bot.application.agenda_rows import Fault, Given, Reading, Row
from bot.application.rights import Act, Actor, require
from careers.catalogue import Catalogue
from dialogues.understand import fold
from storage import gatherings, participations
from storage.gatherings import Details, Gathering
from storage.participations import CONCERNED, HOLDING, Standing
from storage.unit_of_work import UnitOfWork

__all__ = [
    "Addition",
    "Change",
    "Done",
    "Plan",
    "apply",
    "differences",
    "domains",
    "plan",
    "read",
    "season_end",
]

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_FIELDS = frozenset(one.name for one in fields(Details))
_NOT_COMPARED = ("source", "seen", "kind")  # a kind that was guessed must not undo what staff chose
_Key = tuple[str, str, datetime]


def season_end(today: date, month_day: str) -> date:
    """The end of this season, or of the next when this one has hardly two months left."""
    month, day = map(int, month_day.split("-"))
    ends = date(today.year, month, day)
    while ends - today < timedelta(days=60):
        ends = ends.replace(year=ends.year + 1)
    return ends


def domains(catalogue: Catalogue) -> dict[str, str]:
    """What a file may call the themes of the catalogue, folded: their names and their ids."""
    known = catalogue.domains.values()
    return {fold(one.id.replace("_", " ")): one.id for one in known} | {
        fold(one.label): one.id for one in known
    }


def read(content: bytes, name: str, given: Given) -> Reading:
    """A file by what it holds, whatever it is called. NotAFile when it cannot be read as a whole."""
    head = content[:4096].decode("utf-8-sig", errors="ignore").replace("\x00", "").upper()
    if "BEGIN:VCALENDAR" in head or name.lower().endswith((".ics", ".ical", ".ifb")):
        return agenda_ics_apart.read(content, given)
    return agenda_csv.read(content, given)


def plan(uow: UnitOfWork, reading: Reading, given: Given) -> Plan:
    """What the rows would do to the agenda as it is now. Three statements, however many rows."""
    return _Planner(uow, given).plan(reading)


def apply(
    uow: UnitOfWork, actor: Actor, wanted: Plan, *, confirmed: bool = False, tell: bool = False
) -> Done:
    """Write the plan in this transaction. Changes that must be told are left out unless `tell`.

    CannotPlan or Conflict: roll everything back. The lines that are wrong are not looked at: refuse them beforehand.
    """
    require(actor, Act.WRITE_AGENDA)
    for one in wanted.added:
        made = happenings.add(uow, actor, one.details, confirmed=confirmed)
        if one.cancelled:
            happenings.cancel(uow, actor, made)
    chosen = [one for one in wanted.changed if tell or not one.told]
    told = sum(_change(uow, actor, one) for one in chosen)
    for change in chosen if confirmed else ():
        happenings.confirm(uow, actor, change.held, change.details.seen)
    team.note(uow, actor, "agenda_imported", added=len(wanted.added), changed=len(chosen), told=told)
    return Done(len(wanted.added), len(chosen), told, len(wanted.changed) - len(chosen))


def _change(uow: UnitOfWork, actor: Actor, one: Change) -> int:
    held, told = one.held, 0
    if one.cancels:
        return agenda_acts.cancel(uow, actor, [held])
    if one.restores:
        done = happenings.restore(uow, actor, held)
        held, told = done.gathering, done.told
    if one.details == held.details:
        return told
    return max(told, happenings.change(uow, actor, held, one.details).told)


class _Planner:
    """Compares rows with the agenda, which it reads once."""

    def __init__(self, uow: UnitOfWork, given: Given) -> None:
        self.uow, self.given = uow, given
        self.now = planning.wall(uow.now)
        held = gatherings.between(uow, _FIRST, _LAST)
        self.by_uid = {one.details.uid: one for one in held if one.details.uid} | {
            calendars.uid(one): one for one in held
        }
        self.by_number = {one.number: one for one in held}
        self.by_key = {_key(one.details): one for one in held if one.planned}
        self.added: list[Addition] = []
        self.changed: list[Change] = []
        self.faults: list[Fault] = []
        self.left: list[Fault] = []
        self.uids: dict[str, str] = {}
        self.keys: dict[_Key, str] = {}
        self.touched: dict[str, str] = {}
        self.same = 0

    def plan(self, reading: Reading) -> Plan:
        """Each row in its turn."""
        self.faults += reading.faults
        for row in reading.rows:
            self._row(row)
        changed = self._told()
        return Plan(
            tuple(self.added), tuple(changed), tuple(self.faults), tuple(self.left), reading.notes, self.same
        )

    def _row(self, row: Row) -> None:
        values = {name: value for name, value in row.values.items() if name in _FIELDS}
        uid = str(values.get("uid") or "")
        fresh = self._fresh(values)
        key = _key(fresh)
        if earlier := self.uids.get(uid) or self.keys.get(key):
            wrong = uid in self.uids and self.keys.get(key) != self.uids[uid]
            where = self.faults if wrong else self.left
            where.append(Fault(row.at, f"{'même identifiant' if wrong else 'la même chose'} que {earlier}."))
            return
        self.keys[key] = row.at
        if uid:
            self.uids[uid] = row.at
        held = self._known(uid, row, key)
        if held is None:
            self._add(row, fresh)
        elif held.id in self.touched:
            self.faults.append(
                Fault(row.at, f"le n° {held.number} est déjà changé par {self.touched[held.id]}.")
            )
        else:
            self.touched[held.id] = row.at
            self._compare(row, held, values)

    def _known(self, uid: str, row: Row, key: _Key) -> Gathering | None:
        numbered = self.by_number.get(row.number) if row.number is not None else None
        if numbered is not None and fold(numbered.details.title) != key[1]:
            numbered = None  # the numbers of another agenda
        return self.by_uid.get(uid) or numbered or self.by_key.get(key)

    def _fresh(self, values: Mapping[str, Any]) -> Details:
        """What a row would be as a new gathering."""
        usual: dict[str, Any] = {"source": self.given.source, "seen": self.given.seen or self.given.today}
        made = Details(**(usual | dict(values)))
        return replace(made, uid=None) if made.uid and calendars.own_id(made.uid) else made

    def _add(self, row: Row, details: Details) -> None:
        if details.local_ends < self.now:
            self.left.append(Fault(row.at, f"le {details.local_starts:%d/%m/%Y} est passé."))
        elif row.cancelled:
            self.left.append(Fault(row.at, "annulé, et pas dans l’agenda."))
        elif wrong := happenings.problems(details, self.now):
            self.faults += [Fault(row.at, one) for one in wrong]
        else:
            self.added.append(Addition(row.at, details, row.cancelled, row.notes))

    def _compare(self, row: Row, held: Gathering, values: Mapping[str, Any]) -> None:
        old = held.details
        unsaid = (*_NOT_COMPARED, "uid", *(("title", "about") if row.ours else ()))
        said = {name: value for name, value in values.items() if name not in unsaid}
        if not (calendars.own_id(str(values.get("uid") or "")) or old.uid) and values.get("uid"):
            said["uid"] = values["uid"]  # entered by hand before; from now on it follows that calendar
        if _moved(old, said) and said["local_ends"] < self.now and old.local_ends < self.now:
            self.left.append(Fault(row.at, f"le {said['local_starts']:%d/%m/%Y} est passé."))
            return
        there = replace(old, **said)
        cancels, restores = row.cancelled and held.planned, not row.cancelled and not held.planned
        if (there == old and not cancels and not restores) or (row.cancelled and not held.planned):
            self.same += 1
            return
        if there != old:
            there = replace(there, **{name: values[name] for name in ("source", "seen") if name in values})
        if not cancels and (wrong := happenings.problems(there, self.now, past=not _moved(old, said))):
            self.faults += [Fault(row.at, one) for one in wrong]
            return
        self.changed.append(Change(row.at, held, old if cancels else there, cancels, restores, 0, row.notes))

    def _told(self) -> list[Change]:
        """The changes with how many people each concerns; too few places is a fault."""
        counts = participations.counts(self.uow, [one.held.id for one in self.changed])
        kept = []
        for one in self.changed:
            standings = counts.get(one.held.id, Counter[Standing]())
            taken = sum(standings[part] for part in HOLDING)
            capacity = one.details.capacity
            if capacity is not None and capacity < taken and not one.cancels:
                self.faults.append(
                    Fault(one.at, f"{taken} jeunes ont déjà une place : pas moins de {taken} places.")
                )
                continue
            matters = one.cancels or one.restores or _matters(one.held.details, one.details)
            concerned = sum(standings[part] for part in CONCERNED)
            coming = one.held.ends_at > self.uow.now
            kept.append(replace(one, told=concerned if matters and coming else 0))
        return kept


def _key(details: Details) -> _Key:
    return details.kind.value, fold(details.title), details.local_starts


def _moved(old: Details, said: Mapping[str, Any]) -> bool:
    return (said["local_starts"], said["local_ends"]) != (old.local_starts, old.local_ends)


def _matters(old: Details, there: Details) -> bool:
    return (old.local_starts, old.local_ends, old.place) != (
        there.local_starts,
        there.local_ends,
        there.place,
    )
