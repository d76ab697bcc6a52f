"""What passes between a command of staff and its answer: an act that waits for a « yes », and what is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Pending:
    """An act that waits for a « yes »: for which gathering, as it was then, and with what."""

    act: str
    number: int = 0
    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What `Pending(**…)` reads back."""
        return {
            "act": self.act,
            "number": self.number,
            "version": self.version,
            "values": dict(self.values),
        }


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said. `pending`: with these buttons under it; `draft`: the command so far, to which the next words are added."""

    text: str
    pending: Pending | None = None
    draft: str = ""
