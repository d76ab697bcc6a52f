"""The agenda's pages without script, on both databases: what comes, taking part, reminders; on a visit one only looks."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bot.application import event_reminders, happenings, mydata, taking_part
from bot.application.rights import OPERATOR
from bot.application.services import Services
from storage import agenda, cases, groups, people
from storage.database import Database
from storage.gatherings import Kind
from storage.participations import Standing
from tests.bot.happening import WEDNESDAY, details, gathering, learners
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.web.browsing import Browser
from tests.web.coming_in import act, come_in, part_of, profile_of

NewBrowser = Callable[[], Browser]
ALARM = "je veux mourir"


@pytest.fixture
def services(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path)
    yield made
    made.executor.shutdown()


async def test_a_visit_may_look_and_is_told_how_to_sign_up(browser: Browser, database: Database) -> None:
    held = gathering(database)
    page = await browser.open("/agenda")
    assert "Lab animation" in page.words
    assert "Tu regardes en visite" in page.words
    page = await browser.open(f"/agenda/{held.number}")
    assert "mercredi 14 octobre, de 14" in page.words.lower()
    assert page.forms == []
    page = await browser.post(f"/agenda/{held.number}", {"act": "join"})
    assert browser.response.status_code == 401
    assert "quatre mots" in page.words


async def test_one_s_own_come_first_and_only_what_fits_is_open(
    browser: Browser, services: Services, database: Database
) -> None:
    person = come_in(services, browser)
    own = gathering(database, title="Le mien")
    gathering(database, title="Des grands", bands="16-18")
    with database.begin() as uow:
        group = groups.create(uow, "Mercredi")
    gathering(database, title="D'un groupe", group_id=group.id)
    gathering(database, title="Pour tous", starts=WEDNESDAY + timedelta(hours=-5))
    with database.begin() as uow:
        taking_part.sign_up(uow, person, own.id)
    page = await browser.open("/agenda")
    assert page.words.index("Le mien") < page.words.index("Pour tous")
    assert "Des grands" not in page.words
    assert "D'un groupe" not in page.words


async def test_what_comes_every_week_is_one_card_with_its_other_dates(
    browser: Browser, services: Services, database: Database
) -> None:
    person = come_in(services, browser)
    with database.begin() as uow:
        made = happenings.repeat(uow, OPERATOR, details(title="Chaque semaine"), date(2026, 11, 4))
    gathering(database, title="Une fois", starts=WEDNESDAY + timedelta(days=20))
    page = await browser.open("/agenda")
    assert page.words.count("Chaque semaine") == 1
    assert "Mercredi 4 novembre" in page.words
    assert [f"/agenda/{one.number}" in page.links for one in made.gatherings] == [True] * 4
    with database.begin() as uow:
        taking_part.sign_up(uow, person, made.gatherings[0].id)
    page = await browser.open("/agenda")
    assert page.words.count("Chaque semaine") == 2  # one's own, and the next


async def test_a_group_s_gathering_is_hidden_from_others(
    browser: Browser, new_browser: NewBrowser, services: Services, database: Database
) -> None:
    member = learners(database, 1, group="Mercredi")[0]
    with database.read() as uow:
        group = groups.of_person(uow, member)[0]
    held = gathering(database, group_id=group.id)
    come_in(services, browser, member)
    assert "Lab animation" in (await browser.open(f"/agenda/{held.number}")).words
    other = new_browser()
    come_in(services, other)
    for path in (f"/agenda/{held.number}", f"/agenda/{held.number}.ics"):
        await other.open(path)
        assert other.response.status_code == 404


async def test_signing_up_twice_leaving_and_coming_back(
    browser: Browser, services: Services, database: Database
) -> None:
    held, person = gathering(database), come_in(services, browser)
    path = f"/agenda/{held.number}"
    for _ in range(2):
        await browser.open(path)
        page = await act(browser, path, act="join")
        assert "ta place est gardée" in page.words
    assert browser.response.url.query == b"fait=going"
    page = await act(browser, path, act="leave")
    part = part_of(database, held, person)
    assert part is not None
    assert part.standing is Standing.LEFT
    assert "Merci de l’avoir dit" in page.words
    await act(browser, path, act="join")
    assert part_of(database, held, person).standing is Standing.GOING  # type: ignore[union-attr]


async def test_a_full_one_has_a_list_and_an_offered_place_can_be_taken_or_let_go(
    browser: Browser, services: Services, database: Database
) -> None:
    held = gathering(database, capacity=1)
    first = learners(database, 1)[0]
    person = come_in(services, browser)
    with database.begin() as uow:
        taking_part.sign_up(uow, first, held.id)
    path = f"/agenda/{held.number}"
    page = await browser.open(path)
    assert "liste d’attente" in page.words
    page = await act(browser, path, act="join")
    assert "sur la liste d’attente" in page.words
    with database.begin() as uow:
        taking_part.leave(uow, first, held.id)
    page = await browser.open("/agenda")
    assert "Une place est libre pour toi" in page.words
    assert [label for label, *_ in page.form(path).buttons] == ["Je la prends", "Je la laisse"]
    await act(browser, path, act="take")
    assert part_of(database, held, person).standing is Standing.GOING  # type: ignore[union-attr]


async def test_an_offer_that_ended_is_said_kindly(
    browser: Browser, services: Services, database: Database, clock: Clock
) -> None:
    held = gathering(database, capacity=1)
    first, person = learners(database, 1)[0], come_in(services, browser)
    with database.begin() as uow:
        taking_part.sign_up(uow, first, held.id)
        taking_part.sign_up(uow, person, held.id)
        taking_part.leave(uow, first, held.id)
    path = f"/agenda/{held.number}"
    await browser.open(path)
    clock.move(hours=48)
    page = await act(browser, path, act="take")
    assert "partie entre-temps" in page.words


async def test_a_meeting_asks_why_says_who_reads_it_and_keeps_it_sealed(
    browser: Browser, services: Services, database: Database
) -> None:
    held = gathering(database, Kind.MEETING, title="Rencontre", chosen=True, capacity=30)
    person, path = come_in(services, browser), f"/agenda/{held.number}"
    page = await browser.open(path)
    assert "L’équipe de la Fabrique lit ce texte" in page.words
    page = await act(browser, path, act="join", motivation="  ")
    assert "Il manque un mot" in page.words
    page = await act(browser, path, act="join", motivation="x" * 301)
    assert browser.response.status_code == 422
    assert page.form(path).fields["motivation"] == "x" * 301
    page = await act(browser, path, act="join", motivation="J'aime les abeilles")
    part = part_of(database, held, person)
    assert part is not None
    assert (part.standing, part.motivation) == (Standing.ASKED, "J'aime les abeilles")
    assert "Ta demande est envoyée" in page.words


async def test_distress_in_a_motivation_opens_the_help_of_the_conversation(
    browser: Browser, services: Services, database: Database
) -> None:
    held = gathering(database, Kind.MEETING, title="Rencontre", chosen=True)
    person, path = come_in(services, browser), f"/agenda/{held.number}"
    await browser.open(path)
    page = await act(browser, path, act="join", motivation=ALARM)
    assert browser.response.url.path == "/chat"
    assert "103" in page.words
    assert ALARM in page.words
    assert part_of(database, held, person) is None
    with database.read() as uow:
        assert len(cases.waiting(uow)) == 1
    page = await browser.open(path)
    await act(browser, path, act="join", motivation=f"{ALARM} " + "x" * 300)
    assert browser.response.url.path == "/chat"  # too long is no reason not to hear it


async def test_reminders_of_one_of_a_kind_and_after_stop(
    browser: Browser, services: Services, database: Database
) -> None:
    held, person = gathering(database), come_in(services, browser)
    path = f"/agenda/{held.number}"
    await browser.open(path)
    await act(browser, path, act="join")

    def planned() -> list[str]:
        with database.read() as uow:
            waiting = agenda.of_person(uow, person)
        return [
            one.occurrence.split()[0]
            for one in waiting
            if one.kind == event_reminders.REMINDER and one.status is agenda.Status.PLANNED
        ]

    assert planned() == ["D-1"]
    await act(browser, path, act="remind", reminders="more")
    assert sorted(planned()) == ["D-1", "H-2"]
    await act(browser, path, act="remind", reminders="toutes les minutes")
    assert sorted(planned()) == ["D-1", "H-2"]
    await browser.open("/agenda")
    await act(browser, "/agenda/rappels", kind=["fair", "meeting"])
    assert planned() == []
    assert profile_of(database, person)["reminder.kinds"]["lab"] == "off"
    with database.begin() as uow:
        people.set_silent(uow, person, silent=True)
    page = await browser.open(path)
    assert "Tu m’as dit stop" in page.words
    page = await act(browser, path, act="allow")
    assert "Tu m’as dit stop" not in page.words


async def test_moved_cancelled_and_unchecked_are_said(
    browser: Browser, services: Services, database: Database
) -> None:
    come_in(services, browser)
    held = gathering(
        database,
        Kind.OPEN_DAY,
        title="Portes ouvertes",
        source="https://ecole.example/dates",
        seen=date(2026, 9, 30),
    )
    page = await browser.open(f"/agenda/{held.number}")
    assert "À vérifier : date lue le 30 septembre sur ecole.example" in page.words
    assert "https://ecole.example/dates" in page.links
    with database.begin() as uow:
        happenings.cancel(uow, OPERATOR, held, why="La salle est fermée.")
    page = await browser.open(f"/agenda/{held.number}")
    assert "N’a pas lieu. La salle est fermée." in page.words
    assert all(form.action != f"/agenda/{held.number}" for form in page.forms)


async def test_the_place_is_a_plain_link_and_a_strange_one_is_none(
    browser: Browser, database: Database
) -> None:
    held = gathering(database, place="Rue du Pont 3, Liège", link="javascript:alert(1)", about="<b>gras</b>")
    page = await browser.open(f"/agenda/{held.number}")
    assert "https://www.openstreetmap.org/search?query=Rue+du+Pont+3%2C+Li%C3%A8ge" in page.links
    assert not any("javascript" in link for link in page.links)
    assert "<b>gras" not in page.html


@pytest.mark.parametrize("number", ["0", "99", "99999999999999999999", "-1", "un"])
async def test_what_is_not_there_is_not_found(browser: Browser, database: Database, number: str) -> None:
    gathering(database)
    for path in (f"/agenda/{number}", f"/agenda/{number}.ics", f"/forum/{number}", f"/forum/{number}/notes"):
        await browser.open(path)
        assert browser.response.status_code == 404


async def test_a_form_from_elsewhere_changes_nothing(
    browser: Browser, services: Services, database: Database
) -> None:
    held, person = gathering(database), come_in(services, browser)
    for path in (f"/agenda/{held.number}", "/agenda/rappels", "/agenda/calendrier"):
        await browser.post(path, {"act": "join", "csrf": "faux"})
        assert browser.response.status_code == 403
    await browser.open(f"/agenda/{held.number}")
    await act(browser, f"/agenda/{held.number}", act="tout prendre")
    assert browser.response.status_code == 404
    assert part_of(database, held, person) is None


async def test_one_file_for_one_calendar(browser: Browser, database: Database) -> None:
    from icalendar import Calendar  # noqa: PLC0415 -- heavy

    held = gathering(database, title="Lab, animation; \\3D\n")
    await browser.open(f"/agenda/{held.number}.ics")
    assert browser.response.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(browser.response.content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [held.starts_at]


async def test_what_is_kept_of_taking_part_is_in_the_export(
    browser: Browser, services: Services, database: Database
) -> None:
    held = gathering(database, Kind.MEETING, chosen=True)
    person, path = come_in(services, browser), f"/agenda/{held.number}"
    await browser.open(path)
    await act(browser, path, act="join", motivation="Pour voir")
    packed = mydata.export(services, person)
    rows = json.loads(zipfile.ZipFile(BytesIO(packed)).read("donnees.json"))["participations"]
    assert [(row["state"], row["motivation"]) for row in rows] == [("asked", "Pour voir")]


@pytest.mark.parametrize("way", ["page", "conversation"])
async def test_whoever_is_erased_gives_the_place_to_who_waits(
    browser: Browser, services: Services, database: Database, way: str
) -> None:
    held = gathering(database, capacity=1)
    person, next_one = come_in(services, browser), learners(database, 1)[0]
    with database.begin() as uow:
        taking_part.sign_up(uow, person, held.id)
        taking_part.sign_up(uow, next_one, held.id)
    if way == "page":
        await browser.open("/mes-donnees")
        await act(browser, "/mes-donnees/tout-effacer", confirm="yes")
    else:
        await browser.open("/chat")
        await browser.type("mes données")
        for label in ("Effacer", "Oui, tout effacer"):
            await browser.press(label)
    assert part_of(database, held, person) is None
    assert part_of(database, held, next_one).standing is Standing.OFFERED  # type: ignore[union-attr]


async def test_every_page_says_when_in_words_without_a_countdown(
    browser: Browser, services: Services, database: Database
) -> None:
    come_in(services, browser)
    held = gathering(database, capacity=3, starts=datetime(2026, 10, 8, 17, 0))  # noqa: DTZ001 -- wall time
    page = await browser.open(f"/agenda/{held.number}")
    assert "Demain, de 17" in page.words
    assert not re.search(r"plus que|dernière|vite|reste \d", page.words, re.IGNORECASE)
