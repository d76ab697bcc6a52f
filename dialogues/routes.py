"""Pure branches of pages (`selon NAME`): a test without a screen, whose outcome names the button to follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dialogues.events import Context
from dialogues.scoring import routes as scoring

if TYPE_CHECKING:
    from dialogues.library import Library


@dataclass(frozen=True, slots=True)
class RouteResult:
    """What a route decides: one of its outcomes, and whole new values of variables."""

    outcome: str
    notes: Mapping[str, Any] = field(default_factory=dict)


# Values of variables by name (profile, page and errands together), the context and the library.
Route = Callable[[Mapping[str, Any], Context, "Library"], RouteResult]

ROUTES: dict[str, Route] = {}
OUTCOMES: dict[str, tuple[str, ...]] = {}


def route(name: str, *outcomes: str) -> Callable[[Route], Route]:
    """Register a route under the name that pages write, with all its possible outcomes."""

    def register(function: Route) -> Route:
        ROUTES[name] = function
        OUTCOMES[name] = outcomes
        return function

    return register


@route("channel_allowed", "ok", "move")
def channel_allowed(values: Mapping[str, Any], context: Context, _library: "Library") -> RouteResult:
    """Telegram asks for 16 years in Belgium: younger learners move to the site; whoever gave no age too."""
    too_young = context.channel == "telegram" and values.get("user.age_band") != "16-18"
    return RouteResult("move" if too_young else "ok")


def _scored(name: str) -> Route:
    """A route of `dialogues.scoring`, which answers with a plain pair."""

    def decide(values: Mapping[str, Any], context: Context, library: "Library") -> RouteResult:
        outcome, notes = scoring.ROUTES[name](values, context, library)
        return RouteResult(outcome, notes)

    return decide


for _name, _outcomes in scoring.OUTCOMES.items():
    route(_name, *_outcomes)(_scored(_name))

# Names without a dot that a route fills for the rest of its page.
BRINGS: dict[str, tuple[str, ...]] = dict(scoring.BRINGS)
