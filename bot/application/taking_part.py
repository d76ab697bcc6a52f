"""Taking part: places that hold when many ask at once, the waiting list and its offers, leaving without a word of blame."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from bot.application import event_reminders, event_times, planning, reminder_kinds
from bot.application.services import Services
from storage import conversations, gatherings, groups, participations
from storage.gatherings import Gathering
from storage.participations import Part, Standing
from storage.unit_of_work import UnitOfWork

MOTIVATION = 300  # characters
CHECK_IN_BEFORE, CHECK_IN_AFTER = timedelta(hours=1), timedelta(hours=2)
ENDED = 100  # offers looked at in one tick


class Became(StrEnum):
    """What became of an act of a learner."""

    GOING = "going"
    WAITING = "waiting"
    ASKED = "asked"
    SAY_WHY = "say_why"  # staff choose: a word about why is needed
    DECLINED = "declined"  # not chosen this time
    FULL = "full"
    OVER = "over"  # begun already
    CANCELLED = "cancelled"
    NOT_FOR_YOU = "not_for_you"  # another age or group
    LEFT = "left"
    CAME = "came"
    NOTHING = "nothing"  # there was nothing to do
    TOO_LATE = "too_late"  # the place was offered to somebody else
    UNKNOWN = "unknown"  # no such gathering


_AS = {
    Standing.GOING: Became.GOING,
    Standing.WAITING: Became.WAITING,
    Standing.ASKED: Became.ASKED,
    Standing.CAME: Became.CAME,
    Standing.MISSED: Became.OVER,
    Standing.DECLINED: Became.DECLINED,
}


def sign_up(
    uow: UnitOfWork, person_id: str, gathering_id: str, *, motivation: str = "", reminders: str = ""
) -> Became:
    """Ask for a place. A second click says the same again. The place is held once this is committed.

    reminders: eve, more or none; empty for what is usual for this learner and this kind.
    """
    gathering = gatherings.get(uow, gathering_id, lock=True)
    if gathering is None:
        return Became.UNKNOWN
    held = participations.get(uow, gathering_id, person_id)
    closed = _closed(uow, gathering, person_id)
    if closed is not None:
        return closed
    if held is not None and held.standing is not Standing.LEFT:
        return _AS.get(held.standing) or accept(uow, person_id, gathering_id)
    standing = _standing(uow, gathering)
    if standing is None or (standing is Standing.ASKED and not motivation.strip()):
        return Became.FULL if standing is None else Became.SAY_WHY
    part = _part(uow, gathering, person_id, standing, own=True)
    part = replace(
        part,
        motivation=motivation.strip()[:MOTIVATION],
        reminders=_choice(reminders or _usual(uow, gathering, person_id)),
    )
    _write(uow, gathering, part)
    return _AS[standing]


def leave(uow: UnitOfWork, person_id: str, gathering_id: str) -> Became:
    """Give one's place back, for whatever reason: nobody asks which. Whoever waits first is offered it."""
    gathering = gatherings.get(uow, gathering_id, lock=True)
    held = participations.get(uow, gathering_id, person_id)
    if gathering is None or held is None or held.standing in (Standing.LEFT, Standing.DECLINED):
        return Became.NOTHING
    if held.standing in (Standing.CAME, Standing.MISSED) or gathering.starts_at <= uow.now:
        return Became.OVER
    gone = replace(held, standing=Standing.LEFT, motivation="", offer_until=None, updated_at=uow.now)
    participations.put(uow, gone)
    event_reminders.forget(uow, gathering_id, person_id)
    offer_places(uow, gathering)
    return Became.LEFT


def accept(uow: UnitOfWork, person_id: str, gathering_id: str) -> Became:
    """Take the place that was offered. TOO_LATE once the offer has ended; GOING again for a second click."""
    gathering = gatherings.get(uow, gathering_id, lock=True)
    held = participations.get(uow, gathering_id, person_id)
    if gathering is None or held is None:
        return Became.UNKNOWN
    if not gathering.planned:
        return Became.CANCELLED
    if held.standing is not Standing.OFFERED:
        return _AS.get(held.standing, Became.TOO_LATE)
    if held.offer_until is None or held.offer_until <= uow.now:
        _end_offer(uow, gathering, held)
        return Became.TOO_LATE
    event_reminders.forget(uow, gathering_id, person_id)
    _write(uow, gathering, replace(held, standing=Standing.GOING, offer_until=None))
    return Became.GOING


def decline(uow: UnitOfWork, person_id: str, gathering_id: str) -> Became:
    """Let the offered place go to whoever waits next."""
    held = participations.get(uow, gathering_id, person_id)
    return (
        leave(uow, person_id, gathering_id) if held and held.standing is Standing.OFFERED else Became.NOTHING
    )


def remind(uow: UnitOfWork, person_id: str, gathering_id: str, reminders: str) -> Became:
    """Which reminders somebody wants for this gathering: eve, more (also two hours before) or none."""
    gathering = gatherings.get(uow, gathering_id, lock=True)
    held = participations.get(uow, gathering_id, person_id)
    if gathering is None or held is None:
        return Became.UNKNOWN
    chosen = _choice(reminders)
    participations.remind(uow, held, chosen)
    event_reminders.forget_reminders(uow, gathering_id, person_id)
    event_reminders.plan(uow, gathering, replace(held, reminders=chosen), planning.holidays(uow))
    return _AS.get(held.standing, Became.NOTHING)


