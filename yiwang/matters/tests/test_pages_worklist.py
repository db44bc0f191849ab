"""The work list: tabs, filters, pages, the workbook, and what it costs."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from yiwang.matters import actions
from yiwang.matters.models import Matter

LIST = "/desk/matters/"


def numbers_on(page):
    return [row.matter.number for row in page.context["rows"]]


def test_what_waits_for_my_unit_is_mine_and_not_the_next_ones(world, accepted, sign_in):
    matter = accepted()
    assert numbers_on(sign_in(world.network_admin).get(LIST)) == [matter.number]
    assert numbers_on(sign_in(world.street_clerk).get(LIST)) == []


def test_a_completed_step_moves_the_matter_to_the_next_units_desk(world, accepted, sign_in):
    matter = accepted()
    actions.complete_step(matter.steps.first(), by=world.network_admin)
    mine = sign_in(world.network_admin)
    assert numbers_on(mine.get(LIST)) == []
    assert numbers_on(mine.get(LIST, {"tab": "handed"})) == [matter.number]


def test_a_neighbour_sees_nothing_of_it_on_any_tab(world, accepted, sign_in):
    accepted()
    browser = sign_in(world.neighbour_admin)
    for tab in ("mine", "accepted", "area", "handed", "correcting", "done"):
        assert numbers_on(browser.get(LIST, {"tab": tab})) == []


def test_names_are_masked_in_the_list(world, accepted, sign_in):
    accepted()
    text = sign_in(world.network_admin).get(LIST).content.decode()
    assert "陈*英" in text
    assert "陈桂英" not in text


@pytest.mark.parametrize(
    "words", ["陈桂英", "chenguiying", "15400008830", "8830", "居家养老服务补贴"]
)
def test_the_search_takes_name_pinyin_phone_and_title(world, accepted, sign_in, words):
    matter = accepted()
    browser = sign_in(world.network_admin)
    assert numbers_on(browser.get(LIST, {"q": words})) == [matter.number]


def test_the_search_takes_a_number_whole_in_groups_or_short(world, accepted, sign_in):
    matter = accepted()
    browser = sign_in(world.network_admin)
    for text in (matter.number, matter.display_number, matter.short_number):
        assert numbers_on(browser.get(LIST, {"q": text})) == [matter.number]


def test_filters_narrow_and_can_be_taken_away(world, accepted, sign_in):
    accepted()
    accepted("senior-allowance")
    browser = sign_in(world.network_admin)
    page = browser.get(LIST, {"tab": "area", "item": "senior-allowance", "tone": "ok"})
    assert [row.matter.item.code for row in page.context["rows"]] == ["senior-allowance"]
    assert "?tab=area&amp;tone=ok" in page.content.decode()
    assert numbers_on(browser.get(LIST, {"tab": "area", "tone": "danger"})) == []


@pytest.mark.parametrize(
    "query",
    [
        {"state": "nonsense", "division": "x", "unit": "-1", "since": "31.12.", "sort": "drop"},
        {"after": "nonsense~x", "before": ""},
        {"after": "~~~", "q": "𠮷" * 60},
        {"tab": "nonsense", "q": "'; DROP TABLE--"},
    ],
)
def test_an_address_nobody_offers_still_opens(world, accepted, sign_in, query):
    accepted()
    assert sign_in(world.network_admin).get(LIST, query).status_code == 200


def test_an_overdue_matter_is_red_and_says_how_long(world, accepted, sign_in):
    matter = accepted()
    late = timezone.now() - timedelta(days=3)
    Matter.objects.filter(pk=matter.pk).update(due_at=late, amber_at=late)
    page = sign_in(world.network_admin).get(LIST, {"tab": "area"})
    assert "超期 3 天" in page.content.decode()
    assert page.context["rows"][0].chip.row == "late"


def test_the_next_page_begins_where_the_last_one_ended(world, accepted, sign_in):
    for _count in range(27):
        accepted("senior-allowance")
    browser = sign_in(world.network_admin)
    first = browser.get(LIST, {"tab": "area", "sort": "number"})
    cursor = first.context["page"].next_cursor
    second = browser.get(LIST, {"tab": "area", "sort": "number", "after": cursor})
    assert len(numbers_on(first)) == 25
    assert len(numbers_on(second)) == 2
    assert numbers_on(first) + numbers_on(second) == sorted(numbers_on(first) + numbers_on(second))
    back = second.context["page"].previous_cursor
    again = browser.get(LIST, {"tab": "area", "sort": "number", "before": back})
    assert numbers_on(again) == numbers_on(first)


@pytest.mark.parametrize("count", [1, 12])
def test_a_list_costs_the_same_however_long(
    world, accepted, sign_in, count, django_assert_max_num_queries
):
    for _count in range(count):
        accepted()
    browser = sign_in(world.network_admin)
    browser.get(LIST)
    with django_assert_max_num_queries(6):
        browser.get(LIST)


def test_the_workbook_holds_what_the_page_shows_masked(world, accepted, sign_in):
    matter = accepted()
    accepted("senior-allowance")
    browser = sign_in(world.network_admin)
    answer = browser.get(reverse("matters:export"), {"tab": "area", "item": "elder-care-subsidy"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "事项办理" in rows[0][0]
    assert world.network_admin.unit_name in rows[1][0]
    assert "居家养老服务补贴" in rows[2][0]
    assert [row[0] for row in rows[5:]] == [matter.display_number]
    assert rows[5][3] == "陈*英"


def test_a_post_without_the_right_exports_nothing(world, accepted, sign_in):
    accepted()
    browser = sign_in(world.leader)
    assert browser.get(reverse("matters:export")).status_code == 200
    from yiwang.accounts.roles import Role

    finance = world.actor(Role.FINANCE, world.leader.division_id, "civil_affairs", "钱进")
    assert sign_in(finance).get(reverse("matters:export")).status_code == 403


def test_an_empty_list_says_what_it_means_in_both_languages(world, catalogue, sign_in):
    browser = sign_in(world.network_admin)
    assert "没有等本单位办理的事项" in browser.get(LIST).content.decode()
    english = browser.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "受理" not in english.partition("<main")[2].partition("</main>")[0]
