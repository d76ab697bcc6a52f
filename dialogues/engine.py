"""The pure engine: one input and one state in, a new state and what happened out."""

from collections.abc import Mapping
from typing import Any

from dialogues.events import Context, Input, State, Turn
from dialogues.library import Library

MAX_MOMENTS_PER_TURN = 100


class StaleState(Exception):
    """The state's page version or moment does not exist any more: call `relocate`."""


class EngineLoop(Exception):
    """The page went through too many moments without waiting for anything."""


def start(library: Library, page_id: str, profile: Mapping[str, Any], context: Context, entry: str | None = None) -> Turn:
    """Open a page at its first moment, or at the one marked `entrée <entry>`. KeyError for an unknown page."""
    raise NotImplementedError


def resume(library: Library, state: State, profile: Mapping[str, Any], given: Input, context: Context) -> Turn:
    """Go on after an input. StaleState when the state's moment no longer exists."""
    raise NotImplementedError


def relocate(library: Library, state: State, profile: Mapping[str, Any], context: Context) -> Turn:
    """Move to today's version of the page: same moment, else the nearest answered before, else the start."""
    raise NotImplementedError


def recap(library: Library, state: State, profile: Mapping[str, Any]) -> tuple[str, str]:
    """The two lines said when coming back: the page's title, and where it was left."""
    raise NotImplementedError
