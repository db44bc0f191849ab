"""Working days, hours and deadlines, against the State Council's own calendar."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.rules.calendar import (
    BEIJING,
    Calendar,
    CalendarEnds,
    DayKind,
    Unit,
    deadline,
    elapsed,
    parse_hours,
    remaining,
    resume_deadline,
    used_share,
)

DATA = Path(__file__).parents[1] / "data" / "calendar.csv"
HOURS = parse_hours("09:00-12:00,14:00-18:00")
FIRST, LAST = date(2004, 1, 1), date(2027, 12, 31)


def rows() -> Iterator[tuple[date, str, str, bool]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            on = date.fromisoformat(row["date"])
            yield on, row["kind"], row["name"], row["provisional"] == "1"


CALENDAR = Calendar.of(rows(), FIRST, LAST, HOURS)
MIDNIGHT = Calendar.of(rows(), FIRST, LAST, HOURS, "midnight")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


# A window that leaves room for the longest period drawn before the calendar ends.
moments = st.datetimes(
    datetime(2005, 1, 1),  # noqa: DTZ001 (the zone is drawn below)
    datetime(2026, 1, 1),  # noqa: DTZ001
    timezones=st.just(BEIJING),
)
units = st.sampled_from(Unit)
amounts = st.integers(0, 90)


# The days


def test_every_day_since_2004_agrees_with_the_published_arrangements():
    on = FIRST
    while on <= date(2026, 12, 31):
        assert CALENDAR.is_working_day(on) == chinese_calendar.is_workday(on), on
        on += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        ("2026-10-01", DayKind.HOLIDAY, "国庆节"),
        ("2026-10-10", DayKind.MAKEUP, "国庆节调休"),
        ("2026-11-21", DayKind.WEEKEND, ""),
        ("2026-11-23", DayKind.WORKDAY, ""),
        ("2015-09-03", DayKind.HOLIDAY, "抗战胜利七十周年纪念日"),
    ],
)
def test_a_day_has_a_kind_and_a_name(day, kind, name):
    on = date.fromisoformat(day)
    assert (CALENDAR.kind(on), CALENDAR.name(on)) == (kind, name)
    assert CALENDAR.is_statutory_holiday(on) == (kind is DayKind.HOLIDAY)


def test_2027_has_the_thirteen_statutory_days_and_is_provisional_on_every_day():
    days = [on for on, kind, _, _ in rows() if on.year == 2027]
    assert len(days) == 13
    assert date(2027, 2, 6) in days  # first day of the first lunar month
    assert date(2027, 6, 9) in days
    assert date(2027, 9, 15) in days
    assert CALENDAR.provisional(date(2027, 3, 10))
    assert not CALENDAR.provisional(date(2026, 12, 31))


def test_the_next_working_day_skips_a_holiday_and_honours_make_up_days():
    assert CALENDAR.next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)
    assert CALENDAR.next_working_day(date(2026, 10, 9)) == date(2026, 10, 10)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_the_known_years_is_refused_by_name(day):
    with pytest.raises(CalendarEnds, match=day.isoformat()):
        CALENDAR.is_working_day(day)
    assert CALENDAR.ends_on == LAST


@pytest.mark.parametrize("unit", list(Unit))
def test_a_deadline_beyond_the_calendar_is_refused_and_not_guessed(unit):
    if unit is Unit.CALENDAR_HOURS:  # plain hours need no calendar
        return
    with pytest.raises(CalendarEnds):
        deadline(at("2027-12-30 10:00"), 40, unit, CALENDAR)


@pytest.mark.parametrize(
    "text", ["", "09:00", "12:00-09:00", "09:00-12:00,11:00-18:00", "9-5", "09:00-12:00,"]
)
def test_working_hours_out_of_order_are_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_hours(text)


def test_a_calendar_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="before it begins"):
        Calendar(LAST, FIRST, HOURS)


def test_rows_outside_the_range_are_left_out():
    short = Calendar.of(rows(), date(2026, 1, 1), date(2026, 12, 31), HOURS)
    assert {on.year for on in short.days} == {2026}


# Deadlines, by the words of the Civil Code


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # The day of the event is not counted; the period ends at the close of business.
        ("2026-11-16 10:00", 5, Unit.WORKING_DAYS, "2026-11-23 18:00"),
        # Before, in and after working hours count alike.
        ("2026-11-16 07:00", 1, Unit.WORKING_DAYS, "2026-11-17 18:00"),
        ("2026-11-16 22:00", 1, Unit.WORKING_DAYS, "2026-11-17 18:00"),
        # A whole week of holidays counts for nothing, a make-up Saturday counts.
        ("2026-09-29 10:00", 3, Unit.WORKING_DAYS, "2026-10-09 18:00"),
        ("2026-09-29 10:00", 4, Unit.WORKING_DAYS, "2026-10-10 18:00"),
        # Calendar days that end on a rest day end on the first working day after it.
        ("2026-11-16 10:00", 5, Unit.CALENDAR_DAYS, "2026-11-23 18:00"),
        ("2026-11-16 10:00", 4, Unit.CALENDAR_DAYS, "2026-11-20 18:00"),
        ("2026-09-29 10:00", 3, Unit.CALENDAR_DAYS, "2026-10-08 18:00"),
        # Working hours run over lunch, the evening and the weekend.
        ("2026-11-20 11:00", 2, Unit.WORKING_HOURS, "2026-11-20 15:00"),
        ("2026-11-20 17:00", 2, Unit.WORKING_HOURS, "2026-11-23 10:00"),
        ("2026-11-20 20:16", 2, Unit.WORKING_HOURS, "2026-11-23 11:00"),
        ("2026-11-20 12:30", 4, Unit.WORKING_HOURS, "2026-11-20 18:00"),
        ("2026-11-20 09:00", 3, Unit.WORKING_HOURS, "2026-11-20 12:00"),
        # Plain hours know no rest.
        ("2026-09-30 20:00", 24, Unit.CALENDAR_HOURS, "2026-10-01 20:00"),
        # No time at all is the same day, or the next one after closing time.
        ("2026-11-16 10:00", 0, Unit.WORKING_DAYS, "2026-11-16 18:00"),
        ("2026-11-16 19:00", 0, Unit.CALENDAR_DAYS, "2026-11-17 18:00"),
        ("2026-11-16 19:00", 0, Unit.WORKING_HOURS, "2026-11-16 19:00"),
    ],
)
def test_a_period_ends_when_the_civil_code_says(start, amount, unit, due):
    assert deadline(at(start), amount, unit, CALENDAR) == at(due)


def test_a_period_can_end_at_midnight_instead_of_closing_time():
    start = at("2026-11-16 10:00")
    assert deadline(start, 1, Unit.WORKING_DAYS, MIDNIGHT) == at("2026-11-17 23:59:59")


def test_a_moment_in_another_time_zone_is_the_same_moment():
    start = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)  # already the 17th in Beijing
    assert deadline(start, 1, Unit.WORKING_DAYS, CALENDAR) == at("2026-11-18 18:00")


def test_a_moment_without_time_zone_or_a_negative_period_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime(2026, 11, 16, 10), 1, Unit.WORKING_DAYS, CALENDAR)  # noqa: DTZ001
    with pytest.raises(ValueError, match="negative"):
        deadline(at("2026-11-16 10:00"), -1, Unit.WORKING_DAYS, CALENDAR)


@given(moments, amounts, units)
def test_a_deadline_never_lies_before_the_event(start, amount, unit):
    assert deadline(start, amount, unit, CALENDAR) >= start.replace(microsecond=0)


@given(moments, amounts, units)
def test_one_unit_more_is_never_earlier(start, amount, unit):
    assert deadline(start, amount + 1, unit, CALENDAR) >= deadline(start, amount, unit, CALENDAR)


@given(moments, st.integers(1, 90), st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]))
def test_a_period_in_days_ends_on_a_working_day(start, amount, unit):
    due = deadline(start, amount, unit, CALENDAR)
    assert CALENDAR.is_working_day(due.date())
    assert due.time() == time(18)


@given(moments, st.integers(1, 90))
def test_working_days_agree_with_counting_them_one_by_one(start, amount):
    on, left = start.date(), amount
    while left:
        on += timedelta(days=1)
        left -= CALENDAR.is_working_day(on)
    assert deadline(start, amount, Unit.WORKING_DAYS, CALENDAR).date() == on


@given(moments, st.integers(1, 200))
def test_working_hours_between_event_and_deadline_are_exactly_the_period(start, amount):
    due = deadline(start, amount, Unit.WORKING_HOURS, CALENDAR)
    assert CALENDAR.working_seconds_between(start, due) == amount * 3600


@given(moments, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_working_seconds_agree_with_walking_through_every_span(start, length):
    start = start.replace(microsecond=0)
    end = (start + length).replace(microsecond=0)
    total, on = 0, start.date()
    while on <= end.date():
        if CALENDAR.is_working_day(on):
            for opening, close in HOURS:
                low = max(start, datetime.combine(on, opening, BEIJING))
                high = min(end, datetime.combine(on, close, BEIJING))
                total += max(0, int((high - low).total_seconds()))
        on += timedelta(days=1)
    assert CALENDAR.working_seconds_between(start, end) == total


# Pause and resume


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        (Unit.WORKING_DAYS, "2026-11-26 18:00"),  # Wednesday, Thursday and Friday are given back
        (Unit.CALENDAR_DAYS, "2026-11-26 18:00"),
        (Unit.WORKING_HOURS, "2026-11-26 17:00"),  # 6 + 7 + 7 hours
        (Unit.CALENDAR_HOURS, "2026-11-26 17:00"),
    ],
)
def test_resuming_moves_the_deadline_by_the_time_the_clock_stood_still(unit, due):
    paused, resumed = at("2026-11-17 10:00"), at("2026-11-20 09:00")
    assert resume_deadline(at("2026-11-23 18:00"), paused, resumed, unit, CALENDAR) == at(due)


@pytest.mark.parametrize("unit", [Unit.WORKING_DAYS, Unit.CALENDAR_DAYS])
@pytest.mark.parametrize(
    ("resumed", "due"),
    [
        ("2026-11-20 17:00", "2026-11-20 18:00"),
        ("2026-11-20 19:00", "2026-11-23 18:00"),  # that evening
        ("2026-11-21 10:00", "2026-11-23 18:00"),  # on Saturday
    ],
)
def test_a_clock_stopped_in_time_on_the_last_day_is_not_overdue_when_it_runs(unit, resumed, due):
    start, paused = at("2026-11-16 10:00"), at("2026-11-20 09:00")
    old = deadline(start, 4, unit, CALENDAR)
    assert old == at("2026-11-20 18:00")
    assert resume_deadline(old, paused, at(resumed), unit, CALENDAR) == at(due)
    assert deadline(start, 4, unit, CALENDAR, [(paused, at(resumed))]) == at(due)


def test_a_clock_stopped_when_overdue_stays_as_late_as_it_was():
    due, paused, resumed = map(at, ("2026-11-20 18:00", "2026-11-24 10:00", "2026-11-27 10:00"))
    moved = resume_deadline(due, paused, resumed, Unit.WORKING_DAYS, CALENDAR)
    late = remaining(due, paused, [], Unit.WORKING_DAYS, CALENDAR)
    assert late == -2
    assert remaining(moved, resumed, [], Unit.WORKING_DAYS, CALENDAR) == late


@given(moments, st.integers(1, 40), st.integers(0, 500), st.integers(0, 500), units)
def test_what_was_left_at_the_pause_is_left_at_the_resumption(start, amount, wait, pause, unit):
    due = deadline(start, amount, unit, CALENDAR)
    paused = start + timedelta(hours=wait)
    if paused > due:
        return
    resumed = paused + timedelta(hours=pause)
    moved = resume_deadline(due, paused, resumed, unit, CALENDAR)
    before = remaining(due, paused, [], unit, CALENDAR)
    after = remaining(moved, resumed, [(paused, resumed)], unit, CALENDAR)
    if unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):  # the end of a day may add to it
        assert after >= before
    else:
        assert after == before


@given(moments, st.integers(1, 40), st.integers(0, 300), st.integers(0, 300), units)
def test_counting_with_pauses_and_moving_the_deadline_agree(start, amount, wait, pause, unit):
    due = deadline(start, amount, unit, CALENDAR)
    paused = start + timedelta(hours=wait)
    if paused > due:
        return
    resumed = paused + timedelta(hours=pause)
    counted = deadline(start, amount, unit, CALENDAR, [(paused, resumed)])
    moved = resume_deadline(due, paused, resumed, unit, CALENDAR)
    if unit is Unit.CALENDAR_DAYS:
        assert counted <= moved
    else:
        assert counted == moved


def test_nothing_is_used_while_the_clock_stands_still():
    start, due = at("2026-11-16 10:00"), at("2026-11-23 18:00")
    pauses = [(at("2026-11-18 15:00"), None)]
    for now in ("2026-11-18 15:00", "2026-11-19 09:00", "2027-03-01 09:00"):
        assert elapsed(start, at(now), pauses, Unit.WORKING_DAYS, CALENDAR) == 2
        assert remaining(due, at(now), pauses, Unit.WORKING_DAYS, CALENDAR) == 3
        assert used_share(start, due, at(now), pauses, CALENDAR) == Fraction(2, 5)


def test_pauses_that_overlap_are_counted_once():
    start, now = at("2026-11-16 10:00"), at("2026-11-24 10:00")
    apart = [(at("2026-11-17 09:00"), at("2026-11-20 09:00"))]
    overlapping = [
        (at("2026-11-18 09:00"), at("2026-11-20 09:00")),
        (at("2026-11-17 09:00"), at("2026-11-19 09:00")),
        (at("2026-11-18 10:00"), at("2026-11-18 11:00")),
    ]
    used = [
        elapsed(start, now, pauses, Unit.WORKING_DAYS, CALENDAR) for pauses in (apart, overlapping)
    ]
    assert used == [3, 3]


def test_an_open_pause_swallows_those_that_begin_after_it():
    start, now = at("2026-11-16 10:00"), at("2026-11-24 10:00")
    pauses = [
        (at("2026-11-17 09:00"), None),
        (at("2026-11-18 09:00"), at("2026-11-19 09:00")),
    ]
    assert elapsed(start, now, pauses, Unit.WORKING_DAYS, CALENDAR) == 1


def test_a_pause_that_ends_before_it_begins_is_refused():
    pauses = [(at("2026-11-18 09:00"), at("2026-11-17 09:00"))]
    with pytest.raises(ValueError, match="pause"):
        elapsed(at("2026-11-16 10:00"), at("2026-11-24 10:00"), pauses, Unit.WORKING_DAYS, CALENDAR)


# What is left, and the dial


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-16 10:00", 5),
        ("2026-11-20 17:59", 1),
        ("2026-11-23 09:00", 0),  # today
        ("2026-11-23 18:00", 0),
        ("2026-11-23 18:00:01", -1),  # one day over as soon as it is over
        ("2026-11-24 09:00", -1),
        ("2026-11-25 09:00", -2),
    ],
)
def test_working_days_left_are_zero_today_and_negative_when_overdue(now, left):
    due = at("2026-11-23 18:00")
    assert remaining(due, at(now), [], Unit.WORKING_DAYS, CALENDAR) == left


def test_hours_left_are_full_hours_and_begun_hours_of_delay_count_whole():
    due = at("2026-11-23 11:00")
    assert remaining(due, at("2026-11-20 17:30"), [], Unit.WORKING_HOURS, CALENDAR) == 2
    assert remaining(due, at("2026-11-23 11:01"), [], Unit.WORKING_HOURS, CALENDAR) == -1
    assert elapsed(at("2026-11-20 17:30"), due, [], Unit.WORKING_HOURS, CALENDAR) == 2


def test_a_step_of_five_days_is_amber_in_day_four():
    start, due = at("2026-11-16 10:00"), at("2026-11-23 18:00")
    amber = Fraction(80, 100)
    assert used_share(start, due, at("2026-11-19 17:59"), [], CALENDAR) < amber
    assert used_share(start, due, at("2026-11-20 08:00"), [], CALENDAR) == amber
    assert used_share(start, due, at("2026-11-23 18:00"), [], CALENDAR) == 1
    assert used_share(start, due, at("2026-11-23 18:01"), [], CALENDAR) > 1


def test_the_share_of_a_period_in_hours_follows_the_working_clock():
    start, due = at("2026-11-20 16:00"), at("2026-11-23 11:00")
    share = used_share(start, due, at("2026-11-21 12:00"), [], CALENDAR, Unit.WORKING_HOURS)
    assert share == Fraction(1, 2)


def test_the_share_of_a_period_that_ends_today_follows_the_clock():
    start, due = at("2026-11-16 10:00"), at("2026-11-16 18:00")
    assert used_share(start, due, at("2026-11-16 12:00"), [], CALENDAR) == Fraction(1, 4)
    assert used_share(start, start, start, [], CALENDAR) == 1


@given(moments, st.integers(1, 60), st.integers(0, 3000), st.integers(0, 3000), units)
def test_the_share_grows_with_time_and_passes_one_only_when_overdue(start, amount, a, b, unit):
    due = deadline(start, amount, unit, CALENDAR)
    early, late = (start + timedelta(hours=h) for h in sorted((a, b)))
    shares = [used_share(start, due, now, [], CALENDAR, unit) for now in (early, late)]
    assert 0 <= shares[0] <= shares[1]
    assert (shares[1] > 1) == (late.replace(microsecond=0) > due)
