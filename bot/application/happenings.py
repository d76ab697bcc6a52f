"""What staff do with the agenda: add, repeat by week, move, cancel, confirm, choose; each in one transaction with its effects."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.application import event_reminders, look_back, planning, quiet, taking_part
from bot.application.rights import Act, Actor, require
from storage import agenda, gatherings, groups, participations, series
from storage.gatherings import Details, Gathering, Kind, State
from storage.participations import CONCERNED, HOLDING, Standing
from storage.series import Series
from storage.unit_of_work import UnitOfWork

LONGEST = timedelta(days=15)  # one gathering; what lasts longer is a series
FURTHEST = timedelta(days=800)
MOST = 120  # occurrences of a series: more than two years of every week
LENGTHS = {"title": 120, "about": 600, "place": 160, "route": 300, "link": 600, "source": 600, "domain": 40}


class CannotPlan(ValueError):  # noqa: N818 -- says what happened, like the others
    """What staff asked for cannot be; `problems` holds one French sentence each, and nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Changed:
    """A gathering as it is now, and how many young people will be told."""

    gathering: Gathering
    told: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A series, its gatherings, and the days that fall in holidays (not planned)."""

    series: Series
    gatherings: tuple[Gathering, ...]
    holidays: tuple[date, ...]


def problems(details: Details, now: datetime, *, past: bool = False) -> list[str]:
    """What is wrong with it, in French. `now`: wall time; `past` allows a day that is over (an import)."""
    found = []
    if not details.title.strip():
        found.append("Il manque un titre.")
    found += [
        f"« {name} » dépasse {most} caractères."
        for name, most in LENGTHS.items()
        if len(str(getattr(details, name))) > most
    ]
    starts, ends = details.local_starts, details.local_ends
    if agenda.instant(ends, details.zone) <= agenda.instant(starts, details.zone):
        found.append(
            f"La fin ({ends:%d/%m/%Y à %H:%M}) n’est pas après le début ({starts:%d/%m/%Y à %H:%M})."
        )
    elif ends - starts > LONGEST:
        found.append(f"Plus de {LONGEST.days} jours d’affilée : vérifiez la date de fin.")
    if starts < now and not past:
        found.append(f"Le {starts:%d/%m/%Y à %H:%M} est déjà passé.")
    if starts > now + FURTHEST:
        found.append(f"Le {starts:%d/%m/%Y} est dans plus de deux ans : vérifiez l’année.")
    if details.capacity is not None and details.capacity < 1:
        found.append("Le nombre de places commence à 1 ; laissez vide si tout le monde peut venir.")
    return found


def add(
    uow: UnitOfWork, actor: Actor, details: Details, *, confirmed: bool = False, past: bool = False
) -> Gathering:
    """A new gathering; the members of its group, if it has one, take part. CannotPlan with every problem at once."""
    require(actor, Act.WRITE_AGENDA)
    wrong = problems(details, planning.wall(uow.now), past=past)
    if details.group_id and groups.get(uow, details.group_id) is None:
        wrong.append("Ce groupe n’existe pas.")
    if wrong:
        raise CannotPlan(wrong)
    made = gatherings.add(uow, details, confirmed=confirmed)
    if details.group_id:
        taking_part.enrol(uow, made, groups.member_ids(uow, details.group_id))
    return made


def days_of(
    first: date,
    until: date,
    every: int,
    closed: quiet.Holidays,
    skipped: Iterable[date],
    *,
    in_holidays: bool,
) -> tuple[list[date], list[date]]:
    """The days of a weekly series, and those that it leaves out for holidays. Pure."""
    left_out, days, day = set(skipped), [], first
    in_closed = []
    while day <= until:
        if day in closed and not in_holidays:
            in_closed.append(day)
        elif day not in left_out:
            days.append(day)
        day += timedelta(weeks=every)
    return days, in_closed


def repeat(
    uow: UnitOfWork,
    actor: Actor,
    details: Details,
    until: date,
    *,
    every: int = 1,
    in_holidays: bool = False,
    skipped: Iterable[date] = (),
    confirmed: bool = False,
) -> Repeated:
    """The same every week until a day, holidays left out. CannotPlan; a series always has an end."""
    require(actor, Act.WRITE_AGENDA)
    first = details.local_starts.date()
    wrong = problems(details, planning.wall(uow.now))
    if until < first:
        wrong.append(f"La répétition finit le {until:%d/%m/%Y}, avant de commencer.")
    if not 1 <= every <= 8:  # noqa: PLR2004 -- as the table says
        wrong.append("La répétition va de toutes les semaines à toutes les huit semaines.")
    elif until - first > timedelta(weeks=every * MOST):
        wrong.append(f"Cela ferait plus de {MOST} séances : choisissez une fin plus proche.")
    if wrong:
        raise CannotPlan(wrong)
    left_out = frozenset(skipped)
    days, in_closed = days_of(first, until, every, planning.holidays(uow), left_out, in_holidays=in_holidays)
    if not days:
        raise CannotPlan(["Aucun jour ne reste : tout tombe dans des congés ou des exceptions."])
    made = series.add(
        uow, first, until, template(details), every=every, in_holidays=in_holidays, skipped=left_out
    )
    held = tuple(add(uow, actor, on_day(details, made.id, day), confirmed=confirmed) for day in days)
    return Repeated(made, held, tuple(in_closed))


def template(details: Details) -> dict[str, Any]:
    """What each occurrence of a series is, as plain values."""
    values = asdict(details)
    values |= {
        "kind": details.kind.value,
        "local_starts": details.local_starts.isoformat(),
        "local_ends": details.local_ends.isoformat(),
        "seen": details.seen.isoformat() if details.seen else None,
    }
    return values


def of_template(values: dict[str, Any]) -> Details:
    """The details that `template` wrote down."""
    known = {one.name for one in fields(Details)}
    given = {name: value for name, value in values.items() if name in known}
    return Details(
        **given
        | {
            "kind": Kind(values["kind"]),
            "local_starts": datetime.fromisoformat(values["local_starts"]),
            "local_ends": datetime.fromisoformat(values["local_ends"]),
            "seen": date.fromisoformat(values["seen"]) if values.get("seen") else None,
        }
    )


def on_day(details: Details, series_id: str, day: date) -> Details:
    """The occurrence of that day, at the same wall time."""
    starts = datetime.combine(day, details.local_starts.time())
    ends = starts + (details.local_ends - details.local_starts)
    return replace(
        details, local_starts=starts, local_ends=ends, series_id=series_id, slot=day.isoformat(), uid=None
    )


def change(
    uow: UnitOfWork, actor: Actor, held: Gathering, details: Details, *, why: str = "", past: bool = False
) -> Changed:
    """Another day, hour, place, number of places...: old reminders go, new ones are planned, and those concerned are told.

    CannotPlan (nothing is written); storage's Conflict when a colleague changed it meanwhile.
    """
    moved = (details.local_starts, details.local_ends) != (held.details.local_starts, held.details.local_ends)
    require(actor, Act.MOVE_GATHERING if moved else Act.WRITE_AGENDA)
    locked = gatherings.get(uow, held.id, lock=True)
    wrong = problems(details, planning.wall(uow.now), past=past or not moved)
    if locked is not None and not locked.planned:
        wrong.append(f"Le n° {held.number} est annulé : rétablissez-le d’abord.")
    taken = participations.taken(uow, held.id)
    if details.capacity is not None and details.capacity < taken:
        wrong.append(
            f"{taken} jeunes ont déjà une place : le nombre de places ne peut pas descendre à {details.capacity}."
        )
    if wrong:
        raise CannotPlan(wrong)
    now = gatherings.change(uow, held, details, why=why)
    told = _again(uow, held, now, moved=moved)
    taking_part.offer_places(uow, now)
    if details.group_id and details.group_id != held.details.group_id:
        taking_part.enrol(uow, now, groups.member_ids(uow, details.group_id))
    return Changed(now, told)


def cancel(uow: UnitOfWork, actor: Actor, held: Gathering, *, why: str = "") -> Changed:
    """It does not take place: every reminder of it goes in the same transaction, and those concerned are told once."""
    require(actor, Act.CANCEL_GATHERING)
    locked = gatherings.get(uow, held.id, lock=True)
    if locked is None or not locked.planned:
        return Changed(locked or held, 0)
    now = gatherings.change(uow, held, held.details, state=State.CANCELLED, why=why)
    return Changed(now, _again(uow, held, now, moved=False))


def restore(uow: UnitOfWork, actor: Actor, held: Gathering, *, why: str = "") -> Changed:
    """It takes place after all. Whoever had a place still has it, and is told."""
    require(actor, Act.CANCEL_GATHERING)
    if held.planned:
        return Changed(held, 0)
    wrong = problems(held.details, planning.wall(uow.now))
    if wrong:
        raise CannotPlan(wrong)
    now = gatherings.change(uow, held, held.details, state=State.PLANNED, why=why)
    return Changed(now, _again(uow, held, now, moved=False))


def confirm(uow: UnitOfWork, actor: Actor, held: Gathering, seen: date | None = None) -> None:
    """Somebody of the centre checked the date: it is shown without « à vérifier »."""
    require(actor, Act.WRITE_AGENDA)
    gatherings.confirm(uow, held.id, seen or planning.wall(uow.now).date())


def choose(uow: UnitOfWork, actor: Actor, held: Gathering, chosen: Iterable[str], *, close: bool) -> int:
    """Give places to some of those who said why; `close` tells the others kindly that it is not this time.

    How many got a place now. CannotPlan when there are fewer places than people chosen.
    """
    require(actor, Act.CHOOSE_PARTICIPANTS)
    locked = gatherings.get(uow, held.id, lock=True)
    if locked is None or not locked.planned:
        raise CannotPlan(["Ce rendez-vous n’a plus lieu."])
    wanted = set(chosen)
    asking = participations.of_gathering(uow, held.id, [Standing.ASKED, Standing.DECLINED])
    picked = [one for one in asking if one.person_id in wanted]
    capacity = locked.details.capacity
    free = len(picked) if capacity is None else capacity - participations.taken(uow, held.id)
    if len(picked) > free:
        raise CannotPlan([f"Il reste {max(free, 0)} place(s) pour {len(picked)} jeune(s) choisi(s)."])
    closed = planning.holidays(uow)
    for one in picked:
        participations.stand(uow, one, Standing.GOING)
        event_reminders.answer(uow, locked, one.person_id, closed, chosen=True)
        event_reminders.plan(uow, locked, replace(one, standing=Standing.GOING), closed)
    for one in asking if close else ():
        if one.person_id not in wanted and one.standing is Standing.ASKED:
            participations.stand(uow, one, Standing.DECLINED)
            event_reminders.answer(uow, locked, one.person_id, closed, chosen=False)
    return len(picked)


def note_attendance(uow: UnitOfWork, actor: Actor, held: Gathering, there: dict[str, bool | None]) -> int:
    """Who was there, from the list at the door: True, False, or None for not known. How many were noted as there."""
    require(actor, Act.NOTE_ATTENDANCE)
    parts = {one.person_id: one for one in participations.of_gathering(uow, held.id)}
    for person_id, was_there in there.items():
        if was_there:
            taking_part.came(uow, held, person_id)
        elif person_id in parts and parts[person_id].standing in HOLDING:
            becomes = Standing.GOING if was_there is None else Standing.MISSED
            participations.stand(uow, parts[person_id], becomes)
    return sum(1 for was_there in there.values() if was_there)


def _again(uow: UnitOfWork, before: Gathering, now: Gathering, *, moved: bool) -> int:
    """Cancel the reminders of before, plan those of now, and tell whoever is concerned when something that matters changed."""
    closed = planning.holidays(uow)
    event_reminders.changed(uow, now.id)
    agenda.cancel(uow, look_back.source(now.id)) if not now.planned else look_back.follow(uow, now)
    concerned = participations.of_gathering(uow, now.id, CONCERNED)
    for part in concerned:
        event_reminders.plan(uow, now, part, closed)
    matters = moved or before.details.place != now.details.place or before.state is not now.state
    if not matters or before.ends_at <= uow.now:
        return 0
    what = event_reminders.CANCELLED if not now.planned else event_reminders.MOVED
    if now.planned and not moved:
        what = event_reminders.CHANGED
    return event_reminders.tell(uow, now, [one.person_id for one in concerned], what, before, closed)
