"""Says what is due, one transaction and one message a person: judged, put together, written, settled."""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.application import (
    effects,
    invited,
    planning,
    quiet,
    reminder_buttons,
    reminder_case,
    reminder_kinds,
    reminder_ledger,
    reminder_limits,
    reminders,
    turns,
)
from bot.application.event_reminders import REMINDER
from bot.application.reminder_case import (
    ABOUT_EVENTS,
    OF_OWN_ACCORD,
    ORDER,
    STEP,
    WEEKLY,
    Case,
    Thing,
)
from bot.application.reminder_policy import Fate, about_today, fate
from bot.application.reminder_words import Words
from bot.application.services import Services
from bot.logs import get_logger
from storage import agenda, conversations, outbox, participations, people, reminding
from storage.agenda import Status
from storage.errors import CannotDecrypt, Conflict, StorageError, WrongTransition
from storage.unit_of_work import UnitOfWork

BATCH = 200
LATELY = timedelta(days=8)  # gatherings that ended so long ago may still be looked back on
LOOK_AGAIN = timedelta(minutes=10)  # at a person whose reminders cannot be said
TRIES = 3  # somebody else changed a reminder in the same second
OF_THE_ROW = (CannotDecrypt, Conflict, WrongTransition)  # errors of one person's rows, not of the database

log = get_logger(__name__)


def send_all(services: Services) -> int:
    """Say everything that is due now; the number of messages written."""
    sent, after = 0, ""
    while found := waiting(services, after):
        sent += sum(send_to(services, person_id) for person_id in found)
        after = found[-1]
    return sent


def waiting(services: Services, after: str = "") -> list[str]:
    """The next people for whom something is due, in the order of their ids."""
    with services.database.read() as uow:
        return reminding.people_due(uow, after, BATCH)


def send_to(services: Services, person_id: str) -> int:
    """Say what is due for one person; how many messages. Never raises but for a database that is away.

    What cannot be said is put off and logged, so that nobody else waits for it.
    """
    why: Exception
    for left in reversed(range(TRIES)):
        try:
            with services.database.begin() as uow:
                return _send(services, uow, person_id)
        except OF_THE_ROW as error:
            why = error
            if left and not isinstance(error, CannotDecrypt):
                continue
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one person, the others wait for nothing
            why = error
        break
    place = traceback.extract_tb(why.__traceback__)[-1]
    log.error("reminder_failed", why=type(why).__name__, where=f"{Path(place.filename).name}:{place.lineno}")
    with services.database.begin() as uow:
        reminding.put_off_all(uow, person_id, uow.now + LOOK_AGAIN)
    return 0


def _send(services: Services, uow: UnitOfWork, person_id: str) -> int:
    person = people.get(uow, person_id, lock=True)
    if person is None:
        return 0
    rows = reminding.waiting_of(uow, person_id)
    due = [row for row in rows if row.due_at <= uow.now]
    if person.silent:
        for row in due:
            agenda.settle(uow, row.id, Status.CANCELLED)
        return 0
    about = any(row.kind in ABOUT_EVENTS for row in rows)
    found = participations.of_person(uow, person_id, uow.now - LATELY) if about else []
    case = Case(
        services,
        uow,
        person,
        conversations.load(uow, person),
        planning.wall(uow.now),
        planning.holidays(uow),
        {gathering.id: (part, gathering) for part, gathering in found},
        rows,
    )
    told = _chosen(case, [case.thing(row) for row in due])
    if told:
        _write(case, told)
    return 1 if told else 0


# ---------------------------------------------------------------- what is said now


def _chosen(case: Case, due: Sequence[Thing]) -> list[Thing]:
    """What this message says, in its order; everything else is settled or put off."""
    things = [one for one in sorted(due, key=_place) if not _unknown(case, one)]
    if quiet.is_quiet(case.local, case.closed):
        things = _urgent(case, things)
    things = [one for one in things if not _settled(case, one, fate(case, one))]
    if reminder_limits.out_of_day(case, things):
        for one in things:
            _settled(case, one, reminder_limits.tomorrow(case, one))
        return []
    things = _without(case, things, reminder_limits.out_of_week(case, things))
    own_accord = [one for one in things if one.row.kind in OF_OWN_ACCORD]
    things = _without(case, things, own_accord if len(own_accord) < len(things) else own_accord[1:])
    return sorted([*things, *reminder_limits.coming_along(case, things)], key=_place) if things else []


