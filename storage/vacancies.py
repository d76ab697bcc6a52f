"""Job offers: imported in small steps, and the few that may concern a learner handed to the matcher."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Float, Select, and_, bindparam, delete, func, or_, select

from careers.model import Source, Vacancy
from storage.database import Database
from storage.tables import vacancies
from storage.unit_of_work import UnitOfWork, for_each

Shown = tuple[str, date | None]  # title and last day

CHUNK = 500  # offers a transaction, so that conversations on SQLite do not wait
LIMIT = 500  # offers handed to the matcher
_DEGREE = 111.2  # kilometres in a degree of latitude
_LAST = "\U0010ffff"  # after every other character
_PLAIN = str.maketrans({"/": "//", "%": "/%", "_": "/_"})  # what LIKE would read as something else

_PUT = for_each(
    lambda insert: (made := insert(vacancies)).on_conflict_do_update(
        index_elements=["id"],
        set_={one.name: made.excluded[one.name] for one in vacancies.c if one.name != "id"},
    )
)
_GET = select(vacancies.c.record).where(vacancies.c.id == bindparam("vacancy_id"))
_COUNT = select(func.count()).select_from(vacancies)
_REAL = vacancies.c.sample.is_(False)
_IDS = select(vacancies.c.id).where(_REAL)
_FACES = select(vacancies.c.id, vacancies.c.closes, vacancies.c.record).where(_REAL)
_STILL = or_(vacancies.c.closes.is_(None), vacancies.c.closes >= bindparam("today"))
_OPEN = select(vacancies.c.record).where(_REAL, _STILL)
_COUNT_OPEN = select(func.count()).select_from(vacancies).where(_REAL, _STILL)
_DROP = delete(vacancies).where(vacancies.c.id == bindparam("vacancy_id"))
_CLOSED = delete(vacancies).where(vacancies.c.closes < bindparam("today"))


def put(uow: UnitOfWork, offers: Iterable[Vacancy], batch: str) -> int:
    """Add offers or replace those of the same number; how many. One statement."""
    rows = [_values(offer, batch) for offer in offers]
    if rows:
        uow.execute(_PUT, rows)
    return len(rows)


def import_all(
    database: Database,
    offers: Iterable[Vacancy],
    batch: str,
    *,
    chunk: int = CHUNK,
    whole: bool = True,
    between: Callable[[], object] = lambda: None,
) -> int:
    """An import, `chunk` offers a transaction; how many. `between` is called after each, outside the transaction.

    whole: these are all the offers there are, so what an earlier import saw and this one did not goes. When `offers`
    raises half-way, what came is kept and nothing is removed. An empty import removes nothing either.
    """
    total, samples = 0, False
    for some in _chunks(offers, chunk):
        with database.begin() as uow:
            total += put(uow, some, batch)
        samples = some[0].sample
        between()
    if total and whole:
        with database.begin() as uow:
            drop_others(uow, batch, samples=samples)
    return total


def drop_others(uow: UnitOfWork, batch: str, *, samples: bool = False) -> int:
    """Remove the offers that the import `batch` did not see (real ones, or samples); how many."""
    old = delete(vacancies).where(vacancies.c.batch != batch, vacancies.c.sample.is_(samples))
    return uow.execute(old).rowcount


def drop(uow: UnitOfWork, ids: Iterable[str]) -> int:
    """Remove offers by their number; how many. A few at a time: see CHUNK."""
    rows = [{"vacancy_id": one} for one in ids]
    if rows:
        uow.execute(_DROP, rows)
    return len(rows)


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


def ids(uow: UnitOfWork) -> set[str]:
    """The numbers of all the real offers."""
    return set(uow.execute(_IDS).scalars())


def faces(uow: UnitOfWork) -> dict[str, Shown]:
    """Title and last day of every real offer, by number: enough to see that it changed."""
    return {
        number: (str(orjson.loads(record)["title"]), closes) for number, closes, record in uow.execute(_FACES)
    }


def count_open(uow: UnitOfWork, today: date) -> int:
    """How many real offers may be shown on that day."""
    return int(uow.execute(_COUNT_OPEN, {"today": today}).scalar_one())


def count_kinds(uow: UnitOfWork, today: date) -> dict[str, int]:
    """How many real offers of each kind may be shown on that day."""
    found: Counter[str] = Counter()
    for record in uow.execute(_OPEN, {"today": today}).scalars():
        found[str(orjson.loads(record).get("kind", "job"))] += 1
    return dict(found)


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
    values: dict[str, Any] = {"today": today, "limit": limit}
    for number, prefix in enumerate(prefixes):
        values |= _begins(uow.kind, number, prefix)
    if place is not None:
        values |= _square(place, km)
    found = _near(uow.kind, len(prefixes), nearest=place is not None)
    return [_vacancy(record) for record in uow.execute(found, values).scalars()]


@lru_cache(maxsize=64)
def _near(kind: str, prefixes: int, *, nearest: bool) -> Select[str]:
    """The statement for so many prefixes, made once."""
    wanted: list[ColumnElement[bool]] = [
        _STILL,
        or_(vacancies.c.published.is_(None), vacancies.c.published <= bindparam("today")),
    ]
    if prefixes:
        wanted.append(or_(*(_beginning(kind, number) for number in range(prefixes))))
    order: list[ColumnElement[Any]] = [vacancies.c.published.desc().nulls_last(), vacancies.c.id]
    if nearest:
        wanted += [
            vacancies.c.latitude.between(bindparam("south"), bindparam("north")),
            vacancies.c.longitude.between(bindparam("west"), bindparam("east")),
        ]
        up = vacancies.c.latitude - bindparam("latitude", type_=Float)
        right = (vacancies.c.longitude - bindparam("longitude", type_=Float)) * bindparam(
            "narrow", type_=Float
        )
        order.insert(0, up * up + right * right)
    return select(vacancies.c.record).where(*wanted).order_by(*order).limit(bindparam("limit"))


def _beginning(kind: str, number: int) -> ColumnElement[bool]:
    """A code that begins so. SQLite finds a range in the index, but not LIKE; the order of PostgreSQL is not by bytes."""
    code = vacancies.c.dimeco
    if kind == "sqlite":
        return and_(code >= bindparam(f"prefix{number}"), code < bindparam(f"beyond{number}"))
    return code.like(bindparam(f"prefix{number}"), escape="/")


def _begins(kind: str, number: int, prefix: str) -> dict[str, str]:
    if kind == "sqlite":
        return {f"prefix{number}": prefix, f"beyond{number}": prefix + _LAST}
    return {f"prefix{number}": prefix.translate(_PLAIN) + "%"}


def _square(place: tuple[float, float], km: float) -> dict[str, float]:
    latitude, longitude = place
    narrow = math.cos(math.radians(latitude))
    up, right = km / _DEGREE, km / (_DEGREE * narrow)
    sides = {
        "south": latitude - up,
        "north": latitude + up,
        "west": longitude - right,
        "east": longitude + right,
    }
    return {"latitude": latitude, "longitude": longitude, "narrow": narrow, **sides}


def _chunks(offers: Iterable[Vacancy], size: int) -> Iterator[list[Vacancy]]:
    remaining = iter(offers)
    while some := list(islice(remaining, size)):
        yield some


def _values(offer: Vacancy, batch: str) -> dict[str, Any]:
    record = orjson.dumps(offer).decode()
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
    raw: dict[str, Any] = orjson.loads(record)
    source: dict[str, Any] = raw["source"]
    source["seen"] = date.fromisoformat(source["seen"]) if source.get("seen") else None
    known = {name: value for name, value in raw.items() if name in _NAMES}
    for name in _DATES:
        known[name] = date.fromisoformat(raw[name]) if raw[name] else None
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Vacancy(**known | {"source": Source(**source)})
