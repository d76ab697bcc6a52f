"""The stream of a conversation: what is new, resumed from the last number, and its clean end."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from starlette.applications import Starlette

from bot.application import turns
from bot.application.messages import Incoming, Text
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.web import stream
from storage import conversations
from storage.tables import sessions
from tests.web.browsing import Browser

PATIENCE = 5  # seconds before a test gives up; nothing waits that long


class Listener:
    """One open stream, read event by event straight from the application."""

    def __init__(self, app: Starlette, cookie: str, last: str = "", query: str = "") -> None:
        self._sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._text = ""
        headers = [(b"cookie", f"boussole={cookie}".encode())]
        if last:
            headers.append((b"last-event-id", last.encode()))
        scope = {
            "type": "http", "method": "GET", "path": "/chat/flux", "raw_path": b"/chat/flux", "query_string": query.encode(),
            "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000), "scheme": "http",
            "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0", "spec_version": "2.3"},
        }  # fmt: skip
        self.task = asyncio.ensure_future(app(scope, self._receive, self._sent.put))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def start(self) -> int:
        """The status of the answer."""
        return int((await self._next())["status"])

    async def _next(self) -> MutableMapping[str, Any]:
        return await asyncio.wait_for(self._sent.get(), PATIENCE)

    async def event(self) -> dict[str, Any]:
        """The next event of news: its id as `id`, and its data."""
        while True:
            while "\n\n" in self._text:
                block, self._text = self._text.split("\n\n", 1)
                lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
                if lines.get("event") == "vue":
                    return {"id": int(lines["id"]), **json.loads(lines["data"])}
            self._text += (await self._next()).get("body", b"").decode()

    async def ended(self) -> bool:
        """Whether the stream ends by itself."""
        await asyncio.wait_for(self.task, PATIENCE)
        return True

    async def leave(self) -> None:
        """Close the lid."""
        self._gone.set()
        await asyncio.wait_for(self.task, PATIENCE)


def person_of(services: Services) -> str:
    with services.database.read() as uow:
        return str(uow.connection.execute(sessions.select()).one().person_id)


def numbers(services: Services, person: str, after: int) -> list[int]:
    with services.database.read() as uow:
        return [one.seq for one in conversations.messages_after(uow, person, after, 200)]


async def say(services: Services, text: str) -> str:
    """The person says something elsewhere (another tab)."""
    person = person_of(services)
    await in_thread(
        services, lambda: turns.handle(services, Incoming("web", person, f"autre-{text}", Text(text)))
    )
    return person


async def test_what_happens_elsewhere_comes_by_itself(
    browser: Browser, app: Starlette, services: Services
) -> None:
    await browser.enrol()
    seen = browser.page.chat.fields["seq"]
    listener = Listener(app, browser.cookie or "", query=f"apres={seen}")
    assert await listener.start() == 200

    await say(services, "Mes cartes finies")
    news = await listener.event()

    assert news["id"] == news["seq"] > int(seen)
    assert "Mes cartes finies" in news["html"]
    assert "Le robot" in news["screen"]
    await listener.leave()


async def test_a_stream_goes_on_exactly_after_the_last_number(
    browser: Browser, app: Starlette, services: Services
) -> None:
    await browser.enrol()
    seen = int(browser.page.chat.fields["seq"])
    person = await say(services, "Mes cartes finies")
    await say(services, "Moi, avec de l'aide")
    missed = numbers(services, person, seen)

    listener = Listener(app, browser.cookie or "", last=str(missed[1]), query="apres=0")
    await listener.start()
    news = await listener.event()

    shown = [int(part.split('"')[0]) for part in news["html"].split('data-seq="')[1:]]
    assert shown == missed[2:]
    await listener.leave()


@pytest.mark.parametrize("last", ["x", "-5", "9" * 30, "1; drop"])
async def test_a_number_that_is_none_begins_at_the_beginning(
    browser: Browser, app: Starlette, last: str
) -> None:
    await browser.enrol()
    listener = Listener(app, browser.cookie or "", last=last)
    await listener.start()

    assert 'data-seq="1"' in (await listener.event())["html"]
    await listener.leave()


async def test_a_browser_that_is_not_known_is_told_not_to_try_again(app: Starlette) -> None:
    listener = Listener(app, "inconnu")

    assert await listener.start() == 204


async def test_a_session_that_ends_closes_its_streams(
    browser: Browser, app: Starlette, services: Services
) -> None:
    await browser.enrol()
    person = person_of(services)
    listener = Listener(app, browser.cookie or "")
    await listener.start()
    await listener.event()

    await browser.post("/quitter", {})
    services.bus.publish(person)

    assert await listener.ended()


async def test_the_site_that_closes_ends_its_streams_at_once(browser: Browser, app: Starlette) -> None:
    await browser.enrol()
    listener = Listener(app, browser.cookie or "")
    await listener.start()
    await listener.event()

    app.state.closing.set()

    assert await listener.ended()


async def test_a_lid_that_closes_leaves_nobody_behind(
    browser: Browser, app: Starlette, services: Services
) -> None:
    await browser.enrol()
    listener = Listener(app, browser.cookie or "")
    await listener.start()
    await listener.event()
    assert services.bus.followed()

    await listener.leave()

    assert not services.bus.followed()


async def test_signs_of_life_are_sent_when_nothing_happens(
    browser: Browser, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    await browser.enrol()
    listener = Listener(app, browser.cookie or "")
    await listener.start()
    await listener.event()

    signs = [(await listener._next()).get("body", b"").decode() for _ in range(3)]

    assert all("encore là" in sign for sign in signs)
    await listener.leave()
