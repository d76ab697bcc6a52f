"""How old a fact may be: fresh, to check again, or too old to be shown without a warning."""

from datetime import date, timedelta

from careers.model import Source

FRESH = timedelta(days=365)  # a year of school: what was seen since then can be said
OLD = timedelta(days=2 * 365)  # beyond, only with a warning
STATES = ("fresh", "check", "old")


def freshness(source: Source, today: date) -> str:
    """Fresh (seen within a year), check (within two) or old (longer ago, or nobody knows)."""
    return state(source.seen, today)


def state(seen: date | None, today: date) -> str:
    """The same for a day alone."""
    if seen is None or today - seen > OLD:
        return "old"
    return "fresh" if today - seen <= FRESH else "check"
