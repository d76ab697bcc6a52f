"""The site as a process of its own: asked to stop with streams open, it ends them and goes."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from bot.settings import make_keys
from tests.support.server import free_port
from tests.web.browsing import Browser

STREAMS = 5
PATIENCE = 60  # seconds before the test gives up; nothing waits that long


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[subprocess.Popen[bytes], str]]:
    """A running `boussole serve` on an empty folder, and its address."""
    port = free_port()
    make_keys(tmp_path / "keys")
    given = {
        "BOUSSOLE_DATA_DIR": str(tmp_path / "var"),
        "BOUSSOLE_KEYS_FILE": str(tmp_path / "keys"),
        "BOUSSOLE_PORT": str(port),
    }
    (tmp_path / "var").mkdir()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOUSSOLE_")}  # noqa: TID251
    command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env={**inherited, **given}, stderr=subprocess.PIPE)  # noqa: ASYNC220
    address = f"http://127.0.0.1:{port}"
    try:
        await asyncio.wait_for(_ready(process, address), PATIENCE)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


async def _ready(process: subprocess.Popen[bytes], address: str) -> None:
    async with httpx.AsyncClient() as client:
        while process.poll() is None:
            try:
                if (await client.get(f"{address}/healthz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    raise AssertionError((process.stderr.read() if process.stderr else b"").decode())


async def test_streams_end_cleanly_and_the_process_goes(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = served
    browser = Browser(None, address)
    browser.client = httpx.AsyncClient(base_url=address, follow_redirects=True, timeout=PATIENCE)
    await browser.enrol()

    async with AsyncExitStack() as stack:
        stack.push_async_callback(browser.client.aclose)
        streams = [
            (await stack.enter_async_context(browser.client.stream("GET", "/chat/flux"))).aiter_text()
            for _ in range(STREAMS)
        ]
        first = [await anext(stream) for stream in streams]
        process.send_signal(signal.SIGTERM)
        for stream in streams:
            async for _part in stream:  # a stream cut off in the middle raises here
                pass

    _out, said = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert all("retry" in part for part in first)
    assert process.returncode in (0, -signal.SIGTERM)
    assert b"Traceback" not in said
    assert b"Cancel" not in said
