"""Starts the chat platforms that a process serves, each imported only where it is wanted, and stops them in reverse."""

import asyncio
import contextlib
import secrets
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.application.services import Services

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram


@dataclass(slots=True)
class Running:
    """What other parts of the process need of the platforms."""

    telegram: "Telegram | None" = None  # takes what the webhook brings
    trouble: BaseException | None = None  # a platform refused us for good while we were serving

    def fell(self, failed: "asyncio.Future[None]") -> None:
        """End the process cleanly, as a signal would: whoever runs it must see, and the other parts must not go on half."""
        if not failed.cancelled() and failed.exception() is not None:
            self.trouble = failed.exception()
            signal.raise_signal(signal.SIGTERM)


@contextlib.asynccontextmanager
async def serving(services: Services, what: str) -> AsyncIterator[Running]:
    """Serve the platforms of this process until the end of the block. PlatformError when one refuses us for good.

    `all` serves those for which there is a token; `web` only takes what Telegram's webhook brings; `all` and `worker`
    also wake browsers and send e-mail to the team.
    """
    settings, running = services.settings, Running()
    wanted = settings.platforms() if what == "all" else tuple(n for n in settings.platforms() if n == what)
    holder = f"chat-{secrets.token_hex(6)}"
    hook = bool(settings.telegram_webhook_url)
    async with contextlib.AsyncExitStack() as stack:
        if "telegram" in wanted or (what == "web" and hook):
            from bot.channels import telegram_run  # noqa: PLC0415 -- heavy: only where it is served

            sends = what != "web"
            telegram = await telegram_run.start(services, holder, polls=sends and not hook, sends=sends)
            stack.push_async_callback(telegram.stop)
            running.telegram = telegram.adapter if hook else None
        if "discord" in wanted:
            from bot.channels import discord_run  # noqa: PLC0415 -- heavy: only where it is served

            discord = await discord_run.start(services, holder)
            stack.push_async_callback(discord.stop)
            discord.failed.add_done_callback(running.fell)
        if what in ("all", "worker"):
            await _signals(services, holder, stack)
            _mail(services, holder, stack)
        yield running
        if running.trouble is not None:
            raise running.trouble


async def _signals(services: Services, holder: str, stack: contextlib.AsyncExitStack) -> None:
    """Wake browsers, where there is a key for it."""
    from bot.channels import push_key, push_run  # noqa: PLC0415 -- heavy: only where it is served

    key = push_key.load(services.settings)
    if key is not None:
        stack.push_async_callback(push_run.Running(services, key, holder).stop)


def _mail(services: Services, holder: str, stack: contextlib.AsyncExitStack) -> None:
    """Send e-mail to people of the centre, where there is a server for it."""
    if services.settings.smtp_url:
        from bot.channels import mail_run  # noqa: PLC0415 -- heavy: only where it is served

        stack.push_async_callback(mail_run.Running(services, holder).stop)
