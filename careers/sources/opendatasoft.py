"""Reads one dataset of an Opendatasoft portal (Explore API v2.1): its fields, counts, exports line by line, pages.

The client, the clock and the sleep are the caller's. What may pass by itself (5xx, a torn connection, a quota that is
renewed within a minute) is waited for; the rest is a SourceError with its sentence.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson

from careers.sources.protocol import BadFileError, MissingFieldError, SourceError, TooBigError

PAGE = 100  # rows a request of /records may give at most
REACH = 10_000  # offset + limit may not go beyond
MOST_BYTES = 400_000_000  # of one export; twenty times what the dataset is today
MOST_LINE = 1_000_000
MOST_ANSWER = 5_000_000  # of an answer that is not an export
WAITS = (1.0, 4.0, 15.0)  # seconds before another try
LONGEST = timedelta(minutes=30)  # of one answer
PATIENCE = timedelta(seconds=90)  # a quota that is renewed later stops the reading

BRUSSELS = ZoneInfo("Europe/Brussels")
_OK, _TOO_MANY, _SERVER = 200, 429, 500
_BOM = b"\xef\xbb\xbf"
_WEB_PAGE = "une page web au lieu de données (le portail est peut-être en travaux)"


class TornError(SourceError):
    """The connection broke, or the portal was out of order, before the end: what was read is kept."""


class DownError(TornError):
    """The portal was tried again and again and does not answer."""


class RefusedError(SourceError):
    """The portal refuses this request; asking again would change nothing."""


class TooManyRequestsError(SourceError):
    """The quota is used up; `reset` is when to come back, if the portal said so."""

    def __init__(self, reset: datetime | None) -> None:
        when = f"après le {reset.astimezone(BRUSSELS):%d/%m/%Y à %H:%M}" if reset else "dans quelques heures"
        super().__init__(
            f"Quota du portail atteint : recommencez {when}. Ce qui est lu est gardé, la lecture reprendra là."
        )
        self.reset = reset


class Portal:
    """One dataset of one portal."""

    def __init__(
        self,
        base_url: str,
        dataset: str,
        client: httpx.Client,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self.address = f"{base_url.rstrip('/')}/catalog/datasets/{dataset}"
        self.host = httpx.URL(base_url).host
        self.dataset = dataset
        self.sleep = sleep
        self._client = client
        self._now = now
        self._types: dict[str, str] = {}  # of the fields, once they were looked at

    def check_fields(self, needed: tuple[str, ...]) -> None:
        """Raise MissingFieldError for the first needed field that the dataset does not have (any more)."""
        fields = self._get(self.address).get("fields")
        if not isinstance(fields, list):
            raise BadFileError(self.host, 0, f"la réponse ne décrit pas le jeu de données {self.dataset}")
        self._types = {
            str(one.get("name")): str(one.get("type")) for one in fields if isinstance(one, Mapping)
        }
        there = list(self._types)
        for name in needed:
            if name not in there:
                near = get_close_matches(name, [other for other in there if other not in needed], 1, 0.5)
                raise MissingFieldError(f"{self.host}, {self.dataset}", name, near[0] if near else "")

    def literal(self, name: str) -> Callable[[str], str]:
        """How a value of that field is written in a query."""
        if self._types.get(name) in ("int", "double"):
            return str
        return lambda value: orjson.dumps(value).decode()

    def count(self, where: str = "") -> int:
        """How many rows there are."""
        total = self._get(f"{self.address}/records", limit="0", **_given(where=where)).get("total_count")
        if not isinstance(total, int):
            raise BadFileError(self.host, 0, "la réponse ne dit pas combien de lignes il y a")
        return total

    def export(self, select: str, where: str = "", order_by: str = "") -> Iterator[bytes]:
        """The rows as lines of JSON, as they arrive. TornError when the end is missing, after the rows before it."""
        params = _given(select=select, where=where, order_by=order_by)
        with self._opened(f"{self.address}/exports/jsonl", params) as answer:
            yield from self._lines(answer)

    def pages(self, select: str, where: str = "", order_by: str = "") -> Iterator[bytes]:
        """The first ten thousand rows as lines of JSON, a page a request: for where exports are refused."""
        params = _given(select=select, where=where, order_by=order_by)
        for offset in range(0, REACH, PAGE):
            rows = self._get(
                f"{self.address}/records", limit=str(PAGE), offset=str(offset), **params
            ).get("results")  # fmt: skip
            if not isinstance(rows, list):
                raise BadFileError(self.host, 0, "la réponse ne contient pas de lignes")
            yield from map(orjson.dumps, rows)
            if len(rows) < PAGE:
                return

    # ------------------------------------------------------------ requests

    def _get(self, url: str, **params: str) -> Mapping[str, Any]:
        for wait in (*WAITS, None):
            try:
                with self._opened(url, params) as answer:
                    found = self._json(answer)
            except DownError:
                raise
            except TornError:
                if wait is None:
                    raise
                self.sleep(wait)
            else:
                return found
        raise AssertionError  # pragma: no cover -- the last round returns or raises

    def _json(self, answer: httpx.Response) -> Mapping[str, Any]:
        try:
            found = orjson.loads(self._body(answer))
        except orjson.JSONDecodeError as error:
            raise BadFileError(self.host, error.lineno, "ce n’est pas du JSON") from error
        if not isinstance(found, Mapping):
            raise BadFileError(self.host, 0, "la réponse n’a pas la forme attendue")
        return found

    @contextmanager
    def _opened(self, url: str, params: Mapping[str, str]) -> Iterator[httpx.Response]:
        """An answer whose body is still to be read. Only its beginning is waited for; see `_get` for its end."""
        waits = iter(WAITS)
        while True:
            try:
                with self._client.stream("GET", url, params=params) as answer:
                    trouble = self._trouble(answer)
                    if trouble is None:
                        yield answer
                        return
            except httpx.TransportError as error:
                trouble = DownError(f"{self.host} ne répond pas comme prévu ({type(error).__name__}).")
                trouble.__cause__ = error
            except httpx.HTTPError as error:
                raise SourceError(f"{self.host} : {type(error).__name__}.") from error
            self._wait(trouble, waits)

    def _wait(self, trouble: SourceError, waits: Iterator[float]) -> None:
        passes = isinstance(trouble, DownError)
        if isinstance(trouble, TooManyRequestsError):
            passes = trouble.reset is not None and trouble.reset - self._now() <= PATIENCE
        wait = next(waits, None) if passes else None
        if wait is None:
            raise trouble
        if isinstance(trouble, TooManyRequestsError) and trouble.reset:
            wait = max(wait, (trouble.reset - self._now()).total_seconds() + 1)  # clocks differ a little
        self.sleep(wait)

    def _trouble(self, answer: httpx.Response) -> SourceError | None:
        if answer.status_code == _OK:
            if "html" in answer.headers.get("content-type", ""):
                raise BadFileError(self.host, 1, _WEB_PAGE)
            return None
        body = self._said(answer)
        if answer.status_code == _TOO_MANY:
            return TooManyRequestsError(self._reset(body, answer))
        said = body.get("message") or body.get("error") or ""
        code = body.get("error_code") or body.get("errorcode") or ""
        if answer.is_redirect:
            said = f"et envoie vers {answer.headers.get('location', '?')} : corrigez BOUSSOLE_FOREM_URL"
        told = " ".join(f"{self.host} a répondu {answer.status_code} {code} {said}".split())[:300] + "."
        return DownError(told) if answer.status_code >= _SERVER else RefusedError(told)

    def _said(self, answer: httpx.Response) -> Mapping[str, Any]:
        try:
            found = orjson.loads(self._body(answer))
        except (SourceError, orjson.JSONDecodeError):
            return {}
        return found if isinstance(found, Mapping) else {}

    def _reset(self, body: Mapping[str, Any], answer: httpx.Response) -> datetime | None:
        try:
            moment = datetime.fromisoformat(str(body.get("reset_time")))
        except ValueError:
            seconds = answer.headers.get("retry-after", "")
            return self._now() + timedelta(seconds=int(seconds)) if seconds.isdecimal() else None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    # ------------------------------------------------------------ bodies

    def _body(self, answer: httpx.Response) -> bytes:
        whole = bytearray()
        for block in self._blocks(answer):
            whole += block
            if len(whole) > MOST_ANSWER:
                raise TooBigError(f"{self.host} : une réponse de plus de {MOST_ANSWER // 1_000_000} Mo.")
        return bytes(whole)

    def _blocks(self, answer: httpx.Response) -> Iterator[bytes]:
        last = self._now() + LONGEST
        try:
            for block in answer.iter_bytes():
                if self._now() > last:
                    raise DownError(f"{self.host} est trop lent. Ce qui est lu est gardé : recommencez.")
                yield block
        except httpx.DecodingError as error:
            raise BadFileError(self.host, 0, "données comprimées illisibles") from error
        except httpx.TransportError as error:
            raise TornError(f"{self.host} a coupé la connexion ({type(error).__name__}).") from error

    def _lines(self, answer: httpx.Response) -> Iterator[bytes]:
        rest, total, number = b"", 0, 0
        for block in self._blocks(answer):
            total += len(block)
            if total > MOST_BYTES:
                raise TooBigError(
                    f"{self.host} : un export de plus de {MOST_BYTES // 1_000_000} Mo, arrêté là."
                )
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                number += 1
                if said := self._line(line, number):
                    yield said
            if len(rest) > MOST_LINE:
                raise BadFileError(self.host, number + 1, "une ligne de plus d’un mégaoctet")
        if said := self._line(rest, number + 1):
            yield self._last(said)

    def _line(self, line: bytes, number: int) -> bytes:
        said = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
        if said.startswith((b"<!", b"<h", b"<H", b"<?")):
            raise BadFileError(self.host, number, _WEB_PAGE)
        return said

    def _last(self, line: bytes) -> bytes:
        """The line that no line feed ends: half a row means half a download."""
        try:
            orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise TornError(f"{self.host} : le téléchargement s’arrête au milieu d’une ligne.") from error
        return line


def _given(**params: str) -> dict[str, str]:
    return {name: value for name, value in params.items() if value}
