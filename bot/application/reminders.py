"""When the bot may write first: planning, moving out of quiet hours, and sending what is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.application import planning, quiet, turns
from bot.application.scene import LEFT_OPEN
from bot.application.services import Services
from bot.application.views import desk_of
from storage import agenda, conversations, outbox, people
from storage.agenda import Reminder, Status
from storage.conversations import Conversation
from storage.people import Person
from storage.unit_of_work import UnitOfWork

WEEKLY, UNFINISHED, STEP = "weekly", "unfinished", planning.KIND
ORDER = (STEP, UNFINISHED, WEEKLY)  # one message at most at a time: the first of these
AFTER = timedelta(hours=48)  # before an unfinished page is mentioned, once
TOO_LATE = timedelta(hours=48)  # after an outage: later than this, a step's day has passed
WEEK = timedelta(days=7)
UNANSWERED, PAUSE = 2, timedelta(days=28)
MOST_WEEKS = 4  # between two words of our own accord, after « moins souvent »
LEDGER = "progress.reminders"  # {"sent": iso, "unanswered": n, "pauses": n}
BATCH = 200


@dataclass(frozen=True, slots=True)
class _Case:
    """One person whose reminders are due, inside one transaction."""

    services: Services
    uow: UnitOfWork
    person: Person
    held: Conversation
    local: datetime  # wall time now
    closed: quiet.Holidays

    @property
    def ledger(self) -> Mapping[str, Any]:
        found = self.held.profile.get(LEDGER)
        return found if isinstance(found, Mapping) else {}


# ---------------------------------------------------------------- planning


def after_turn(
    services: Services,
    uow: UnitOfWork,
    person_id: str,
    profile: Mapping[str, Any],
    changed: Iterable[str],
    *,
    began: bool,
) -> None:
    """Plan what a turn calls for: a weekly note when the slot was chosen, a word about a page that was begun."""
    if not began and "consent.reminder_slot" not in changed:
        return
    slot = str(profile.get("consent.reminder_slot") or "none")
    if "consent.reminder_slot" in changed:
        agenda.cancel(uow, _source(WEEKLY, person_id))
        if slot != "none":
            people.set_silent(uow, person_id, silent=False)
            _plan_weekly(uow, person_id, slot, planning.wall(services.now()), planning.holidays(uow))
    if began and slot in quiet.SLOTS:
        local = quiet.later(planning.wall(services.now()) + AFTER, planning.holidays(uow))
        occurrence = services.now().date().isoformat()
        agenda.cancel(uow, _source(UNFINISHED, person_id))
        agenda.plan(uow, UNFINISHED, _source(UNFINISHED, person_id), person_id, local, occurrence=occurrence)


def stop_all(services: Services, uow: UnitOfWork, person_id: str) -> None:
    """The word `stop`: cancel everything planned for this person and write first no more."""
    _ = services
    for kind in (WEEKLY, UNFINISHED):
        agenda.cancel(uow, _source(kind, person_id))
    agenda.cancel(uow, planning.source(person_id))
    people.set_silent(uow, person_id, silent=True)


def later(services: Services, uow: UnitOfWork, person_id: str) -> None:
    """« Plus tard »: the same word once more, tomorrow at the usual hour."""
    tomorrow = planning.wall(services.now()).date() + timedelta(days=1)
    local = quiet.later(datetime.combine(tomorrow, quiet.USUAL), planning.holidays(uow))
    agenda.plan(
        uow, UNFINISHED, _source(UNFINISHED, person_id), person_id, local, occurrence=f"later {tomorrow}"
    )


def less_often(
    services: Services, uow: UnitOfWork, person_id: str, profile: Mapping[str, Any]
) -> dict[str, Any]:
    """« Moins souvent »: twice as many weeks between two words, four at most. The new ledger, to be noted."""
    ledger = profile.get(LEDGER) or {}
    weeks = min(MOST_WEEKS, 2 * int(ledger.get("weeks", 1)))
    agenda.cancel(uow, _source(WEEKLY, person_id))
    after = planning.wall(services.now()) + WEEK * (weeks - 1)
    _plan_weekly(
        uow, person_id, str(profile.get("consent.reminder_slot") or "none"), after, planning.holidays(uow)
    )
    return {**ledger, "weeks": weeks}


def next_weekly(slot: str, after: datetime, spread: int = 0) -> datetime | None:
    """The next wall time (naive, Brussels) of a learner's weekly slot, or None for `none`."""
    return quiet.next_weekly(slot, after, spread, quiet.Holidays())


def _plan_weekly(uow: UnitOfWork, person_id: str, slot: str, after: datetime, closed: quiet.Holidays) -> None:
    spread = sum(person_id.encode())
    local = quiet.next_weekly(slot, after, spread, closed)
    if local is not None:
        source = _source(WEEKLY, person_id)
        agenda.plan(uow, WEEKLY, source, person_id, local, occurrence=local.date().isoformat())


def _source(kind: str, person_id: str) -> str:
    return f"{kind}:{person_id}"


# ---------------------------------------------------------------- sending


def send_due(services: Services) -> int:
    """Send what is due now, one transaction a person; the number of messages written. Called by the timetable."""
    with (
        services.database.begin() as uow
    ):  # who: only read here, each person is locked before their rows are touched
        waiting = dict.fromkeys(one.person_id for one in agenda.due(uow, limit=BATCH))
    return sum(_send(services, person_id) for person_id in waiting)


def _send(services: Services, person_id: str) -> int:
    with services.database.begin() as uow:
        person = people.get(uow, person_id, lock=True)
        due = [one for one in agenda.of_person(uow, person_id) if _is_due(one, uow.now)]
        if person is None:
            return 0
        held = conversations.load(uow, person)
        local = planning.wall(uow.now)
        case = _Case(services, uow, person, held, local, planning.holidays(uow))
        return _one_of(case, sorted(due, key=lambda one: (ORDER.index(one.kind), one.due_at)))


