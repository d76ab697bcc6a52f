"""A learner for tests: plays pages given as text, saving and reloading the state between all inputs."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dialogues import engine
from dialogues.events import (
    Asked,
    Brought,
    Context,
    Ended,
    Input,
    Misunderstood,
    Noted,
    Picked,
    Produced,
    Requested,
    Said,
    State,
    Turn,
    Typed,
)
from dialogues.library import Deck, DeckCard, Library, Microcopy
from dialogues.parse import parse

HEAD = "# Essai\n`page {page}` `tâche exploration` `champ soi` `durée 5 min`\n\n"
TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Europe/Brussels"))


def page_source(body: str, page: str = "essai") -> str:
    """A whole page around some moments."""
    return HEAD.format(page=page) + body


def deck(name: str, kind: str = "activity", **cards: str) -> Deck:
    """A deck of plain cards."""
    return Deck(name, {key: DeckCard(key, text) for key, text in cards.items()}, kind)


def library(
    *bodies: str, decks: tuple[Deck, ...] = (), phrases: Mapping[str, tuple[str, ...]] | None = None
) -> Library:
    """A library of pages essai, essai2…; fails with the problems of a damaged page."""
    pages = {}
    for number, body in enumerate(bodies, 1):
        name = "essai" if number == 1 else f"essai{number}"
        page, problems = parse(page_source(body, name), name)
        assert page is not None, problems
        pages[name] = page
    return Library(pages, {one.id: one for one in decks}, Microcopy(phrases or {}))


class Learner:
    """Plays one page; facts noted are merged as an application would."""

    def __init__(
        self,
        content: Library,
        facts: dict[str, Any] | None = None,
        *,
        entry: str | None = None,
        page: str = "essai",
        **context: Any,
    ) -> None:
        self.library = content
        self.facts = dict(facts or {})
        words = context.pop("words", {})
        pages = frozenset(context.pop("pages", content.pages))
        self.context = Context(
            context.pop("now", TUESDAY),
            context.pop("seed", "lou"),
            context.pop("channel", "web"),
            words,
            pages,
        )
        self.turn = self._merged(engine.start(content, page, self.facts, self.context, entry))

    def _merged(self, turn: Turn) -> Turn:
        for event in turn.events:
            if isinstance(event, Noted):
                self.facts[event.variable] = json.loads(json.dumps(event.value))
        assert turn.state is None or isinstance(turn.events[-1], Asked | Requested)
        return turn

    @property
    def state(self) -> State:
        assert self.turn.state is not None, self.turn
        return State.from_json(json.loads(json.dumps(self.turn.state.to_json())))

    def give(self, given: Input) -> "Learner":
        self.turn = self._merged(engine.resume(self.library, self.state, self.facts, given, self.context))
        return self

    def type(self, text: str) -> "Learner":
        return self.give(Typed(text))

    def pick(self, *keys: str) -> "Learner":
        return self.give(Picked(keys))

    def bring(self, outcome: str, **values: Any) -> "Learner":
        return self.give(Brought(outcome, {name.replace("__", "."): value for name, value in values.items()}))

    @property
    def said(self) -> list[str]:
        return [event.text for event in self.turn.events if isinstance(event, Said)]

    @property
    def screen(self) -> Asked:
        asked = self.turn.events[-1]
        assert isinstance(asked, Asked), asked
        return asked

    @property
    def labels(self) -> list[str]:
        return [option.label for option in self.screen.options]

    @property
    def noted(self) -> dict[str, Any]:
        return {event.variable: event.value for event in self.turn.events if isinstance(event, Noted)}

    @property
    def request(self) -> Requested:
        return next(event for event in self.turn.events if isinstance(event, Requested))

    @property
    def product(self) -> Produced:
        return next(event for event in self.turn.events if isinstance(event, Produced))

    @property
    def misses(self) -> int:
        return next((event.times for event in self.turn.events if isinstance(event, Misunderstood)), 0)

    @property
    def ended(self) -> Ended | None:
        last = self.turn.events[-1]
        return last if isinstance(last, Ended) else None
