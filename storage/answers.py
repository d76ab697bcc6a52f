"""Keeps the sealed answers of people who are talking, so that a turn need not read thirty rows again."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

ROOM = 256  # people: a few megabytes


class KeptAnswers:
    """Variable -> sealed value of the last people seen, each at the number of changes counted in `persons.noted`.

    Only sealed bytes stay here. What another process changed has another number, and is read again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._known: OrderedDict[str, tuple[int, Mapping[str, bytes]]] = OrderedDict()
        self._lock = Lock()

    def get(self, person_id: str, noted: int) -> Mapping[str, bytes] | None:
        """The answers after so many changes, or None when they are not at hand."""
        with self._lock:
            known = self._known.get(person_id)
            if known is None or known[0] != noted:
                return None
            self._known.move_to_end(person_id)
            return known[1]

    def put(self, person_id: str, noted: int, answers: Mapping[str, bytes]) -> None:
        """Keep the answers as they are after so many changes; newer ones are never put back."""
        with self._lock:
            known = self._known.get(person_id)
            if known is not None and known[0] > noted:
                return
            self._known[person_id] = (noted, answers)
            self._known.move_to_end(person_id)
            if len(self._known) > self._room:
                self._known.popitem(last=False)

    def forget(self, person_id: str) -> None:
        """Keep nothing of this person."""
        with self._lock:
            self._known.pop(person_id, None)

    def clear(self) -> None:
        """Keep nothing of anybody."""
        with self._lock:
            self._known.clear()
