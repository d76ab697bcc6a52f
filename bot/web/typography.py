"""French spaces: a sign that goes with a word never stands alone at the beginning or the end of a line."""

import re
from collections.abc import Mapping
from typing import Any

NO_BREAK = "\u00a0"
_BEFORE = re.compile(r" ([:;?!»€%])")
_AFTER = re.compile(r"« ")
_LEFT_ALONE = frozenset(
    {"url", "src", "picture", "page", "sealed", "product_id", "upload_id", "id", "kind", "name", "tel"}
)


def spaced(text: str) -> str:
    """The text with no-break spaces where French typography wants them."""
    return _AFTER.sub(f"«{NO_BREAK}", _BEFORE.sub(rf"{NO_BREAK}\1", text))


def everywhere(value: Any, name: str = "") -> Any:
    """The same for every text of a plain value; addresses and identifiers stay as they are."""
    if isinstance(value, str):
        return value if name in _LEFT_ALONE else spaced(value)
    if isinstance(value, Mapping):
        return {key: everywhere(one, str(key)) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(everywhere(one, name) for one in value)
    return value
