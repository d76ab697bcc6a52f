"""Who has something new: a blocking generator to run in a thread of its own (NOTIFY wakes it, the tables are the truth)."""

import threading
from collections.abc import Iterator

from storage.database import Database
from storage.unit_of_work import CHANNEL

_RECONNECT = 0.5  # seconds


def listen(database: Database, stop: threading.Event, poll: float = 1.0) -> Iterator[str | None]:
    """Ids of persons whose list has changed; None means "anybody's may have": look for yourself.

    None comes after each (re)connection and, on both databases, every `poll` seconds without news. Ends within
    `poll` seconds once `stop` is set. A lost connection is opened again; nothing is raised.
    """
    if database.kind == "sqlite":
        while not stop.wait(poll):
            yield None
        return
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while not stop.is_set():
        try:
            yield from _follow(address, stop, poll)
        except psycopg.Error:
            stop.wait(_RECONNECT)


def _follow(address: str, stop: threading.Event, poll: float) -> Iterator[str | None]:
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield None  # something may have happened before we listened
        while not stop.is_set():
            heard = False
            for notice in connection.notifies(timeout=poll, stop_after=1):
                heard = True
                yield notice.payload
            if not heard:
                yield None
