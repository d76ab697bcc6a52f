"""Who takes part in a gathering, as staff see it on the site: first names, and why somebody would like to come."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.rights import Act, Actor, require
from storage import conversations, participations
from storage.gatherings import Gathering
from storage.participations import Part, Standing
from storage.unit_of_work import UnitOfWork

NAMELESS = "Sans prénom"


@dataclass(frozen=True, slots=True)
class Attending:
    """One person; `also` tells two of the same first name apart."""

    person_id: str
    name: str = field(repr=False)
    standing: Standing
    own: bool
    motivation: str = field(repr=False)
    asked_at: datetime
    offer_until: datetime | None
    also: int = 0  # the second, third… of that first name; 0 when there is only one


def of(uow: UnitOfWork, actor: Actor, held: Gathering) -> list[Attending]:
    """Everybody who has to do with it, in the order in which they asked. NotAllowed."""
    require(actor, Act.SEE_PARTICIPANTS)
    parts = participations.of_gathering(uow, held.id)
    names = {
        one.person_id: str(
            conversations.profile(uow, one.person_id).get("user.first_name") or NAMELESS
        ).strip()
        for one in parts
    }
    shared = Counter(name.casefold() for name in names.values())
    met: Counter[str] = Counter()
    found = []
    for one in parts:
        key = names[one.person_id].casefold()
        met[key] += 1
        found.append(_attending(one, names[one.person_id], met[key] if shared[key] > 1 else 0))
    return found


def digest(people: list[Attending]) -> str:
    """Changes whenever somebody asks, leaves or is chosen: what a page was drawn from."""
    told = "\n".join(f"{one.person_id} {one.standing}" for one in people)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _attending(part: Part, name: str, also: int) -> Attending:
    return Attending(
        part.person_id,
        name,
        part.standing,
        part.own,
        part.motivation,
        part.asked_at,
        part.offer_until,
        also,
    )
