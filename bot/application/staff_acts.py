"""Acts on the agenda asked for in a chat: what each would do, said before anything is written, and then done, once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from bot.application import (
    agenda_acts,
    agenda_ahead,
    agenda_words,
    happenings,
    planning,
    staff_adding,
    staff_describe,
    staff_say,
)
from bot.application.rights import Act, Actor, require
from bot.application.services import Services
from bot.application.staff_replies import Pending, Reply
from bot.application.staff_words import Order
from dialogues.understand import fold
from storage import gatherings, participations
from storage.gatherings import Details, Gathering
from storage.unit_of_work import UnitOfWork

RIGHTS = {
    "add": Act.WRITE_AGENDA,
    "move": Act.MOVE_GATHERING,
    "where": Act.WRITE_AGENDA,
    "places": Act.WRITE_AGENDA,
    "cancel": Act.CANCEL_GATHERING,
    "restore": Act.CANCEL_GATHERING,
    "confirm": Act.WRITE_AGENDA,
}
LABELS = {  # act -> (yes, no), as the buttons say
    "add": ("Ajouter", "Annuler"),
    "move": ("Déplacer", "Ne rien faire"),
    "where": ("Changer le lieu", "Ne rien faire"),
    "places": ("Changer les places", "Ne rien faire"),
    "cancel": ("Annuler ce rendez-vous", "Ne rien faire"),
    "restore": ("Rétablir", "Ne rien faire"),
}
MOST_PLACES = 10_000


def propose(services: Services, uow: UnitOfWork, actor: Actor, order: Order, text: str) -> Reply:
    """What the command would do, and the question; nothing is written but a confirmed date. NotAllowed."""
    require(actor, RIGHTS[order.act])
    if order.act == "add":
        return staff_adding.propose(services, uow, order.words, text)
    if order.number is None:
        return Reply(staff_say.NUMBER_MISSING)
    held = gatherings.by_number(uow, order.number)
    if held is None:
        return Reply(staff_say.unknown(order.number))
    if order.act == "confirm":
        return _confirm(uow, actor, held)
    return _PROPOSE[order.act](uow, held, order.words, text)


def do(uow: UnitOfWork, actor: Actor, pending: Pending) -> Reply:
    """Do what was asked about. Asks again when the gathering changed meanwhile. NotAllowed, CannotPlan, Conflict."""
    require(actor, RIGHTS[pending.act])
    if pending.act == "add":
        return staff_adding.do(uow, actor, pending)
    held = gatherings.by_number(uow, pending.number)
    if held is None:
        return Reply(staff_say.unknown(pending.number))
    if held.version != pending.version:
        again = _again(uow, held, pending)
        return replace(again, text=f"{staff_say.CHANGED}\n\n{again.text}")
    today = planning.wall(uow.now).date()
    if pending.act == "cancel":
        told = agenda_acts.cancel(uow, actor, [held], why=str(pending.values["why"]))
        return Reply(f"C’est fait : le n° {held.number} est annulé. {staff_say.told(told)}")
    if pending.act == "restore":
        done = agenda_acts.restore(uow, actor, held)
        return Reply(f"C’est fait : le n° {held.number} est rétabli. {staff_say.told(done.told)}")
    done = agenda_acts.change(
        uow, actor, held, _details(held, pending), why=str(pending.values.get("why", ""))
    )
    when = agenda_words.when(done.gathering, today)
    return Reply(f"C’est fait : n° {held.number}, {when}. {staff_say.told(done.told)}")


# ---------------------------------------------------------------- changing


def _move(uow: UnitOfWork, held: Gathering, words: str, text: str) -> Reply:
    today = planning.wall(uow.now).date()
    found = staff_describe.moved(words, held.details.local_starts, held.details.local_ends, today)
    if isinstance(found, str):
        return Reply(found, draft=text)
    starts, ends, place, why = found
    values = {"starts": starts.isoformat(), "ends": ends.isoformat(), "why": why[:200]}
    return _again(uow, held, Pending("move", values=values | ({"place": place} if place else {})))


def _where(uow: UnitOfWork, held: Gathering, words: str, text: str) -> Reply:
    if not words.strip():
        return Reply("Quel lieu ? Par exemple : salle C.", draft=text)
    place = words.strip()
    return _again(uow, held, Pending("where", values={"place": place[:1].upper() + place[1:]}))


def _places(uow: UnitOfWork, held: Gathering, words: str, text: str) -> Reply:
    plain = fold(words).removesuffix(" places").removesuffix(" place")
    if plain in ("sans limite", "illimite", "toutes"):
        return _again(uow, held, Pending("places", values={"capacity": None}))
    if not plain.isdecimal() or not 1 <= int(plain) <= MOST_PLACES:
        return Reply("Combien de places ? Un nombre à partir de 1, ou « sans limite ».", draft=text)
    return _again(uow, held, Pending("places", values={"capacity": int(plain)}))


def _cancel(uow: UnitOfWork, held: Gathering, words: str, _text: str) -> Reply:
    return _again(uow, held, Pending("cancel", values={"why": words.strip()[:200]}))


def _restore(uow: UnitOfWork, held: Gathering, _words: str, _text: str) -> Reply:
    return _again(uow, held, Pending("restore"))


_PROPOSE: dict[str, Callable[[UnitOfWork, Gathering, str, str], Reply]] = {
    "move": _move,
    "where": _where,
    "places": _places,
    "cancel": _cancel,
    "restore": _restore,
}


def _confirm(uow: UnitOfWork, actor: Actor, held: Gathering) -> Reply:
    """Nobody is told and nothing is lost: done at once."""
    news = agenda_acts.confirm(uow, actor, held)
    said = "est confirmé : il n’est plus « à vérifier »" if news else "était déjà confirmé"
    return Reply(f"Le n° {held.number}, {agenda_words.title(held)}, {said}.")


def _again(uow: UnitOfWork, held: Gathering, asked: Pending) -> Reply:
    """What the act would do to the gathering as it is now."""
    pending = replace(asked, number=held.number, version=held.version)
    today = planning.wall(uow.now).date()
    if asked.act in ("cancel", "restore"):
        return _whether(uow, held, pending, today)
    details = _details(held, asked)
    wrong = agenda_ahead.problems_of_change(uow, held, details)
    if wrong:
        return Reply(wrong[0])
    if details == held.details:
        return Reply(staff_say.ALREADY_SO)
    return Reply(staff_say.change(held, details, agenda_ahead.of_change(uow, held, details), today), pending)


def _whether(uow: UnitOfWork, held: Gathering, pending: Pending, today: date) -> Reply:
    """It does not take place, or does after all."""
    if pending.act == "cancel":
        if not held.planned:
            return Reply(f"Le n° {held.number} est déjà annulé.")
        ahead = agenda_ahead.of_cancel(uow, held)
        return Reply(staff_say.cancel(held, ahead, str(pending.values["why"]), today), pending)
    if held.planned:
        return Reply(f"Le n° {held.number} a bien lieu : il n’y a rien à rétablir.")
    if wrong := happenings.problems(held.details, planning.wall(uow.now)):
        return Reply(wrong[0])
    return Reply(staff_say.restore(held, agenda_ahead.of_restore(uow, held), today), pending)


def _details(held: Gathering, asked: Pending) -> Details:
    """The gathering as the act would leave it."""
    values, details = asked.values, held.details
    if "starts" in values:
        details = replace(
            details,
            local_starts=datetime.fromisoformat(str(values["starts"])),
            local_ends=datetime.fromisoformat(str(values["ends"])),
        )
    if "place" in values:
        details = replace(details, place=str(values["place"]))
    if "capacity" in values:
        details = replace(details, capacity=values["capacity"])
    return details


def look(services: Services, uow: UnitOfWork, actor: Actor, order: Order) -> Reply:
    """One gathering, or how many came. NotAllowed."""
    require(actor, Act.SEE_AGENDA)
    held = gatherings.by_number(uow, order.number) if order.number is not None else None
    if held is None:
        return Reply(staff_say.NUMBER_MISSING if order.number is None else staff_say.unknown(order.number))
    counts = participations.counts(uow, [held.id])[held.id]
    page = f"{services.settings.base_url}/equipe/agenda/{held.number}"
    if order.act == "present":
        return Reply(staff_say.presence(held, counts, f"{page}/presences"))
    return Reply(staff_say.whole(held, counts, planning.wall(uow.now).date(), page))
