"""Places inside JSON values: looking there, changing them without touching what others hold, undoing."""

from typing import Any

MISSING = "\x00missing"  # marks, in an undo log, that there was nothing before


def at(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return MISSING if value is None else value


def reach(value: Any, steps: list[str | int]) -> list[str | int]:
    """The shortest way whose end did not exist before (so that undoing leaves no empty shell)."""
    for length in range(len(steps)):
        if at(value, steps[:length]) is MISSING:
            return steps[:length]
    return list(steps)


def replaced(value: Any, steps: list[str | int], new: Any) -> Any:
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = list(value) if isinstance(value, list | tuple) else []
        while len(items) <= step:
            items.append({})
        items[step] = replaced(items[step], rest, new)
        return items
    mapping = dict(value) if isinstance(value, dict) else {}
    mapping[step] = replaced(mapping.get(step), rest, new)
    return mapping


def restored(value: Any, steps: list[str | int], before: Any) -> Any:
    if before != MISSING:
        return replaced(value, steps, before)
    if not steps:
        return None
    parent = at(value, steps[:-1])
    last = steps[-1]
    if isinstance(parent, dict):
        return replaced(value, steps[:-1], {key: item for key, item in parent.items() if key != last})
    if isinstance(parent, list | tuple) and isinstance(last, int) and last < len(parent):
        return replaced(value, steps[:-1], [item for index, item in enumerate(parent) if index != last])
    return value
