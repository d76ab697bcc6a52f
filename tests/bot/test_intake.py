import asyncio

import pytest
from sqlalchemy import select

from bot.application import intake as way_in
from bot.application import turns, views, visitors, visits
from bot.application.intake import Intake
from bot.application.messages import Incoming, Message, Picture, Text
from bot.application.wire import screen_from_json
from storage import conversations, erasure, inbox, people, returns
from storage import tables as kept
from storage.errors import DatabaseBusy
from tests.bot.phone import (
    Phone,
    Platform,
    Writer,
    label_of,
    member,
    person_of,
    queue,
    rows,
    texts,
    until,
    written,
)
from tests.support.talk import Talker, enrol

CODE_WRONG = "Ce code ne marche pas"
NETWORK = "Petit souci technique"


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(way_in, "AGAIN", 0.001)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def intake(services, platform) -> Intake:
    return Intake(services, platform)


@pytest.fixture
def writer(intake) -> Writer:
    return Writer(intake)


async def crash(taken: Intake) -> None:
    """The process is gone: whatever was under way stops where it is."""
    for task in list(taken._tasks):
        task.cancel()
    await asyncio.gather(*taken._tasks, return_exceptions=True)


def waiting(services) -> list[str]:
    with services.database.read() as uow:
        return [str(one.body["payload"].get("text")) for one in inbox.waiting(uow, "telegram")]


def said(services, person: str) -> list[str]:
    """The words that a person said, as kept."""
    return [str(one.body["text"]) for one in written(services, person)]


# ---------------------------------------------------------------- a crash, a replay, the order


async def test_what_was_kept_before_a_crash_is_handled_once_after_it(services, intake, platform):
    lou = member(services)
    platform.slow["7"] = asyncio.Event()
    await intake.take("7", "4711", {"text": "bonjour le robot"})
    await asyncio.sleep(0.01)
    await crash(intake)
    assert (waiting(services), said(services, lou)) == (["bonjour le robot"], [])

    again = Intake(services, Platform())
    assert await again.resume() == 1
    await again.idle()

    assert said(services, lou) == ["bonjour le robot"]
    assert len(queue(services)) == 1
    assert waiting(services) == []
    assert await again.resume() == 0
    await again.take("7", "4711", {"text": "bonjour le robot"})  # the platform hands it over once more
    await again.idle()
    assert said(services, lou) == ["bonjour le robot"]
    assert len(queue(services)) == 1


async def test_what_was_kept_is_handled_in_its_order_for_each(services, intake, platform):
    lou, noa = member(services), member(services, "42")
    gate = asyncio.Event()
    for number in range(6):
        key = str(number)
        platform.slow[key] = gate
        await intake.take(key, "4711" if number % 2 else "42", {"text": f"mot {number}"})
    await crash(intake)

    again = Intake(services, Platform())
    assert await again.resume() == 6
    await again.idle()

    assert said(services, lou) == ["mot 1", "mot 3", "mot 5"]
    assert said(services, noa) == ["mot 0", "mot 2", "mot 4"]


async def test_a_hundred_updates_replayed_three_times_are_a_hundred_effects_in_order(services, intake):
    lou = member(services)
    for _ in range(3):
        for number in range(100):
            await intake.take(str(number), "4711", {"text": f"mot {number}"})
    await intake.idle()
    for number in reversed(range(100)):
        await intake.take(str(number), "4711", {"text": f"mot {number}"})
    await intake.idle()

    assert said(services, lou) == [f"mot {number}" for number in range(100)]
    assert len(queue(services)) == 100
    assert waiting(services) == []


async def test_a_slow_update_keeps_those_of_the_same_person_waiting_and_nobody_else(
    services, intake, platform
):
    lou, noa = member(services), member(services, "42")
    platform.slow["1"] = asyncio.Event()
    await intake.take("1", "4711", {"text": "un"})
    await intake.take("2", "4711", {"text": "deux"})
    await intake.take("3", "42", {"text": "trois"})
    await until(lambda: said(services, noa))
    assert said(services, lou) == []

    platform.slow["1"].set()
    await intake.idle()
    assert said(services, lou) == ["un", "deux"]
    assert intake._turns == {}


async def test_the_same_number_on_two_platforms_is_two_updates(services, intake):
    lou = member(services)
    with services.database.begin() as uow:
        people.add_address(uow, lou, "discord", "4711")
    other = Intake(services, Platform("discord"))
    await intake.take("1", "4711", {"text": "un"})
    await other.take("1", "4711", {"text": "deux"})
    await intake.idle()
    await other.idle()

    assert sorted(said(services, lou)) == ["deux", "un"]


