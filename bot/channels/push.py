"""Wakes browsers by Web Push: an empty request to each push service, and what its answer says of the browser."""

import asyncio
import contextlib
import email.utils
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

import httpx

from bot.application import waking
from bot.application.services import Services
from bot.application.threads import in_thread, writing
from bot.channels import push_key, push_place
from bot.channels.push_key import PushKey
from bot.channels.push_place import Place, UnsafePlace
from bot.logs import get_logger
from storage import pushes
from storage.attempts import MAX_ATTEMPTS, Outcome
from storage.outbox import OutboxRow, State
from storage.people import PUSH
from storage.pushes import Subscription
from storage.unit_of_work import UnitOfWork

PATIENCE = 10.0  # seconds for one signal, from looking the name up to the answer
TICKET = timedelta(hours=12)  # how long an authorization lasts; push services take a day at most
TOPIC = "signe"  # what waits for one browser under it collapses into one
TOO_OFTEN = 5  # signals in a row that were refused: then the browser is forgotten
REMEMBERED = 1_000  # rows whose first part passed, before the oldest are dropped
GONE = frozenset({404, 410})
LATER = frozenset({408, 425, 429})
SERVER_TROUBLE = 500
log = get_logger(__name__)


class Fate(Enum):
    """What became of one signal."""

    PASSED = auto()
    GONE = auto()  # the browser took its permission back, or is no more
    LATER = auto()  # not now
    LOST = auto()  # no answer: it may have passed
    REFUSED = auto()  # for good, this time


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one signal; `again`: when the push service wants to be asked again."""

    fate: Fate
    reason: str = ""
    again: datetime | None = None


Resolve = Callable[[Place], Awaitable[list[str]]]


class Push:
    """The channel of empty signals. A row is for a person; it goes to each of their browsers."""

    name = PUSH

    def __init__(
        self,
        services: Services,
        key: PushKey,
        verify: ssl.SSLContext | bool = True,  # noqa: FBT001, FBT002 -- as httpx takes it
        resolve: Resolve = push_place.resolve,
    ) -> None:
        """`verify`: the certificates believed, other than those of everybody."""
        self._services, self._key, self._resolve = services, key, resolve
        self._verify = httpx.create_ssl_context(verify=verify)
        self._passed: dict[int, set[str]] = {}  # row -> browsers that need no second signal

    async def send(self, row: OutboxRow, address: str) -> Outcome:  # noqa: ARG002 -- a row's browsers are looked up
        """Wake every browser of the row's person that was not woken yet."""
        passed = self._passed.get(row.id, set())
        found = await in_thread(self._services, lambda: waking.browsers(self._services, row))
        waiting = [one for one in found if one.id not in passed]
        told = await asyncio.gather(*(self._signal(one, row) for one in waiting))
        told_of = dict(zip(waiting, told, strict=True))
        last = row.attempts + 1 >= MAX_ATTEMPTS
        outcome = _outcome(told, any_passed=bool(passed))
        self._note(row, outcome, {one.id for one, what in told_of.items() if what.fate is Fate.PASSED})
        await writing(self._services, lambda uow: _remember(uow, told_of, last=last))
        return outcome

    def _note(self, row: OutboxRow, outcome: Outcome, passed: set[str]) -> None:
        """Whom a second attempt leaves alone; a restart forgets it, and then a signal replaces the one before."""
        if outcome.state is not State.RETRY:
            self._passed.pop(row.id, None)
            return
        self._passed.setdefault(row.id, set()).update(passed)
        while len(self._passed) > REMEMBERED:
            del self._passed[next(iter(self._passed))]

    # ------------------------------------------------------------ one browser

    async def _signal(self, browser: Subscription, row: OutboxRow) -> Told:
        place = push_place.find(browser.endpoint, self._services.settings.push_hosts)
        if place is None:
            return Told(Fate.REFUSED, "not a listed push service")
        try:
            async with asyncio.timeout(PATIENCE):
                told = await self._post(place, self._headers(place, row))
        except UnsafePlace as error:
            told = Told(Fate.REFUSED, f"unsafe: {error}")
        except OSError as error:  # TimeoutError too
            told = Told(Fate.LOST, type(error).__name__)
        except httpx.HTTPError as error:
            told = Told(Fate.LOST, type(error).__name__)
        if told.fate is Fate.REFUSED:
            log.warning("push_refused", host=place.host, why=told.reason)
        return told

    def _headers(self, place: Place, row: OutboxRow) -> dict[str, str]:
        services = self._services
        left = row.expires_at - services.now() if row.expires_at is not None else timedelta()
        real = (
            services.now() - services.clock.ahead
        )  # the clock of the push services, also in the demonstration
        contact = push_key.contact(services.settings)
        return {
            "Authorization": self._key.authorization(place.audience, contact, real + TICKET),
            "TTL": str(max(0, int(left.total_seconds()))),
            "Urgency": "normal",
            "Topic": TOPIC,
            "Content-Length": "0",
            "Host": place.url.netloc.decode("ascii"),
            "User-Agent": "boussole",
        }

    async def _post(self, place: Place, headers: Mapping[str, str]) -> Told:
        """The first address that lets itself be reached decides. The answer's body is never read."""
        failed: httpx.ConnectError | None = None
        for ip in await self._resolve(place):
            # one connection a signal: none that was opened for another name is ever used again
            limits = httpx.Limits(max_keepalive_connections=0)
            async with httpx.AsyncClient(
                verify=self._verify, trust_env=False, timeout=PATIENCE, limits=limits, headers={}
            ) as client:
                request = client.build_request("POST", place.url.copy_with(host=ip), headers=headers)
                request.extensions["sni_hostname"] = place.host
                for unneeded in ("accept", "accept-encoding", "connection"):
                    request.headers.pop(unneeded, None)
                try:
                    answer = await client.send(request, stream=True)
                except httpx.ConnectError as error:
                    failed = error
                    continue
                with contextlib.suppress(httpx.HTTPError):
                    await answer.aclose()
                return _told(answer, self._services.now())
        raise failed or UnsafePlace("no address")


