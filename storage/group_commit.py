"""Group commit: what waits together for SQLite's one writer shares one commit, so that a slow disk is waited for once."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from storage.errors import Unreachable
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from storage.database import Database

MOST = 32  # pieces of work that share one commit
LONGEST = 0.02  # seconds after which no more is added: the first one waits for the last


class Group:
    """Transactions of one thread inside one of SQLite's: each is a savepoint, so each fails alone.

    `opened` begins the common transaction, when the first one asks for it.
    """

    def __init__(self, opened: Callable[[], Any]) -> None:
        self._opened = opened
        self._stack = ExitStack()
        self._connection: Connection | None = None
        self._units: list[UnitOfWork] = []
        self.lost: BaseException | None = (
            None  # why SQLite gave the whole transaction up (a full disk does that)
        )

    @property
    def size(self) -> int:
        """Transactions that wait for the common commit."""
        return len(self._units)

    @property
    def connection(self) -> Connection | None:
        """Where what is not committed yet can be read; None while there is nothing."""
        return self._connection if self._units else None

    @contextmanager
    def transaction(self, make: Callable[[Connection], UnitOfWork]) -> Iterator[UnitOfWork]:
        """One transaction of the group, kept once `commit` returns; raises why the group is lost when it is."""
        if self.lost:
            raise self.lost
        if self._connection is None:
            self._connection = self._stack.enter_context(self._opened())
        raw: Any = self._connection.connection.driver_connection
        raw.execute("SAVEPOINT one")  # past SQLAlchemy, which would take longer than SQLite itself
        unit = make(self._connection)
        try:
            yield unit
        except BaseException as error:
            unit.rolled_back()
            self._undo(raw, error)
            raise
        raw.execute("RELEASE one")
        self._units.append(unit)

    def commit(self) -> None:
        """Keep everything; raises a `storage.errors` or database error with nothing of it kept."""
        if self.lost and self._units:
            raise self.lost
        if not self.lost:
            self._stack.close()

    def close(self) -> None:
        """Undo what was not committed."""
        undone = Unreachable("the common transaction was undone")
        self._stack.__exit__(type(undone), undone, None)

    def committed(self) -> None:
        """Run what each registered for after the commit, in order."""
        for unit in self._units:
            unit.committed()

    @contextmanager
    def reading(self, connection: Connection) -> Iterator[None]:
        """No write gets through meanwhile."""
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA query_only=ON")
        try:
            yield
        finally:
            raw.execute("PRAGMA query_only=OFF")

    def _undo(self, raw: Any, error: BaseException) -> None:
        if raw.in_transaction:
            raw.execute("ROLLBACK TO one")
            raw.execute("RELEASE one")
        else:
            self.lost = error


class _Work:
    """One piece of work: what it gave is told only when it is kept."""

    __slots__ = ("_call", "error", "future", "result", "waits")

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self.future: Future[Any] = Future()
        self.result: Any = None
        self.error: BaseException | None = None
        self.waits = False  # for the common commit

    def run(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:  # noqa: BLE001 -- told to whoever waits, as every executor does
            self.error = error

    def tell(self, failure: BaseException | None = None) -> None:
        error = self.error or (failure if self.waits else None)
        if error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(error)


class GroupCommitExecutor(ThreadPoolExecutor):
    """One thread for one SQLite database. Work that is alone runs as it would anywhere; work that waited goes together.

    A result is given only once it is durable; when the common commit fails, each of those that share it fails.
    """

    def __init__(self, database: "Database", name: str = "turn") -> None:
        super().__init__(1, thread_name_prefix=name)
        self._database = database
        self._waiting: deque[_Work] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` after all that was submitted before."""
        work = _Work(partial(fn, *args, **kwargs))
        self._waiting.append(work)
        try:
            super().submit(self._serve)  # one for each: those that find nothing waiting return at once
        except RuntimeError:  # closed meanwhile
            with suppress(ValueError):
                self._waiting.remove(work)
            raise
        return work.future

    def _serve(self) -> None:
        first = self._next()
        if first is None:
            return
        if not self._waiting:
            first.run()
            first.tell()
            return
        done: list[_Work] = []
        failure: BaseException | None = None
        try:
            self._together(first, done)
        except Exception as error:  # noqa: BLE001 -- each of those concerned is told
            failure = error
        for work in done:
            work.tell(failure)

    def _together(self, first: _Work, done: list[_Work]) -> None:
        until = time.monotonic() + LONGEST
        work: _Work | None = first
        with self._database.together() as group:
            while work is not None:
                done.append(work)
                before = group.size
                work.run()
                work.waits = group.size > before
                over = group.lost is not None or len(done) >= MOST or time.monotonic() > until
                work = None if over else self._next()

    def _next(self) -> _Work | None:
        with suppress(IndexError):
            while True:
                work = self._waiting.popleft()
                if work.future.set_running_or_notify_cancel():
                    return work
        return None
