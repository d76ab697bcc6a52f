"""Do the addresses of the catalogue still answer? Asked politely, one after the other, for a person with a network."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import urljoin, urlsplit

import httpx

PAUSE = 1.0  # seconds between two requests to one host
TIMEOUT = httpx.Timeout(15, connect=10)  # seconds
AGENT = "Boussole (looks once a year whether the links of a guidance catalogue still answer)"
MOST_HOPS = 5
LONGEST_WAIT = 60  # seconds that a server may ask us to wait
_REDIRECTS = (301, 302, 303, 307, 308)
_TOO_MANY = 429
_BAD = 400

STATES = {
    "fine": "répond",
    "moved": "a changé d’adresse",
    "home": "renvoie à l’accueil du site : la page a sans doute disparu",
    "refused": "refuse les robots : à ouvrir à la main",
    "gone": "n’existe plus",
    "broken": "est en panne",
    "silent": "ne répond pas",
    "unreadable": "n’est pas une adresse",
}
DEAD = ("home", "gone", "broken", "silent", "unreadable")  # what somebody must mend


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an address: one of STATES, the last status, and where it led to."""

    url: str
    state: str
    status: int = 0
    leads_to: str = ""

    @property
    def dead(self) -> bool:
        """Whether somebody must mend it."""
        return self.state in DEAD


def check(
    urls: Iterable[str],
    client: httpx.Client,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
    pause: float = PAUSE,
) -> Iterator[Outcome]:
    """Ask every address once, hosts in turn. The client does not follow redirects; its timeouts are the caller's."""
    asker = _Asker(client, sleep, clock, pause)
    for url in _in_turn(urls):
        yield asker.outcome(url)


def _in_turn(urls: Iterable[str]) -> list[str]:
    """Each address once, so that no host is asked many times in a row."""
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        hosts.setdefault(_host(url), []).append(url)
    return [url for turn in zip_longest(*hosts.values()) for url in turn if url]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.casefold()
    except ValueError:
        return ""


class _Asker:
    """One look, at a pace that no host minds."""

    def __init__(
        self, client: httpx.Client, sleep: Callable[[float], None], clock: Callable[[], float], pause: float
    ) -> None:
        self._client, self._sleep, self._clock, self._pause = client, sleep, clock, pause
        self._asked: dict[str, float] = {}

    def outcome(self, url: str) -> Outcome:
        """Follow an address to where it ends."""
        at, status = url, 0
        try:
            for _ in range(MOST_HOPS + 1):
                status, location = self._ask(at)
                if status not in _REDIRECTS or not location:
                    return self._judged(url, at, status)
                at = urljoin(at, location)
        except httpx.TimeoutException:
            return Outcome(url, "silent", status, at if at != url else "")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
            return Outcome(url, "unreadable", status, at if at != url else "")
        except httpx.HTTPError:
            return Outcome(url, "silent", status, at if at != url else "")
        return Outcome(url, "broken", status, at)  # it turns in circles

    def _ask(self, url: str) -> tuple[int, str]:
        """HEAD, then GET when the server does not like HEAD; the body is never read."""
        answer = self._send("HEAD", url)
        if answer[0] >= _BAD:
            answer = self._send("GET", url)
        return answer

    def _send(self, method: str, url: str) -> tuple[int, str]:
        if any(sign.isspace() for sign in url):
            raise ValueError(url)
        for last in (False, True):
            self._wait(_host(url))
            with self._client.stream(method, url) as response:
                asked = response.headers.get("retry-after", "")
                if response.status_code != _TOO_MANY or last or not asked.isdecimal():
                    return response.status_code, response.headers.get("location", "")
            self._sleep(min(float(asked), LONGEST_WAIT))
        raise AssertionError  # the last round returns

    def _wait(self, host: str) -> None:
        before = self._asked.get(host)
        if before is not None and (left := before + self._pause - self._clock()) > 0:
            self._sleep(left)
        self._asked[host] = self._clock()

    @staticmethod
    def _judged(url: str, at: str, status: int) -> Outcome:
        leads_to = at if at != url else ""
        if status in (404, 410):
            return Outcome(url, "gone", status, leads_to)
        if status in (401, 403, 405, 406, _TOO_MANY, 451):
            return Outcome(url, "refused", status, leads_to)
        if status >= _BAD:
            return Outcome(url, "broken", status, leads_to)
        if not leads_to:
            return Outcome(url, "fine", status)
        deep, home = urlsplit(url).path.strip("/"), not urlsplit(at).path.strip("/")
        return Outcome(url, "home" if deep and home and not urlsplit(at).query else "moved", status, leads_to)
