"""A person's answers, each opened only when somebody asks for it: most turns need two or three of thirty."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from storage.crypto import Box


class Profile(MutableMapping[str, Any]):
    """Variable -> value, over the sealed values of a database. Changes stay here: `conversations.note` writes them."""

    __slots__ = ("_open", "_sealed", "_values")

    def __init__(self, sealed: Mapping[str, bytes], box: Box) -> None:
        self._sealed = dict(sealed)
        self._values: dict[str, Any] = {}
        self._open: Callable[[bytes], Any] = box.open_json

    def __getitem__(self, name: str) -> Any:
        """The value of a variable. KeyError when it has none, CannotDecrypt under another key."""
        if name not in self._values:
            self._values[name] = self._open(self._sealed[name])
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._sealed.setdefault(name, b"")
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._sealed[name]
        self._values.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._sealed

    def __iter__(self) -> Iterator[str]:
        return iter(self._sealed)

    def __len__(self) -> int:
        return len(self._sealed)

    def __repr__(self) -> str:
        return f"Profile({len(self)} variables)"
