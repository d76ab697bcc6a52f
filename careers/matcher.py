"""Suggestions for a learner: occupations with quotas that widen the view, then what is near a place."""

from collections.abc import Sequence
from datetime import date

from careers.catalogue import Catalogue
from careers.model import Interests, Suggestion, Vacancy


def occupations(interests: Interests, catalogue: Catalogue, seed: str, limit: int = 10) -> list[Suggestion]:
    """At most `limit` occupations: half near, three tenths beside, two tenths surprises. Same seed, same list."""
    _ = (interests, catalogue, seed, limit)
    return []


def near(
    occupation_ids: Sequence[str],
    interests: Interests,
    catalogue: Catalogue,
    vacancies: Sequence[Vacancy],
    today: date,
    limit: int = 4,
    seed: str = "",
) -> list[Suggestion]:
    """Programmes, job offers and a widening occupation for the occupations kept; refusals change the list."""
    _ = (occupation_ids, interests, catalogue, vacancies, today, limit, seed)
    return []
