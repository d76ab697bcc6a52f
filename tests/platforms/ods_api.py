"""A stand-in for the Explore API v2.1 of an Opendatasoft portal, with one dataset: its answers, limits and troubles."""

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

import orjson
from aiohttp import web

from tests.platforms import ods_where
from tests.platforms.ods_formats import LINES
from tests.platforms.ods_offers import FIELDS
from tests.platforms.ods_trouble import OdsError, Trouble, invalid, too_many
from tests.platforms.ods_where import OdsqlError
from tests.platforms.ods_words import Row, listed
from tests.platforms.threads import served

DATASET = "offres-d-emploi-forem"
BASE = "/api/explore/v2.1"
REACH = 10_000
BLOCK = 200  # rows written at once
HTML = "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body>Le portail revient.</body></html>"


class OdsApi:
    """The server. `url` is what a client takes for the base of the API; `rows` may change at any time."""

    def __init__(
        self,
        rows: list[dict[str, Any]],
        *,
        port: int = 0,
        now: Callable[[], datetime] = lambda: datetime(2026, 11, 24, 12, tzinfo=UTC),
    ) -> None:
        self.rows = rows
        self.types = dict(FIELDS)
        self.port = port
        self.now = now
        self.trouble = Trouble()
        self.asked: list[tuple[str, dict[str, str]]] = []  # path after the dataset, and parameters
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        self.routes(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def routes(self, app: web.Application) -> None:
        """The addresses that it answers."""
        app.router.add_get(f"{BASE}/catalog/datasets/{{dataset}}", self._serve)
        app.router.add_get(f"{BASE}/catalog/datasets/{{dataset}}/{{what:.+}}", self._serve)

    # ------------------------------------------------------------ answers

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        what = request.match_info.get("what", "")
        self.asked.append((what, dict(request.query)))
        await asyncio.sleep(self.trouble.slow)
        try:
            self._refuse(request.match_info["dataset"], what)
            if self.trouble.moved:
                return web.Response(status=302, headers={"Location": self.trouble.moved})
            if self.trouble.html:
                return web.Response(text=HTML, content_type="text/html")
            if what.startswith("exports/"):
                return await self._export(request, what.removeprefix("exports/"))
            body = self._body(what, request)
        except OdsqlError as error:
            return _json({"error_code": "ODSQLError", "message": str(error)}, 400)
        except OdsError as error:
            return _json(error.body, error.status)
        return _json(body, 200)

    def _refuse(self, dataset: str, what: str) -> None:
        trouble = self.trouble
        if trouble.statuses:
            status = trouble.statuses.pop(0)
            raise OdsError(status, {"error_code": "Error", "message": "made up"})
        if trouble.calls_left is not None:
            if trouble.reset and self.now() >= trouble.reset:
                trouble.calls_left = None
            elif trouble.calls_left <= 0:
                raise too_many(trouble.reset, self.now())
            else:
                trouble.calls_left -= 1
        if dataset != DATASET:
            raise OdsError(404, {"error_code": "ODSQLError", "message": "Unknown dataset"})
        if what.startswith("exports/") and trouble.no_exports:
            raise OdsError(403, {"error_code": "Forbidden", "message": "Exports are closed."})

    def _body(self, what: str, request: web.Request) -> dict[str, Any]:
        match what:
            case "":
                return self._dataset()
            case "records":
                return self._records(request)
            case "facets":
                return self._facets(request)
            case _:
                raise OdsError(404, {"error_code": "NotFound", "message": "Unknown path"})

    def _dataset(self) -> dict[str, Any]:
        return {
            "dataset_id": DATASET,
            "dataset_uid": "da_standin",
            "has_records": True,
            "data_visible": True,
            "features": ["geo"],
            "metas": {"default": {"title": "Offres synthétiques", "records_count": len(self.rows)}},
            "fields": [
                {
                    "name": name,
                    "label": name.capitalize(),
                    "type": kind,
                    "annotations": {},
                    "description": None,
                }
                for name, kind in self._fields().items()
            ],
            "attachments": [],
        }

    def _records(self, request: web.Request) -> dict[str, Any]:
        limit, offset = _whole(request, "limit", 10), _whole(request, "offset", 0)
        if not -1 <= limit <= 100:
            raise invalid("limit", limit, "-1 <= limit <= 100")
        limit = 100 if limit == -1 else limit
        if offset < 0 or offset + limit > REACH:
            raise invalid("offset", offset, f"0 <= offset + limit <= {REACH}")
        rows = self._found(request)
        chosen = ods_where.select(request.query.get("select", ""), self._fields())
        page = [{name: row.get(of) for of, name in chosen} for row in rows[offset : offset + limit]]
        return {"total_count": len(rows), "results": page}

    def _facets(self, request: web.Request) -> dict[str, Any]:
        rows, found = self._found(request), []
        for asked in request.query.getall("facet", ["typecontrat"]):
            named = re.match(r"facet\(name=\"(\w+)\"", asked)
            name = named[1] if named else asked
            if name not in self._fields():
                raise OdsqlError(f"Unknown field: {name}")
            counts = Counter(str(value) for row in rows for value in listed(row.get(name)))
            values = [
                {"name": value, "count": count, "state": "displayed", "value": value}
                for value, count in counts.most_common()
            ]
            found.append({"name": name, "facets": values})
        return {"links": [], "facets": found}

    # ------------------------------------------------------------ exports

    async def _export(self, request: web.Request, form: str) -> web.StreamResponse:
        if form not in ("json", "jsonl", "csv"):
            raise OdsError(
                400, {"error_code": "InvalidRESTParameterError", "message": f"Unknown format {form}"}
            )
        rows = self._found(request)
        limit = _whole(request, "limit", -1)
        rows = rows if limit < 0 else rows[:limit]
        chosen = ods_where.select(request.query.get("select", ""), self._fields())
        torn = self.trouble.torn.pop(0) if self.trouble.torn else None
        if self.trouble.half:
            rows = rows[: int(len(rows) * self.trouble.half.pop(0))]
        answer = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
        await answer.prepare(request)
        with contextlib.suppress(ConnectionResetError):  # whoever asked may have gone
            await self._write(answer, self._blocks(form, rows, chosen, request), torn, request)
        return answer

    @staticmethod
    async def _write(
        answer: web.StreamResponse,
        blocks: AsyncIterator[tuple[bytes, int]],
        torn: int | None,
        request: web.Request,
    ) -> None:
        sent = 0
        async for block, count in blocks:
            if torn is not None and sent + count > torn:
                await answer.write(block[: len(block) // 2])
                assert request.transport is not None
                request.transport.close()
                return
            await answer.write(block)
            sent += count
        await answer.write_eof()

    async def _blocks(
        self, form: str, rows: list[Row], chosen: list[tuple[str, str]], request: web.Request
    ) -> AsyncIterator[tuple[bytes, int]]:
        trouble = self.trouble
        if trouble.body is not None:
            yield trouble.body, 0
            return
        if trouble.bom or (form == "csv" and request.query.get("with_bom", "true") == "true"):
            yield b"\xef\xbb\xbf", 0
        block: list[bytes] = []
        for at, line in enumerate(LINES[form](rows, chosen, request.query), start=1):
            block.append(trouble.lines.get(at, line))
            if len(block) >= BLOCK:
                yield b"".join(block), len(block)
                block = []
                await asyncio.sleep(trouble.slow)
        yield b"".join(block), len(block)
        while trouble.endless:
            yield b'{"numerooffreforem": "x"}\n' * 10_000, 0

    # ------------------------------------------------------------ rows

    def _fields(self) -> dict[str, str]:
        renamed = self.trouble.renamed
        return {renamed.get(name, name): kind for name, kind in self.types.items()}

    def _found(self, request: web.Request) -> list[Row]:
        rows: list[Row] = list(self.rows)
        if self.trouble.renamed:
            rows = [{self.trouble.renamed.get(k, k): v for k, v in row.items()} for row in rows]
        for clause in request.query.getall("where", []):
            test = ods_where.where(clause, self._fields())
            rows = [row for row in rows if test(row)]
        for refined in request.query.getall("refine", []):
            name, _, value = refined.partition(":")
            rows = [row for row in rows if value in listed(row.get(name))]
        clause = request.query.get("order_by", "")
        if clause:
            ordered = ods_where.order_by(rows, clause, self._fields())
            rows = rows if self.trouble.unordered else ordered
        return rows


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _whole(request: web.Request, name: str, default: int) -> int:
    said = request.query.get(name, str(default))
    try:
        return int(said)
    except ValueError:
        raise invalid(name, said, "an integer") from None


@contextmanager
def portal(rows: list[dict[str, Any]], **options: Any) -> Iterator[OdsApi]:
    """The server on a thread of its own."""
    with served(OdsApi(rows, **options)) as api:
        yield api
