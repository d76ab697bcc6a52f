from datetime import UTC, datetime

import pytest

from careers import helplines
from careers.helplines import BRUSSELS


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(9, 59, False), (10, 0, True), (18, 0, True), (23, 59, True), (0, 0, False), (3, 30, False)],
)
def test_ecoute_enfants_answers_from_ten_to_midnight(hour, minute, is_open):
    lines = helplines.open_lines(datetime(2026, 11, 24, hour, minute, tzinfo=BRUSSELS))

    assert {line.number: line.open_now for line in lines}["103"] is is_open


def test_open_lines_come_first_and_one_never_closes():
    for hour in range(24):
        lines = helplines.open_lines(datetime(2026, 7, 1, hour, tzinfo=BRUSSELS))
        states = [line.open_now for line in lines]

        assert states == sorted(states, reverse=True)
        assert any(line.always and line.open_now for line in lines)
        assert {line.number for line in lines} == {"103", "107", "0800 32 123", "116 000", "112"}


def test_hours_are_those_of_brussels_whatever_the_zone():
    summer = helplines.open_lines(datetime(2026, 7, 1, 8, 30, tzinfo=UTC))  # half past ten in Brussels
    winter = helplines.open_lines(datetime(2026, 12, 1, 8, 30, tzinfo=UTC))  # half past nine

    assert summer[0].number == "103"
    assert winter[-1].number == "103"


def test_every_line_says_where_it_was_seen_and_that_it_is_to_be_checked():
    for line in helplines.all_lines():
        assert line.source.url.startswith("http")
        assert line.source.seen is not None
        assert line.note == "à vérifier"
        assert line.free
