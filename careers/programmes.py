"""Read institutions and programmes from their tables, with their campuses and costs."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from careers import tables
from careers.model import Institution, Programme, Source

LICENCES = {"Education4Climate": "MIT"}
_YEARS = re.compile(r"(?:(\d) (?:à|ou) )?(\d) ans?|(\d) ?\+ ?(\d) ans")
_BEFORE_MASTER = 3.0


def institution(row: Mapping[str, Any]) -> Institution:
    return Institution(row["id"], row["name"], row["kind"], row.get("url", ""))


def programme(
    row: Mapping[str, Any],
    institutions: Mapping[str, Institution],
    campuses: Mapping[str, Mapping[str, str]],
    costs: Mapping[str, str],
) -> Programme:
    """A programme from its row. Raises `KeyError` naming the institution, campus or cost that is missing."""
    campus = campuses[row["campus"]]
    return Programme(
        id=row["id"],
        institution=institutions[row["institution"]],
        title=row["title"],
        level=row["level"],
        length=row["length"],
        campus=", ".join(part for part in (campus["campus"], campus["town"]) if part),
        address=campus["address"],
        postcode=campus["postcode"],
        entry=row["entry"],
        cost=costs[row["cost"]] if row["cost"] else "",
        domains=_listed(row["domains"]),
        url=row["url"],
        source=_source(row),
        uncertain=row["uncertain"],
        ages_from=int(row["ages_from"]) if row.get("ages_from") else None,
        later=row.get("later") in ("yes", True),
        offered=row.get("offered", "yes") in ("yes", True),
        years=years(row["level"], row["length"]),
    )


def _listed(cell: str | list[str]) -> tuple[str, ...]:
    parts = cell.split(";") if isinstance(cell, str) else cell
    return tuple(part.strip() for part in parts if part.strip())


def _source(row: Mapping[str, Any]) -> Source:
    seen = row.get("seen") or ""
    return Source(
        name=row["source"],
        url=row.get("source_url", ""),
        seen=seen if isinstance(seen, date) else tables.day(seen),
        licence=LICENCES.get(row["source"].split(",")[0], ""),
        confidence=row["confidence"],
    )


def years(level: str, length: str) -> float | None:
    """Years of study after secondary school up to the end of a programme; 0 within secondary, None when unknown."""
    if level.startswith("secondaire") and "supérieur" not in level and "adultes" not in level:
        return 0.0
    if "cursus de 5 ans" in length:
        return 5.0
    found = _YEARS.search(length)
    if found:
        whole = float(found[2]) if found[2] else float(found[3]) + float(found[4])
    elif "60 ECTS" in length:
        whole = 1.0
    else:
        return None
    after_bachelor = level.startswith(("master", "passerelle")) or "spécialisation" in level
    return whole + _BEFORE_MASTER if after_bachelor else whole


def tables_of_places() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The hand-made table of campuses by id, and the notes on cost by id."""
    campuses = {row["id"]: row for row in tables.rows("campuses.tsv")}
    return campuses, {row["id"]: row["text"] for row in tables.rows("costs.tsv")}
