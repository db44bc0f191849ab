"""The data-demand register: two ask, one collection, both get the result (INF-05)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CHONGCHUAN
from yiwang.accounts.roles import Role
from yiwang.collection import actions
from yiwang.collection.actions import demands as acts
from yiwang.collection.actions.demands import Need
from yiwang.collection.models import Campaign, Demand, Item
from yiwang.collection.reads.results import must_be_open, result_figures, result_rows
from yiwang.core.errors import Refused
from yiwang.residents.actions import add_resident, record_facts

from .place import checker, form_for, items_of, worker


@pytest.fixture
def health(world):
    return world.actor(Role.DEPARTMENT, CHONGCHUAN, "health", "顾医")


@pytest.fixture
def education(world):
    return world.actor(Role.DEPARTMENT, CHONGCHUAN, "education", "范教")


@pytest.fixture
def bureau(world):
    return world.actor(Role.CIVIL_AFFAIRS, CHONGCHUAN, "civil_affairs", "徐明")


@pytest.fixture
def officer(world):
    return world.actor(Role.DATA_OFFICER, CHONGCHUAN, "housing", "殷数")


@pytest.fixture
def children(world):
    """Six children under six, one of whom everything is known of."""
    year = timezone.localdate().year
    found = [
        add_resident(
            world.place(worker(world).division_id), name=f"小{word}",
            values={"born_on": f"{year - 3}-01-{number:02d}"}, by=worker(world),
        )
        for number, word in enumerate("甲乙丙丁戊己", start=1)
    ]  # fmt: skip
    held = {"guardian_name": "陈大", "guardian_phone": "15400000001", "school": "南园幼儿园"}
    record_facts(found[0], values=held, source_kind="visit", by=worker(world))
    return found


def need(*fields, **changes):
    return Need(
        **{
            "title": "六岁以下儿童", "purpose": "预防接种", "basis": "statutory_duty",
            "law": "中华人民共和国疫苗管理法第四十五条",
            "until": timezone.localdate() + timedelta(days=90), "fields": fields, "age_to": 5,
            **changes,
        }
    )  # fmt: skip


def filed(world, by, *fields, **changes):
    return actions.file_demand(world.place(CHONGCHUAN), need=need(*fields, **changes), by=by)


def granted(demand, bureau, officer):
    actions.approve_demand(demand, by=bureau)
    actions.approve_demand(demand, by=officer)
    return demand


def test_the_overlap_counts_and_names_nobody(world, health, children):
    demand = filed(world, health, "guardian_phone", "born_on")
    assert demand.overlap == {
        "guardian_phone": {"people": 6, "fresh": 1, "soon": 0, "due": 0, "missing": 5},
        "born_on": {"people": 6, "fresh": 6, "soon": 0, "due": 0, "missing": 0},
    }


def test_two_departments_ask_once_is_collected_both_get_the_result(
    world, health, education, bureau, officer, children
):
    first = granted(filed(world, health, "guardian_phone", "guardian_name"), bureau, officer)
    second = granted(
        filed(world, education, "guardian_phone", "school", title="学前儿童"), bureau, officer
    )
    campaign = Campaign.objects.get()
    assert first.campaign == second.campaign == campaign
    assert set(campaign.fields) == {"guardian_phone", "guardian_name", "school"}
    items = items_of(campaign)
    assert len(items) == 5
    for number, item in enumerate(items):
        item.refresh_from_db()
        said = form_for(
            item, guardian_phone=f"1540000{number:04d}", guardian_name="陈大", school="濠东幼儿园"
        )
        actions.fill_item(item, key=f"c{number}", answers=said, base=0, by=worker(world))
    actions.submit_items(items[0].task, by=worker(world))
    actions.check_items(items[0].task, by=checker(world))
    for demand, by in ((first, health), (second, education)):
        demand.refresh_from_db()
        assert demand.state == Demand.State.MET
        must_be_open(demand, by, timezone.localdate())
        rows = result_rows(demand, by, timezone.localdate(), 100)
        assert [bool(row.values[0]) for row in rows] == [True] * 6
        text = " ".join(" ".join(row.values) + row.resident.masked_name for row in rows)
        assert "15400000001" not in text
        assert "小甲" not in text
        assert [figure.known for figure in result_figures(demand, rows)] == [6, 6]


def test_what_is_held_is_not_collected_again(world, health, bureau, officer, children):
    demand = granted(filed(world, health, "born_on"), bureau, officer)
    assert demand.state == Demand.State.MET
    assert not Campaign.objects.exists()


def test_only_the_rest_becomes_a_task(world, health, bureau, officer, children):
    demand = granted(filed(world, health, "born_on", "guardian_phone"), bureau, officer)
    assert demand.campaign.fields == ["guardian_phone"]


def test_work_that_has_begun_takes_nothing_more_along(
    world, health, education, bureau, officer, children
):
    first = granted(filed(world, health, "guardian_phone"), bureau, officer)
    item = items_of(first.campaign)[0]
    said = form_for(item, guardian_phone="15400000009")
    actions.fill_item(item, key="c", answers=said, base=0, by=worker(world))
    second = granted(filed(world, education, "guardian_phone", "school"), bureau, officer)
    assert second.campaign != first.campaign
    third = granted(filed(world, education, "guardian_phone"), bureau, officer)
    assert third.campaign == first.campaign


def test_a_new_item_is_asked_of_everyone_and_its_answers_are_counted(
    world, health, bureau, officer, children
):
    question = {"name": "接种方式", "type": "choice", "choices": ["集中", "上门"]}
    demand = granted(filed(world, health, questions=[question]), bureau, officer)
    code = demand.questions[0]["code"]
    items = items_of(demand.campaign)
    assert len(items) == 6
    for number, item in enumerate(items):
        said = form_for(item, **{code: "集中" if number < 5 else "上门"})
        actions.fill_item(item, key=f"q{number}", answers=said, base=0, by=worker(world))
    actions.submit_items(items[0].task, by=worker(world))
    actions.check_items(items[0].task, by=checker(world))
    demand.refresh_from_db()
    rows = result_rows(demand, health, timezone.localdate(), 100)
    (figure,) = result_figures(demand, rows)
    assert (figure.known, figure.counts) == (6, [("集中", 5), ("上门", None)])


def test_one_signature_is_not_enough_and_nobody_signs_twice(
    world, health, bureau, officer, children
):
    demand = filed(world, health, "guardian_phone")
    actions.approve_demand(demand, answer="同意", by=bureau)
    assert (demand.state, demand.campaign) == (Demand.State.FILED, None)
    with pytest.raises(Refused) as refusal:
        actions.approve_demand(demand, by=bureau)
    assert refusal.value.code == "signed"
    own = filed(world, bureau, "guardian_phone")
    with pytest.raises(Refused) as refusal:
        actions.approve_demand(own, by=bureau)
    assert refusal.value.code == "two_people"
    with pytest.raises(PermissionDenied):
        actions.approve_demand(demand, by=health)


def test_a_refusal_has_its_reason_and_ends_it(world, health, bureau, officer, children):
    demand = filed(world, health, "guardian_phone")
    with pytest.raises(Refused) as refusal:
        actions.refuse_demand(demand, reason=" ", by=officer)
    assert refusal.value.code == "reason_needed"
    actions.refuse_demand(demand, reason="依据不足", by=officer)
    assert (demand.state, demand.answer) == (Demand.State.REFUSED, "依据不足")
    with pytest.raises(Refused):
        actions.approve_demand(demand, by=bureau)


def test_a_department_takes_its_own_demand_back_and_no_other(world, health, education, children):
    demand = filed(world, health, "guardian_phone")
    with pytest.raises(PermissionDenied):
        actions.withdraw_demand(demand, by=education)
    assert not Demand.objects.visible_to(education).exists()
    actions.withdraw_demand(demand, by=health)
    assert demand.state == Demand.State.WITHDRAWN
    with pytest.raises(Refused):
        actions.withdraw_demand(demand, by=health)


def test_the_result_is_for_who_asked_and_until_the_day(
    world, health, education, bureau, officer, children
):
    demand = filed(world, health, "born_on")
    today = timezone.localdate()
    for by, on, code in (
        (health, today, "not_granted"), (education, today, "not_yours"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            must_be_open(demand, by, on)
        assert refusal.value.code == code
    granted(demand, bureau, officer)
    must_be_open(demand, health, today)
    with pytest.raises(Refused) as refusal:
        must_be_open(demand, health, demand.until + timedelta(days=1))
    assert refusal.value.code == "run_out"


def test_a_demand_says_why_and_of_whom(world, health, children):
    with pytest.raises(Refused) as refusal:
        filed(world, health, title="", purpose="", law="", until=timezone.localdate())
    assert set(refusal.value.fields) == {"title", "purpose", "law", "until", "fields"}
    with pytest.raises(Refused) as refusal:
        filed(world, health, "blood_group")
    assert set(refusal.value.fields) == {"fields"}
    with pytest.raises(Refused) as refusal:
        filed(world, health, "phone", age_from=9, age_to=3)
    assert set(refusal.value.fields) == {"age_to"}


def test_a_large_overlap_is_counted_in_the_background(world, health, bureau, children, monkeypatch):
    from yiwang.collection.jobs import measure

    monkeypatch.setattr(acts, "parameter", lambda name: 0)
    demand = filed(world, health, "guardian_phone")
    with pytest.raises(Refused) as refusal:
        actions.approve_demand(demand, by=bureau)
    assert refusal.value.code == "not_counted"
    measure(demand=demand.pk)
    demand.refresh_from_db()
    assert demand.overlap["guardian_phone"]["missing"] == 5


def test_a_withdrawn_demand_leaves_the_work_of_the_others(
    world, health, education, bureau, officer, children
):
    first = granted(filed(world, health, "guardian_phone"), bureau, officer)
    second = granted(filed(world, education, "guardian_phone"), bureau, officer)
    actions.withdraw_demand(first, by=health)
    assert Item.objects.filter(task__campaign=second.campaign, state="todo").count() == 5
