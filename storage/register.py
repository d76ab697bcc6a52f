"""The register of personal data, read from the tables themselves: what is kept, why, how long, and whether sealed."""

from dataclasses import dataclass

from storage.tables import metadata
from storage.types import Keep


@dataclass(frozen=True, slots=True)
class Line:
    """One column. `sealed` is empty for what is stored in the clear, else what is inside: json, text or bytes."""

    table: str
    column: str
    purpose: str
    keep: Keep
    sealed: str


def lines() -> list[Line]:
    """Every column of every table, in order."""
    return [
        Line(table.name, one.name, one.info["purpose"], one.info["keep"], one.info["sealed"])
        for table in metadata.sorted_tables
        for one in table.c
    ]
