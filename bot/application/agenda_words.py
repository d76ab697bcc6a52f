"""How a gathering is said in French: its kind, when, where, its places, and whether its date was checked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dialogues.render import MONTHS, french_date
from dialogues.understand import fold
from storage.agenda import BRUSSELS
from storage.gatherings import Details, Gathering, Kind
from storage.participations import HOLDING, Standing

_HOUR = "\u00a0h"
MIDNIGHT = time(0, 0)
LAST_MINUTE = time(23, 59)  # how some calendars end a whole day
_TOWNS = {
    "Brussels": "Bruxelles",
    "London": "Londres",
    "Lisbon": "Lisbonne",
    "Athens": "Athènes",
    "Vienna": "Vienne",
    "Copenhagen": "Copenhague",
    "Warsaw": "Varsovie",
    "Bucharest": "Bucarest",
}
_SOON = {0: "aujourd’hui", 1: "demain", 2: "après-demain"}


@dataclass(frozen=True, slots=True)
class Word:
    """The noun of a kind; `feminine` decides its article."""

    one: str
    many: str
    feminine: bool = False


KINDS: dict[Kind, Word] = {
    Kind.LAB: Word("lab", "labs"),
    Kind.SESSION: Word("séance", "séances", feminine=True),
    Kind.MASTERLAB: Word("masterlab", "masterlabs"),
    Kind.MEETING: Word("rencontre", "rencontres", feminine=True),
    Kind.FAIR: Word("forum", "forums"),
    Kind.OPEN_DAY: Word("porte ouverte", "portes ouvertes", feminine=True),
    Kind.OTHER: Word("rendez-vous", "rendez-vous"),
}
_ARTICLES = {  # masculine, feminine
    "le": ("le", "la"),
    "un": ("un", "une"),
    "ce": ("ce", "cette"),
    "ton": ("ton", "ta"),
    "du": ("du", "de la"),
    "au": ("au", "à la"),
}


def kind_word(kind: Kind, *, many: bool = False) -> str:
    """What a kind is called, without article: « lab », « rencontre »."""
    return KINDS[kind].many if many else KINDS[kind].one


def with_article(kind: Kind, article: str = "le") -> str:
    """The kind with its article, in the right gender: le, un, ce, ton, du or au (« la rencontre », « au lab »)."""
    return f"{_ARTICLES[article][KINDS[kind].feminine]} {KINDS[kind].one}"


def hour(moment: time | datetime) -> str:
    """An hour as one says it: « 14 h », « 14 h 30 »; the space does not break."""
    minutes = f"\u00a0{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{_HOUR}{minutes}"


def day(of: date, today: date | None = None, *, near: bool = False) -> str:
    """A day in words, with its year when it is not this one; `near`: today and tomorrow are called so."""
    ahead = (of - today).days if near and today is not None else -1
    return _SOON.get(ahead) or french_date(of, today)


def when(gathering: Gathering | Details, today: date | None = None, *, near: bool = False) -> str:
    """« mercredi 13 janvier, de 14 h à 16 h »: wall time, with the zone's name when it is not that of the centre."""
    details = _details(gathering)
    starts, ends = details.local_starts, details.local_ends
    place = "" if details.zone == BRUSSELS else f" (heure de {zone_word(details.zone)})"
    if whole_days(details):
        last = _last_day(ends)
        if last == starts.date():
            return f"{day(last, today, near=near)}, toute la journée{place}"
        return f"{_days(starts.date(), last, today)}{place}"
    first = day(starts.date(), today, near=near)
    if starts.date() == ends.date():
        return f"{first}, de {hour(starts)} à {hour(ends)}{place}"
    after = day(ends.date(), today)
    return f"{first}, {hour(starts)}, jusqu’au {after}, {hour(ends)}{place}"


def zone_word(zone: str) -> str:
    """The town that a zone is named after, in French where it has a name of its own."""
    town = zone.rpartition("/")[2].replace("_", " ")
    return _TOWNS.get(town, town)


def whole_days(gathering: Gathering | Details) -> bool:
    """Whether it is about whole days: from midnight to midnight, as calendars write a day without hours."""
    details = _details(gathering)
    ends = details.local_ends.time()
    return details.local_starts.time() == MIDNIGHT and ends in (MIDNIGHT, LAST_MINUTE)


