"""The wire of the stand-in Bot API: what a request says, and connections that are torn at a given point."""

import json
import socket
import struct
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.platforms.faults import Fault, Switchboard, Tear
from tests.platforms.telegram_messages import Upload
from tests.platforms.telegram_updates import Refused

Json = dict[str, Any]

INTEGERS = {
    "cache_time",
    "chat_id",
    "limit",
    "max_connections",
    "message_id",
    "message_thread_id",
    "offset",
    "timeout",
    "user_id",
}
BOOLEANS = {
    "allow_paid_broadcast",
    "disable_content_type_detection",
    "disable_notification",
    "drop_pending_updates",
    "has_spoiler",
    "protect_content",
    "show_alert",
    "show_caption_above_media",
}
OBJECTS = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "media",
    "menu_button",
    "reply_markup",
    "reply_parameters",
    "scope",
}


class Server(web.Server):
    """aiohttp's server, whose connections can be torn before they are read."""

    def __init__(
        self, handler: Any, faults: Switchboard, torn: Callable[[str, Fault], None], **options: Any
    ) -> None:
        super().__init__(handler, request_factory=self._request, handler_cancellation=True, **options)
        self.faults = faults
        self.torn = torn

    def __call__(self) -> web.RequestHandler:
        return Wire(self, loop=self._loop, **self._kwargs)

    def _request(self, message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        size = 64 * 2**20  # what is too big for the service is refused by the methods
        return web.BaseRequest(message, payload, protocol, writer, task, self._loop, client_max_size=size)


class Wire(web.RequestHandler):
    """One connection."""

    __slots__ = ("fresh", "owner")

    def __init__(self, server: Server, **options: Any) -> None:
        super().__init__(server, **options)
        self.owner = server
        self.fresh = True  # the next byte begins a request

    def connection_made(self, transport: Any) -> None:
        """Tear it at once, if the next request of any kind is to be torn."""
        super().connection_made(transport)
        self._tear("*")

    def data_received(self, data: bytes) -> None:
        """Tear it unread: for one kind of request, or on a connection that had been kept."""
        beginning, self.fresh = self.fresh, False
        if not (beginning and self._tear(named(data.split(b" ", 2)[1].decode()) if b" " in data else "")):
            super().data_received(data)

    def _tear(self, method: str) -> bool:
        fault = self.owner.faults.peek_tear(method, Tear.ACCEPT)
        if fault is not None:
            self.owner.torn(method, fault)
            reset(self.transport)
        return fault is not None


def named(path: str) -> str:
    """The method in a request's path; a file is a "download"."""
    parts = path.partition("?")[0].split("/")
    if len(parts) > 1 and parts[1] == "file":
        return "download"
    return parts[-1]


def token_of(path: str) -> str:
    """The token in a request's path."""
    parts = path.split("/")
    return unquote(parts[2 if parts[1] == "file" else 1]).removeprefix("bot") if len(parts) > 2 else ""


def reset(transport: Any) -> None:
    """Tear a connection: the other side is told that it is void."""
    if transport is not None and not transport.is_closing():
        linger = struct.pack("ii", 1, 0)  # closing sends RST, not FIN
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        transport.abort()


def cut_short(transport: Any, tear: Tear, status: int, body: bytes) -> None:
    """Send the beginning of an answer, and close."""
    if transport is None or transport.is_closing():
        return
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    headers = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    parts = {
        Tear.STATUS: line,
        Tear.ANSWER_HEADERS: line + headers,
        Tear.ANSWER_BODY: line + headers + body[: len(body) // 2],
    }
    transport.write(parts[tear])
    transport.abort()  # without a reset, so that what was sent arrives


async def half(request: web.BaseRequest) -> None:
    """Read about half of the request's body."""
    size = request.content_length
    if size:
        await request.content.readexactly(size // 2)
    else:
        await request.content.readany()


async def decoded(request: web.BaseRequest) -> tuple[Json, dict[str, Upload]]:
    """Parameters in their types, from the query, a form, JSON or a multipart body; and the files sent along."""
    params: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        given = json.loads(await request.read() or b"{}")
        return {**params, **given}, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file:
                files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            params[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return {name: _typed(name, value) for name, value in params.items()}, files


def _typed(name: str, value: str) -> Any:
    if name in INTEGERS and value.lstrip("-").isdecimal():
        return int(value)
    if name in BOOLEANS:
        return value.lower() in ("true", "1", "yes")
    if name in OBJECTS:
        try:
            return json.loads(value)
        except ValueError as fault:
            words = f"Bad Request: can't parse {name.replace('_', ' ')} JSON object"
            raise Refused(400, words) from fault
    return value


def refusal_body(code: int, description: str, parameters: Mapping[str, int]) -> Json:
    """What the service answers when it says no."""
    body: Json = {"ok": False, "error_code": code, "description": description}
    return {**body, "parameters": dict(parameters)} if parameters else body
