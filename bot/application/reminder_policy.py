"""When a reminder may be said, looked at alone (content §5.4): consent, pauses, what is over. Decides, writes nothing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.application import planning, quiet, reminder_kinds
from bot.application.event_reminders import ANSWER, NOTICE, OFFER, REMINDER
from bot.application.reminder_case import ABOUT_EVENTS, DEBRIEF, SLACK, STEP, WEEK, WEEKLY, Case, Thing
from bot.application.scene import LEFT_OPEN, LOOKED_UP
from bot.application.views import desk_of
from storage.agenda import Reminder, Status
from storage.gatherings import Gathering
from storage.participations import Part, Standing

AFTER = timedelta(hours=48)  # before an unfinished page is mentioned, once
TOO_LATE = timedelta(hours=48)  # after an outage: later than this, a step's or a word's day has passed
DEBRIEF_AFTER = timedelta(hours=2)
DEBRIEF_LASTS = timedelta(days=7)  # later nobody remembers the moment
HOLIDAY_WAIT = timedelta(days=14)  # an unfinished page waits no longer for the end of holidays
NEVER_UNFINISHED = ("onboarding_consent", *LOOKED_UP)
Fate = Status | datetime | None  # settled so; put off until that wall time; to be said


def about_today(thing: Thing, today: date) -> bool:
    """Whether it is a change of what is, or was to be, today: said at once, whatever the hour."""
    if thing.row.kind != NOTICE or thing.gathering is None:
        return False
    was = thing.row.body.get("was")
    days = {
        thing.gathering.details.local_starts.date(),
        *([datetime.fromisoformat(was).date()] if was else []),
    }
    return today in days


def fate(case: Case, thing: Thing) -> Fate:
    """What becomes of a reminder that is due, looked at alone."""
    kind = thing.row.kind
    if kind in ABOUT_EVENTS:
        if thing.part is None or thing.gathering is None:
            return Status.CANCELLED
        return _EVENTS[kind](case, thing, thing.part, thing.gathering)
    if kind == STEP:
        late = case.uow.now - thing.row.due_at > TOO_LATE
        return Status.EXPIRED if late else None if step_of(case, thing.row) is not None else Status.CANCELLED
    return _of_own_accord(case, thing)


def _reminder(case: Case, thing: Thing, part: Part, gathering: Gathering) -> Fate:
    if gathering.starts_at <= case.uow.now:
        return Status.EXPIRED
    wanted = part.own or thing.row.status is Status.SNOOZED or welcome(case, gathering)
    going = gathering.planned and part.standing is Standing.GOING and part.reminders != "none"
    return None if going and wanted else Status.CANCELLED


def welcome(case: Case, gathering: Gathering) -> bool:
    """Whether a reminder of something that staff entered the learner for may be said at all."""
    off = reminder_kinds.kinds_of(case.held.profile).get(gathering.details.kind.value) == reminder_kinds.OFF
    return reminder_kinds.agreed(case.held.profile) and not off and not _paused(case)


def _notice(case: Case, thing: Thing, _part: Part, gathering: Gathering) -> Fate:
    was = datetime.fromisoformat(str(thing.row.body.get("was") or gathering.details.local_starts.isoformat()))
    over = max(was, gathering.details.local_ends) < case.local
    return Status.EXPIRED if over else None


def _offer(case: Case, _thing: Thing, part: Part, _gathering: Gathering) -> Fate:
    if part.standing is not Standing.OFFERED:
        return Status.CANCELLED
    return Status.EXPIRED if part.offer_until is None or part.offer_until <= case.uow.now else None


def _answer(case: Case, thing: Thing, part: Part, gathering: Gathering) -> Fate:
    if gathering.starts_at <= case.uow.now:
        return Status.EXPIRED
    meant = Standing.GOING if thing.row.body.get("chosen") else Standing.DECLINED
    return None if part.standing is meant and gathering.planned else Status.CANCELLED


def _debrief(case: Case, _thing: Thing, _part: Part, gathering: Gathering) -> Fate:
    off = reminder_kinds.kinds_of(case.held.profile).get(DEBRIEF) == reminder_kinds.OFF
    if not gathering.planned or off:
        return Status.CANCELLED
    if gathering.ends_at > case.uow.now:  # it was moved meanwhile
        return quiet.later(gathering.details.local_ends + DEBRIEF_AFTER, case.closed)
    return Status.EXPIRED if case.uow.now - gathering.ends_at > DEBRIEF_LASTS else None


_EVENTS = {NOTICE: _notice, OFFER: _offer, ANSWER: _answer, REMINDER: _reminder, DEBRIEF: _debrief}


def _of_own_accord(case: Case, thing: Thing) -> Fate:
    if not reminder_kinds.agreed(case.held.profile) or _paused(case) or _taken(case, thing):
        return Status.CANCELLED
    if _comes_back_today(case):
        return Status.EXPIRED
    if case.local.date() in case.closed:
        return Status.EXPIRED if thing.row.kind == WEEKLY else _after_holidays(case, thing)
    if thing.row.kind == WEEKLY:
        late = case.uow.now - thing.row.due_at > TOO_LATE
        return Status.EXPIRED if late or _event_soon(case) else None
    return None if unfinished(case) is not None else Status.CANCELLED


def _comes_back_today(case: Case) -> bool:
    """Whether the learner asked to look back later today: the day's one message is kept for that."""
    today = case.local.date()
    return any(
        row.kind == DEBRIEF and row.local_at > case.local and row.local_at.date() == today
        for row in case.waiting
    )


