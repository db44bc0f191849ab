"""A person is assessed by two, graded until a day, doubted, assessed again by others."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.assessments.actions import (
    begin_assessment,
    confirm_scores,
    object_to_grade,
    publish_scale,
    return_scores,
    reveal_answers,
    save_answers,
    submit_scores,
    withdraw_assessment,
)
from yiwang.assessments.models import PersonAssessment, Scale
from yiwang.assessments.reads import grade_counts, grade_of, scale_in_force
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.personal.reads import own_actor
from yiwang.residents.actions import add_resident, record_facts
from yiwang.residents.models import Resident
from yiwang.residents.reads import known_fields

from .scores import FACTS, answers, assessed
from .test_rules import RAW

TODAY = timezone.localdate()


@pytest.fixture
def worker(world: World) -> Actor:
    return world.actor(Role.WORKER, COMMUNITY, "committee", "顾晓燕")


@pytest.fixture
def second(world: World) -> Actor:
    return world.network_admin


@pytest.fixture
def office(world: World) -> Actor:
    return world.actor(Role.TOWNSHIP_OFFICE, STREET, "civil_affairs", "钱蓉")


@pytest.fixture
def graded(resident: Resident, worker: Actor, second: Actor) -> PersonAssessment:
    return assessed(resident, worker, second, TODAY)


def test_what_the_register_holds_is_not_asked(resident: Resident, worker: Actor) -> None:
    record_facts(resident, values={"living_situation": "alone"}, source_kind="visit", by=worker)
    made = begin_assessment(resident, by=worker)
    assert made.reason == "first"
    assert made.content["facts"] == {"living_situation": "alone"}
    said = answers(TODAY)
    save_answers(made, answers=said, facts={"low_income_status": "none"}, by=worker)
    submit_scores(made, by=worker)
    assert made.content["asked"] == ["low_income_status"]


def test_two_people_make_a_grade_that_holds_for_twelve_months(
    graded: PersonAssessment, resident: Resident
) -> None:
    assert (graded.total, graded.grade, graded.subsidy) == (52, "moderate", "third")
    assert graded.state == "final"
    assert graded.valid_until is not None
    assert (graded.valid_until - TODAY).days in (364, 365)
    found = grade_of(resident, TODAY)
    assert found == graded
    assert grade_of(resident, graded.valid_until) == graded
    assert grade_of(resident, graded.valid_until + timedelta(days=1)) is None
    assert grade_of(resident, TODAY - timedelta(days=1)) is None
    assert grade_of(resident, TODAY, scale="other") is None


def test_the_grade_and_what_was_asked_are_kept_in_the_register(
    graded: PersonAssessment, resident: Resident
) -> None:
    held = known_fields(resident, ["care_level", "living_situation"], TODAY)
    assert held["care_level"].value == "moderate"
    assert held["living_situation"].value == "alone"
    assert held["care_level"].source_label == RAW["name"]


def test_one_person_alone_cannot_put_a_grade_into_force(resident: Resident, worker: Actor) -> None:
    made = begin_assessment(resident, by=worker)
    save_answers(made, answers=answers(TODAY), facts=FACTS, by=worker)
    submit_scores(made, by=worker)
    with pytest.raises(Refused) as refusal:
        confirm_scores(made, by=worker)
    assert refusal.value.code == "same_person"
    assert grade_of(resident, TODAY) is None


def test_what_is_not_scored_is_named(resident: Resident, worker: Actor) -> None:
    made = begin_assessment(resident, by=worker)
    said = answers(TODAY)
    said.pop("eating")
    save_answers(made, answers=said, facts=FACTS, by=worker)
    with pytest.raises(Refused) as refusal:
        submit_scores(made, by=worker)
    assert set(refusal.value.fields) == {"eating"}
    with pytest.raises(Refused) as refusal:
        save_answers(made, answers={"eating": 7}, by=worker)
    assert set(refusal.value.fields) == {"eating"}
    with pytest.raises(Refused) as refusal:
        save_answers(made, answers={}, facts={"living_situation": "月球"}, by=worker)
    assert set(refusal.value.fields) == {"living_situation"}
    save_answers(made, answers={"eating": "4"}, by=worker)
    with pytest.raises(Refused, match="以后"):
        submit_scores(made, on=TODAY + timedelta(days=1), by=worker)
    assert submit_scores(made, by=worker).state == "submitted"
    with pytest.raises(Refused, match="退回"):
        save_answers(made, answers={"eating": 1}, by=worker)


def test_the_second_sends_it_back_or_it_is_given_up(
    resident: Resident, worker: Actor, second: Actor
) -> None:
    made = begin_assessment(resident, by=worker)
    with pytest.raises(Refused, match="没有完成"):
        begin_assessment(resident, by=second)
    with pytest.raises(Refused):
        confirm_scores(made, by=second)
    save_answers(made, answers=answers(TODAY), facts=FACTS, by=worker)
    submit_scores(made, by=worker)
    with pytest.raises(Refused, match="原因"):
        return_scores(made, reason="", by=second)
    return_scores(made, reason="行走一项看法不同", by=second)
    assert (made.state, made.grade, made.total) == ("draft", "", None)
    with pytest.raises(Refused, match="原因"):
        withdraw_assessment(made, reason=" ", by=worker)
    withdraw_assessment(made, reason="本人住院", by=worker)
    with pytest.raises(Refused):
        withdraw_assessment(made, reason="再来", by=worker)
    assert begin_assessment(resident, by=worker).pk != made.pk


def test_only_an_elder_of_the_place_is_assessed(world: World, worker: Actor) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    child = add_resident(place, name="陈小宝", values={"born_on": "2018-05-20"}, by=by)
    with pytest.raises(Refused, match="60 周岁"):
        begin_assessment(child, by=worker)
    ageless = add_resident(place, name="周无期", values={"phone": "15400008899"}, by=by)
    with pytest.raises(Refused, match="出生日期"):
        begin_assessment(ageless, by=worker)
    with pytest.raises(Refused, match="没有这份评估表"):
        begin_assessment(ageless, scale="none", by=worker)


def test_a_neighbour_a_window_and_a_kiosk_assess_nobody(
    world: World, resident: Resident, graded: PersonAssessment
) -> None:
    others = (
        world.actor(Role.WORKER, NEIGHBOUR, "committee", "别处"),
        world.actor(Role.WINDOW, COMMUNITY, "service_centre", "窗口"),
        world.actor(Role.KIOSK, COMMUNITY, "committee", "亭主"),
    )
    for other in others:
        with pytest.raises(PermissionDenied):
            begin_assessment(resident, by=other)
        with pytest.raises(PermissionDenied):
            reveal_answers(graded, reason="看看", by=other)
    assert not PersonAssessment.objects.visible_to(others[0]).exists()


def test_a_look_at_the_scores_needs_a_reason_and_the_person_finds_it(
    graded: PersonAssessment, resident: Resident, second: Actor
) -> None:
    with pytest.raises(Refused, match="原因"):
        reveal_answers(graded, reason="", by=second)
    reveal_answers(graded, reason="制定服务计划", by=second)
    line = JournalLine.objects.filter(act="residents.reveal").latest("pk")
    assert (line.subject_id, line.reason) == (str(resident.pk), "制定服务计划")
    assert line.facts["field"] == "care_level"


def test_a_doubted_grade_is_judged_by_others(
    graded: PersonAssessment, resident: Resident, worker: Actor, second: Actor, office: Actor,
    world: World,
) -> None:  # fmt: skip
    with pytest.raises(Refused, match="哪一项"):
        object_to_grade(graded, words="", by=own_actor(resident))
    object_to_grade(graded, words="母亲自己能走路", by=own_actor(resident))
    with pytest.raises(Refused, match="已经提出"):
        object_to_grade(graded, words="再说一次", by=worker)
    assert list(PersonAssessment.objects.visible_to(office).objected()) == [graded]
    assert grade_of(resident, TODAY) == graded
    with pytest.raises(Refused, match="没有参加上次评估"):
        begin_assessment(resident, by=worker)
    third = world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs", "陆平")
    made = begin_assessment(resident, by=office)
    assert (made.reason, made.again_of) == ("doubted", graded)
    save_answers(made, answers=answers(TODAY), by=office)
    submit_scores(made, by=office)
    with pytest.raises(Refused, match="没有参加上次评估"):
        confirm_scores(made, by=second)
    confirm_scores(made, by=third)
    assert grade_of(resident, TODAY) == made
    assert not PersonAssessment.objects.visible_to(office).objected().exists()
    with pytest.raises(Refused, match="最近一次"):
        object_to_grade(graded, words="还是不对", by=worker)


def test_an_objection_has_its_time(resident: Resident, worker: Actor, second: Actor) -> None:
    with circumstances(at=timezone.now() - timedelta(days=31)):
        late = assessed(resident, worker, second, TODAY - timedelta(days=31))
    with pytest.raises(Refused, match="30 天"):
        object_to_grade(late, words="等级不对", by=worker)


def test_nobody_objects_for_a_stranger(
    world: World, graded: PersonAssessment, resident: Resident
) -> None:
    other = add_resident(
        world.place(COMMUNITY), name="李四", values={"phone": "15400001234"},
        by=world.network_admin,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        object_to_grade(graded, words="替他说", by=own_actor(other))


def test_who_has_ended_is_due_and_the_next_is_routine(
    resident: Resident, worker: Actor, second: Actor
) -> None:
    long_ago = TODAY - timedelta(days=400)
    with circumstances(at=timezone.now() - timedelta(days=400)):
        old = assessed(resident, worker, second, long_ago)
    assert list(PersonAssessment.objects.visible_to(worker).due(TODAY)) == [old]
    made = begin_assessment(resident, by=worker)
    assert made.reason == "routine"
    save_answers(made, answers=answers(TODAY), facts=FACTS, by=worker)
    submit_scores(made, by=worker)
    confirm_scores(made, by=second)
    assert not PersonAssessment.objects.visible_to(worker).due(TODAY).exists()
    scale = scale_in_force("ability", TODAY)
    assert scale is not None
    counts = {one.grade.code: one.people for one in grade_counts(worker, COMMUNITY, TODAY, scale)}
    assert counts == {"able": 1, "mild": 0, "moderate": 0, "severe": 0, "total": 0}


def test_the_assessment_goes_where_the_person_goes(
    world: World, graded: PersonAssessment, resident: Resident
) -> None:
    Resident.objects.filter(pk=resident.pk).update(division_id=NEIGHBOUR)
    graded.refresh_from_db()
    assert graded.division_id == NEIGHBOUR


def test_a_new_form_counts_from_its_day_and_old_grades_keep_theirs(
    world: World, graded: PersonAssessment
) -> None:
    city = world.place(320600_000_000)
    by = world.actor(Role.CIVIL_AFFAIRS, city.pk, "civil_affairs", "市局")
    begins = TODAY + timedelta(days=10)
    alone: dict[str, Any] = {**RAW, "assessors": 1}
    alone.pop("effective_from")
    made = publish_scale(city, content=alone, effective_from=begins, by=by)
    assert made.number == 2
    assert scale_in_force("ability", TODAY) == Scale.objects.get(number=1)
    assert scale_in_force("ability", begins) == made
    assert graded.scale.form.assessors == 2
    for day, code in ((begins, "too_early"), (date(2020, 1, 1), "past")):
        with pytest.raises(Refused) as refusal:
            publish_scale(city, content=alone, effective_from=day, by=by)
        assert refusal.value.code == code
    for faulty in ({**alone, "grades": []}, {**alone, "code": "中文"}):
        with pytest.raises(Refused) as refusal:
            publish_scale(city, content=faulty, effective_from=begins, by=by)
        assert refusal.value.code == "content"
    with pytest.raises(PermissionDenied):
        publish_scale(city, content=alone, effective_from=begins, by=world.network_admin)


def test_a_form_for_one_assessor_is_in_force_at_once(
    world: World, resident: Resident, worker: Actor
) -> None:
    alone: dict[str, Any] = {**RAW, "assessors": 1}
    alone.pop("effective_from")
    city = world.place(320600_000_000)
    by = world.actor(Role.CIVIL_AFFAIRS, city.pk, "civil_affairs", "市局")
    publish_scale(city, content=alone, effective_from=TODAY, by=by)
    made = begin_assessment(resident, by=worker)
    save_answers(made, answers=answers(TODAY), facts=FACTS, by=worker)
    assert submit_scores(made, by=worker).state == "final"
