"""The pure engine: one input and one state in, a new state and what happened out."""

from collections.abc import Mapping
from typing import Any

from dialogues import flow
from dialogues.events import (
    Again,
    Asked,
    Back,
    Brought,
    Context,
    Ended,
    Event,
    Input,
    Misunderstood,
    Simple,
    Skipped,
    State,
    Turn,
    Typed,
)
from dialogues.flow import MAX_MOMENTS_PER_TURN, EngineLoop
from dialogues.library import Library
from dialogues.model import Dialogue, Moment, Step, StepKind
from dialogues.steps.base import After, Outcome
from dialogues.steps.kinds import HANDLERS, SILENT
from dialogues.steps.play import Play
from dialogues.steps.values import Values
from dialogues.understand import Command, interpret

__all__ = ["MAX_MOMENTS_PER_TURN", "EngineLoop", "StaleState", "recap", "relocate", "resume", "start"]

MAX_TRAIL = 60  # answers that one can go back over
RECAP_LENGTH = 100  # characters of the question quoted when coming back
_SHALLOW = ("local", "brought", "open", "alias", "step", "passed", "crossed")
_COMMANDS: Mapping[Command, Input] = {Command.SKIP: Skipped(), Command.BACK: Back(), Command.SIMPLE: Simple()}


class StaleState(Exception):  # noqa: N818 - it is a situation to handle, not a fault
    """The state's page version or moment does not exist any more: call `relocate`."""


def start(
    library: Library, page_id: str, profile: Mapping[str, Any], context: Context, entry: str | None = None
) -> Turn:
    """Open a page at its first moment, or at the one marked `entrée <entry>`. KeyError for an unknown page."""
    page = library.pages[page_id]
    play = _play(library, page, {}, profile, context)
    return _turn(play, flow.travel(play, flow.first(page, entry)))


def resume(
    library: Library, state: State, profile: Mapping[str, Any], given: Input, context: Context
) -> Turn:
    """Go on after an input. StaleState when the state's page version or moment no longer exists.

    Every turn that does not end the page ends with `Asked` or `Requested`.
    """
    page = library.page(state.page, state.digest)
    moment = page.moment(state.moment) if page is not None else None
    if page is None or moment is None or moment.step is None:
        raise StaleState(f"{state.page}#{state.moment}")
    play = _play(library, page, state.data, profile, context)
    play.path.append(moment.name)
    given = _meant(play, moment, moment.step, given)
    if moment.step.kind is StepKind.ERRAND:
        return _errand(play, moment, moment.step, given)
    match given:
        case Back():
            return _back(play, moment, moment.step)
        case Simple():
            return _simply(play, moment, moment.step)
        case Again() | Brought():
            return _again(play, moment, moment.step)
        case _:
            return _answer(play, moment, moment.step, given)


def relocate(library: Library, state: State, profile: Mapping[str, Any], context: Context) -> Turn:
    """Move to today's version of the page: same moment, else the nearest answered before, else the start."""
    page = library.pages.get(state.page)
    if page is None:
        return Turn(None, (Ended(),))
    data = {key: value for key, value in state.data.items() if key in ("local", "brought", "open", "trail")}
    play = _play(library, page, data, profile, context)
    trail: list[dict[str, Any]] = play.data["trail"]
    place = state.moment if page.moment(state.moment) is not None else ""
    while not place and trail:
        name = str(trail.pop()["m"])
        place = name if page.moment(name) is not None else ""
    play.data["trail"] = [entry for entry in trail if page.moment(str(entry["m"])) is not None]
    if not place:
        return _turn(play, flow.travel(play, flow.first(page, None)))
    return _turn(play, flow.travel(play, page.positions[place], again=True))


def recap(library: Library, state: State, profile: Mapping[str, Any]) -> tuple[str, str]:
    """The two lines said when coming back: the page's title, and the question that still waits."""
    page = library.page(state.page, state.digest) or library.pages.get(state.page)
    said = state.data.get("said") or []
    question = str(said[-1][0]) if said else ""
    if len(question) > RECAP_LENGTH:
        question = f"{question[: RECAP_LENGTH - 1].rsplit(' ', 1)[0]}…"
    phrases = library.microcopy
    key = "recap.line" if question else "recap.start"
    seed = str(profile.get("user.first_name", ""))
    line = (
        phrases.say(key, seed, moment=question) if phrases.has(key) else flow.fallback(key, moment=question)
    )
    return (page.title if page is not None else state.page), line


# ---------------------------------------------------------------- the inputs


def _meant(play: Play, moment: Moment, step: Step, given: Input) -> Input:
    """Typed commands (`passer`, `retour`, `simple`) unless a button of this screen has these very words."""
    if not isinstance(given, Typed) or step.kind in SILENT:
        return given
    options = _screen(play, moment, step).options
    meant = interpret(given.text, options) if options else interpret(given.text, ())
    return _COMMANDS.get(meant, given) if isinstance(meant, Command) else given


