"""Whoever is appointed takes the course, passes or takes it again, and renews the certificate."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.world import CITY, COMMUNITY
from yiwang.accounts.actions import appoint, create_person
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.liaison import actions
from yiwang.liaison.actions.training import Plan, months_after
from yiwang.liaison.jobs import renew
from yiwang.liaison.models import Enrolment
from yiwang.liaison.reads.training import administrators, training_counts

PLAN = Plan("网管员上岗培训", 8, 60, ["N2", "N3"], 30, 12)


@pytest.fixture
def course(world):
    return actions.offer_course(world.place(CITY), plan=PLAN, by=world.city_bureau)


@pytest.fixture
def appointed(world, course, township):
    """林华, newly appointed by the township, with the course that follows from it."""
    person = create_person(world.place(COMMUNITY), name="林华", username="lin", by=township)
    User.objects.filter(pk=person.pk).update(must_change_password=False)
    post = appoint(
        world.unit(COMMUNITY, "committee"), person=person, role=Role.COMMUNITY_NETWORK,
        starts_on=timezone.localdate(), manner="专职", by=township,
    )  # fmt: skip
    return Enrolment.objects.get(post=post)


def test_months_end_with_the_month():
    assert (months_after(date(2026, 1, 31), 1), months_after(date(2026, 1, 31), 0)) == (
        date(2026, 2, 28), None,
    )  # fmt: skip


def test_who_is_appointed_takes_the_course_fails_takes_it_again_and_is_trained(
    world, appointed, township, sign_in
):
    today, boss = timezone.localdate(), sign_in(township)
    desk = sign_in(Actor.of(appointed.post))
    assert appointed.due_on == today + timedelta(days=30)
    assert "您有 1 门课程要学" in desk.get("/desk/").content.decode()
    assert desk.get("/desk/liaison/training/?state=mine").context["page"].paginator.count == 1
    page = appointed.get_absolute_url()
    assert boss.post(page, {"taken_on": today, "score": "101"}).status_code == 422
    boss.post(page, {"taken_on": today, "score": "59"})
    again = Enrolment.objects.open().get()
    assert training_counts(administrators(township, today))["waiting"] == 1
    actions.record_result(again, taken_on=today, score=97, by=township)
    assert again.certificate == f"PX-{today.year}-{again.pk:06d}"
    found = boss.get("/desk/liaison/administrators/?training=trained")
    assert [(one.user.name, one.hours) for one in found.context["page"]] == [("林华", 8)]
    assert found.context["found"]["hours"] == 1
    for name in ("administrators", "training"):
        assert boss.get(f"/desk/liaison/{name}/export/").status_code == 200


def test_a_course_is_taken_again_before_the_certificate_ends_and_late_ones_are_seen(
    appointed, township
):
    today = timezone.localdate()
    actions.record_result(appointed, taken_on=today, score=80, by=township)
    assert renew() == 1
    assert not Enrolment.objects.open().exists()
    Enrolment.objects.update(valid_until=today + timedelta(days=20))
    renew()
    renew()
    assert Enrolment.objects.open().get().due_on == today + timedelta(days=20)
    Enrolment.objects.open().update(due_on=today - timedelta(days=1))
    assert training_counts(administrators(township, today))["late"] == 1


def test_what_cannot_be_is_refused(world, course, appointed, township):
    today, post = timezone.localdate(), appointed.post
    city, bureau = world.place(CITY), world.city_bureau
    for code, act in (
        ("twice", lambda: actions.offer_course(city, plan=PLAN, by=bureau)),
        ("roles", lambda: actions.offer_course(city, plan=Plan("a", 8, 60, ["W1"], 9, 9), by=bureau)),
        ("mark", lambda: actions.offer_course(city, plan=Plan("b", 8, 0, ["N3"], 9, 9), by=bureau)),
        ("twice", lambda: actions.assign_course(post, course=course, by=township)),
        ("own", lambda: actions.record_result(appointed, taken_on=today, score=99, by=Actor.of(post).within_act("liaison.train"))),
        ("future", lambda: actions.record_result(appointed, taken_on=today + timedelta(days=1), score=9, by=township)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    actions.retire_course(course, by=bureau)
    for act in (
        lambda: actions.retire_course(course, by=bureau),
        lambda: actions.assign_course(post, course=course, by=township),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "retired"


def test_other_systems_offer_assign_and_record(world, township, sign_in):
    json, base = "application/json", "/api/v1/liaison"
    city, boss = sign_in(world.city_bureau), sign_in(township)
    body = {"title": "保密", "hours": 2, "pass_mark": 60, "roles": ["N3"], "within_days": 9,
            "valid_months": 0}  # fmt: skip
    course = city.post(f"{base}/courses", body, json).json()["id"]
    post = world.network_admin.post_id
    made = boss.post(f"{base}/posts/{post}/enrolments", {"course": course}, json).json()["id"]
    taken = {"taken_on": timezone.localdate().isoformat(), "score": 88}
    told = boss.post(f"{base}/enrolments/{made}/result", taken, json).json()
    assert (told["passed"], told["valid_until"]) == (True, None)
    people = boss.get(f"{base}/administrators?training=trained").json()
    assert [(one["post"], one["hours"]) for one in people] == [(post, 2)]
    assert city.post(f"{base}/courses/{course}/retire").json()["retired_on"]
