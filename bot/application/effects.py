"""What each event of a page leads to: bubbles, notes, screens, errands, cards, the page that follows."""

from collections.abc import Mapping
from typing import Any, assert_never

from bot.application import errands, kept
from bot.application.scene import Scene
from dialogues import engine
from dialogues.events import (
    Again,
    Asked,
    Brought,
    Ended,
    Event,
    Input,
    Misunderstood,
    Noted,
    Produced,
    Requested,
    Said,
    State,
    Turn,
)
from dialogues.model import StepKind

MAX_ERRANDS = 10  # a page that asks for more in one turn is going round in circles
TIMES_BEFORE_A_PERSON = 3
MENU, HUMAN = "menu", "humain"


def begin(scene: Scene, page: str, entry: str | None = None) -> None:
    """Open a page, or take it up again where it was left open."""
    leave(scene)
    scene.desk.aside = None
    scene.desk.screen = None
    library = scene.services.library
    left = None if entry else scene.take_up(page)
    if left is not None:
        scene.then = "resume"
        return
    scene.forget_open(page)
    scene.started.append(library.pages[page].digest)
    apply(scene, engine.start(library, page, scene.profile, scene.context(), entry))


def leave(scene: Scene) -> None:
    """Put the running page aside, to be taken up again; one that only asks what comes next has been lived."""
    state = scene.desk.run
    if state is not None and _asks_what_follows(scene, state):
        _lived(scene, state.page)
        scene.desk.run = None
    scene.leave_open()


def _asks_what_follows(scene: Scene, state: State) -> bool:
    page = scene.services.library.page(state.page, state.digest)
    moments = page.moments if page else ()
    step = next((moment.step for moment in moments if moment.name == state.moment), None)
    return step is not None and step.kind is StepKind.SUITE


def play(scene: Scene, given: Input) -> None:
    """Give the running page one input and let what comes out have its effects."""
    state = scene.desk.run
    if state is None:
        scene.then = "between"
        return
    library = scene.services.library
    try:
        turn = engine.resume(library, state, scene.profile, given, scene.context())
    except engine.StaleState:
        turn = engine.relocate(library, state, scene.profile, scene.context())
    apply(scene, turn)


def go_on(scene: Scene) -> None:
    """Back to the page that waits, its screen shown once more; else one proposal."""
    scene.desk.aside = None
    scene.desk.screen = None
    play(scene, Again())


def apply(scene: Scene, turn: Turn, errands_left: int = MAX_ERRANDS) -> None:
    """Let every event of a turn have its effect, errands included, until the page waits or ends."""
    was = scene.desk.run.page if scene.desk.run else (turn.state.page if turn.state else None)
    scene.desk.run = turn.state
    scene.desk.aside = None
    for event in turn.events:
        match event:
            case Requested():
                brought = _errand(scene, event, errands_left)
                state = scene.desk.run
                if state is None:
                    return
                following = engine.resume(
                    scene.services.library, state, scene.profile, brought, scene.context()
                )
                apply(scene, following, errands_left - 1)
            case Ended():
                finished(scene, was, event.page)
            case _:
                _simple_effect(scene, event)


def _simple_effect(scene: Scene, event: Event) -> None:
    match event:
        case Said():
            scene.said(event)
        case Asked():
            scene.ask(event)
        case Noted():
            scene.note(event.variable, event.value)
        case Produced():
            kept.product(scene, event)
        case Misunderstood():
            _misunderstood(scene, event.times)
        case Requested() | Ended():
            pass  # the caller sees to these, since they change what runs
        case _:
            assert_never(event)


def _errand(scene: Scene, event: Requested, errands_left: int) -> Brought:
    if errands_left <= 0:
        raise engine.EngineLoop(event.errand)
    return errand(scene, event.errand, event.inputs)


def errand(scene: Scene, name: str, inputs: Mapping[str, Any]) -> Brought:
    """Do one errand for this scene, within its transaction."""
    job = errands.Run(scene.services, scene.uow, scene.person, scene.profile, inputs, scene.context())
    return errands.run(name, job)


def _misunderstood(scene: Scene, times: int) -> None:
    if times >= TIMES_BEFORE_A_PERSON:
        scene.then = "offer_human"
    else:
        scene.say("not_understood_1")


def _lived(scene: Scene, page: str) -> None:
    if page != "onboarding_consent":
        done = list(scene.profile.get("progress.done") or [])
        done.append({"page": page, "at": scene.now.isoformat(timespec="seconds")})
        scene.note("progress.done", done[-60:])


def finished(scene: Scene, page: str | None, following: str | None) -> None:
    """Remember that a page was lived to its end, then open what the learner chose, or propose one thing."""
    scene.desk.run = None
    scene.desk.screen = None
    if page is not None:
        _lived(scene, page)
    if following in scene.services.library.pages:
        begin(scene, str(following))
    else:
        scene.then = str(following) if following in (HUMAN, MENU) else "between"
