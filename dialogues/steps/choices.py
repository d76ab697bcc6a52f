"""Steps answered by pressing: one button, one step of a scale, a way on, or several ticks."""

import re

from dialogues.events import Input, Option, Picked, Typed
from dialogues.model import Moment, Step, StepKind
from dialogues.profile import Kind
from dialogues.steps.base import AGAIN, DONE, MISSED, WAIT, Outcome, done
from dialogues.steps.play import Play
from dialogues.steps.words import clean
from dialogues.understand import choose, fold

_APART = re.compile(r"\s*(?:[,;/+\n]|\bet\b)\s*")
_COMMAS = re.compile(r"\s*[,;/+\n]\s*")  # first: a label may itself say "et"
OTHER = "other"  # the key of a list's last card when it stands for what the list does not hold
LONGEST_OTHER = 80  # characters
TYPED_OTHER = "asked.other"  # what was typed instead of pressing it
NONE_WORDS = frozenset({"rien", "aucun", "aucune", "rien de tout ca", "aucun des deux", "aucune idee", "non"})


class OneChoice:
    """`choix`, `échelle` and `suite`."""

    def options(self, play: Play, moment: Moment, step: Step) -> tuple[Option, ...]:
        if step.deck is not None and not moment.choices:
            entries = play.entries(step)
            return tuple(
                Option(entry.key, entry.card.title, entry.shape)
                for entry in entries[: step.count or len(entries)]
            )
        return play.options(play.buttons(moment))

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        return WAIT if self.options(play, moment, step) else DONE

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        play.ask(step, options=self.options(play, moment, step), minimum=1, maximum=1, current=current)

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        options = self.options(play, moment, step)
        key = pressed(given, options)
        if key is None and _from_list(play, step) and other(play, given, options):
            key = OTHER
        if key is None:
            return MISSED
        kept = int(key) if step.kind is StepKind.SCALE and key.isdecimal() else key
        play.keep(moment, step, kept)
        return done(*(choice for choice in moment.choices if choice.key == key), answer=(key,))

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE


def pressed(given: Input, options: tuple[Option, ...]) -> str | None:
    """The key of the option that was pressed, or that the typed words stand for."""
    if isinstance(given, Typed):
        return choose(given.text, options)
    if isinstance(given, Picked) and len(given.keys) == 1:
        return next((option.key for option in options if option.key == given.keys[0]), None)
    return None


def other(play: Play, given: Input, options: tuple[Option, ...]) -> tuple[str, ...] | None:
    """Words that are none of the buttons, where one of them says "another": that button, and the words kept."""
    named = isinstance(given, Typed) and fold(given.text)  # faces and signs name nothing
    if not isinstance(given, Typed) or not named or OTHER not in {option.key for option in options}:
        return None
    play.values.write(TYPED_OTHER, clean(given.text)[:LONGEST_OTHER])
    return (OTHER,)


class Several:
    """`plusieurs`."""

    def options(self, play: Play, moment: Moment, step: Step) -> tuple[Option, ...]:
        if step.deck is None:
            return play.options(play.buttons(moment))
        entries = play.entries(step)
        return tuple(
            Option(entry.key, entry.card.title, entry.shape)
            for entry in entries[: step.count or len(entries)]
        )

    def limits(self, step: Step, options: tuple[Option, ...]) -> tuple[int, int]:
        maximum = min(step.maximum or len(options), len(options))
        return min(step.minimum, maximum), maximum

    def open(self, play: Play, moment: Moment, step: Step) -> Outcome:
        options = self.options(play, moment, step)
        if not options:
            return DONE
        if step.minimum and _from_list(play, step) and len(options) <= step.maximum:
            self.save(play, moment, step, tuple(option.key for option in options), options)
            return DONE
        return WAIT

    def ask(self, play: Play, moment: Moment, step: Step, current: tuple[str, ...]) -> None:
        options = self.options(play, moment, step)
        minimum, maximum = self.limits(step, options)
        known = {option.key for option in options}
        ticked = current or tuple(key for key in self._kept(play, step) if key in known)
        play.ask(step, options=options, minimum=minimum, maximum=maximum, current=ticked)

    def _kept(self, play: Play, step: Step) -> list[str]:
        value = play.values.read(step.variable) if step.variable else None
        return [str(item) for item in value] if isinstance(value, list) else []

    def answer(self, play: Play, moment: Moment, step: Step, given: Input) -> Outcome:
        options = self.options(play, moment, step)
        keys = _ticked(given, options)
        if keys is None and _from_list(play, step):
            keys = other(play, given, options)
        if keys is None:
            return MISSED
        minimum, maximum = self.limits(step, options)
        if not minimum <= len(keys) <= maximum:
            play.remark("pick_between", min=minimum, max=maximum)
            return AGAIN
        self.save(play, moment, step, keys, options)
        pressed = {choice.key: choice for choice in moment.choices}
        return done(*(pressed[key] for key in keys if key in pressed), answer=keys)

    def save(
        self, play: Play, moment: Moment, step: Step, keys: tuple[str, ...], options: tuple[Option, ...]
    ) -> None:
        """From a list: the ticks are the new value. From a deck or buttons: only what was offered is replaced."""
        if step.variable is None:
            return
        if play.values.kind(step.variable) in (Kind.LIST, Kind.ANY):
            offered = {option.key for option in options}
            others = (
                []
                if _from_list(play, step)
                else [key for key in self._kept(play, step) if key not in offered]
            )
            play.values.write(step.variable, [*others, *keys], private=step.private)
        else:
            play.keep(moment, step, list(keys))

    def skip(self, play: Play, moment: Moment, step: Step) -> Outcome:
        del play, moment, step
        return DONE


def _from_list(play: Play, step: Step) -> bool:
    return step.deck is not None and step.deck not in play.library.decks


def _ticked(given: Input, options: tuple[Option, ...]) -> tuple[str, ...] | None:
    """The keys ticked or typed, each once; None when one of them is not on the screen."""
    if isinstance(given, Picked):
        known = {option.key for option in options}
        return tuple(dict.fromkeys(given.keys)) if set(given.keys) <= known else None
    if not isinstance(given, Typed):
        return None
    whole = choose(given.text, options)
    if whole is not None:
        return (whole,)
    if fold(given.text) in NONE_WORDS:
        return ()
    return typed_keys(given.text, options)


def typed_keys(text: str, options: tuple[Option, ...]) -> tuple[str, ...] | None:
    """Several answers in one message: "1, 3 et 4", "la liberté, rire"."""
    for apart in (_COMMAS, _APART):
        parts = [part for part in apart.split(text.strip()) if part]
        if len(parts) == 1 and all(word.isdecimal() for word in parts[0].split()):
            parts = parts[0].split()
        keys = [choose(part, options) for part in parts]
        found = tuple(dict.fromkeys(key for key in keys if key is not None))
        if found and None not in keys:
            return found
    return None
