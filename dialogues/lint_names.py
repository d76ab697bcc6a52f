"""Rules that need the rest of the content: variables, decks, errands, routes, pages, and what is private."""

from collections.abc import Iterable, Iterator, Mapping

from dialogues import render
from dialogues.library import Library
from dialogues.lint_rules import problem
from dialogues.model import Choice, Condition, Dialogue, Moment, Note, Step, StepKind, TargetKind
from dialogues.ports import PORTS
from dialogues.profile import VARIABLES
from dialogues.reader import Problem
from dialogues.routes import BRINGS, OUTCOMES
from dialogues.steps.machine import OTHERWISE
from dialogues.steps.values import parse_path

WORDS = frozenset({"centre", "bot_name", "forum", "on_duty"})
ELSEWHERE = frozenset({"menu", "humain"})  # pages that the application answers itself

_INPUTS = frozenset(name for port in PORTS.values() for name in port.inputs)
_BROUGHT = frozenset(name for port in PORTS.values() for name in port.brings)


class Names:
    """The names that a page may use: those of the profile, and those that something in it fills."""

    def __init__(self, page: Dialogue, library: Library) -> None:
        self.page = page
        self.decks = library.decks
        self.pages = library.pages.keys() | ELSEWHERE | {page.id}
        self.local = set(WORDS)
        self.private: set[str] = set()
        for moment in page.moments:
            self._fills(moment)

    def _fills(self, moment: Moment) -> None:
        for note in _notes(moment):
            self._add(note.variable)
        if moment.repeat is not None:
            self.local.add(moment.repeat.alias)
        step = moment.step
        if step is None:
            return
        self._add(step.variable)
        if step.private and step.variable:
            self.private.add(step.variable)
        if step.kind is StepKind.ROUTE:
            self.local.update(BRINGS.get(step.name, ()))
        if step.kind is StepKind.ERRAND and step.name in PORTS:
            self.local.update(PORTS[step.name].brings)

    def _add(self, name: str | None) -> None:
        base = parse_path(name).base if name else ""
        if name and "." not in name:
            self.local.add(base)

    def declared(self, name: str) -> bool:
        """Whether a step or note may write it: declared, brought, or a word of this page."""
        base = parse_path(name).base
        return base in VARIABLES or base in self.local or "." not in name

    def filled(self, name: str) -> bool:
        """Whether reading it may find something."""
        base = parse_path(name).base
        if base in self.local or name in self.local:
            return True
        return base in VARIABLES and base not in _BROUGHT - _stored()


def _stored() -> frozenset[str]:
    return frozenset(name for name, variable in VARIABLES.items() if variable.stored)


def check(page: Dialogue, library: Library) -> Iterator[Problem]:
    """All problems of names of a page."""
    names = Names(page, library)
    for moment in page.moments:
        yield from _variables(moment, names)
        yield from _texts(moment, names)
        yield from _shared(moment, names)
        yield from _protected(moment)
        if moment.step is not None:
            yield from _deck(moment.step, names)
            yield from _outcomes(moment, moment.step)
        yield from _links(moment, names)


def _notes(moment: Moment) -> Iterator[Note]:
    yield from moment.notes
    for choice in moment.choices:
        yield from choice.notes


def _conditions(moment: Moment) -> Iterator[tuple[Condition, int]]:
    if moment.condition is not None:
        yield moment.condition, moment.line
    for bubble in (*moment.bubbles, *(reply for choice in moment.choices for reply in choice.replies)):
        if bubble.condition is not None:
            yield bubble.condition, bubble.line
    for choice in moment.choices:
        if choice.condition is not None:
            yield choice.condition, choice.line


def _variables(moment: Moment, names: Names) -> Iterator[Problem]:
    written = [(note.variable, note.line) for note in _notes(moment)]
    if moment.step is not None and moment.step.variable:
        written.append((moment.step.variable, moment.step.line))
    for name, line in written:
        if not names.declared(name):
            yield problem("D016", line, name=name)
    for condition, line in _conditions(moment):
        if not names.filled(condition.variable):
            yield problem("D016", line, name=condition.variable)
    if moment.repeat is not None and not names.filled(moment.repeat.source):
        yield problem("D017", moment.line, name=moment.repeat.source)


