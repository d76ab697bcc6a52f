"""Tells a variable that was empty in a text ("…") from the suspension points that authors write."""

import re
from collections.abc import Iterable

from dialogues import render
from dialogues.library import Library
from dialogues.model import Dialogue

_BEFORE, _AFTER = 40, 10  # characters quoted around a hole


class Holes:
    """Knows the texts of a page, and the service phrases, in which "…" was written on purpose."""

    def __init__(self, page: Dialogue, library: Library) -> None:
        phrases = (phrase for variants in library.microcopy.phrases.values() for phrase in variants)
        self._meant = tuple(_pattern(text) for text in (*_texts(page), *phrases) if render.UNKNOWN in text)

    def any(self, text: str) -> bool:
        """Whether a text that was said has a hole."""
        return render.UNKNOWN in text and not any(meant.fullmatch(text) for meant in self._meant)

    @staticmethod
    def around(text: str) -> str:
        """The words around the first hole."""
        at = text.index(render.UNKNOWN)
        return text[max(0, at - _BEFORE) : at + _AFTER].replace("\n", " ")


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]*\}", text)
    return re.compile(r"[^…]*".join(re.escape(part) for part in parts), re.DOTALL)


def _texts(page: Dialogue) -> Iterable[str]:
    for moment in page.moments:
        for bubble in (*moment.bubbles, *(reply for choice in moment.choices for reply in choice.replies)):
            yield from (bubble.text, bubble.simple or "")
        yield from (choice.label for choice in moment.choices)
        if moment.step is not None:
            yield from (moment.step.text, moment.step.simple or "")
