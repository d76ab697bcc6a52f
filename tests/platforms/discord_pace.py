"""Discord's pace: the headers of each answer, the real limits when they are switched on, and what a 429 looks like."""

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Protocol

from tests.platforms.faults import Fault

VIA = {"Via": "1.1 google"}  # without it the client takes a 429 for a ban by the firewall


class Asked(Protocol):
    """What a limit needs to know of a request."""

    operation: str
    params: Mapping[str, str]


class Limits:
    """Discord's real pace, when it is switched on; the headers are always there."""

    def __init__(self) -> None:
        self.real = False
        self.per_channel, self.channel_window = 5, 5.0
        self.overall = 50
        self._past: dict[str, deque[float]] = defaultdict(deque)

    def headers(self, call: Asked, now: float) -> dict[str, str]:
        """What each answer says of its bucket."""
        most, window = (self.per_channel, self.channel_window) if self._counted(call) else (1000, 1.0)
        past = self._recent(self._key(call), window, now) if self._counted(call) else deque()
        left = max(0, most - len(past))
        after = max(0.0, past[0] + window - now) if past else window
        return {
            "X-RateLimit-Limit": str(most), "X-RateLimit-Remaining": str(left), "X-RateLimit-Bucket": call.operation,
            "X-RateLimit-Reset": f"{now + after:.3f}", "X-RateLimit-Reset-After": f"{after:.3f}", **VIA,
        }  # fmt: skip

    def check(self, call: Asked, now: float) -> Fault | None:
        """A 429 when it is too soon."""
        if not self.real:
            return None
        everything = self._recent("*", 1.0, now)
        if len(everything) >= self.overall and call.operation not in ("interaction_callback", "followup"):
            return too_many(call.operation, everything[0] + 1.0 - now, scope="global")
        everything.append(now)
        if self._counted(call):
            past = self._recent(self._key(call), self.channel_window, now)
            if len(past) >= self.per_channel:
                return too_many(call.operation, past[0] + self.channel_window - now)
            past.append(now)
        return None

    def _counted(self, call: Asked) -> bool:
        return self.real and call.operation == "create_message"

    def _key(self, call: Asked) -> str:
        return f"{call.operation} {call.params.get('channel_id')}"

    def _recent(self, key: str, window: float, now: float) -> deque[float]:
        past = self._past[key]
        while past and past[0] <= now - window:
            past.popleft()
        return past


def too_many(operation: str, retry_after: float, *, scope: str = "user", times: int = 1) -> Fault:
    """A 429 exactly as Discord gives it; scope: user, global, shared."""
    headers = {
        "Retry-After": str(math.ceil(retry_after)), "X-RateLimit-Scope": scope, "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": f"{retry_after:.3f}", **VIA,
    }  # fmt: skip
    if scope == "global":
        headers = {
            "Retry-After": headers["Retry-After"],
            "X-RateLimit-Scope": scope,
            "X-RateLimit-Global": "true",
        } | VIA
    body = {"message": "You are being rate limited.", "retry_after": round(retry_after, 3), "code": 0}
    return Fault(
        operation, status=429, body=body | {"global": scope == "global"}, headers=headers, times=times
    )