async def test_the_same_number_of_two_people_is_two_updates(services, intake):
    lou, noa = member(services), member(services, "42")
    await intake.take("1", "4711", {"text": "un"})
    await intake.take("1", "42", {"text": "deux"})
    await intake.idle()

    assert (said(services, lou), said(services, noa)) == (["un"], ["deux"])


async def test_what_cannot_be_kept_is_refused_and_nothing_is_handled(services, intake, platform, monkeypatch):
    lou = member(services)
    with monkeypatch.context() as away:
        away.setattr(services.database, "begin", _busy)
        with pytest.raises(DatabaseBusy):
            await intake.take("1", "4711", {"text": "un"})
        await intake.idle()
    assert (waiting(services), said(services, lou), platform.ended) == ([], [], [])

    await intake.take("1", "4711", {"text": "un"})
    await intake.idle()
    assert said(services, lou) == ["un"]


def _busy():
    raise DatabaseBusy("locked")


async def test_an_update_that_calls_for_nothing_leaves_nothing(services, platform, writer):
    lou = member(services)
    await writer.send({})

    assert (waiting(services), said(services, lou), queue(services)) == ([], [], [])
    assert platform.ended == [("4711", None)]
    assert platform.shown == []


def test_the_row_of_the_inbox_goes_with_the_effects_or_stays(services, monkeypatch):
    phone = Phone(services, person=member(services))
    with services.database.begin() as uow:
        row = inbox.put(uow, "telegram", "1", str(phone.person), {"payload": {"text": "menu"}})
    incoming = Incoming("telegram", "4711", "1", Text("menu"))
    with monkeypatch.context() as broken:
        broken.setattr(conversations, "save", _broken)
        with pytest.raises(DatabaseBusy):
            turns.handle(services, incoming, row)
    assert waiting(services) == ["menu"]

    turns.handle(services, incoming, row)
    assert waiting(services) == []
    with services.database.begin() as uow:
        row = inbox.put(uow, "telegram", "1", str(phone.person), {"payload": {"text": "menu"}})
    assert turns.handle(services, incoming, row).view.messages == ()  # a replay: gone, and no effect
    assert waiting(services) == []
    assert said(services, str(phone.person)) == ["menu"]


def _broken(*_given):
    raise DatabaseBusy("locked")


# ---------------------------------------------------------------- trouble


async def test_a_failing_read_is_tried_again(services, platform, writer):
    lou = member(services)
    platform.trouble = [OSError("no route"), TimeoutError()]
    await writer.type("un")

    assert said(services, lou) == ["un"]
    assert (waiting(services), platform.shown) == ([], [])


async def test_what_always_fails_is_set_aside_and_the_person_told(services, platform, writer):
    lou = member(services)
    platform.trouble = [OSError("no route")] * inbox.MOST_TRIES
    await writer.type("un")
    await writer.type("deux")

    with services.database.read() as uow:
        assert [one.body["payload"]["text"] for one in inbox.set_aside(uow)] == ["un"]
    assert said(services, lou) == ["deux"]  # those behind go on
    assert platform.said_to("4711").startswith(NETWORK)
    assert len(platform.shown) == 1
    assert len(platform.ended) == 2  # acknowledged nevertheless
    assert await Intake(services, Platform()).resume() == 0


async def test_a_busy_database_is_tried_again(services, platform, writer, monkeypatch):
    lou = member(services)
    handle = turns.handle
    failures = [DatabaseBusy("locked"), ValueError("a mistake of ours")]

    def perhaps(*given):
        if failures:
            raise failures.pop()
        return handle(*given)

    monkeypatch.setattr(turns, "handle", perhaps)
    await writer.type("un")

    assert said(services, lou) == ["un"]
    assert platform.shown == []


async def test_a_visit_whose_read_always_fails_is_told_and_goes_on(platform, writer):
    await writer.start()
    platform.trouble = [OSError("no route")] * inbox.MOST_TRIES
    await writer.type("Lou")

    assert platform.said_to("4711").count(NETWORK) == 1
    await writer.press("16 à 18 ans")
    assert "t'appelle" in platform.said_to("4711")


# ---------------------------------------------------------------- visits


