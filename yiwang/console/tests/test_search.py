"""One box: every writing of a number, names, places, services; nobody sees more than they may."""

import pytest

from tests.world import VILLAGE
from yiwang.console.reads.finding import find_everything, matter_numbers
from yiwang.core.rules import numbers
from yiwang.residents.actions import add_resident

SEARCH = "/desk/search/"


def found(text, actor):
    return {group.key: group.hits for group in find_everything(text, actor, 10)}


@pytest.fixture
def matter(accept):
    return accept()


@pytest.mark.parametrize("write", [
    lambda number: number,
    numbers.display,
    numbers.short,
    lambda number: f" {number[:8]} {number[8:]} ",
    lambda number: number.translate({48 + n: 0xFF10 + n for n in range(10)}),
])  # fmt: skip
def test_a_matter_is_found_by_any_writing_of_its_number(world, matter, write):
    hits = found(write(matter.number), world.network_admin)
    assert [hit.argument for hit in hits["matters"]] == [matter.number]


def test_a_mistyped_number_finds_no_matter(world, matter):
    last = (int(matter.number[-1]) + 1) % 10
    assert matter_numbers(f"{matter.number[:-1]}{last}") == []


def test_a_matter_of_another_area_is_not_found(world, matter):
    assert "matters" not in found(matter.number, world.neighbour_admin)


@pytest.mark.parametrize("text", ["陈桂英", "桂英", "cgy", "chenguiying", "15400008830", "8830"])
def test_a_resident_is_found_however_they_are_named(world, resident, text):
    hits = found(text, world.network_admin)["people"]
    assert [hit.argument for hit in hits] == [resident.pk]
    assert hits[0].title == "陈*英"
    assert "15400008830" not in hits[0].text


def test_someone_of_another_area_is_masked_and_leads_nowhere(world, resident):
    add_resident(
        world.place(VILLAGE),
        name="王根林",
        values={"phone": "15400007777"},
        by=world.administrator.system(),
    )
    hit = found("王根林", world.network_admin)["people"][0]
    assert (hit.title, hit.page, hit.mark) == ("王*林", "", "不在您的辖区")
    assert hit.argument is None
    assert "15400007777" not in hit.text


def test_who_may_not_see_residents_finds_none(world, resident):
    assert "people" not in found("陈桂英", world.leader)
    assert "people" not in found("陈桂英", world.administrator)


def test_an_administrator_finds_no_matters(world, matter):
    assert "matters" not in found(matter.number, world.administrator)


@pytest.mark.parametrize("text", ["南园", "南园社区"])
def test_places_and_units_are_found(world, text):
    hits = found(text, world.network_admin)
    assert hits["places"][0].title == "南园社区"
    assert hits["units"]


def test_services_are_found_by_what_people_call_them(world, catalogue):
    assert found("高龄", world.network_admin)["items"][0].argument == "senior-allowance"


def test_one_letter_finds_nothing(world, resident):
    assert find_everything("c", world.network_admin, 10) == []
    assert find_everything("", world.network_admin, 10) == []


@pytest.mark.parametrize("text", ["'", "%", "陈" * 500, "\x00陈", "𠮷野家", "<script>", "--;drop"])
def test_nonsense_gets_a_page(world, resident, sign_in, text):
    page = sign_in(world.network_admin).get(SEARCH, {"q": text})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().replace('<script src="', "")


def test_a_whole_number_opens_the_matter_at_once(world, matter, sign_in):
    page = sign_in(world.network_admin).get(SEARCH, {"q": numbers.display(matter.number)})
    assert page.status_code == 302
    assert matter.number in page.url


def test_while_typing_only_the_list_comes(world, resident, sign_in):
    page = sign_in(world.network_admin).get(SEARCH, {"q": "陈桂英"}, HTTP_HX_REQUEST="true")
    text = page.content.decode()
    assert "<html" not in text
    assert "陈*英" in text
    assert "陈桂英" not in text.replace("q=%E9%99%88%E6%A1%82%E8%8B%B1", "")


def test_pages_of_the_own_menu_are_found_by_name(world, sign_in):
    page = sign_in(world.leader).get(SEARCH, {"q": "督办"})
    assert [one.url for one in page.context["pages"]] == [
        "/desk/supervise/", "/desk/supervision/", "/desk/supervision/orders/",
    ]  # fmt: skip
    page = sign_in(world.network_admin).get(SEARCH, {"q": "督办"})
    assert [one.url for one in page.context["pages"]] == ["/desk/supervision/orders/"]


def test_a_search_takes_few_statements(world, matter, sign_in, django_assert_max_num_queries):
    browser = sign_in(world.network_admin)
    browser.get(SEARCH, {"q": "陈桂英"}, HTTP_HX_REQUEST="true")
    with django_assert_max_num_queries(10):
        browser.get(SEARCH, {"q": "陈桂英"}, HTTP_HX_REQUEST="true")
