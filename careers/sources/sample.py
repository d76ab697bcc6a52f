"""Made-up job offers for the demonstration, each marked as a sample: no real employer, no real offer."""

from datetime import date, timedelta

from careers import places, tables
from careers.model import Source, Vacancy
from careers.sources.forem_words import AGES

NAME = "Offre inventée pour la démonstration"


def sample_vacancies(today: date) -> list[Vacancy]:
    """The made-up offers, with dates relative to a day."""
    labels = {row["code"]: row["label"] for row in tables.rows("codes.tsv") if row["scheme"] == "dimeco"}
    return [_offer(row, today, labels.get(row["dimeco"], "")) for row in tables.rows("sample_vacancies.tsv")]


def _offer(row: dict[str, str], today: date, occupation: str) -> Vacancy:
    place = places.of_postcode(row["postcode"])
    return Vacancy(
        id=row["id"],
        title=row["title"],
        occupation=occupation,
        dimeco=row["dimeco"],
        employer=row["employer"],
        locality=place.name if place else "",
        postcode=row["postcode"],
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        contract=row["contract"],
        regime=row["regime"],
        levels=_listed(row["levels"]),
        languages=_listed(row["languages"]),
        url="",
        published=today - timedelta(days=int(row["days_ago"])),
        closes=today + timedelta(days=int(row["days_left"])),
        source=Source(NAME, seen=today, licence="MIT", confidence="D"),
        kind=row["kind"],
        ages_from=AGES[row["kind"]],
        sample=True,
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
