"""What reminders may do together: one message for a day, one slot a week, and what is named along. Decides, writes nothing."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.application import quiet
from bot.application.event_reminders import NOTICE, OFFER, REMINDER
from bot.application.reminder_case import DEBRIEF, OF_OWN_ACCORD, STEP, Case, Thing
from bot.application.reminder_policy import Fate, about_today, fate, recent
from bot.application.views import desk_of
from storage.agenda import Status

MOST_A_DAY = 3
UNANSWERED = 2  # words of our own accord, before a pause


def out_of_day(case: Case, things: Sequence[Thing]) -> bool:
    """Whether today had its message already, and nothing here may come on top of it."""
    if case.said_today == 0:
        return False
    urgent = any(about_today(one, case.local.date()) for one in things)
    few = case.said_today < MOST_A_DAY
    return not urgent and not (few and any(_on_top(one) for one in things))


def _on_top(thing: Thing) -> bool:
    return thing.row.kind == OFFER or thing.hours_before or thing.row.status is Status.SNOOZED


def tomorrow(case: Case, thing: Thing) -> Fate:
    """When what found no room today is said: words of our own accord not at all, the rest tomorrow if it is of use then."""
    if thing.row.kind in OF_OWN_ACCORD:
        return Status.EXPIRED
    day = case.local.date() + timedelta(days=1)
    if thing.row.kind == NOTICE:  # should it be about tomorrow, it is said at once then
        return datetime.combine(day, quiet.MORNING)
    usual = quiet.on_day(day, str(case.held.profile.get("consent.reminder_slot") or ""), case.closed)
    hour = quiet.USUAL if thing.row.kind == DEBRIEF else quiet.MORNING
    local = usual if thing.row.kind == STEP else quiet.later(datetime.combine(day, hour), case.closed)
    begins = thing.gathering.details.local_starts if thing.gathering is not None else None
    return Status.EXPIRED if thing.row.kind == REMINDER and begins is not None and begins <= local else local


def out_of_week(case: Case, things: Sequence[Thing]) -> list[Thing]:
    """Gatherings whose message of the week was said; none when another message goes out anyway, which names them too."""
    spent = [one for one in things if _spent(case, one)]
    goes = any(one not in spent and one.row.kind not in OF_OWN_ACCORD for one in things)
    return [] if goes else spent


def _spent(case: Case, thing: Thing) -> bool:
    if thing.asked_for or thing.row.kind in OF_OWN_ACCORD:
        return False
    return (
        case.ledger.get("events_week") == week_of(case.local.date())
        if thing.own
        else recent(case, case.period)
    )


def week_of(day: date) -> str:
    """The ISO week of a day: « 2027-W02 »."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def coming_along(case: Case, told: Sequence[Thing]) -> list[Thing]:
    """What is due later today and is said now, so that today has one message."""
    known = {one.row.id for one in told}
    ends = datetime.combine(case.local.date(), time.max)
    rows = [row for row in case.waiting if row.id not in known and case.local < row.local_at <= ends]
    things = [case.thing(row) for row in rows if row.kind in (REMINDER, STEP)]
    return [one for one in things if not one.hours_before and fate(case, one) is None]


def named_too(case: Case, told: Sequence[Thing]) -> list[Thing]:
    """Other gatherings that this message names, since their own reminder would find its week taken."""
    known = {one.row.id for one in told}
    plain = [one for one in told if one.row.kind == REMINDER and not one.asked_for]
    found = []
    for row in case.waiting:
        thing = case.thing(row)
        if row.kind != REMINDER or row.id in known or thing.asked_for or row.due_at <= case.uow.now:
            continue
        mates = [one for one in plain if one.own == thing.own]
        if mates and row.local_at <= _covered(case, own=thing.own) and fate(case, thing) is None:
            found.append(thing)
    return found


def _covered(case: Case, *, own: bool) -> datetime:
    """Until when (wall time) no other message about such gatherings may come."""
    if not own:
        return case.local + case.period
    sunday = case.local.date() + timedelta(days=6 - case.local.weekday())
    return datetime.combine(sunday, time.max)


def answered(case: Case) -> bool:
    """Whether the person came since the last word of our own accord."""
    word, last = case.ledger.get("word_sent") or case.ledger.get("sent"), desk_of(case.held).last_at
    return word is None or (last is not None and last > datetime.fromisoformat(word))


def last_before_pause(case: Case) -> bool:
    """Whether the word that is said now is the last one for a month."""
    return not answered(case) and int(case.ledger.get("unanswered", 0)) + 1 >= UNANSWERED
