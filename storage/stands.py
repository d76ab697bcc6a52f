"""Who stands at a fair, and how many people want to know what: numbers of ten and more only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select

from storage.crypto import new_id
from storage.tables_agenda import fair_asks, stands
from storage.unit_of_work import UnitOfWork, for_each

FEWEST = 10  # people behind a number that staff may see


@dataclass(frozen=True, slots=True)
class Stand:
    """One stand. `occupations`, `domains`: identifiers of our catalogue, with spaces between."""

    name: str
    spot: str = ""
    about: str = ""
    institution: str = ""
    occupations: str = ""
    domains: str = ""
    link: str = ""
    source: str = ""
    id: str = ""


_COLUMNS = (
    stands.c.name,
    stands.c.spot,
    stands.c.about,
    stands.c.institution,
    stands.c.occupations,
    stands.c.domains,
    stands.c.link,
    stands.c.source,
    stands.c.id,
)
_OF = select(*_COLUMNS).where(stands.c.gathering_id == bindparam("gathering_id")).order_by(stands.c.name)
_PUT = for_each(
    lambda insert: (made := insert(stands)).on_conflict_do_update(
        index_elements=["gathering_id", "name"],
        set_={
            name: made.excluded[name]
            for name in ("spot", "about", "institution", "occupations", "domains", "link", "source")
        },
    )
)
_DROP = delete(stands).where(
    stands.c.gathering_id == bindparam("of_gathering"), stands.c.id == bindparam("of_id")
)
_FORGET = delete(fair_asks).where(
    fair_asks.c.gathering_id == bindparam("of_gathering"), fair_asks.c.person_id == bindparam("of_person")
)
_ASK = insert(fair_asks)
_PEOPLE = func.count(fair_asks.c.person_id.distinct())
_TOPICS = (
    select(fair_asks.c.topic, _PEOPLE)
    .where(fair_asks.c.gathering_id == bindparam("gathering_id"))
    .group_by(fair_asks.c.topic)
    .having(bindparam("fewest") <= _PEOPLE)
    .order_by(_PEOPLE.desc(), fair_asks.c.topic)
)
_BY_STAND = (
    select(fair_asks.c.stand_id, fair_asks.c.topic, _PEOPLE)
    .where(fair_asks.c.gathering_id == bindparam("gathering_id"), fair_asks.c.stand_id != "")
    .group_by(fair_asks.c.stand_id, fair_asks.c.topic)
    .having(bindparam("fewest") <= _PEOPLE)
    .order_by(_PEOPLE.desc(), fair_asks.c.stand_id, fair_asks.c.topic)
)
_EVERYBODY = select(_PEOPLE).where(fair_asks.c.gathering_id == bindparam("gathering_id"))


def of_gathering(uow: UnitOfWork, gathering_id: str) -> list[Stand]:
    """The stands of a fair, by name."""
    return [Stand(*row) for row in uow.execute(_OF, {"gathering_id": gathering_id})]


def put(uow: UnitOfWork, gathering_id: str, listed: Sequence[Stand]) -> None:
    """Add stands, or change those of the same name."""
    rows = [
        {
            "id": one.id or new_id(),
            "gathering_id": gathering_id,
            "name": one.name,
            "spot": one.spot,
            "about": one.about,
            "institution": one.institution,
            "occupations": one.occupations,
            "domains": one.domains,
            "link": one.link,
            "source": one.source,
        }
        for one in listed
    ]
    if rows:
        uow.execute(_PUT, rows)


def remove(uow: UnitOfWork, gathering_id: str, stand_id: str) -> bool:
    """Take a stand away; whether there was one."""
    return uow.execute(_DROP, {"of_gathering": gathering_id, "of_id": stand_id}).rowcount == 1


def ask(uow: UnitOfWork, gathering_id: str, person_id: str, wanted: Sequence[tuple[str, str]]) -> None:
    """What somebody wants to know at a fair, as (topic, stand id or ""); what they said before is replaced."""
    uow.execute(_FORGET, {"of_gathering": gathering_id, "of_person": person_id})
    rows = [
        {
            "gathering_id": gathering_id,
            "person_id": person_id,
            "topic": topic,
            "stand_id": stand,
            "at": uow.now,
        }
        for topic, stand in dict.fromkeys(wanted)
    ]
    if rows:
        uow.execute(_ASK, rows)


def topics(uow: UnitOfWork, gathering_id: str, fewest: int = FEWEST) -> list[tuple[str, int]]:
    """How many people want to know about each topic, the most first; what fewer than `fewest` asked is left out."""
    rows = uow.execute(_TOPICS, {"gathering_id": gathering_id, "fewest": fewest})
    return [(str(topic), int(number)) for topic, number in rows]


def by_stand(uow: UnitOfWork, gathering_id: str, fewest: int = FEWEST) -> list[tuple[str, str, int]]:
    """The same by stand: stand id, topic, people."""
    rows = uow.execute(_BY_STAND, {"gathering_id": gathering_id, "fewest": fewest})
    return [(str(stand), str(topic), int(number)) for stand, topic, number in rows]


def people(uow: UnitOfWork, gathering_id: str) -> int:
    """How many people asked anything. Not to be shown below ten."""
    return int(uow.execute(_EVERYBODY, {"gathering_id": gathering_id}).scalar_one())