def _screen(play: Play, moment: Moment, step: Step) -> Asked:
    """The screen as it stands, without showing it."""
    HANDLERS[step.kind].ask(play, moment, step, ())
    screen = play.events.pop()
    return screen if isinstance(screen, Asked) else Asked(step.kind, "")


def _answer(play: Play, moment: Moment, step: Step, given: Input) -> Turn:
    handler = HANDLERS[step.kind]
    before = dict(play.progress)
    skipped = isinstance(given, Skipped)
    outcome = handler.skip(play, moment, step) if skipped else handler.answer(play, moment, step, given)
    if outcome.after is After.MISSED:
        play.data["misses"] = int(play.data.get("misses", 0)) + 1
        play.events.append(Misunderstood(play.data["misses"]))
    if outcome.after in (After.MISSED, After.AGAIN):
        return _waiting(play, moment, step, tuple(play.data.get("current", ())))
    _remember(play, moment, before, outcome, skipped=skipped)
    return _follow(play, moment, step, outcome)


def _follow(play: Play, moment: Moment, step: Step, outcome: Outcome) -> Turn:
    if outcome.after is After.WAIT:
        flow.pressed(play, outcome.chosen)
        return _waiting(play, moment, step, ())
    play.data["said"] = []
    return _turn(play, flow.leave(play, moment, outcome.chosen))


def _remember(play: Play, moment: Moment, before: dict[str, Any], outcome: Outcome, *, skipped: bool) -> None:
    """One more step to go back over; what it changes is added when the turn ends."""
    play.data["misses"] = 0
    play.data["current"] = []
    entry = {
        "m": moment.name,
        "x": play.data.get("repeat"),
        "s": before,
        "a": list(outcome.answer),
        "k": "skipped" if skipped else "answered",
        "u": [],
        "e": [],
    }
    play.data["trail"] = [*play.data["trail"], entry][-MAX_TRAIL:]


def _errand(play: Play, moment: Moment, step: Step, given: Input) -> Turn:
    outcome = HANDLERS[StepKind.ERRAND].answer(play, moment, step, given)
    if outcome.after is After.WAIT:
        return _waiting(play, moment, step, ())
    return _turn(play, flow.leave(play, moment, outcome.chosen))


def _back(play: Play, moment: Moment, step: Step) -> Turn:
    """The step before with its answer; the values from before it come back."""
    trail = play.data["trail"]
    if not trail:
        play.remark("back_none")
        return _waiting(play, moment, step, tuple(play.data.get("current", ())))
    entry = trail[-1]
    play.data["trail"] = trail[:-1]
    play.values.take_back(entry["u"])
    for errand in entry["e"]:
        play.data["crossed"][errand["m"]] = errand
    earlier = play.page.moment(str(entry["m"]))
    if earlier is None or earlier.step is None:  # only after a relocation: that moment asks nothing any more
        return _back(play, moment, step)
    flow.restore(play, earlier, entry)
    play.path.append(earlier.name)
    play.data["current"] = list(entry["a"])
    return _waiting(play, earlier, earlier.step, tuple(entry["a"]))


def _simply(play: Play, moment: Moment, step: Step) -> Turn:
    said = play.data.get("said") or []
    if any(easy for _, easy in said):
        play.events.extend(flow.bubbles(easy or words for words, easy in said))
    else:
        play.remark("simple_none")
    return _waiting(play, moment, step, tuple(play.data.get("current", ())))


def _again(play: Play, moment: Moment, step: Step) -> Turn:
    play.events.extend(flow.bubbles([play.prompt]))
    return _waiting(play, moment, step, tuple(play.data.get("current", ())))


# ---------------------------------------------------------------- a turn's two ends


def _play(
    library: Library, page: Dialogue, data: Mapping[str, Any], profile: Mapping[str, Any], context: Context
) -> Play:
    """A turn over a copy of the state: what is nested deeper is replaced, never changed in place."""
    copied = dict(data)
    for part in _SHALLOW:
        copied[part] = dict(copied.get(part) or {})
    copied["trail"] = list(copied.get("trail") or [])
    return Play(library, page, Values(profile, copied, context.words), copied, context)


def _waiting(play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> Turn:
    HANDLERS[step.kind].ask(play, moment, step, current)
    return _turn(play, flow.Stop(moment.name))


def _turn(play: Play, stop: flow.Stop) -> Turn:
    events: list[Event] = [*play.noted(), *play.events]
    if stop.moment is None:
        return Turn(None, (*events, Ended(stop.page)), tuple(play.path))
    trail = play.data["trail"]
    if trail and (play.values.undo or play.errands):
        last = trail[-1]
        trail[-1] = {**last, "u": [*last["u"], *play.values.undo], "e": [*last["e"], *play.errands]}
    if play.said:
        play.data["said"] = play.said
    state = State(play.page.id, play.page.digest, stop.moment, play.data)
    return Turn(state, tuple(events), tuple(play.path))