def check_in(uow: UnitOfWork, person_id: str, token: str) -> tuple[Became, Gathering | None]:
    """Somebody showed the attendance code at the door: from an hour before it begins until two hours after it ends."""
    gathering = gatherings.by_checkin(uow, token)
    if gathering is None:
        return Became.UNKNOWN, None
    if not gathering.planned:
        return Became.CANCELLED, gathering
    if uow.now < gathering.starts_at - CHECK_IN_BEFORE:
        return Became.NOTHING, gathering
    if uow.now > gathering.ends_at + CHECK_IN_AFTER:
        return Became.OVER, gathering
    came(uow, gathering, person_id)
    return Became.CAME, gathering


def came(uow: UnitOfWork, gathering: Gathering, person_id: str) -> None:
    """Somebody was there, whether they had signed up or not."""
    held = participations.get(uow, gathering.id, person_id)
    part = held or _part(uow, gathering, person_id, Standing.CAME, own=True)
    participations.put(uow, replace(part, standing=Standing.CAME, offer_until=None, updated_at=uow.now))
    event_reminders.forget(uow, gathering.id, person_id)


def enrol(uow: UnitOfWork, gathering: Gathering, person_ids: Iterable[str]) -> int:
    """Staff's own list (a group): places as long as there are some, then the waiting list; how many are new."""
    locked = gatherings.get(uow, gathering.id, lock=True)
    if locked is None or not locked.planned or locked.starts_at <= uow.now:
        return 0
    closed, new = planning.holidays(uow), 0
    room = (
        None
        if locked.details.capacity is None
        else locked.details.capacity - participations.taken(uow, locked.id)
    )
    for person_id in person_ids:
        standing = Standing.GOING if room is None or room > 0 else Standing.WAITING
        part = _part(uow, locked, person_id, standing, own=False)
        if participations.enrol(uow, [part]):
            new += 1
            room = None if room is None else room - (standing is Standing.GOING)
            event_reminders.plan(uow, locked, part, closed)
    return new


def joined_group(uow: UnitOfWork, person_id: str, group_id: str) -> int:
    """A new member of a group takes part in what is still to come for it; in how many."""
    return sum(enrol(uow, one, [person_id]) for one in gatherings.of_group(uow, group_id))


def offer_places(uow: UnitOfWork, gathering: Gathering) -> int:
    """Offer every free place to whoever waits first (the gathering is locked already); how many offers."""
    capacity, made = gathering.details.capacity, 0
    if gathering.details.chosen or not gathering.planned:
        return 0
    closed = planning.holidays(uow)
    free = None if capacity is None else capacity - participations.taken(uow, gathering.id)
    for part in participations.of_gathering(uow, gathering.id, [Standing.WAITING]):
        if free is not None and made >= free:
            break
        until = event_reminders.offer(uow, gathering, part.person_id, closed)
        if until is None:
            break
        participations.stand(uow, part, Standing.OFFERED, until)
        made += 1
    return made


def end_offers(services: Services) -> int:
    """Offers that nobody answered in time go to whoever waits next, one transaction each; how many ended. For the tick."""
    with services.database.read() as uow:
        ended = participations.ended_offers(uow, ENDED)
    done = 0
    for one in ended:
        with services.database.begin() as uow:
            gathering = gatherings.get(uow, one.gathering_id, lock=True)
            held = participations.get(uow, one.gathering_id, one.person_id)
            still = (
                held is not None and held.standing is Standing.OFFERED and held.offer_until == one.offer_until
            )
            if gathering is not None and held is not None and still:
                _end_offer(uow, gathering, held)
                done += 1
    return done


def _end_offer(uow: UnitOfWork, gathering: Gathering, held: Part) -> None:
    participations.stand(uow, held, Standing.LEFT)
    event_reminders.forget(uow, gathering.id, held.person_id)
    offer_places(uow, gathering)


def _closed(uow: UnitOfWork, gathering: Gathering, person_id: str) -> Became | None:
    """Why nobody, or not this person, can ask for a place."""
    if not gathering.planned:
        return Became.CANCELLED
    if gathering.starts_at <= uow.now:
        return Became.OVER
    details = gathering.details
    if details.bands:
        band = str(conversations.profile(uow, person_id).get("user.age_band") or "")
        if band and band not in details.bands.split():
            return Became.NOT_FOR_YOU
    if details.group_id and person_id not in groups.member_ids(uow, details.group_id):
        return Became.NOT_FOR_YOU
    return None


def _standing(uow: UnitOfWork, gathering: Gathering) -> Standing | None:
    """Where somebody new comes to stand; None when there is neither place nor list."""
    details = gathering.details
    if details.chosen:
        return Standing.ASKED
    if details.capacity is None or participations.taken(uow, gathering.id) < details.capacity:
        return Standing.GOING
    return Standing.WAITING if details.waiting else None


def _part(uow: UnitOfWork, gathering: Gathering, person_id: str, standing: Standing, *, own: bool) -> Part:
    return Part(gathering.id, person_id, standing, own, "eve", "", None, uow.now, uow.now)


def _write(uow: UnitOfWork, gathering: Gathering, part: Part) -> None:
    participations.put(uow, replace(part, updated_at=uow.now))
    event_reminders.plan(uow, gathering, part, planning.holidays(uow))


def _usual(uow: UnitOfWork, gathering: Gathering, person_id: str) -> str:
    return reminder_kinds.usual(conversations.profile(uow, person_id), gathering.details.kind)


def _choice(reminders: str) -> str:
    return reminders if reminders in event_times.CHOICES else "eve"
