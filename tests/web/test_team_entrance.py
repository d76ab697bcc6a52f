"""People of the centre come in: passwords, links, figures, invitations; strangers, floods and thieves do not."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from bot.application import team
from bot.application.passwords import COST, Cost, Hasher
from bot.application.rights import OPERATOR, Actor, Role
from bot.application.sample import FOR_EVER
from bot.application.services import Services
from storage import meta, outbox, staff, staff_links, staff_log, staff_sessions
from storage.outbox import OutboxRow
from tests.support import team as people
from tests.support.databases import Clock
from tests.support.team import PASSWORD
from tests.web.browsing import Browser

SAM = "sam@centre.be"
COOKIE, ASKING = "boussole-equipe", "boussole-equipe-demande"


@pytest.fixture
def sam(services: Services) -> Actor:
    return people.add(services, "Sam", Role.COACH, email=SAM, password=PASSWORD)


async def enter(browser: Browser, email: str = SAM, password: str = PASSWORD, path: str = "/equipe", **more: str) -> None:  # fmt: skip
    await browser.open(f"{path}/entrer")
    given = {**browser.page.form(f"{path}/entrer").fields, "email": email, "password": password}
    await browser.post(f"{path}/entrer", {**given, "way": "password", **more})


async def ask_link(browser: Browser, email: str = SAM) -> None:
    await browser.open("/equipe/entrer")
    given = {**browser.page.form("/equipe/entrer").fields, "email": email}
    await browser.post("/equipe/entrer", {**given, "way": "link"})


def messages(services: Services, channel: str = "telegram") -> list[OutboxRow]:
    with services.database.begin() as uow:
        return outbox.claim(uow, channel, 20, "test")


def link_and_figures(text: str) -> tuple[str, str]:
    link = re.search(r"http://\S+(/equipe/entrer/\S+)", text)
    figures = re.search(r"^(\d{4} \d{4})$", text, re.MULTILINE)
    assert link
    assert figures
    return link[1], figures[1]


def logged(services: Services) -> list[tuple[str, str, dict[str, Any]]]:
    with services.database.read() as uow:
        assert staff_log.verify(uow).sound
        found = staff_log.latest(uow)[::-1]
    return [(one.act, one.about, {k: v for k, v in one.detail.items() if k != "salt"}) for one in found]


# ---------------------------------------------------------------- a password


async def test_a_password_opens_the_home(browser: Browser, services: Services, sam: Actor) -> None:
    await enter(browser)

    assert browser.response.url.path == "/equipe"
    assert "Bonjour Sam" in browser.page.words
    assert "coach" in browser.page.words
    assert logged(services)[-1] == ("signed_in", sam.id, {"way": "password", "area": "equipe"})


@pytest.mark.parametrize(
    ("email", "password"),
    [(SAM, "autre cheval sans pile"), ("inconnu@centre.be", PASSWORD), (SAM, PASSWORD + " "), ("nora@centre.be", PASSWORD)],
)  # fmt: skip
@pytest.mark.usefixtures("sam")
async def test_a_wrong_one_and_an_unknown_address_get_the_same_page(
    browser: Browser, services: Services, email: str, password: str
) -> None:
    people.add(services, "Nora", Role.COACH, email="nora@centre.be")  # she has no password
    await enter(browser, email, password)
    shown = browser.page.html.replace(email, "…")
    await enter(browser, SAM, "encore un autre mot faux")

    assert browser.response.status_code == 401
    assert "L’adresse ou le mot de passe ne va pas" in browser.page.words
    assert re.sub(r'value="[^"]*"', "", shown) == re.sub(r'value="[^"]*"', "", browser.page.html.replace(SAM, "…"))  # fmt: skip
    assert PASSWORD not in browser.page.html


class Counted(Hasher):
    def __init__(self) -> None:
        super().__init__()
        self.compared = 0

    def compare(self, kept: str, password: str) -> bool:
        self.compared += 1
        return super().compare(kept, password)


@pytest.mark.parametrize("email", [SAM, "inconnu@centre.be", "nora@centre.be", "parti@centre.be"])
@pytest.mark.usefixtures("sam")
async def test_an_unknown_address_costs_as_much_as_a_known_one(
    browser: Browser, services: Services, app: Starlette, email: str
) -> None:
    people.add(services, "Nora", Role.COACH, email="nora@centre.be")
    gone = people.add(services, "Parti", Role.COACH, email="parti@centre.be", password=PASSWORD)
    with services.database.begin() as uow:
        team.close(uow, OPERATOR, gone.id)
    hasher = app.state.hasher = Counted()
    await enter(browser, email, "pas le bon mot de passe")

    assert hasher.compared == 1
    assert browser.response.status_code == 401


@pytest.mark.usefixtures("sam")
async def test_five_tries_a_quarter_of_an_hour_and_no_lock(
    browser: Browser, new_browser: Callable[..., Browser], app: Starlette, clock: Clock
) -> None:  # fmt: skip
    for _ in range(5):
        await enter(browser, password="faux faux faux faux")
        assert browser.response.status_code == 401
    hasher = app.state.hasher = Counted()
    await enter(browser)
    assert browser.response.status_code == 429
    assert "pas bloqué" in browser.page.words
    assert hasher.compared == 0  # a flood costs nothing
    elsewhere = new_browser()
    elsewhere.client._transport.client = ("10.0.0.9", 1)  # type: ignore[attr-defined]
    await enter(elsewhere)
    assert "Bonjour Sam" in elsewhere.page.words  # from elsewhere the account is open as ever
    clock.move(minutes=15, seconds=1)
    await enter(browser)
    assert "Bonjour Sam" in browser.page.words


@pytest.mark.usefixtures("sam")
async def test_a_success_begins_the_count_anew(browser: Browser) -> None:
    for _ in range(3):
        for _ in range(4):
            await enter(browser, password="faux faux faux faux")
        await enter(browser)
        assert "Bonjour Sam" in browser.page.words
        form = browser.page.form("/equipe/sortir")
        await browser.post("/equipe/sortir", form.fields)


async def test_one_place_cannot_try_a_whole_list_of_addresses(browser: Browser, app: Starlette) -> None:
    app.state.hasher = Counted()
    for number in range(45):
        await enter(browser, f"n{number}@centre.be")

    assert app.state.hasher.compared == 40
    assert browser.response.status_code == 429


async def test_a_hash_of_another_cost_is_made_anew(
    browser: Browser, services: Services, app: Starlette, sam: Actor
) -> None:
    def kept() -> str:
        with services.database.read() as uow:
            return staff.password(uow, sam.id) or ""

    before = kept()
    app.state.hasher = Hasher(Cost(time=2, memory=16, lanes=1))
    await enter(browser)
    assert "Bonjour Sam" in browser.page.words
    assert "m=16,t=2" in kept()
    assert kept() != before
    assert Hasher(COST).is_old(kept())


@pytest.mark.usefixtures("sam")
async def test_every_sign_in_has_a_new_cookie_and_ends_the_one_before(browser: Browser, services: Services) -> None:  # fmt: skip
    await enter(browser)
    first = browser.client.cookies[COOKIE]
    del browser.client.cookies[COOKIE]
    browser.client.cookies.set(COOKIE, "pose-par-un-voleur", domain="127.0.0.1", path="/")
    await enter(browser)
    second = browser.client.cookies[COOKIE]
    await browser.open("/equipe/entrer")
    with services.database.read() as uow:
        alive = [staff_sessions.find(uow, token, "equipe") is not None for token in (first, second)]

    assert second not in ("pose-par-un-voleur", first)
    assert alive == [True, True]  # another browser's session is left alone
    assert ASKING not in browser.client.cookies


@pytest.mark.usefixtures("sam")
async def test_a_form_from_elsewhere_lets_nobody_in(browser: Browser) -> None:
    fields = {"email": SAM, "password": PASSWORD, "way": "password"}
    for csrf in ("", "0" * 32):
        await browser.post("/equipe/entrer", {**fields, "csrf": csrf})
        assert browser.response.status_code == 403
        assert COOKIE not in browser.client.cookies
    given = browser.page.form("/equipe/entrer").fields
    assert given["email"] == SAM  # what was typed is still there
    await browser.post("/equipe/entrer", {**given, **fields, "csrf": given["csrf"]})
    assert "Bonjour Sam" in browser.page.words


@pytest.mark.usefixtures("sam")
async def test_where_one_was_going_is_never_another_site(browser: Browser) -> None:
    await browser.open("/equipe/compte")
    assert browser.response.url.path == "/equipe/entrer"
    assert browser.page.form("/equipe/entrer").fields["suite"] == "/equipe/compte"
    for suite in ("https://voleur.example/", "//voleur.example", "/equipe/../x\\", "/\\voleur.example", "/chat", "javascript:x", "/equipe@voleur.example", "/equipe\n"):  # fmt: skip
        await browser.open("/equipe/entrer")
        given = {**browser.page.form("/equipe/entrer").fields, "email": SAM, "password": PASSWORD}
        response = await browser.client.post("/equipe/entrer", data={**given, "way": "password", "suite": suite}, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)  # fmt: skip
        assert response.headers["location"] == "/equipe", suite
        browser.client.cookies.clear()


@pytest.mark.usefixtures("sam")
async def test_cookies_are_strict_where_the_site_is_secure(
    services: Services, new_browser: Callable[..., Browser]
) -> None:
    services.settings.base_url = "https://boussole.example"
    browser = new_browser(base="https://boussole.example")
    await browser.open("/equipe/entrer")
    given = {**browser.page.form("/equipe/entrer").fields, "email": SAM, "password": PASSWORD}
    response = await browser.client.post("/equipe/entrer", data={**given, "way": "password"}, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)  # fmt: skip

    cookie = next(one for one in response.headers.get_list("set-cookie") if "demande" not in one)
    assert cookie.startswith("__Host-boussole-equipe=")
    for part in ("Path=/", "HttpOnly", "Secure", "SameSite=lax"):
        assert part in cookie, part
    assert "Domain" not in cookie
    assert response.headers["cache-control"] == "no-store"


async def test_a_mentor_is_told_the_way_to_their_own_area(browser: Browser, services: Services) -> None:
    people.add(services, "Mo", Role.MENTOR, email="mo@centre.be", password=PASSWORD)
    await enter(browser, "mo@centre.be")
    assert "/mentorat/entrer" in browser.page.words
    assert COOKIE not in browser.client.cookies
    await enter(browser, "mo@centre.be", path="/mentorat")
    assert browser.response.url.path == "/mentorat"
    assert "Bonjour Mo" in browser.page.words
    await browser.open("/equipe")
    assert browser.response.url.path == "/equipe/entrer"


# ---------------------------------------------------------------- a link and its figures


@pytest.fixture
def chatting(services: Services) -> Actor:
    services.settings.telegram_token = "1:x"
    return people.add(services, "Sam", Role.COACH, email=SAM, telegram="42")


async def test_the_link_works_in_the_browser_that_asked_and_once(
    browser: Browser, new_browser: Callable[..., Browser], services: Services, chatting: Actor
) -> None:
    await ask_link(browser)
    (row,) = messages(services)
    link, _figures = link_and_figures(row.body["text"])
    assert (row.kind, row.recipient, row.person_id) == ("sign_in", chatting.id, None)
    assert row.expires_at is not None
    assert (row.expires_at - row.created_at).total_seconds() == 600

    other = new_browser()
    for _ in range(2):  # as it comes, then with a cookie of its own
        await other.open(link)
        assert other.response.status_code == 410
        assert "8 chiffres" in other.page.words
    await other.open("/equipe/entrer")
    await other.post(link, other.page.form("/equipe/entrer").fields)
    assert COOKIE not in other.client.cookies

    await browser.open(link)  # opened once by the messenger, once by the person: nothing is used up
    await browser.open(link)
    assert COOKIE not in browser.client.cookies
    fields = browser.page.form(link).fields
    await browser.post(link, fields)
    assert "Bonjour Sam" in browser.page.words
    await browser.post(link, fields)  # the second click
    assert "Bonjour Sam" in browser.page.words
    browser.client.cookies.clear()
    await browser.open(link)
    assert browser.response.status_code == 410


@pytest.mark.usefixtures("chatting")
async def test_the_figures_work_where_they_were_asked_for(
    browser: Browser, new_browser: Callable[..., Browser], services: Services
) -> None:
    await ask_link(browser)
    (row,) = messages(services)
    figures = link_and_figures(row.body["text"])[1]
    other = new_browser()
    await other.open("/equipe/entrer/code")
    form = other.page.form("/equipe/entrer/code")
    await other.post("/equipe/entrer/code", {**form.fields, "code": figures})
    assert other.response.status_code == 401
    form = browser.page.form("/equipe/entrer/code")
    await browser.post("/equipe/entrer/code", {**form.fields, "code": "0000 0000"})
    assert browser.response.status_code == 401
    await browser.post("/equipe/entrer/code", {**browser.page.form("/equipe/entrer/code").fields, "code": figures})  # fmt: skip

    assert "Bonjour Sam" in browser.page.words
    assert [act for act, *_ in logged(services)][-3:] == ["sign_in_failed", "sign_in_failed", "signed_in"]


@pytest.mark.usefixtures("chatting")
async def test_asking_for_a_link_tells_nothing(browser: Browser, services: Services) -> None:
    pages = []
    for email in (SAM, "inconnu@centre.be"):
        await ask_link(browser, email)
        pages.append((browser.response.status_code, re.sub(r'value="[^"]*"', "", browser.page.html)))
    assert pages[0] == pages[1]
    assert len(messages(services)) == 1
    answers = []
    for email in (SAM, "inconnu@centre.be"):
        for _ in range(5):
            await ask_link(browser, email)
        answers.append(browser.response.status_code)
    assert answers == [429, 429]


@pytest.mark.usefixtures("chatting")
async def test_nobody_is_flooded_with_links(services: Services, new_browser: Callable[..., Browser]) -> None:  # fmt: skip
    for number in range(8):
        browser = new_browser()
        browser.client._transport.client = (f"10.0.0.{number}", 1)  # type: ignore[attr-defined]
        for _ in range(3):
            await ask_link(browser)
    with services.database.read() as uow:
        rows = [row for row in (outbox.get(uow, number) for number in range(1, 40)) if row]

    assert len(rows) == 10


async def test_a_link_goes_by_mail_to_who_joined_no_chat(browser: Browser, services: Services, sam: Actor) -> None:  # fmt: skip
    services.settings.smtp_url, services.settings.mail_from = "smtp://localhost:1", "bot@centre.be"
    await ask_link(browser)
    (row,) = messages(services, "mail")

    assert row.recipient == sam.id
    assert "lien" in row.body["subject"]


@pytest.mark.usefixtures("sam")
async def test_without_any_way_to_write_only_passwords_are_offered(browser: Browser) -> None:
    page = await browser.open("/equipe/entrer")
    assert "Recevoir un lien" not in page.words
    await browser.post("/equipe/entrer", {**page.form("/equipe/entrer").fields, "email": SAM, "way": "link"})
    assert browser.response.status_code == 422


@pytest.mark.usefixtures("chatting")
async def test_nothing_secret_is_written_in_the_log(
    browser: Browser, services: Services, capfd: pytest.CaptureFixture[str]
) -> None:
    await enter(browser, "canari@centre.be", "canari canari canari")
    await ask_link(browser)
    (row,) = messages(services)
    link, figures = link_and_figures(row.body["text"])
    await browser.post("/equipe/entrer/code", {**browser.page.form("/equipe/entrer/code").fields, "code": figures})  # fmt: skip
    said = "".join(capfd.readouterr())
    facts = str(logged(services))

    for word in ("canari", link.rsplit("/", 1)[1], figures, SAM):
        assert word not in said, word
        assert word not in facts, word


# ---------------------------------------------------------------- an invitation


def invitation(services: Services, *roles: Role, email: str = SAM) -> str:
    with services.database.begin() as uow:
        return team.add(uow, OPERATOR, "Sam", roles or [Role.COACH], email).token


async def accept(browser: Browser, token: str, **fields: str) -> None:
    path = f"/equipe/bienvenue/{token}"
    await browser.open(path)
    await browser.post(path, {**browser.page.form(path).fields, "way": "password", **fields})


async def test_an_invitation_lets_choose_a_password_once(browser: Browser, services: Services) -> None:
    token = invitation(services)
    await browser.open(f"/equipe/bienvenue/{token}")
    assert "Bienvenue, Sam" in browser.page.words
    for password in ("court", "motdepasse2026", "sam sam sam sam", "12/11/2010-2026"):
        await accept(browser, token, password=password)
        assert browser.response.status_code == 422, password
        assert password not in browser.page.html
    await accept(browser, token, password=PASSWORD)
    assert "Bonjour Sam" in browser.page.words
    await browser.open(f"/equipe/bienvenue/{token}")
    assert browser.response.status_code == 410
    browser.client.cookies.clear()
    await enter(browser)
    assert "Bonjour Sam" in browser.page.words


async def test_without_a_way_for_links_a_password_is_needed(browser: Browser, services: Services) -> None:
    token = invitation(services)
    await accept(browser, token, way="link")
    assert browser.response.status_code == 422
    services.settings.smtp_url = "smtp://localhost:1"
    await accept(browser, token, way="link")
    assert "Bonjour Sam" in browser.page.words


async def test_who_has_no_address_gives_one(browser: Browser, services: Services) -> None:
    people.add(services, "Nora", Role.COACH, email="nora@centre.be")
    token = invitation(services, email="")
    for email in ("", "pas une adresse", "nora@centre.be"):
        await accept(browser, token, email=email, password=PASSWORD)
        assert browser.response.status_code == 422, email
    await accept(browser, token, email=" SAM@centre.be ", password=PASSWORD)
    assert "Bonjour Sam" in browser.page.words
    browser.client.cookies.clear()
    await enter(browser)
    assert "Bonjour Sam" in browser.page.words


async def test_a_new_invitation_ends_open_sessions_and_changes_the_password(
    browser: Browser, new_browser: Callable[..., Browser], services: Services, sam: Actor
) -> None:
    await enter(browser)
    with services.database.begin() as uow:
        token = team.invite(uow, OPERATOR, sam.id).token
    other = new_browser()
    await accept(other, token, password="tout autre chose ici")
    await browser.open("/equipe")
    assert browser.response.url.path == "/equipe/entrer"
    await enter(browser)
    assert browser.response.status_code == 401


async def test_a_mentor_is_welcomed_into_their_area(browser: Browser, services: Services) -> None:
    await accept(browser, invitation(services, Role.MENTOR), password=PASSWORD)

    assert browser.response.url.path == "/mentorat"
    assert "Bonjour Sam" in browser.page.words


async def test_a_made_up_colleague_comes_in_again_and_again_but_only_in_the_demonstration(
    browser: Browser, services: Services, clock: Clock
) -> None:
    with services.database.begin() as uow:
        member = staff.add(uow, "Coach d’exemple", sample=True)
        staff.grant(uow, member.id, "coach")
        token = staff_links.invite(uow, member.id, FOR_EVER)
    real = people.add(services, "Sam", Role.COACH, email=SAM)
    await accept(browser, token, way="sample")
    assert browser.response.status_code == 410
    services.settings.demo = True
    await accept(browser, token, way="sample")
    assert browser.response.status_code == 410  # the setting alone opens no real database
    with services.database.begin() as uow:
        meta.mark_sample(uow)
    for _ in range(2):
        await accept(browser, token, way="sample")
        assert "Bonjour Coach d’exemple" in browser.page.words
        browser.client.cookies.clear()
        clock.move(days=30)
    with services.database.begin() as uow:
        link = staff_links.invite(uow, real.id)
    await accept(browser, link, way="sample")
    assert browser.response.status_code == 410  # who is not made up chooses a password
