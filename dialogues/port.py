"""What an errand is to a page: its inputs, its outcomes and what it brings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Port:
    """One errand (`faire NAME`). `brings` are variables filled for this page only, never stored.

    `fresh`: what it tells changes by itself, so it is asked again even where a learner went back over it.
    """

    name: str
    inputs: tuple[str, ...]
    outcomes: tuple[str, ...]
    brings: tuple[str, ...]
    purpose: str
    fresh: bool = False
