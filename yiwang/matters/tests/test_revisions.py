"""Drafts of a version, and matters that follow what they say (INF-09, EXP-32, EXP-33, EXP-35)."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, STREET
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter, Revision, ServiceItem
from yiwang.matters.reads import planned
from yiwang.matters.reads.revisions import faults_of_revision, samples_of
from yiwang.matters.reads.simulation import DECLINED_FIRST, Sample, simulate

from .test_process import step, when

pytestmark = pytest.mark.usefixtures("catalogue")
CODE = "temporary-relief"
STEPS = [
    step("check", 1, level="community", unit="committee", kind="check"),
    step("income", 2, unit="civil_affairs", when=when("answer.household_income", "at_least", "3000")),
    step("survey", 2, level="county", unit="housing", kind="check"),
    step("decide", 3, level="county", unit="civil_affairs", kind="decide",
         back={"to": "survey", "on": "declined", "most": 1}),
    step("deliver", 4, level="community", unit="committee", kind="deliver",
         when=when("step.decide", "is", "agreed")),
]  # fmt: skip


@pytest.fixture
def begun(world):
    """A draft of the item's next version with the steps above."""
    item = ServiceItem.objects.get(code=CODE)
    revision = actions.begin_revision(world.place(CITY), item=item, by=world.city_bureau)
    content = {
        **revision.content,
        "steps": STEPS,
        "promised": {"amount": 15, "unit": "working_days"},
    }
    content["fields"] = list(dict.fromkeys([*content["fields"], "household_income"]))
    return actions.save_revision(revision, content=content, edition=1, by=world.city_bureau)


