"""Hours at which the bot does not write first: nights, and school hours of weekdays (content §5.4). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

NIGHT, MORNING = time(20, 0), time(8, 0)
SCHOOL_STARTS, SCHOOL_ENDS = time(8, 0), time(15, 30)
FRIDAY = 4
MOST_WEEKS = 20  # longer than any holidays
USUAL = time(17, 0)
SLOTS = {  # slot -> weekdays (Monday 0) and hour; the weekdays of a week slot are spread by person
    "wed_pm": ((2,), time(15, 30)),
    "sat_am": ((5,), time(10, 0)),
    "week_17h": ((0, 1, 2, 3, 4), time(17, 0)),
    "week_19h": ((0, 1, 2, 3, 4), time(19, 0)),
}


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days without school, as periods that staff entered. Empty: every weekday is a school day."""

    periods: tuple[tuple[date, date], ...] = ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and any(first <= day <= last for first, last in self.periods)


def of(periods: Iterable[tuple[date, date]]) -> Holidays:
    """The holidays of these periods, both ends included."""
    return Holidays(tuple(periods))


def is_quiet(local: datetime, holidays: Holidays) -> bool:
    """Whether a wall time is in the night or in school hours."""
    clock = local.time()
    if clock >= NIGHT or clock < MORNING:
        return True
    school = local.weekday() <= FRIDAY and local.date() not in holidays
    return school and SCHOOL_STARTS <= clock < SCHOOL_ENDS


def later(local: datetime, holidays: Holidays) -> datetime:
    """The first wall time at or after `local` at which writing is allowed."""
    if local.time() >= NIGHT:
        local = datetime.combine(local.date() + timedelta(days=1), MORNING)
    elif local.time() < MORNING:
        local = datetime.combine(local.date(), MORNING)
    school = local.weekday() <= FRIDAY and local.date() not in holidays
    if school and SCHOOL_STARTS <= local.time() < SCHOOL_ENDS:
        return datetime.combine(local.date(), SCHOOL_ENDS)
    return local.replace(tzinfo=None)


def earlier(local: datetime, holidays: Holidays) -> datetime:
    """The last whole minute at or before `local` at which writing is allowed (two hours before a gathering)."""
    while is_quiet(local, holidays):
        clock = local.time()
        if clock < MORNING:
            local = datetime.combine(local.date() - timedelta(days=1), NIGHT) - timedelta(minutes=1)
        elif clock >= NIGHT:
            local = datetime.combine(local.date(), NIGHT) - timedelta(minutes=1)
        else:  # in school hours: the evening before, since school begins as the night ends
            local = datetime.combine(local.date() - timedelta(days=1), NIGHT) - timedelta(minutes=1)
    return local


def on_day(day: date, slot: str | None, holidays: Holidays) -> datetime:
    """The wall time of a planned step on its day: the learner's slot hour, else 17:00."""
    hour = SLOTS[slot][1] if slot in SLOTS else USUAL
    return later(datetime.combine(day, hour), holidays)


def next_weekly(slot: str | None, after: datetime, spread: int, holidays: Holidays) -> datetime | None:
    """The next wall time of a weekly slot strictly after `after` (naive), in no holidays; None without a slot.

    `spread` (any number of the person's own) chooses the weekday of a slot "in the week", always the same.
    """
    if slot not in SLOTS:
        return None
    weekdays, hour = SLOTS[slot]
    weekday = weekdays[spread % len(weekdays)]
    day = after.date() + timedelta(days=(weekday - after.weekday()) % 7)
    for week in range(MOST_WEEKS):
        moment = later(datetime.combine(day + timedelta(days=7 * week), hour), holidays)
        if moment > after and moment.date() not in holidays:
            return moment
    return None


def school_again(day: date, holidays: Holidays) -> date:
    """The first day from this one on that is in no holidays."""
    while day in holidays:
        day = max(last for first, last in holidays.periods if first <= day <= last) + timedelta(days=1)
    return day
