"""What a dialogue page becomes once read: dialogues, moments, bubbles, steps, choices and conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class StepKind(StrEnum):
    """The kinds of step; the French word that opens each one is in `dialogues.parse`."""

    SAY = "say"
    CHOICE = "choice"
    MULTI = "multi"
    SCALE = "scale"
    TEXT = "text"
    LIST = "list"
    REACTIONS = "reactions"
    DUELS = "duels"
    SORT = "sort"
    RANK = "rank"
    DATE = "date"
    MEDIA = "media"
    PRODUCT = "product"
    ROUTE = "route"
    SUITE = "suite"
    ERRAND = "errand"


class Comparison(StrEnum):
    """What a condition may ask of a variable, and nothing more."""

    SET = "set"
    UNSET = "unset"
    EQUAL = "equal"
    CONTAINS = "contains"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Condition:
    """`si x`, `si pas x`, `si x = v`, `si x contient y`, `si x >= 2`."""

    variable: str
    comparison: Comparison
    value: str = ""


class TargetKind(StrEnum):
    """Where a button leads."""

    MOMENT = "moment"
    PAGE = "page"
    END = "end"


@dataclass(frozen=True, slots=True)
class Target:
    """A link of the page: `#moment`, `page.md` or `#fin`."""

    kind: TargetKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One paragraph, as the author wrote it, with its easy-to-read version if there is one."""

    text: str
    simple: str | None = None
    condition: Condition | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """`VAR = v` (set), `VAR + v` (append) or `nouveau VAR` (open a new element of a list)."""

    variable: str
    operation: str  # "set" | "append" | "open"
    value: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A list item: a button, its key, where it leads and what the bot answers first."""

    key: str
    label: str
    target: Target | None = None
    replies: tuple[Bubble, ...] = ()
    condition: Condition | None = None
    line: int = 0
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What a moment asks of the learner (or of the machine)."""

    kind: StepKind
    variable: str | None = None
    minimum: int = 0
    maximum: int = 0
    max_chars: int = 0
    count: int = 0
    deck: str | None = None
    deck_keys: tuple[str, ...] = ()
    name: str = ""  # product, route or errand
    private: bool = False
    line: int = 0
    text: str = ""  # of a product: what is written on the card
    simple: str | None = None
    shuffled: bool = False  # a stable order per person instead of the deck's own


@dataclass(frozen=True, slots=True)
class Repeat:
    """`pour chaque x dans LIST max N` before a moment."""

    alias: str
    source: str
    maximum: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A `## name` of the page: bubbles, then at most one step, then its buttons."""

    name: str
    bubbles: tuple[Bubble, ...] = ()
    step: Step | None = None
    choices: tuple[Choice, ...] = ()
    notes: tuple[Note, ...] = ()
    condition: Condition | None = None
    repeat: Repeat | None = None
    entry: str | None = None
    goto: Target | None = None
    line: int = 0


@dataclass(frozen=True)
class Dialogue:
    """A whole page. `digest` is the SHA-256 of its source: learners stay on the version they began."""

    id: str
    title: str
    task: str  # exploration | crystallization | specification | realization | frame
    field: str  # self | world | circle
    minutes: int
    ages: tuple[int, int]
    intention: str
    moments: tuple[Moment, ...]
    digest: str
    source: str

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each moment stands in the page."""
        return {moment.name: position for position, moment in enumerate(self.moments)}

    def moment(self, name: str) -> Moment | None:
        """The moment of that name, if the page has one."""
        position = self.positions.get(name)
        return None if position is None else self.moments[position]

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """For each variable that a button fills: the words of the button by its key."""
        found: dict[str, dict[str, str]] = {}
        for moment in self.moments:
            if moment.step is None or moment.step.variable is None:
                continue
            named = {choice.key: choice.label for choice in moment.choices if "{" not in choice.label}
            found.setdefault(moment.step.variable, {}).update(named)
        return found

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """For each variable that cards fill: the decks or lists whose cards they are."""
        found: dict[str, list[str]] = {}
        for moment in self.moments:
            step = moment.step
            if step is not None and step.variable is not None and step.deck not in (None, step.variable):
                found.setdefault(step.variable, []).append(str(step.deck))
        return {variable: tuple(dict.fromkeys(decks)) for variable, decks in found.items()}
