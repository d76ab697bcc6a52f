"""What a change of holidays, of the end or of the left-out days makes of a weekly series: first as a plan, then done."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.application import agenda_acts, happenings, planning, quiet, team
from bot.application.happenings import CannotPlan
from bot.application.rights import Act, Actor, require
from storage import gathering_removal, gatherings, participations, series
from storage.gatherings import Gathering
from storage.participations import CONCERNED
from storage.series import Series
from storage.unit_of_work import UnitOfWork

HOLIDAYS = "Congés scolaires"  # why, as learners read it; what was cancelled for it comes back with the day


@dataclass(frozen=True, slots=True)
class Gone:
    """An occurrence that no longer takes place. `kept`: somebody took part, so it stays as cancelled; else it is removed."""

    gathering: Gathering
    concerned: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of one series. `back`: cancelled for holidays that are none any more; `days`: to be added."""

    series: Series
    title: str
    gone: tuple[Gone, ...] = ()
    back: tuple[Gathering, ...] = ()
    days: tuple[date, ...] = ()
    why: str = ""  # as learners read it

    @property
    def told(self) -> int:
        """How many young people will hear of it."""
        return sum(one.concerned for one in self.gone)

    @property
    def nothing(self) -> bool:
        """Whether nothing changes."""
        return not (self.gone or self.back or self.days)


def of_series(
    uow: UnitOfWork, known: Series, until: date, skipped: Iterable[date], closed: quiet.Holidays
) -> Changes:
    """What another end, other left-out days and these holidays make of a series. What is over stays as it was."""
    now = planning.wall(uow.now)
    wanted, _in_closed = happenings.days_of(
        known.first, until, known.every, closed, skipped, in_holidays=known.in_holidays
    )
    pattern = happenings.of_template(dict(known.template))
    coming = [day for day in wanted if datetime.combine(day, pattern.local_starts.time()) > now]
    held = {one.details.slot: one for one in gatherings.of_series(uow, known.id)}
    slots = {day.isoformat() for day in coming}
    leaving = [one for one in held.values() if _leaves(one, slots, until, now)]
    counts = participations.counts(uow, [one.id for one in leaving])
    gone = [
        Gone(one, sum(counts[one.id][part] for part in CONCERNED), bool(counts[one.id])) for one in leaving
    ]
    back = [one for slot, one in held.items() if slot in slots and not one.planned and one.why == HOLIDAYS]
    days = [day for day in coming if day.isoformat() not in held]
    return Changes(known, pattern.title, tuple(gone), tuple(back), tuple(days))


def of_holidays(uow: UnitOfWork, closed: quiet.Holidays) -> list[Changes]:
    """What these holidays would make of every running series; only those where something changes."""
    today = planning.wall(uow.now).date()
    running = [one for one in series.running(uow, today) if not one.in_holidays]
    found = (replace(of_series(uow, one, one.until, one.skipped, closed), why=HOLIDAYS) for one in running)
    return [one for one in found if not one.nothing]


def refresh_series(uow: UnitOfWork, actor: Actor) -> list[Changes]:
    """After the holidays were changed, in the same transaction: every running series follows; what was done."""
    found = of_holidays(uow, planning.holidays(uow))
    for changes in found:
        carry_out(uow, actor, changes)
    return found


def change(uow: UnitOfWork, actor: Actor, series_id: str, until: date, skipped: Iterable[date]) -> int:
    """Another end, other left-out days; how many are told. CannotPlan, and nothing is written."""
    require(actor, Act.WRITE_AGENDA)
    known = series.get(uow, series_id, lock=True)
    if known is None:
        raise CannotPlan(["Cette série n’existe plus."])
    left_out = frozenset(skipped)
    if until < known.first:
        raise CannotPlan([f"La série finirait le {until:%d/%m/%Y}, avant de commencer."])
    if (until - known.first).days > 7 * known.every * happenings.MOST:
        raise CannotPlan([f"Cela ferait plus de {happenings.MOST} dates : choisissez une fin plus proche."])
    if sum(len(day.isoformat()) + 1 for day in left_out) > 600:  # noqa: PLR2004 -- what the column holds
        raise CannotPlan(["Trop de jours laissés : finissez cette série, puis faites-en une autre."])
    changes = of_series(uow, known, until, left_out, planning.holidays(uow))
    series.change(uow, known, until=until, skipped=left_out)
    return carry_out(uow, actor, changes)


def carry_out(uow: UnitOfWork, actor: Actor, changes: Changes) -> int:
    """Do what was planned; how many are told."""
    kept = [one.gathering for one in changes.gone if one.kept]
    told = agenda_acts.cancel(uow, actor, kept, why=changes.why)
    for one in changes.gone:
        if not one.kept and not gathering_removal.remove(uow, one.gathering.id):
            told += agenda_acts.cancel(uow, actor, [one.gathering])  # somebody signed up meanwhile
    for held in changes.back:
        told += agenda_acts.restore(uow, actor, held).told
    pattern = happenings.of_template(dict(changes.series.template))
    confirmed = any(one.confirmed for one in gatherings.of_series(uow, changes.series.id))
    for day in changes.days:
        details = happenings.on_day(pattern, changes.series.id, day)
        happenings.add(uow, actor, details, confirmed=confirmed)
    if not changes.nothing:
        team.note(uow, actor, "series_changed", changes.series.id, gone=len(changes.gone), added=len(changes.days) + len(changes.back))  # fmt: skip
    return told


def _leaves(held: Gathering, slots: set[str], until: date, now: datetime) -> bool:
    """Whether an occurrence goes: still to come, its day given no more, and not moved elsewhere on purpose."""
    details = held.details
    if not held.planned or details.local_starts <= now or details.slot in slots:
        return False
    moved = details.local_starts.date().isoformat() != details.slot
    return not moved or details.slot > until.isoformat()
