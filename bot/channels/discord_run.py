"""Runs the Discord channel: signs in, listens while no other process does, sends, and stops cleanly."""

import asyncio
import contextlib

from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from bot.application.threads import writing
from bot.channels.discord import Discord
from bot.channels.discord_calls import TROUBLE
from bot.channels.discord_client import Client, point
from bot.channels.discord_lib import discord
from bot.channels.trouble import PlatformError
from bot.logs import get_logger
from storage import leases
from storage.errors import StorageError

LEASE = "gateway:discord"
PER_SECOND, BETWEEN = (
    45,
    0.2,
)  # sendings in all, and seconds between two to one chat: Discord's headers say the rest
READY = 30.0  # seconds that a start waits for the gateway; it goes on trying afterwards
TICK = 2.0  # seconds between two looks at the lease, the marks and the gateway
AGAIN = 60.0  # seconds before histories that could not be read are tried again
AWAY = 120.0  # seconds without the gateway after which the log says so
FINISH = 10.0  # seconds that what was taken has left at a clean stop
FATAL = {
    4004: "Discord refuse le jeton : vérifiez BOUSSOLE_DISCORD_TOKEN (le portail des développeurs le redonne).",
    4013: "Discord refuse ce que le bot demande à lire : la bibliothèque discord.py est trop ancienne.",
    4014: "Discord refuse ce que le bot demande à lire : vérifiez l’application dans le portail des développeurs.",
}
log = get_logger(__name__)


class Running:
    """The channel at work. `failed` ends, with a PlatformError, when Discord refuses us for good."""

    def __init__(self, services: Services, holder: str) -> None:
        self._services, self._holder = services, holder
        pace = Pace(PER_SECOND, BETWEEN)
        self.adapter = Discord(services, pace)
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sender = Sender(services, self.adapter, pace, holder)
        self._tasks: list[asyncio.Task[None]] = []
        self._gateway: asyncio.Task[None] | None = None
        self._beat_at = self._again_at = float("-inf")
        self._well_at = 0.0

    async def start(self) -> None:
        """Begin. PlatformError when the token is refused; a network that is away is waited for."""
        point(self._services)
        await self._sign_in()
        try:
            await self.adapter.intake.resume()
            await self._beat()
            await self._connect()
        except BaseException:
            await self.adapter.client.close()
            raise
        self._tasks = [asyncio.create_task(self._sender.run()), asyncio.create_task(self._look_after())]

    async def stop(self) -> None:
        """Take no more, let what was taken be handled, send what is under way, sign out."""
        adapter = self.adapter
        adapter.listening = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH):
                await adapter.settle()
        await self._sender.stop()
        await adapter.missed.flush()
        for task in self._tasks:
            task.cancel()
        await adapter.client.close()
        await asyncio.gather(
            *self._tasks, *([self._gateway] if self._gateway else []), return_exceptions=True
        )
        with contextlib.suppress(StorageError):
            await writing(self._services, lambda uow: leases.let_go(uow, self._holder, LEASE))
        if self.failed.done():
            self.failed.exception()  # it was told, or nobody asked
        else:
            self.failed.cancel()

    # ------------------------------------------------------------ signing in

    async def _sign_in(self) -> None:
        wait = 1.0
        while True:
            self.adapter.mail.client = client = Client(self.adapter, self.adapter.mail.watch)
            try:
                await client.login(self._services.settings.discord_token)
                await self._introduce(client)
            except discord.LoginFailure:
                await client.close()
                raise PlatformError(FATAL[4004]) from None
            except TROUBLE as error:
                log.warning("discord_away", why=type(error).__name__)
                await client.close()
                await asyncio.sleep(wait)
                wait = min(60.0, wait * 2)
            else:
                return

    async def _introduce(self, client: Client) -> None:
        """The commands, in French. Those of the last time stay when Discord takes no others now."""
        try:
            await client.tree.sync()
        except TROUBLE as error:
            log.warning("commands_not_set", channel="discord", why=type(error).__name__)

    async def _connect(self) -> None:
        """Open the gateway, which the library then keeps open by itself."""
        client = self.adapter.client
        self._well_at = asyncio.get_running_loop().time()
        self._gateway = asyncio.create_task(client.connect())
        self._gateway.add_done_callback(self._gone)
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait({self._gateway, ready}, timeout=READY, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self.failed.done():
            self.failed.result()

    def _gone(self, gateway: "asyncio.Task[None]") -> None:
        if gateway.cancelled() or self.failed.done():
            return
        error = gateway.exception()
        if error is None:
            return  # it was closed by us
        code = 4014 if isinstance(error, discord.PrivilegedIntentsRequired) else getattr(error, "code", 0)
        said = FATAL.get(
            code, f"La passerelle de Discord s’est fermée pour de bon ({type(error).__name__} {code})."
        )
        log.error("gateway_gone", channel="discord", why=type(error).__name__, code=code)
        self.failed.set_exception(PlatformError(said))

    # ------------------------------------------------------------ while it runs

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            await self.adapter.missed.flush()
            with contextlib.suppress(StorageError):
                await self._beat()
            await self._try_again()
            self._look_at_gateway()

    async def _beat(self) -> None:
        """Listen while this process holds the lease; who takes it over reads what was written in between."""
        now = asyncio.get_running_loop().time()
        if now - self._beat_at < leases.BEAT.total_seconds() and self.adapter.listening:
            return
        held = await writing(self._services, lambda uow: leases.hold(uow, LEASE, self._holder))
        self._beat_at = now
        began, self.adapter.listening = held and not self.adapter.listening, held
        if began and self.adapter.client.is_ready():
            await self.adapter.catch_up()

    async def _try_again(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._again_at >= AGAIN and self.adapter.listening:
            self._again_at = now
            with contextlib.suppress(StorageError):
                await self.adapter.missed.try_again(self.adapter.client)

    def _look_at_gateway(self) -> None:
        """The library reconnects by itself; whoever runs the bot should know when that takes long."""
        now = asyncio.get_running_loop().time()
        if self.adapter.connected:
            self._well_at = now
        elif now - self._well_at >= AWAY:
            log.warning("gateway_away", channel="discord", seconds=round(now - self._well_at))
            self._well_at = now


async def start(services: Services, holder: str) -> Running:
    """The channel at work. PlatformError, with a French sentence, when it cannot be."""
    running = Running(services, holder)
    await running.start()
    return running
