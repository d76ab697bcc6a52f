"""Rules about the ways through a page: moments never reached, learners stuck, bubbles and texts in a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dialogues import graph
from dialogues.graph import Edge
from dialogues.lint_rules import problem
from dialogues.model import Bubble, Comparison, Condition, Dialogue, Moment, StepKind
from dialogues.reader import Problem

MOST_BEFORE = 2  # bubbles before the one that asks
MOST_TEXTS = 2
FARTHEST = 4_000  # moments looked at from one beginning: pages with more ways than that are not read further

Facts = Mapping[tuple[str, str], bool]


def check(page: Dialogue) -> Iterator[Problem]:
    """D010, D011, D028 and D039; two moments of the same name leave nothing to follow."""
    if len(page.positions) < len(page.moments):
        return
    reached = graph.reached(page)
    ending = graph.distances(page)
    stuck = set(graph.silent_loops(page))
    for moment in page.moments:
        if moment.name not in reached:
            yield problem("D010", moment.line, name=moment.name)
        elif moment.name not in ending or moment.name in stuck:
            yield problem("D011", moment.line, name=moment.name)
    walk = _Ahead(page)
    worst: dict[int, int] = {}
    for begin, said, facts in walk.beginnings():
        for moment, bubbles in walk.ahead(begin, said, facts):
            line = moment.step.line if moment.step else moment.line
            worst[line] = max(worst.get(line, 0), bubbles)
    for line, bubbles in worst.items():
        if bubbles > MOST_BEFORE:
            yield problem("D028", line, n=bubbles + 1)
    yield from _texts(page, walk)


def known(facts: Facts, condition: Condition | None, *, holds: bool) -> Facts | None:
    """What is known once a condition holds (or not); None when that contradicts what was known."""
    if condition is None:
        return facts if holds else None
    if condition.comparison is Comparison.UNSET:
        condition, holds = Condition(condition.variable, Comparison.SET), not holds
    fact = (condition.variable, f"{condition.comparison}{condition.value}")
    if facts.get(fact, holds) is not holds:
        return None
    is_set = (condition.variable, str(Comparison.SET))
    if holds and facts.get(is_set) is False:
        return None
    if holds and condition.comparison is Comparison.EQUAL:
        for (variable, said), true in facts.items():
            other = variable == condition.variable and said.startswith(str(Comparison.EQUAL))
            if other and true and said != fact[1]:
                return None
    return {**facts, fact: holds}


def count(bubbles: tuple[Bubble, ...]) -> int:
    """How many bubbles are said at most: of those with a condition on the same variable, only some."""
    always = sum(bubble.condition is None for bubble in bubbles)
    cases: dict[str, dict[str, int]] = {}
    for bubble in bubbles:
        if bubble.condition is not None:
            each = cases.setdefault(bubble.condition.variable, {})
            said = f"{bubble.condition.comparison}{bubble.condition.value}"
            each[said] = each.get(said, 0) + 1
    return always + sum(max(each.values()) for each in cases.values())


@dataclass
class _Ahead:
    """Follows a page from where the learner has the hand to where they get it back."""

    page: Dialogue
    onward: dict[str, list[Edge]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for edge in graph.edges(self.page):
            self.onward.setdefault(edge.source, []).append(edge)

    def beginnings(self) -> Iterator[tuple[str, int, Facts]]:
        """Moments that open after the learner did something, and how many bubbles answered it."""
        for name in graph.starts(self.page):
            yield name, 0, {}
        for moment in self.page.moments:
            if graph.asks(moment):
                for edge in self.onward.get(moment.name, []):
                    if edge.holds and edge.target != moment.name:
                        replies = edge.choice.replies if edge.choice else ()
                        yield edge.target, count(replies), {}

    def ahead(self, begin: str, said: int, facts: Facts) -> Iterator[tuple[Moment, int]]:
        """The moments that ask next, with the bubbles said before their question."""
        waiting: list[tuple[str, int, Facts, tuple[str, ...]]] = [(begin, said, facts, ())]
        for _ in range(FARTHEST):
            if not waiting:
                return
            name, before, facts, path = waiting.pop()
            moment = self.page.moment(name)
            if moment is None or name in path:
                continue
            inside = known(facts, moment.condition, holds=True)
            if inside is not None and graph.asks(moment):
                yield moment, before + max(count(moment.bubbles) - 1, 0)
            for edge in self.onward.get(name, []):
                outside = edge.label == "sinon" and edge.condition is not None
                if not outside and graph.asks(moment):
                    continue
                then = known(facts, edge.condition, holds=False) if outside else inside
                if then is not None:
                    more = 0 if outside else count(moment.bubbles)
                    waiting.append((edge.target, before + more, then, (*path, name)))


_WRITTEN = frozenset([StepKind.TEXT, StepKind.LIST])


def _texts(page: Dialogue, walk: _Ahead) -> Iterator[Problem]:
    """The first text too many of each row."""
    following: dict[str, set[str]] = {}
    for moment in page.moments:
        if _is_text(moment):
            ends = [edge.target for edge in walk.onward.get(moment.name, []) if edge.holds]
            following[moment.name] = {
                nearest.name
                for end in ends
                for nearest, _ in walk.ahead(end, 0, {})
                if _is_text(nearest) and nearest.name != moment.name
            }
    third = {
        last
        for first, seconds in following.items()
        for second in seconds
        for last in following.get(second, ())
        if last != first
    }
    for moment in page.moments:
        if moment.name in third and moment.step is not None:
            yield problem("D039", moment.step.line)


def _is_text(moment: Moment) -> bool:
    return moment.step is not None and moment.step.kind in _WRITTEN
