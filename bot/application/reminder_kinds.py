"""What a learner wants to be reminded of: consent in general, a switch and a channel per kind, and saying yes again after « stop »."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.application import event_reminders, planning
from storage import agenda, conversations, participations, people
from storage.gatherings import Gathering, Kind
from storage.participations import Part, Standing
from storage.people import Person
from storage.unit_of_work import UnitOfWork

VARIABLE = (
    "reminder.kinds"  # {kind: OFF or a channel's name}; a kind that is not there: on, where the person is
)
OFF, ON = "off", "on"
DEBRIEF, STEP = "debrief", planning.KIND
KINDS = (*(one.value for one in Kind), DEBRIEF, STEP, "weekly", "unfinished")
CHANNELS = ("web", "telegram", "discord")
NONE, EVE = "none", "eve"
YOUNGEST = "12"  # age band to which nobody writes first unless it is asked for


def kinds_of(profile: Mapping[str, Any]) -> dict[str, str]:
    """The learner's switches, those that still mean something."""
    found = profile.get(VARIABLE)
    if not isinstance(found, Mapping):
        return {}
    return {str(kind): str(choice) for kind, choice in found.items() if kind in KINDS}


def usual(profile: Mapping[str, Any], kind: Kind) -> str:
    """The reminders of a gathering for which nothing else was said: the eve, or none at twelve or once switched off."""
    quiet = profile.get("user.age_band") == YOUNGEST or kinds_of(profile).get(kind.value) == OFF
    return NONE if quiet else EVE


def agreed(profile: Mapping[str, Any]) -> bool:
    """Whether the learner said yes to words of our own accord: a slot was chosen, and not taken back."""
    slot = str(profile.get("consent.reminder_slot") or NONE)
    return slot != NONE and profile.get("consent.reminders") is not False


def may_remind(person: Person, profile: Mapping[str, Any]) -> bool:
    """Whether a reminder that is planned now will be said. Else ask first, then `allow_again`."""
    return not person.silent and profile.get("consent.reminders") is not False


def switched(profile: Mapping[str, Any], kind: str, choice: str) -> dict[str, str]:
    """The switches with one changed: OFF, ON or the name of a channel. ValueError for anything else. Pure."""
    if kind not in KINDS:
        raise ValueError(f"no such kind of reminder: {kind}")
    if choice not in (OFF, ON, *CHANNELS):
        raise ValueError(f"no such choice: {choice}")
    others = {name: held for name, held in kinds_of(profile).items() if name != kind}
    return others if choice == ON else {**others, kind: choice}


def choose_kind(uow: UnitOfWork, person_id: str, kind: str, choice: str) -> dict[str, str]:
    """Switch a kind of reminder off or on, or choose its channel, with what follows; the switches as they are now.

    Lock the person before. ValueError as `switched`. For a page of the site; a turn notes `switched` itself and calls `follow`.
    """
    now = switched(conversations.profile(uow, person_id), kind, choice)
    conversations.note(uow, person_id, {VARIABLE: now})
    follow(uow, person_id, kind, choice)
    return now


def follow(uow: UnitOfWork, person_id: str, kind: str, choice: str) -> None:
    """What a switch changes for what is to come: reminders go, or come back."""
    if kind == STEP and choice == OFF:
        agenda.cancel(uow, planning.source(person_id))
    if kind in ("weekly", "unfinished") and choice == OFF:
        agenda.cancel(uow, f"{kind}:{person_id}")
    for part, gathering in _coming(uow, person_id, kind):
        if choice == OFF and part.reminders != NONE:
            _set(uow, part, gathering, NONE)
        elif choice != OFF and part.reminders == NONE:
            _set(uow, part, gathering, EVE)


def allow_again(uow: UnitOfWork, person_id: str) -> None:
    """Reminders may come again after « stop »: what the learner takes part in is reminded of. Lock the person before.

    The weekly word stays away until a slot is chosen. In a turn also note `consent.reminders` as true.
    """
    people.set_silent(uow, person_id, silent=False)
    closed = planning.holidays(uow)
    for part, gathering in participations.of_person(uow, person_id):
        event_reminders.plan(uow, gathering, part, closed)


def channel_for(uow: UnitOfWork, person: Person, profile: Mapping[str, Any], kind: str) -> str:
    """Where to write about a kind: the channel chosen for it when it works, else where the person is."""
    chosen = kinds_of(profile).get(kind)
    if chosen in CHANNELS and chosen in people.reachable(uow, person.id):
        return chosen
    return people.contact(uow, person)


def _coming(uow: UnitOfWork, person_id: str, kind: str) -> list[tuple[Part, Gathering]]:
    """What the learner takes part in of that kind and that has not begun."""
    found = participations.of_person(uow, person_id)
    return [
        (part, gathering)
        for part, gathering in found
        if gathering.details.kind.value == kind
        and gathering.starts_at > uow.now
        and part.standing in (Standing.GOING, Standing.WAITING, Standing.OFFERED, Standing.ASKED)
    ]


def _set(uow: UnitOfWork, part: Part, gathering: Gathering, choice: str) -> None:
    participations.remind(uow, part, choice)
    event_reminders.forget_reminders(uow, gathering.id, part.person_id)
    event_reminders.plan(uow, gathering, replace(part, reminders=choice), planning.holidays(uow))
