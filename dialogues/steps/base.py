"""What a kind of step must be able to do, and what it may answer."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from dialogues.events import Input
from dialogues.model import Choice, Moment, Step

if TYPE_CHECKING:
    from dialogues.steps.play import Play


class After(Enum):
    """What follows an input."""

    WAIT = "wait"  # the screen (or the next card of it) stands; the input counted
    AGAIN = "again"  # the input did not fit; the reason was said; the screen stands
    MISSED = "missed"  # not understood
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows an input, the buttons that were pressed, and whether it may be gone back to."""

    after: After
    chosen: tuple[Choice, ...] = ()
    answer: tuple[str, ...] = ()


WAIT = Outcome(After.WAIT)
AGAIN = Outcome(After.AGAIN)
MISSED = Outcome(After.MISSED)
DONE = Outcome(After.DONE)


def done(*chosen: Choice, answer: tuple[str, ...] = ()) -> Outcome:
    """The step is answered."""
    return Outcome(After.DONE, chosen, answer)


class Handler(Protocol):
    """One kind of step."""

    def open(self, play: "Play", moment: Moment, step: Step) -> Outcome:
        """Prepare the step. WAIT when a screen is needed, DONE when there is nothing to ask."""

    def ask(self, play: "Play", moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        """Emit the screen that waits now."""

    def answer(self, play: "Play", moment: Moment, step: Step, given: Input) -> Outcome:
        """Take an input."""

    def skip(self, play: "Play", moment: Moment, step: Step) -> Outcome:
        """The learner passes: DONE, or WAIT when only a card is passed."""
