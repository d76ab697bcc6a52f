from storage import inbox, people
from storage.database import Database


def test_an_update_waits_once_in_its_order_until_it_is_done(database: Database):
    with database.begin() as uow:
        lou = people.create(uow, "telegram", "4711").id
        first = inbox.put(uow, "telegram", "11", lou, {"text": "un"})
        assert inbox.put(uow, "telegram", "11", lou, {"text": "un"}) is None
        second = inbox.put(uow, "telegram", "10", lou, {"text": "deux"})
        inbox.put(uow, "discord", "11", lou, {"text": "trois"})
    with database.begin() as uow:
        found = inbox.waiting(uow, "telegram")
        assert [(one.id, one.body["text"], one.person_id) for one in found] == [
            (first, "un", lou),
            (second, "deux", lou),
        ]
        assert [one.id for one in inbox.waiting(uow, "telegram", after=found[0].id)] == [second]
        inbox.done(uow, found[0].id)
    with database.read() as uow:
        assert [one.id for one in inbox.waiting(uow, "telegram")] == [second]


def test_what_always_fails_is_set_aside(database: Database):
    with database.begin() as uow:
        lou = people.create(uow, "telegram", "4711").id
        row = inbox.put(uow, "telegram", "11", lou, {"text": "un"})
        assert row is not None
        for _ in range(inbox.MOST_TRIES):
            assert len(inbox.waiting(uow, "telegram")) == 1
            inbox.tried(uow, row)
        assert inbox.waiting(uow, "telegram") == []
        assert [one.id for one in inbox.set_aside(uow)] == [row]


def test_where_the_bot_writes_first(database: Database):
    with database.begin() as uow:
        lou = people.create(uow, "telegram", "4711")
        people.add_address(uow, lou.id, "discord", "99")
        assert people.contact(uow, lou) == "telegram"
        people.mark_unreachable(uow, lou.id, "telegram")
        assert people.contact(uow, lou) == "discord"
        people.choose(uow, lou.id, "discord")
        people.mark_unreachable(uow, lou.id, "telegram", unreachable=False)
        found = people.find(uow, "telegram", "4711")
        assert found is not None
        assert people.contact(uow, found) == "discord"
        assert people.detach(uow, lou.id, "discord") == 1
        assert people.contact(uow, found) == "telegram"
        people.choose(uow, lou.id, "web")
        found = people.find(uow, "telegram", "4711")
        assert found is not None
        assert people.contact(uow, found) == "web"


def test_the_last_message_read_is_remembered(database: Database):
    with database.begin() as uow:
        lou = people.create(uow, "discord", "99")
        people.create(uow, "telegram", "4711")
        people.read_until(uow, lou.id, "discord", "1234")
        assert people.on_channel(uow, "discord") == [(lou.id, "99", "1234")]


def test_whoever_cannot_be_written_to_is_read_all_the_same(database: Database):
    with database.begin() as uow:
        lou, noa = people.create(uow, "discord", "99"), people.create(uow, "discord", "98")
        people.read_until(uow, lou.id, "discord", "1234")
        people.mark_unreachable(uow, lou.id, "discord")
        people.detach(uow, noa.id, "discord")
        assert people.on_channel(uow, "discord") == [(lou.id, "99", "1234")]
