"""Serves made-up offers until it is stopped: python -m tests.platforms.ods_serve --rows 26000 --port 8765 .

`POST /turn` lets a day pass: as many offers end, the oldest, as new ones begin today.
"""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from aiohttp import web

from tests.platforms.ods_api import OdsApi
from tests.platforms.ods_offers import Market


class Turning(OdsApi):
    """A portal on which days pass."""

    def __init__(self, market: Market, rows: int, changes: int, port: int) -> None:
        super().__init__(market.offers(rows), port=port)
        self._market, self._changes = market, changes

    def routes(self, app: web.Application) -> None:
        super().routes(app)
        app.router.add_post("/turn", self._turn)

    async def _turn(self, _request: web.Request) -> web.Response:
        today = datetime.now(UTC).date()  # noqa: TID251 -- its own process, for people and figures
        fresh = [self._market.offer(today) for _ in range(self._changes)]
        self.rows = self.rows[self._changes :] + fresh
        return web.Response()


async def _forever(rows: int, changes: int, seed: int, port: int) -> None:
    today = datetime.now(UTC).date()  # noqa: TID251 -- its own process, for people and figures
    async with Turning(Market(seed, today), rows, changes, port) as api:
        sys.stdout.write(api.url + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=26_000)
    parser.add_argument("--changes", type=int, default=1_200)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    asyncio.run(_forever(given.rows, given.changes, given.seed, given.port))
