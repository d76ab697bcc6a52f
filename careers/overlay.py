"""What staff change in the shipped tables without touching a file: their corrections, read and laid over the rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from careers.model import DRIVES, CatalogueProblem, Fix

HIDDEN = "hidden"
ABOUT_THE_SOURCE = (
    "seen",
    "source",
    "source_url",
    "confidence",
    HIDDEN,
)  # they correct no fact by themselves
BY_THE_TEAM = "relu par l’équipe du centre"
_YES, _NO = ("oui", "yes", "true"), ("non", "no", "false")
_LONGEST = 600  # characters of one value
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{1,79}")
_WEIGHTS = range(4)

Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """What staff changed in one row. `changes` are values as they were typed; `day` is when, `source` where they read it."""

    table: str
    id: str
    changes: Mapping[str, str]
    day: date | None = None
    source: str = ""


class CorrectionError(ValueError):
    """A correction that cannot be read; the message says why, in French."""


def _text(said: str) -> str:
    if len(said) > _LONGEST or "\t" in said or "\n" in said:
        raise CorrectionError(f"un texte d’une ligne, de {_LONGEST} caractères au plus")
    if "·" in said:
        raise CorrectionError("pas de point médian")
    return said.strip()


def _flag(said: str) -> bool:
    if said.casefold() in _YES:
        return True
    if said.casefold() in _NO:
        return False
    raise CorrectionError("oui ou non")


def _yes(said: str) -> str:
    return "yes" if _flag(said) else "no"


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
        | {"digital": _flag, "prep_level": _number, "seen": _date}
        | _DRIVES,
        ("ways",),  # too much for a command line: new occupations are added to the files
        inside="drives",
    ),
    "domains": Form(
        {"label": _text, "open": _flag} | _DRIVES, ("label", *DRIVES), inside="weights"
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


def read(correction: Correction) -> dict[str, Any]:
    """The values of a correction as the table holds them. CorrectionError names the field that cannot be read."""
    form = FORMS.get(correction.table)
    if form is None:
        raise CorrectionError(f"table inconnue : {correction.table}")
    if not _ID.fullmatch(correction.id):
        raise CorrectionError(f"« {correction.id} » n’est pas un id (minuscules, chiffres, tirets)")
    found: dict[str, Any] = {}
    for name, said in correction.changes.items():
        reader = _flag if name == HIDDEN else form.fields.get(name)
        if reader is None:
            raise CorrectionError(f"champ inconnu : {name}.{_nearest(name, form)}")
        try:
            found[name] = reader(said.strip())
        except CorrectionError as error:
            raise CorrectionError(f"{name} : {error} (reçu : « {said} »)") from None
    return found


def _nearest(name: str, form: Form) -> str:
    near = get_close_matches(name, [*form.fields, HIDDEN], 1, 0.5)
    return f" Peut-être {near[0]} ?" if near else f" Les champs : {', '.join([*form.fields, HIDDEN])}."


@dataclass(slots=True)
class _Laid:
    """All that was corrected in one row."""

    values: dict[str, Any] = field(default_factory=dict)
    fixes: dict[str, Fix] = field(default_factory=dict)

    def read_again(self, correction: Correction) -> None:
        """A new day of the row is the day of the page that staff read, never of the source before it."""
        site = urlsplit(correction.source).netloc.removeprefix("www.")
        self.values["source"] = site or BY_THE_TEAM
        self.values["source_url"] = correction.source


class Layers:
    """Rows of the shipped tables with the corrections laid over them, the last one on top."""

    def __init__(self, overlay: Iterable[Correction], faults: list[CatalogueProblem]) -> None:
        self._over: dict[str, dict[str, _Laid]] = {}
        self._faults = faults
        self.hidden: set[tuple[str, str]] = set()
        for correction in overlay:
            self._lay(correction)

    def _lay(self, correction: Correction) -> None:
        try:
            values = read(correction)
        except CorrectionError as error:
            where = f"{correction.table}/{correction.id}"
            self._faults.append(CatalogueProblem("overlay", where, f"Correction illisible : {error}"))
            return
        laid = self._over.setdefault(correction.table, {}).setdefault(correction.id, _Laid())
        laid.values.update(values)
        if "seen" in values and "source" not in values and "source" in FORMS[correction.table].fields:
            laid.read_again(correction)
        for name in values:
            if name not in ABOUT_THE_SOURCE:
                laid.fixes[name] = Fix(name, correction.day, correction.source)

    def of(self, table: str, shipped: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """The rows of a table, corrected, without those that are hidden; then those that staff added."""
        over = dict(self._over.get(table, {}))
        for row in shipped:
            laid = over.pop(str(row.get("id", "")), None)
            if laid is None:
                yield dict(row)
            elif (made := self._merged(table, row, laid)) is not None:
                yield made
        for row_id, laid in over.items():
            if (made := self._added(table, row_id, laid)) is not None:
                yield made

    def _merged(self, table: str, row: Mapping[str, Any], laid: _Laid) -> dict[str, Any] | None:
        values = dict(laid.values)
        if values.pop(HIDDEN, False):
            self.hidden.add((table, str(row["id"])))
            return None
        inside = FORMS[table].inside
        made = {**row, "fixes": tuple(laid.fixes.values())}
        if inside:
            weights = {drive: values.pop(drive) for drive in DRIVES if drive in values}
            made[inside] = {**row.get(inside, {}), **weights}
        return {**made, **values}

    def _added(self, table: str, row_id: str, laid: _Laid) -> dict[str, Any] | None:
        form = FORMS[table]
        missing = [name for name in form.needed if laid.values.get(name) in (None, "")]
        if laid.values.get(HIDDEN):
            return None
        if missing:
            text = f"Ligne inconnue du catalogue livré ; pour l’ajouter, il manque : {', '.join(missing)}."
            self._faults.append(CatalogueProblem("overlay", f"{table}/{row_id}", text))
            return None
        empty = {} if form.inside else dict.fromkeys(form.fields, "")
        return self._merged(table, {**empty, "id": row_id}, laid)
