"""A stand-in Discord on this machine: REST and gateway for an unmodified client, people and faults for the tests."""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.platforms.discord_gateway import Gateway
from tests.platforms.discord_interactions import Interactions
from tests.platforms.discord_pace import too_many
from tests.platforms.discord_rest import Rest
from tests.platforms.discord_users import User
from tests.platforms.discord_wire import PREFIX, Exchange, Wire
from tests.platforms.discord_world import Ack, Delivery, World
from tests.platforms.faults import Fault, Switchboard

TOKEN = "MTIz.abc.the-bot"


class DiscordApi:
    """`async with DiscordApi() as api`: then `api.url`, `api.gateway_url` and `api.token` are for the client.

    Times: `ack_limit` and `token_life` in seconds, by a clock that `skip` moves on.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        ack_limit: float = 3.0,
        allowed_intents: int = 0,
        real_limits: bool = False,
    ) -> None:
        self.world = World(token=token)
        self.world.ack_limit = ack_limit
        self.gateway = Gateway(self.world)
        self.gateway.allowed_intents = allowed_intents
        self.wire = Wire(self.world)
        self.wire.limits.real = real_limits
        self.wire.operations = [
            *Rest(self.world, self.gateway).operations(),
            *Interactions(self.world).operations(),
        ]
        self.url = self.gateway_url = ""
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen on a free port of this machine."""
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_get("/gateway", self.gateway.handle)
        for operation in self.wire.operations:
            prefix = "" if operation.name == "download" else PREFIX
            app.router.add_route(operation.method, prefix + operation.path, self.wire.handler(operation))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        server = self._runner.server
        assert server is not None
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: self.wire.door(server), "127.0.0.1", 0)
        port = self._listener.sockets[0].getsockname()[1]
        self.world.root = f"http://127.0.0.1:{port}"
        self.url, self.gateway_url = f"{self.world.root}{PREFIX}", f"ws://127.0.0.1:{port}/gateway"
        self.gateway.url = self.gateway_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut what is open and stop listening."""
        self.gateway.drop()
        if self._listener is not None and self._runner is not None:
            self._listener.close()
            await self._runner.cleanup()

    # ---------------------------------------------------------------- people, and what can be looked at

    def user(self, name: str = "Lou", *, member: bool = True, installed: bool = False) -> User:
        """Someone more; a member of the guild unless said otherwise."""
        person = User(self.world, name, member=member, installed=installed)
        self.world.people[person.id] = person
        return person

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.world.token

    @property
    def faults(self) -> Switchboard:
        """Which request fails next, and how."""
        return self.wire.faults

    @property
    def requests(self) -> list[Exchange]:
        """Every REST request, in order."""
        return self.wire.requests

    @property
    def deliveries(self) -> list[Delivery]:
        """Every message of the bot that arrived, once each."""
        return self.world.deliveries

    @property
    def acks(self) -> dict[int, Ack]:
        """The first answer to each interaction, by its id."""
        return self.world.acks

    def asked(self, operation: str) -> list[Exchange]:
        """The requests of one kind."""
        return [exchange for exchange in self.requests if exchange.operation == operation]

    @property
    def invalid_requests(self) -> int:
        """Those that count towards a ban: ten thousand in ten minutes."""
        return sum(exchange.status in (401, 403, 429) for exchange in self.requests)

    # ---------------------------------------------------------------- trouble, and time

    def fail(self, operation: str, **fault: Any) -> None:
        """Short for `faults.add(Fault(...))`."""
        self.faults.add(Fault(operation, **fault))

    def slow_down(
        self, operation: str, retry_after: float = 0.2, *, scope: str = "user", times: int = 1
    ) -> None:
        """Answer 429 to the next requests; scope: user, global, shared."""
        self.faults.add(too_many(operation, retry_after, scope=scope, times=times))

    def skip(self, seconds: float) -> None:
        """Move the server's clock on."""
        self.world.shift += seconds

    def refuse_opening_dms(self, *, on: bool = True) -> None:
        """Answer 40003 when a DM is opened."""
        self.world.dm_opening_refused = on

    def limit_for_real(self, *, on: bool = True) -> None:
        """Keep to Discord's pace: 5 messages in 5 s a channel, 50 requests a second."""
        self.wire.limits.real = on

    def drop_gateway(self, *, resumable: bool = True, code: int | None = None) -> None:
        """Cut the gateway; when it is not resumable, a RESUME is answered by op 9."""
        self.gateway.drop(resumable=resumable, code=code)

    def gateway_silent(self, *, on: bool = True) -> None:
        """Play dead on the open connections: no heartbeat is acknowledged, no event comes."""
        self.gateway.silence(on=on)

    def refuse_gateway(self, seconds: float) -> None:
        """Refuse gateway connections for a while."""
        self.gateway.refuse(seconds)

    async def connected(self, seconds: float = 5.0) -> None:
        """Once a client is identified on the gateway (or has resumed)."""
        assert await self.world.until(lambda: self.gateway.connected or None, seconds), "nobody connected"
