"""Waking browsers, against a push service of our own that judges each request: what is sent, and what its answers lead to."""

import asyncio
import contextlib
import email.utils
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import platforms
from bot.application import sending, waking
from bot.application.pace import Pace
from bot.application.sending import Sender
from bot.application.services import Services
from bot.application.threads import in_thread
from bot.channels import push_key, push_place
from bot.channels.push import TOO_OFTEN, Push
from bot.channels.push_key import PushKey
from bot.channels.push_place import Place, UnsafePlace
from storage import attempts, outbox, people, pushes, sessions
from storage.attempts import MAX_ATTEMPTS
from storage.outbox import OutboxRow, State
from tests.bot.phone import queue, until
from tests.platforms.push_service import Answer, PushService
from tests.support.centre import services_for
from tests.support.databases import Clock


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.01)


@pytest.fixture
def services(database, clock, tmp_path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path, base_url="https://boussole.example")
    yield made
    made.executor.shutdown()


@pytest.fixture
def key(tmp_path: Path) -> PushKey:
    push_key.make(tmp_path / "key")
    return PushKey((tmp_path / "key").read_text().strip())


@pytest.fixture
async def service(services: Services, clock: Clock, key: PushKey) -> AsyncIterator[PushService]:
    async with PushService(clock, key.public) as made:
        services.settings.push_hosts = (made.host,)
        yield made


@pytest.fixture
def push(services: Services, key: PushKey, service: PushService) -> Push:
    return Push(services, key, service.context)


def somebody(services: Services, *endpoints: str) -> str:
    with services.database.begin() as uow:
        person = people.create(uow, "web").id
        for endpoint in endpoints:
            pushes.put(uow, person, endpoint)
        return person


def written(services: Services, person: str, occurrence: str = "1") -> OutboxRow:
    """Something is written first to that person: the row of its signal."""
    with services.database.begin() as uow:
        assert waking.wake(uow, person, occurrence)
    return queue(services, "push")[-1]


def browsers(services: Services, person: str) -> list[str]:
    with services.database.read() as uow:
        return [one.endpoint for one in pushes.of_person(uow, person)]


def failures(services: Services, person: str) -> list[int]:
    with services.database.read() as uow:
        return [one.failures for one in pushes.of_person(uow, person)]


async def sent(push: Push, row: OutboxRow) -> attempts.Outcome:
    return await push.send(row, row.recipient)


# ---------------------------------------------------------------- what is sent


async def test_a_signal_is_empty_signed_and_gone_by_the_evening(services, push, service, clock):
    endpoint = service.browser()
    row = written(services, somebody(services, endpoint))

    outcome = await sent(push, row)

    assert outcome.state is State.SENT
    (got,) = service.received
    assert (got.problem, got.body) == ("", b"")
    assert got.headers["TTL"] == str(4 * 3600)  # it is 16:00: nothing rings after 20:00
    assert (got.headers["Topic"], got.headers["Urgency"]) == ("signe", "normal")
    assert got.claims["sub"] == "https://boussole.example"
    assert got.claims["exp"] == int((clock() + timedelta(hours=12)).timestamp())
    assert set(got.headers) <= {
        "Host", "Authorization", "TTL", "Topic", "Urgency", "Content-Length", "User-Agent",
    }  # fmt: skip


async def test_nothing_about_the_person_leaves_or_waits_in_the_row(services, push, service):
    person = somebody(services, service.browser())
    row = written(services, person)

    await sent(push, row)

    assert row.body == {}
    assert person not in str(service.received)


async def test_every_browser_of_the_person_is_woken_and_nobody_elses(services, push, service):
    one, two, other = (service.browser() for _ in range(3))
    person = somebody(services, one, two)
    somebody(services, other)

    await sent(push, written(services, person))

    assert [service.woken(endpoint) for endpoint in (one, two, other)] == [1, 1, 0]


async def test_in_the_demonstration_whose_clock_runs_ahead_tickets_keep_the_real_time(
    services, push, service
):
    row = written(services, somebody(services, service.browser()))
    services.clock._ahead = timedelta(days=3)

    await sent(push, row)

    assert service.received[0].problem == ""


# ---------------------------------------------------------------- what comes back


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten_and_the_others_are_woken(services, push, service, status):
    gone, here = service.browser(Answer(status)), service.browser()
    person = somebody(services, gone, here)

    outcome = await sent(push, written(services, person))

    assert outcome.state is State.SENT
    assert browsers(services, person) == [here]


