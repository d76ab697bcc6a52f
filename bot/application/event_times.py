"""When a gathering is reminded of: the eve at 17:00, fairs also a week before, two hours before on request. Pure."""

from datetime import datetime, time, timedelta

from bot.application import quiet
from storage.gatherings import Kind

EVE = time(17, 0)
BEFORE = timedelta(hours=2)
WEEK_BEFORE, DAY_BEFORE, HOURS_BEFORE = "D-7", "D-1", "H-2"
CHOICES = ("eve", "more", "none")


def moments(
    kind: Kind, starts: datetime, reminders: str, closed: quiet.Holidays
) -> list[tuple[str, datetime]]:
    """Which reminders, and at what wall time, for a gathering that begins at this wall time; in order of time.

    reminders: `eve`, `more` (also two hours before) or `none`.
    """
    if reminders not in CHOICES:
        raise ValueError(f"no such choice of reminders: {reminders}")
    if reminders == "none":
        return []
    found = [(DAY_BEFORE, datetime.combine(starts.date() - timedelta(days=1), EVE))]
    if kind is Kind.FAIR:
        found.insert(0, (WEEK_BEFORE, datetime.combine(starts.date() - timedelta(days=7), EVE)))
    if reminders == "more":
        found.append((HOURS_BEFORE, quiet.earlier(starts - BEFORE, closed)))
    return sorted(found, key=lambda one: one[1])
