"""How a played page reads as text: the same lines in transcripts and in the terminal."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dialogues.events import Asked, Ended, Misunderstood, Option, Produced, Said
from dialogues.model import StepKind
from dialogues.session import Played

_MANY = (StepKind.MULTI, StepKind.RANK)


def turn(played: Played) -> Iterator[str]:
    """The lines of one turn: the way, what the bot says and asks, what was kept."""
    yield f"  · {' → '.join(played.path)}" if played.path else "  ·"
    for name, outcome in played.errands:
        yield f"  · course {name} : {outcome}"
    for event in played.events:
        if isinstance(event, Said):
            yield from _indented(event.text, "  ")
        elif isinstance(event, Produced):
            yield f"  ┌ carte {event.product}"
            yield from _indented(event.text, "  │ ")
        elif isinstance(event, Misunderstood):
            yield f"  (pas compris, {event.times} fois de suite)"
        elif isinstance(event, Asked):
            yield from screen(event)
        elif isinstance(event, Ended):
            yield f"  (fin, puis la page {event.page})" if event.page else "  (fin)"
    yield from kept(played)


def _indented(text: str, margin: str) -> Iterator[str]:
    for row in text.split("\n"):
        yield f"{margin}{row}".rstrip()


def screen(asked: Asked) -> Iterator[str]:
    """The screen that waits: its card, its buttons, what may be written."""
    if asked.card is not None:
        at = f" {asked.position[0]} sur {asked.position[1]}" if asked.position else ""
        yield f"    carte{at} : {asked.card.title}"
        for row in (*asked.card.lines, *(f"+ {reason}" for reason in asked.card.reasons)):
            yield f"      {row}"
        for mark, row in (("-", asked.card.doubt), ("source :", asked.card.source)):
            if row:
                yield f"      {mark} {row}"
    if asked.options:
        yield f"    {' '.join(_button(option, asked.current) for option in asked.options)}"
    said = list(_hints(asked))
    if said:
        yield f"    ({' ; '.join(said)})"


def _button(option: Option, current: tuple[str, ...]) -> str:
    return f"[{'× ' if option.key in current else ''}{option.label}]"


def _hints(asked: Asked) -> Iterator[str]:
    if asked.kind is StepKind.MULTI:
        yield f"cocher {asked.minimum} à {asked.maximum}"
    if asked.kind is StepKind.RANK:
        yield f"mettre {asked.maximum} dans l'ordre"
    if asked.kind is StepKind.LIST:
        yield f"{asked.minimum} à {asked.maximum} messages"
    if asked.accepts_media:
        yield "une image ou un lien"
    elif asked.accepts_text and asked.kind is StepKind.DATE:
        yield "ou écrire un jour"
    elif asked.accepts_text:
        yield f"à écrire, {asked.max_chars} signes au plus" if asked.max_chars else "à écrire"
    keys = {option.key for option in asked.options}
    typed = [answer for answer in asked.current if answer and answer not in keys]
    if typed:
        yield f"réponse d'avant : {', '.join(typed)}"
    if asked.private:
        yield "privé"


def kept(played: Played) -> Iterator[str]:
    """What the turn changed in the profile, one line a place."""
    before, after = _places(played.before), _places(played.after)
    for place in sorted({*before, *after}):
        if before.get(place) != after.get(place):
            variable = next((name for name in played.private if place.startswith(name)), None)
            mark = " (privé)" if variable else ""
            yield f"  = {place} : {after[place]}{mark}" if place in after else f"  = {place} effacé"


def _places(value: Any, place: str = "") -> dict[str, str]:
    """Every place of a nested value with its text; lists of words stay whole."""
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, inner in value.items():
            found |= _places(inner, f"{place}.{key}" if place else str(key))
        return found
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        found = {}
        for number, inner in enumerate(value, 1):
            found |= _places(inner, f"{place}.{number}")
        return found
    if isinstance(value, list):
        return {place: ", ".join(str(item) for item in value) or "rien"}
    if isinstance(value, str):
        return {place: value}
    return {place: json.dumps(value, ensure_ascii=False)} if place and value is not None else {}


def pressed(asked: Asked, words: str) -> tuple[str, ...] | None:
    """The keys of the buttons whose exact words these are; several, with " + " between them, where one may tick."""
    by_label = {option.label: option.key for option in asked.options}
    parts = [part.strip() for part in words.split(" + ")] if asked.kind in _MANY else [words]
    keys = [by_label.get(part) for part in parts]
    return tuple(key for key in keys if key is not None) if None not in keys else None
