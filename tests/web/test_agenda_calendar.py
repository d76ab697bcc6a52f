"""The private calendar: an address given once, read by two parsers, cut like one that never was, cheap to read again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]  # without types of its own
from icalendar import Calendar

from bot.application import happenings, taking_part
from bot.application.rights import OPERATOR
from bot.application.services import Services
from bot.web import agenda_calendar
from bot.web.guard import Counter
from storage import feeds
from storage.database import Database
from storage.gatherings import Gathering
from storage.tables_agenda import feeds as table
from tests.bot.happening import WEDNESDAY, gathering, learners
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.web.browsing import Browser
from tests.web.coming_in import act, come_in

NOVEMBER = WEDNESDAY + timedelta(weeks=4)  # after the night on which clocks change


@pytest.fixture
def services(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path)
    yield made
    made.executor.shutdown()


@pytest.fixture(autouse=True)
def counters(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("_readings", 30), ("_guesses", 60), ("_noted", 1)):
        monkeypatch.setattr(agenda_calendar, name, Counter(most))


async def _address(browser: Browser) -> str:
    """Ask for an address on the page: its path."""
    await browser.open("/agenda")
    page = await act(browser, "/agenda/calendrier", act="give")
    link = next(one for one in page.links if one.startswith("webcal://"))
    assert "Qui a cette adresse peut lire tes rendez-vous" in page.words
    return link.removeprefix("webcal://127.0.0.1:8000")


async def _read(browser: Browser, path: str, **headers: str) -> Any:
    return await browser.client.get(path, headers=headers)


def _going(database: Database, person: str, **more: Any) -> Gathering:
    held = gathering(database, **more)
    with database.begin() as uow:
        taking_part.sign_up(uow, person, held.id)
    return held


async def test_two_parsers_read_what_somebody_takes_part_in(
    browser: Browser, services: Services, database: Database
) -> None:
    person = come_in(services, browser)
    summer, winter = (
        _going(database, person),
        _going(database, person, starts=NOVEMBER, title="Séance d'hiver"),
    )
    path = await _address(browser)
    browser.client.cookies.clear()  # calendars have none
    answer = await _read(browser, path)
    read = Calendar.from_ical(answer.content)
    assert read.errors == []
    assert [event.decoded("dtstart") for event in read.walk("VEVENT")] == [summer.starts_at, winter.starts_at]
    again = vobject.readOne(answer.text)
    assert [event.dtstart.value for event in again.vevent_list] == [summer.starts_at, winter.starts_at]
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "set-cookie" not in answer.headers


async def test_titles_are_told_only_to_who_asks_for_them(
    browser: Browser, services: Services, database: Database
) -> None:
    _going(database, come_in(services, browser), title="Lab très reconnaissable")
    path = await _address(browser)
    first = await _read(browser, path)
    assert "Rendez-vous au centre" in first.text
    assert "reconnaissable" not in first.text
    await act(browser, "/agenda/calendrier", act="titles", titles="yes")
    then = await _read(browser, path, **{"If-None-Match": first.headers["etag"]})
    assert then.status_code == 200
    assert "reconnaissable" in then.text


async def test_an_address_that_was_cut_or_replaced_is_as_unknown_as_any(
    browser: Browser, services: Services, database: Database
) -> None:
    come_in(services, browser)
    old = await _address(browser)
    new = await _address(browser)
    unknown = await _read(browser, f"/calendrier/{'x' * 43}.ics")
    cut = await _read(browser, old)
    assert (cut.status_code, cut.content) == (unknown.status_code, unknown.content)
    assert cut.status_code == 404
    assert (await _read(browser, new)).status_code == 200
    await act(browser, "/agenda/calendrier", act="cut")
    assert (await _read(browser, new)).status_code == 404
    with database.read() as uow:
        assert uow.connection.execute(table.select()).all() == []


async def test_what_did_not_change_is_not_sent_again(
    browser: Browser, services: Services, database: Database, clock: Clock
) -> None:
    person = come_in(services, browser)
    held = _going(database, person)
    path = await _address(browser)
    first = await _read(browser, path)
    tag, last = first.headers["etag"], first.headers["last-modified"]
    for known in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"autre", W/{tag}'},
        {"If-Modified-Since": last},
    ):
        same = await _read(browser, path, **known)
        assert (same.status_code, same.content) == (304, b"")
    clock.move(hours=1)
    with database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held)
    for known in ({"If-None-Match": tag}, {"If-Modified-Since": last}, {"If-Modified-Since": "hier"}):
        changed = await _read(browser, path, **known)
        assert changed.status_code == 200
        assert "STATUS:CANCELLED" in changed.text
    clock.move(hours=1)
    last = changed.headers["last-modified"]
    with database.begin() as uow:
        happenings.restore(uow, OPERATOR, held)
        taking_part.leave(uow, person, held.id)
    left = await _read(browser, path, **{"If-Modified-Since": last})
    assert left.status_code == 200
    assert "VEVENT" not in left.text


async def test_a_head_says_the_same_without_the_rest(
    browser: Browser, services: Services, database: Database
) -> None:
    _going(database, come_in(services, browser))
    path = await _address(browser)
    whole, head = await _read(browser, path), await browser.client.head(path)
    assert head.status_code == 200
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-type"] == "text/calendar; charset=utf-8"


async def test_a_reading_is_noted_once_an_hour_at_most(
    browser: Browser, services: Services, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = come_in(services, browser)
    path = await _address(browser)

    async def noted(**later: float) -> Any:
        clock.move(**later)
        monkeypatch.setattr(agenda_calendar, "_noted", Counter(1))
        await _read(browser, path)
        with database.read() as uow:
            return uow.connection.execute(table.select()).one().read_at

    first = await noted(minutes=1)
    assert first == clock.now
    assert await noted(minutes=59) == first
    assert await noted(minutes=2) == clock.now
    with database.read() as uow:
        assert feeds.since(uow, person) is not None


async def test_reading_too_often_and_guessing_are_slowed(browser: Browser, services: Services) -> None:
    come_in(services, browser)
    path = await _address(browser)
    seen = [(await _read(browser, path)).status_code for _ in range(31)]
    assert seen == [200] * 30 + [429]
    guesses = [(await _read(browser, f"/calendrier/devine{number}.ics")).status_code for number in range(61)]
    assert guesses == [404] * 60 + [429]


async def test_one_learner_s_calendar_holds_nothing_of_another(
    browser: Browser, services: Services, database: Database
) -> None:
    other = learners(database, 1)[0]
    held = _going(database, other, title="Pas à moi")
    come_in(services, browser)
    path = await _address(browser)
    assert held.id not in (await _read(browser, path)).text


async def test_whoever_is_erased_leaves_no_calendar(browser: Browser, services: Services) -> None:
    come_in(services, browser)
    path = await _address(browser)
    await browser.open("/mes-donnees")
    await act(browser, "/mes-donnees/tout-effacer", confirm="yes")
    assert (await _read(browser, path)).status_code == 404
