"""What goes into a turn of the engine and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialogues.model import StepKind

# ---------------------------------------------------------------- what comes in


@dataclass(frozen=True, slots=True)
class Typed:
    """Words typed by the learner."""

    text: str


@dataclass(frozen=True, slots=True)
class Picked:
    """Keys of the options pressed, ticked or ordered, in the learner's order."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture kept by the application (an opaque id) or a link."""

    media_id: str = ""
    url: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """The word or button `passer`; counts as "I do not know"."""


@dataclass(frozen=True, slots=True)
class Back:
    """The word or button `retour`: the step before, its answer editable."""


@dataclass(frozen=True, slots=True)
class Simple:
    """The word or button `simple`: say the last bubbles again in their easy-to-read version."""


@dataclass(frozen=True, slots=True)
class Again:
    """Show the current step once more (after a pause, a restart, an older screen)."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What the application brings back from an errand: an outcome of its port and variables."""

    outcome: str
    values: Mapping[str, Any] = field(default_factory=dict)


Input = Typed | Picked | Attached | Skipped | Back | Simple | Again | Brought

# ---------------------------------------------------------------- what comes out


@dataclass(frozen=True, slots=True)
class Option:
    """A button or card to tick. `shape` names a drive whose shape and colour may stand beside it."""

    key: str
    label: str
    shape: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card of a deck that is shown to react to: an activity, an occupation, a programme, an offer."""

    id: str
    title: str
    kind: str = "activity"  # activity | occupation | programme | vacancy | value | own
    lines: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    doubt: str = ""
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One bubble, rendered. `spoken` says whether the learner asked for the voice."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The screen that now waits for an answer; its question is the last bubble said."""

    kind: StepKind
    prompt: str
    options: tuple[Option, ...] = ()
    minimum: int = 0
    maximum: int = 1
    max_chars: int = 0
    card: Card | None = None
    position: tuple[int, int] | None = None  # (3, 18): third card of eighteen
    current: tuple[str, ...] = ()  # the earlier answer, when coming back
    accepts_text: bool = False
    accepts_media: bool = False
    skippable: bool = True
    private: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """A variable of the profile has a new value (always the whole value)."""

    variable: str
    value: Any
    private: bool = False  # the step was marked `privé`: this part of the value is never shared


@dataclass(frozen=True, slots=True)
class Requested:
    """An errand: the application must answer with `Brought` in the same transaction."""

    errand: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Produced:
    """A finished card or sheet (`carte NAME`): its text and the variables it was made from."""

    product: str
    text: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """The words typed fit no button; `times` in a row at this step (1, 2, 3...)."""

    times: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The page is closed; `page` is the one that the learner chose next, if any."""

    page: str | None = None


Event = Said | Asked | Noted | Requested | Produced | Misunderstood | Ended

# ---------------------------------------------------------------- around a turn


@dataclass(frozen=True, slots=True)
class Context:
    """What a turn may know of the world. Nothing else comes in."""

    now: datetime  # aware, Europe/Brussels
    seed: str  # per person, stable: stable shuffles and ties
    channel: str = "web"  # web | telegram | discord | terminal
    words: Mapping[str, str] = field(default_factory=dict)  # centre, bot_name, forum...
    pages: frozenset[str] = frozenset()  # pages of the library: buttons to others are hidden


@dataclass(frozen=True, slots=True)
class Turn:
    """The new state (None once the page is closed), what happened, and the moments passed through."""

    state: "State | None"
    events: tuple[Event, ...]
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where a learner is in a page. Everything in `data` is JSON; `dialogues.engine` owns its shape."""

    page: str
    digest: str
    moment: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back to an equal state."""
        return {"page": self.page, "digest": self.digest, "moment": self.moment, "data": dict(self.data)}

    @staticmethod
    def from_json(raw: Mapping[str, Any]) -> "State":
        """The state that `to_json` wrote. KeyError when a key is missing."""
        return State(raw["page"], raw["digest"], raw["moment"], raw["data"])