async def test_a_visit_leaves_only_keyed_hashes_and_comes_to_consent(services, platform, writer, tmp_path):
    before, files = rows(services), sorted(tmp_path.rglob("*"))
    await writer.to_the_question()

    seen = len(platform.ended)
    assert rows(services) == {**before, "inbound_keys": before["inbound_keys"] + seen}
    assert sorted(tmp_path.rglob("*")) == files
    with services.database.read() as uow:
        found = uow.execute(select(kept.inbound_keys.c.key_hash, kept.inbound_keys.c.visit)).all()
    assert all(row.visit for row in found)
    assert not any("4711" in str(row.key_hash) for row in found)
    assert person_of(services) is None

    await writer.press("D'accord")

    lou = person_of(services)
    assert lou is not None
    assert "peut voir quoi" in "".join(texts(queue(services)))
    assert "peut voir quoi" not in platform.said_to("4711")  # it goes out once: by the outbox
    assert label_of(await writer.intake.screen("4711"))[0] == "Rien pour l'instant"
    assert "Lou" in said(services, lou)
    await writer.press("Mes cartes finies")
    assert said(services, lou)[-1] == "Mes cartes finies"


async def test_a_visit_is_handled_once_too(platform, writer):
    await writer.start()
    await writer.press("16 à 18 ans")
    key = await writer.type("Lou")
    before = platform.said_to("4711")
    await writer.type("Lou", key)

    assert platform.said_to("4711") == before


async def test_who_says_no_goes_on_with_nothing_kept(services, platform, writer):
    before = rows(services)
    await writer.to_the_question()
    await writer.press("Non merci")
    await writer.type("sos")

    assert "0800 32 123" in str(platform.shown[-1])
    assert {**rows(services), "inbound_keys": 0} == {**before, "inbound_keys": 0}
    assert person_of(services) is None


async def test_two_visitors_do_not_meet(platform, intake):
    lou, noa = Writer(intake), Writer(intake, "42")
    await lou.start()
    await noa.start()
    await lou.press("16 à 18 ans")

    assert "t'appelle" in platform.said_to("4711")
    assert "t'appelle" not in platform.said_to("42")
    assert "16 à 18 ans" in label_of(await intake.screen("42"))


async def test_a_visit_is_forgotten_after_an_hour(platform, writer, clock):
    await writer.start()
    clock.move(minutes=59)
    assert await writer.intake.screen("4711") is not None
    clock.move(minutes=2)
    assert await writer.intake.screen("4711") is None

    await writer.start()
    assert platform.said_to("4711").count("Salut !") == 2


async def test_the_visit_at_rest_longest_makes_room(intake, monkeypatch):
    monkeypatch.setattr(visitors, "MOST", 2)
    first, second, third = (Writer(intake, address) for address in ("1", "2", "3"))
    await first.start()
    await second.start()
    await first.press("16 à 18 ans")
    await third.start()

    assert await intake.screen("2") is None
    assert await intake.screen("1") is not None
    assert await intake.screen("3") is not None


async def test_a_stranger_has_no_screen(intake):
    assert await intake.screen("4711") is None


async def test_a_notice_in_a_visit_is_shown(platform, writer):
    await writer.start()
    await writer.send({"odd": "sticker"})

    assert "autocollants" in platform.said_to("4711")


# ---------------------------------------------------------------- too young


@pytest.mark.parametrize("age", ["12 ans", "13 à 15 ans"])
async def test_who_is_too_young_here_gets_the_way_to_the_site_and_nothing_stays(
    services, intake, platform, writer, age
):
    before = rows(services)
    await writer.start()
    await writer.press(age)

    last = platform.shown[-1][1]
    assert "à partir de 16 ans" in last.view.messages[0].body["text"]
    assert last.view.messages[1] == Message(
        "bot", "link", {"label": "Continuer sur le site", "url": "http://127.0.0.1:8000/"}
    )
    assert last.view.screen is None
    assert await intake.screen("4711") is None
    assert not intake._visits
    assert rows(services) == {**before, "inbound_keys": before["inbound_keys"] + 2}
    assert queue(services) == []


async def test_the_same_age_goes_on_where_it_may(services):
    platform = Platform("discord")
    writer = Writer(Intake(services, platform))
    await writer.start()
    await writer.press("13 à 15 ans")

    assert "t'appelle" in platform.said_to("4711")


# ---------------------------------------------------------------- joining


@pytest.fixture
def lou(services) -> Talker:
    """Sixteen or more, on the site, in the middle of a page."""
    talker = Talker(services)
    enrol(talker, age="16 à 18 ans")
    talker.press("Ce qui m'allume")
    talker.press("C'est parti")
    return talker


def a_code(talker: Talker) -> str:
    """What « relier » gives."""
    talker.type("relier")
    return talker.says().split("Boussole : ")[1].split(".")[0]


