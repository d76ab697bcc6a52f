"""One value of the agenda as staff write it in an option or a cell: a moment, a kind, a number of places, ages; or why not. Pure."""

import re
from datetime import date, datetime, time, timedelta

from bot.application import staff_moments
from bot.application.agenda_words import KINDS as WORDS
from bot.application.services import BRUSSELS
from bot.application.staff_describe import BANDS, KINDS
from dialogues.understand import fold
from storage.agenda import BRUSSELS as BRUSSELS_NAME
from storage.agenda import instant
from storage.gatherings import Kind

LENGTH = {  # hours, when nobody says until when
    Kind.LAB: 2,
    Kind.SESSION: 2,
    Kind.MASTERLAB: 3,
    Kind.MEETING: 1.5,
    Kind.FAIR: 6,
    Kind.OPEN_DAY: 4,
    Kind.OTHER: 2,
}
MOST_SIGNS = 200  # of a day, an hour or a length
_ISO_T = re.compile(r"(?<=\d)T(?=\d)")
_SECONDS = re.compile(r"(?<=:\d\d):00(?:\.0+)?(?!\S)")
_EMPTY = re.compile(r"[\s,;.àa]*", re.IGNORECASE)
_LASTING = re.compile(r"(?:(\d{1,2})\s*(?:h|heures?))?\s*(\d{1,3})?\s*(?:min(?:utes?)?|mn)?\.?")
_YES = ("oui", "o", "x", "1", "vrai", "true", "yes", "y", "ok")
_NO = ("non", "n", "0", "faux", "false", "no", "sans")
_ALL = ("", "tous", "toutes", "tout le monde", "illimite", "sans limite", "-")
_BAND = re.compile(r"\d{2}")


class Unreadable(ValueError):  # noqa: N818 -- says what happened, like the others
    """What is written cannot be read; the message is a French sentence that may be shown as it is."""


def read_moment(text: str, today: date) -> datetime:
    """A day and an hour (wall time): « 2027-01-13 14:00 », « mer. 13 janvier 2027 14h30 », « 13/1/27 14:30 »."""
    day, begins, _ends = read_span(text, today)
    if begins is None:
        raise Unreadable(f"« {text.strip()} » : il manque l’heure, par exemple 14h30.")
    return datetime.combine(day, begins)


def read_span(text: str, today: date) -> tuple[date, time | None, time | None]:
    """A day, with the hours that stand beside it: « 13/1 14h-16h »."""
    exact = _exact(text)
    if exact is not None:
        return exact.date(), exact.time(), None
    found = _found(text, today)
    if found.day is None:
        raise Unreadable(f"« {text.strip()} » n’est pas une date : écrivez par exemple 13/01/2027.")
    return found.day, found.begins, found.ends


def read_day(text: str, today: date) -> date:
    """A day without hour (an hour of midnight, as Excel adds it, is none)."""
    day, begins, _ends = read_span(text, today)
    if begins not in (None, time(0, 0)):
        raise Unreadable(f"« {text.strip()} » : un jour suffit ici, sans heure.")
    return day


def read_hours(text: str) -> tuple[time, time | None]:
    """An hour, or from one to another: « 14:30 », « 14h », « 14h-16h »."""
    found = _found(text, date(2000, 1, 1)) if text.strip() else None
    if found is None or found.begins is None or found.day is not None:
        raise Unreadable(f"« {text.strip()} » n’est pas une heure : écrivez par exemple 14:30 ou 14h30.")
    return found.begins, found.ends


def read_length(text: str) -> timedelta:
    """How long: « 2h », « 1h30 », « 90 min », « 90 »."""
    found = _LASTING.fullmatch(_short(text).lower())
    hours, minutes = (found[1], found[2]) if found else (None, None)
    length = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not length:
        raise Unreadable(f"« {text.strip()} » n’est pas une durée : écrivez par exemple 2h, 1h30 ou 90 min.")
    return length