async def test_the_last_browser_may_be_gone(services, push, service):
    person = somebody(services, service.browser(Answer(410)))

    assert (await sent(push, written(services, person))).state is State.SENT  # nobody has to look at it
    assert browsers(services, person) == []


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_push_service_in_trouble_is_asked_again_when_it_says(services, push, service, clock, status):
    busy, well = service.browser(Answer(status, {"Retry-After": "120"})), service.browser()
    person = somebody(services, busy, well)
    row = written(services, person)

    first = await sent(push, row)
    second = await sent(push, row)

    assert (first.state, first.retry_at) == (State.RETRY, clock() + timedelta(seconds=120))
    assert first.counts is (status != 429)
    assert second.state is State.SENT
    assert [service.woken(endpoint) for endpoint in (busy, well)] == [2, 1]  # who was woken is left alone
    assert failures(services, person) == [0, 0]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("", None), ("soon", None), ("0", None), ("-5", None), ("999999999999", 86_400), ("date", 300), ("past", None)],
)  # fmt: skip
async def test_retry_after_is_read_with_care(services, push, service, clock, said, seconds):
    dates = {"date": clock() + timedelta(minutes=5), "past": clock() - timedelta(days=1)}
    header = email.utils.format_datetime(dates[said]) if said in dates else said
    row = written(services, somebody(services, service.browser(Answer(503, {"Retry-After": header}))))

    outcome = await sent(push, row)

    assert outcome.retry_at == (clock() + timedelta(seconds=seconds) if seconds else None)


async def test_a_refusal_is_told_to_the_operator_and_counted(services, push, service):
    person = somebody(services, service.browser(Answer(403)))

    outcome = await sent(push, written(services, person))

    assert (outcome.state, outcome.reason) == (State.FAILED, "status 403")
    assert failures(services, person) == [1]


async def test_a_browser_refused_too_often_is_forgotten_and_one_that_works_again_starts_anew(
    services, push, service
):
    stubborn = service.browser(*[Answer(400)] * TOO_OFTEN)
    moody = service.browser(*[Answer(400)] * (TOO_OFTEN - 1), Answer(201))
    person = somebody(services, stubborn, moody)
    row = written(services, person)

    for _ in range(TOO_OFTEN):
        await sent(push, row)

    assert browsers(services, person) == [moody]
    assert failures(services, person) == [0]


async def test_an_outage_counts_once_a_signal_and_not_once_an_attempt(services, push, service):
    person = somebody(services, service.browser(*[Answer(503)] * MAX_ATTEMPTS))
    row = written(services, person)

    for number in range(MAX_ATTEMPTS):
        await sent(
            push, OutboxRow(**{name: getattr(row, name) for name in row.__slots__} | {"attempts": number})
        )

    assert failures(services, person) == [1]


async def test_a_push_service_that_says_nothing_is_left_in_time(services, push, service, monkeypatch):
    monkeypatch.setattr("bot.channels.push.PATIENCE", 0.2)
    row = written(services, somebody(services, service.browser(Answer(after=5))))

    async with asyncio.timeout(3):
        outcome = await sent(push, row)

    assert outcome.state is State.RETRY


async def test_an_endless_answer_is_not_read(services, push, service):
    row = written(services, somebody(services, service.browser(Answer(201, body=b"x" * 50_000_000))))

    async with asyncio.timeout(3):
        assert (await sent(push, row)).state is State.SENT


async def test_a_redirect_is_not_followed(services, push, service):
    person = somebody(
        services, service.browser(Answer(307, {"Location": f"https://{service.host}/elsewhere"}))
    )

    outcome = await sent(push, written(services, person))

    assert outcome.state is State.FAILED
    assert [one.browser for one in service.received] == ["navigateur-1"]


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(services, key, service):
    row = written(services, somebody(services, service.browser()))

    outcome = await sent(Push(services, key), row)

    assert outcome.state is State.RETRY
    assert service.received == []


async def test_a_push_service_that_is_not_there_is_asked_again(services, push, service):
    person = somebody(services, service.browser())
    row = written(services, person)
    await service.__aexit__()

    assert (await sent(push, row)).state is State.RETRY
    assert len(browsers(services, person)) == 1


# ---------------------------------------------------------------- where it goes


