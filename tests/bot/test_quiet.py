# ruff: noqa: DTZ001  -- wall times in Brussels, without a zone as they are stored
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.application import quiet

NONE = quiet.Holidays()
AUTUMN = quiet.of([(date(2026, 10, 19), date(2026, 10, 30))])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda one: one.replace(second=0, microsecond=0)
)


@given(MOMENTS)
def test_what_is_moved_is_never_in_quiet_hours_and_never_earlier(moment):
    moved = quiet.later(moment, AUTUMN)

    assert moved >= moment
    assert not quiet.is_quiet(moved, AUTUMN)
    assert moved == moment or quiet.is_quiet(moment, AUTUMN)


@given(MOMENTS)
def test_what_is_moved_forward_is_the_last_minute_before(moment):
    moved = quiet.earlier(moment, AUTUMN)

    assert moved <= moment
    assert not quiet.is_quiet(moved, AUTUMN)


def test_school_hours_count_on_weekdays_but_not_in_holidays_or_at_the_weekend():
    tuesday, saturday = datetime(2026, 11, 24, 10, 0), datetime(2026, 11, 28, 10, 0)

    assert quiet.later(tuesday, NONE) == datetime(2026, 11, 24, 15, 30)
    assert quiet.later(saturday, NONE) == saturday
    assert quiet.later(datetime(2026, 10, 20, 10, 0), AUTUMN) == datetime(2026, 10, 20, 10, 0)


def test_the_night_of_a_school_day_ends_after_school():
    assert quiet.later(datetime(2026, 11, 23, 21, 0), NONE) == datetime(2026, 11, 24, 15, 30)
    assert quiet.later(datetime(2026, 11, 27, 21, 0), NONE) == datetime(2026, 11, 28, 8, 0)


def test_a_step_is_asked_about_at_the_chosen_hour_else_at_five():
    day = date(2026, 11, 26)

    assert quiet.on_day(day, "week_19h", NONE) == datetime(2026, 11, 26, 19, 0)
    assert quiet.on_day(day, "none", NONE) == datetime(2026, 11, 26, 17, 0)
    assert quiet.on_day(day, "sat_am", NONE) == datetime(
        2026, 11, 26, 15, 30
    )  # ten o'clock is in school hours


@given(MOMENTS, st.sampled_from(sorted(quiet.SLOTS)), st.integers(0, 99))
def test_a_weekly_slot_comes_once_a_week_at_its_hour(after, slot, spread):
    first = quiet.next_weekly(slot, after, spread, NONE)
    assert first is not None
    second = quiet.next_weekly(slot, first, spread, NONE)

    assert after < first <= after + timedelta(days=7, minutes=1)
    assert second == first + timedelta(days=7)
    assert first.weekday() in quiet.SLOTS[slot][0]
    assert first.time() in (quiet.SLOTS[slot][1], time(15, 30))


def test_no_slot_means_no_note():
    assert quiet.next_weekly("none", datetime(2026, 11, 24), 0, NONE) is None
