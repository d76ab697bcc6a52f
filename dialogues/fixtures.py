"""What errands bring back when a page is played without the application: outcomes from `fixtures.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dialogues.events import Brought, Requested
from dialogues.library import CONTENT
from dialogues.ports import PORTS


class FixtureError(Exception):
    """The fixtures name an errand, an outcome or a variable that does not exist."""


@dataclass(frozen=True)
class Fixtures:
    """For each errand its made-up outcomes, the most common first.

    `rows` is how many of them follow one another where a page goes round (`[[next_track]]` with `again = true`).
    """

    outcomes: Mapping[str, tuple[Brought, ...]]
    rows: Mapping[str, int] = field(default_factory=dict)

    def usual(self, errand: str) -> tuple[Brought, ...]:
        """What the errand brings when no story says otherwise: once after the other, then the last for good."""
        return self.of(errand)[: self.rows.get(errand, 1)]

    def of(self, errand: str) -> tuple[Brought, ...]:
        """All outcomes of an errand; an unknown errand brings nothing."""
        return self.outcomes.get(errand, (Brought("", {}),))

    def named(self, errand: str, outcome: str) -> Brought:
        """That outcome of an errand. FixtureError when nobody made it up."""
        for each in self.of(errand):
            if each.outcome == outcome:
                return each
        raise FixtureError(f"« {errand} » n'a pas d'issue « {outcome} » dans fixtures.toml.")


@dataclass
class Script:
    """Answers errands in the order that a story says, then as the last time, or with the most common outcome."""

    fixtures: Fixtures
    lines: Mapping[str, tuple[Brought, ...]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def __call__(self, request: Requested) -> Brought:
        said = self.lines.get(request.errand) or self.fixtures.usual(request.errand)
        count = self.asked.get(request.errand, 0)
        self.asked[request.errand] = count + 1
        return said[min(count, len(said) - 1)]


def load(folder: Path | None = None) -> Fixtures:
    """Read `fixtures.toml` beside the pages (none is fine). FixtureError when it does not fit the ports."""
    path = (CONTENT if folder is None else folder) / "fixtures.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return Fixtures(
        {errand: tuple(_brought(errand, row) for row in rows) for errand, rows in raw.items()},
        {errand: 1 + sum(bool(row.get("again")) for row in rows) for errand, rows in raw.items()},
    )


def _brought(errand: str, row: Mapping[str, Any]) -> Brought:
    port = PORTS.get(errand)
    if port is None:
        raise FixtureError(f"Personne ne sait faire « {errand} ».")
    brings = dict(row.get("brings", {}))
    wrong = [name for name in brings if name not in port.brings]
    if wrong or row.get("outcome") not in port.outcomes:
        raise FixtureError(
            f"« {errand} » : {wrong or row.get('outcome')!r} n'est pas prévu par dialogues/ports.py."
        )
    return Brought(str(row["outcome"]), brings)
