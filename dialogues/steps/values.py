"""The variables of a turn: where a name points, what it holds, and how each change can be taken back."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dialogues.model import Comparison, Condition
from dialogues.profile import VARIABLES, Kind, is_stored
from dialogues.steps.places import MISSING, at, reach, replaced, restored

_PART = re.compile(r"\.([\w-]+)|\[([\w.-]+)\]")
_BASE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed name: its variable, then fields (`.x`) or keys given by other variables (`[x]`)."""

    base: str
    parts: tuple[tuple[str, bool], ...]  # (name, whether it is looked up)


@lru_cache(maxsize=4096)
def parse_path(name: str) -> Path:
    """`value.definitions[value.ranking.1]` has base `value.definitions` and one looked-up part.

    A declared variable is two words with a dot; any other name is one word of the page.
    """
    head = _BASE.match(name)
    if head is None:
        return Path(name, ())
    base, position = head[0], head.end()
    first = _PART.match(name, position)
    if first is not None and first[1] and f"{base}.{first[1]}" in VARIABLES:
        base, position = f"{base}.{first[1]}", first.end()
    parts: list[tuple[str, bool]] = []
    while (found := _PART.match(name, position)) is not None:
        parts.append((found[1] or found[2], found[1] is None))
        position = found.end()
    return Path(base, tuple(parts))