async def test_a_service_taken_from_the_list_is_asked_no_more(services, push, service):
    row = written(services, somebody(services, service.browser()))
    services.settings.push_hosts = ("fcm.googleapis.com",)

    assert (await sent(push, row)).state is State.FAILED
    assert service.received == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.1.2.3", "0.0.0.0",  # noqa: S104 -- refused, not listened on
     "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:169.254.169.254", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:7f00:1::"],
)  # fmt: skip
async def test_a_listed_name_that_leads_into_a_private_network_is_not_called(address, monkeypatch):
    async def lookup(*_names: object, **_options: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("142.250.1.1", 443)), (0, 0, 0, "", (address, 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
    place = push_place.find("https://fcm.googleapis.com/fcm/send/x", ("fcm.googleapis.com",))
    assert place is not None

    with pytest.raises(UnsafePlace):
        await push_place.resolve(place)


async def test_what_was_looked_up_is_what_is_called_whatever_the_name_says_later(services, key, service):
    """The name is looked up once; the certificate is still that of the name."""
    asked: list[str] = []

    async def resolve(place: Place) -> list[str]:
        asked.append(place.host)
        return ["127.0.0.1"]

    listed = f"push.example:{service.port}"
    services.settings.push_hosts = (listed,)
    row = written(services, somebody(services, service.browser().replace(service.host, listed)))

    await sent(Push(services, key, service.context, resolve), row)

    assert asked == ["push.example"]
    assert service.received[0].headers["Host"] == listed
    assert service.received[0].problem == "a ticket for somebody else"  # it is for push.example


async def test_an_address_that_does_not_answer_gives_way_to_the_next(services, key, service):
    async def resolve(_place: Place) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    row = written(services, somebody(services, service.browser()))

    assert (await sent(Push(services, key, service.context, resolve), row)).state is State.SENT


LISTED = ("fcm.googleapis.com", "*.push.apple.com", "push.local:8443")


@pytest.mark.parametrize(
    "address",
    ["https://fcm.googleapis.com/fcm/send/abc", "https://fcm.googleapis.com:443/x", "https://FCM.googleapis.com/x",
     "https://web.push.apple.com/abc", "https://a.b.push.apple.com/abc", "https://push.local:8443/x"],
)  # fmt: skip
def test_addresses_of_listed_services_are_taken(address):
    assert push_place.find(address, LISTED) is not None


@pytest.mark.parametrize(
    "address",
    ["", "x", "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "//fcm.googleapis.com/x",
     "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x",
     "https://fcm.googleapis.com./x", "https://push.apple.com/x", "https://evilpush.apple.com/x",
     "https://user@fcm.googleapis.com/x", "https://fcm.googleapis.com:x@evil.example/", "https://evil.example#@fcm.googleapis.com/",
     "https://fcm.googleapis.com/x#y", "https://evil.example\\@fcm.googleapis.com/x", "https://fcm.googleapis.com\\.evil.example",
     "https://push.local/x", "https://push.local:443/x", "https://127.0.0.1/x", "https://[::1]/x", "https://2130706433/x",
     "https://fcm.googleapis.com/a b", "https://fcm.googleapis.com/é", "https://fcm.googleapis.com/\n", "https:///x", "https://[/x",
     "https://fcm.googleapis.com/" + "x" * 2_000],
)  # fmt: skip
def test_other_addresses_are_not(address):
    assert push_place.find(address, LISTED) is None


# ---------------------------------------------------------------- through the outbox


@contextlib.asynccontextmanager
async def running(services: Services, push: Push) -> AsyncIterator[None]:
    sender = Sender(services, push, Pace(10**6, 0.0), "a")
    task = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        await sender.stop()
        await asyncio.wait_for(task, 5)


async def test_what_waits_is_sent_and_tried_again_in_its_time(services, push, service, clock):
    endpoint = service.browser(Answer(503, {"Retry-After": "60"}))
    person = somebody(services, endpoint)
    await in_thread(services, lambda: written(services, person))

    async with running(services, push):
        await until(lambda: queue(services, "push")[0].state is State.RETRY)
        clock.move(seconds=61)
        await until(lambda: queue(services, "push")[0].state is State.SENT)

    assert service.woken(endpoint) == 2


async def test_a_signal_that_would_come_in_the_evening_does_not_come(services, push, service, clock):
    clock.now = datetime(2026, 10, 7, 17, 59, tzinfo=UTC)  # 19:59 in Brussels
    person = somebody(services, service.browser(Answer(503, {"Retry-After": "600"})))
    await in_thread(services, lambda: written(services, person))

    async with running(services, push):
        await until(lambda: queue(services, "push")[0].state is State.RETRY)
        clock.move(minutes=11)
        await asyncio.sleep(0.1)

    with services.database.begin() as uow:
        outbox.expire(uow)
    assert queue(services, "push")[0].state is State.EXPIRED
    assert len(service.received) == 1


async def test_whoever_came_meanwhile_is_not_woken(services, push, service, clock):
    person = somebody(services, service.browser())
    row = written(services, person)
    clock.move(minutes=5)
    with services.database.begin() as uow:
        sessions.open_session(uow, person)
    clock.move(minutes=5)

    assert (await sent(push, row)).state is State.SENT
    assert service.received == []


async def test_whoever_said_stop_meanwhile_is_not_woken(services, push, service):
    person = somebody(services, service.browser())
    row = written(services, person)
    with services.database.begin() as uow:
        people.set_silent(uow, person, silent=True)

    await sent(push, row)

    assert service.received == []


@pytest.mark.parametrize(
    ("part", "with_key", "state"),
    [
        ("all", True, State.RETRY),
        ("worker", True, State.RETRY),
        ("web", True, State.QUEUED),
        ("worker", False, State.QUEUED),
    ],
)
async def test_the_parts_that_serve_reminders_wake_browsers_where_there_is_a_key(
    services, service, tmp_path, part, with_key, state
):
    """The stand-in shows a certificate that nobody vouches for: it is asked again later."""
    services.settings.push_key_file = tmp_path / ("key" if with_key else "none")
    person = somebody(services, service.browser())
    await in_thread(services, lambda: written(services, person))

    async with platforms.serving(services, part):
        if state is State.RETRY:
            await until(lambda: queue(services, "push")[0].state is State.RETRY)
        await asyncio.sleep(0.1)
        assert queue(services, "push")[0].state is state
