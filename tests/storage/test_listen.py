import threading

import pytest
from sqlalchemy import text

from storage import conversations, people
from storage.listen import listen
from tests.storage.people_in_full import Words
from tests.support.databases import Clock, open_database


def test_on_sqlite_the_listener_only_polls(sqlite_database):
    stop = threading.Event()
    news = listen(sqlite_database, stop, poll=0.001)
    assert next(news) is None
    stop.set()
    assert list(news) == []


@pytest.mark.postgres
def test_whoever_listens_hears_whose_list_changed_after_the_commit(postgres_url: str, clock: Clock):
    database = open_database(postgres_url, clock)
    stop = threading.Event()
    news = listen(database, stop, poll=0.01)
    assert next(news) is None  # connected
    with database.begin() as uow:
        person = people.create(uow, "web")
        conversations.append_messages(uow, person, [Words()])
        conversations.append_messages(uow, person, [Words()])
        assert next(news) is None  # not before the commit
    heard = [next(news) for _ in range(5)]
    assert [one for one in heard if one] == [person.id]
    stop.set()
    assert list(news) == []
    database.close()


@pytest.mark.postgres
def test_a_lost_listener_connects_again(postgres_url: str, clock: Clock):
    database = open_database(postgres_url, clock)
    stop = threading.Event()
    news = listen(database, stop, poll=0.01)
    assert next(news) is None
    with database.begin() as uow:
        uow.connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
            )
        )
    for _ in range(10):
        next(news)
    with database.begin() as uow:
        person = people.create(uow, "web")
        conversations.append_messages(uow, person, [Words()])
    heard = [next(news) for _ in range(5)]
    stop.set()
    assert person.id in heard
    database.close()
