"""What this process knows of who talks on Discord, so that a touch is answered without asking storage."""

from collections import OrderedDict
from typing import Generic, TypeVar

from bot.application.intake import Payload
from bot.application.messages import Answer, Screen

MOST = 5_000  # people; the one at rest longest is forgotten first
Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Address -> something, of those who were here last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Value] = OrderedDict()

    def put(self, address: str, value: Value) -> None:
        """Remember it."""
        self._kept[address] = value
        self._kept.move_to_end(address)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def get(self, address: str) -> Value | None:
        """It, if it is remembered."""
        return self._kept.get(address)

    def drop(self, address: str) -> Value | None:
        """It, for the last time."""
        return self._kept.pop(address, None)


class Known:
    """Nothing here is kept anywhere, and all of it can be found again."""

    def __init__(self) -> None:
        self.screens: Recent[Screen] = Recent()  # what waits for them
        self.people: Recent[bool] = Recent()  # they are remembered
        self.touched: Recent[Payload] = Recent()  # the last thing they touched, with its token

    def answered(self, address: str, answer: Answer) -> None:
        """Learn from what one of their messages led to."""
        if answer.view.screen is not None:
            self.screens.put(address, answer.view.screen)
        else:
            self.screens.drop(address)
        if answer.person is not None:
            self.people.put(address, True)  # noqa: FBT003 -- a mark
        else:
            self.people.drop(address)
