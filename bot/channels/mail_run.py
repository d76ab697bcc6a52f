"""Runs the e-mail channel: sending, and a clean stop."""

import asyncio

from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from bot.channels.mail import Mail

PER_SECOND, BETWEEN = (
    2,
    1.0,
)  # letters in all, and seconds between two to one person: small servers refuse floods


class Running:
    """The channel at work."""

    def __init__(self, services: Services, holder: str) -> None:
        self._sender = Sender(services, Mail(services), Pace(PER_SECOND, BETWEEN), holder)
        self._task = asyncio.create_task(self._sender.run())

    async def stop(self) -> None:
        """Claim no more and let what is under way end."""
        await self._sender.stop()
        await self._task
