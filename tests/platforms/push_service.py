"""A stand-in for the push service of a browser (RFC 8030 and 8292) over HTTPS: judges each request, answers as it is told."""

import asyncio
import base64
import ipaddress
import json
import re
import ssl
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = 86_400
MOST = 4_096  # bytes of a message
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
TICKET = re.compile(r"vapid t=(?P<t>[\w-]+\.[\w-]+\.[\w-]+),\s?k=(?P<k>[\w-]+)")
URGENCIES = ("very-low", "low", "normal", "high")


@dataclass(frozen=True)
class Answer:
    """What it answers to one request."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    after: float = 0.0  # seconds


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    browser: str
    headers: dict[str, str]
    body: bytes
    claims: dict[str, Any]
    problem: str  # what a push service would refuse it for


class PushService:
    """The server. `context` believes its certificate; `browser()` makes an address as a browser would get it."""

    def __init__(self, now: Callable[[], datetime], key: str = "") -> None:
        """`key`: the public key that browsers were told, if only that one may wake them."""
        self.now, self.key = now, key
        self.received: list[Received] = []
        self.port = 0
        self.answers: defaultdict[str, list[Answer]] = defaultdict(
            list
        )  # in turn; 201 when there is none left
        self.context = ssl.create_default_context()
        self._numbers = count(1)
        self._known: set[str] = set()
        self._runner: web.AppRunner | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def browser(self, *answers: Answer) -> str:
        """The address of a new browser, whose signals are answered so."""
        name = f"navigateur-{next(self._numbers)}"
        self._known.add(name)
        self.answers[name] = list(answers)
        return f"https://{self.host}/push/{name}"

    def woken(self, endpoint: str) -> int:
        """How many good requests came for a browser."""
        return sum(not one.problem and endpoint.endswith(f"/{one.browser}") for one in self.received)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/push/{browser}", self._push)
        app.router.add_route("*", "/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        server, certificate = _certificate()
        self.context.load_verify_locations(cadata=certificate)
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=server).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _elsewhere(self, request: web.Request) -> web.Response:
        """Where a redirect would lead: nobody should come here."""
        self.received.append(Received("elsewhere", dict(request.headers), b"", {}, "followed a redirect"))
        return web.Response(status=201)

    async def _push(self, request: web.Request) -> web.Response:
        name, body = request.match_info["browser"], await request.read()
        status, problem, claims = self._judge(request, name, body)
        self.received.append(Received(name, dict(request.headers), body, claims, problem))
        if problem:
            return web.Response(status=status, text=problem)
        waiting = self.answers[name]
        answer = waiting.pop(0) if waiting else Answer()
        await asyncio.sleep(answer.after)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    def _judge(self, request: web.Request, name: str, body: bytes) -> tuple[int, str, dict[str, Any]]:
        if name not in self._known:
            return 404, "no such browser", {}
        if request.method != "POST":
            return 405, "not a POST", {}
        claims, problem = self._ticket(request.headers.get("Authorization", ""))
        if problem:
            return 403, problem, claims
        return *_shape(request.headers, body), claims

    def _ticket(self, said: str) -> tuple[dict[str, Any], str]:
        found = TICKET.fullmatch(said)
        if found is None:
            return {}, "no vapid ticket"
        head, claims, signature = found["t"].split(".")
        if self.key and found["k"] != self.key:
            return {}, "the key is not the one that the browser was told"
        if json.loads(_plain(head)) != {"typ": "JWT", "alg": "ES256"}:
            return {}, "a strange ticket"
        if not _signed(f"{head}.{claims}".encode(), _plain(signature), _plain(found["k"])):
            return {}, "the signature is wrong"
        told: dict[str, Any] = json.loads(_plain(claims))
        return told, self._claims(told)

    def _claims(self, told: dict[str, Any]) -> str:
        now = self.now().timestamp()
        if told.get("aud") != f"https://{self.host}":
            return "a ticket for somebody else"
        if not isinstance(told.get("exp"), int) or not now < told["exp"] <= now + DAY:
            return "a ticket that is over, or of more than a day"
        if not str(told.get("sub", "")).startswith(("mailto:", "https:")):
            return "nobody to turn to"
        return ""


def _shape(headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    if not headers.get("TTL", "").isdecimal():
        return 400, "no TTL"
    if not TOPIC.fullmatch(headers.get("Topic", "x")):
        return 400, "a Topic that is none"
    if headers.get("Urgency", "normal") not in URGENCIES:
        return 400, "an Urgency that is none"
    if len(body) > MOST:
        return 413, "too large"
    if body and "Content-Encoding" not in headers:
        return 400, "a content that is not encrypted"
    return 201, ""


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signed(what: bytes, signature: bytes, point: bytes) -> bool:
    """Checked without the library that made it."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), what, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return len(signature) == 64


def _certificate() -> tuple[ssl.SSLContext, str]:
    """What the server shows, and the certificate to believe (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push stand-in")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("push.example")]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # the library reads keys from files only
        file = Path(folder) / "server.pem"
        file.touch(0o600)
        file.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        context.load_cert_chain(file)
    return context, pem.decode()
