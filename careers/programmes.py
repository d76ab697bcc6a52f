"""Read institutions and programmes from their tables, with their campuses and costs."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from careers import tables
from careers.model import Fix, Institution, Programme

_YEARS = re.compile(r"(?:(\d) (?:à|ou) )?(\d) ans?|(\d) ?\+ ?(\d) ans")
_BEFORE_MASTER = 3.0


def institution(row: Mapping[str, Any]) -> Institution:
    return Institution(row["id"], row["name"], row["kind"], row.get("url", ""))


def programme(
    row: Mapping[str, Any],
    institutions: Mapping[str, Institution],
    campuses: Mapping[str, Mapping[str, Any]],
    costs: Mapping[str, Mapping[str, Any]],
) -> Programme:
    """A programme from its row. Raises `KeyError` naming the institution, campus or cost that is missing."""
    campus, cost = campuses[row["campus"]], costs[row["cost"]] if row["cost"] else {}
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
        cost=cost.get("text", ""),
        domains=tables.listed(row["domains"]),
        url=row["url"],
        source=tables.source(row),
        uncertain=row["uncertain"],
        ages_from=int(row["ages_from"]) if row.get("ages_from") else None,
        later=row.get("later") == "yes",
        offered=row["offered"] != "no",
        years=years(row["level"], row["length"]),
        fixes=(*row.get("fixes", ()), *_beside(campus, "campus"), *_beside(cost, "cost")),
    )


def _beside(row: Mapping[str, Any], name: str) -> tuple[Fix, ...]:
    """What staff corrected in the row of a campus or a cost, as a fact of the programme."""
    return tuple(replace(fix, field=name) for fix in row.get("fixes", ())[-1:])


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