def _taken(case: Case, thing: Thing) -> bool:
    """Whether it would come too soon after another; the weekly word keeps its own distance, in its plan."""
    return recent(case, WEEK - SLACK if thing.row.kind == WEEKLY else case.period)


def _after_holidays(case: Case, thing: Thing) -> Fate:
    day = quiet.school_again(case.local.date(), case.closed)
    planned = planning.wall(thing.row.due_at).date()
    if day - planned > HOLIDAY_WAIT:
        return Status.EXPIRED
    return quiet.later(datetime.combine(day, quiet.USUAL), case.closed)


def _event_soon(case: Case) -> bool:
    """The one slot of the week is kept for a gathering that staff entered the learner for."""
    soon = case.uow.now + WEEK
    things = (case.thing(row) for row in case.waiting if row.kind == REMINDER and row.due_at <= soon)
    return any(
        not thing.own
        and thing.gathering is not None
        and fate(case, thing) is None
        and welcome(case, thing.gathering)
        for thing in things
    )


def step_of(case: Case, row: Reminder) -> Mapping[str, Any] | None:
    """The step, unless its outcome was said or its day was moved meanwhile."""
    steps = case.held.profile.get("action.list")
    index = int(row.occurrence or 0)
    if not isinstance(steps, list) or index >= len(steps):
        return None
    step: Mapping[str, Any] = steps[index]
    same = str(step.get("due", ""))[:10] == str(row.body.get("due", ""))
    return step if same and not step.get("status") else None


def unfinished(case: Case) -> str | None:
    """The page that was left in the middle for two days."""
    desk = desk_of(case.held)
    if desk.last_at is not None and case.uow.now - desk.last_at < AFTER - timedelta(hours=1):
        return None
    left = list(case.held.profile.get(LEFT_OPEN) or {})
    page = desk.run.page if desk.run else left[-1] if left else None
    return page if page in case.services.library.pages and page not in NEVER_UNFINISHED else None


def recent(case: Case, period: timedelta) -> bool:
    """Whether a message of our own accord was said within this time."""
    sent = case.ledger.get("sent")
    return sent is not None and case.uow.now - datetime.fromisoformat(sent) < period


def _paused(case: Case) -> bool:
    until = case.held.profile.get("progress.paused_until")
    return bool(until) and case.local.date() < date.fromisoformat(str(until))
