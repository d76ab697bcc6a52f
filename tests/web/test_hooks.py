"""Telegram's webhook on our site, with the real library and a stand-in that delivers to it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.application.services import Services
from bot.web import hooks, site
from storage.errors import DatabaseBusy

SECRET = "a" * 32
UPDATE = {"update_id": 7, "message": {"message_id": 1, "text": "bonjour"}}


class Adapter:
    """Takes updates as the Telegram adapter does, and fails when told to."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.trouble: Exception | None = None

    async def take(self, update: dict[str, Any]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(update)


@pytest.fixture
def adapter() -> Adapter:
    return Adapter()


@pytest.fixture
async def client(services: Services, adapter: Adapter) -> AsyncIterator[httpx.AsyncClient]:
    services.settings.telegram_webhook_secret = SECRET
    app: Starlette = site.create(services)
    app.state.telegram = adapter
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as made:
        yield made


async def post(client: httpx.AsyncClient, content: bytes, secret: str = SECRET) -> int:
    answer = await client.post("/telegram", content=content, headers={hooks.SECRET: secret})
    return answer.status_code


async def test_an_update_is_taken_with_the_secret_only(client: httpx.AsyncClient, adapter: Adapter):
    content = json.dumps(UPDATE).encode()
    assert await post(client, content, "wrong") == 403
    assert (await client.post("/telegram", content=content)).status_code == 403
    assert adapter.taken == []
    assert await post(client, content) == 200
    assert adapter.taken == [UPDATE]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b'{"update_id": "7"}', b"\xff\xfe"])
async def test_what_is_no_update_is_refused(client: httpx.AsyncClient, adapter: Adapter, content: bytes):
    assert await post(client, content) == 400
    assert adapter.taken == []


async def test_more_than_a_megabyte_is_refused(client: httpx.AsyncClient, adapter: Adapter):
    large = json.dumps({**UPDATE, "padding": "x" * hooks.LARGEST}).encode()
    assert await post(client, large) == 413
    assert adapter.taken == []


async def test_what_could_not_be_kept_is_asked_for_again(client: httpx.AsyncClient, adapter: Adapter):
    adapter.trouble = DatabaseBusy("locked")
    assert await post(client, json.dumps(UPDATE).encode()) == 503


async def test_without_a_webhook_there_is_nothing_there(services: Services):
    app = site.create(services)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        assert (await client.post("/telegram", content=b"{}")).status_code == 404
