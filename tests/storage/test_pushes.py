"""Browsers that may be woken: whose they are, how many, and how they are forgotten."""

from storage import people, pushes

A, B = "https://push.example/a", "https://push.example/b"


def somebody(database) -> str:
    with database.begin() as uow:
        return people.create(uow, "web").id


def endpoints(database, person) -> list[str]:
    with database.read() as uow:
        return [one.endpoint for one in pushes.of_person(uow, person)]


def test_a_browser_is_kept_once_and_the_newest_comes_first(database, clock):
    lou = somebody(database)
    for endpoint in (A, B, A):
        clock.move(minutes=1)
        with database.begin() as uow:
            pushes.put(uow, lou, endpoint)

    assert endpoints(database, lou) == [A, B]


def test_who_uses_a_browser_now_takes_it_over(database):
    lou, noa = somebody(database), somebody(database)
    with database.begin() as uow:
        pushes.put(uow, lou, A)
        pushes.failed(uow, A, 3)
        pushes.put(uow, noa, A)

    assert (endpoints(database, lou), endpoints(database, noa)) == ([], [A])
    with database.read() as uow:
        assert pushes.of_person(uow, noa)[0].failures == 0


def test_the_oldest_go_when_there_are_too_many(database, clock):
    lou = somebody(database)
    for number in range(pushes.MOST + 3):
        clock.move(minutes=1)
        with database.begin() as uow:
            pushes.put(uow, lou, f"https://push.example/{number}")

    assert endpoints(database, lou) == [f"https://push.example/{number}" for number in range(7, 2, -1)]


def test_a_browser_is_forgotten_by_its_owner_only_or_by_whoever_holds_its_address(database):
    lou, noa = somebody(database), somebody(database)
    with database.begin() as uow:
        pushes.put(uow, lou, A)
        pushes.put(uow, lou, B)
        ids = {one.endpoint: one.id for one in pushes.of_person(uow, lou)}
        assert not pushes.forget(uow, A, noa)
        assert not pushes.forget_id(uow, ids[A], noa)
        assert pushes.forget_id(uow, ids[A], lou)
        assert not pushes.forget_id(uow, ids[A], lou)
        assert pushes.forget(uow, B)

    assert endpoints(database, lou) == []


def test_a_browsers_name_does_not_wake_it(database):
    lou = somebody(database)
    with database.begin() as uow:
        pushes.put(uow, lou, A)
        (kept,) = pushes.of_person(uow, lou)

    assert A not in kept.id
    assert A not in repr(kept)