def read_kind(text: str) -> Kind:
    """A kind by its French name or by ours."""
    found = kind_in(text, whole=True)
    if found is None:
        said = ", ".join(word.one for word in WORDS.values())
        raise Unreadable(f"« {text.strip()} » n’est pas une sorte de rendez-vous. Il y a : {said}.")
    return found


def kind_in(text: str, *, whole: bool = False) -> Kind | None:
    """The kind that words name; `whole`: the words are only that."""
    folded = fold(text.replace("_", " "))
    for kind in Kind:
        if folded in (fold(kind.value.replace("_", " ")), fold(WORDS[kind].one), fold(WORDS[kind].many)):
            return kind
    for name, kind in KINDS:
        if folded in (name, f"{name}s") or (not whole and re.search(rf"\b{name}s?\b", folded)):
            return kind
    return None


def read_places(text: str) -> int | None:
    """How many places; None for as many as come."""
    if fold(text) in _ALL:
        return None
    found = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?\s*(?:places?)?", text.strip().lower())
    if found is None or not int(found[1]):
        raise Unreadable(
            f"« {text.strip()} » n’est pas un nombre de places : un nombre à partir de 1, ou vide."
        )
    return int(found[1])


def read_yes(text: str) -> bool:
    """Yes or no."""
    folded = fold(text)
    if folded not in _YES + _NO:
        raise Unreadable(f"« {text.strip()} » : écrivez oui ou non.")
    return folded in _YES


def read_ages(text: str) -> str:
    """Age bands, with spaces between; empty for all: « 12 », « 13-15 », « 13 à 18 ans »."""
    if fold(text) in _ALL:
        return ""
    ages = [int(one) for one in _BAND.findall(text)]
    bands = [name for name, first, last in BANDS if ages and min(ages) <= last and first <= max(ages)]
    if not bands:
        raise Unreadable(f"« {text.strip()} » : les âges vont de 12 à 18 ans, par exemple 13-15.")
    return "" if len(bands) == len(BANDS) else " ".join(bands)


def clock_note(local: datetime, zone: str = BRUSSELS_NAME) -> str:
    """What must be known of an hour in the night when the clocks change; empty for every other hour."""
    at = instant(local, zone)
    back = at.astimezone(BRUSSELS).replace(tzinfo=None) if zone == BRUSSELS_NAME else local
    if back != local:
        return f"{local:%H:%M} n’existe pas cette nuit-là (changement d’heure) : ce sera {back:%H:%M}."
    later = (at + timedelta(hours=1)).astimezone(BRUSSELS).replace(tzinfo=None)
    if zone == BRUSSELS_NAME and later == local:
        return f"{local:%H:%M} existe deux fois cette nuit-là (changement d’heure) : ce sera la première."
    return ""


def _exact(text: str) -> datetime | None:
    """A moment that carries its own zone, as programs write it, on the clock of the centre."""
    if not re.search(r"\d[Tt ]\d{2}:\d{2}.*(?:[Zz]|[+-]\d{2}:?\d{2})$", text.strip()):
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(BRUSSELS).replace(tzinfo=None)


def _short(text: str) -> str:
    """The words of a cell; one that holds far more than a moment was made to cost time."""
    plain = text.strip()
    if len(plain) > MOST_SIGNS:
        raise Unreadable(f"« {plain[:40]}… » est bien trop long pour un jour, une heure ou une durée.")
    return plain


def _found(text: str, today: date) -> staff_moments.Found:
    plain = _SECONDS.sub("", _ISO_T.sub(" ", _short(text)))
    found = staff_moments.find(plain, today)
    if found.wrong:
        raise Unreadable(found.wrong)
    if (found.day or found.begins) and not _EMPTY.fullmatch(found.rest):
        raise Unreadable(f"« {text.strip()} » : je ne comprends pas « {found.rest.strip()} ».")
    return found
