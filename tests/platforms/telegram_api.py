"""A stand-in for Telegram's Bot API: an HTTP server that any client library can talk to, and the people behind it."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self

from aiohttp import web

from tests.platforms.faults import Fault, Switchboard, Tear
from tests.platforms.telegram_messages import Call, Upload
from tests.platforms.telegram_methods import Methods
from tests.platforms.telegram_people import Group, User
from tests.platforms.telegram_rules import UPLOAD, Pace
from tests.platforms.telegram_updates import Refused
from tests.platforms.telegram_wire import (
    Server,
    cut_short,
    decoded,
    half,
    named,
    refusal_body,
    reset,
    token_of,
)
from tests.platforms.telegram_world import World
from tests.platforms.threads import served

Json = dict[str, Any]

TOKEN = "42:TEST"
EARLY = (Tear.ACCEPT, Tear.HEADERS, Tear.BODY, Tear.RECEIVED)
EVERY = 0.005  # seconds between two looks


@dataclass
class Request:
    """One request as it was seen, and what became of it."""

    method: str
    time: datetime
    params: Json = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    status: int = 0  # 0 while it waits, and where it had no effect and no answer
    answer: Json | None = None  # what was answered, or would have been without a tear
    fault: Fault | None = None


def refusal(method: str, status: int, description: str = "", **options: Any) -> Fault:
    """A fault that answers as the service does; `retry_after` and `migrate_to_chat_id` go in the parameters."""
    names = ("retry_after", "migrate_to_chat_id")
    parameters = {name: options.pop(name) for name in names if name in options}
    words = description or HTTPStatus(status).phrase
    return Fault(method, status=status, body=refusal_body(status, words, parameters), **options)


def too_many(method: str, seconds: int, **options: Any) -> Fault:
    """A fault that says to come back after so many seconds."""
    words = f"Too Many Requests: retry after {seconds}"
    return refusal(method, 429, words, retry_after=seconds, **options)


class TelegramApi(World):
    """The server. `url` is what a library puts before "/bot" and "/file/bot".

    Faults go by the names of the methods, and "download" for files. Tears before the request is read look at its
    first line only, not at `when`; one at ACCEPT for "*" strikes the next connection, or the next request on one
    that was kept. After a `hang`, what was applied is answered, and what was not is torn.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        record: bool = True,
        rate_limited: bool = False,
        port: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(bot_id=int(token.partition(":")[0]), **options)
        self.token = token
        self.port = port
        self.faults = Switchboard()
        self.requests: list[Request] = []
        self._record = record
        self._methods = Methods(self, Pace(self.clock) if rate_limited else None)
        self._runner: web.ServerRunner | None = None

    # ------------------------------------------------------------ its life

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen, on the port of before if there was one."""
        server = Server(self._serve, self.faults, self._torn)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.updates.start()

    async def stop(self) -> None:
        """Vanish: connections break, and new ones are refused, until it is started again."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        await self.updates.stop()
        if runner.server is not None:
            for connection in runner.server.connections:
                reset(connection.transport)
        await runner.cleanup()

    # ------------------------------------------------------------ people

    def user(self, number: int, *, first_name: str = "Lou", **more: Any) -> User:
        """Somebody; the bot may write to them once they wrote to it."""
        return User(self, number, first_name, **more)

    def group(self, number: int, title: str = "Un groupe") -> Group:
        """A group that the bot is in."""
        return Group(self, number, title)

    def push(self, update: Json) -> int:
        """Send the bot an update as it is given: its id."""
        return self.updates.push(update)

    def replay(self, update: int) -> int:
        """Send the bot an earlier update once more."""
        return self.updates.replay(update)

    async def idle(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109  # fails, cancels nothing
        """Until every update is confirmed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while self.updates.waiting:  # looks again and again, so that the server may live on another loop
            if loop.time() > end:
                raise AssertionError(f"not confirmed: {[one.update for one in self.updates.waiting]}")
            await asyncio.sleep(EVERY)

    def asked(self, method: str) -> list[Request]:
        """The requests of one method."""
        return [one for one in self.requests if one.method == method]

    # ------------------------------------------------------------ requests

    def _torn(self, method: str, fault: Fault) -> None:
        self._seen(method).fault = fault

    def _seen(self, method: str) -> Request:
        request = Request(method, self.clock())
        if self._record:
            self.requests.append(request)
        return request

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        seen = self._seen(named(request.path))
        try:
            return await self._answer(request, seen)
        finally:
            request.protocol.fresh = True  # type: ignore[attr-defined]  # it is our Wire

    async def _answer(self, request: web.BaseRequest, seen: Request) -> web.StreamResponse:
        for point in (Tear.HEADERS, Tear.BODY):
            seen.fault = self.faults.peek_tear(seen.method, point)
            if seen.fault is not None:
                if point is Tear.BODY:
                    await half(request)
                reset(request.transport)
                return web.Response()
        try:
            seen.params, seen.files = await decoded(request)
            refused = None
        except Refused as fault:
            refused = fault
        seen.fault = self.faults.take(seen.method, seen.params)
        if seen.fault is not None:
            return await self._fail(request, seen, seen.fault)
        if refused:
            return _respond(self._refuse(seen, refused))
        return await self._whole(request, seen)

    async def _whole(self, request: web.BaseRequest, seen: Request) -> web.StreamResponse:
        """Do what is asked, and answer."""
        if seen.method == "download":
            return self._download(request, seen)
        await self._do(request, seen)
        return _respond(seen)

    async def _do(self, request: web.BaseRequest, seen: Request) -> None:
        try:
            self._admit(request, seen)
            result = await self._methods.run(Call(seen.method, seen.params, seen.files))
        except Refused as refused:
            self._refuse(seen, refused)
        else:
            seen.status, seen.answer = 200, json.loads(json.dumps({"ok": True, "result": result}))

    def _admit(self, request: web.BaseRequest, seen: Request) -> None:
        if token_of(request.path) != self.token:
            raise Refused(401, "Unauthorized")
        if sum(len(file.content) for file in seen.files.values()) > UPLOAD:
            raise Refused(413, "Request Entity Too Large")

    def _refuse(self, seen: Request, refused: Refused) -> Request:
        seen.status = refused.code
        seen.answer = refusal_body(refused.code, refused.description, refused.parameters)
        return seen

    def _download(self, request: web.BaseRequest, seen: Request) -> web.Response:
        path = request.path.partition(f"/file/bot{self.token}/")[2]
        found = next((one for one in self.files.values() if one.path == path), None)
        if found is None:
            return _respond(self._refuse(seen, Refused(404, "Not Found")))
        seen.status = 200
        return web.Response(body=found.content)

    async def _fail(self, request: web.BaseRequest, seen: Request, fault: Fault) -> web.StreamResponse:
        """Answer as the fault says, after the effect that it lets happen."""
        answer: web.StreamResponse | None = None
        if fault.applied or (fault.tear is not None and fault.tear.applied):
            answer = await self._whole(request, seen)
        if fault.hang:
            await asyncio.sleep(fault.hang)
        if fault.status:
            seen.status = fault.status
            return _faulty(fault)
        if fault.hang and answer is not None:
            return answer
        if fault.tear is None or fault.tear in EARLY or fault.tear is Tear.APPLIED:
            reset(request.transport)
        else:
            content = answer.body if isinstance(answer, web.Response) else b""
            cut_short(request.transport, fault.tear, seen.status, bytes(content or b""))  # type: ignore[arg-type]
        return web.Response()


def _respond(seen: Request) -> web.Response:
    return web.json_response(seen.answer, status=seen.status)


def _faulty(fault: Fault) -> web.Response:
    if fault.body:
        return web.json_response(dict(fault.body), status=fault.status, headers=fault.headers)
    phrase = HTTPStatus(fault.status).phrase
    if fault.status >= 500:  # these come from the server in front, which speaks no JSON
        page = f"<html><head><title>{fault.status} {phrase}</title></head></html>"
        return web.Response(text=page, status=fault.status, content_type="text/html", headers=fault.headers)
    words = refusal_body(fault.status, phrase, {"retry_after": 1} if fault.status == 429 else {})
    return web.json_response(words, status=fault.status, headers=fault.headers)


@contextmanager
def running(**options: Any) -> Iterator[TelegramApi]:
    """The server on a thread of its own, for tests that have no loop."""
    with served(TelegramApi(**options)) as api:
        yield api
