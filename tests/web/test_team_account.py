"""« Mon compte » and the home: another password, the chats that are joined, what each one finds there."""

import re
from collections.abc import Callable

import pytest

from bot.application import team
from bot.application.rights import Act, Actor, Role
from bot.application.services import Services
from bot.web import team_pages
from bot.web.team_pages import Link
from storage import staff_addresses
from tests.support import team as people
from tests.support.databases import Clock
from tests.support.team import PASSWORD
from tests.web.browsing import Browser
from tests.web.test_team_entrance import SAM, enter, logged

NEW = "tout à fait autre chose"


async def change(browser: Browser, new: str = NEW, **fields: str) -> None:
    path = "/equipe/compte/mot-de-passe"
    await browser.open("/equipe/compte")
    await browser.post(path, {**browser.page.form(path).fields, "new": new, **fields})


@pytest.fixture
async def sam(browser: Browser, services: Services) -> Actor:
    """Signed in with a password."""
    actor = people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD)
    await enter(browser)
    return actor


async def test_another_password_ends_every_other_session(
    browser: Browser, new_browser: Callable[..., Browser], services: Services, sam: Actor
) -> None:
    other = new_browser()
    await enter(other)
    await change(browser, old=PASSWORD)
    assert "autres navigateurs sont sortis" in browser.page.words
    await other.open("/equipe")
    assert other.response.url.path == "/equipe/entrer"
    await browser.open("/equipe")
    assert "Bonjour Sam" in browser.page.words
    await enter(other)
    assert other.response.status_code == 401
    await enter(other, password=NEW)
    assert "Bonjour Sam" in other.page.words
    assert ("password_changed", sam.id, {}) in logged(services)


@pytest.mark.usefixtures("sam")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("pas le bon mot du tout", NEW, "n’est pas celui-là"), ("", NEW, "n’est pas celui-là"), (PASSWORD, "court", "au moins 12"), (PASSWORD, "motdepasse2026", "facile à deviner")],
)  # fmt: skip
async def test_what_does_not_go_changes_nothing(browser: Browser, old: str, new: str, said: str) -> None:
    await change(browser, new, old=old)
    assert browser.response.status_code == 422
    assert said in browser.page.words
    assert new not in browser.page.html
    browser.client.cookies.clear()
    await enter(browser)
    assert "Bonjour Sam" in browser.page.words


@pytest.mark.usefixtures("sam")
async def test_whoever_finds_an_open_page_cannot_try_passwords_for_ever(browser: Browser, clock: Clock) -> None:  # fmt: skip
    for number in range(5):
        await change(browser, old=f"essai {number} raté raté")
    await change(browser, old=PASSWORD)
    assert "quart d’heure" in browser.page.words
    clock.move(minutes=16)
    await change(browser, old=PASSWORD)
    assert "Le mot de passe est changé" in browser.page.words


async def test_who_came_by_links_may_choose_a_password(browser: Browser, services: Services) -> None:
    actor = people.add(services, "Sam", Role.COACH, email=SAM)
    people.signed_in(services, browser.client, actor)
    page = await browser.open("/equipe/compte")
    assert "Mot de passe actuel" not in page.words
    await change(browser)
    assert "Le mot de passe est changé." in browser.page.words
    browser.client.cookies.clear()
    await enter(browser, password=NEW)
    assert "Bonjour Sam" in browser.page.words


async def test_a_chat_is_joined_by_the_code_of_the_page_and_left_again(browser: Browser, services: Services, sam: Actor) -> None:  # fmt: skip
    services.settings.telegram_token = "1:x"
    page = await browser.open("/equipe")
    assert "ne sait pas où vous écrire" not in page.words  # there is an e-mail address
    await browser.open("/equipe/compte")
    path = "/equipe/compte/rejoindre"
    page = await browser.post(path, browser.page.form(path).fields)
    said = re.search(r"/equipe ([A-Z0-9]{4}-[A-Z0-9]{4})", page.words)
    assert said
    assert team.join_chat(services, "telegram", "42", said[1]).actor == sam
    page = await browser.open("/equipe/compte")
    assert "Telegram : jointe" in page.words
    path = "/equipe/compte/quitter"
    page = await browser.post(path, page.form(path).fields)
    assert "plus rien ne vous est écrit" in page.words
    with services.database.read() as uow:
        assert staff_addresses.joined(uow, sam.id) == {}
    assert [act for act, *_ in logged(services)][-2:] == ["chat_joined", "chat_left"]


async def test_nobody_leaves_the_chat_of_a_colleague(
    browser: Browser, services: Services, sam: Actor
) -> None:
    nora = people.add(services, "Nora", Role.COACH, telegram="43")
    page = await browser.open("/equipe/compte")
    csrf = page.form("/equipe/sortir").fields["csrf"]
    await browser.post("/equipe/compte/quitter", {"csrf": csrf, "channel": "telegram", "staff_id": nora.id})
    with services.database.read() as uow:
        assert staff_addresses.joined(uow, nora.id) == {"telegram": "43"}
    assert sam.id != nora.id


async def test_the_home_leads_where_one_may_go(
    browser: Browser, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [
        Link("Agenda", "/equipe/x", Act.SEE_AGENDA),
        Link("Journal", "/equipe/y", Act.SEE_LOG, "qui a fait quoi"),
    ]
    monkeypatch.setattr(team_pages, "LINKS", links)
    shown = {}
    for role in (Role.COACH, Role.ADMIN, Role.SAFEGUARDING):
        people.signed_in(services, browser.client, people.add(services, role, role))
        page = await browser.open("/equipe")
        shown[role] = [link for link in page.links if link in ("/equipe/x", "/equipe/y")]

    assert shown == {
        Role.COACH: ["/equipe/x"],
        Role.ADMIN: ["/equipe/x", "/equipe/y"],
        Role.SAFEGUARDING: ["/equipe/x"],
    }


async def test_a_name_is_shown_as_it_is_written(browser: Browser, services: Services) -> None:
    people.signed_in(services, browser.client, people.add(services, "<script>x</script> & Co", Role.COACH))
    page = await browser.open("/equipe/compte")

    assert "<script>x" not in page.html
    assert "<script>x</script> & Co" in page.words
