"""A person whose reminders are due: the rows with what they are about, and what was said to them of late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application import event_times, planning, quiet, reminder_kinds
from bot.application.event_reminders import ANSWER, NOTICE, OFFER, REMINDER
from bot.application.services import Services
from storage.agenda import Reminder, Status
from storage.conversations import Conversation
from storage.gatherings import Gathering
from storage.participations import Part
from storage.people import Person
from storage.unit_of_work import UnitOfWork

WEEKLY, UNFINISHED, STEP, DEBRIEF = "weekly", "unfinished", planning.KIND, reminder_kinds.DEBRIEF
ORDER = (NOTICE, OFFER, ANSWER, REMINDER, DEBRIEF, STEP, UNFINISHED, WEEKLY)  # of what one message says
OF_OWN_ACCORD = (UNFINISHED, WEEKLY)  # said alone or not at all
ABOUT_EVENTS = (NOTICE, OFFER, ANSWER, REMINDER, DEBRIEF)
WEEK, SLACK = timedelta(days=7), timedelta(hours=12)
LEDGER = "progress.reminders"  # {"sent", "word_sent", "unanswered", "pauses", "weeks", "events_week", "last_day", "day_count", "texts"}


@dataclass(frozen=True, slots=True)
class Thing:
    """One reminder with the gathering that it is about."""

    row: Reminder
    part: Part | None = None
    gathering: Gathering | None = None

    @property
    def hours_before(self) -> bool:
        """Whether it is the second reminder, which the learner asked for."""
        return self.row.body.get("code") == event_times.HOURS_BEFORE

    @property
    def asked_for(self) -> bool:
        """Whether the learner asked for this very message, or it is a service: no weekly limit counts it."""
        if self.row.kind in OF_OWN_ACCORD:
            return False
        if self.row.kind != REMINDER or self.row.status is Status.SNOOZED or self.hours_before:
            return True
        return self.part is not None and self.part.own and self.part.reminders == "more"

    @property
    def own(self) -> bool:
        """Whether the learner signed up by their own hand."""
        return self.part is not None and self.part.own


@dataclass(frozen=True, slots=True)
class Case:
    """One person whose reminders are due, inside one transaction."""

    services: Services
    uow: UnitOfWork
    person: Person
    held: Conversation
    local: datetime  # wall time now
    closed: quiet.Holidays
    parts: Mapping[str, tuple[Part, Gathering]]
    waiting: Sequence[Reminder]

    @property
    def ledger(self) -> Mapping[str, Any]:
        """What was said of our own accord, and when."""
        found = self.held.profile.get(LEDGER)
        return found if isinstance(found, Mapping) else {}

    @property
    def period(self) -> timedelta:
        """From one word of our own accord to the next."""
        return WEEK * int(self.ledger.get("weeks", 1)) - SLACK

    @property
    def said_today(self) -> int:
        """Messages written first today."""
        today = self.ledger.get("last_day") == self.local.date().isoformat()
        return int(self.ledger.get("day_count", 0)) if today else 0

    def thing(self, row: Reminder) -> Thing:
        """A reminder with what it is about."""
        if row.kind not in ABOUT_EVENTS:
            return Thing(row)
        return Thing(row, *self.parts.get(row.source.partition(":")[2], (None, None)))
