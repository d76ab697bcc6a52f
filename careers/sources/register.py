"""The register of sources: where every fact of the catalogue comes from, under which licence, and what it does not say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from careers import tables
from careers.catalogue import Catalogue
from careers.freshness import STATES, freshness
from careers.model import Helpline, Occupation, Pointer, Programme, Rule
from careers.sources.protocol import Origin


@dataclass(frozen=True, slots=True)
class Listed:
    """One source. `here` is false for a source that a centre may import and has not; then its notice is empty."""

    id: str
    title: str
    used_for: str
    gaps: tuple[str, ...]
    tables: tuple[str, ...] = ()
    licence: str = ""
    address: str = ""
    notice: str = ""
    seen: date | None = None
    here: bool = True


@cache
def shipped() -> tuple[Listed, ...]:
    """The sources that Boussole knows of, in the order in which they are shown."""
    return tuple(_listed(row) for row in tables.toml("sources.toml")["source"])


def _listed(row: Mapping[str, Any]) -> Listed:
    return Listed(
        id=row["id"],
        title=row["title"],
        used_for=row["used_for"],
        gaps=tuple(row["gaps"]),
        tables=tuple(row["tables"]),
        licence=row.get("licence", ""),
        address=row.get("address", ""),
        notice=row.get("notice", ""),
        seen=tables.day(row.get("seen", "")),
        here=not row.get("imported", False),
    )


def register(imported: Iterable[Origin] = ()) -> list[Listed]:
    """Every source. What a centre imported has the title, licence, address, notice and day of its own files."""
    loaded = {origin.name: origin for origin in imported}
    known = shipped()
    found = [_filled(one, loaded[one.id]) if one.id in loaded else one for one in known]
    strangers = [origin for name, origin in loaded.items() if name not in {one.id for one in known}]
    return [*found, *(_filled(Listed(o.name, o.title, "", ()), o) for o in strangers)]


def _filled(one: Listed, origin: Origin) -> Listed:
    return replace(
        one,
        title=origin.title,
        licence=origin.licence,
        address=origin.address,
        notice=origin.notice,
        seen=origin.date or one.seen,
        here=True,
    )


@dataclass(frozen=True, slots=True)
class Ages:
    """How many rows of a table are fresh, to check again, or too old to be said without a warning."""

    table: str
    fresh: int
    check: int
    old: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.fresh + self.check + self.old


def ages(catalogue: Catalogue, today: date) -> list[Ages]:
    """The age of every row with a source, table by table."""
    found: list[tuple[str, Iterable[Programme | Occupation | Rule | Pointer | Helpline]]] = [
        ("programmes", catalogue.programmes.values()),
        ("occupations", catalogue.occupations.values()),
        ("rules", catalogue.rules.values()),
        ("pointers", catalogue.pointers.values()),
        ("helplines", catalogue.helplines),
    ]
    return [_ages(table, list(items), today) for table, items in found]


def _ages(table: str, items: list[Programme | Occupation | Rule | Pointer | Helpline], today: date) -> Ages:
    states = [freshness(item.source, today) for item in items]
    return Ages(table, *(states.count(state) for state in STATES))
