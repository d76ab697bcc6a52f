"""The shipped catalogue with what staff corrected laid over it: everything that may be proposed, found by id."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from careers import helplines, occupations, pointers, programmes, rules, shortages, tables
from careers.model import (
    CatalogueProblem,
    Domain,
    Helpline,
    Institution,
    Occupation,
    Pointer,
    Programme,
    Rule,
    Shortage,
)
from careers.overlay import Correction, Layers

Row = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, eq=False)  # compared by identity, so that what is computed from it can be kept
class Catalogue:
    """Everything that the linker and the matcher may propose, by id."""

    occupations: Mapping[str, Occupation]
    programmes: Mapping[str, Programme]
    institutions: Mapping[str, Institution]
    helplines: tuple[Helpline, ...]
    domains: Mapping[str, Domain]
    faults: tuple[CatalogueProblem, ...] = field(default=())
    rules: Mapping[str, Rule] = field(default_factory=dict)
    pointers: Mapping[str, Pointer] = field(default_factory=dict)
    shortages: Mapping[str, tuple[Shortage, ...]] = field(
        default_factory=dict
    )  # by occupation: told, never weighed

    def programmes_in(self, domains: Sequence[str]) -> list[Programme]:
        """Programmes that are offered and share at least one of the domains."""
        wanted = set(domains)
        return [p for p in self.programmes.values() if p.offered and wanted & set(p.domains)]

    def occupations_where(self, *, sector: str = "", domain: str = "", drive: str = "") -> list[Occupation]:
        """Occupations of a sector, of a TUMO theme, or with a drive at 2 or more; conditions add up."""
        return [
            o
            for o in self.occupations.values()
            if (not sector or o.sector == sector)
            and (not domain or domain in o.tumo_domains)
            and (not drive or o.drives[drive] >= occupations.STRONG)
        ]

    def open_domains(self) -> list[Domain]:
        """The themes that the centre said are open; none while nobody has said."""
        return [domain for domain in self.domains.values() if domain.open]


def load(overlay: Iterable[Correction] = (), short: Iterable[Shortage] = ()) -> Catalogue:
    """The shipped tables with the corrections laid over them, and the occupations of the yearly shortage lists.

    A row that cannot be read is left out and told in `faults`: loading never fails.
    """
    faults: list[CatalogueProblem] = []
    layers = Layers(overlay, faults)
    found = _occupations(layers, faults)
    institutions = _build("institutions", layers, programmes.institution, faults)
    campuses = _build("campuses", layers, dict, faults)
    costs = _build("costs", layers, dict, faults)
    offered = _build(
        "programmes", layers, lambda row: programmes.programme(row, institutions, campuses, costs), faults
    )
    domains = _build("domains", layers, _domain, faults)
    explained = _build("rules", layers, rules.rule, faults)
    asked = _build("pointers", layers, pointers.pointer, faults)
    return Catalogue(
        found,
        offered,
        institutions,
        helplines.all_lines(),
        domains,
        tuple(faults),
        explained,
        asked,
        shortages.by_occupation(short, found.values()),
    )


def _occupations(layers: Layers, faults: list[CatalogueProblem]) -> dict[str, Occupation]:
    found: dict[str, Occupation] = {}
    for row in layers.of("occupations", _shipped_occupations(faults)):
        where = f"occupations/{row.get('id', '?')}"
        wrong = occupations.faults(row)
        if row.get("id") in found:
            wrong.append("id en double")
        faults.extend(CatalogueProblem("occupation", where, text) for text in wrong)
        if not wrong:
            found[row["id"]] = occupations.build(row)
    return found


def _shipped_occupations(faults: list[CatalogueProblem]) -> Iterator[dict[str, Any]]:
    for path in sorted(occupations.FOLDER.glob("*.toml")):
        try:
            yield from occupations.read(path)
        except tomllib.TOMLDecodeError as error:
            faults.append(CatalogueProblem("toml", path.name, f"Fichier illisible : {error}"))


_IN_TOML = {"domains": ("tumo_domains.toml", "domain"), "rules": ("rules.toml", "rule")}


def _shipped(table: str) -> Iterable[Row]:
    if table in _IN_TOML:
        name, key = _IN_TOML[table]
        rows: list[dict[str, Any]] = tables.toml(name)[key]
        return rows
    return tables.rows(f"{table}.tsv")


def shipped_ids(table: str) -> set[str]:
    """The ids of the shipped rows of a table."""
    rows = _shipped_occupations([]) if table == "occupations" else _shipped(table)
    return {str(row["id"]) for row in rows}


def _build(
    table: str, layers: Layers, build: Callable[[dict[str, Any]], T], faults: list[CatalogueProblem]
) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in layers.of(table, _shipped(table)):
        where = f"{table}/{row.get('id', '?')}"
        if row.get("id") in found:
            faults.append(CatalogueProblem("twice", where, "Cet id est déjà pris."))
            continue
        if ("institutions", row.get("institution")) in layers.hidden:
            continue  # the programmes of a school that staff hid go with it
        try:
            found[row["id"]] = build(row)
        except KeyError as error:
            faults.append(CatalogueProblem("missing", where, f"Renvoi cassé ou champ manquant : {error}"))
        except (ValueError, TypeError, AttributeError) as error:
            faults.append(CatalogueProblem("value", where, f"Valeur illisible : {error}"))
    return found


def _domain(row: Row) -> Domain:
    return Domain(row["id"], row["label"], dict(row["weights"]), row.get("open"))


def balance(catalogue: Catalogue) -> dict[str, Counter[Any]]:
    """How the occupations spread by sector, preparation level, digital or not, and who works there today."""
    items = catalogue.occupations.values()
    return {
        "sector": Counter(o.sector for o in items),
        "prep_level": Counter(o.prep_level for o in items),
        "digital": Counter(o.digital for o in items),
        "today": Counter(o.today for o in items),
    }
