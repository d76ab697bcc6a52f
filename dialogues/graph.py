"""The ways through a page: which moment leads where, and whether a moment hands over to the learner."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialogues.flow import following
from dialogues.model import Choice, Condition, Dialogue, Moment, StepKind, Target, TargetKind

END = "fin"  # also where a button to another page leads, as far as this page is concerned
SILENT = frozenset({StepKind.SAY, StepKind.PRODUCT, StepKind.ROUTE, StepKind.ERRAND})
MACHINE = frozenset({StepKind.ROUTE, StepKind.ERRAND})
PRESSED = frozenset({StepKind.CHOICE, StepKind.SCALE, StepKind.SUITE})


@dataclass(frozen=True, slots=True)
class Edge:
    """One way on: from a moment to a moment, to `fin`, or to a page (`page` is then its name)."""

    source: str
    target: str
    label: str = ""
    page: str = ""
    choice: Choice | None = None
    condition: Condition | None = None  # of the moment that is passed over when it does not hold
    holds: bool = True


def asks(moment: Moment) -> bool:
    """Whether the learner is asked something there."""
    return moment.step is not None and moment.step.kind not in SILENT


def edges(page: Dialogue) -> list[Edge]:
    """All ways on, in the order of the page; skipping a question with buttons is one where the page says where to (`va`)."""
    found: list[Edge] = []
    for position, moment in enumerate(page.moments):
        found.extend(_leaving(page, position, moment))
    return found


def _leaving(page: Dialogue, position: int, moment: Moment) -> Iterable[Edge]:
    after = following(page, position)
    following_name = page.moments[after].name if after < len(page.moments) else END
    onward = _place(moment.goto, following_name)
    for choice in moment.choices:
        name, to_page = _place(choice.target or moment.goto, following_name)
        yield Edge(moment.name, name, choice.label, to_page, choice, moment.condition)
    if _falls_through(moment):
        yield Edge(moment.name, onward[0], "", onward[1], None, moment.condition)
    elif moment.goto is not None and asks(moment):
        yield Edge(moment.name, onward[0], "passer", onward[1], None, moment.condition)
    if moment.repeat is not None:
        yield Edge(moment.name, moment.name, f"pour chaque {moment.repeat.alias}")
    if moment.condition is not None or moment.repeat is not None:
        yield Edge(
            moment.name, following_name, "sinon", condition=moment.condition, holds=moment.condition is None
        )


def _falls_through(moment: Moment) -> bool:
    """Whether one may leave without any of its buttons (there are none, or they only answer)."""
    if not moment.choices:
        return True
    if moment.step is None or moment.step.kind in PRESSED:
        return False
    if moment.step.kind in MACHINE:
        return False  # outcomes without a button are reported on their own
    return all(choice.target is None for choice in moment.choices)


def _place(target: Target | None, otherwise: str) -> tuple[str, str]:
    if target is None:
        return otherwise, ""
    if target.kind is TargetKind.MOMENT:
        return target.name, ""
    return END, target.name


def starts(page: Dialogue) -> list[str]:
    """The moments where the page opens: the first of the flow, and those that an event opens."""
    first = next((moment.name for moment in page.moments if moment.entry is None), None)
    return ([first] if first is not None else []) + [
        moment.name for moment in page.moments if moment.entry is not None
    ]


def reached(page: Dialogue) -> set[str]:
    """The names that can be reached from where the page opens."""
    onward: dict[str, list[str]] = {}
    for edge in edges(page):
        onward.setdefault(edge.source, []).append(edge.target)
    return set(_spread(starts(page), onward))


def distances(page: Dialogue) -> Mapping[str, int]:
    """How many moments each name is from the end; names that cannot reach it are left out."""
    back: dict[str, list[str]] = {}
    for edge in edges(page):
        back.setdefault(edge.target, []).append(edge.source)
    return _spread([END], back)


def _spread(begin: Iterable[str], onward: Mapping[str, list[str]]) -> dict[str, int]:
    far = dict.fromkeys(begin, 0)
    waiting = deque(far)
    while waiting:
        name = waiting.popleft()
        for target in onward.get(name, ()):
            if target not in far:
                far[target] = far[name] + 1
                waiting.append(target)
    return far


def silent_loops(page: Dialogue) -> list[str]:
    """Moments from which one may go round for ever without being asked anything."""
    mute = {moment.name for moment in page.moments if not asks(moment)}
    onward: dict[str, set[str]] = {}
    for edge in edges(page):
        repeated = edge.source == edge.target and edge.label.startswith("pour chaque ")
        if edge.source in mute and edge.target in mute and not repeated:
            onward.setdefault(edge.source, set()).add(edge.target)
    left = {name: set(targets) for name, targets in onward.items()}
    while True:  # take away what leads nowhere; what remains leads into a circle
        ended = [name for name, targets in left.items() if not targets & left.keys()]
        if not ended:
            return [moment.name for moment in page.moments if moment.name in left]
        for name in ended:
            del left[name]
