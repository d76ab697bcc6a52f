"""Brings the job offers of the open data into the database, without making anybody wait."""

from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.application.services import BRUSSELS
from careers.sources.forem import ForemSource
from storage import vacancies
from storage.database import Database

TIMEOUT = httpx.Timeout(30, connect=10)  # seconds
AGENT = "Boussole (guidance bot; open data reader)"


@dataclass(frozen=True, slots=True)
class Report:
    """What one import did."""

    kept: int
    closed: int
    refused: int


def sync(database: Database, base_url: str, now: datetime) -> Report:
    """A whole import. When the source fails half-way, what was there before stays (`careers.sources` errors)."""
    today = now.astimezone(BRUSSELS).date()
    with httpx.Client(timeout=TIMEOUT, headers={"User-Agent": AGENT}, follow_redirects=False) as client:
        source = ForemSource(base_url, client)
        kept = vacancies.import_all(database, source.export(today), now.isoformat(timespec="seconds"))
    with database.begin() as uow:
        closed = vacancies.drop_closed(uow, today)
    return Report(kept, closed, len(source.report.faults))
