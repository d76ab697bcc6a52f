"""Plays one page without the application: errands are made up, the state is saved and reloaded at every line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from dialogues import engine
from dialogues.events import Asked, Brought, Context, Ended, Event, Input, Noted, Requested, State, Turn
from dialogues.library import Library
from dialogues.lint_names import ELSEWHERE

Errand = Callable[[Requested], Brought]

# A Tuesday in November, 16:30 in Brussels: stories must read the same every day.
STILL = datetime(2026, 11, 24, 16, 30, tzinfo=timezone(timedelta(hours=1)))
CENTRE = {"centre": "la Fabrique", "bot_name": "Boussole", "forum": "le forum"}
MOST_ERRANDS = 20  # in one turn: more means that the page goes round between two errands


class EndlessErrands(Exception):  # noqa: N818 - named for what the page does
    """The page asks for one errand after the other without ever asking the learner."""


@dataclass(frozen=True, slots=True)
class Played:
    """Everything that followed one input: events, moments passed through, errands run, changed variables."""

    events: tuple[Event, ...]
    path: tuple[str, ...]
    errands: tuple[tuple[str, str], ...]  # (name, outcome)
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    private: frozenset[str]

    @property
    def asked(self) -> Asked | None:
        """The screen that waits, if one does."""
        return next((event for event in reversed(self.events) if isinstance(event, Asked)), None)

    @property
    def ended(self) -> Ended | None:
        """How the page ended, if it did."""
        return next((event for event in reversed(self.events) if isinstance(event, Ended)), None)


@dataclass
class Session:
    """One learner in one page."""

    library: Library
    page: str
    errand: Errand
    profile: dict[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=lambda: CENTRE)
    channel: str = "web"
    seed: str = "lou"
    now: datetime = STILL
    state: State | None = None

    @property
    def context(self) -> Context:
        """What a turn may know of the world."""
        known = frozenset(self.library.pages) | ELSEWHERE
        return Context(self.now, self.seed, self.channel, self.words, known)

    def start(self, entry: str | None = None) -> Played:
        """Open the page."""
        return self._settled(engine.start(self.library, self.page, self.profile, self.context, entry))

    def send(self, given: Input) -> Played:
        """One input of the learner. LookupError once the page is closed."""
        if self.state is None:
            raise LookupError(self.page)
        return self._settled(engine.resume(self.library, self.state, self.profile, given, self.context))

    def recap(self) -> tuple[str, str]:
        """The two lines said when the learner comes back."""
        if self.state is None:
            raise LookupError(self.page)
        return engine.recap(self.library, self.state, self.profile)

    def _settled(self, turn: Turn) -> Played:
        before = dict(self.profile)
        events: list[Event] = []
        path: list[str] = []
        errands: list[tuple[str, str]] = []
        private: set[str] = set()
        while True:
            self._keep(turn, private)
            events.extend(turn.events)
            path.extend(turn.path if not errands else turn.path[1:])
            request = next((event for event in turn.events if isinstance(event, Requested)), None)
            if request is None or self.state is None:
                break
            if len(errands) >= MOST_ERRANDS:
                raise EndlessErrands(" > ".join(path[-6:]))
            brought = self.errand(request)
            errands.append((request.errand, brought.outcome))
            turn = engine.resume(self.library, self.state, self.profile, brought, self.context)
        return Played(
            tuple(events), tuple(path), tuple(errands), before, dict(self.profile), frozenset(private)
        )

    def _keep(self, turn: Turn, private: set[str]) -> None:
        """As the application does: variables are merged, the state goes to disk and comes back."""
        for event in turn.events:
            if isinstance(event, Noted):
                self.profile[event.variable] = json.loads(json.dumps(event.value))
                if event.private:
                    private.add(event.variable)
        self.state = (
            None if turn.state is None else State.from_json(json.loads(json.dumps(turn.state.to_json())))
        )
