"""A gathering as templates are handed it: words instead of codes, and only the acts that are possible now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bot.application import agenda_words
from bot.application.my_agenda import Entry
from bot.application.services import BRUSSELS, Services
from bot.application.taking_part import Became
from bot.web.typography import spaced
from storage.gatherings import Gathering, Kind
from storage.participations import Standing

MAP = "https://www.openstreetmap.org/search?"
AGES = {"12": "12 ans", "13-15": "13 à 15 ans", "16-18": "16 à 18 ans"}

STATES = {
    Standing.GOING: "Ta place est gardée.",
    Standing.WAITING: "Tu es sur la liste d’attente. Si une place se libère, je te le dis.",
    Standing.ASKED: "Ta demande est envoyée. L’équipe te répond.",
    Standing.DECLINED: "Pas cette fois : il y avait peu de places. Ça ne dit rien de toi, et il y en aura d’autres.",
    Standing.CAME: "Tu y étais.",
    Standing.MISSED: "C’est passé.",
}

SAID = {  # what became of an act, after it
    Became.GOING: "C’est noté, ta place est gardée.",
    Became.WAITING: "C’est complet pour l’instant. Tu es sur la liste d’attente : si une place se libère, je te le dis.",
    Became.ASKED: "Ta demande est envoyée. L’équipe la lit et te répond.",
    Became.SAY_WHY: "Il manque un mot sur ce qui t’attire : une phrase suffit.",
    Became.DECLINED: "Pas cette fois. Il y en aura d’autres.",
    Became.FULL: "C’est complet, et il n’y a pas de liste d’attente.",
    Became.OVER: "C’est déjà commencé, ou c’est passé.",
    Became.CANCELLED: "Ça n’a pas lieu. Rien d’autre ne change pour toi.",
    Became.NOT_FOR_YOU: "C’est pour un autre âge ou un autre groupe.",
    Became.LEFT: "C’est noté, tu n’y vas plus. Merci de l’avoir dit : ça libère une place.",
    Became.CAME: "C’est noté : tu y étais.",
    Became.NOTHING: "Il n’y avait rien à changer.",
    Became.TOO_LATE: "Cette place est partie entre-temps. Tu peux te remettre sur la liste.",
}
ASIDE = {
    "rappels": "C’est changé.",
    "bientot": "C’est changé.",
    "titres": "C’est changé. Ton calendrier suivra à sa prochaine lecture.",
    "coupe": "L’adresse est coupée : plus aucun calendrier ne peut la lire.",
    "long": "C’est un peu long : 300 signes au plus. Ton texte est toujours là.",
}
BAD = (Became.SAY_WHY, Became.FULL, Became.OVER, Became.CANCELLED, Became.NOT_FOR_YOU, Became.TOO_LATE)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence at the top of a page; `alert` when something was not done."""

    text: str
    alert: bool = False


def notice(code: str) -> Notice | None:
    """What an address says was done (`?fait=`); nothing for a code that nobody knows."""
    if code in ASIDE:
        return Notice(ASIDE[code], code == "long")
    known = next((one for one in SAID if one.value == code), None)
    return Notice(SAID[known], known in BAD) if known else None


def shown(services: Services, entry: Entry) -> dict[str, Any]:
    """Everything a template says of a gathering, for this reader, at this moment."""
    held, details, today = entry.gathering, entry.gathering.details, services.local_now().date()
    now = services.now()
    begun, over = held.starts_at <= now, held.ends_at <= now
    state = _state(services, entry)
    return {
        "number": held.number,
        "kind": agenda_words.kind_word(details.kind),
        "fair": details.kind is Kind.FAIR,
        "title": spaced(details.title),
        "when": agenda_words.when(held, today, near=True),
        "iso": held.starts_at.astimezone(BRUSSELS).isoformat(timespec="minutes"),
        "place": spaced(details.place),
        "route": spaced(details.route),
        "map": MAP + urlencode({"query": details.place}) if details.place else "",
        "about": spaced(details.about),
        "ages": _ages(details.bands),
        "group": bool(details.group_id),
        "link": details.link if details.link.startswith(("https://", "http://")) else "",
        "check": spaced(_upper(agenda_words.checked(held, today))),
        "source": details.source if details.source.startswith(("https://", "http://")) else "",
        "cancelled": not held.planned,
        "why": spaced(held.why),
        "begun": begun,
        "over": over,
        "room": "" if over or begun or not held.planned else agenda_words.room(held, entry.counts),
        "state": state,
        "standing": entry.standing.value if entry.standing else "",
        "reminders": entry.part.reminders if entry.part else "eve",
        "acts": _acts(entry, begun=begun, offer_open=_offer_open(services, entry)),
        "chosen": details.chosen,
        "fits": entry.fits,
        "later": [(one.number, agenda_words.when(one, today, near=True)) for one in entry.later],
    }


def _state(services: Services, entry: Entry) -> str:
    if entry.standing is None or not entry.gathering.planned:
        return ""
    if entry.standing is Standing.OFFERED:
        until = entry.part.offer_until if entry.part else None
        if until is None or not _offer_open(services, entry):
            return "Une place t’était proposée. Elle est repartie à quelqu’un d’autre."
        return f"Une place est libre pour toi. Je te la garde jusqu’à {moment(until, services)}."
    return STATES[entry.standing]


def moment(instant: datetime, services: Services) -> str:
    """« demain, 17 h » or « vendredi 16 octobre, 9 h 30 », in Brussels."""
    local = instant.astimezone(BRUSSELS)
    return f"{agenda_words.day(local.date(), services.local_now().date(), near=True)}, {agenda_words.hour(local)}"


def _offer_open(services: Services, entry: Entry) -> bool:
    part = entry.part
    return (
        part is not None
        and part.standing is Standing.OFFERED
        and part.offer_until is not None
        and part.offer_until > services.now()
    )


def _acts(entry: Entry, *, begun: bool, offer_open: bool) -> list[str]:
    """What may be done now, out of join, wait, ask, leave, take, let."""
    if begun or not entry.gathering.planned:
        return []
    if entry.standing in (Standing.GOING, Standing.WAITING, Standing.ASKED):
        return ["leave"]
    if entry.standing is Standing.OFFERED:
        return ["take", "let"] if offer_open else []
    if entry.standing is not None or not entry.fits:
        return []
    return _joining(entry)


def _joining(entry: Entry) -> list[str]:
    details = entry.gathering.details
    if details.chosen:
        return ["ask"]
    if entry.free is None or entry.free > 0:
        return ["join"]
    return ["wait"] if details.waiting else []


def _ages(bands: str) -> str:
    names = [AGES.get(one, one) for one in bands.split()]
    return f"Pour les {' et les '.join(names)}" if names else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(held: Gathering) -> str:
    """What a page about a gathering is called."""
    return spaced(agenda_words.title(held))
