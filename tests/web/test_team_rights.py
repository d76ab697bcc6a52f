"""Who may do what: the whole table of roles and acts, and every route of the team's areas with every role and with nobody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.application import team, team_words
from bot.application.rights import ALLOWED, OPERATOR, Act, Actor, NotAllowed, Role, learner, may, require
from bot.application.services import Services
from bot.application.signing_in import AREAS, MENTORS, TEAM, Area
from bot.web import team as door
from bot.web.team import guarded
from tests.support import team as people
from tests.web.browsing import Browser

L, M, C, S, P, A = Role.LEARNER, Role.MENTOR, Role.COACH, Role.STAFF, Role.SAFEGUARDING, Role.ADMIN
# Written out a second time on purpose: a change of rights is a decision, and shows here.
TABLE: dict[Act, set[Role]] = {
    Act.TAKE_PART: {L},
    Act.SEE_TEAM_PAGES: {C, S, P, A},
    Act.SEE_MENTOR_PAGES: {M},
    Act.SEE_AGENDA: {C, S, P, A},
    Act.WRITE_AGENDA: {C, S, A},
    Act.MOVE_GATHERING: {C, S, A},
    Act.CANCEL_GATHERING: {C, S, A},
    Act.SEE_PARTICIPANTS: {C, S, A},
    Act.CHOOSE_PARTICIPANTS: {C, S, A},
    Act.NOTE_ATTENDANCE: {C, S, A},
    Act.WRITE_HOLIDAYS: {S, A},
    Act.WRITE_STANDS: {C, S, A},
    Act.SEE_FAIR_BOARD: {C, S, A},
    Act.WRITE_GROUPS: {C, S, A},
    Act.CONFIRM_AGREEMENTS: {C, S, A},
    Act.CORRECT_CATALOGUE: {S, A},
    Act.SEE_TEAM: {S, A},
    Act.ADD_STAFF: {A},
    Act.CLOSE_STAFF: {A},
    Act.GRANT_ROLES: {A},
    Act.SEE_LOG: {A},
    Act.READ_CASES: {P},
    Act.ANSWER_QUESTIONS: {M},
    Act.REVIEW_ANSWERS: {C, S, A},
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_each_cell_of_the_table(role: Role, act: Act) -> None:
    actor = Actor("x", frozenset({role}))

    assert may(actor, act) is (role in TABLE[act])
    if role in TABLE[act]:
        require(actor, act)
    else:
        with pytest.raises(NotAllowed):
            require(actor, act)


def test_every_act_is_in_the_table_and_has_words() -> None:
    assert set(Act) == set(TABLE) == set(ALLOWED) == {Act.TAKE_PART, *team_words.ACTS}


def test_nobody_may_do_anything_and_the_operator_is_no_learner_and_reads_no_case() -> None:
    assert [act for act in Act if may(Actor("", frozenset()), act)] == []
    assert [act for act in Act if may(learner("x"), act)] == [Act.TAKE_PART]
    assert not may(OPERATOR, Act.READ_CASES)
    assert not may(OPERATOR, Act.TAKE_PART)


# ---------------------------------------------------------------- every route


def team_routes(routes: list[BaseRoute]) -> Iterator[tuple[Area, Route]]:
    for route in routes:
        area = door.area_of(getattr(route, "path", ""))
        if area is not None:
            assert isinstance(route, Route), f"{route} under {area.path} cannot be crawled"
            yield area, route


def undeclared(routes: list[BaseRoute]) -> list[str]:
    """Routes of an area that say neither which act they need nor that they are open to all."""
    return [route.path for _area, route in team_routes(routes) if not hasattr(route.endpoint, "act")]


def address(route: Route) -> str:
    """An address that the route takes, of things that do not exist."""
    return route.path_format.format(
        **{
            name: "1" if type(convertor).__name__ == "IntegerConvertor" else "abc"
            for name, convertor in route.param_convertors.items()
        }
    )


OPEN = {
    f"{area.path}/entrer{rest}" for area in AREAS for rest in ("", "/code", "/{token}")
} | {"/equipe/bienvenue/{token}"}  # fmt: skip


def test_every_route_declares_its_act_and_only_the_ways_in_are_open(app: Starlette) -> None:
    assert undeclared(app.routes) == []
    assert {route.path for _, route in team_routes(app.routes) if route.endpoint.act is None} == OPEN  # type: ignore[attr-defined]


def test_a_route_that_declares_nothing_is_found() -> None:
    async def forgotten(_request: Request) -> Response:
        return PlainTextResponse("oups")

    assert undeclared([Route("/equipe/oubli", forgotten)]) == ["/equipe/oubli"]


WHO = [None, *(role for role in Role if role is not Role.LEARNER)]


@pytest.mark.parametrize("role", WHO)
async def test_every_route_answers_each_role_as_the_table_says(
    app: Starlette, services: Services, browser: Browser, role: Role | None
) -> None:
    wrong: list[Any] = []
    for area, route in team_routes(app.routes):
        act: Act | None = route.endpoint.act  # type: ignore[attr-defined]
        for method in sorted((route.methods or set()) - {"HEAD"}):
            browser.client.cookies.clear()
            token = ""
            if role is not None:
                actor = people.add(services, "Sam", role)
                token = people.signed_in(services, browser.client, actor, area)
            response = await browser.client.request(
                method,
                address(route),
                data=people.form(services, token) if method != "GET" else None,
                headers={"Sec-Fetch-Site": "same-origin"},
                follow_redirects=False,
            )
            allowed = act is not None and role is not None and role in TABLE[act]
            if not _expected(act, response.status_code, response.headers, allowed=allowed, nobody=role is None, area=area):  # fmt: skip
                wrong.append((method, route.path, act, role, response.status_code))

    assert wrong == []


def _expected(act: Act | None, status: int, headers: Any, *, allowed: bool, nobody: bool, area: Area) -> bool:
    if act is None:
        return status < 500
    if nobody:
        return status == 303 and headers["location"].startswith(f"{area.path}/entrer")
    if not allowed:
        return status == 403
    # the thing does not exist, or the form is empty: anything but a refusal of the right
    return status < 500 and status not in (401, 403)


@pytest.mark.parametrize("form", [{}, {"csrf": ""}, {"csrf": "0" * 32}])
async def test_every_post_needs_a_form_of_ours(
    app: Starlette, services: Services, browser: Browser, form: dict[str, str]
) -> None:
    admitted = []
    for area, route in team_routes(app.routes):
        if "POST" in (route.methods or ()) and route.endpoint.act is not None:  # type: ignore[attr-defined]
            actor = people.add(services, "Sam", *(role for role in Role if role is not Role.LEARNER))
            people.signed_in(services, browser.client, actor, area)
            answer = await browser.client.post(address(route), data=form, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)  # fmt: skip
            if answer.status_code != 403:
                admitted.append((route.path, answer.status_code))

    assert admitted == []


async def test_every_post_from_another_site_is_refused(app: Starlette, services: Services, browser: Browser) -> None:  # fmt: skip
    admitted = []
    for area, route in team_routes(app.routes):
        if "POST" in (route.methods or ()):
            actor = people.add(services, "Sam", *(role for role in Role if role is not Role.LEARNER))
            token = people.signed_in(services, browser.client, actor, area)
            sent = people.form(services, token)
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://voleur.example"}):
                answer = await browser.client.post(address(route), data=sent, headers=headers)
                if answer.status_code != 403:
                    admitted.append((route.path, headers))

    assert admitted == []


async def test_every_page_has_the_headers(app: Starlette, services: Services, browser: Browser) -> None:
    services.settings.base_url = "https://boussole.example"
    actor = people.add(services, "Sam", *(role for role in Role if role is not Role.LEARNER))
    for area, route in team_routes(app.routes):
        if "GET" in (route.methods or ()):
            people.signed_in(services, browser.client, actor, area)
            headers = (await browser.client.get(address(route))).headers
            assert headers["cache-control"] == "no-store", route.path
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"


# ---------------------------------------------------------------- rights are those of this moment


async def test_a_role_that_is_lost_is_lost_at_once(services: Services, browser: Browser) -> None:
    actor = people.add(services, "Sam", Role.COACH, Role.ADMIN)
    for change in ("revoke", "close"):
        people.signed_in(services, browser.client, actor)
        await browser.open("/equipe")
        assert browser.response.url.path == "/equipe"
        with services.database.begin() as uow:
            if change == "revoke":
                team.revoke(uow, OPERATOR, actor.id, Role.ADMIN)
            else:
                team.close(uow, OPERATOR, actor.id)
        await browser.open("/equipe")
        assert browser.response.url.path == "/equipe/entrer", change
        browser.client.cookies.clear()


async def test_a_learner_and_a_stranger_with_a_cookie_of_elsewhere_come_in_nowhere(
    services: Services, browser: Browser, new_browser: Callable[..., Browser]
) -> None:
    await browser.enrol()
    token = browser.cookie or ""
    for area in AREAS:
        browser.client.cookies.set(door.cookie_name(services, area), token, domain="127.0.0.1", path="/")
        await browser.open(area.path)
        assert browser.response.url.path == f"{area.path}/entrer"
    mentor = people.add(services, "Mo", Role.MENTOR)
    other = new_browser()
    value = people.signed_in(services, other.client, mentor, MENTORS)
    other.client.cookies.set(door.cookie_name(services, TEAM), value, domain="127.0.0.1", path="/")
    await other.open("/equipe")
    assert other.response.url.path == "/equipe/entrer"


async def test_learner_and_colleague_live_side_by_side_in_one_browser(services: Services, browser: Browser) -> None:  # fmt: skip
    await browser.enrol()
    people.signed_in(services, browser.client, people.add(services, "Sam", Role.COACH))
    page = await browser.open("/equipe")
    assert "Bonjour Sam" in page.words
    await browser.post("/equipe/sortir", page.form("/equipe/sortir").fields)
    page = await browser.open("/mes-donnees")
    assert "Lou" in page.words


async def test_what_a_handler_refuses_is_a_403_in_french(services: Services, app: Starlette, browser: Browser) -> None:  # fmt: skip
    async def refuse(_request: Request, actor: Actor) -> Response:
        require(actor, Act.READ_CASES)
        return PlainTextResponse("jamais")

    app.router.routes.insert(0, Route("/equipe/essai", guarded(Act.SEE_AGENDA)(refuse)))
    people.signed_in(services, browser.client, people.add(services, "Sam", Role.COACH))
    page = await browser.open("/equipe/essai")

    assert browser.response.status_code == 403
    assert "Votre rôle ne permet pas cela" in page.words


async def test_what_was_typed_survives_the_end_of_the_session(
    services: Services, app: Starlette, browser: Browser, clock: Any
) -> None:
    received: list[Any] = []

    async def keep(request: Request, _actor: Actor) -> Response:
        form = await request.form()
        received.append([pair for pair in form.multi_items() if pair[0] != "csrf"])
        return PlainTextResponse("gardé")

    app.router.routes.insert(0, Route("/equipe/essai", guarded(Act.WRITE_AGENDA)(keep), methods=["POST"]))
    actor = people.add(services, "Sam", Role.COACH, email="sam@centre.be", password=people.PASSWORD)
    token = people.signed_in(services, browser.client, actor)
    typed = {"titre": "Rencontre d’été <b>", "note": "longue\nhistoire"}
    clock.move(minutes=31)
    page = await browser.post("/equipe/essai", {**people.form(services, token), **typed, "qui": ["a", "b"]})
    assert browser.response.status_code == 401
    assert "gardé" in page.words
    sign_in = {**page.form("/equipe/entrer").fields, "email": "sam@centre.be", "way": "password"}
    page = await browser.post("/equipe/entrer", {**sign_in, "password": "pas encore le bon"})
    sign_in["carried"] = page.form("/equipe/entrer").fields["carried"]  # kept over a slip
    page = await browser.post("/equipe/entrer", {**sign_in, "password": people.PASSWORD})
    assert received == []
    again = page.form("/equipe/essai").fields
    assert {name: again[name] for name in typed} == {**typed, "note": "longue\nhistoire"}
    await browser.post("/equipe/essai", {**again, "qui": ["a", "b"]})
    assert browser.response.text == "gardé"
    assert received == [[*typed.items(), ("qui", "a"), ("qui", "b")]]


async def test_a_form_that_is_not_ours_is_not_carried(
    services: Services, browser: Browser, clock: Any
) -> None:
    people.signed_in(services, browser.client, people.add(services, "Sam", Role.COACH))
    clock.move(minutes=31)
    await browser.post("/equipe/compte/rejoindre", {"csrf": "0" * 32})

    assert browser.response.url.path == "/equipe/entrer"
    assert "carried" not in browser.page.form("/equipe/entrer").fields
