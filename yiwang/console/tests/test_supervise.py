"""Supervision: colours by unit, the share on time, and the list behind each number (SVC-23)."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import CHONGCHUAN, RUDONG, STREET
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.matters import actions
from yiwang.matters.models import Step

PAGE = "/desk/supervise/"


def counts(row):
    return {cell["tone"].key: cell["count"] for cell in row["cells"]}


def finish_step(matter, by):
    step = Step.objects.get(matter=matter, state="active")
    return actions.complete_step(step, opinion="属实", by=by)


@pytest.fixture
def busy(world, stream):
    """The stream, and one step of it done late by the community."""
    finish_step(stream["late"], world.network_admin)
    return stream


def test_green_amber_and_red_stand_by_unit(world, busy, sign_in):
    page = sign_in(world.leader).get(PAGE)
    rows = {row["line"].label: counts(row) for row in page.context["rows"]}
    assert rows["南园社区居民委员会"] == {
        "green": 1, "amber": 2, "red": 0, "still": 0, "done": 1, "late": 1,
    }  # fmt: skip
    assert page.context["total"]["share"] == 0.0


@pytest.mark.parametrize("by", ["unit", "place"])
def test_every_number_equals_the_list_behind_it(world, busy, sign_in, by):
    browser = sign_in(world.leader)
    page = browser.get(PAGE, {"by": by})
    seen = 0
    for row in [*page.context["rows"], page.context["total"]]:
        for cell in row["cells"]:
            listed = browser.get(cell["url"])
            assert listed.context["page"].paginator.count == cell["count"], cell["url"]
            seen += cell["count"]
    assert seen


def test_a_step_of_five_days_is_amber_on_its_fourth_with_the_handlers_name(world, stream, sign_in):
    actions.take_step(
        Step.objects.get(matter=stream["amber"], state="active"), by=world.network_admin
    )
    page = sign_in(world.leader).get(PAGE + "list/?show=amber")
    text = page.content.decode()
    assert stream["amber"].short_number in text
    assert "周敏" in text


def test_a_matter_waiting_for_the_resident_is_neither_late_nor_on_time(world, stream, sign_in):
    actions.pause_matter(
        Step.objects.get(matter=stream["late"], state="active"),
        kind="expert_review", reason="等待鉴定", by=world.network_admin,
    )  # fmt: skip
    total = counts(sign_in(world.leader).get(PAGE).context["total"])
    assert (total["red"], total["still"]) == (0, 1)


def test_the_period_counts_what_ended_in_it(world, busy, sign_in):
    browser, today = sign_in(world.leader), timezone.localdate()
    last_week = {"first": today - timedelta(days=9), "last": today - timedelta(days=3)}
    assert counts(browser.get(PAGE, last_week).context["total"])["done"] == 0
    only_today = {"first": today, "last": today}
    assert counts(browser.get(PAGE, only_today).context["total"])["done"] == 1


def test_a_category_narrows_the_figures(world, busy, accept, sign_in):
    accept("temporary-relief")
    browser = sign_in(world.leader)
    relief = browser.get(PAGE, {"category": "relief"}).context["total"]
    everything = browser.get(PAGE).context["total"]
    assert relief["line"].open == 1
    assert everything["line"].open == 5


def test_another_county_cannot_be_asked_for(world, busy, sign_in):
    page = sign_in(world.leader).get(PAGE, {"division": RUDONG})
    assert page.status_code == 200
    assert page.context["scope"].division == CHONGCHUAN
    assert page.context["form"].errors


def test_a_street_below_can_be_asked_for(world, busy, sign_in):
    page = sign_in(world.leader).get(PAGE, {"division": STREET})
    assert page.context["scope"].division == STREET
    assert page.context["rows"]


@pytest.mark.parametrize("query", [
    {"first": "nonsense", "last": "2026-13-45"}, {"division": "x" * 50}, {"by": "moon"},
    {"first": "2026-12-01", "last": "2026-01-01"}, {"category": "'; --"},
])  # fmt: skip
def test_nonsense_in_the_address_gets_a_page(world, busy, sign_in, query):
    browser = sign_in(world.leader)
    assert browser.get(PAGE, query).status_code == 200
    assert browser.get(PAGE + "list/", {**query, "show": "x", "group": "y"}).status_code == 200


def test_who_does_not_oversee_is_told_who_does(world, sign_in):
    page = sign_in(world.network_admin).get(PAGE)
    assert page.status_code == 403
    assert "督查员" in page.content.decode()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.CIVIL_AFFAIRS, Role.COUNTY_NETWORK])
def test_inspectors_civil_affairs_and_networks_oversee(world, busy, sign_in, role):
    actor = world.actor(role, CHONGCHUAN, "civil_affairs", "王督")
    assert sign_in(actor).get(PAGE).status_code == 200


def test_a_confidential_matter_is_not_in_a_leaders_figures(world, accept, sign_in):
    accept("birth-registration")
    total = sign_in(world.street_clerk).get(PAGE).context["total"]
    assert total["line"].open == 0


def test_the_table_is_exported_as_it_stands_and_on_record(world, busy, sign_in):
    file = sign_in(world.leader).get(PAGE + "export/")
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert rows[0][0] == "时限督办"
    assert "崇川区" in rows[1][0]
    line = next(row for row in rows if row[0] == "南园社区居民委员会")
    assert line[2:8] == (1, 2, 0, 0, 1, 1)
    assert JournalLine.objects.filter(act="matters.export").count() == 1


def test_a_list_is_exported_masked(world, busy, sign_in):
    file = sign_in(world.leader).get(PAGE + "export/?show=amber")
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert len(rows) == 4 + 2
    assert {row[2] for row in rows[4:]} == {"陈*英"}


def test_supervision_takes_few_statements(world, busy, sign_in, django_assert_max_num_queries):
    browser = sign_in(world.leader)
    browser.get(PAGE)
    with django_assert_max_num_queries(12):
        browser.get(PAGE)
    with django_assert_max_num_queries(13):
        browser.get(PAGE + "list/?show=amber")