def _place(thing: Thing) -> tuple[int, datetime]:
    soonest = (
        thing.row.kind == REMINDER and thing.gathering is not None
    )  # tomorrow's lab before next week's fair
    first = thing.gathering.starts_at if soonest and thing.gathering is not None else thing.row.due_at
    return ORDER.index(thing.row.kind) if thing.row.kind in ORDER else len(ORDER), first


def _unknown(case: Case, thing: Thing) -> bool:
    """A kind of some later version: looked at again when that one runs."""
    if thing.row.kind in ORDER:
        return False
    reminding.put_off(case.uow, thing.row.id, case.local + timedelta(days=1))
    return True


def _urgent(case: Case, things: Sequence[Thing]) -> list[Thing]:
    """In quiet hours only changes of today are said; the rest waits for their end."""
    urgent = [one for one in things if about_today(one, case.local.date())]
    for one in things:
        if one not in urgent:
            reminding.put_off(case.uow, one.row.id, quiet.later(case.local, case.closed))
    return urgent


def _settled(case: Case, thing: Thing, becomes: Fate) -> bool:
    """Write down what became of a reminder; False when it is to be said."""
    if becomes is None:
        return False
    if isinstance(becomes, datetime):
        reminding.put_off(case.uow, thing.row.id, becomes)
        return True
    agenda.settle(case.uow, thing.row.id, becomes)
    if thing.row.kind == WEEKLY:
        _again_next_week(case)
    return True


def _without(case: Case, things: Sequence[Thing], dropped: Sequence[Thing]) -> list[Thing]:
    for one in dropped:
        _settled(case, one, Status.EXPIRED)
    return [one for one in things if one not in dropped]


# ---------------------------------------------------------------- the message


def _write(case: Case, told: Sequence[Thing]) -> None:
    """The message in the person's list, and on their platform; its reminders are settled in the same transaction."""
    also, words = reminder_limits.named_too(case, told), Words(case)
    text, lead = words.message(told, also), told[0]
    topic = lead.gathering.details.kind.value if lead.gathering is not None else lead.row.kind
    channel = reminder_kinds.channel_for(case.uow, case.person, case.held.profile, topic)
    scene = turns.open_scene(case.services, case.uow, case.person, case.held, channel=channel)
    scene.kind, scene.source = "reminder", f"{reminding.SOURCE}{lead.row.id}"
    scene.expires = reminder_ledger.of_use_until(case, told)
    if lead.row.kind == STEP:
        scene.add("text", {"text": text})
        if scene.desk.run is None:
            effects.begin(scene, "action_plan", "track")
    else:
        options, data = reminder_buttons.of(scene, lead, told)
        more = reminder_buttons.hint(scene, lead)
        invited.ask(scene, f"{text}\n{more}" if more else text, options, **data)
    for name, value in reminder_ledger.after(case, told, words.said).items():
        scene.note(name, value)
    if channel == people.WEB:
        row = outbox.NewRow(
            "reminder", scene.source, case.person.id, channel, {}, scene.message_key, person_id=case.person.id
        )
        outbox.add(case.uow, [row])
    _close(case, told, also)  # first: what the scene notes may cancel what waits
    turns.close_scene(scene, case.person, case.held, asked_for=False)


def _close(case: Case, told: Sequence[Thing], also: Sequence[Thing]) -> None:
    for one in told:
        agenda.settle(case.uow, one.row.id, Status.SENT)
        if one.row.kind == WEEKLY:
            _again_next_week(case)
    for one in also:
        agenda.settle(case.uow, one.row.id, Status.EXPIRED)


def _again_next_week(case: Case) -> None:
    slot = str(case.held.profile.get("consent.reminder_slot") or "none")
    if slot != "none":
        weeks = int(case.ledger.get("weeks", 1))
        after = case.local + reminder_case.WEEK * (weeks - 1)
        reminders.plan_weekly(case.uow, case.person.id, slot, after, case.closed)
