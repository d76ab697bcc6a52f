"""Figures of the matcher: a list with its programmes and offers, among 26,000 made-up offers kept in SQLite."""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot import bootstrap
from bot.application.clock import Clock
from bot.settings import load, make_keys
from careers import catalogue as catalogues
from careers import matcher, places, tables
from careers.catalogue import Catalogue
from careers.model import Interests, Source, Vacancy
from storage import vacancies
from storage.database import Database
from tests.careers.made_up import learner

OFFERS, PEOPLE = 26_000, 300
LIMIT = 50.0  # milliseconds, for the slowest twentieth
TODAY = date(2026, 11, 24)
ROME = 5  # characters of a DIMECO code that name its ROME trade
KINDS = ("job",) * 8 + ("student", "apprenticeship", "first_job")


def made_up_offers(count: int) -> Iterator[Vacancy]:
    """Offers with codes and postcodes of our own tables; everything else is made up."""
    chance = random.Random(26)  # noqa: S311 -- offers, not secrets
    codes = [row for row in tables.rows("codes.tsv") if row["scheme"] == "dimeco"]
    towns = list(tables.rows("postcodes.tsv"))
    source = Source("made up", seen=TODAY)
    for number in range(count):
        code, town = chance.choice(codes), chance.choice(towns)
        yield Vacancy(
            id=f"v{number}",
            title=code["label"],
            occupation=code["label"],
            dimeco=code["code"],
            employer=f"Entreprise {number % 900}",
            locality=town["name"],
            postcode=town["postcode"],
            latitude=float(town["latitude"]),
            longitude=float(town["longitude"]),
            contract="Durée indéterminée",
            regime="Temps plein",
            levels=(),
            languages=(),
            url="",
            published=TODAY - timedelta(days=number % 60),
            closes=TODAY + timedelta(days=1 + number % 60),
            source=source,
            kind=chance.choice(KINDS),
        )


def one_list(database: Database, catalogue: Catalogue, somebody: Interests, seed: str) -> tuple[int, int]:
    """Ten occupations, the offers around the three first, and what is near the person; how many of each."""
    found = matcher.occupations(somebody, catalogue, seed)
    kept = [one.id for one in found[:3]]
    codes = {code[:ROME] for one in kept for code in catalogue.occupations[one].dimeco}
    codes |= {code for one in kept for code in catalogue.occupations[one].rome}
    home = somebody.place or places.LIEGE
    with database.read() as uow:
        offers = vacancies.near(uow, TODAY, prefixes=sorted(codes), place=(home.latitude, home.longitude))
    near = matcher.near(kept, somebody, catalogue, offers, TODAY, 4, seed, age=14)
    return len(found), len(near)


def main() -> int:
    """Print the figure and its limit; 1 when it does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir="."))
    try:
        settings = load(None, data_dir=folder)
        make_keys(settings.keys_file)
        database = bootstrap.open_database(settings, Clock(lambda: datetime.now(UTC)))
        database.migrate()
        vacancies.import_all(database, made_up_offers(OFFERS), "bench")
        shipped = catalogues.load()
        people = [learner(random.Random(n), shipped) for n in range(PEOPLE)]  # noqa: S311 -- people, not secrets
        one_list(database, shipped, people[0], "warm")
        took = []
        for number, somebody in enumerate(people):
            started = time.perf_counter()
            one_list(database, shipped, somebody, str(number))
            took.append((time.perf_counter() - started) * 1000)
        database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    p50, p95 = statistics.median(took), sorted(took)[int(PEOPLE * 0.95)]
    print(
        f"matcher: a list among {OFFERS} offers, p50 {p50:.1f} ms, p95 {p95:.1f} ms (under {LIMIT:.0f}), "
        f"{PEOPLE} made-up learners"
    )
    return 0 if p95 < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
