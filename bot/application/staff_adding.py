"""A gathering added from a chat: what was understood, said before it is written."""

from dataclasses import replace

from bot.application import (
    agenda_acts,
    agenda_ahead,
    agenda_words,
    happenings,
    planning,
    staff_describe,
    staff_say,
    staff_words,
)
from bot.application.rights import Actor
from bot.application.services import Services
from bot.application.staff_replies import Pending, Reply
from dialogues.understand import fold
from storage import groups
from storage.gatherings import Details
from storage.unit_of_work import UnitOfWork


def propose(services: Services, uow: UnitOfWork, words: str, text: str) -> Reply:
    """The gathering as understood, and the question; or the one question about what is missing."""
    now = planning.wall(uow.now)
    found = staff_describe.describe(words, now)
    if found.ask == "weekly":
        where = f"{services.settings.base_url}/equipe/agenda/nouveau"
        return Reply(f"Ce qui revient chaque semaine s’ajoute sur le site, avec les congés : {where}")
    if not words.strip() or found.ask:
        asked = found.ask or "Que faut-il ajouter ?"
        return Reply(f"{asked}\n\nUn exemple complet :\n{staff_words.EXAMPLE}", draft=text)
    group = _group(uow, found.group)
    if isinstance(group, str):
        return Reply(group)
    details = Details(**{**found.values, "group_id": group.id if group else None})
    domain = domain_of(services, details.title)
    details = replace(details, domain=domain)
    wrong = happenings.problems(details, now)
    if wrong:
        return Reply(wrong[0])
    values = {"details": happenings.template(details), "confirmed": found.confirmed}
    said = staff_say.understood(
        details,
        agenda_ahead.of_add(uow, details),
        now.date(),
        confirmed=found.confirmed,
        domain=services.catalogue.domains[domain].label if domain else "",
        group=group.name if group else "",
    )
    return Reply(said, Pending("add", values=values))


def _group(uow: UnitOfWork, name: str) -> groups.Group | str | None:
    """The group of that name; None for no name, a French question when there is none."""
    if not name:
        return None
    known = [one for one in groups.everyone(uow) if one.closed_at is None]
    found = [one for one in known if fold(one.name) == fold(name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in known[:10]) or "aucun pour l’instant"
    return f"Je ne connais pas le groupe « {name[:60]} ». Les groupes : {names}. Redites la commande avec l’un d’eux."


def domain_of(services: Services, title: str) -> str:
    """The theme of the centre that a title names, or nothing: the longest when it names several."""
    folded = f" {fold(title)} "
    named = [one for one in services.catalogue.domains.values() if f" {fold(one.label)} " in folded]
    return max(named, key=lambda one: len(one.label)).id if named else ""


def do(uow: UnitOfWork, actor: Actor, pending: Pending) -> Reply:
    """Write it down. CannotPlan."""
    details = happenings.of_template(dict(pending.values["details"]))
    made = agenda_acts.add(uow, actor, details, confirmed=bool(pending.values["confirmed"]))
    when = agenda_words.when(made, planning.wall(uow.now).date())
    return Reply(f"C’est ajouté : n° {made.number}, {agenda_words.title(made)}, {when}.")
