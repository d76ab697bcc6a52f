"""Runs the Telegram channel: polling (or the webhook's registration), sending, and a clean stop."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from telegram import BotCommand, BotCommandScopeAllPrivateChats, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from bot.application.threads import writing
from bot.channels import telegram_in
from bot.channels.telegram import BETWEEN, PER_SECOND, Telegram, make_bot
from bot.channels.trouble import PlatformError
from bot.logs import get_logger
from storage import leases
from storage.errors import StorageError

LEASE = "poll:telegram"
POLL = 20  # seconds that Telegram may hold a poll
WEDGED = 45.0  # seconds after which a poll that says nothing is torn down (it should end after POLL)
STAND_BY = 5.0  # seconds before another look at what another process does
log = get_logger(__name__)


class Running:
    """The channel at work. `adapter.take` is what the webhook calls."""

    def __init__(self, services: Services, holder: str, *, polls: bool, sends: bool) -> None:
        self._services, self._holder = services, holder
        pace = Pace(PER_SECOND, BETWEEN)
        self.adapter = Telegram(services, make_bot(services), pace)
        self._sender = Sender(services, self.adapter, pace, holder) if sends else None
        self._polls = polls
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin. PlatformError when the token is refused; a network that is away is waited for."""
        await self._sign_in()
        await self.adapter.intake.resume()
        if self._sender is not None:
            self._tasks.append(asyncio.create_task(self._sender.run()))
        if self._polls:
            self._tasks.append(asyncio.create_task(self._poll()))

    async def stop(self) -> None:
        """Take no more, let what was taken be handled, send what is under way, sign out."""
        self._stopping.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self.adapter.intake.idle()
        if self._sender is not None:
            await self._sender.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(StorageError):
            await writing(self._services, lambda uow: leases.let_go(uow, self._holder, LEASE))
        with contextlib.suppress(TelegramError, RuntimeError):
            await self.adapter.bot.shutdown()

    # ------------------------------------------------------------ signing in

    async def _sign_in(self) -> None:
        wait = 1.0
        while True:
            try:
                await self.adapter.bot.initialize()
                await self._introduce()
            except InvalidToken:
                raise PlatformError(
                    "Telegram refuse le jeton : vérifiez BOUSSOLE_TELEGRAM_TOKEN (@BotFather le redonne)."
                ) from None
            except TelegramError as error:
                log.warning("telegram_away", why=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)
            else:
                return

    async def _introduce(self) -> None:
        """The commands beside the field, in French, in private chats; and how updates come."""
        commands = [BotCommand(name, text) for name, text in telegram_in.MENU]
        scope = BotCommandScopeAllPrivateChats()
        for language in ("", "fr"):
            await self.adapter.bot.set_my_commands(commands, scope, language or None)
        settings = self._services.settings
        if settings.telegram_webhook_url:
            await self.adapter.bot.set_webhook(
                settings.telegram_webhook_url,
                secret_token=settings.telegram_webhook_secret,
                allowed_updates=list(telegram_in.KINDS),
                max_connections=20,
            )
        elif self._polls:
            await self.adapter.bot.delete_webhook()

    # ------------------------------------------------------------ polling

    async def _poll(self) -> None:
        """Ask for updates as long as we hold the lease; each is kept before Telegram is told to forget it."""
        offset, beat = 0, float("-inf")
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            try:
                if loop.time() - beat >= leases.BEAT.total_seconds():
                    if not await writing(self._services, lambda uow: leases.hold(uow, LEASE, self._holder)):
                        await asyncio.sleep(STAND_BY)
                        continue
                    beat = loop.time()
                async with asyncio.timeout(WEDGED):
                    updates = await self.adapter.bot.get_updates(
                        offset, timeout=POLL, allowed_updates=telegram_in.KINDS
                    )
                for update in updates:
                    await self.adapter.take(_plain(update))
                    offset = update.update_id + 1
            except (TelegramError, TimeoutError, StorageError) as error:
                await self._troubled(error)

    async def _troubled(self, error: Exception) -> None:
        """One line in the log, a pause that suits, and a fresh connection for a poll that was wedged."""
        log.warning("poll_failed", channel="telegram", why=type(error).__name__)
        if isinstance(error, TimeoutError | TimedOut) or "Pool timeout" in str(error):
            await self._fresh_connection()
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            await asyncio.sleep(wait if isinstance(wait, int) else wait.total_seconds())
        elif isinstance(error, Conflict | InvalidToken):
            await asyncio.sleep(STAND_BY)  # another process polls with our token, or the token was changed
        elif not isinstance(error, TimedOut):
            await asyncio.sleep(1.0 if isinstance(error, NetworkError | StorageError) else 0.1)

    async def _fresh_connection(self) -> None:
        polling = self.adapter.bot._request[0]  # noqa: SLF001 -- the library offers no other way to it
        with contextlib.suppress(Exception):
            await polling.shutdown()
        await polling.initialize()


def _plain(update: Update) -> Mapping[str, Any]:
    found: Mapping[str, Any] = update.to_dict()
    return found


async def start(services: Services, holder: str, *, polls: bool = True, sends: bool = True) -> Running:
    """The channel at work. PlatformError, with a French sentence, when it cannot be."""
    running = Running(services, holder, polls=polls, sends=sends)
    await running.start()
    return running
