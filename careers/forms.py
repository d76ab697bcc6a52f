"""What staff may change in each table of the catalogue, and how a value that they typed is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from careers.model import DRIVES

_YES, _NO = ("oui", "yes", "true"), ("non", "no", "false")
_LONGEST = 600  # characters of one value
_WEIGHTS = range(4)

Reader = Callable[[str], Any]


class CorrectionError(ValueError):
    """A correction that cannot be read; the message says why, in French."""


def _text(said: str) -> str:
    if len(said) > _LONGEST or "\t" in said or "\n" in said:
        raise CorrectionError(f"un texte d’une ligne, de {_LONGEST} caractères au plus")
    if "·" in said:
        raise CorrectionError("pas de point médian")
    return said.strip()


def flag(said: str) -> bool:
    if said.casefold() in _YES:
        return True
    if said.casefold() in _NO:
        return False
    raise CorrectionError("oui ou non")


def _yes(said: str) -> str:
    return "yes" if flag(said) else "no"


def _number(said: str) -> int:
    if not said.isdecimal():
        raise CorrectionError("un nombre entier")
    return int(said)


def _age(said: str) -> str:
    return str(_number(said)) if said else ""


def _weight(said: str) -> int:
    found = _number(said)
    if found not in _WEIGHTS:
        raise CorrectionError("de 0 à 3")
    return found


def _day(said: str) -> str:
    if said:
        _date(said)
    return said


def _date(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise CorrectionError("un jour écrit AAAA-MM-JJ") from None


def _url(said: str) -> str:
    if said and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", said):
        raise CorrectionError("une adresse qui commence par https://")
    return said


def _list(said: str) -> list[str]:
    return [part.strip() for part in said.split(";") if part.strip()]


def _confidence(said: str) -> str:
    if said not in ("A", "B", "C", "D"):
        raise CorrectionError("A, B, C ou D")
    return said


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a table that staff may change; `needed` are those without which a new row means nothing."""

    fields: Mapping[str, Reader]
    needed: tuple[str, ...]
    inside: str = ""  # the sub-table that holds one weight a drive


_SOURCE: dict[str, Reader] = {"source": _text, "source_url": _url, "seen": _day, "confidence": _confidence}
_DRIVES: dict[str, Reader] = dict.fromkeys(DRIVES, _weight)
FORMS: Mapping[str, Form] = {
    "programmes": Form(
        dict.fromkeys(("institution", "title", "level", "length", "campus"), _text)
        | dict.fromkeys(("entry", "cost", "domains", "uncertain"), _text)
        | {"url": _url, "ages_from": _age, "later": _yes, "offered": _yes}
        | _SOURCE,
        ("institution", "title", "level", "campus", "domains", "source", "seen", "confidence"),
    ),
    "institutions": Form({"name": _text, "kind": _text, "url": _url}, ("name", "kind")),
    "campuses": Form(dict.fromkeys(("town", "campus", "address", "postcode", "note"), _text), ("town",)),
    "costs": Form({"text": _text}, ("text",)),
    "occupations": Form(
        dict.fromkeys(("feminine", "masculine", "one_line", "day", "people", "plus", "minus"), _text)
        | dict.fromkeys(("sector", "today", "today_source"), _text)
        | dict.fromkeys(("words", "values", "skills", "rome", "dimeco"), _list)
        | dict.fromkeys(("tumo_domains", "programme_domains"), _list)
        | {"digital": flag, "prep_level": _number, "seen": _date}
        | _DRIVES,
        ("ways",),  # too much for a command line: new occupations are added to the files
        inside="drives",
    ),
    "domains": Form(
        {"label": _text, "open": flag} | _DRIVES, ("label", *DRIVES), inside="weights"
    ),
    "rules": Form(
        dict.fromkeys(("title", "short", "text", "uncertain"), _text) | _SOURCE,
        ("title", "short", "text", "source", "seen", "confidence"),
    ),
    "pointers": Form(
        dict.fromkeys(("name", "kind", "offers", "audience", "place", "ways", "domains", "uncertain"), _text)
        | {"url": _url, "ages_from": _age, "later": _yes}
        | _SOURCE,
        ("name", "kind", "offers", "audience", "source", "confidence"),
    ),
}  # fmt: skip