def _is_due(one: Reminder, now: datetime) -> bool:
    return one.status in (Status.PLANNED, Status.SNOOZED) and one.due_at <= now and one.kind in ORDER


def _one_of(case: _Case, due: list[Reminder]) -> int:
    """Send the first that may be sent, settle the others: never a storm after an outage."""
    if quiet.is_quiet(case.local, case.closed):
        for one in due:
            agenda.snooze(case.uow, one.id, quiet.later(case.local, case.closed))
        return 0
    sent = 0
    for one in due:
        if sent or not _wanted(case, one):
            agenda.settle(case.uow, one.id, Status.EXPIRED if sent else Status.CANCELLED)
        else:
            sent = _write(case, one)
            agenda.settle(case.uow, one.id, Status.SENT)
        if one.kind == WEEKLY:
            _again_next_week(case)
    return sent


def _wanted(case: _Case, one: Reminder) -> bool:
    if case.person.silent:
        return False
    if one.kind == STEP:
        return case.uow.now - one.due_at <= TOO_LATE and _step(case, one) is not None
    if (
        str(case.held.profile.get("consent.reminder_slot") or "none") == "none"
        or _paused(case)
        or _recent(case)
    ):
        return False
    return one.kind == WEEKLY or _unfinished(case) is not None


def _step(case: _Case, one: Reminder) -> Mapping[str, Any] | None:
    """The step, unless its outcome was said or its day was moved meanwhile."""
    steps = case.held.profile.get("action.list")
    index = int(one.occurrence or 0)
    if not isinstance(steps, list) or index >= len(steps):
        return None
    step: Mapping[str, Any] = steps[index]
    same = str(step.get("due", ""))[:10] == str(one.body.get("due", ""))
    return step if same and not step.get("status") else None


def _unfinished(case: _Case) -> str | None:
    """The page that was left in the middle for two days."""
    desk = desk_of(case.held)
    if desk.last_at is not None and case.uow.now - desk.last_at < AFTER - timedelta(hours=1):
        return None
    left = list(case.held.profile.get(LEFT_OPEN) or {})
    page = desk.run.page if desk.run else left[-1] if left else None
    return page if page in case.services.library.pages and page != "onboarding_consent" else None


def _recent(case: _Case) -> bool:
    """One message of our own accord a week."""
    sent = case.ledger.get("sent")
    return sent is not None and case.uow.now - datetime.fromisoformat(sent) < WEEK - timedelta(hours=12)


def _paused(case: _Case) -> bool:
    until = case.held.profile.get("progress.paused_until")
    return bool(until) and case.local.date() < date.fromisoformat(str(until))


def _write(case: _Case, one: Reminder) -> int:
    """The message in the person's list, once however often this runs; a step also opens its page."""
    row = outbox.NewRow(
        "reminder",
        f"reminder:{one.id}",
        case.person.id,
        people.WEB,
        {},
        one.occurrence,
        person_id=case.person.id,
    )
    if not outbox.add(case.uow, [row]):
        return 0
    text = _text(case, one)
    channel = people.contact(case.uow, case.person)
    if one.kind == STEP:
        turns.open_page(case.services, case.uow, case.person, "action_plan", "track", text, channel)
    else:
        turns.invite(case.services, case.uow, case.person, text, channel)
        _count(case)
    return 1


def _text(case: _Case, one: Reminder) -> str:
    say, seed = case.services.library.microcopy.say, f"{case.person.id}{one.occurrence}"
    if one.kind == STEP:
        step = _step(case, one) or {}
        said = str(step.get("first_step") or "")
        return say("reminder_action_due", seed, first_step=said) if said else say("reminder_action_due_plain")
    if one.kind == UNFINISHED:
        page = str(_unfinished(case))
        own = f"resume_unfinished_{page}"
        has = case.services.library.microcopy.has(own)
        return say(
            own if has else "resume_unfinished", seed, dialogue=case.services.library.pages[page].title
        )
    return say("reminder_silence") if _last_before_pause(case) else say("reminder_weekly", seed)


def _answered(case: _Case) -> bool:
    """Whether the person came since the last message of our own accord."""
    sent, last = case.ledger.get("sent"), desk_of(case.held).last_at
    return sent is None or (last is not None and last > datetime.fromisoformat(sent))


def _last_before_pause(case: _Case) -> bool:
    return not _answered(case) and int(case.ledger.get("unanswered", 0)) + 1 >= UNANSWERED


def _count(case: _Case) -> None:
    """Two without an answer: a pause of 28 days; after the second pause, only what was asked for."""
    unanswered = 0 if _answered(case) else int(case.ledger.get("unanswered", 0)) + 1
    pauses = int(case.ledger.get("pauses", 0))
    values: dict[str, Any] = {}
    if unanswered >= UNANSWERED:
        unanswered, pauses = 0, pauses + 1
        values["progress.paused_until"] = (case.local.date() + PAUSE).isoformat()
        if pauses >= UNANSWERED:
            values["consent.reminder_slot"] = "none"
    values[LEDGER] = {
        **case.ledger,
        "sent": case.uow.now.isoformat(),
        "unanswered": unanswered,
        "pauses": pauses,
    }
    conversations.note(case.uow, case.person.id, values)


def _again_next_week(case: _Case) -> None:
    slot = str(case.held.profile.get("consent.reminder_slot") or "none")
    if slot != "none" and not case.person.silent:
        weeks = int(case.ledger.get("weeks", 1))
        _plan_weekly(case.uow, case.person.id, slot, case.local + WEEK * (weeks - 1), case.closed)
