"""The stand-in's HTTP: each request is decoded, written down, limited, failed on demand, and answered."""

import asyncio
import json
import re
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from multidict import MultiDictProxy

from tests.platforms.discord_limits import RefusedError
from tests.platforms.discord_pace import Limits, too_many
from tests.platforms.discord_world import World
from tests.platforms.faults import Fault, Switchboard, Tear

PREFIX = "/api/v10"
BY_TOKEN = "/interactions/", "/webhooks/", "/attachments/"  # their paths hold the secret
PLACE = re.compile(r"\{(\w+)\}")
FIRST_LINE = re.compile(rb"^([A-Z]+) (/[^ ?]*)[^ ]* HTTP/1\.1\r\n")


@dataclass(slots=True)
class Call:
    """One request, decoded."""

    operation: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)  # field: name, content, type
    authorization: str = ""

    def flat(self) -> Mapping[str, object]:
        """All of it in one, for a fault's `when`."""
        return {
            **self.query,
            **self.params,
            **(self.body if isinstance(self.body, dict) else {"body": self.body}),
        }


@dataclass(slots=True)
class Answer:
    """What is answered: JSON, or the bytes of a file."""

    status: int = 200
    body: Any = None
    raw: bytes | None = None
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        if self.raw is not None:
            return self.raw
        return b"" if self.status == 204 else json.dumps(self.body).encode()


@dataclass(slots=True)
class Exchange:
    """A request as it was, and what became of it."""

    at: float
    operation: str
    method: str
    path: str  # the template
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: Mapping[str, tuple[str, bytes, str]]
    status: int = 0  # 0 while there is no answer
    answer: Any = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What is asked, and how it is done."""

    name: str
    method: str
    path: str
    do: Callable[[Call], Answer]

    def suits(self, method: str, path: str) -> bool:
        """Whether a request line asks for it."""
        pattern = PLACE.sub("[^/]+", re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}"))
        return method == self.method and re.fullmatch(pattern, path) is not None


class Wire:
    """From bytes to operations and back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Switchboard()
        self.limits = Limits()
        self.operations: list[Operation] = []
        self.requests: list[Exchange] = []

    def door(self, server: web.Server) -> "Door":
        """What a new connection comes in by."""
        return Door(self, server)

    def handler(self, operation: Operation) -> Callable[[web.Request], Any]:
        """For the router."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._exchange(operation, request)

        return handle

    async def _exchange(self, operation: Operation, request: web.Request) -> web.StreamResponse:
        if self.faults.peek_tear(operation.name, Tear.HEADERS):
            return _cut(request)
        if self.faults.peek_tear(operation.name, Tear.BODY):
            await request.content.read((request.content_length or 0) // 2)
            return _cut(request)
        call = await _decoded(operation.name, request)
        record = Exchange(
            self.world.now(), operation.name, operation.method, operation.path, call.params, call.query, call.body,
            call.files,
        )  # fmt: skip
        self.requests.append(record)
        fault = self.faults.take(operation.name, call.flat()) or self.limits.check(call, self.world.now())
        record.fault = fault
        done = fault is None or fault.applied or (fault.tear is not None and fault.tear.applied)
        answer = self._done(operation, call) if done else Answer()
        headers = self.limits.headers(call, self.world.now())
        if fault is not None:
            return await self._failed(request, fault, answer, headers, record)
        return self._answered(record, answer, headers)

    def _done(self, operation: Operation, call: Call) -> Answer:
        if not operation.path.startswith(BY_TOKEN) and call.authorization != f"Bot {self.world.token}":
            return Answer(401, {"message": "401: Unauthorized", "code": 0})
        try:
            return operation.do(call)
        except RefusedError as refusal:
            return Answer(refusal.status, refusal.body)

    def _answered(self, record: Exchange, answer: Answer, headers: Mapping[str, str]) -> web.Response:
        record.status, record.answer = answer.status, answer.body
        self.world.changed()
        if answer.status == 204:
            return web.Response(status=204, headers=headers)
        encoded, kind = answer.encoded(), answer.content_type
        return web.Response(status=answer.status, body=encoded, content_type=kind, headers=headers)

    async def _failed(
        self, request: web.Request, fault: Fault, answer: Answer, headers: Mapping[str, str], record: Exchange
    ) -> web.StreamResponse:
        self.world.changed()
        if fault.tear is not None:
            return _torn(request, fault.tear, answer, headers)
        if fault.hang:
            await asyncio.sleep(fault.hang)
            return self._answered(record, answer, headers) if fault.applied else _cut(request)
        given = dict(fault.headers)
        if fault.status == 429 and not given:
            given = dict(too_many(fault.method, float(str(fault.body.get("retry_after", 0.2)))).headers)
        body = dict(fault.body) or {"message": f"{fault.status}: made to fail", "code": 0}
        if fault.status == 429:
            body = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False} | body
        return self._answered(record, Answer(fault.status, body), {**headers, **given} if given else headers)


class Door(RequestHandler):
    """A connection that may be cut before anything of a request is read."""

    def __init__(self, wire: Wire, server: web.Server) -> None:
        super().__init__(server, loop=asyncio.get_running_loop(), **server._kwargs)
        self._wire = wire
        self._shut = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, or cut it at once when the fault suits any request."""
        if self._wire.faults.peek_tear("*", Tear.ACCEPT):
            self._shut = True
            return _reset(transport)
        return super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nothing to undo when it never came in."""
        if not self._shut:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Cut it where a named operation is to fail so, which only its first line tells."""
        line = FIRST_LINE.match(data)
        if line and self.transport is not None:
            method, path = line[1].decode(), line[2].decode().removeprefix(PREFIX)
            for operation in self._wire.operations:
                if operation.suits(method, path) and self._wire.faults.peek_tear(operation.name, Tear.ACCEPT):
                    return _reset(self.transport)
        return super().data_received(data)


async def _decoded(name: str, request: web.Request) -> Call:
    call = Call(name, dict(request.match_info), dict(request.query))
    call.authorization = request.headers.get("Authorization", "")
    if request.content_type == "multipart/form-data":
        _take_form(call, await request.post())
    elif raw := await request.read():
        call.body = json.loads(raw)
    return call


def _take_form(call: Call, form: "MultiDictProxy[Any]") -> None:
    for name, value in form.items():
        if isinstance(value, web.FileField):
            call.files[name] = (value.filename, value.file.read(), value.content_type)
        elif name == "payload_json":
            call.body = json.loads(value)


def _torn(request: web.Request, tear: Tear, answer: Answer, headers: Mapping[str, str]) -> web.StreamResponse:
    body = answer.encoded()
    status = b"HTTP/1.1 %d OK\r\n" % answer.status
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    ended = "\r\n" if body else ""  # an answer without a body would be whole with its headers
    whole = f"Content-Type: {answer.content_type}\r\nContent-Length: {len(body)}\r\n{lines}{ended}".encode()
    sent = {
        Tear.STATUS: status,
        Tear.ANSWER_HEADERS: status + whole,
        Tear.ANSWER_BODY: status + whole + body[: len(body) // 2],
    }
    if request.transport is not None and tear in sent:
        request.transport.write(sent[tear])
        request.transport.abort()
        return web.Response()
    return _cut(request)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        _reset(request.transport)
    return web.Response()  # to nobody


def _reset(transport: asyncio.BaseTransport) -> None:
    """Close with RST, as a machine does that went away."""
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(transport, asyncio.Transport):
        transport.abort()
