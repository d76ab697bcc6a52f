"""Reading the job offers from a stand-in of the portal: whole, in steps, through its troubles; what was good stays."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from bot.application import holders, offers
from bot.application.offers import Desk, Summary
from bot.application.offers_state import State
from careers.sources import opendatasoft
from careers.sources.forem_rows import FIELDS
from careers.sources.opendatasoft import TooManyRequestsError, TornError
from careers.sources.protocol import (
    BadFileError,
    MissingFieldError,
    ShrunkError,
    SourceError,
    TooBigError,
)
from careers.sources.sample import sample_vacancies
from storage import leases, vacancies
from storage.database import Database
from tests.platforms.ods_api import OdsApi, portal
from tests.platforms.ods_offers import Market
from tests.platforms.ods_trouble import Trouble
from tests.support.databases import Clock

DAY = date(2026, 11, 24)
ROWS = 450


class Reader:
    """Somebody who reads the offers, on a clock that moves only when they sleep."""

    def __init__(self, database: Database, clock: Clock, api: OdsApi, folder: Path) -> None:
        self.database, self.clock, self.api, self.folder = database, clock, api, folder
        self.slept: list[float] = []
        self.told: list[tuple[str, int, int]] = []

    def sync(self, told: Callable[[str, int, int], None] | None = None, **options: bool) -> Summary:
        def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            self.clock.move(seconds=seconds)

        desk = Desk(
            database=self.database,
            address=self.api.url,
            folder=self.folder,
            now=self.clock,
            sleep=sleep,
            holder=f"reader-{len(self.slept)}",
            told=told or (lambda *step: self.told.append(step)),
        )
        return offers.sync(desk, **options)

    def here(self) -> dict[str, str]:
        """Number and title of every real offer in the database."""
        with self.database.read() as uow:
            numbers = vacancies.ids(uow)
            found = {number: vacancies.get(uow, number) for number in numbers}
        return {number.removeprefix("forem-"): offer.title for number, offer in found.items() if offer}

    def there(self) -> set[str]:
        return {row["numerooffreforem"] for row in self.api.rows}

    def state(self) -> State:
        with self.database.read() as uow:
            return State.read(uow)

    def exports(self) -> list[dict[str, str]]:
        return [query for what, query in self.api.asked if what == "exports/jsonl"]


@pytest.fixture
def market() -> Market:
    return Market(seed=11, day=DAY)


@pytest.fixture
def api(market: Market, clock: Clock) -> Iterator[OdsApi]:
    clock.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    rows = [market.offer(DAY - timedelta(days=left // 30)) for left in range(ROWS - 1, -1, -1)]
    with portal(rows, now=clock) as api:
        yield api


@pytest.fixture
def reader(sqlite_database: Database, clock: Clock, api: OdsApi, tmp_path: Path) -> Reader:
    return Reader(sqlite_database, clock, api, tmp_path / "sources")


@pytest.fixture
def either(database: Database, clock: Clock, api: OdsApi, tmp_path: Path) -> Reader:
    """On each kind of database."""
    return Reader(database, clock, api, tmp_path / "sources")


def leftovers(reader: Reader) -> list[str]:
    return [path.name for path in reader.folder.iterdir()] if reader.folder.exists() else []


# ---------------------------------------------------------------- a whole reading


def test_everything_comes_once_and_in_order(either: Reader, api: OdsApi):
    reader = either
    api.rows += [dict(row) for row in api.rows[:40]]
    api.rows.append({**api.rows[0], "numerooffreforem": "1", "datefindiffusion": "2026-11-23"})
    summary = reader.sync()

    assert set(reader.here()) == reader.there() - {"1"}
    assert (summary.whole, summary.open) == (True, ROWS)
    assert (summary.report.twice, summary.report.expired) == (40, 1)
    (asked,) = reader.exports()
    assert asked["select"].split(",") == list(FIELDS)
    assert reader.told[-1][0] == "rangement"
    assert not leftovers(reader)


def test_what_an_earlier_reading_saw_and_this_one_not_goes_but_samples_stay(reader: Reader):
    with reader.database.begin() as uow:
        vacancies.put(uow, sample_vacancies(DAY), "sample")
    reader.sync()
    reader.api.rows = reader.api.rows[20:]
    summary = reader.sync(whole=True)

    assert set(reader.here()) == reader.there()
    assert summary.gone == 20
    with reader.database.read() as uow:
        assert vacancies.count(uow) == ROWS - 20 + len(sample_vacancies(DAY))


def test_numbers_instead_of_texts_and_a_mark_at_the_beginning_change_nothing(reader: Reader):
    for row in reader.api.rows[::2]:
        row["numerooffreforem"] = int(row["numerooffreforem"])
    reader.api.trouble.bom = True
    reader.sync()

    assert set(reader.here()) == {str(number) for number in reader.there()}


def test_by_pages_where_exports_are_refused(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opendatasoft, "REACH", 200)  # as ten thousand of a bigger set
    reader.api.trouble.no_exports = True
    for row in reader.api.rows[:7]:
        row["datedebutdiffusion"] = None
    summary = reader.sync()

    assert summary.report.by_pages
    assert set(reader.here()) == reader.there()
    pages = [query for what, query in reader.api.asked if what == "records" and query["limit"] != "0"]
    assert all(int(query["limit"]) + int(query.get("offset", 0)) <= 200 for query in pages)
    assert reader.sync().whole is False  # an increment by pages as well


# ---------------------------------------------------------------- increments


def test_an_increment_reads_only_what_is_new_and_drops_what_is_gone(reader: Reader, market: Market):
    reader.sync()
    reader.clock.move(days=1)
    begun = len(reader.api.asked)
    gone = {row["numerooffreforem"] for row in reader.api.rows[:30]}
    fresh = [market.offer(DAY + timedelta(days=1)) for _ in range(25)]
    reader.api.rows = reader.api.rows[30:] + fresh
    summary = reader.sync()

    assert summary.whole is False
    assert set(reader.here()) == reader.there()
    assert gone.isdisjoint(reader.here())
    wheres = [query.get("where", "") for _, query in reader.api.asked[begun:] if "select" in query]
    assert "datedebutdiffusion >= date'2026-11-24'" in wheres
    assert summary.report.staged == 55  # two days, one of them known


def test_what_changes_in_the_days_that_overlap_is_seen(reader: Reader):
    reader.sync()
    reader.api.rows[-1]["titreoffre"] = "Un autre titre"
    reader.clock.move(days=1)
    reader.sync()

    assert reader.here()[reader.api.rows[-1]["numerooffreforem"]] == "Un autre titre"


@pytest.mark.parametrize("kind", ["text", "int"])
def test_what_changes_of_an_older_offer_is_seen_too(either: Reader, market: Market, kind: str):
    reader = either
    if kind == "int":
        reader.api.types["numerooffreforem"] = "int"
        for row in reader.api.rows:
            row["numerooffreforem"] = int(row["numerooffreforem"])
    reader.api.rows[0]["datefindiffusion"] = "2026-11-25"
    reader.sync()
    reader.api.rows[0]["datefindiffusion"] = "2027-01-10"  # prolonged
    reader.api.rows[1]["titreoffre"] = "Un autre titre"
    late = market.offer(DAY - timedelta(days=20)) | {"numerooffreforem": 77}
    if kind == "text":
        late["numerooffreforem"] = "77"
    reader.api.rows.append(late)  # published days after its first day
    reader.clock.move(days=1)
    reader.api.trouble.torn = [50]
    summary = reader.sync()
    reader.clock.move(days=2)
    reader.sync()

    assert summary.whole is False
    assert set(reader.here()) == {str(number) for number in reader.there()}
    assert reader.here()[str(reader.api.rows[1]["numerooffreforem"])] == "Un autre titre"


@pytest.mark.parametrize("trouble", [Trouble(half=[0.8]), Trouble(torn=[210])])
def test_half_a_list_of_numbers_withdraws_nothing(reader: Reader, trouble: Trouble):
    reader.sync()
    reader.clock.move(days=1)
    reader.api.trouble = trouble
    summary = reader.sync()

    assert (summary.whole, summary.gone) == (False, 0)
    assert set(reader.here()) == reader.there()


@pytest.mark.parametrize("no_exports", [False, True])
def test_an_offer_that_is_over_leaves_although_it_is_still_listed(reader: Reader, no_exports: bool):  # noqa: FBT001 -- a case
    reader.api.trouble.no_exports = no_exports
    reader.api.rows[3]["datefindiffusion"] = "2026-11-25"
    reader.sync()
    reader.clock.move(days=2)
    reader.sync()

    assert reader.api.rows[3]["numerooffreforem"] not in reader.here()


@pytest.mark.parametrize("why", ["week", "portal", "many"])
def test_a_whole_reading_when_an_increment_is_not_enough(
    reader: Reader, market: Market, why: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(offers, "MOST_CHANGED", 100)
    reader.sync()
    reader.clock.move(days=1)
    if why == "week":
        reader.clock.move(days=6)
    elif why == "portal":
        with reader.database.begin() as uow:
            replace(reader.state(), host="ailleurs").write(uow)
    else:  # what was published long ago comes back all at once
        reader.api.rows += [market.offer(DAY - timedelta(days=20)) for _ in range(200)]

    assert reader.sync().whole is True
    assert {row["numerooffreforem"] for row in reader.api.rows[-3:]} <= set(reader.here())


# ---------------------------------------------------------------- troubles that pass


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_portal_that_is_out_of_order_for_a_moment(reader: Reader, status: int):
    reader.api.trouble.statuses = [status, status]
    reader.sync()

    assert set(reader.here()) == reader.there()
    assert reader.slept[:2] == [1, 4]


def test_torn_connections_go_on_from_where_they_broke(reader: Reader):
    reader.api.trouble.torn = [210, 130]
    summary = reader.sync()

    assert set(reader.here()) == reader.there()
    assert summary.report.torn == 2
    assert reader.exports()[1]["where"].startswith("(datedebutdiffusion >= date'2026-11-")
    assert summary.report.read < 2 * ROWS  # not from the beginning each time


def test_a_torn_export_without_order_is_read_again_and_loses_nothing(reader: Reader):
    reader.api.rows.reverse()
    reader.api.trouble = Trouble(unordered=True, torn=[300])
    reader.sync()

    assert set(reader.here()) == reader.there()
    assert "where" not in reader.exports()[1]


def test_rows_without_a_day_are_not_lost_when_it_goes_on(reader: Reader):
    for row in reader.api.rows[:10]:
        row["datedebutdiffusion"] = None
    reader.api.trouble.torn = [300]
    reader.sync()

    assert set(reader.here()) == reader.there()


def test_half_a_download_that_ends_politely_goes_on(reader: Reader):
    reader.api.trouble.half = [0.5]
    reader.sync()

    assert set(reader.here()) == reader.there()


def test_a_portal_that_never_gets_to_the_end_is_given_up_and_goes_on_the_next_time(reader: Reader):
    reader.api.trouble.torn = [210] + [0] * 20
    with pytest.raises(TornError):
        reader.sync()
    assert reader.here() == {}
    assert reader.state().failed == reader.clock()

    reader.api.trouble.torn = []
    begun = len(reader.exports())
    summary = reader.sync()

    assert summary.report.resumed
    assert reader.exports()[begun]["where"].startswith("(datedebutdiffusion >=")
    assert set(reader.here()) == reader.there()
    assert reader.state().failed is None


def test_a_kill_loses_nothing_of_what_was_read(reader: Reader):
    class Killed(BaseException):
        """Nothing catches it."""

    def kill(_what: str, done: int, _total: int) -> None:
        if done >= 300:
            raise Killed

    with pytest.raises(Killed):
        reader.sync(told=kill)
    part = reader.folder / "forem.part.jsonl"
    part.write_bytes(part.read_bytes() + b'{"numerooffreforem": "half a r')
    summary = reader.sync()

    assert summary.report.resumed
    assert summary.report.read < ROWS
    assert set(reader.here()) == reader.there()


def test_a_kill_while_storing_goes_on_without_asking_the_portal_again(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(vacancies, "CHUNK", 100)
    reader.sync()
    reader.api.rows = reader.api.rows[5:]

    def kill(what: str, _done: int, _total: int) -> None:
        if what == "rangement":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reader.sync(whole=True, told=kill)
    assert len(reader.here()) == ROWS
    begun = len(reader.exports())
    reader.sync(whole=True)

    assert len(reader.exports()) == begun
    assert set(reader.here()) == reader.there()


def test_a_download_of_yesterday_is_begun_afresh(reader: Reader):
    reader.api.trouble.torn = [210] + [0] * 20
    with pytest.raises(TornError):
        reader.sync()
    reader.api.trouble.torn = []
    reader.clock.move(days=1)

    assert not reader.sync().report.resumed


# ---------------------------------------------------------------- quotas


def test_a_quota_that_is_renewed_soon_is_waited_for(reader: Reader):
    reader.api.trouble.calls_left = 1
    reader.api.trouble.reset = reader.clock() + timedelta(seconds=40)
    reader.sync()

    assert set(reader.here()) == reader.there()
    assert 41 in reader.slept


def test_a_quota_that_is_renewed_tomorrow_stops_with_its_hour_and_goes_on_then(reader: Reader):
    reader.api.trouble = Trouble(no_exports=True, calls_left=5)
    with pytest.raises(
        TooManyRequestsError, match="après le 25/11/2026 à 01:00"
    ) as caught:  # midnight in UTC
        reader.sync()
    assert caught.value.reset == datetime(2026, 11, 25, tzinfo=UTC)
    assert reader.here() == {}

    reader.api.trouble = Trouble(no_exports=True)
    summary = reader.sync()

    assert summary.report.resumed
    assert set(reader.here()) == reader.there()


# ---------------------------------------------------------------- bad input: a named error, and the old copy stays


@pytest.fixture
def stocked(reader: Reader) -> Reader:
    """A database with offers in it."""
    reader.sync()
    return reader


NUMBERS = b"".join(b'{"numerooffreforem": "%d"}\n' % number for number in range(ROWS))
LINE = b'{"numerooffreforem": "5", "titreoffre'


@pytest.mark.parametrize(
    ("trouble", "error", "said"),
    [
        (
            Trouble(renamed={"typecontrat": "type_contrat"}),
            MissingFieldError,
            "« typecontrat ».*« type_contrat »",
        ),
        (Trouble(renamed={"lieuxtravailgeo": "x"}), MissingFieldError, "« lieuxtravailgeo »"),
        (Trouble(html=True), BadFileError, "ligne 1 : une page web"),
        (Trouble(body=b"<html><body>Maintenance</body></html>"), BadFileError, "ligne 1 : une page web"),
        (Trouble(body=b"\n".join([LINE] * 60) + b"\n"), BadFileError, "ligne 1 : ce n’est pas du JSON"),
        (
            Trouble(body='{"a": "é"}\n'.encode("latin-1") * 60),
            BadFileError,
            "ligne 1 : ce n’est pas de l’UTF-8",
        ),
        (Trouble(body='{"a": 1}\n'.encode("utf-16") * 60), BadFileError, "ligne 1 : "),
        (Trouble(body=b'{"intitule": "Soudeur"}\n' * ROWS), MissingFieldError, "« numerooffreforem »"),
        (Trouble(body=NUMBERS), MissingFieldError, "450 lignes reçues.*« titreoffre »"),
        (Trouble(body=b'[{"numerooffreforem": "1"}]\n' * ROWS), MissingFieldError, "« numerooffreforem »"),
        (Trouble(body=b"x" * 3_000_000), BadFileError, "ligne 1 : une ligne de plus"),
        (Trouble(body=b""), TornError, "0 offres lues sur 450"),
        (Trouble(statuses=[503] * 9), TornError, "503"),
        (Trouble(statuses=[401]), SourceError, "401"),
        (Trouble(statuses=[404]), SourceError, "404"),
    ],
)
def test_what_is_wrong_is_named_and_the_old_copy_stays(
    stocked: Reader, trouble: Trouble, error: type[SourceError], said: str
):
    before = stocked.here()
    stocked.api.trouble = trouble
    with pytest.raises(error, match=said):
        stocked.sync(whole=True)

    assert stocked.here() == before
    assert stocked.state().why
    assert stocked.state().last
    stocked.api.trouble = Trouble()
    stocked.sync()
    assert stocked.here() == before
    assert not stocked.state().why


@pytest.mark.parametrize("name", FIELDS)
def test_every_needed_field_is_looked_for_before_anything_is_read(reader: Reader, name: str):
    del reader.api.types[name]
    with pytest.raises(MissingFieldError, match=f"« {name} »") as caught:
        reader.sync()

    assert caught.value.name == name
    assert [what for what, _ in reader.api.asked] == [""]


def test_an_export_without_end_is_stopped(stocked: Reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opendatasoft, "MOST_BYTES", 2_000_000)
    before = stocked.here()
    stocked.api.trouble.endless = True
    with pytest.raises(TooBigError, match="plus de 2 Mo"):
        stocked.sync(whole=True)

    assert stocked.here() == before


def test_one_broken_line_is_told_and_takes_nothing_away(stocked: Reader):
    before = stocked.here()
    stocked.api.trouble.lines = {7: LINE + b"\n"}
    summary = stocked.sync(whole=True)

    assert summary.report.faults == ["ligne 7 : ce n’est pas du JSON"]
    assert summary.report.kept == ROWS - 1
    assert stocked.here() == before


def test_one_broken_line_in_the_list_of_numbers_withdraws_nothing(stocked: Reader, market: Market):
    fresh = market.offer(DAY)
    stocked.api.rows = [*stocked.api.rows[10:], fresh]
    stocked.api.trouble.lines = {7: LINE + b"\n"}
    summary = stocked.sync()

    assert summary.gone == 0
    assert fresh["numerooffreforem"] in stocked.here()
    stocked.api.trouble = Trouble()
    assert stocked.sync().gone == 10


@pytest.mark.parametrize("left", [0, 100, ROWS // 2])
def test_a_sudden_fall_is_refused_unless_it_is_forced(stocked: Reader, left: int):
    stocked.api.rows = stocked.api.rows[:left]
    for whole in (True, False):
        with pytest.raises(SourceError, match="--force"):
            stocked.sync(whole=whole)
        assert len(stocked.here()) == ROWS
    stocked.sync(whole=True, force=True)

    assert len(stocked.here()) == left or left == 0


def test_a_fall_says_from_how_many_to_how_many(stocked: Reader):
    stocked.api.rows = stocked.api.rows[:100]
    with pytest.raises(ShrunkError, match="100 lignes, il y en avait 450"):
        stocked.sync(whole=True)


def test_a_portal_that_moved_says_where(reader: Reader):
    reader.api.trouble.moved = "https://ailleurs.example/api"
    with pytest.raises(SourceError, match=r"302.*https://ailleurs\.example/api"):
        reader.sync()


# ---------------------------------------------------------------- beside others


def test_two_readings_at_once_are_one(reader: Reader):
    with reader.database.begin() as uow:
        leases.hold(uow, offers.LEASE, "somebody else")
    with pytest.raises(SourceError, match="en cours"):
        reader.sync()
    assert not reader.state().why  # nothing failed
    reader.clock.move(minutes=1)  # whoever it was lives no more
    reader.sync()

    with reader.database.read() as uow:
        assert leases.find(uow, offers.LEASE) is None


def test_a_reading_that_was_taken_over_stops_and_says_nothing(reader: Reader):
    def take_over(_what: str, done: int, _total: int) -> None:
        if done == 300:
            reader.clock.move(minutes=6)
            with reader.database.begin() as uow:
                leases.hold(uow, offers.LEASE, "somebody else", offers.LIFETIME)

    with pytest.raises(SourceError, match="en cours"):
        reader.sync(told=take_over)

    assert reader.state() == State()
    with reader.database.read() as uow:
        assert leases.find(uow, offers.LEASE).holder == "somebody else"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("holder", "gone"),
    [
        ("{machine}:{own}:{born}:1", False),  # another thread of ours
        ("{machine}:{own}:0:1", True),  # a process before us that had our number
        ("{machine}:{ended}:0:1", True),
        ("{machine}:1:0:1", False),
        ("elsewhere:{ended}:0:1", False),
        ("tick-1", False),
    ],
)
def test_a_name_tells_whether_its_process_is_gone(holder: str, gone: bool):  # noqa: FBT001 -- a case
    machine, own, born, _ = holders.new().split(":")
    with subprocess.Popen(["true"]) as ended:
        ended.wait()

    assert holders.dead(holder.format(machine=machine, own=own, born=born, ended=ended.pid)) is gone


def test_somebody_else_can_write_between_two_steps(reader: Reader):
    wrote: list[int] = []

    def write() -> None:
        with reader.database.begin() as uow:
            leases.hold(uow, "a chat", "x")
        wrote.append(1)

    def other(what: str, _done: int, _total: int) -> None:
        if what == "rangement":
            chat = threading.Thread(target=write)
            chat.start()
            chat.join(5)

    reader.sync(told=other)

    assert wrote


def test_the_state_survives_words_that_are_not_its_own(reader: Reader):
    reader.api.rows[0]["typecontrat"] = "Contrat lunaire"
    reader.sync()

    assert reader.state().unknown == {"typecontrat : Contrat lunaire": 1}
    assert orjson.dumps(reader.state().unknown)
    assert reader.state().open == ROWS
