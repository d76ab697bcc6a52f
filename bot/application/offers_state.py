"""What is remembered of the readings of job offers: when, from where, how many, and the last failure."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from storage import meta
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.application.offers import Summary

BRUSSELS = ZoneInfo("Europe/Brussels")
KEY = "offers state"
HOUR = 3  # UTC, when nobody chats
RESTED = timedelta(hours=3)  # a reading by hand in the evening does not stand in for the night's
AGAIN = timedelta(hours=1)  # after a failure, still in the night
MOST = 50  # unknown values kept


@dataclass(frozen=True, slots=True)
class State:
    """Kept in `meta`; all empty before the first reading."""

    whole: datetime | None = None  # last whole export
    last: datetime | None = None  # last good reading
    day: date | None = None  # day of that reading, in Brussels
    host: str = ""
    open: int = 0
    unknown: dict[str, int] = field(default_factory=dict)  # values that no vocabulary has
    failed: datetime | None = None  # last failure, if no good reading came after it
    why: str = ""

    @classmethod
    def read(cls, uow: UnitOfWork) -> "State":
        """What is kept; the empty state when there is none, or when it cannot be read."""
        try:
            raw: dict[str, Any] = json.loads(meta.read(uow, KEY) or "{}")
            for name in ("whole", "last", "failed"):
                raw[name] = datetime.fromisoformat(raw[name]) if raw.get(name) else None
            raw["day"] = date.fromisoformat(raw["day"]) if raw.get("day") else None
            return cls(**raw)
        except (ValueError, TypeError):
            return cls()

    def write(self, uow: UnitOfWork) -> None:
        """Keep it."""
        meta.write(uow, KEY, json.dumps(asdict(self), default=lambda one: one.isoformat()))

    def succeeded(self, now: datetime, day: date, host: str, summary: "Summary") -> "State":
        """After a good reading."""
        report = summary.report
        return replace(
            self,
            whole=now if summary.whole else self.whole,
            last=now,
            day=day,
            host=host,
            open=summary.open,
            unknown=dict(report.unknown.most_common(MOST)) if summary.whole else self.unknown,
            failed=None,
            why="",
        )

    def failed_at(self, now: datetime, why: str) -> "State":
        """After a failure: all that was good stays."""
        return replace(self, failed=now, why=why)

    def due(self, now: datetime) -> bool:
        """Whether the timetable reads now: once a night, and again an hour after a failure."""
        if now.hour != HOUR:
            return False
        rested = self.last is None or now - self.last >= RESTED
        return rested and (self.failed is None or now - self.failed >= AGAIN)

    def next(self, now: datetime) -> datetime:
        """When the timetable reads next, if it runs."""
        at = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        while not self.due(at):
            at += timedelta(hours=1)
        return max(at, now)
