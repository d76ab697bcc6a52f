"""Read the shipped tables: tab-separated rows with a header, one record a line, no quoting."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from careers.model import Source

DATA = Path(__file__).parent / "data"
LICENCES = {"Education4Climate": "MIT"}


def rows(name: str, folder: Path = DATA) -> Iterator[dict[str, str]]:
    """The rows of a table as dictionaries. Raises `ValueError` naming a line that has too many or too few cells."""
    lines = (folder / name).read_text("utf-8").splitlines()
    header = lines[0].split("\t")
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise ValueError(f"{name}, ligne {number} : {len(cells)} cases, {len(header)} attendues")
        yield dict(zip(header, cells, strict=True))


def day(text: str) -> date | None:
    """A date written YYYY-MM-DD, or a year alone, read as its first day so that it ages sooner. Empty is None."""
    if not text:
        return None
    return date.fromisoformat(text if "-" in text else f"{text}-01-01")


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, between semicolons."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def source(row: Mapping[str, Any]) -> Source:
    """Where a row comes from."""
    seen = row.get("seen") or ""
    return Source(
        name=row["source"],
        url=row.get("source_url", ""),
        seen=seen if isinstance(seen, date) else day(seen),
        licence=LICENCES.get(row["source"].split(",")[0], ""),
        confidence=row["confidence"],
    )


def toml(name: str, folder: Path = DATA) -> dict[str, Any]:
    """A table written in TOML."""
    return tomllib.loads((folder / name).read_text("utf-8"))


@cache
def labels() -> dict[str, dict[str, str]]:
    """French names of drives, values and skills."""
    return toml("labels.toml")


@cache
def domain_labels() -> dict[str, str]:
    """French names of the TUMO themes."""
    return {row["id"]: row["label"] for row in toml("tumo_domains.toml")["domain"]}
