"""A gathering out of the free words of a member of staff, in whatever order they come. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.application import staff_moments
from bot.application.agenda_words import hour
from dialogues.understand import fold
from storage.gatherings import Kind

KINDS: tuple[tuple[str, Kind], ...] = (  # longer names first; (folded words, kind)
    ("journee portes ouvertes", Kind.OPEN_DAY),
    ("rencontre inspirante", Kind.MEETING),
    ("portes ouvertes", Kind.OPEN_DAY),
    ("porte ouverte", Kind.OPEN_DAY),
    ("seance libre", Kind.SESSION),
    ("master lab", Kind.MASTERLAB),
    ("masterlab", Kind.MASTERLAB),
    ("rencontre", Kind.MEETING),
    ("seance", Kind.SESSION),
    ("session", Kind.SESSION),
    ("atelier", Kind.LAB),
    ("labo", Kind.LAB),
    ("lab", Kind.LAB),
    ("forum", Kind.FAIR),
    ("salon", Kind.FAIR),
    ("jpo", Kind.OPEN_DAY),
    ("autre", Kind.OTHER),
    ("visite", Kind.OTHER),
    ("sortie", Kind.OTHER),
)
_NAMELESS = (Kind.LAB, Kind.SESSION, Kind.MASTERLAB)  # the word is no part of their title
_CHECKED_ELSEWHERE = (Kind.FAIR, Kind.OPEN_DAY)  # others say when these are: to be checked until somebody did
BANDS = (("12", 12, 12), ("13-15", 13, 15), ("16-18", 16, 18))
_QUOTED = re.compile(r"«\s*([^»]+?)\s*»|“([^”]+)”|\"([^\"]+)\"")
_LINK = re.compile(r"https?://\S+")
_PLACES = re.compile(r"\b(\d{1,4})\s*(?:places?|pl\b\.?)", re.IGNORECASE)
_AGES = re.compile(r"\b(1[2-8])\s*(?:(?:-|–|à|a)\s*(1[2-8])\s*)?ans\b", re.IGNORECASE)
_WEEKLY = re.compile(r"\b(?:chaque semaine|toutes les(?: \w+)? semaines|tous les \w+dis|hebdomadaire)\b", re.IGNORECASE)  # fmt: skip
_WHERE = re.compile(r"\b(?:salle|local|studio|auditorium|hall|espace|labo|foyer|amphi|bâtiment|batiment)\b.*$", re.IGNORECASE)  # fmt: skip
_AT = re.compile(r"(?:lieu\s*:?\s*|à la |à l[’']|à |au |aux |chez |dans )", re.IGNORECASE)
_GROUP = re.compile(r"(?:pour (?:le |la |les )?)?groupe\s*:?\s+(.+)", re.IGNORECASE)
_CHOSEN = ("sur motivation", "motivation", "au choix", "sur choix")
_OPEN = ("inscription libre", "sans motivation", "sans choix")
_UNLIMITED = ("sans limite", "places illimitees", "illimite")
_NO_LIST = ("sans liste d attente", "sans attente")
_SURE = ("confirme", "confirmee", "verifie", "verifiee", "date sure")
_UNSURE = ("a verifier", "a confirmer", "pas sur")


@dataclass(frozen=True, slots=True)
class Described:
    """A gathering as understood. `ask`: one French question when something is missing or cannot be."""

    values: Mapping[str, Any] = field(default_factory=dict)  # of Details; without those that were not said
    confirmed: bool = False
    group: str = ""
    ask: str = ""


def describe(text: str, now: datetime) -> Described:
    """The gathering that these words describe, in whatever order they come. `now`: wall time."""
    if _WEEKLY.search(text):
        return Described(ask="weekly")
    values: dict[str, Any] = {}
    text = _marked(text, values)
    found = staff_moments.find(text, now.date())
    if found.wrong:
        return Described(ask=found.wrong)
    parts, flags = _parts(found.rest)
    kind, parts = _kind(parts)
    if kind is None:
        return Described(ask="Qu’est-ce que c’est : lab, séance, masterlab, rencontre, forum, portes ouvertes ou autre ?")  # fmt: skip
    group, parts = _group(parts)
    _named(parts, kind, values)
    values["kind"] = kind
    _flagged(kind, flags, values)
    confirmed = (kind not in _CHECKED_ELSEWHERE or "sure" in flags) and "unsure" not in flags
    return Described(values, confirmed, group, _missing(values) or _times(found, values))


def _marked(text: str, values: dict[str, Any]) -> str:
    """Take out what cannot be mistaken: a quoted title, a link, places, ages."""
    if found := _QUOTED.search(text):
        values["title"] = next(one for one in found.groups() if one).strip()
        text = f"{text[: found.start()]} {text[found.end() :]}"
    if found := _LINK.search(text):
        values["link"] = found[0].rstrip(".,;)")
        text = f"{text[: found.start()]} {text[found.end() :]}"
    if found := _PLACES.search(text):
        values["capacity"] = int(found[1])
        text = f"{text[: found.start()]} {text[found.end() :]}"
    if found := _AGES.search(text):
        low, high = int(found[1]), int(found[2] or found[1])
        bands = [name for name, first, last in BANDS if first <= high and low <= last]
        values["bands"] = "" if len(bands) == len(BANDS) else " ".join(bands)
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text


def _parts(text: str) -> tuple[list[str], set[str]]:
    """The pieces between commas, and what the pieces that are only a mark say."""
    kept, flags = [], set()
    marks = {
        "chosen": _CHOSEN, "open": _OPEN, "unlimited": _UNLIMITED, "no_list": _NO_LIST, "sure": _SURE, "unsure": _UNSURE,
    }  # fmt: skip
    for piece in re.split(r"[,;\n]", text):
        plain = " ".join(piece.split()).strip(" .-–:")
        mark = next((name for name, words in marks.items() if fold(plain) in words), None)
        if mark is not None:
            flags.add(mark)
        elif plain and fold(plain) not in ("le", "de", "a", "du"):
            kept.append(plain)
    return kept, flags


def _kind(parts: list[str]) -> tuple[Kind | None, list[str]]:
    """The kind, at the beginning of a piece if it stands at one, else anywhere."""
    for whole in (True, False):
        for place, part in enumerate(parts):
            folded = f" {fold(part)} "
            for name, kind in KINDS:
                if folded.startswith(f" {name} ") if whole else f" {name} " in folded:
                    rest = (
                        _after(part, name) if whole and (kind in _NAMELESS or fold(part) == "autre") else part
                    )
                    left = [*parts[:place], *([rest] if rest else []), *parts[place + 1 :]]
                    return kind, left
    return None, parts


def _after(part: str, name: str) -> str:
    """The piece without the words that it begins with."""
    rest = " ".join(part.split()[len(name.split()) :]).strip(" :-–")
    return re.sub(r"^(?:de\s|d[’'])", "", rest)


def _group(parts: list[str]) -> tuple[str, list[str]]:
    for place, part in enumerate(parts):
        if found := _GROUP.fullmatch(part):
            return found[1].strip(), [*parts[:place], *parts[place + 1 :]]
    return "", parts


def _named(parts: list[str], kind: Kind, values: dict[str, Any]) -> None:
    """Title, place and the rest, out of what is left."""
    left: list[str] = []
    for part in parts:
        found = _WHERE.search(part)
        at = _AT.match(part)
        if "place" not in values and found and (found.start() == 0 or left == []):
            values["place"] = _clean(found[0])
            before = part[: found.start()].strip(" -–:")
            before = re.sub(r"\s+(?:en|au|dans|à)$", "", before)
            left += [before] if before else []
        elif "place" not in values and at and left:
            values["place"] = _clean(part[at.end() :] if fold(at[0]).startswith("lieu") else part)
        else:
            left.append(part)
    if "title" not in values and left:
        values["title"] = _clean(left.pop(0))
    if "place" not in values and left:
        values["place"] = _clean(left.pop(0))
    if left:
        values["about"] = _clean(", ".join(left))
    if "title" not in values and kind is Kind.SESSION:
        values["title"] = "Séance libre"


def _clean(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def _flagged(kind: Kind, flags: set[str], values: dict[str, Any]) -> None:
    values["chosen"] = "chosen" in flags or (kind is Kind.MEETING and "open" not in flags)
    values["waiting"] = "no_list" not in flags
    if "unlimited" in flags:
        values["capacity"] = None


def _missing(values: Mapping[str, Any]) -> str:
    return "" if values.get("title") else "Quel est son titre ?"


def _times(found: staff_moments.Found, values: dict[str, Any]) -> str:
    """Write down when it begins and ends; else the one question about it."""
    if found.day is None:
        return "Quel jour ? Par exemple : mercredi 13 janvier."
    if found.begins is None:
        return "À quelle heure, et jusqu’à quelle heure ? Par exemple : 14h-16h."
    starts = datetime.combine(found.day, found.begins)
    if found.ends is not None:
        ends = datetime.combine(found.day, found.ends)
    elif found.lasts:
        ends = starts + found.lasts
    else:
        return f"Il commence à {hour(starts)} : jusqu’à quelle heure ?"
    values["local_starts"], values["local_ends"] = starts, ends
    return ""


# ---------------------------------------------------------------- another day


def moved(
    text: str, starts: datetime, ends: datetime, today: date
) -> tuple[datetime, datetime, str, str] | str:
    """(begins, ends, place or "", why) that the words behind « déplacer » mean; or a French question.

    What is not said stays: the hour, the length.
    """
    found = staff_moments.find(text, today)
    if found.wrong:
        return found.wrong
    if found.day is None and found.begins is None and found.ends is None:
        return "Vers quel jour, ou quelle heure ? Par exemple : jeudi 14 janvier 15h."
    length = found.lasts or (ends - starts)
    begins = datetime.combine(found.day or starts.date(), found.begins or starts.time())
    until = datetime.combine(begins.date(), found.ends) if found.ends else begins + length
    place, why = "", []
    for piece in _parts(found.rest)[0]:
        if not place and (_WHERE.match(piece) or _AT.match(piece)):
            place = _clean(piece)
        elif fold(piece) not in ("au", "vers", "pour", "le"):
            why.append(piece)
    return begins, until, place, ", ".join(why)
