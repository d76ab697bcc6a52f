"""Rules about the form of a page: its head, its notes for colleagues, its buttons and questions."""

import re
from collections.abc import Iterator

from dialogues import graph
from dialogues.lint_rules import problem
from dialogues.model import Dialogue, Moment, StepKind, TargetKind
from dialogues.profile import VARIABLES
from dialogues.reader import Problem
from dialogues.steps.values import parse_path

MOST_BUTTONS = 6
LEAST_CHOICE = 2
YOUNGEST, OLDEST = 12, 18
SECONDS_AT_LEAST = 8  # a quick learner, by question on the shortest way
SECONDS_AT_MOST = 90  # a slow one, by question of the whole page
EVENTS = (
    "parent_ok",
    "track",
    "outcome",
    "answer",
    "eve",
    "before",
    "after",
    "two_weeks",
    "day",
    "next_day",
)
WAYS_OUT = frozenset(
    ["none", "dunno", "skip", "other", "no", "later", "nothing", "null_", "prefer_not", "no_", "unknown"]
)

_BUTTONS = frozenset(
    [StepKind.CHOICE, StepKind.MULTI, StepKind.SCALE, StepKind.SUITE, StepKind.REACTIONS, StepKind.SORT]
)
_PERSONAL = frozenset([StepKind.CHOICE, StepKind.MULTI, StepKind.SCALE])
_AGE_CODE = re.compile(r"`\s*âge\s+(\d{1,2})-(\d{1,2})\s*`")
_PASS = re.compile(r"\b(?:passer|passe)\b", re.IGNORECASE)


def check(page: Dialogue) -> Iterator[Problem]:
    """All problems of form, of the head first."""
    yield from _head(page)
    yield from _lines(page.source)
    seen: dict[str, int] = {}
    for moment in page.moments:
        if moment.name in seen:
            yield problem("D007", moment.line, name=moment.name, line=seen[moment.name])
        seen.setdefault(moment.name, moment.line)
    for moment in page.moments:
        yield from _targets(page, moment)
        yield from _buttons(moment)
        yield from _personal(moment)
        if moment.entry is not None and moment.entry not in EVENTS:
            yield problem("D047", moment.line, name=moment.entry)


def _head(page: Dialogue) -> Iterator[Problem]:
    if not page.title:
        yield problem("D001", 1)
    given = {"page": page.id, "tâche": page.task, "champ": page.field, "durée": page.minutes}
    for field, value in given.items():
        if not value:
            yield problem("D002", 1, field=field)
    head = page.source.partition("\n## ")[0]
    if "`âge" not in head:
        yield problem("D002", 1, field="âge")
    ages = _AGE_CODE.search(head)
    if ages is not None and not YOUNGEST <= int(ages[1]) <= int(ages[2]) <= OLDEST:
        yield problem("D003", head[: ages.start()].count("\n") + 1, text=f"{ages[1]}-{ages[2]}")
    if not page.intention:
        yield problem("D046", 1)


def _lines(source: str) -> Iterator[Problem]:
    """What only the raw lines tell: an open back-tick, words that a note swallows."""
    in_note = False
    for number, raw in enumerate(source.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        row = raw.strip()
        if row.count("`") % 2:
            yield problem("D005", number)
        if in_note and row and not row.startswith((">", "#", "- ", "<!--")):
            yield problem("D049", number)
        in_note = row.startswith(">") or (in_note and bool(row) and not row.startswith("#"))


def _targets(page: Dialogue, moment: Moment) -> Iterator[Problem]:
    aimed = [(choice.target, choice.line) for choice in moment.choices]
    for target, line in [*aimed, (moment.goto, moment.line)]:
        if target is not None and target.kind is TargetKind.MOMENT and page.moment(target.name) is None:
            yield problem("D009", line, name=target.name)


def _buttons(moment: Moment) -> Iterator[Problem]:
    step = moment.step
    if step is None or step.kind not in _BUTTONS:
        return
    shown = len(step.deck_keys) if step.kind in (StepKind.CHOICE, StepKind.MULTI) else 0
    together: dict[tuple[str, str], int] = {}
    for choice in moment.choices:
        found = choice.condition
        if found is None:
            shown += 1
        else:
            case = (found.variable, f"{found.comparison}{found.value}")
            together[case] = together.get(case, 0) + 1
    by_variable: dict[str, int] = {}
    for (variable, _), count in together.items():
        by_variable[variable] = max(by_variable.get(variable, 0), count)
    shown += sum(by_variable.values())
    if shown > MOST_BUTTONS:
        yield problem("D014", step.line or moment.line, n=shown)
    few = 0 < len(moment.choices) < LEAST_CHOICE
    if few and step.kind in (StepKind.CHOICE, StepKind.MULTI, StepKind.SCALE):
        yield problem("D015", step.line or moment.line)


def _personal(moment: Moment) -> Iterator[Problem]:
    step = moment.step
    if step is None or step.kind not in _PERSONAL or not moment.choices:
        return
    declared = VARIABLES.get(parse_path(step.variable).base) if step.variable else None
    personal = step.private or (declared is not None and declared.restricted)
    offered = any(choice.key in WAYS_OUT for choice in moment.choices)
    said = any(_PASS.search(bubble.text) for bubble in moment.bubbles)
    if personal and not offered and not said:
        yield problem("D031", step.line or moment.line)


def duration(page: Dialogue) -> Iterator[Problem]:
    """D038: the minutes announced beside the questions of the shortest way and of the whole page."""
    if not page.minutes:
        return
    questions = sum(
        (moment.step.count or 6) if moment.step and moment.step.kind is StepKind.REACTIONS else 1
        for moment in page.moments
        if graph.asks(moment)
    )
    most = SECONDS_AT_MOST * max(questions, 1) + 60
    least = SECONDS_AT_LEAST * _shortest(page)
    if not least <= page.minutes * 60 <= most:
        yield problem("D038", 1, n=page.minutes)


def _shortest(page: Dialogue) -> int:
    """Moments on the shortest way from the beginning to the end."""
    begin = graph.starts(page)
    return graph.distances(page).get(begin[0], 0) if begin else 0
