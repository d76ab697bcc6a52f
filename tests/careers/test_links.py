"""Links against a server on this machine that does all that servers do."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from careers.sources import links
from careers.sources.links import Outcome

ANSWERS: dict[str, tuple[int, dict[str, str]]] = {
    "moved": (301, {"Location": "/new/page"}),
    "see-other": (303, {"Location": "/new/page"}),
    "to-home": (302, {"Location": "/"}),
    "to-gone": (301, {"Location": "/404"}),
    "circle": (302, {"Location": "/circle"}),
    "bad-place": (302, {"Location": "http://[bad"}),
    "busy-always": (429, {"Retry-After": "999999"}),
    "endless": (200, {"Content-Length": str(10**12)}),
}
ONLY_HEAD = {"no-head": 405, "head-lies": 404}


class Pages(BaseHTTPRequestHandler):
    """Answers by the path asked for, and remembers what was asked."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]]

    def _answer(self) -> None:
        self.asked.append((self.command, self.path))
        name = self.path.strip("/")
        if name == "silent":
            self.close_connection = True
            self.connection.close()
            return
        if name == "slow":
            self.server.hold.wait(5)  # type: ignore[attr-defined]
        status, headers = ANSWERS.get(name, (int(name) if name.isdecimal() else 200, {}))
        if self.command == "HEAD":
            status = ONLY_HEAD.get(name, status)
        if name == "busy" and self.asked.count((self.command, self.path)) == 1:
            status, headers = 429, {"Retry-After": "7"}
        self.send_response(status)
        for header, value in {"Content-Length": "0", **headers}.items():
            self.send_header(header, value)
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 -- names of http.server

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    handler = type("Handler", (Pages,), {"asked": asked})
    made = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    made.hold = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}", asked
    made.hold.set()  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()
    thread.join()


class Watch:
    """A clock that only sleep moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def look(urls: list[str], watch: Watch | None = None, pause: float = 1.0) -> dict[str, Outcome]:
    watch = watch or Watch()
    with httpx.Client(timeout=0.5, trust_env=False) as client:
        return {one.url: one for one in links.check(urls, client, watch.sleep, watch, pause)}


@pytest.mark.parametrize(
    ("path", "state", "status"),
    [
        ("/page", "fine", 200),
        ("/no-head", "fine", 200),
        ("/head-lies", "fine", 200),
        ("/endless", "fine", 200),
        ("/busy", "fine", 200),
        ("/404", "gone", 404),
        ("/410", "gone", 410),
        ("/to-gone", "gone", 404),
        ("/403", "refused", 403),
        ("/busy-always", "refused", 429),
        ("/500", "broken", 500),
        ("/503", "broken", 503),
        ("/circle", "broken", 302),
        ("/moved", "moved", 200),
        ("/see-other", "moved", 200),
        ("/to-home", "home", 200),
        ("/silent", "silent", 0),
        ("/slow", "silent", 0),
        ("/bad-place", "unreadable", 302),
    ],
)
def test_each_answer_is_told_for_what_it_is(server, path: str, state: str, status: int):
    base, _ = server
    found = look([base + path])[base + path]

    assert (found.state, found.status) == (state, status)
    assert found.dead == (state in ("gone", "broken", "home", "silent", "unreadable"))


def test_where_a_redirect_leads_is_told(server):
    base, _ = server

    assert look([f"{base}/moved"])[f"{base}/moved"].leads_to == f"{base}/new/page"
    assert look([f"{base}/page"])[f"{base}/page"].leads_to == ""


def test_head_comes_first_and_get_only_when_it_must(server):
    base, asked = server
    look([f"{base}/page", f"{base}/no-head", f"{base}/page"])

    assert asked == [("HEAD", "/page"), ("HEAD", "/no-head"), ("GET", "/no-head")]


def test_a_host_is_asked_at_most_once_in_a_pause(server):
    base, asked = server
    watch = Watch()
    look([f"{base}/{n}" for n in "abcd"], watch, pause=3.0)

    assert watch.slept == [3.0, 3.0, 3.0]
    assert len(asked) == 4


def test_a_server_that_asks_to_wait_is_obeyed_a_minute_at_most(server):
    base, asked = server
    watch = Watch()
    look([f"{base}/busy"], watch, pause=0.0)
    assert watch.slept == [7.0]

    watch = Watch()
    look([f"{base}/busy-always"], watch, pause=0.0)
    assert set(watch.slept) == {60}
    assert len([path for _, path in asked if path == "/busy-always"]) == 4  # HEAD twice, then GET twice


@pytest.mark.parametrize(
    "url", ["http://", "ftp://x.be/a", "https://exa mple.be/", "pas une adresse", "http://[::1/"]
)
def test_what_is_not_an_address_is_said(url: str):
    assert look([url])[url].state == "unreadable"


def test_a_name_that_does_not_exist_is_silence_and_others_go_on(server):
    base, _ = server
    nowhere = "http://127.0.0.1:9/page"
    found = look([nowhere, f"{base}/page"])

    assert (found[nowhere].state, found[f"{base}/page"].state) == ("silent", "fine")


def test_hosts_take_turns():
    urls = ["https://a.be/1", "https://a.be/2", "https://a.be/3", "https://b.be/1", "https://c.be/1"]

    assert links._in_turn(urls) == [
        "https://a.be/1", "https://b.be/1", "https://c.be/1", "https://a.be/2", "https://a.be/3",
    ]  # fmt: skip
