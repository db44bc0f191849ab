"""A circular says of a period what the records say, and reaches the units when published."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import CHONGCHUAN, RUDONG, STREET
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.matters import actions as matter_actions
from yiwang.matters.jobs import escalate_late
from yiwang.matters.models import Escalation
from yiwang.supervision import actions
from yiwang.supervision.models import Circular
from yiwang.supervision.reads import figures


@pytest.fixture
def busy(world, late, accept, township):
    """A step done late and one done in time by the community, an order, levels told."""
    actions.issue_order(late, text="请办", days=2, by=township)
    matter_actions.complete_step(late, opinion="属实", by=world.network_admin)
    matter_actions.complete_step(accept(-9), opinion="属实", by=world.network_admin)
    return late


def of_today(division):
    today = timezone.localdate()
    return figures(division, today - timedelta(days=2), today)


@pytest.fixture
def circular(world, busy, county):
    today = timezone.localdate()
    return actions.compile_circular(
        world.place(CHONGCHUAN), first=today - timedelta(days=2), last=today, by=county
    )


def test_the_figures_of_a_unit_are_those_of_the_records(busy):
    (line,) = [one for one in of_today(CHONGCHUAN) if one.unit == busy.unit_id]
    assert (line.done, line.late, line.on_time, line.orders) == (2, 1, 50.0, 1)
    told = Escalation.objects.filter(unit=busy.unit_id, clock="limit")
    assert sum(line.stages.values()) == told.count() == 2
    assert line.stages["township"] == 1


def test_a_missing_first_response_is_one_escalation_of_the_community(accept, township):
    step = accept(-9, taken=False)
    assert escalate_late() == 4  # every level heard of it, and it is one matter of one unit
    month = timezone.localdate() - timedelta(days=30)
    (line,) = figures(STREET, month, timezone.localdate())
    assert (line.unit, line.response, line.stages["township"]) == (step.unit_id, 1, 1)


def test_another_place_has_other_figures(busy):
    assert of_today(RUDONG) == []


def test_a_draft_carries_a_text_and_the_figures_and_is_only_for_those_who_publish(
    world, circular, county
):
    assert "按时率50.0%" in circular.text
    assert circular.figures[0]["name"] == "南园社区居民委员会"
    assert list(Circular.objects.visible_to(county)) == [circular]
    assert list(Circular.objects.visible_to(world.network_admin)) == []


def test_a_published_circular_reaches_every_unit_below_and_no_other_county(
    world, circular, county, sign_in
):
    actions.publish_circular(circular, by=county)
    page = sign_in(world.network_admin).get("/desk/supervision/circulars/")
    assert circular.title in page.content.decode()
    stranger = world.actor(Role.COUNTY_NETWORK, RUDONG, "civil_affairs", "如东")
    assert list(Circular.objects.visible_to(stranger)) == []


def test_what_is_published_is_neither_changed_nor_discarded(circular, county):
    actions.publish_circular(circular, by=county)
    for act, more in (
        (actions.edit_circular, {"title": "新", "text": "新"}),
        (actions.publish_circular, {}),
        (actions.discard_circular, {}),
    ):
        with pytest.raises(Refused) as refused:
            act(circular, **more, by=county)
        assert refused.value.code == "published"


@pytest.mark.parametrize(("first", "last", "code"), [(0, -1, "period"), (0, 1, "future")])
def test_a_period_that_is_none_is_refused(world, catalogue, county, first, last, code):
    today = timezone.localdate()
    with pytest.raises(Refused) as refused:
        actions.compile_circular(
            world.place(CHONGCHUAN), first=today + timedelta(days=first),
            last=today + timedelta(days=last), by=county,
        )  # fmt: skip
    assert refused.value.code == code


def test_a_circular_is_compiled_edited_and_published_on_its_pages(busy, county, sign_in):
    browser, today = sign_in(county), timezone.localdate()
    made = browser.post("/desk/supervision/circulars/", {"first": today, "last": today})
    address = made["Location"]
    assert browser.post(address, {"title": "", "text": "x"}).status_code == 422
    browser.post(address, {"title": "十一月通报", "text": "请各单位整改。"})
    page = browser.get(address)
    assert "请各单位整改。" in page.content.decode()
    file = browser.get(address + "export/")
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert rows[0][0] == "十一月通报"
    assert rows[4][2:5] == (2, 1, 50)
    assert browser.post(address + "publish/").status_code == 302
    assert Circular.objects.get().published_at
    assert browser.get(address).context["may_edit"] is False


def test_a_draft_is_thrown_away(circular, county, sign_in):
    sign_in(county).post(circular.get_absolute_url() + "discard/")
    assert not Circular.objects.exists()


def test_other_systems_compile_and_publish(busy, county, sign_in):
    browser, today = sign_in(county), timezone.localdate().isoformat()
    json, base = "application/json", "/api/v1/supervision/circulars"
    made = browser.post(base, {"first": today, "last": today}, json)
    assert made.status_code == 201
    address = f"{base}/{made.json()['id']}"
    told = browser.put(address, {"title": "通报", "text": "正文"}, json).json()
    assert (told["title"], told["figures"][0]["done"]) == ("通报", 2)
    assert browser.post(address + "/publish").json()["published_at"]
    assert browser.delete(address).status_code == 409
    assert [one["id"] for one in browser.get(base).json()] == [made.json()["id"]]
    other = browser.post(base, {"first": today, "last": today}, json).json()["id"]
    assert browser.delete(f"{base}/{other}").status_code == 204
    assert browser.get(f"{base}/{other}").status_code == 404
