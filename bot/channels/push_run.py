"""Runs the channel of empty signals: sending, and a clean stop."""

import asyncio

from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from bot.channels.push import Push
from bot.channels.push_key import PushKey

PER_SECOND = (
    20  # signals in all: a whole centre is woken within a minute, and a small machine does not notice
)


class Running:
    """The channel at work."""

    def __init__(self, services: Services, key: PushKey, holder: str) -> None:
        self._sender = Sender(services, Push(services, key), Pace(PER_SECOND, 0.0), holder)
        self._task = asyncio.create_task(self._sender.run())

    async def stop(self) -> None:
        """Claim no more and let the signals under way end."""
        await self._sender.stop()
        await self._task
