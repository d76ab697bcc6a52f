"""What a hostile visitor, learner or colleague tries on the pages of the agenda and of the team; none of it works."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Address

from bot.application import agenda_csv, agenda_import, fair_notes, staff_moments, taking_part
from bot.application.agenda_rows import Given, Reading
from bot.application.rights import Role
from bot.application.services import Services
from bot.web.guard import origin_of
from storage import conversations, gatherings, groups, participations, staff_log, stands
from storage.gatherings import Kind
from storage.stands import Stand
from tests.bot.happening import WEDNESDAY, gathering, learners
from tests.support import team as people
from tests.support.team import PASSWORD
from tests.web.browsing import Browser
from tests.web.coming_in import act, come_in
from tests.web.test_desk import CSV, IMPORT, sent

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'
SAM = "sam@centre.be"


def from_place(app: Starlette, address: str) -> Browser:
    """A browser that asks from a network address."""
    made = Browser(app)
    made.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(address, 1)),
        base_url="http://127.0.0.1:8000",
        follow_redirects=True,
    )
    return made


# ---------------------------------------------------------------- where tries come from


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:1:2:3"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_a_household_of_ipv6_is_one_place(one: str, other: str) -> None:
    assert origin_of(Address(one, 1)) == origin_of(Address(other, 2))


def test_neighbours_are_two_places_and_a_socket_is_none() -> None:
    assert origin_of(Address("2001:db8:1:2::1", 1)) != origin_of(Address("2001:db8:1:3::1", 1))
    assert origin_of(Address("192.0.2.7", 1)) != origin_of(Address("192.0.2.8", 1))
    assert origin_of(None) == "?"
    assert origin_of(Address("unix", 0)) == "unix"


async def test_a_password_is_not_guessed_from_the_many_addresses_of_one_line(
    app: Starlette, services: Services
) -> None:
    people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD)
    said = []
    for number in range(7):
        browser = from_place(app, f"2001:db8:1:2::{number:x}")
        await browser.open("/equipe/entrer")
        given = {
            **browser.page.form("/equipe/entrer").fields,
            "email": SAM,
            "password": f"autre {number} pile",
        }
        await browser.post("/equipe/entrer", {**given, "way": "password"})
        said.append(browser.response.status_code)
        await browser.client.aclose()

    assert said == [401] * 5 + [429] * 2


async def test_links_that_never_were_do_not_fill_the_log(services: Services, browser: Browser) -> None:
    await browser.open("/equipe/entrer")
    csrf = browser.page.form("/equipe/entrer").fields["csrf"]
    for number in range(60):
        await browser.post(f"/equipe/entrer/lien-{number}", {"csrf": csrf})

    with services.database.read() as uow:
        assert len(staff_log.latest(uow, 100)) == 40


# ---------------------------------------------------------------- files and words made to cost time


@pytest.mark.parametrize(
    "text", [" " * 10_000, "14h" + " " * 10_000 + "x", "de" + " " * 10_000, "1" + " " * 10_000]
)
def test_a_row_of_spaces_costs_no_time(text: str) -> None:
    before = time.process_time()
    staff_moments.find(text, WEDNESDAY.date())
    assert time.process_time() - before < 1.5


@pytest.mark.parametrize("cell", ["14h" * 3_333, "1" + " " * 9_000 + "h" + " " * 9_000 + "x", "9" * 10_000])
@pytest.mark.parametrize("column", ["date", "début", "fin", "durée"])
def test_a_cell_made_to_hurt_is_a_fault_and_costs_no_time(column: str, cell: str) -> None:
    told = {
        "titre": "x",
        "sorte": "lab",
        "date": "13/01/2027",
        "début": "14:00",
        "fin": "16:00",
        column: cell,
    }
    table = f"{';'.join(told)}\n{';'.join(told.values())}\n".encode()
    day = WEDNESDAY.date()
    before = time.process_time()
    found = agenda_csv.read(table, Given(day, day + timedelta(days=300)))
    assert time.process_time() - before < 1.5
    assert len(found.faults) == 1
    assert len(found.faults[0].why) < 300


async def test_a_slow_file_keeps_nobody_else_from_writing(
    services: Services, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.signed_in(services, browser.client, people.add(services, "Ana", Role.STAFF))
    page = await browser.open(IMPORT)
    await browser.post(IMPORT, page.form(IMPORT).fields, files={"file": ("a.csv", CSV.encode(), "text/csv")})
    form, read, met = browser.page.form(IMPORT), agenda_import.read, []

    def slow(content: bytes, name: str, given: Given) -> Reading:
        with services.database.begin() as uow:  # a learner speaks meanwhile
            met.append(uow.now)
        return read(content, name, given)

    monkeypatch.setattr(agenda_import, "read", slow)
    await browser.post(IMPORT, sent(form, step="do"))

    assert browser.response.status_code == 200
    assert met


# ---------------------------------------------------------------- what is typed is shown, never run


@pytest.fixture
def hostile(services: Services, new_browser: Callable[[], Browser]) -> tuple[Browser, Browser, int, str]:
    """A colleague's and a learner's browser, a fair in which every word is made to run, and its code at the door."""
    texts: dict[str, Any] = dict.fromkeys(("title", "place", "about", "route"), EVIL[:110])
    texts |= {"link": "javascript:alert(1)//" + EVIL, "source": "javascript:alert(1)//" + EVIL}
    held = gathering(services.database, Kind.FAIR, chosen=True, **texts)
    colleague, learner = new_browser(), new_browser()
    people.signed_in(services, colleague.client, people.add(services, EVIL[:60], Role.STAFF))
    person = come_in(services, learner)
    with services.database.begin() as uow:
        stands.put(uow, held.id, [Stand(EVIL[:110], spot=EVIL[:20], about=EVIL, link="javascript:alert(1)")])
        conversations.note(uow, person, {"user.first_name": EVIL})
        taking_part.sign_up(uow, person, held.id, motivation=EVIL)
        fair_notes.keep(services, uow, person, held.id, fair_notes.Note("a" * 12, EVIL[:110], 1, EVIL))
        found = gatherings.get(uow, held.id)
        assert found
        gatherings.change(uow, found, replace(found.details), why=EVIL)
        token = gatherings.checkin_token(uow, held.id)
    return colleague, learner, held.number, token


async def test_no_word_of_anybody_runs_on_a_page_of_somebody_else(
    hostile: tuple[Browser, Browser, int, str],
) -> None:
    colleague, learner, number, token = hostile
    one = f"/equipe/agenda/{number}"
    theirs = ["", "/changer", "/annuler", "/choisir", "/presences", "/qr"]
    mine = [
        "/agenda",
        f"/agenda/{number}",
        f"/forum/{number}",
        f"/forum/{number}/notes",
        f"/forum/{number}/programme",
    ]
    pages = [
        (colleague, path)
        for path in ("/equipe", "/equipe/compte", "/equipe/agenda", f"/equipe/forum/{number}")
    ]
    pages += [(colleague, one + path) for path in theirs]
    pages += [
        (learner, path)
        for path in (*mine, f"/forum/{number}/notes/hors-ligne", f"/presence/{token}", "/mes-donnees")
    ]
    shown = 0
    for browser, path in pages:
        await browser.open(path)
        html = browser.response.text
        assert browser.response.status_code == 200, path
        assert "<script>alert" not in html, path
        assert "<img src=x" not in html, path
        assert 'href="javascript:' not in html, path
        assert "unsafe" not in browser.response.headers["content-security-policy"]
        assert browser.response.headers["cache-control"] == "no-store"
        shown += "&lt;script&gt;" in html
    assert shown > len(pages) // 2


# ---------------------------------------------------------------- other people's things


async def test_what_is_somebody_else_s_is_out_of_reach(
    services: Services, new_browser: Callable[[], Browser]
) -> None:
    group = learners(services.database, 1, group="Classe 5B")[0]
    with services.database.read() as uow:
        group_id = groups.of_person(uow, group)[0].id
    theirs = gathering(services.database, Kind.FAIR, title="Soutien discret", group_id=group_id)
    mine = gathering(services.database)
    inside, outside, visit = new_browser(), new_browser(), new_browser()
    come_in(services, inside, group)
    stranger = come_in(services, outside)
    with services.database.begin() as uow:
        fair_notes.keep(
            services, uow, group, theirs.id, fair_notes.Note("b" * 12, "Stand secret", 3, "mot à moi")
        )

    for browser in (outside, visit):
        for path in (f"/agenda/{theirs.number}", f"/agenda/{theirs.number}.ics", f"/forum/{theirs.number}",
                     f"/forum/{theirs.number}/programme", f"/forum/{theirs.number}/programme.pdf",
                     f"/forum/{theirs.number}/notes", f"/forum/{theirs.number}/notes/hors-ligne", "/agenda"):  # fmt: skip
            await browser.open(path)
            assert "Soutien" not in browser.response.text, path
            assert "mot à moi" not in browser.response.text, path
    await outside.open(f"/agenda/{mine.number}")
    for wanted in ("join", "take", "leave", "remind"):
        await act(outside, f"/agenda/{theirs.number}", act=wanted, reminders="more")
        assert outside.response.status_code in (403, 404)
        await outside.open(f"/agenda/{mine.number}")
    with services.database.read() as uow:
        assert [one.person_id for one in participations.of_gathering(uow, theirs.id)] == [group]
    await inside.open(f"/forum/{theirs.number}/notes")
    assert "mot à moi" in inside.page.words
    assert stranger


@pytest.mark.parametrize(
    "suite", ["//evil.example", "/\\evil.example", "https://evil.example/equipe", "/equipe@evil.example", "/equipe\n//evil.example",
              "/equipement", "javascript:alert(1)", "/mentorat", "/equipe/..//evil.example", "\t//evil.example"],
)  # fmt: skip
async def test_nobody_is_led_away_after_signing_in(services: Services, browser: Browser, suite: str) -> None:
    people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD)
    await browser.open("/equipe/entrer")
    given = {**browser.page.form("/equipe/entrer").fields, "email": SAM, "password": PASSWORD, "suite": suite}
    browser.client.follow_redirects = False
    await browser.post("/equipe/entrer", {**given, "way": "password"})

    where = browser.response.headers["location"]
    assert httpx.URL("https://centre.example/equipe/entrer").join(where).host == "centre.example"
    assert where.startswith("/equipe")
    assert where.isprintable()


async def test_a_session_that_was_planted_is_not_the_one_that_comes_in(
    services: Services, browser: Browser
) -> None:
    people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD)
    for name in ("boussole-equipe", "boussole-equipe-demande"):
        browser.client.cookies.set(name, "planted", domain="127.0.0.1", path="/")
    await browser.open("/equipe/entrer")
    given = {**browser.page.form("/equipe/entrer").fields, "email": SAM, "password": PASSWORD}
    await browser.post("/equipe/entrer", {**given, "way": "password"})

    assert "Bonjour Sam" in browser.page.words
    assert browser.client.cookies["boussole-equipe"] != "planted"
