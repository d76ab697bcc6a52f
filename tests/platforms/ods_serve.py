"""Serves made-up offers until it is stopped: python -m tests.platforms.ods_serve --rows 26000 --port 8765 ."""

import argparse
import asyncio
import sys

from tests.platforms.ods_api import OdsApi
from tests.platforms.ods_offers import Market


async def _forever(rows: int, seed: int, port: int) -> None:
    async with OdsApi(Market(seed).offers(rows), port=port) as api:
        sys.stdout.write(api.url + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=26_000)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    asyncio.run(_forever(given.rows, given.seed, given.port))
