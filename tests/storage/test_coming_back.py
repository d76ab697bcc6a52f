from datetime import timedelta

import pytest

from storage import groups, people, requests, returns, sessions, throttles
from storage.crypto import fold
from storage.database import Database
from storage.errors import WrongTransition
from storage.words import WORDS
from tests.support.databases import Clock


def test_the_words_are_many_and_distinct():
    assert len(WORDS) >= 1024
    assert len({fold(word) for word in WORDS}) == len(WORDS)
    assert all(len(fold(word).split()) == 1 and 3 <= len(word) <= 11 for word in WORDS)


def test_a_person_comes_back_by_link_or_by_words(database: Database):
    with database.begin() as uow:
        lou, noa = people.create(uow, "web"), people.create(uow, "web")
        code = returns.give(uow, lou.id)
        returns.give(uow, noa.id)
        assert returns.redeem(uow, code.token, "1.2.3.4").person_id == lou.id
        assert returns.redeem(uow, f" {code.token} ", "1.2.3.4").person_id == lou.id
        assert returns.redeem(uow, code.words, "1.2.3.4").person_id == lou.id
        spoken = fold(code.words).upper().replace(" ", " , ")
        assert returns.redeem(uow, spoken, "1.2.3.4").person_id == lou.id
        assert returns.redeem(uow, "zoo zoo zoo zoo", "1.2.3.4") == returns.Redeemed(None)
        assert returns.redeem(uow, "A" * 32, "1.2.3.4") == returns.Redeemed(None)


def test_words_as_long_as_a_token_are_still_words(database: Database, monkeypatch: pytest.MonkeyPatch):
    words = "sagesse-fermier-revue-trampoline"
    monkeypatch.setattr(returns, "four_words", lambda: words)
    with database.begin() as uow:
        person = people.create(uow, "web")
        assert len(returns.give(uow, person.id).token) == len(words)
        assert returns.redeem(uow, words, "o").person_id == person.id


def test_renewing_ends_the_earlier_code(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "web")
        first, second = returns.give(uow, person.id), returns.give(uow, person.id)
        assert returns.redeem(uow, first.token, "o").person_id is None
        assert returns.redeem(uow, first.words, "o").person_id is None
        assert returns.redeem(uow, second.words, "o").person_id == person.id


def test_guessing_is_slowed_down_by_origin_and_altogether(database: Database, clock: Clock):
    with database.begin() as uow:
        code = returns.give(uow, people.create(uow, "web").id)
    tries = []
    for _ in range(12):
        with database.begin() as uow:
            tries.append(returns.redeem(uow, "a b c", "1.2.3.4").throttled)
    assert tries == [False] * 10 + [True] * 2
    with database.begin() as uow:
        assert returns.redeem(uow, code.words, "1.2.3.4").throttled
        assert returns.redeem(uow, code.words, "5.6.7.8").person_id
    clock.move(minutes=15)
    with database.begin() as uow:
        assert returns.redeem(uow, code.words, "1.2.3.4").person_id
        throttles.forget(uow, "words", "1.2.3.4")
    with database.begin() as uow:
        for number in range(310):
            last = returns.redeem(uow, "a b c", f"o{number}")
        assert last.throttled


def test_a_session_ends_when_idle_sooner_on_a_shared_device(database: Database, clock: Clock):
    with database.begin() as uow:
        person = people.create(uow, "web")
        own, shared = (
            sessions.open_session(uow, person.id),
            sessions.open_session(uow, person.id, shared_device=True),
        )
    clock.move(minutes=10)
    with database.begin() as uow:
        found = sessions.find_session(uow, shared)
        assert found
        assert (found.person_id, found.shared_device) == (person.id, True)
        sessions.touch(uow, shared, found)
    clock.move(minutes=10)
    with database.read() as uow:
        assert sessions.find_session(uow, shared)
    clock.move(seconds=1)
    with database.read() as uow:
        assert sessions.find_session(uow, shared) is None
        assert sessions.find_session(uow, own)
        assert sessions.find_session(uow, "nothing") is None
    with database.begin() as uow:
        sessions.set_shared(uow, own, shared=True)
        assert sessions.find_session(uow, own) is None


def test_leaving_a_device_leaves_the_others(database: Database):
    with database.begin() as uow:
        person = people.create(uow, "web")
        one, two, three = (sessions.open_session(uow, person.id) for _ in range(3))
        sessions.close_session(uow, one)
        assert sessions.find_session(uow, one) is None
        assert sessions.find_session(uow, two)
        sessions.close_all(uow, person.id)
        assert sessions.find_session(uow, three) is None


def test_a_use_is_noted_at_most_once_a_minute(database: Database, clock: Clock):
    with database.begin() as uow:
        token = sessions.open_session(uow, people.create(uow, "web").id)
    clock.move(seconds=59)
    with database.begin() as uow:
        found = sessions.find_session(uow, token)
        assert found
        sessions.touch(uow, token, found)
        assert uow.statements == 1


def test_a_group_is_joined_by_its_code(database: Database):
    with database.begin() as uow:
        group = groups.create(uow, "Mercredi 14 h", code="DEMO-2026")
        other = groups.create(uow, "Samedi")
        person = people.create(uow, "web")
        found = groups.by_code(uow, "demo 2026")
        assert found == group
        groups.join(uow, group.id, person.id)
        groups.join(uow, group.id, person.id)
        assert groups.of_person(uow, person.id) == [group]
        assert (groups.members(uow, group.id), groups.members(uow, other.id)) == (1, 0)
        renewed = groups.renew(uow, group.id)
        assert groups.by_code(uow, "DEMO-2026") is None
        assert groups.by_code(uow, renewed)
        groups.close(uow, group.id)
        assert groups.by_code(uow, renewed) is None
        assert {one.name for one in groups.everyone(uow)} == {"Mercredi 14 h", "Samedi"}
        with pytest.raises(LookupError):
            groups.renew(uow, "nothing")


def test_an_adults_answer_counts_once_a_coach_confirms(database: Database):
    with database.begin() as uow:
        request_id, token = requests.open_request(uow, {"channel": "telegram", "address": "4711"})
        found = requests.by_token(uow, token)
        assert found
        assert (found.state, found.return_to["address"]) == ("open", "4711")
        with pytest.raises(WrongTransition):
            requests.confirm(uow, request_id)
        requests.answer(uow, request_id, agreed=True, adult={"name": "Ana", "link": "mère"})
        with pytest.raises(WrongTransition):
            requests.answer(uow, request_id, agreed=False, adult={})
        assert [one.adult["name"] for one in requests.to_confirm(uow)] == ["Ana"]
        requests.confirm(uow, request_id)
        assert requests.to_confirm(uow) == []
        person = people.create(uow, "web")
        requests.belongs_to(uow, request_id, person.id)
        kept = requests.get(uow, request_id)
        assert kept
        assert (kept.state, kept.person_id) == ("confirmed", person.id)


def test_a_request_ends_after_a_fortnight(database: Database, clock: Clock):
    with database.begin() as uow:
        request_id, token = requests.open_request(uow, {})
        assert requests.by_token(uow, token[:-1] + "x") is None
    clock.now += timedelta(days=14)
    with database.begin() as uow:
        assert requests.by_token(uow, token) is None
        with pytest.raises(WrongTransition):
            requests.answer(uow, request_id, agreed=True, adult={})
