"""What will happen before it happens: how many young people an act on the agenda tells, and what staff should look at first."""

from dataclasses import dataclass

from bot.application import event_reminders, happenings, planning
from bot.application.agenda_words import counted
from storage import agenda, gatherings, groups, participations
from storage.gatherings import Details, Gathering
from storage.participations import CONCERNED, HOLDING, Standing
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Ahead:
    """`told`: who will be told; `offered`: who will be offered a place; `notes`: French sentences worth a look."""

    told: int = 0
    offered: int = 0
    notes: tuple[str, ...] = ()


def of_add(uow: UnitOfWork, details: Details) -> Ahead:
    """A new gathering."""
    same = gatherings.same_time(uow, details)
    notes = [f"Le n° {one.number}, « {one.details.title} », commence à la même heure : est-ce le même ?" for one in same[:3]]  # fmt: skip
    if details.local_starts.date() in planning.holidays(uow):
        notes.append("Ce jour tombe dans des congés.")
    if details.group_id:
        members = len(groups.member_ids(uow, details.group_id))
        notes.append(f"Le groupe est inscrit : {counted(members, 'jeune')}.")
    return Ahead(notes=tuple(notes))


def of_change(uow: UnitOfWork, held: Gathering, details: Details) -> Ahead:
    """The same gathering with other details."""
    moved = (details.local_starts, details.local_ends) != (held.details.local_starts, held.details.local_ends)
    matters = moved or details.place != held.details.place
    standings = participations.counts(uow, [held.id])[held.id]
    told = _told(uow, held, details) if matters and held.ends_at > uow.now else 0
    notes = []
    if moved and details.local_starts.date() in planning.holidays(uow):
        notes.append("Ce jour tombe dans des congés.")
    if moved:
        others = [one for one in gatherings.same_time(uow, details) if one.id != held.id]
        notes += [
            f"Le n° {one.number}, « {one.details.title} », commence à la même heure." for one in others[:3]
        ]
    free = None if details.capacity is None else details.capacity - sum(standings[one] for one in HOLDING)
    waiting = 0 if details.chosen else standings[Standing.WAITING]
    return Ahead(told, waiting if free is None else min(max(free, 0), waiting), tuple(notes))


def of_cancel(uow: UnitOfWork, *held: Gathering) -> Ahead:
    """These gatherings do not take place."""
    coming = [one for one in held if one.planned]
    counts = participations.counts(uow, [one.id for one in coming if one.ends_at > uow.now])
    return Ahead(sum(counts[one.id][standing] for one in coming for standing in CONCERNED))


def of_restore(uow: UnitOfWork, held: Gathering) -> Ahead:
    """A cancelled gathering takes place after all."""
    return Ahead(_told(uow, held, held.details))


def _told(uow: UnitOfWork, held: Gathering, details: Details) -> int:
    """Who will hear of it: not those who never heard that it was otherwise, as `event_reminders.tell` sees it."""
    source = event_reminders.news_source(held.id)
    unheard = {one.person_id: one.body for one in agenda.waiting(uow, source, event_reminders.NOTICE)}
    told = 0
    for part in participations.of_gathering(uow, held.id, CONCERNED):
        before = unheard.get(part.person_id)
        as_it_was = before is not None and (before.get("was"), before.get("place")) == (
            details.local_starts.isoformat(),
            details.place,
        )
        told += not as_it_was
    return told


def problems_of_change(uow: UnitOfWork, held: Gathering, details: Details) -> list[str]:
    """What `happenings.change` would refuse, one French sentence each; nothing is written."""
    if not held.planned:
        return [f"Le n° {held.number} est annulé : rétablissez-le d’abord."]
    moved = (details.local_starts, details.local_ends) != (held.details.local_starts, held.details.local_ends)
    wrong = happenings.problems(details, planning.wall(uow.now), past=not moved)
    taken = participations.taken(uow, held.id)
    if details.capacity is not None and details.capacity < taken:
        wrong.append(
            f"{counted(taken, 'jeune a', 'jeunes ont')} déjà une place : on ne peut pas descendre à {details.capacity}."
        )
    return wrong


def in_words(ahead: Ahead) -> str:
    """Who will be told, as one or two sentences."""
    said = "Personne n’est à prévenir."
    if ahead.told == 1:
        said = "1 jeune sera prévenu, une fois."
    elif ahead.told:
        said = f"{ahead.told} jeunes seront prévenus, une fois."
    if ahead.offered:
        said += f" {counted(ahead.offered, 'place')} sur la liste d’attente : proposée{'s' if ahead.offered > 1 else ''} dans l’ordre."  # fmt: skip
    return said
