"""The buttons of a screen for chat platforms: what each is called and carries, and how ticking, ordering and paging change them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, digits

from bot.application.messages import Body, Press, Screen, Text
from dialogues.model import StepKind

SEVERAL = frozenset({StepKind.MULTI, StepKind.RANK})
PAGE = 10  # options shown at once
SHORT, MEDIUM = 4, 14  # letters: so many fit five, or two, beside each other
_DIGITS = digits + ascii_lowercase  # one character an option: 36 are more than any page offers
_DATA = re.compile(r"([A-Za-z0-9_-]{22})\.([ptvgc])([0-9a-z]*)\.([0-9a-z]?)")
_WORDS = ("passer", "retour")


@dataclass(frozen=True, slots=True)
class Button:
    """A label and what the platform hands back when it is touched (at most 62 bytes). `strong`: it ends a choice."""

    label: str
    data: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Touch:
    """A button that was touched: an answer for the conversation, or a change of the board under the same question."""

    screen: str
    body: Body | None = None
    picked: tuple[int, ...] = ()
    page: int = 0


def board(
    screen: Screen, picked: Sequence[int] | None = None, page: int | None = None, *, words: bool = True
) -> list[list[Button]]:
    """The rows of buttons. `picked`: what is ticked so far, in order (by default the earlier answer). `words`: skip and back too."""
    asked = screen.asked
    chosen = tuple(_current(screen) if picked is None else picked)
    place = (chosen[0] // PAGE if chosen and picked is None else 0) if page is None else page
    pages = max(1, -(-len(asked.options) // PAGE))
    place = min(max(0, place), pages - 1)
    shown = range(place * PAGE, min(len(asked.options), (place + 1) * PAGE))
    rows = _rows([_option(screen, index, chosen) for index in shown])
    if pages > 1:
        rows.append(_turning(screen.id, chosen, place, pages))
    if asked.kind in SEVERAL and max(1, asked.minimum) <= len(chosen):
        rows.append([Button(f"Valider ({len(chosen)})", _data(screen.id, "v", chosen), strong=True)])
    if words and asked.skippable:
        rows.append(
            [
                Button(word.capitalize(), _data(screen.id, "c", (), number))
                for number, word in enumerate(_WORDS)
            ]
        )
    return rows


def touched(data: str) -> Touch | None:
    """What a button's data means; None for what no board of ours carries."""
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    screen, act, order, last = found[1], found[2], found[3], found[4]
    picked = tuple(_DIGITS.index(letter) for letter in order)
    index = _DIGITS.index(last) if last else -1
    if act == "t" and last:
        after = tuple(one for one in picked if one != index) if index in picked else (*picked, index)
        return Touch(screen, None, after, index // PAGE)
    if act == "g" and last:
        return Touch(screen, None, picked, index)
    body = _body(act, screen, picked, index)
    return Touch(screen, body) if body is not None else None


def _body(act: str, screen: str, picked: tuple[int, ...], index: int) -> Body | None:
    if act == "p" and index >= 0:
        return Press(screen, (index,))
    if act == "v" and picked:
        return Press(screen, picked)
    if act == "c" and 0 <= index < len(_WORDS):
        return Text(_WORDS[index], screen)
    return None


def too_many(screen: Screen, picked: Sequence[int]) -> bool:
    """Whether more is ticked than may be, or something that is not there."""
    asked = screen.asked
    most = max(asked.maximum, asked.minimum, 1)
    return len(picked) > most or any(not 0 <= index < len(asked.options) for index in picked)


def _current(screen: Screen) -> tuple[int, ...]:
    if screen.asked.kind not in SEVERAL:
        return ()
    keys = [option.key for option in screen.asked.options]
    return tuple(keys.index(key) for key in screen.asked.current if key in keys)


def _option(screen: Screen, index: int, picked: tuple[int, ...]) -> Button:
    asked = screen.asked
    label = asked.options[index].label
    if asked.kind not in SEVERAL:
        mark = "✓ " if asked.options[index].key in asked.current else ""
        return Button(f"{mark}{label}", _data(screen.id, "p", (), index))
    if index in picked:
        label = f"{picked.index(index) + 1}. {label}" if asked.kind is StepKind.RANK else f"✓ {label}"
    return Button(label, _data(screen.id, "t", picked, index))


def _rows(buttons: Sequence[Button]) -> list[list[Button]]:
    longest = max((len(button.label) for button in buttons), default=0)
    width = 5 if longest <= SHORT else 2 if longest <= MEDIUM else 1
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _turning(screen: str, picked: tuple[int, ...], page: int, pages: int) -> list[Button]:
    row = []
    if page > 0:
        row.append(Button("◀ Avant", _data(screen, "g", picked, page - 1)))
    if page < pages - 1:
        row.append(Button("Suite ▶", _data(screen, "g", picked, page + 1)))
    return row


def _data(screen: str, act: str, picked: tuple[int, ...], index: int | None = None) -> str:
    order = "".join(_DIGITS[one] for one in picked)
    return f"{screen}.{act}{order}.{'' if index is None else _DIGITS[index]}"
