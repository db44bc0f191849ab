"""Greeting, deadlines in words, bars and the menu: no database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.console.rules.chart import HEIGHT, week_chart
from yiwang.console.rules.menu import MENU, allowed, current_of
from yiwang.console.rules.words import deadline_chip, greeting
from yiwang.core.rules.calendar import Calendar

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
CALENDAR = Calendar.of(
    [], date(2026, 1, 1), date(2026, 12, 31), ((time(9), time(12)), (time(14), time(18)))
)


@pytest.mark.parametrize(("hour", "words"), [
    (2, "夜深了"), (6, "上午好"), (11, "上午好"), (12, "中午好"), (14, "下午好"), (18, "晚上好"),
    (23, "晚上好"),
])  # fmt: skip
def test_the_greeting_follows_the_hour(hour, words):
    assert greeting(NOW.replace(hour=hour)) == words


@pytest.mark.parametrize(("due", "words", "kind"), [
    (NOW - timedelta(days=2), "超期 2 天", "danger"),
    (NOW - timedelta(minutes=5), "超期 1 小时", "danger"),
    (NOW + timedelta(hours=7), "今天 17:00", "warn"),
    (NOW + timedelta(days=1), "剩 1 个工作日", ""),
    (NOW + timedelta(days=7), "剩 5 个工作日", ""),
    (NOW + timedelta(days=60), "剩 60 个工作日", ""),
])  # fmt: skip
def test_a_deadline_is_said_as_people_say_it(due, words, kind):
    chip = deadline_chip("working", due, NOW + timedelta(days=90), NOW, CALENDAR)
    assert (chip.text, chip.kind) == (words, kind)


def test_an_amber_step_is_marked_before_it_is_due():
    chip = deadline_chip("working", NOW + timedelta(days=2), NOW, NOW, CALENDAR)
    assert chip.kind == "warn"


@pytest.mark.parametrize(("state", "words"), [("paused", "计时暂停"), ("correcting", "等待补正")])
def test_a_clock_that_stands_is_never_overdue(state, words):
    chip = deadline_chip(state, NOW - timedelta(days=9), NOW, NOW, CALENDAR)
    assert (chip.text, chip.row) == (words, "")


@dataclass
class Flow:
    day: date
    accepted: int
    finished: int


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=7))
def test_no_bar_is_higher_than_the_drawing_and_none_with_matters_is_invisible(days):
    flows = [Flow(NOW.date() + timedelta(days=n), *pair) for n, pair in enumerate(days)]
    chart = week_chart(flows)
    for bar in chart.bars:
        assert 0 <= bar.accepted_height <= HEIGHT
        assert (bar.accepted_height > 0) == (bar.accepted > 0)
        assert 0 <= bar.finished_y <= HEIGHT
    assert chart.accepted == sum(pair[0] for pair in days)


def test_the_menu_shows_an_entry_only_with_its_right():
    entries = [entry for section in MENU for entry in section.entries]
    assert [entry.key for entry in allowed(entries, frozenset())] == ["home", "catalogue"]
    keys = {entry.key for entry in allowed(entries, frozenset({"core.journal"}))}
    assert keys == {"home", "catalogue", "journal"}


def test_a_page_belongs_to_the_longest_address_above_it():
    urls = ["/desk/matters/", "/desk/matters/drafts/", "/desk/residents/"]
    assert current_of(urls, "/desk/matters/2026/") == "/desk/matters/"
    assert current_of(urls, "/desk/matters/drafts/") == "/desk/matters/drafts/"
    assert current_of(urls, "/desk/else/") == ""
    assert (
        current_of(["/desk/accounts/people/"], "/desk/accounts/units/") == "/desk/accounts/people/"
    )
