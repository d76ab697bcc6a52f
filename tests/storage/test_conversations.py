import contextlib
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from storage import conversations, people, retention
from storage.answers import KeptAnswers
from storage.database import Database
from storage.errors import Conflict
from tests.support import databases
from tests.support.databases import Clock


@dataclass(frozen=True)
class Words:
    side: str
    kind: str = "text"
    body: dict[str, Any] = field(default_factory=lambda: {"text": "Salut !"})


def test_a_person_is_found_by_address_in_one_statement(database: Database):
    with database.begin() as uow:
        made = people.create(uow, "telegram", "4711")
    with database.begin() as uow:
        found = people.find(uow, "telegram", "4711")
        assert uow.statements == 1
        assert found == made
        assert people.find(uow, "telegram", "4712") is None
        assert people.find(uow, "discord", "4711") is None


def test_on_the_web_the_address_is_the_persons_id(database: Database):
    with database.begin() as uow:
        made = people.create(uow, "web")
        assert people.find(uow, "web", made.id) == made


def test_an_address_belongs_to_one_person(database: Database):
    with database.begin() as uow:
        people.create(uow, "telegram", "4711")
    with pytest.raises(Conflict), database.begin() as uow:
        people.create(uow, "telegram", "4711")
    with database.read() as uow:
        assert people.count(uow) == 1


def test_a_message_is_seen_once_by_channel_and_key(database: Database):
    with database.begin() as uow:
        assert not conversations.already_seen(uow, "web", "a")
        assert uow.statements == 1
        assert conversations.already_seen(uow, "web", "a")
        assert not conversations.already_seen(uow, "telegram", "a")
    with database.begin() as uow:
        assert conversations.already_seen(uow, "web", "a")


def test_what_is_rolled_back_was_never_seen(database: Database):
    with contextlib.suppress(ZeroDivisionError), database.begin() as uow:
        conversations.already_seen(uow, "web", "a")
        raise ZeroDivisionError
    with database.begin() as uow:
        assert not conversations.already_seen(uow, "web", "a")


def test_state_and_answers_come_back_as_they_were(database: Database):
    state = {"page": "p", "digest": "d", "moment": "m", "data": {"liste": ["é", 1, None]}}
    with database.begin() as uow:
        person = people.create(uow, "web")
        conversations.note(uow, person.id, {"user.first_name": "Lou", "interest.scores": {"make": 87.5}})
        conversations.note(uow, person.id, {"user.first_name": "Zoé"})
        conversations.note(uow, person.id, {})
        empty = conversations.load(uow, person)
        conversations.save(uow, replace(empty, state=state, memo={"n": 1}, misunderstood=2))
    with database.read() as uow:
        found = conversations.load(uow, person.id)
    assert (found.state, found.memo, found.misunderstood) == (state, {"n": 1}, 2)
    assert found.profile == {"user.first_name": "Zoé", "interest.scores": {"make": 87.5}}
    assert found.version == 1


def test_two_tabs_do_not_overwrite_each_other(database: Database):
    with database.begin() as uow:
        first = conversations.load(uow, people.create(uow, "web"))
        conversations.save(uow, first)
    with pytest.raises(Conflict), database.begin() as uow:
        conversations.save(uow, first)


def test_nobody_has_no_conversation(database: Database):
    with database.begin() as uow:
        with pytest.raises(LookupError):
            conversations.load(uow, "nobody")
        with pytest.raises(LookupError):
            conversations.append_messages(uow, "nobody", [Words("me")])


def test_messages_are_numbered_without_gap_for_each_person(database: Database):
    with database.begin() as uow:
        lou, noa = people.create(uow, "web"), people.create(uow, "web")
        first = conversations.append_messages(uow, lou, [Words("me"), Words("bot")])
        conversations.append_messages(uow, noa, [Words("me")])
        second = conversations.append_messages(uow, lou, [Words("bot", "card", {"title": "Menuisière"})])
        assert conversations.append_messages(uow, lou, []) == []
    assert [one.seq for one in first + second] == [1, 2, 3]
    with database.read() as uow:
        assert conversations.messages_after(uow, lou.id, 0) == first + second
        assert conversations.messages_after(uow, lou.id, 2) == second
        assert conversations.last_messages(uow, lou.id, 2) == [first[1], second[0]]
        assert people.find(uow, "web", lou.id).seq == 3  # type: ignore[union-attr]