def _written(moment: Moment) -> Iterator[tuple[str, int]]:
    for bubble in (*moment.bubbles, *(reply for choice in moment.choices for reply in choice.replies)):
        yield bubble.text, bubble.line
        yield bubble.simple or "", bubble.line
    for choice in moment.choices:
        yield choice.label, choice.line
    for note in _notes(moment):
        yield note.value, note.line
    if moment.step is not None:
        yield moment.step.text, moment.step.line
        yield moment.step.simple or "", moment.step.line


def _holes(text: str) -> Iterable[str]:
    return dict.fromkeys(
        hole for hole in render.holes(text) if not render.is_accord(hole) and render.is_name(hole)
    )


def _texts(moment: Moment, names: Names) -> Iterator[Problem]:
    for text, line in _written(moment):
        for hole in _holes(text):
            if not names.declared(hole):
                yield problem("D016", line, name=hole)
            elif not names.filled(hole):
                yield problem("D036", line, name=hole)


def _restricted(name: str) -> bool:
    variable = VARIABLES.get(parse_path(name).base)
    return variable is not None and variable.restricted


def _shared(moment: Moment, names: Names) -> Iterator[Problem]:
    step = moment.step
    if step is None or step.kind is not StepKind.PRODUCT:
        return
    for hole in _holes(f"{step.text} {step.simple or ''}"):
        private = hole in names.private or parse_path(hole).base in names.private
        if private or _restricted(hole):
            yield problem("D032", step.line, name=hole)


def _protected(moment: Moment) -> Iterator[Problem]:
    for note in _notes(moment):
        if parse_path(note.variable).base in _INPUTS:
            for hole in _holes(note.value):
                if _restricted(hole):
                    yield problem("D033", note.line, name=hole)


def _deck(step: Step, names: Names) -> Iterator[Problem]:
    if step.deck is None:
        return
    deck = names.decks.get(step.deck)
    if deck is None:
        if not names.filled(step.deck) or step.deck_keys:
            yield problem("D017", step.line, name=step.deck)
        return
    for key in step.deck_keys:
        if key not in deck.cards:
            yield problem("D018", step.line, key=key, deck=step.deck)


def _outcomes(moment: Moment, step: Step) -> Iterator[Problem]:
    known: Mapping[str, tuple[str, ...]]
    if step.kind is StepKind.ERRAND:
        known, code = {name: port.outcomes for name, port in PORTS.items()}, "D019"
    elif step.kind is StepKind.ROUTE:
        known, code = OUTCOMES, "D020"
    else:
        return
    if step.name not in known:
        yield problem(code, step.line, name=step.name, names=", ".join(sorted(known)))
        return
    outcomes = known[step.name]
    keys = [choice.key for choice in moment.choices]
    straight = not keys and len(outcomes) == 1
    for outcome in outcomes:
        if outcome not in keys and not straight and not set(keys) & set(OTHERWISE):
            yield problem("D021", step.line, outcome=outcome, name=step.name)
    for choice in moment.choices:
        if choice.key not in outcomes and choice.key not in OTHERWISE:
            yield problem("D022", choice.line, outcome=choice.key, name=step.name)


def _links(moment: Moment, names: Names) -> Iterator[Problem]:
    missing: list[Choice] = []
    for choice in moment.choices:
        target = choice.target
        if target is not None and target.kind is TargetKind.PAGE and target.name not in names.pages:
            missing.append(choice)
            yield problem("D023", choice.line, name=target.name)
    goto = moment.goto
    if goto is not None and goto.kind is TargetKind.PAGE and goto.name not in names.pages:
        yield problem("D023", moment.line, name=goto.name)
    if missing and len(missing) == len(moment.choices):
        yield problem("D024", moment.step.line if moment.step else moment.line)
