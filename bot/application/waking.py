"""When a browser is woken, without a word: something was written first for somebody who only uses the site."""

from datetime import datetime, timedelta

from bot.application import planning, quiet
from bot.application.services import Services
from storage import agenda, outbox, people, pushes, sessions
from storage.outbox import NewRow, OutboxRow
from storage.people import PUSH
from storage.pushes import Subscription
from storage.unit_of_work import UnitOfWork

KIND, SOURCE = "signal", "wake"
APART = timedelta(minutes=30)  # between two signals to one person, whatever is written
HERE = timedelta(minutes=2)  # whoever was on the site so lately sees it without a signal


def wake(uow: UnitOfWork, person_id: str, occurrence: str) -> bool:
    """Let a bare signal go to a person's browsers; whether one was queued. `occurrence`: what was written, once.

    None goes to somebody who said stop, who is on the site, or who had one within half an hour. What is written in
    quiet hours is signalled when they end, and no signal arrives after the evening began.
    """
    if not pushes.of_person(uow, person_id):
        return False
    person = people.get(uow, person_id)
    if person is None or person.silent or sessions.seen_since(uow, person_id, uow.now - HERE):
        return False
    goes, ends = _window(uow)
    last = pushes.last_signal(uow, person_id)
    if last is not None and goes - last < APART:
        return False
    row = NewRow(
        KIND,
        SOURCE,
        person_id,
        PUSH,
        {},
        occurrence,
        person_id=person_id,
        not_before=goes,
        expires_at=ends,
    )
    return bool(outbox.add(uow, [row]))


def _window(uow: UnitOfWork) -> tuple[datetime, datetime]:
    """From when a signal may go, and when quiet hours begin again: a phone that is off till then stays silent."""
    local = planning.wall(uow.now)
    allowed = quiet.later(local, planning.holidays(uow))
    goes = uow.now if allowed == local else agenda.instant(allowed)
    return goes, agenda.instant(datetime.combine(allowed.date(), quiet.NIGHT))


def browsers(services: Services, row: OutboxRow) -> list[Subscription]:
    """Whom a row still wakes: nobody once the person said stop, or came since it was written."""
    with services.database.read() as uow:
        person = people.get(uow, row.recipient)
        since = min(row.created_at, uow.now - HERE)
        if person is None or person.silent or sessions.seen_since(uow, row.recipient, since):
            return []
        return pushes.of_person(uow, row.recipient)
