"""What staff change in the shipped tables without touching a file: their corrections, read and laid over the rows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from careers.forms import FORMS, CorrectionError, Form, flag
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
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{1,79}")


@dataclass(frozen=True, slots=True)
class Correction:
    """What staff changed in one row. `changes` are values as they were typed; `day` is when, `source` where they read it."""

    table: str
    id: str
    changes: Mapping[str, str]
    day: date | None = None
    source: str = ""


def read(correction: Correction) -> dict[str, Any]:
    """The values of a correction as the table holds them. CorrectionError names the field that cannot be read."""
    form = FORMS.get(correction.table)
    if form is None:
        raise CorrectionError(f"table inconnue : {correction.table}")
    if not _ID.fullmatch(correction.id):
        raise CorrectionError(f"« {correction.id} » n’est pas un id (minuscules, chiffres, tirets)")
    found: dict[str, Any] = {}
    for name, said in correction.changes.items():
        reader = flag if name == HIDDEN else form.fields.get(name)
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
