"""Job offers: imported in small steps, and the few that may concern a learner handed to the matcher."""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select

from careers.model import Source, Vacancy
from storage.database import Database
from storage.tables import vacancies
from storage.unit_of_work import UnitOfWork, for_each

CHUNK = 500  # offers a transaction, so that conversations on SQLite do not wait
LIMIT = 500  # offers handed to the matcher
_DEGREE = 111.2  # kilometres in a degree of latitude

_PUT = for_each(
    lambda insert: (made := insert(vacancies)).on_conflict_do_update(
        index_elements=["id"],
        set_={one.name: made.excluded[one.name] for one in vacancies.c if one.name != "id"},
    )
)
_GET = select(vacancies.c.record).where(vacancies.c.id == bindparam("vacancy_id"))
_COUNT = select(func.count()).select_from(vacancies)
_CLOSED = delete(vacancies).where(vacancies.c.closes < bindparam("today"))


def put(uow: UnitOfWork, offers: Iterable[Vacancy], batch: str) -> int:
    """Add offers or replace those of the same number; how many. One statement."""
    rows = [_values(offer, batch) for offer in offers]
    if rows:
        uow.execute(_PUT, rows)
    return len(rows)


def import_all(database: Database, offers: Iterable[Vacancy], batch: str, *, chunk: int = CHUNK) -> int:
    """A whole import, `chunk` offers a transaction; how many. What an earlier import saw and this one did not goes.

    When `offers` raises half-way, what came is kept and nothing is removed. An empty import removes nothing either.
    """
    total, samples = 0, False
    for some in _chunks(offers, chunk):
        with database.begin() as uow:
            total += put(uow, some, batch)
        samples = some[0].sample
    if total:
        with database.begin() as uow:
            drop_others(uow, batch, samples=samples)
    return total


def drop_others(uow: UnitOfWork, batch: str, *, samples: bool = False) -> int:
    """Remove the offers that the import `batch` did not see (real ones, or samples); how many."""
    old = delete(vacancies).where(vacancies.c.batch != batch, vacancies.c.sample.is_(samples))
    return uow.execute(old).rowcount


def drop_closed(uow: UnitOfWork, today: date) -> int:
    """Remove the offers whose last day is past; how many."""
    return uow.execute(_CLOSED, {"today": today}).rowcount


def get(uow: UnitOfWork, vacancy_id: str) -> Vacancy | None:
    """The offer of that number."""
    found = uow.execute(_GET, {"vacancy_id": vacancy_id}).scalar()
    return _vacancy(found) if found else None


def count(uow: UnitOfWork) -> int:
    """How many offers there are."""
    return int(uow.execute(_COUNT).scalar_one())


def near(
    uow: UnitOfWork,
    today: date,
    *,
    prefixes: Sequence[str] = (),
    place: tuple[float, float] | None = None,
    km: float = 50.0,
    limit: int = LIMIT,
) -> list[Vacancy]:
    """Open offers that may concern a learner, at most `limit`. One statement.

    prefixes: beginnings of occupation codes (any of them). place: latitude and longitude; then only offers in the
    square of `km` around it, nearest first (the matcher computes the true distance), else the newest first.
    """
    wanted: list[ColumnElement[bool]] = [
        or_(vacancies.c.closes.is_(None), vacancies.c.closes >= today),
        or_(vacancies.c.published.is_(None), vacancies.c.published <= today),
    ]
    if prefixes:
        wanted.append(or_(*(vacancies.c.dimeco.startswith(prefix, autoescape=True) for prefix in prefixes)))
    order: list[ColumnElement[Any]] = [vacancies.c.published.desc().nulls_last(), vacancies.c.id]
    if place is not None:
        square, distance = _around(place, km)
        wanted += square
        order.insert(0, distance)
    found = select(vacancies.c.record).where(*wanted).order_by(*order).limit(limit)
    return [_vacancy(record) for record in uow.execute(found).scalars()]


def _around(place: tuple[float, float], km: float) -> tuple[list[ColumnElement[bool]], ColumnElement[Any]]:
    latitude, longitude = place
    narrow = math.cos(math.radians(latitude))
    north, east = km / _DEGREE, km / (_DEGREE * narrow)
    square: list[ColumnElement[bool]] = [
        vacancies.c.latitude.between(latitude - north, latitude + north),
        vacancies.c.longitude.between(longitude - east, longitude + east),
    ]
    up, right = vacancies.c.latitude - latitude, (vacancies.c.longitude - longitude) * narrow
    return square, up * up + right * right


def _chunks(offers: Iterable[Vacancy], size: int) -> Iterator[list[Vacancy]]:
    remaining = iter(offers)
    while some := list(islice(remaining, size)):
        yield some


def _values(offer: Vacancy, batch: str) -> dict[str, Any]:
    record = json.dumps(asdict(offer), ensure_ascii=False, default=date.isoformat)
    return {
        "id": offer.id,
        "dimeco": offer.dimeco,
        "latitude": offer.latitude,
        "longitude": offer.longitude,
        "published": offer.published,
        "closes": offer.closes,
        "sample": offer.sample,
        "batch": batch,
        "record": record,
    }


_DATES = ("published", "closes")
_NAMES = frozenset(one.name for one in fields(Vacancy))


def _vacancy(record: str) -> Vacancy:
    raw: dict[str, Any] = json.loads(record)
    source: dict[str, Any] = raw["source"]
    source["seen"] = date.fromisoformat(source["seen"]) if source.get("seen") else None
    known = {name: value for name, value in raw.items() if name in _NAMES}
    for name in _DATES:
        known[name] = date.fromisoformat(raw[name]) if raw[name] else None
    known |= {
        "levels": tuple(raw["levels"]),
        "languages": tuple(raw["languages"]),
        "source": Source(**source),
    }
    return Vacancy(**known)
