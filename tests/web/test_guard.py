"""What stands at the door: headers, posts from elsewhere, heavy bodies, floods, cookies."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import Headers

from bot.application.services import Services
from bot.web import guard, site
from bot.web.guard import Counter, from_elsewhere
from storage.database import Database
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.web.browsing import Browser

PAGES = (
    "/", "/chat", "/retour", "/retour/abc", "/aide", "/vie-privee", "/mes-donnees", "/quitte", "/pause",
    "/accord/abc", "/carte/abc", "/carte/abc.png", "/carte/abc.ics", "/image/abc", "/rejoindre/abc", "/chat/flux",
    "/healthz", "/nulle-part",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_has_the_headers_of_a_careful_site(browser: Browser, path: str) -> None:
    await browser.open(path)

    headers = browser.response.headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/", "/chat", "/retour", "/aide", "/vie-privee", "/quitte", "/pause", "/nulle-part"]
)
async def test_pages_carry_no_inline_script_or_style_and_name_no_other_host(
    browser: Browser, path: str
) -> None:
    page = await browser.open(path)

    assert " style=" not in page.html
    assert "<style" not in page.html
    assert " onclick=" not in page.html
    assert "<script>" not in page.html
    for quote in ('src="http', 'src="//', 'href="//'):
        assert quote not in page.html


async def test_static_files_may_be_kept_for_ever(browser: Browser) -> None:
    await browser.open("/static/boussole.css")

    assert browser.response.status_code == 200
    assert "immutable" in browser.response.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "http://127.0.0.1:8000"}, False),
        ({"origin": "https://elsewhere.example"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, True),
        ({"origin": "null"}, True),  # a sandboxed frame; our own forms never say it (see the referrer policy)
        ({}, False),
    ],
)
def test_a_post_from_elsewhere_is_known_by_its_headers(headers: dict[str, str], *, foreign: bool) -> None:
    assert from_elsewhere(Headers(headers), "127.0.0.1:8000") is foreign


@pytest.mark.parametrize(
    "path", ["/chat", "/retour", "/quitter", "/appareil", "/mes-donnees/tout-effacer", "/accord/abc"]
)
async def test_a_foreign_post_is_refused_before_it_is_read(browser: Browser, path: str) -> None:
    response = await browser.client.post(
        path, data={"text": "x"}, headers={"Origin": "https://elsewhere.example"}
    )

    assert response.status_code == 403
    assert "autre page" in response.text


async def test_a_form_without_the_token_of_this_browser_changes_nothing(browser: Browser) -> None:
    await browser.enrol()

    await browser.post("/mes-donnees/tout-effacer", {"confirm": "yes", "csrf": "faux"})

    assert browser.response.status_code == 403
    await browser.open("/mes-donnees")
    assert "Lou" in browser.page.html


async def test_a_heavy_body_is_refused_with_its_limit(browser: Browser) -> None:
    response = await browser.client.post(
        "/chat",
        content=b"",
        headers={"Content-Length": str(guard.MAX_BODY + 1), "Sec-Fetch-Site": "same-origin"},
    )

    assert response.status_code == 413
    assert "5 Mo" in response.text


async def test_a_heavy_body_is_refused_to_the_script_in_a_sentence(browser: Browser) -> None:
    headers = {"Content-Length": str(guard.MAX_BODY + 1), "Sec-Fetch-Site": "same-origin", "X-Boussole": "1"}
    response = await browser.client.post("/chat", content=b"", headers=headers)

    assert response.status_code == 413
    assert "5 Mo" in response.json()["notice"]


async def test_a_body_that_does_not_say_its_weight_is_refused(browser: Browser) -> None:
    async def drops() -> AsyncIterator[bytes]:
        yield b"text=bonjour"

    response = await browser.client.post("/chat", content=drops(), headers={"Sec-Fetch-Site": "same-origin"})

    assert response.status_code == 413


async def test_the_door_closes_for_a_flood_and_files_still_pass(browser: Browser) -> None:
    statuses = [(await browser.client.get("/pause")).status_code for _ in range(guard.DOOR + 1)]

    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {200}
    assert (await browser.client.get("/static/boussole.css")).status_code == 200


def test_a_counter_forgets_after_a_minute() -> None:
    now = [0.0]
    counter = Counter(2, lambda: now[0])

    assert [counter.allow("a"), counter.allow("a"), counter.allow("a"), counter.allow("b")] == [
        True,
        True,
        False,
        True,
    ]
    now[0] = 60.0
    assert counter.allow("a")


def test_a_counter_does_not_grow_without_end() -> None:
    now = [0.0]
    counter = Counter(1, lambda: now[0], most_keys=3)
    for number in range(3):
        counter.allow(str(number))
    now[0] = 61.0

    counter.allow("new")

    assert len(counter._times) == 1


async def test_the_cookie_is_closed_to_scripts_and_stays_here(browser: Browser) -> None:
    await browser.enrol()

    cookie = browser.response.headers["set-cookie"].lower()
    assert cookie.startswith("boussole=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


async def test_over_https_the_cookie_is_host_only_and_secure(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    services = services_for(sqlite_database, clock, tmp_path, base_url="https://boussole.example")
    browser = Browser(site.create(services), base="https://boussole.example")
    await browser.enrol()

    cookie = browser.response.headers["set-cookie"]
    assert cookie.startswith("__Host-boussole=")
    assert "secure" in cookie.lower()
    assert "max-age=31536000" in browser.response.headers["strict-transport-security"]
    await browser.client.aclose()
    services.executor.shutdown()


async def test_the_token_of_a_session_is_long_and_new_each_time(new_browser: Callable[[], Browser]) -> None:
    first, second = new_browser(), new_browser()
    await first.enrol()
    await second.enrol()

    assert first.cookie != second.cookie
    assert len(first.cookie or "") >= 32


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/chat/flux"])  # a stream has no end
async def test_opening_a_page_changes_nothing(browser: Browser, services: Services, path: str) -> None:
    await browser.enrol()
    before = _rows(services)

    await browser.open(path)

    assert _rows(services) == before


def _rows(services: Services) -> dict[str, int]:
    from sqlalchemy import func, select  # noqa: PLC0415 -- counting rows is a test's business

    from storage.tables import metadata  # noqa: PLC0415

    with services.database.read() as uow:
        return {
            table.name: uow.connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


async def test_unknown_and_wrong_methods_have_kind_pages(browser: Browser) -> None:
    await browser.open("/nulle-part")
    assert browser.response.status_code == 404
    assert "/chat" in "".join(browser.page.links)

    response: httpx.Response = await browser.client.get("/quitter")
    assert response.status_code == 405
