import asyncio
import threading

from bot.application.bus import Bus


async def test_a_publication_from_another_thread_wakes_the_follower():
    bus = Bus()
    with bus.follow("p1") as follower:
        thread = threading.Thread(target=bus.publish, args=("p1",))
        thread.start()

        assert await follower.wait(5)
        thread.join()


async def test_a_publication_between_two_waits_is_not_lost():
    bus = Bus()
    with bus.follow("p1") as follower:
        bus.publish("p1")
        await asyncio.sleep(0)

        assert await follower.wait(5)
        assert not await follower.wait(0)


async def test_only_the_person_concerned_is_woken():
    bus = Bus()
    with bus.follow("p1") as follower:
        bus.publish("p2")

        assert not await follower.wait(0.01)


async def test_other_processes_are_told_and_can_deliver_here():
    told: list[str] = []
    bus = Bus(elsewhere=told.append)
    with bus.follow("p1") as follower:
        bus.deliver("p1")

        assert await follower.wait(5)
    bus.publish("p1")
    assert told == ["p1"]


async def test_nobody_is_followed_once_the_stream_is_closed():
    bus = Bus()
    with bus.follow("p1"):
        assert bus.followed() == {"p1"}

    assert bus.followed() == frozenset()


def test_a_closed_loop_does_not_hurt_the_publisher():
    bus = Bus()

    async def leave() -> object:
        context = bus.follow("p1")
        context.__enter__()
        return context

    kept = asyncio.run(leave())
    bus.publish("p1")
    assert kept is not None