def linked(services, person: str) -> list[str]:
    with services.database.read() as uow:
        return [one.channel for one in people.addresses_of(uow, person)]


@pytest.mark.parametrize("way", ["typed", "link"])
async def test_a_code_from_elsewhere_shows_the_same_step(services, platform, writer, lou, way):
    there = lou.screen
    code = a_code(lou)
    if way == "typed":
        await writer.type(code)
    else:
        await writer.start("lien_" + code.replace("-", ""))
    here = await writer.intake.screen("4711")

    assert person_of(services) == lou.person
    assert here is not None
    assert here.asked == there.asked
    assert "C'est relié." in "".join(texts(queue(services)))
    assert platform.shown == []
    assert screen_from_json(queue(services)[-1].body["screen"]) == here
    assert here == views.latest(services, lou.person).screen
    await writer.press("Trop bien")
    assert said(services, lou.person)[-1] == "Trop bien"
    after = views.latest(services, lou.person).screen
    assert after is not None
    assert after.asked != there.asked


async def test_joining_leaves_the_visit_behind(services, intake, writer, lou):
    await writer.start()
    await writer.type(a_code(lou))

    assert not intake._visits
    assert label_of(await intake.screen("4711")) == label_of(views.latest(services, lou.person).screen)


async def test_joining_in_between_offers_what_is_next(writer, talker):
    enrol(talker, age="16 à 18 ans")
    talker.type("menu")
    shown = talker.labels
    await writer.type(a_code(talker))

    assert label_of(await writer.intake.screen("4711")) == shown


@pytest.mark.parametrize("wrong", ["ABCD-2345", "abcd 2345", "lien_ABCDEFGH"])
async def test_a_wrong_code_is_said_and_the_visit_goes_on(services, platform, writer, lou, wrong):
    await writer.start()
    before = await writer.intake.screen("4711")
    await writer.type(wrong)

    assert CODE_WRONG in platform.said_to("4711")
    assert platform.shown[-1][1].visit == platform.shown[0][1].visit
    assert await writer.intake.screen("4711") == before
    await writer.press("16 à 18 ans")
    assert "t'appelle" in platform.said_to("4711")
    assert linked(services, lou.person) == []


async def test_a_wrong_code_as_the_very_first_word_is_said(platform, writer):
    await writer.type("ABCD-2345")

    assert CODE_WRONG in platform.said_to("4711")


async def test_an_old_code_does_nothing(services, platform, writer, lou, clock):
    code = a_code(lou)
    clock.move(minutes=11)
    await writer.type(code)

    assert CODE_WRONG in platform.said_to("4711")
    assert linked(services, lou.person) == []


async def test_a_new_code_ends_the_one_before(services, platform, writer, lou):
    first, second = a_code(lou), a_code(lou)
    await writer.type(first)
    assert CODE_WRONG in platform.said_to("4711")
    await writer.type(second)
    assert linked(services, lou.person) == ["telegram"]


async def test_a_code_works_once(services, platform, intake, writer, lou):
    code = a_code(lou)
    await writer.type(code)
    other = Writer(intake, "42")
    await other.type(code)

    assert CODE_WRONG in platform.said_to("42")
    assert person_of(services, "42") is None


async def test_after_five_tries_the_right_code_waits_a_quarter_of_an_hour(
    services, platform, writer, lou, clock
):
    for number in range(2, 7):
        await writer.type(f"ABCD-234{number}")
    await writer.type(a_code(lou))
    assert "Trop d'essais" in platform.said_to("4711")
    assert person_of(services) is None

    clock.move(minutes=16)
    await writer.type(a_code(lou))
    assert person_of(services) == lou.person


async def test_tries_are_counted_for_each_address(services, intake, writer, lou):
    for number in range(2, 8):
        await writer.type(f"ABCD-234{number}")
    await Writer(intake, "42").type(a_code(lou))

    assert person_of(services, "42") == lou.person


async def test_who_is_too_young_for_a_platform_does_not_join_it(services, platform, writer):
    young = Talker(services)
    enrol(young)  # 13 to 15
    await writer.type(a_code(young))

    assert "à partir de 16 ans" in platform.said_to("4711")
    assert linked(services, str(young.person)) == []
    assert person_of(services) is None
    assert queue(services) == []


# ---------------------------------------------------------------- leaving, and where to write first


