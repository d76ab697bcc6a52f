"""How a page flows: from moment to moment until one of them waits, or until the page ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dialogues import render
from dialogues.events import Said
from dialogues.model import Choice, Dialogue, Moment, Target, TargetKind
from dialogues.steps.base import After
from dialogues.steps.kinds import HANDLERS, SILENT
from dialogues.steps.phrases import FALLBACKS
from dialogues.steps.play import Play

MAX_MOMENTS_PER_TURN = 100


class EngineLoop(Exception):  # noqa: N818 - named for what the page does
    """The page went through too many moments without waiting for anything."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a turn stops: at a moment that waits, or at the end (with the page chosen next, if any)."""

    moment: str | None
    page: str | None = None


END = Stop(None)


def fallback(key: str, **given: object) -> str:
    """One of the engine's own phrases."""
    return render.fill(FALLBACKS[key], lambda name: str(given[name]) if name in given else None)


def bubbles(texts: Iterable[str]) -> list[Said]:
    """Bubbles that were already put in words."""
    return [Said(text) for text in texts if text]


def first(page: Dialogue, entry: str | None) -> int:
    """The moment where a page opens: that of the event, else the first that no event opens."""
    for position, moment in enumerate(page.moments):
        if moment.entry == entry:
            return position
    return first(page, None) if entry is not None else 0


def following(page: Dialogue, position: int) -> int:
    """The next moment of the flow; entries are only for their events."""
    position += 1
    while position < len(page.moments) and page.moments[position].entry is not None:
        position += 1
    return position


def travel(play: Play, position: int, *, again: bool = False, index: int = 0) -> Stop:
    """Go through moments from a position. `again` opens the first one without its notes. EngineLoop after 100."""
    page = play.page
    for _ in range(MAX_MOMENTS_PER_TURN):
        if position >= len(page.moments):
            return END
        moment = page.moments[position]
        if not (again or play.values.holds(moment.condition)) or not _repeating(play, moment, index):
            play.values.alias.clear()
            play.data["repeat"] = None
            ahead = moment.goto if index else None  # a repetition that is over leaves by its own exit
            position, index = following(page, position), 0
            if ahead is not None:
                step = _aim(play, ahead, position)
                if isinstance(step, Stop):
                    return step
                position = step
            continue
        chosen = _enter(play, moment, again=again)
        if chosen is None:
            return Stop(moment.name)
        again = False
        onward = _exit(play, moment, chosen)
        if isinstance(onward, Stop):
            return onward
        position, index = onward
    raise EngineLoop(" > ".join(play.path[-6:]))


def leave(play: Play, moment: Moment, chosen: tuple[Choice, ...]) -> Stop:
    """Go on from a moment that was answered."""
    onward = _exit(play, moment, chosen)
    return onward if isinstance(onward, Stop) else travel(play, onward[0], index=onward[1])


def pressed(play: Play, chosen: Iterable[Choice]) -> None:
    """What buttons do before the page goes on: their notes, then their replies."""
    for choice in chosen:
        for note in choice.notes:
            play.note(note)
        for reply in choice.replies:
            play.bubble(reply)


def restore(play: Play, moment: Moment, entry: dict[str, Any]) -> None:
    """Stand again where an answer was given: repetition, progress, question."""
    repeat = entry.get("x")
    play.data["repeat"] = repeat
    play.values.alias.clear()
    if repeat is not None and moment.repeat is not None:
        play.values.alias[moment.repeat.alias] = {"source": moment.repeat.source, "index": int(repeat)}
    progress = dict(entry.get("s") or {})
    play.data["step"] = progress
    cards, at = progress.get("cards") or [], int(progress.get("at", 0))
    if at < len(cards):
        play.data["passed"] = {
            deck: [key for key in keys if key != cards[at]] for deck, keys in play.data["passed"].items()
        }
    play.data["misses"] = 0
    play.data["said"] = []
    question = next(
        (bubble for bubble in reversed(moment.bubbles) if play.values.holds(bubble.condition)), None
    )
    if question is not None:
        play.say(question.text, question.simple)


def _repeating(play: Play, moment: Moment, index: int) -> bool:
    """Set the alias of a repeated moment; False when there is no element left."""
    play.values.alias.clear()
    play.data["repeat"] = None
    if moment.repeat is None:
        return True
    if index >= min(len(play.values.elements(moment.repeat.source)), moment.repeat.maximum):
        return False
    play.values.alias[moment.repeat.alias] = {"source": moment.repeat.source, "index": index}
    play.data["repeat"] = index
    return True


def _enter(play: Play, moment: Moment, *, again: bool) -> tuple[Choice, ...] | None:
    """Open a moment: None when it waits, else the buttons that were followed."""
    play.path.append(moment.name)
    play.data["step"] = {}
    for note in moment.notes if not again else ():
        play.note(note)
    step = moment.step
    if step is None or step.kind in SILENT:
        for bubble in moment.bubbles:
            play.bubble(bubble)
    if step is None:
        return ()
    handler = HANDLERS[step.kind]
    outcome = handler.open(play, moment, step)
    if outcome.after is After.DONE:
        return outcome.chosen
    if step.kind not in SILENT:
        for bubble in moment.bubbles:
            play.bubble(bubble)
        handler.ask(play, moment, step, ())
    return None


def _exit(play: Play, moment: Moment, chosen: tuple[Choice, ...]) -> Stop | tuple[int, int]:
    """Where a moment leads: a stop, or the next position with its round of repetition."""
    pressed(play, chosen)
    target = next((choice.target for choice in chosen if choice.target is not None), None)
    position = play.page.positions[moment.name]
    repeat = play.data.get("repeat")
    if target is None and moment.repeat is not None and repeat is not None:
        return position, int(repeat) + 1
    aimed = _aim(play, target or moment.goto, following(play.page, position))
    return aimed if isinstance(aimed, Stop) else (aimed, 0)


def _aim(play: Play, target: Target | None, otherwise: int) -> Stop | int:
    if target is None:
        return otherwise
    if target.kind is TargetKind.MOMENT:
        return play.page.positions.get(target.name, otherwise)
    return Stop(None, target.name if target.kind is TargetKind.PAGE else None)
