"""The switchboard of a stand-in server: which request fails next, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Tear(StrEnum):
    """Where a connection is torn. Up to RECEIVED nothing was done; from APPLIED on the effect has happened."""

    ACCEPT = "accept"  # at once, before a byte of the request is read
    HEADERS = "headers"  # after the request's headers
    BODY = "body"  # in the middle of the request's body
    RECEIVED = "received"  # the request was read whole; nothing was done
    APPLIED = "applied"  # done, and not a byte of an answer
    STATUS = "status"  # done, and the status line went out
    ANSWER_HEADERS = "answer_headers"  # done, and the answer's headers went out
    ANSWER_BODY = "answer_body"  # done, and half of the answer's body went out

    @property
    def applied(self) -> bool:
        """Whether the effect has happened all the same."""
        return self in (Tear.APPLIED, Tear.STATUS, Tear.ANSWER_HEADERS, Tear.ANSWER_BODY)


@dataclass(slots=True)
class Fault:
    """One fault, for the next `times` requests that it suits.

    Exactly one of `tear`, `status` and `hang` (seconds without an answer). With a status, `body` is sent as JSON and
    `headers` beside it; `applied` says whether the request has its effect all the same.
    """

    method: str  # the name that the server gives an operation, "*" for any
    tear: Tear | None = None
    status: int = 0
    body: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0
    applied: bool = False
    times: int = 1
    when: Callable[[Mapping[str, object]], bool] = lambda _request: True  # of the decoded request


class Switchboard:
    """Faults in the order they were added; the first that suits a request is used up by it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Fail the next requests that suit it."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Fail nothing more."""
        self._faults.clear()

    def take(self, method: str, request: Mapping[str, object]) -> Fault | None:
        """The fault for this request, counted down."""
        for fault in self._faults:
            if fault.times > 0 and fault.method in (method, "*") and fault.when(request):
                fault.times -= 1
                return fault
        return None

    def peek_tear(self, method: str, *points: Tear) -> Fault | None:
        """A tear at one of these points that would strike this method: for those before the request is decoded."""
        for fault in self._faults:
            if fault.times > 0 and fault.method in (method, "*") and fault.tear in points:
                fault.times -= 1
                return fault
        return None
