"""The visits under way on a platform: in memory only, for an hour, so that nothing is left of them."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.application.messages import Visit

MOST = 2_000  # at once; the one at rest longest goes
AN_HOUR = timedelta(minutes=60)


class Visitors:
    """Address -> visit. `now` is the clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: OrderedDict[str, tuple[Visit, datetime]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, address: str) -> Visit | None:
        """The visit of an address, unless its hour is over."""
        visit, at = self._known.get(address, (None, self._now()))
        return visit if self._now() - at < AN_HOUR else None

    def put(self, address: str, visit: Visit | None) -> None:
        """Where a visit stands now; None when it ended."""
        self._known.pop(address, None)
        if visit is not None:
            self._known[address] = (visit, self._now())
        self._forget_old()

    def _forget_old(self) -> None:
        while self._known:
            _visit, at = next(iter(self._known.values()))
            if len(self._known) <= MOST and self._now() - at < AN_HOUR:
                return
            self._known.popitem(last=False)