def test_numbers_go_on_after_old_texts_are_gone(database: Database, clock: Clock):
    with database.begin() as uow:
        person = people.create(uow, "web")
        conversations.append_messages(uow, person, [Words("me")] * 3)
    clock.move(days=91)
    retention.sweep(database)
    with database.begin() as uow:
        assert [one.seq for one in conversations.append_messages(uow, person, [Words("me")])] == [4]


def test_every_version_of_a_page_is_kept_once(database: Database):
    with database.begin() as uow:
        conversations.keep_version(uow, "d1", "hello", "# Hello")
        conversations.keep_version(uow, "d1", "hello", "# Hello")
        conversations.keep_version(uow, "d2", "hello", "# Hello!")
        assert sorted(conversations.versions(uow)) == [
            ("d1", "hello", "# Hello"),
            ("d2", "hello", "# Hello!"),
        ]


def turn(database: Database, key: str, values: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The answers that a turn finds, and how many statements it takes."""
    with database.begin() as uow:
        assert not conversations.already_seen(uow, "telegram", key)
        found = people.find(uow, "telegram", "4711")
        assert found
        held = conversations.load(uow, found)
        conversations.save(uow, held)
        conversations.keep_turn(uow, found, values, [Words("me"), Words("bot"), Words("bot")])
        return dict(held.profile), uow.statements


def test_a_whole_turn_is_seven_statements_and_six_for_who_is_talking(database: Database):
    with database.begin() as uow:
        people.create(uow, "telegram", "4711")
    assert turn(database, "1", {"a": 1, "b": 2}) == ({}, 7)
    assert turn(database, "2", {"b": 3}) == ({"a": 1, "b": 2}, 6)
    assert turn(database, "3", {}) == ({"a": 1, "b": 3}, 5)


def test_answers_kept_at_hand_are_never_older_than_those_stored(
    database: Database, database_url: str, clock: Clock
):
    other = databases.open_database(database_url, clock)
    with database.begin() as uow:
        lou = people.create(uow, "telegram", "4711")
    turn(database, "1", {"a": 1})
    with contextlib.suppress(ZeroDivisionError), database.begin() as uow:
        found = people.find(uow, "telegram", "4711")
        assert found
        conversations.load(uow, found)
        conversations.keep_turn(uow, found, {"a": "rolled back"}, [Words("me")])
        raise ZeroDivisionError
    assert turn(database, "2", {})[0] == {"a": 1}
    turn(other, "3", {"a": 2})  # another process
    assert turn(database, "4", {"c": 1})[0] == {"a": 2}
    with database.begin() as uow:
        conversations.note(uow, lou.id, {"a": 3})  # outside of a turn
    assert turn(database, "5", {"a": 4})[0] == {"a": 3, "c": 1}
    assert turn(other, "6", {})[0] == {"a": 4, "c": 1}
    other.close()


def test_a_turn_without_a_word_keeps_what_it_noted(database: Database):
    with database.begin() as uow:
        lou = people.create(uow, "telegram", "4711")
        assert conversations.keep_turn(uow, lou, {"a": 1}, []) == []
    assert turn(database, "1", {})[0] == {"a": 1}


def test_only_so_many_people_are_kept_at_hand():
    kept = KeptAnswers(room=2)
    for person in ("one", "two", "one", "three"):
        if kept.get(person, 1) is None:
            kept.put(person, 1, {"a": person.encode()})
    assert [kept.get(person, 1) is not None for person in ("one", "two", "three")] == [True, False, True]
    kept.put("one", 0, {})
    assert kept.get("one", 1) == {"a": b"one"}
    kept.forget("one")
    assert kept.get("one", 1) is None