def where(gathering: Gathering | Details) -> str:
    """The place, with how to get there when it is known; empty when nothing is."""
    details = _details(gathering)
    return " — ".join(part for part in (details.place, details.route) if part)


def title(gathering: Gathering | Details) -> str:
    """Its name with its kind in front, unless the name says it already: « Lab : Animation 3D »."""
    details = _details(gathering)
    word = kind_word(details.kind)
    if details.kind is Kind.OTHER or f" {_singular(word)} " in f" {_singular(details.title)} ":
        return details.title
    return f"{word[0].upper()}{word[1:]} : {details.title}"


def _singular(text: str) -> str:
    """Folded words without the s of a plural: « Portes ouvertes » says « porte ouverte »."""
    return " ".join(word.removesuffix("s") for word in fold(text).split())


def places(gathering: Gathering | Details, counts: Mapping[Standing, int]) -> str:
    """For staff: « 12 places prises sur 30, 3 en attente »; `counts` as `participations.counts` gives them."""
    details = _details(gathering)
    taken = sum(counts.get(one, 0) for one in HOLDING)
    if details.capacity is None:
        parts = [f"{counted(taken, 'jeune')}, sans limite"]
    else:
        parts = [f"{counted(taken, 'place prise', 'places prises')} sur {details.capacity}"]
    if offered := counts.get(Standing.OFFERED, 0):
        parts.append(f"dont {counted(offered, 'proposée', 'proposées')}")
    if waiting := counts.get(Standing.WAITING, 0):
        parts.append(f"{waiting} en attente")
    if asked := counts.get(Standing.ASKED, 0):
        parts.append(f"{counted(asked, 'demande', 'demandes')} à lire")
    return ", ".join(parts)


def room(gathering: Gathering | Details, counts: Mapping[Standing, int]) -> str:
    """For learners: whether there is room, without numbers that press; empty when everybody can come."""
    details = _details(gathering)
    if details.chosen:
        return "L’équipe lit les demandes et choisit."
    if details.capacity is None:
        return ""
    if sum(counts.get(one, 0) for one in HOLDING) < details.capacity:
        return "Il y a encore de la place."
    if details.waiting:
        return "C’est complet pour l’instant : il y a une liste d’attente."
    return "C’est complet."


def checked(gathering: Gathering, today: date | None = None) -> str:
    """Empty once a person of the centre confirmed it; else « à vérifier : date lue le 12 octobre sur siep.be »."""
    if gathering.confirmed:
        return ""
    return to_check(gathering.details, today)


def to_check(details: Details, today: date | None = None) -> str:
    """The same for one that nobody confirmed yet."""
    if details.seen is not None and details.source:
        read = _number(details.seen, today)
        return f"à vérifier : date lue le {read} sur {source_word(details.source)}"
    if details.source:
        return f"à vérifier : date lue sur {source_word(details.source)}"
    return "à vérifier : personne de l’équipe ne l’a encore confirmé"


def source_word(source: str) -> str:
    """A source as it reads in a sentence: the site of an address, anything else as it stands."""
    if "://" not in source:
        return source
    site = source.split("://", 1)[1].split("/", 1)[0].rpartition("@")[2]
    return site.removeprefix("www.") or source


def counted(number: int, one: str, many: str = "") -> str:
    """« 1 place », « 2 places », « aucun jeune » is left to the caller: zero takes the singular in French."""
    return f"{number} {one if number < 2 else many or one + 's'}"  # noqa: PLR2004 -- plural from two on


def _details(gathering: Gathering | Details) -> Details:
    return gathering.details if isinstance(gathering, Gathering) else gathering


def _last_day(ends: datetime) -> date:
    return (ends - timedelta(minutes=1)).date()


def _days(first: date, last: date, today: date | None) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"du {first.day if first.day > 1 else '1er'} au {_number(last, today)}"
    return f"du {_number(first, today)} au {_number(last, today)}"


def _number(of: date, today: date | None) -> str:
    number = "1er" if of.day == 1 else str(of.day)
    year = f" {of.year}" if today is None or of.year != today.year else ""
    return f"{number} {MONTHS[of.month - 1]}{year}"