@pytest.fixture
def running(world, begun, resident):
    """A matter of a household whose income is low, accepted under the published draft."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.publish_revision(begun, effective_from=tomorrow, edition=2, by=world.city_bureau)
    version = ServiceItem.objects.get(code=CODE).versions.latest("number")
    version.item.versions.filter(number=1).update(
        effective_to=timezone.localdate() - timedelta(days=1)
    )
    type(version).objects.filter(pk=version.pk).update(effective_from=timezone.localdate())

    by, place = world.network_admin, world.place(COMMUNITY)

    def do(income="1000"):
        papers = [HandedIn(need.code) for need in version.guide.materials]
        return actions.accept_matter(
            place, item=CODE, resident=resident, channel="window", materials=papers, asked=[],
            answers={"household_income": income}, by=by,
        )  # fmt: skip

    return do


def active(matter, code):
    return matter.steps.get(code=code, state="active")


def states(matter):
    return [(one.code, one.round, one.state) for one in matter.steps.order_by("stage", "pk")]


def test_a_step_that_is_not_needed_is_skipped_with_a_line_and_its_unit_never_reads_the_file(
    world, running
):
    matter = running()
    street = world.unit(STREET, "civil_affairs")
    assert street.pk not in matter.units
    actions.complete_step(active(matter, "check"), by=world.network_admin)
    assert [one[2] for one in states(matter)] == ["done", "skipped", "active", "waiting", "waiting"]
    matter.refresh_from_db()
    assert street.pk not in matter.units
    assert matter.events.get(kind="skipped").facts["step"] == "环节income"


def test_a_step_that_is_needed_lets_its_unit_in_when_it_begins(world, running):
    matter = running("5000")
    actions.complete_step(active(matter, "check"), by=world.network_admin)
    matter.refresh_from_db()
    assert world.unit(STREET, "civil_affairs").pk in matter.units
    assert [one[2] for one in states(matter)][:3] == ["done", "active", "active"]


def test_a_declined_decision_goes_back_once_and_then_must_end(world, running):
    matter, bureau = running(), world.bureau_clerk
    housing = world.actor(Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东")
    actions.complete_step(active(matter, "check"), by=world.network_admin)
    actions.complete_step(active(matter, "survey"), by=housing)
    actions.complete_step(active(matter, "decide"), agreed=False, by=bureau)
    assert ("survey", 2, "active") in states(matter)
    assert ("decide", 1, "done") in states(matter)
    assert matter.events.get(kind="sent_back").facts["step"] == "环节survey"
    actions.complete_step(active(matter, "survey"), by=housing)
    again = active(matter, "decide")
    assert again.round == 2
    with pytest.raises(Refused, match="最后一个环节"):
        actions.complete_step(again, agreed=False, by=bureau)
    again.refresh_from_db()
    actions.complete_step(again, agreed=True, by=bureau)
    last = active(matter, "deliver")
    actions.finish_matter(last, granted=True, text="准予。", by=world.network_admin)
    assert Matter.objects.get(pk=matter.pk).state == "finished"


def test_what_is_left_of_a_granted_matter_was_not_needed(world, begun, running):
    matter = running()
    housing = world.actor(Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东")
    actions.complete_step(active(matter, "check"), by=world.network_admin)
    actions.complete_step(active(matter, "survey"), by=housing)
    decide = active(matter, "decide")
    with pytest.raises(Refused, match="还有环节没有办完"):
        actions.finish_matter(decide, granted=True, text="准予。", by=world.bureau_clerk)
    decide.refresh_from_db()
    actions.finish_matter(decide, granted=False, text="不符合条件。", by=world.bureau_clerk)
    assert states(matter)[-1] == ("deliver", 1, "cancelled")
    assert states(matter)[1] == ("income", 1, "skipped")


def test_acceptance_with_conditions_costs_no_statement_more(
    world, running, resident, django_assert_max_num_queries
):
    running()
    with django_assert_max_num_queries(5):  # four of work; one when a block of numbers is used up
        running()


def test_a_matter_that_is_running_keeps_its_process(world, running):
    matter = running()
    item = ServiceItem.objects.get(code=CODE)
    later = actions.begin_revision(world.place(CITY), item=item, by=world.city_bureau)
    content = {**later.content, "steps": [step("only", 1, level="county", kind="decide")]}
    actions.save_revision(later, content=content, edition=1, by=world.city_bureau)
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.publish_revision(later, effective_from=tomorrow, edition=2, by=world.city_bureau)
    actions.complete_step(active(matter, "check"), by=world.network_admin)
    assert active(matter, "survey")


def test_there_is_one_draft_of_an_item_for_everybody(world, begun):
    item = ServiceItem.objects.get(code=CODE)
    again = actions.begin_revision(world.place(CITY), item=item, by=world.city_bureau)
    assert again.pk == begun.pk


def test_whoever_saves_over_another_is_told(world, begun):
    other = world.actor(Role.CIVIL_AFFAIRS, CITY, "data_bureau", "孙丽")
    mine = Revision.objects.get(pk=begun.pk)
    actions.save_revision(begun, content={**begun.content, "title": "甲"}, edition=2, by=other)
    with pytest.raises(Refused, match=r"孙丽.*刚改过"):
        actions.save_revision(mine, content=mine.content, edition=2, by=world.city_bureau)
    # Two windows of one person do not stop each other.
    actions.save_revision(begun, content={**begun.content, "title": "乙"}, edition=2, by=other)
    assert Revision.objects.get(pk=begun.pk).content["title"] == "乙"


def test_the_last_change_is_undone_and_done_again(world, begun):
    by = world.city_bureau
    actions.undo_revision(begun, by=by)
    assert begun.content["steps"] != STEPS
    actions.undo_revision(begun, by=by)
    assert begun.content["steps"] == STEPS


def test_a_discarded_draft_is_restored_unless_another_was_begun(world, begun):
    by, item = world.city_bureau, ServiceItem.objects.get(code=CODE)
    actions.discard_revision(begun, by=by)
    with pytest.raises(Refused, match="已放弃，不能再改"):
        actions.save_revision(begun, content={}, edition=3, by=by)
    fresh = actions.begin_revision(world.place(CITY), item=item, by=by)
    with pytest.raises(Refused, match="已经有一份起草中的草稿"):
        actions.restore_revision(begun, by=by)
    actions.discard_revision(fresh, by=by)
    assert actions.restore_revision(begun, by=by).is_open


def test_a_draft_overtaken_by_a_published_version_is_not_published(world, begun):
    item, tomorrow = ServiceItem.objects.get(code=CODE), timezone.localdate() + timedelta(days=1)
    actions.publish_version(
        world.place(CITY), code=CODE, category=item.category_id, effective_from=tomorrow,
        content=item.versions.get().content, by=world.city_bureau,
    )  # fmt: skip
    with pytest.raises(Refused, match="已经发布了第 2 版"):
        actions.publish_revision(
            begun, effective_from=tomorrow + timedelta(days=1), edition=2, by=world.city_bureau
        )


def test_a_new_item_needs_a_name_a_category_and_somebody_for_each_step(world):
    by, city = world.city_bureau, world.place(CITY)
    with pytest.raises(Refused, match="请填写事项名称"):
        actions.begin_revision(city, title=" ", category="eldercare", by=by)
    with pytest.raises(Refused, match="请选择服务类别"):
        actions.begin_revision(city, title="新事", category="none", by=by)
    item = ServiceItem.objects.get(code=CODE)
    content = item.versions.get().content
    made = actions.begin_revision(city, title="临时救助", category="relief", content=content, by=by)
    again = actions.begin_revision(
        city, title="临时救助", category="relief", content=content, by=by
    )
    assert (made.code, again.code) == ("lin-shi-jiu-zhu", "lin-shi-jiu-zhu-2")
    steps = [step("a", 1, level="county", unit="housing"),
             step("b", 2, level="community", unit="tax", kind="decide"),
             step("c", 3, level="county", unit="veterans_affairs", kind="deliver")]  # fmt: skip
    actions.save_revision(made, content={**content, "steps": steps}, edition=1, by=by)
    told = {one.step: one for one in faults_of_revision(made)}
    assert "a" not in told
    assert "这一级都没有这类单位。请换一级，或换一类单位。" in told["b"].sentence
    assert told["b"].blocking
    assert "如东县没有这类单位，由当地的替代单位承办" in told["c"].sentence
    assert not told["c"].blocking
    with pytest.raises(Refused, match="这一级都没有这类单位"):
        actions.publish_revision(made, effective_from=timezone.localdate(), edition=2, by=by)


def test_somebody_who_does_not_keep_the_catalogue_sees_and_writes_no_draft(world, begun):
    assert Revision.objects.visible_to(world.network_admin).count() == 0
    with pytest.raises(Exception, match="没有"):
        actions.save_revision(begun, content={}, edition=2, by=world.network_admin)


def test_a_sample_is_walked_by_the_working_calendar(world, begun):
    starts = timezone.now()
    said = {"answer.household_income": "1000"}
    found = simulate(begun.guide, Sample(COMMUNITY, said, {"decide": DECLINED_FIRST}, starts))
    way = [[(one.plan.code, one.round) for one in stage] for stage in found.stages]
    assert way == [
        [("check", 1)], [("survey", 1)], [("decide", 1)], [("survey", 2)], [("decide", 2)],
        [("deliver", 1)],
    ]  # fmt: skip
    assert [one.code for one in found.skipped] == ["income"]
    assert found.stages[1][0].unit == world.unit(CHONGCHUAN, "housing")
    assert found.stages[1][0].starts_at == found.stages[0][0].due_at
    assert not found.late
    assert {way.ran for way in samples_of(begun)} >= {("check", "survey", "decide", "deliver")}


def test_everything_is_in_the_api_as_well(world, sign_in):
    api, place = sign_in(world.city_bureau), "/api/v1/matters/revisions/"
    kind = {"content_type": "application/json"}
    made = api.post(place, {"item": CODE}, **kind).json()
    at = f"{place}{made['id']}"
    broken = {**made["content"], "steps": [step("a", 1, level="county")]}
    assert api.put(at, {"edition": 1, "content": {"steps": "x"}}, **kind).status_code == 409
    saved = api.put(at, {"edition": 1, "content": broken}, **kind).json()
    assert saved["edition"] == 2
    told = api.get(f"{at}/faults").json()
    assert any(one["step"] == "a" and "不能作决定" in one["sentence"] for one in told)
    body = {"edition": 2, "effective_from": str(timezone.localdate() + timedelta(days=1))}
    assert api.post(f"{at}/publish", body, **kind).status_code == 409
    assert api.post(f"{at}/undo").json()["content"] == made["content"]
    assert api.get(f"{at}/ways").json()[0]["ran"]
    sample = api.post(f"{at}/simulate", {"division": COMMUNITY}, **kind).json()
    assert sample["stages"][0][0]["unit"]
    file = api.get(f"{at}/bpmn")
    assert b"bpmn:userTask" in file.content
    assert api.get(place).json()["revisions"][0]["code"] == CODE
    assert api.post(f"{at}/publish", {**body, "edition": 3}, **kind).json()["state"] == "published"


def test_the_api_draws_a_process(world, catalogue, sign_in, client):
    base = "/api/v1/matters/services/housing-repair-aid/diagram"
    drawn = client.get(base)
    root = ElementTree.fromstring(drawn.content)
    texts = {one.text for one in root.iter("{http://www.w3.org/2000/svg}title")}
    assert {one.name for one in planned("housing-repair-aid").guide.steps} <= texts
    assert b"bpmn" in client.get(f"{base}?kind=bpmn").content
    assert client.get(f"{base}?kind=png").status_code == 422
    assert client.get("/api/v1/matters/services/none/diagram").status_code == 409
    item = planned("housing-repair-aid").item
    revision = actions.begin_revision(
        world.place(COMMUNITY), item=item, title="", category="", by=world.city_bureau
    )
    own = f"/api/v1/matters/revisions/{revision.pk}/diagram"
    assert sign_in(world.city_bureau).get(own).content.startswith(b"<?xml")
    assert client.get(own).status_code == 401
