"""What `boussole check` says of the job offers: off, never read, too old, or the last failure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.application.offers_state import BRUSSELS, State

OLD = timedelta(days=3)


def looks(state: State, now: datetime, *, on: bool) -> Iterator[tuple[bool, str]]:
    """Each thing to say, and whether it is as it should be."""
    if not on:
        yield True, "Offres du Forem : coupées (BOUSSOLE_FOREM=off, voir docs/offres.md)."
        return
    if state.failed is not None:
        yield False, f"Offres du Forem : le dernier essai a raté, {_moment(state.failed)}. {state.why}"
    if state.last is None:
        yield False, "Offres du Forem : allumées, jamais lues. « boussole offers sync » les lit."
    elif now - state.last > OLD:
        yield (
            False,
            f"Offres du Forem : dernière lecture {_moment(state.last)}. « boussole offers sync » relit.",
        )
    elif state.failed is None:
        yield True, f"Offres du Forem : {state.open} offres, lues {_moment(state.last)}."


def _moment(at: datetime) -> str:
    return f"le {at.astimezone(BRUSSELS):%d/%m/%Y à %H:%M}"
