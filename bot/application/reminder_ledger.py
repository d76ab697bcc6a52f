"""What is remembered of a message written first: the week and the day it took, its words, and how many went unanswered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.application import quiet, reminder_limits
from bot.application.event_reminders import REMINDER
from bot.application.reminder_case import LEDGER, OF_OWN_ACCORD, Case, Thing
from storage import agenda

PAUSE = timedelta(days=28)


def of_use_until(case: Case, told: Sequence[Thing]) -> datetime:
    """Until when a message may still leave the house (an instant): not in quiet hours, and not once what it is about has begun."""
    ends = datetime.combine(case.local.date(), quiet.NIGHT)
    if case.local >= ends or case.local.time() < quiet.MORNING:  # a change of today, at night
        ends = case.local + timedelta(hours=12)
    begins = [
        one.gathering.details.local_starts
        for one in told
        if one.row.kind == REMINDER and one.gathering is not None
    ]
    return agenda.instant(min([ends, *begins]))


def after(case: Case, told: Sequence[Thing], said: Mapping[str, int]) -> dict[str, Any]:
    """The ledger after this message, and a pause when two words went without an answer."""
    today, now = case.local.date(), case.uow.now.isoformat()
    ledger: dict[str, Any] = {
        **case.ledger,
        "last_day": today.isoformat(),
        "day_count": case.said_today + 1,
        "texts": dict(said),
    }
    counted = [one for one in told if one.row.kind == REMINDER and not one.asked_for]
    if any(one.own for one in counted):
        ledger["events_week"] = reminder_limits.week_of(today)
    words_only = told[0].row.kind in OF_OWN_ACCORD
    if words_only or any(not one.own for one in counted):
        ledger["sent"] = now
    if not words_only:
        return {LEDGER: ledger}
    values: dict[str, Any] = {}
    unanswered = 0 if reminder_limits.answered(case) else int(case.ledger.get("unanswered", 0)) + 1
    pauses = int(case.ledger.get("pauses", 0))
    if unanswered >= reminder_limits.UNANSWERED:
        unanswered, pauses = 0, pauses + 1
        values["progress.paused_until"] = (today + PAUSE).isoformat()
        if pauses >= reminder_limits.UNANSWERED:
            values["consent.reminder_slot"] = "none"
    return {**values, LEDGER: ledger | {"word_sent": now, "unanswered": unanswered, "pauses": pauses}}
