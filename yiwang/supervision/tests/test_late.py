"""The list of late steps: who sees it, what narrows it, what it says (SVC-23, HOT-06)."""

import io

import pytest
from openpyxl import load_workbook

from tests.world import COMMUNITY
from yiwang.console.reads.notices import notices_for
from yiwang.matters import actions

PAGE = "/desk/supervision/"


def shown(answer):
    return [row["step"].pk for row in answer.context["rows"]]


def test_the_list_shows_what_is_amber_late_or_told_and_nothing_green(
    late, accept, township, sign_in
):
    accept(-9)
    page = sign_in(township).get(PAGE)
    assert shown(page) == [late.pk]
    (row,) = page.context["rows"]
    assert (row["kind"], row["told"], row["may_order"]) == (
        "danger",
        ["社区", "乡镇（街道）"],
        True,
    )
    assert "周敏" in page.content.decode()


@pytest.mark.parametrize(("query", "found"), [
    ({"stage": "township"}, 1), ({"stage": "county"}, 0), ({"tone": "red"}, 1),
    ({"tone": "amber"}, 0), ({"item": "elder-care-subsidy"}, 1), ({"item": "temporary-relief"}, 0),
    ({"unit": "nobody"}, 1), ({"q": "没有这个"}, 0), ({"sort": "-due_at"}, 1), ({"division": "x"}, 1),
])  # fmt: skip
def test_the_list_is_narrowed(late, township, sign_in, query, found):
    assert len(shown(sign_in(township).get(PAGE, query))) == found


def test_the_list_is_narrowed_by_unit_place_and_number(late, township, sign_in):
    browser = sign_in(township)
    for query in ({"unit": late.unit_id}, {"division": COMMUNITY}, {"q": late.matter.number}):
        assert shown(browser.get(PAGE, query)) == [late.pk]
    assert shown(browser.get(PAGE, {"division": COMMUNITY + 1})) == []


def test_a_paused_step_stays_on_the_list_without_a_colour(world, late, township, sign_in):
    actions.pause_matter(late, kind="expert_review", reason="等待鉴定", by=world.network_admin)
    page = sign_in(township).get(PAGE, {"tone": "still"})
    assert [row["kind"] for row in page.context["rows"]] == ["info"]


def test_who_does_not_supervise_has_no_list(world, late, sign_in):
    assert sign_in(world.network_admin).get(PAGE).status_code == 403


def test_the_list_is_exported_masked(late, township, sign_in):
    file = sign_in(township).get(PAGE + "export/")
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert (rows[4][2], rows[4][7]) == ("陈*英", "社区、乡镇（街道）")


def test_the_post_that_supervises_and_the_unit_that_is_late_are_notified(
    world, late, township, county, sign_in
):
    assert list(notices_for(township).values_list("kind", flat=True)) == ["escalated"]
    assert "escalated" in set(notices_for(world.network_admin).values_list("kind", flat=True))
    assert not notices_for(county).exists()
    assert "逐级上报" in sign_in(township).get("/desk/notices/").content.decode()


def test_the_matter_says_who_knows_and_who_is_next_when(world, late, county, sign_in):
    page = sign_in(world.network_admin).get(late.matter.get_absolute_url())
    ladder = page.context["ladder"]
    assert [one.stage for one in ladder.told] == ["community", "township"]
    assert (ladder.ahead.rung.stage, ladder.ahead.post.pk) == ("county", county.post_id)
    text = page.content.decode()
    assert "顾县" in text
    assert "到那时还没有办完，就上报。" in text
    actions.pause_matter(late, kind="expert_review", reason="等待鉴定", by=world.network_admin)
    still = sign_in(world.network_admin).get(late.matter.get_absolute_url())
    assert still.context["ladder"].ahead is None
    assert "暂停期间不上报" in still.content.decode()


def test_the_list_takes_few_statements(
    late, accept, township, sign_in, django_assert_max_num_queries
):
    for days in (2, 3, 4):
        accept(days)
    browser = sign_in(township)
    browser.get(PAGE)
    with django_assert_max_num_queries(14):
        assert len(shown(browser.get(PAGE))) == 4
