"""Damaged pages: see `tests/dialogues/damage.py`; the full twenty thousand run in `make proof`."""

from tests.dialogues import damage


def test_damaged_copies_raise_nothing_but_listed_problems():
    refused = damage.run(2_000, seed=1)
    assert refused > 1_000
