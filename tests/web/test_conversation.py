"""The conversation without script and with it: visits, consent, answers twice, older screens, bad input, trouble."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.application import turns
from bot.application.services import Services
from bot.web import chat
from bot.web.guard import Counter
from storage.database import Database
from storage.errors import DatabaseBusy, DiskFull, Unreachable
from storage.tables import messages, metadata, sessions
from tests.support.databases import Clock
from tests.web.browsing import Browser

WORDS = "Un truc que je ne veux pas retaper"


def rows(services: Services, *tables: Any) -> int:
    """How many rows there are in these tables (in all of them when none is named)."""
    with services.database.read() as uow:
        return sum(
            int(uow.connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in tables or metadata.sorted_tables
        )


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def to_a_picture_step(browser: Browser) -> None:
    """Enrolled, in the page of projects, where a picture may be sent."""
    await browser.enrol()
    await browser.type("menu")
    await browser.press("De mon projet à chez moi")
    await browser.press("Je le raconte")
    await browser.type("J'ai codé un petit jeu avec ma cousine.")
    assert 'type="file"' in browser.page.html


# ---------------------------------------------------------------- before consent


async def test_a_visit_leaves_nothing_on_the_server_and_no_cookie(
    browser: Browser, services: Services
) -> None:
    before = rows(services)
    await browser.open("/chat")
    await browser.press("13 à 15 ans")
    await browser.type("Lou")
    for step in ("Sans préciser", "Textes normaux", "3e", "Non merci"):
        await browser.press(step)

    assert rows(services) == before
    assert browser.cookie is None
    assert "mode visite" in browser.page.words


async def test_each_answer_of_a_visit_comes_back_in_the_page_itself(browser: Browser) -> None:
    await browser.open("/chat")
    await browser.press("13 à 15 ans")
    await browser.type("Lou")

    assert browser.response.history == []
    assert "Lou" in browser.page.words
    assert browser.page.chat.fields["visit"]


async def test_a_visit_of_more_than_an_hour_says_so_and_gives_the_words_back(
    browser: Browser, clock: Clock
) -> None:
    await browser.open("/chat")
    await browser.press("13 à 15 ans")
    clock.move(minutes=61)

    await browser.type(WORDS)

    assert "Ta visite est finie" in browser.page.words
    assert browser.page.chat.fields["text"] == WORDS


async def test_a_visit_that_somebody_changed_begins_again(browser: Browser) -> None:
    await browser.open("/chat")

    await browser.type("salut", visit=browser.page.chat.fields["visit"][:-6] + "AAAAAA")

    assert browser.response.status_code == 200
    assert "13 à 15 ans" in browser.page.labels


# ---------------------------------------------------------------- consent


async def test_consent_opens_a_session_and_shows_the_code_once(browser: Browser) -> None:
    await browser.enrol()

    assert browser.cookie
    assert "Pour revenir" in browser.page.words
    assert "<svg" in browser.page.html
    assert browser.page.chat.fields["visit"] == ""
    await browser.open("/chat")
    assert "Pour revenir" not in browser.page.words


async def test_consent_sent_twice_makes_one_person(browser: Browser, services: Services) -> None:
    await browser.enrol_up_to_consent()
    fields = browser.page.chat.fields
    agree = {**fields, "pick": browser.value_of("D'accord")}
    await browser.post("/chat", agree)
    people = rows(services, metadata.tables["persons"])

    await browser.post("/chat", agree)

    assert people == 1
    assert rows(services, metadata.tables["persons"]) == 1


async def test_a_visit_sent_again_after_leaving_a_device_opens_nothing(
    browser: Browser, services: Services, clock: Clock
) -> None:
    await browser.enrol_up_to_consent()
    agree = {**browser.page.chat.fields, "pick": browser.value_of("D'accord")}
    await browser.post("/chat", agree)
    await browser.post("/appareil", {**browser.page.form("/appareil").fields, "shared": "yes"})
    await browser.post("/quitter", {})
    assert rows(services, sessions) == 0
    clock.move(minutes=1)

    await browser.post("/chat", agree)  # « renvoyer le formulaire » with the button Back

    assert rows(services, sessions) == 0
    assert browser.cookie is None


# ---------------------------------------------------------------- somebody who is kept


async def test_an_answer_leads_back_to_the_page_so_that_reloading_sends_nothing(browser: Browser) -> None:
    await browser.enrol()
    await browser.press("Mes cartes finies")

    assert [response.status_code for response in browser.response.history] == [303]
    assert browser.response.history[0].headers["location"] == "/chat#fin"


async def test_a_double_press_counts_once(browser: Browser, services: Services) -> None:
    await browser.enrol()
    fields = {**browser.page.chat.fields, "pick": "0"}
    await browser.post("/chat", fields)
    once = rows(services, messages)

    await browser.post("/chat", fields)

    assert rows(services, messages) == once


async def test_a_retry_of_the_script_counts_once(browser: Browser, services: Services) -> None:
    await browser.enrol()
    first = await browser.ask({"pick": "0", "seq": "0"}, key="même-clé")
    once = rows(services, messages)

    again = await browser.ask({"pick": "0", "seq": "0"}, key="même-clé")

    assert rows(services, messages) == once
    assert again["seq"] == first["seq"]


async def test_a_button_of_an_older_screen_shows_the_present_one(browser: Browser) -> None:
    await browser.enrol()
    old = browser.page.chat.fields["screen"]
    await browser.press("Mes cartes finies")
    labels = browser.page.labels

    await browser.post("/chat", {**browser.page.chat.fields, "screen": old, "pick": "0"})

    assert "Cet écran a changé" in browser.page.words
    assert browser.page.labels == labels


async def test_the_button_of_somebody_else_is_refused(new_browser: Callable[[], Browser]) -> None:
    lou, sam = new_browser(), new_browser()
    await lou.enrol()
    await sam.enrol("Sam")

    await sam.post("/chat", {**sam.page.chat.fields, "screen": lou.page.chat.fields["screen"], "pick": "0"})

    assert "Cet écran a changé" in sam.page.words


@pytest.mark.parametrize("index", ["99", "-1", "x", ""])
async def test_a_button_that_was_never_there_breaks_nothing(browser: Browser, index: str) -> None:
    await browser.enrol()
    labels = browser.page.labels

    await browser.post("/chat", {**browser.page.chat.fields, "pick": index})

    assert browser.response.status_code == 200
    assert browser.page.labels == labels


async def test_two_tabs_stay_the_same_conversation(browser: Browser) -> None:
    await browser.enrol()
    page = browser.page
    old = await browser.open("/chat")
    browser.page = page
    await browser.press("Mes cartes finies")
    await browser.press("Moi, avec de l'aide")
    browser.page = old  # the other tab still shows the earlier screen

    await browser.press("Rien pour l'instant")

    assert "Cet écran a changé" in browser.page.words
    assert "Mercredi après-midi" in browser.page.labels


async def test_the_script_gets_what_is_new_and_the_next_key(browser: Browser) -> None:
    await browser.enrol()
    fields = browser.page.chat.fields

    answer = await browser.ask({"pick": "1"})

    assert "Mes cartes finies" in answer["html"]
    assert answer["seq"] > int(fields["seq"])
    assert answer["key"] != fields["key"]
    assert answer["person"] is True
    assert "Petite vérif" not in fields


async def test_words_typed_stay_words_whatever_they_hold(browser: Browser) -> None:
    await browser.open("/chat")
    await browser.press("13 à 15 ans")

    await browser.type("<b>&'\"{{")

    assert "<b>&" not in browser.page.html
    assert "&lt;b&gt;" in browser.page.html


async def test_sos_answers_with_numbers_before_and_after_consent(browser: Browser) -> None:
    await browser.open("/chat")
    await browser.type("sos")
    assert "tel:103" in browser.page.html
    await browser.enrol()
    await browser.type("SOS")
    assert "tel:103" in browser.page.html


async def test_the_words_that_are_always_there_are_on_every_page_of_the_conversation(
    browser: Browser,
) -> None:
    await browser.open("/chat")

    words = {value.lower() for _label, name, value in browser.page.chat.buttons if name == "command"}
    assert {"passer", "retour", "pause", "sos", "menu", "simple", "mes données"} <= words
    assert "text" in browser.page.chat.fields


# ---------------------------------------------------------------- bad input


async def test_a_text_that_is_too_long_comes_back_in_the_field(browser: Browser) -> None:
    await browser.enrol()
    long = "mot " * 1_200

    await browser.type(long)

    assert "4000" in browser.page.words.replace("\u202f", "").replace(" ", "")
    assert browser.page.chat.fields["text"].strip() == long.strip()


async def test_a_flood_of_emoji_is_taken_as_words(browser: Browser) -> None:
    await browser.open("/chat")
    await browser.press("13 à 15 ans")

    await browser.type("🎉" * 3_000)

    assert browser.response.status_code == 200
    assert browser.page.chat.fields["visit"]


async def test_nothing_typed_is_said_kindly(browser: Browser) -> None:
    await browser.enrol()

    await browser.type("   ")

    assert "Je n'ai rien reçu" in browser.page.words


async def test_a_picture_is_kept_and_shown_to_its_owner_alone(new_browser: Callable[[], Browser]) -> None:
    lou, sam = new_browser(), new_browser()
    await to_a_picture_step(lou)
    await lou.upload(a_picture())
    source = lou.page.html.split('src="/image/')[1].split('"')[0]

    await lou.open(f"/image/{source}")
    assert lou.response.headers["content-type"] == "image/jpeg"
    await sam.enrol("Sam")
    await sam.open(f"/image/{source}")
    assert sam.response.status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"pas une image", "Je ne prends que des images"),
        (a_picture()[:9_000], "Je n'arrive pas à lire cette image"),
        (a_picture() + b"\0" * (5 * 1024 * 1024), "trop lourde"),
    ],
)
async def test_a_picture_that_cannot_be_kept_is_refused_in_a_sentence(
    browser: Browser, content: bytes, said: str
) -> None:
    await to_a_picture_step(browser)

    await browser.upload(content)

    assert browser.response.status_code == 200
    assert said in browser.page.words
    assert 'type="file"' in browser.page.html


async def test_many_texts_in_a_minute_are_slowed_down_but_safety_still_reads(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "_typed", Counter(2))
    await browser.enrol()
    for text in ("un", "deux"):
        await browser.type(text)

    await browser.type(WORDS)
    assert "Doucement" in browser.page.words
    assert browser.page.chat.fields["text"] == WORDS
    await browser.type("je veux mourir")
    assert "tel:103" in browser.page.html


# ---------------------------------------------------------------- trouble


async def test_a_lost_cookie_is_said_and_the_words_come_back(browser: Browser) -> None:
    await browser.enrol()
    browser.client.cookies.clear()

    await browser.type(WORDS)

    assert browser.response.status_code == 401
    assert "session" in browser.page.words
    assert WORDS in browser.page.words
    assert browser.page.form("/retour").action


async def test_a_lost_cookie_is_said_to_the_script(browser: Browser) -> None:
    await browser.enrol()
    browser.client.cookies.clear()

    answer = await browser.ask({"text": WORDS, "send": "1"})

    assert browser.response.status_code == 401
    assert answer["redirect"].startswith("/retour")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Iterator[None]:
    """Turns that cannot be written."""

    def broken(*_arguments: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(turns, "handle", broken)
        yield


@pytest.mark.parametrize("error", [DiskFull("x"), DatabaseBusy("x"), Unreachable("x")])
async def test_a_full_disk_or_a_busy_database_loses_no_word(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    await browser.enrol()

    with failing(monkeypatch, error):
        await browser.type(WORDS)

    assert browser.response.status_code == 503
    assert "Petit souci technique" in browser.page.words
    assert WORDS in browser.page.words


async def test_the_script_hears_of_trouble_in_a_sentence(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.enrol()

    with failing(monkeypatch, DiskFull("x")):
        answer = await browser.ask({"text": WORDS, "send": "1"})

    assert browser.response.status_code == 503
    assert "Réessaie" in answer["notice"]


async def test_a_database_that_does_not_answer_loses_no_word_either(
    browser: Browser, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.enrol()

    def broken(*_arguments: object, **_more: object) -> None:
        raise Unreachable("x")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_database, "read", broken)
        await browser.type(WORDS)

    assert browser.response.status_code == 503
    assert WORDS in browser.page.words


async def test_a_mistake_of_ours_is_a_kind_page_without_their_words_in_the_log(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await browser.enrol()

    with failing(monkeypatch, ValueError(WORDS)):
        await browser.type(WORDS)

    assert browser.response.status_code == 500
    assert "Ce n'est pas ta faute" in browser.page.words
    said = capsys.readouterr()
    assert WORDS not in said.out + said.err


async def test_the_words_of_a_person_erased_in_another_tab_are_not_lost(browser: Browser) -> None:
    await browser.enrol()
    old = browser.page
    await browser.open("/mes-donnees")
    form = browser.page.form("/mes-donnees/tout-effacer")
    cookies = dict(browser.client.cookies)
    await browser.post("/mes-donnees/tout-effacer", {**form.fields, "confirm": "yes"})
    browser.client.cookies.update(cookies)
    browser.page = old

    await browser.type(WORDS)

    assert browser.response.status_code == 401
    assert WORDS in browser.page.words
