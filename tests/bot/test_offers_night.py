"""The nightly reading of job offers, and what `boussole check` says of it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import timetable
from bot.application.offers_night import Night
from bot.application.offers_state import State
from bot.application.services import Services
from bot.cli import checking_offers
from storage import leases, vacancies
from tests.platforms.ods_api import OdsApi, portal
from tests.platforms.ods_offers import Market
from tests.platforms.ods_trouble import Trouble
from tests.support.centre import services_for

NIGHT = datetime(2026, 11, 25, 3, 10, tzinfo=UTC)


@pytest.fixture
def api(clock) -> Iterator[OdsApi]:
    clock.now = NIGHT
    with portal(Market(2, date(2026, 11, 25)).offers(120), now=clock) as api:
        yield api


@pytest.fixture
def centre(sqlite_database, clock, api, tmp_path) -> Iterator[Services]:
    made = services_for(sqlite_database, clock, tmp_path, forem="odwb", forem_url=api.url)
    yield made
    made.executor.shutdown()


def kept(services: Services) -> tuple[int, State]:
    with services.database.read() as uow:
        return vacancies.count_open(uow, date(2026, 11, 25)), State.read(uow)


async def tick(services: Services) -> None:
    ticking = timetable.Timetable(services, "a")
    await ticking._work()
    if ticking._reading is not None:
        await ticking._reading


async def test_it_is_read_once_a_night(centre, api, clock):
    await tick(centre)
    calls = len(api.asked)
    clock.move(minutes=5)
    await tick(centre)

    assert kept(centre)[0] == 120
    assert len(api.asked) == calls
    clock.move(days=1)
    await tick(centre)
    assert len(api.asked) > calls


async def test_not_by_day_nor_when_it_is_off(centre, api, clock, sqlite_database, tmp_path):
    clock.now = NIGHT + timedelta(hours=4)
    await tick(centre)
    clock.now = NIGHT
    off = services_for(sqlite_database, clock, tmp_path, forem_url=api.url)
    await tick(off)
    off.executor.shutdown()

    assert not api.asked


async def test_a_failure_is_told_and_tried_again_an_hour_later_at_the_earliest(centre, api, clock):
    api.trouble = Trouble(html=True)
    await tick(centre)
    open_offers, state = kept(centre)
    assert open_offers == 0
    assert "page web" in state.why
    (said,) = [text for well, text in checking_offers.looks(state, clock.now, on=True) if "raté" in text]
    assert "page web" in said

    api.trouble = Trouble()
    calls = len(api.asked)
    clock.move(minutes=20)
    await tick(centre)
    assert len(api.asked) == calls
    clock.move(days=1)
    await tick(centre)
    assert kept(centre)[0] == 120


async def test_another_process_that_reads_is_left_alone(centre, api):
    with centre.database.begin() as uow:
        leases.hold(uow, "offers", "somebody else")
    await tick(centre)

    assert not api.asked
    assert kept(centre)[1] == State()


async def test_a_stop_ends_a_reading_and_the_next_goes_on(centre, api):
    ticking = timetable.Timetable(centre, "a")
    ticking.start()
    api.trouble.slow = 0.2
    await ticking._work()
    await asyncio.sleep(0.1)
    await asyncio.wait_for(ticking.stop(), 5)

    assert kept(centre) == (0, State())
    with centre.database.read() as uow:
        assert leases.find(uow, "offers") is None
    api.trouble.slow = 0
    Night(centre).read()
    assert kept(centre)[0] == 120


@pytest.mark.parametrize(
    ("state", "on", "well", "said"),
    [
        (State(), False, True, "coupées"),
        (State(), True, False, "jamais lues"),
        (State(last=NIGHT, open=5), True, True, "5 offres, lues le 25/11/2026 à 04:10"),
        (State(last=NIGHT - timedelta(days=4)), True, False, "dernière lecture le 21/11/2026"),
    ],
)
def test_what_a_check_says(state, on, well, said):
    ((is_well, text),) = checking_offers.looks(state, NIGHT, on=on)

    assert is_well is well
    assert said in text
