"""The shipped catalogue with the staff's overlay, found by id; filters, freshness and what is wrong with it."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from careers import helplines, occupations, places, programmes, tables
from careers.model import (
    CatalogueProblem,
    Domain,
    Helpline,
    Institution,
    Occupation,
    Programme,
    Source,
    Vacancy,
)

FRESH = timedelta(days=365)  # a year of school: what was seen since then can be said
OLD = timedelta(days=2 * 365)  # beyond, only with "à vérifier"

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

    def freshness(self, item: Occupation | Programme | Vacancy, today: date) -> str:
        """Fresh (seen within a year), check (within two) or old (longer ago, or nobody knows)."""
        return freshness(item.source, today)


def freshness(source: Source, today: date) -> str:
    """Fresh (seen within a year), check (within two) or old (longer ago, or nobody knows)."""
    if source.seen is None or today - source.seen > OLD:
        return "old"
    return "fresh" if today - source.seen <= FRESH else "check"


def load(overlay: Sequence[Row] = ()) -> Catalogue:
    """The shipped tables with the overlay rows laid over them by id.

    An overlay row has `table` (occupations, programmes, institutions or domains), `id` and the fields to change;
    `removed = true` hides a row. A row that cannot be read is left out and told in `faults`: loading never fails.
    """
    faults: list[CatalogueProblem] = []
    layers = _Layers(overlay, faults)
    found = _occupations(layers, faults)
    institutions = _build("institutions", layers, programmes.institution, faults)
    campuses, costs = programmes.tables_of_places()
    offered = _build(
        "programmes", layers, lambda row: programmes.programme(row, institutions, campuses, costs), faults
    )
    domains = _build("domains", layers, _domain, faults)
    return Catalogue(found, offered, institutions, helplines.all_lines(), domains, tuple(faults))


class _Layers:
    """Rows of a table with those of the overlay laid over them."""

    def __init__(self, overlay: Sequence[Row], faults: list[CatalogueProblem]) -> None:
        self._over: dict[tuple[str, str], dict[str, Any]] = {}
        for row in overlay:
            table, row_id = str(row.get("table", "")), str(row.get("id", ""))
            if table not in ("occupations", "programmes", "institutions", "domains") or not row_id:
                faults.append(
                    CatalogueProblem(
                        "overlay", f"{table}/{row_id}", "Ligne d’ajout sans table connue ou sans id."
                    )
                )
                continue
            self._over.setdefault((table, row_id), {}).update({k: v for k, v in row.items() if k != "table"})

    def of(self, table: str, shipped: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        over = {row_id: row for (name, row_id), row in self._over.items() if name == table}
        for row in shipped:
            merged = {**row, **over.pop(str(row.get("id", "")), {})}
            if not merged.pop("removed", False):
                yield merged
        yield from (row for row in over.values() if not row.pop("removed", False))


def _occupations(layers: _Layers, faults: list[CatalogueProblem]) -> dict[str, Occupation]:
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


def _shipped(table: str) -> Iterator[dict[str, Any]]:
    if table == "domains":
        yield from tables.toml("tumo_domains.toml")["domain"]
    else:
        yield from tables.rows(f"{table}.tsv")


def _build(
    table: str, layers: _Layers, build: Callable[[dict[str, Any]], T], faults: list[CatalogueProblem]
) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in layers.of(table, _shipped(table)):
        where = f"{table}/{row.get('id', '?')}"
        if row.get("id") in found:
            faults.append(CatalogueProblem("twice", where, "Cet id est déjà pris."))
            continue
        try:
            found[row["id"]] = build(row)
        except KeyError as error:
            faults.append(CatalogueProblem("missing", where, f"Renvoi cassé ou champ manquant : {error}"))
        except (ValueError, TypeError, AttributeError) as error:
            faults.append(CatalogueProblem("value", where, f"Valeur illisible : {error}"))
    return found


def _domain(row: Row) -> Domain:
    return Domain(row["id"], row["label"], dict(row["weights"]), row.get("open"))


def problems(catalogue: Catalogue, today: date) -> list[CatalogueProblem]:
    """Everything that is wrong with the catalogue, errors first, then what needs a look."""
    found = [*catalogue.faults, *_of_occupations(catalogue, today), *_of_programmes(catalogue, today)]
    found += _of_codes(catalogue)
    return sorted(found, key=lambda problem: problem.severity != "error")


def _of_occupations(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    taught = {domain for p in catalogue.programmes.values() for domain in p.domains}
    for item in catalogue.occupations.values():
        where = f"occupations/{item.id}"
        for domain in item.programme_domains:
            if domain not in taught:
                yield CatalogueProblem("domain", where, f"Aucune formation n’a le domaine « {domain} ».")
        for theme in item.tumo_domains:
            if theme not in catalogue.domains:
                yield CatalogueProblem("theme", where, f"Thème inconnu : {theme}.")
        if freshness(item.source, today) == "old":
            yield CatalogueProblem("stale", where, "Fiche à relire : vue il y a plus de deux ans.", "warning")


def _of_programmes(catalogue: Catalogue, today: date) -> Iterator[CatalogueProblem]:
    for item in catalogue.programmes.values():
        where = f"programmes/{item.id}"
        if not item.source.name:
            yield CatalogueProblem("source", where, "La source manque.")
        if item.source.confidence not in ("A", "B", "C", "D"):
            yield CatalogueProblem("confidence", where, f"Confiance inconnue : {item.source.confidence}.")
        if item.postcode and places.of_postcode(item.postcode) is None:
            yield CatalogueProblem("postcode", where, f"Code postal inconnu : {item.postcode}.")
        if not item.domains:
            yield CatalogueProblem(
                "domain", where, "Aucun domaine : la formation ne sera jamais proposée.", "warning"
            )
        if freshness(item.source, today) == "old":
            yield CatalogueProblem(
                "stale", where, "À revérifier : date inconnue ou de plus de deux ans.", "warning"
            )


def _of_codes(catalogue: Catalogue) -> Iterator[CatalogueProblem]:
    known = {(row["scheme"], row["code"]) for row in tables.rows("codes.tsv")}
    for item in catalogue.occupations.values():
        for scheme, codes in (("rome", item.rome), ("dimeco", item.dimeco)):
            for code in codes:
                if (scheme, code) not in known:
                    yield CatalogueProblem(
                        "code", f"occupations/{item.id}", f"Code {scheme} inconnu : {code}."
                    )


def balance(catalogue: Catalogue) -> dict[str, Counter[Any]]:
    """How the occupations spread by sector, preparation level, digital or not, and who works there today."""
    items = catalogue.occupations.values()
    return {
        "sector": Counter(o.sector for o in items),
        "prep_level": Counter(o.prep_level for o in items),
        "digital": Counter(o.digital for o in items),
        "today": Counter(o.today for o in items),
    }
