import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.application import intake as way_in
from bot.application.intake import Intake
from storage import inbox
from storage.tables import cases, persons
from tests.bot.phone import Phone, Platform, Writer, member, queue, texts, written
from tests.support.talk import enrol

BACK = "Me revoilà"
DISTRESS = "j'ai envie de mourir"


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(way_in, "GATHER", 0.2)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def intake(services, platform) -> Intake:
    return Intake(services, platform)


async def after_an_outage(intake: Intake, clock, *said: str, hours: float = 6, address: str = "4711") -> None:
    """The platform hands over all at once what was written so long ago."""
    at = (clock.now - timedelta(hours=hours)).isoformat()
    for number, text in enumerate(said):
        await intake.take(f"late {number} {hours}", address, {"text": text, "at": at})
    await intake.idle()


def count(services, table) -> int:
    with services.database.read() as uow:
        return int(uow.execute(select(func.count()).select_from(table)).scalar_one())


def in_a_page(services, clock) -> tuple[Phone, str]:
    """Somebody in the middle of a page, whose question waited all night."""
    phone = Phone(services)
    enrol(phone, age="16 à 18 ans")
    phone.press("Ce qui m'allume")
    assert phone.screen is not None
    asked = phone.screen.asked.prompt
    clock.move(hours=12)
    return phone, asked


async def test_ten_messages_of_an_outage_get_one_answer_and_the_question_again(services, clock, intake):
    phone, asked = in_a_page(services, clock)
    before = len(queue(services))

    await after_an_outage(intake, clock, *(f"mot {number}" for number in range(10)))

    new = texts(queue(services)[before:])
    assert "\n".join(new).count(BACK) == 1
    assert asked.split("\n")[0] in "\n".join(new)
    kept = [one.body["text"] for one in written(services, str(phone.person))]
    assert kept[-10:] == [f"mot {number}" for number in range(10)]


async def test_what_comes_later_of_the_same_outage_gets_no_second_answer(services, clock, intake):
    in_a_page(services, clock)
    before = len(queue(services))
    await after_an_outage(intake, clock, "premier lot", hours=6)

    await after_an_outage(intake, clock, "deuxième lot", hours=5)

    assert "\n".join(texts(queue(services)[before:])).count(BACK) == 1


async def test_the_next_outage_gets_its_own_answer(services, clock, intake):
    in_a_page(services, clock)
    before = len(queue(services))
    await after_an_outage(intake, clock, "un soir", hours=6)
    clock.move(hours=24)

    await after_an_outage(intake, clock, "le lendemain", hours=5)

    assert "\n".join(texts(queue(services)[before:])).count(BACK) == 2


@pytest.mark.parametrize("place", [0, 4, 9])
async def test_distress_among_them_is_answered_at_once_and_leaves_a_trace(services, clock, intake, place):
    in_a_page(services, clock)
    before = len(queue(services))
    said = [f"mot {number}" for number in range(10)]
    said[place] = DISTRESS

    await after_an_outage(intake, clock, *said)

    new = queue(services)[before:]
    assert any("103" in text for text in texts(new))
    assert {row.kind for row in new} == {"help"}
    assert BACK not in "\n".join(texts(new))
    assert count(services, cases) == 1


async def test_sos_and_stop_are_obeyed_however_late(services, clock, intake):
    in_a_page(services, clock)
    before = len(queue(services))

    await after_an_outage(intake, clock, "sos", "stop")

    new = "\n".join(texts(queue(services)[before:]))
    assert "103" in new
    assert BACK not in new


async def test_a_fresh_word_behind_old_ones_is_answered_itself(services, clock, intake):
    in_a_page(services, clock)
    before = len(queue(services))
    at = (clock.now - timedelta(hours=6)).isoformat()
    await intake.take("old", "4711", {"text": "un vieux mot", "at": at})
    await intake.take("new", "4711", {"text": "menu", "at": clock.now.isoformat()})
    await intake.idle()

    new = "\n".join(texts(queue(services)[before:]))
    assert BACK not in new
    assert new


async def test_a_quarter_of_an_hour_is_not_late(services, clock, intake):
    in_a_page(services, clock)
    before = len(queue(services))
    await after_an_outage(intake, clock, "menu", hours=0.25)
    assert BACK not in "\n".join(texts(queue(services)[before:]))


async def test_what_was_kept_before_a_crash_of_hours_is_late_too(services, clock, intake, platform):
    lou = member(services)
    platform.slow["7"] = asyncio.Event()
    await intake.take("7", "4711", {"text": "bonjour", "at": clock.now.isoformat()})
    await asyncio.sleep(0.01)
    for task in list(intake._tasks):
        task.cancel()
    await asyncio.gather(*intake._tasks, return_exceptions=True)
    clock.move(hours=3)

    again = Intake(services, Platform())
    assert await again.resume() == 1
    await again.idle()

    assert BACK in "\n".join(texts(queue(services)))
    assert [one.body["text"] for one in written(services, lou)] == ["bonjour"]
    with services.database.read() as uow:
        assert inbox.waiting(uow, "telegram") == []


async def test_a_second_delivery_of_what_is_late_changes_nothing(services, clock, intake):
    in_a_page(services, clock)
    await after_an_outage(intake, clock, "un mot", hours=6)
    before = len(queue(services))
    again = Intake(services, Platform())
    await after_an_outage(again, clock, "un mot", hours=6)
    assert len(queue(services)) == before


async def test_a_visitor_is_greeted_once_for_all(services, clock, intake, platform):
    await after_an_outage(intake, clock, "coucou", "y a quelqu'un ?", "allo")

    answered = [answer for _, answer in platform.shown if answer.view.messages]
    assert len(answered) == 1
    assert answered[0].view.screen is not None
    assert count(services, persons) == 0


async def test_a_visitor_in_distress_gets_the_numbers_however_late(clock, intake, platform):
    await after_an_outage(intake, clock, "coucou", "y a quelqu'un ?", DISTRESS)
    assert "103" in platform.said_to("4711")


async def test_a_button_counts_as_long_as_its_question_waits(services, clock, intake):
    in_a_page(services, clock)
    writer = Writer(intake)
    screen = await intake.screen("4711")
    assert screen is not None
    touch = await writer.touch(screen.asked.options[0].label)
    await writer.send({**touch, "at": (clock.now - timedelta(hours=6)).isoformat()})
    assert BACK not in "\n".join(texts(queue(services)))
    after = await intake.screen("4711")
    assert after is not None
    assert after.id != screen.id
