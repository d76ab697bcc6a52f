"""Removes what was kept long enough; in small steps, so that nobody waits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select, tuple_

from storage import meta, participations, staff_log
from storage.database import Database
from storage.erasure import erase
from storage.tables import (
    inbound_keys,
    inbox,
    link_codes,
    messages,
    outbox,
    persons,
    requests,
    sessions,
    throttles,
)
from storage.tables_team import staff, staff_links, staff_sessions
from storage.unit_of_work import UnitOfWork

JOB = "retention"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things stay. The season ends on (month, day) at the centre."""

    season_end: tuple[int, int] = (8, 31)
    after_season: int = 12  # months
    texts: timedelta = timedelta(days=90)
    logs: timedelta = timedelta(days=30)
    inbound: timedelta = timedelta(days=8)
    visits: timedelta = timedelta(hours=1)
    short: timedelta = timedelta(days=1)
    sessions: timedelta = timedelta(days=180)
    motivations: timedelta = timedelta(days=30)  # after the end of what they were written for
    staff: timedelta = timedelta(days=365)


def profile_cutoff(now: datetime, limits: Limits) -> datetime:
    """What was last touched before this instant has outlived its season and the months after it.

    Counted in UTC days: an hour more or less after a year and more.
    """
    month, day = limits.season_end
    years, months = divmod(limits.after_season, 12)
    # the last season end that lies at least the months after it in the past
    for year in (now.year - years, now.year - years - 1, now.year - years - 2):
        end = _season_end(year, month, day)
        if _months_later(end, months + years * 12) <= now:
            return end
    return _season_end(now.year - years - 3, month, day)


def sweep(database: Database, limits: Limits | None = None, chunk: int = CHUNK) -> dict[str, int]:
    """Remove all that is due, `chunk` rows a transaction: rows removed, by table. Notes when it ran (see `meta.last_run`)."""
    rules = limits or Limits()
    removed: dict[str, int] = {}
    for table, due in _rules(rules).items():
        removed[table.name] = _repeat(database, chunk, partial(_delete_due, table, due, chunk))
    removed["staff_log"] = _repeat(database, chunk, lambda uow: staff_log.drop_old(uow, chunk))
    removed["persons"] = _repeat(database, chunk, lambda uow: _forget_people(uow, rules, chunk))
    with database.begin() as uow:
        removed["motivations"] = participations.forget_motivations(uow, uow.now - rules.motivations)
        meta.ran(uow, JOB)
    return {name: number for name, number in removed.items() if number}


def _rules(limits: Limits) -> Mapping[Table, Callable[[datetime], ColumnElement[bool]]]:
    return {
        messages: lambda now: messages.c.at < now - limits.texts,
        outbox: lambda now: or_(
            outbox.c.settled_at < now - limits.logs,
            # a safety net: nothing waits for ever
            and_(outbox.c.created_at < now - limits.texts, outbox.c.state != "sending"),
        ),
        inbound_keys: lambda now: or_(
            inbound_keys.c.seen_at < now - limits.inbound,
            and_(inbound_keys.c.visit, inbound_keys.c.seen_at < now - limits.visits),
        ),
        inbox: lambda now: inbox.c.came_at < now - limits.inbound,
        requests: lambda now: and_(
            requests.c.expires_at <= now, or_(requests.c.state != "confirmed", requests.c.person_id.is_(None))
        ),
        link_codes: lambda now: link_codes.c.expires_at <= now,
        throttles: lambda now: throttles.c.since < now - limits.short,
        sessions: lambda now: sessions.c.seen_at < now - limits.sessions,
        staff_sessions: lambda now: staff_sessions.c.created_at < now - limits.short,
        staff_links: lambda now: staff_links.c.expires_at <= now,
        staff: lambda now: staff.c.closed_at < now - limits.staff,
    }


def _delete_due(
    table: Table, due: Callable[[datetime], ColumnElement[bool]], chunk: int, uow: UnitOfWork
) -> int:
    return _delete(uow, table, due(uow.now), chunk)


def _delete(uow: UnitOfWork, table: Table, due: ColumnElement[bool], chunk: int) -> int:
    key = tuple(table.primary_key.columns)
    some = select(*key).where(due).limit(chunk)
    chosen = key[0].in_(some) if len(key) == 1 else tuple_(*key).in_(some)
    return uow.execute(delete(table).where(chosen)).rowcount


def _forget_people(uow: UnitOfWork, limits: Limits, chunk: int) -> int:
    old = (
        select(persons.c.id)
        .where(persons.c.seen_at < profile_cutoff(uow.now, limits))
        .limit(chunk)
        .with_for_update()
    )
    gone = uow.execute(old).scalars().all()
    for person_id in gone:
        erase(uow, person_id)
    return len(gone)


def _repeat(database: Database, chunk: int, step: Callable[[UnitOfWork], int]) -> int:
    total = 0
    while True:
        with database.begin() as uow:
            done = step(uow)
        total += done
        if done < chunk:
            return total


def _season_end(year: int, month: int, day: int) -> datetime:
    """The first instant after the last day of the season."""
    return datetime(year, month, day, tzinfo=UTC) + timedelta(days=1)


def _months_later(instant: datetime, months: int) -> datetime:
    years, month = divmod(instant.month - 1 + months, 12)
    return instant.replace(year=instant.year + years, month=month + 1)