def _told(answer: httpx.Response, now: datetime) -> Told:
    status, again = answer.status_code, _again(answer.headers.get("retry-after", ""), now)
    if answer.is_success:
        return Told(Fate.PASSED)
    if status in GONE:
        return Told(Fate.GONE, f"status {status}")
    if status in LATER or status >= SERVER_TROUBLE:
        return Told(Fate.LATER, f"status {status}", again)
    return Told(Fate.REFUSED, f"status {status}")


def _again(said: str, now: datetime) -> datetime | None:
    """When `Retry-After` (seconds or a date) asks us to come back; None for nonsense and for the past."""
    if said.isdecimal() and said.isascii():
        return now + timedelta(seconds=min(int(said[:9]), 86_400)) if int(said[:9]) else None
    with contextlib.suppress(ValueError, TypeError):
        when = email.utils.parsedate_to_datetime(said)
        if when.tzinfo is not None and when > now:
            return min(when, now + timedelta(days=1))
    return None


def _remember(uow: UnitOfWork, told: Mapping[Subscription, Told], *, last: bool) -> None:
    """Forget the browsers that are gone and those that were refused too often; count the others."""
    for browser, what in told.items():
        counted = what.fate is Fate.REFUSED or (last and what.fate in (Fate.LATER, Fate.LOST))
        if what.fate is Fate.GONE or (counted and browser.failures + 1 >= TOO_OFTEN):
            pushes.forget(uow, browser.endpoint)
        elif counted:
            pushes.failed(uow, browser.endpoint, browser.failures + 1)
        elif what.fate is Fate.PASSED and browser.failures:
            pushes.failed(uow, browser.endpoint, 0)


def _outcome(told: Sequence[Told], *, any_passed: bool) -> Outcome:
    """One fate for the row: again while a browser waits, else sent if one was woken or none was left to wake."""
    waiting = [one for one in told if one.fate in (Fate.LATER, Fate.LOST)]
    if waiting:
        again = max((one.again for one in waiting if one.again is not None), default=None)
        slowed = all(one.reason == "status 429" for one in waiting)  # we were too fast: that burns no attempt
        return Outcome(State.RETRY, waiting[0].reason, again, counts=not slowed)
    refused = [one.reason for one in told if one.fate is Fate.REFUSED]
    if refused and not any_passed and not any(one.fate is Fate.PASSED for one in told):
        return Outcome(State.FAILED, refused[0])
    return Outcome(State.SENT, "" if told else "nobody to wake")
