"""Erasing somebody: their places go to whoever waits, then everything of theirs goes."""

from bot.application import taking_part
from storage import erasure, participations
from storage.unit_of_work import UnitOfWork


def erase(uow: UnitOfWork, person_id: str) -> dict[str, int]:
    """Give every place to come back, offer it to whoever waits first, then erase the person: how many rows of which table."""
    for part, _held in participations.of_person(uow, person_id):
        taking_part.leave(uow, person_id, part.gathering_id)
    return erasure.erase(uow, person_id)
