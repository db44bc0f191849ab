"""Periods, what they are compared with, and the bars of a chart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.performance.rules import Period, PeriodKind, before, buckets, period_of, share

DAYS = st.dates(date(2004, 1, 1), date(2035, 12, 31))
KINDS = st.sampled_from([kind for kind in PeriodKind if kind != PeriodKind.FREE])


@pytest.mark.parametrize(("kind", "first", "last"), [
    ("day", date(2026, 5, 20), date(2026, 5, 20)), ("week", date(2026, 5, 18), date(2026, 5, 24)),
    ("month", date(2026, 5, 1), date(2026, 5, 31)), ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ("quarter", date(2026, 4, 1), date(2026, 6, 30)),
])  # fmt: skip
def test_a_period_holds_its_day(kind, first, last):
    assert period_of(kind, date(2026, 5, 20)) == Period(first, last)


def test_a_running_month_is_held_against_as_many_days_of_the_last():
    running = period_of("month", date(2026, 5, 10))
    assert before("month", running, date(2026, 5, 10)) == Period(
        date(2026, 4, 1), date(2026, 4, 10)
    )
    assert before("month", running, date(2026, 6, 1)) == Period(date(2026, 4, 1), date(2026, 4, 30))


def test_days_of_ones_own_choice_are_held_against_as_many_before():
    chosen = Period(date(2026, 5, 3), date(2026, 5, 5))
    assert before("free", chosen, date(2026, 6, 1)) == Period(date(2026, 4, 30), date(2026, 5, 2))


@given(KINDS, DAYS)
def test_periods_follow_one_another_without_a_gap(kind, day):
    period = period_of(kind, day)
    assert period.first <= day <= period.last
    assert before(kind, period, date(2040, 1, 1)).last == period.first - timedelta(days=1)


@given(DAYS, st.integers(0, 800))
def test_the_bars_of_a_chart_cover_the_period_once(first, more):
    spans = list(buckets(Period(first, first + timedelta(days=more))))
    assert sum(span.days for span in spans) == more + 1
    assert len(spans) <= 31


def test_a_hundred_percent_stands_only_where_nothing_is_missing():
    assert share(9999, 10000) == 99.9
    assert share(0, 0) is None
    assert share(None, 4) is None
