"""What stands at the door of the site: security headers, posts from elsewhere, floods."""

import ipaddress
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Address, Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # As silent as "no-referrer" towards others; but that one makes a form's own Origin "null" where Sec-Fetch-Site is unknown.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000"
MAX_BODY = 6 * 1024 * 1024  # bytes: a picture of 5 MB and its form
DOOR = 1_200  # requests a minute from one address (a whole class sits behind one) before the door closes for a moment
MINUTE = 60.0
SAFE = ("GET", "HEAD", "OPTIONS")


def origin_of(client: Address | None) -> str:
    """Where a request comes from, as tries are counted: a household has a whole /64 of IPv6, and so is one place."""
    host = client[0] if client else "?"
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((ip, 64), strict=False))


class Counter:
    """How many times something happened in the last minute, by key, in memory; old keys go by themselves."""

    def __init__(
        self, limit: int, clock: Callable[[], float] = time.monotonic, most_keys: int = 10_000
    ) -> None:
        self._limit = limit
        self._clock = clock
        self._most = most_keys
        self._times: dict[str, deque[float]] = {}

    def allow(self, key: str) -> bool:
        """Count one; False once there were more than the limit in a minute."""
        now = self._clock()
        if len(self._times) >= self._most:
            self._times = {k: t for k, t in self._times.items() if t and now - t[-1] < MINUTE}
        times = self._times.setdefault(key, deque())
        while times and now - times[0] >= MINUTE:
            times.popleft()
        if len(times) >= self._limit:
            return False
        times.append(now)
        return True


def from_elsewhere(headers: Headers, host: str) -> bool:
    """Whether a post comes from another site. Old browsers that say neither are believed: the form's token decides."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != host


class Guard:
    """ASGI middleware: adds the headers, refuses foreign posts, oversized bodies and floods before anything is read."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Scope, int], ASGIApp], *, secure: bool) -> None:
        self._app = app
        self._refuse = refuse
        self._secure = secure
        self._door = Counter(DOOR)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look, then let through or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = self._status(scope)
        app = self._app if status is None else self._refuse(scope, status)
        await app(scope, receive, self._with_headers(scope, send))

    def _status(self, scope: Scope) -> int | None:
        headers = Headers(scope=scope)
        client = scope.get("client")
        place = origin_of(Address(*client) if client else None)
        if not scope["path"].startswith("/static/") and not self._door.allow(place):
            return 429
        if scope["method"] not in SAFE:
            if from_elsewhere(headers, headers.get("host", "")):
                return 403
            length = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
            if not length.isdigit() or int(length) > MAX_BODY:
                return 413
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        static = scope["path"].startswith("/static/")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._secure:
                    headers.setdefault("Strict-Transport-Security", HSTS)
                headers.setdefault(
                    "Cache-Control", "public, max-age=31536000, immutable" if static else "no-store"
                )
            await send(message)

        return sending