class Values:
    """Profile, page words, what errands brought and the centre's words, under one roof.

    `data` is the JSON of the state; its parts `local`, `brought`, `open` and `alias` belong to this class.
    """

    def __init__(self, profile: Mapping[str, Any], data: dict[str, Any], words: Mapping[str, str]) -> None:
        self.profile = profile
        self.words = words
        self.local: dict[str, Any] = data.setdefault("local", {})
        self.brought: dict[str, Any] = data.setdefault("brought", {})
        self.open: dict[str, int] = data.setdefault("open", {})
        self.alias: dict[str, Any] = data.setdefault("alias", {})
        self.changed: dict[str, Any] = {}
        self.private: set[str] = set()
        self.undo: list[list[Any]] = []

    # ------------------------------------------------------------ reading

    def get(self, base: str) -> Any:
        """The value of a whole variable, or None."""
        if base in self.alias:
            return self._element(base)
        for holder in (self.changed, self.local, self.brought, self.profile, self.words):
            if base in holder:
                return holder[base]
        return None

    def read(self, name: str) -> Any:
        """The value of any name a page may write; None when there is nothing."""
        path = parse_path(name)
        value = self.get(path.base)
        for position, (part, looked_up) in enumerate(path.parts):
            key = self.key(part) if looked_up else part
            open_at = self.open.get(path.base) if position == 0 else None
            value = _inside(value, key, open_at)
        return value

    def key(self, name: str) -> str:
        """The key that another variable holds; the name itself when it holds nothing."""
        value = self.read(name)
        if isinstance(value, dict):
            value = value.get("id") or value.get("name") or value.get("title")
        return name if value is None else str(value)

    def everything(self) -> dict[str, Any]:
        """All variables by name, for routes."""
        return {**self.words, **self.profile, **self.brought, **self.local, **self.changed}

    def elements(self, name: str) -> list[Any]:
        """The elements of a list, or the keys of a map; empty for anything else."""
        value = self.read(name)
        return list(value) if isinstance(value, list | tuple | dict) else []

    def holds(self, condition: Condition | None) -> bool:
        """Whether a condition is met; no condition always is."""
        if condition is None:
            return True
        value = self.read(condition.variable)
        match condition.comparison:
            case Comparison.SET:
                return _is_set(value)
            case Comparison.UNSET:
                return not _is_set(value)
            case Comparison.EQUAL:
                return _equal(value, condition.value)
            case Comparison.CONTAINS:
                return _contains(value, condition.value)
            case Comparison.AT_LEAST:
                return _size(value) >= int(condition.value)

    # ------------------------------------------------------------ writing

    def kind(self, name: str) -> Kind:
        """The kind of what a name points at: that of its variable, or ANY inside it and for page words."""
        path = parse_path(name)
        declared = VARIABLES.get(path.base)
        return declared.kind if declared is not None and not path.parts else Kind.ANY

    def write(self, name: str, value: Any, *, private: bool = False) -> None:
        """Give a name its new value, making the records and maps on the way."""
        base, steps = self.place(name)
        self.put(base, steps, value)
        if private:
            self.private.add(base)

    def place(self, name: str) -> tuple[str, list[str | int]]:
        """The variable and the concrete way into it that a name means right now."""
        path = parse_path(name)
        keys = [self.key(part) if looked_up else part for part, looked_up in path.parts]
        if path.base in self.alias and keys:
            base, before = self.place(str(self.alias[path.base]["source"]))
            return base, [*before, int(self.alias[path.base]["index"]), *keys]
        declared = VARIABLES.get(path.base)
        if declared is not None and declared.kind is Kind.RECORDS and keys:
            return path.base, [self._record(path.base), *keys]
        return path.base, list(keys)

    def put(self, base: str, steps: list[str | int], value: Any) -> None:
        """Write at a concrete place and remember what was there."""
        old_root = self.get(base)
        before = at(old_root, steps)
        if before is not MISSING and before == value:
            return
        shortest = reach(old_root, steps)
        self.undo.append([base, shortest, deepcopy(at(old_root, shortest))])
        self._store(base, replaced(old_root, steps, value))

    def open_record(self, base: str) -> None:
        """The next field written into that list of records begins a new one."""
        self.undo.append([f"?{base}", [], self.open.get(base, MISSING)])
        self.open[base] = len(self.get(base) or [])

    def take_back(self, log: list[list[Any]]) -> None:
        """Undo a log of changes, last first."""
        for base, steps, before in reversed(log):
            if base.startswith("?"):
                self._reopen(base[1:], before)
            else:
                self._store(base, restored(self.get(base), steps, before))

    def _reopen(self, base: str, before: Any) -> None:
        if before == MISSING:
            self.open.pop(base, None)
        else:
            self.open[base] = before

    def _store(self, base: str, value: Any) -> None:
        if is_stored(base):
            self.changed[base] = value
        elif base in VARIABLES:
            self.brought[base] = value
        else:
            self.local[base] = value

    def _record(self, base: str) -> int:
        records = self.get(base) or []
        if base not in self.open:
            self.open[base] = max(0, len(records) - 1)
        return min(self.open[base], len(records))

    def _element(self, name: str) -> Any:
        source, index = str(self.alias[name]["source"]), int(self.alias[name]["index"])
        elements = [] if parse_path(source).base in self.alias else self.elements(source)
        return elements[index] if index < len(elements) else None


def _inside(value: Any, key: str, open_at: int | None) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if not isinstance(value, list | tuple) or not value:
        return None
    if key.isdecimal():
        return value[int(key) - 1] if 0 < int(key) <= len(value) else None
    index = len(value) - 1 if open_at is None else open_at
    record = value[index] if index < len(value) else None
    return record.get(key) if isinstance(record, dict) else None


def _is_set(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [], {}, ())


def _equal(value: Any, wanted: str) -> bool:
    if isinstance(value, bool):
        return wanted in (("oui", "yes", "true", "agree") if value else ("non", "no", "false", "refuse"))
    return value is not None and not isinstance(value, list | dict) and str(value) == wanted


def _contains(value: Any, wanted: str) -> bool:
    if isinstance(value, list | tuple):
        return wanted in [str(item) for item in value]
    if isinstance(value, dict | str):
        return wanted in value
    return False


def _size(value: Any) -> float:
    if isinstance(value, bool) or value is None:
        return int(bool(value))
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return int(value) if value.isdecimal() and value.isascii() else 0
    return len(value)
