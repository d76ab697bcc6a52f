"""A fair on the web: stands and one's own, a programme to print, notes that are kept once and read by safety first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.application import fair_notes as noting
from bot.application.services import Services
from bot.web import fair_notes
from bot.web.guard import Counter
from storage import cases, conversations, stands
from storage.database import Database
from storage.gatherings import Gathering, Kind
from storage.stands import Stand
from tests.bot.happening import gathering
from tests.support.centre import services_for
from tests.support.databases import Clock
from tests.web.browsing import HERE, Browser
from tests.web.coming_in import act, come_in, profile_of

STANDS = [
    Stand("Haute École du Pont", "A10", "Graphisme, son", link="https://pont.example"),
    Stand("Imprimerie Dubois", "A2", "Un métier à essayer"),
    Stand("Studio Lumen"),
]


@pytest.fixture
def services(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    made = services_for(database, clock, tmp_path)
    yield made
    made.executor.shutdown()


@pytest.fixture(autouse=True)
def counter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_notes, "_sent", Counter(60))


@pytest.fixture
def fair(database: Database) -> Gathering:
    held = gathering(database, Kind.FAIR, title="Forum", domain="")
    with database.begin() as uow:
        stands.put(uow, held.id, STANDS)
    return held


def _note(database: Database, person: str, **values: Any) -> None:
    with database.begin() as uow:
        conversations.note(uow, person, {name.replace("_", "."): value for name, value in values.items()})


def visits(database: Database, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = profile_of(database, person).get("fair.visits", [])
    return found


async def test_one_s_own_stands_and_questions_stand_first(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    person = come_in(services, browser)
    with database.read() as uow:
        lumen = next(one for one in stands.of_gathering(uow, fair.id) if one.name == "Studio Lumen")
    _note(
        database,
        person,
        fair_targets=[lumen.id, "imprimerie dubois", "Un inconnu"],
        fair_questions=["Ça gagne bien ?"],
    )
    page = await browser.open(f"/forum/{fair.number}")
    mine = page.words[page.words.index("Tes stands") : page.words.index("Qui sera là")]
    for said in ("Studio Lumen", "Imprimerie Dubois, A2", "Un inconnu", "Ça gagne bien ?"):
        assert said in mine
    assert "Haute École" not in mine
    page = await browser.open(f"/forum/{fair.number}/programme")
    assert page.words.index("Imprimerie Dubois") < page.words.index("Haute École du Pont")  # A2, then A10
    assert page.html.count('class="stand mine"') == 2


async def test_the_programme_is_also_a_file_without_anything_of_anybody(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    come_in(services, browser)
    await browser.open(f"/forum/{fair.number}/programme.pdf")
    assert browser.response.headers["content-type"] == "application/pdf"
    assert browser.response.content.startswith(b"%PDF-")
    lab = gathering(database)
    await browser.open(f"/forum/{lab.number}/programme.pdf")
    assert browser.response.status_code == 404


async def test_a_visit_sees_the_stands_and_nothing_of_anybody(browser: Browser, fair: Gathering) -> None:
    page = await browser.open(f"/forum/{fair.number}")
    assert "Studio Lumen" in page.words
    assert "Tes stands" not in page.words
    page = await browser.open(f"/forum/{fair.number}/notes")
    assert "Je ne te reconnais pas" in page.words


async def test_what_is_no_fair_leads_to_the_agenda(browser: Browser, database: Database) -> None:
    held = gathering(database)
    await browser.open(f"/forum/{held.number}")
    assert browser.response.url.path == f"/agenda/{held.number}"
    await browser.open(f"/forum/{held.number}/notes")
    assert browser.response.status_code == 404


async def test_a_note_is_kept_by_a_plain_form_and_once_however_often_it_comes(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    person, path = come_in(services, browser), f"/forum/{fair.number}/notes"
    page = await browser.open(path)
    sent = {**page.form(path).fields, "other": " Studio  Lumen ", "rating": "3", "words": "Le son\r\nen vrai"}
    for _ in range(3):
        page = await browser.post(path, sent)
        assert "C’est noté." in page.words
    assert [
        {key: one.get(key) for key in ("stand", "rating", "note")} for one in visits(database, person)
    ] == [{"stand": "Studio Lumen", "rating": 3, "note": "Le son\nen vrai"}]
    assert "Studio Lumen" in page.words
    page = await browser.open("/mes-donnees")
    assert "Studio Lumen" in page.words
    assert fair.id not in page.words


async def test_a_note_that_was_erased_does_not_come_back(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    person, path = come_in(services, browser), f"/forum/{fair.number}/notes"
    page = await browser.open(path)
    sent = {**page.form(path).fields, "other": "Studio Lumen"}
    await browser.post(path, sent)
    _note(database, person, fair_visits=[])
    await browser.post(path, sent)
    assert visits(database, person) == []


async def test_what_a_conversation_noted_stays_beside(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    person, path = come_in(services, browser), f"/forum/{fair.number}/notes"
    _note(database, person, fair_visits=[{"stand": "Avant", "rating": "1"}, {"best": "La forge"}])
    page = await browser.open(path)
    assert "Avant" in page.words
    await act(browser, path, key="clef-12345", other="Après")
    assert [one.get("stand") for one in visits(database, person)] == ["Avant", None, "Après"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"other": " "}, "Il manque le nom du stand."),
        ({"other": "x" * 121}, "un peu long"),
        ({"other": "Stand", "words": "x" * 201}, "un peu long"),
        ({"other": "Stand", "key": "<script>"}, "trop ancienne"),
        ({"other": "Stand", "key": ""}, "trop ancienne"),
    ],
)
async def test_what_cannot_be_kept_is_said_and_given_back(
    browser: Browser,
    services: Services,
    database: Database,
    fair: Gathering,
    fields: dict[str, str],
    said: str,
) -> None:
    person, path = come_in(services, browser), f"/forum/{fair.number}/notes"
    await browser.open(path)
    page = await act(browser, path, **{"key": "clef-12345", "words": "mes mots", **fields})
    assert browser.response.status_code == 422
    assert said in page.words
    assert page.form(path).fields["words"] == fields.get("words", "mes mots")
    assert visits(database, person) == []


async def test_distress_in_a_note_opens_the_help_and_the_note_stays_without_its_words(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    person, path = come_in(services, browser), f"/forum/{fair.number}/notes"
    await browser.open(path)
    for _ in range(2):
        await browser.open(path)
        page = await act(
            browser, path, key="clef-12345", other="Studio Lumen", rating="1", words="je veux mourir"
        )
    assert "103" in (await browser.open("/chat")).words
    (kept,) = visits(database, person)
    assert (kept["stand"], kept["rating"], kept.get("note")) == ("Studio Lumen", 1, None)
    with database.read() as uow:
        assert len(cases.waiting(uow)) == 1
    assert "mourir" not in page.words


async def test_the_script_is_told_in_json(
    browser: Browser, services: Services, database: Database, fair: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/forum/{fair.number}/notes"
    script = {**HERE, "X-Boussole": "1"}

    async def send(**fields: str) -> tuple[int, Any]:
        answer = await browser.client.post(path, data=fields, headers=script)
        return answer.status_code, answer.json()

    assert (await browser.client.get(f"{path}/jeton")).status_code == 401
    assert (await send(key="clef-12345", other="Stand"))[0] == 401
    person = come_in(services, browser)
    known = (await browser.client.get(f"{path}/jeton")).json()
    assert person not in str(known)
    csrf = known["csrf"]
    assert (await send(key="clef-12345", other="Stand", csrf="faux"))[0] == 403
    assert await send(key="clef-12345", other="Stand", csrf=csrf) == (200, {"kept": True, "redirect": ""})
    assert (await send(key="clef-12346", csrf=csrf))[0] == 422
    alarm = await send(key="clef-12347", other="Stand", words="je veux mourir", csrf=csrf)
    assert alarm == (200, {"kept": True, "redirect": "/chat#fin"})
    monkeypatch.setattr(fair_notes, "_sent", Counter(0))
    assert (await send(key="clef-12348", other="Stand", csrf=csrf))[0] == 429
    assert [one["id"] for one in visits(database, person)] == ["clef-12345", "clef-12347"]


async def test_the_page_kept_for_later_holds_nothing_of_anybody(
    browser: Browser, services: Services, database: Database, fair: Gathering
) -> None:
    person = come_in(services, browser)
    _note(database, person, fair_targets=["Studio Secret"], fair_visits=[{"stand": "Vu hier"}])
    csrf = (
        (await browser.open(f"/forum/{fair.number}/notes")).form(f"/forum/{fair.number}/notes").fields["csrf"]
    )
    page = await browser.open(f"/forum/{fair.number}/notes/hors-ligne")
    for mine in ("Studio Secret", "Vu hier", csrf):
        assert mine not in page.html
    alone = Browser(browser.client._transport.app)  # type: ignore[attr-defined]
    key = page.form(f"/forum/{fair.number}/notes").fields["key"]
    seen = await alone.open(f"/forum/{fair.number}/notes/hors-ligne")
    other = seen.form(f"/forum/{fair.number}/notes").fields["key"]
    assert page.html.replace(key, "") == seen.html.replace(other, "")
    await alone.client.aclose()


async def test_nobody_keeps_more_than_a_fair_s_worth(
    browser: Browser, services: Services, database: Database, fair: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(noting, "MOST", 2)
    person, path = come_in(services, browser), f"/forum/{fair.number}/notes"
    for number in range(3):
        await browser.open(path)
        await act(browser, path, key=f"clef-1234{number}", other="Stand")
    assert browser.response.status_code == 422
    assert len(visits(database, person)) == 2