async def test_leaving_a_channel_says_the_way_back_and_forgets_the_address(services, platform, writer, lou):
    await writer.type(a_code(lou))
    sent = len(queue(services))
    await writer.type("délier")

    last = platform.shown[-1][1]
    assert "C'est délié" in platform.said_to("4711")
    token = last.view.messages[-1].body["url"].split("/retour/")[1]
    with services.database.begin() as uow:
        assert returns.redeem(uow, token, "1.2.3.4").person_id == lou.person
    assert len(queue(services)) == sent
    assert person_of(services) is None
    assert linked(services, lou.person) == []

    before = len(said(services, lou.person))
    await writer.start()  # a stranger from now on
    assert "Salut !" in platform.said_to("4711")
    assert len(said(services, lou.person)) == before


async def test_what_came_before_the_farewell_was_said_is_that_of_a_stranger(services, intake, platform):
    lou = member(services)
    platform.slow["1"] = asyncio.Event()
    await intake.take("1", "4711", {"text": "délier"})
    await intake.take("2", "4711", {"start": ""})
    platform.slow["1"].set()
    await intake.idle()

    assert "Salut !" in platform.said_to("4711")
    assert said(services, lou) == ["délier"]
    assert rows(services)["inbox"] == 0


async def test_leaving_where_one_agreed_keeps_the_answers(services, platform, writer):
    await writer.to_the_question()
    await writer.press("D'accord")
    person = person_of(services)
    assert person
    await writer.type("délier")

    assert "/retour/" in str(platform.shown[-1][1].view.messages[-1].body["url"])
    with services.database.read() as uow:
        known = people.get(uow, person)
        assert known is not None
        assert people.contact(uow, known) == "web"
        assert conversations.profile(uow, person)["user.first_name"] == "Lou"


async def test_write_to_me_here(services, writer, lou):
    await writer.type(a_code(lou))
    assert contact(services, lou.person) == "web"
    await writer.type("Écris-moi ici !")
    assert contact(services, lou.person) == "telegram"
    assert "c'est ici" in texts(queue(services))[-1]

    lou.type("écris-moi ici")
    assert contact(services, lou.person) == "web"


def contact(services, person: str) -> str:
    with services.database.read() as uow:
        known = people.get(uow, person)
        assert known
        return people.contact(uow, known)


async def test_a_blocked_bot_is_noticed_and_a_word_opens_the_way_again(services, intake, writer):
    lou = member(services)
    await intake.blocked("4711", blocked=True)
    assert reachable(services, lou) == ["web"]
    await intake.blocked("4711", blocked=False)
    assert reachable(services, lou) == ["telegram", "web"]
    await intake.blocked("4711", blocked=True)
    await writer.type("me revoilà")
    assert reachable(services, lou) == ["telegram", "web"]


def reachable(services, person: str) -> list[str]:
    with services.database.read() as uow:
        return sorted(people.reachable(uow, person))


async def test_a_visitor_who_blocks_the_bot_is_forgotten(intake, writer):
    await writer.start()
    await intake.blocked("4711", blocked=True)

    assert await intake.screen("4711") is None


# ---------------------------------------------------------------- erased meanwhile


async def test_who_was_erased_meanwhile_is_a_visitor(services, intake, platform):
    lou = member(services)
    platform.slow["1"] = asyncio.Event()
    await intake.take("1", "4711", {"start": ""})
    with services.database.begin() as uow:
        erasure.erase(uow, lou)
    platform.slow["1"].set()
    await intake.idle()

    assert "Salut !" in platform.said_to("4711")
    assert rows(services)["persons"] == rows(services)["inbox"] == 0


async def test_erasing_everything_is_answered_where_it_was_asked(services, platform, writer):
    await writer.to_the_question()
    await writer.press("D'accord")
    await writer.type("mes données")
    await writer.press("Effacer")
    before = len(platform.shown)
    shown = await writer.intake.screen("4711")
    await writer.press(label_of(shown)[0])

    assert len(platform.shown) == before + 1
    assert platform.shown[-1][1].notice
    assert rows(services)["persons"] == 0
    assert queue(services) == []
    assert await writer.intake.screen("4711") is None


# ---------------------------------------------------------------- what a platform acknowledges


async def test_every_update_is_acknowledged_with_its_answer(services, platform, writer):
    member(services)
    await writer.type("menu")
    await writer.send({"screen": "x" * 22, "press": [0]})

    answers = [answer for _, answer in platform.ended if answer]
    assert [bool(answer.notice) for answer in answers] == [False, True]
    assert platform.shown == []


async def test_a_picture_in_a_visit_is_refused_kindly(services):
    answer = visits.handle(services, None, Incoming("telegram", "4711", "1", Picture(b"x")))

    assert answer.notice
    assert answer.visit is not None
