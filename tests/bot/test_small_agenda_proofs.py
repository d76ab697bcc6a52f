"""The proofs of the timetable, small: `make proof` has them at full size."""

from datetime import date
from pathlib import Path

import pytest

from tests import proof_agenda, proof_school_year
from tests.support.databases import PostgresServer


@pytest.mark.parametrize(
    ("proof", "scale", "found"),
    [
        (proof_agenda.clock_changes, 0.005, "48 cases on sqlite: 144 occurrences, 0 missing, 0 double"),
        (proof_agenda.three_days, 0.005, "5 people with 5 reminders, 72 hours late: 5 messages"),
        (proof_agenda.restarts, 0.015, "3 kills"),
        (proof_agenda.five_o_clock, 0.004, "20 reminders on sqlite"),
    ],
)
def test_a_small_proof_holds(tmp_path: Path, proof, scale: float, found: str):
    assert proof(tmp_path, scale).startswith(found)


def test_the_first_weeks_of_a_small_school_year(tmp_path: Path):
    found = proof_school_year.school_year(tmp_path, 0.015, until=date(2026, 10, 25))
    assert found.startswith("9 learners")


@pytest.mark.postgres
def test_the_night_the_clocks_change_is_the_same_on_both_databases(tmp_path: Path, postgres: PostgresServer):
    here = proof_agenda.clock_changes(tmp_path / "sqlite", 0.005)
    there = proof_agenda.clock_changes(tmp_path / "postgresql", 0.005, postgres.create())
    assert here.replace("sqlite", "") == there.replace("postgresql", "")
