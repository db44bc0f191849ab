"""Courses are offered, assigned, taken with a result, and renewed before a certificate ends."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.reads import NETWORK_ROLES
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.liaison.models import Course, Enrolment

from .equipment import said

FULL = 100
"""The most points there are."""


@dataclass(frozen=True)
class Plan:
    """What a course is: hours, mark, roles, days to take it, months a certificate holds (0: for good)."""

    title: str
    hours: int
    pass_mark: int
    roles: Sequence[str]
    within_days: int
    valid_months: int
    on_appointment: bool = True
    title_en: str = ""


@act("liaison.course")
def offer_course(city: Division, *, plan: Plan, by: Actor) -> Course:
    """A course of the city from now on. Refused: text_missing, twice, roles, mark."""
    title = said(plan.title, "title")[:80]
    if Course.objects.filter(title=title).exists():
        message = _("已有同名的课程。")
        raise Refused("twice", message, {"title": message})
    if not plan.roles or not set(plan.roles) <= set(NETWORK_ROLES.values()):
        message = _("请选网络管理员的岗位。")
        raise Refused("roles", message, {"roles": message})
    if not 0 < plan.pass_mark <= FULL or plan.hours <= 0:
        message = _("学时要大于 0，合格分数在 1 到 100 之间。")
        raise Refused("mark", message, {"pass_mark": message})
    facts = asdict(plan) | {"title": title, "roles": list(plan.roles)}
    return Course.objects.create(**facts)


@act("liaison.course")
def retire_course(course: Course, *, by: Actor) -> Course:
    """No longer assigned; what was assigned and earned stays."""
    lock(course)
    if course.retired_on is not None:
        raise Refused("retired", _("课程已经停开。"))
    course.retired_on = timezone.localdate(moment())
    course.save()
    return course


@act("liaison.train")
def assign_course(post: Post, *, course: Course, by: Actor) -> Enrolment:
    """Somebody has to take a course. Refused: retired, role, twice."""
    if course.retired_on is not None:
        raise Refused("retired", _("课程已经停开。"))
    if post.role not in course.roles:
        message = _("这门课程不是给这个岗位的。")
        raise Refused("role", message, {"course": message})
    if Enrolment.objects.open().filter(post=post, course=course).exists():
        message = _("已经安排过，还没有考核。")
        raise Refused("twice", message, {"course": message})
    today = timezone.localdate(moment())
    return Enrolment.objects.create(
        course=course, post=post, assigned_on=today,
        due_on=today + timedelta(days=course.within_days),
    )  # fmt: skip


@act("liaison.train")
def record_result(enrolment: Enrolment, *, taken_on: date, score: int, by: Actor) -> Enrolment:
    """Who has the mark gets a certificate; who has not takes the course once more.

    Refused: taken, own, future, score.
    """
    lock(enrolment)
    if enrolment.taken_on is not None:
        raise Refused("taken", _("成绩已经登记过。"))
    if enrolment.post.user_id == by.user_id:
        raise Refused("own", _("本人的成绩请上级登记。"))
    today = timezone.localdate(moment())
    if not enrolment.assigned_on <= taken_on <= today:
        message = _("考核日期应在安排以后、今天以前。")
        raise Refused("future", message, {"taken_on": message})
    if not 0 <= score <= FULL:
        message = _("分数在 0 到 100 之间。")
        raise Refused("score", message, {"score": message})
    course = enrolment.course
    enrolment.taken_on, enrolment.score = taken_on, score
    enrolment.passed, enrolment.recorded_by = score >= course.pass_mark, by.label[:160]
    if enrolment.passed:
        enrolment.certificate = f"PX-{taken_on.year}-{enrolment.pk:06d}"
        enrolment.valid_until = months_after(taken_on, course.valid_months)
    enrolment.save()
    if not enrolment.passed:
        _again(enrolment, today + timedelta(days=course.within_days))
    note(score=score, passed=enrolment.passed)
    return enrolment


def months_after(day: date, months: int) -> date | None:
    """The same day some months later, or the last of that month; None for no months."""
    if not months:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _again(old: Enrolment, due_on: date) -> None:
    Enrolment.objects.create(
        course=old.course, post=old.post, assigned_on=timezone.localdate(), due_on=due_on
    )


@act("liaison.keep")
def renew_certificates(city: Division, *, by: Actor) -> Division:
    """Whose certificate ends soon takes the course again, until the day it ends."""
    today, days = timezone.localdate(), int(parameter("liaison.certificate_warning_days"))
    ending = Enrolment.objects.ending(today, days).filter(course__retired_on__isnull=True)
    held = Post.objects.held_on(today)
    same = Q(post=OuterRef("post"), course=OuterRef("course"))
    later = Enrolment.objects.filter(same, pk__gt=OuterRef("pk"))
    made = Enrolment.objects.bulk_create(
        Enrolment(
            course_id=one.course_id, post_id=one.post_id, assigned_on=today,
            due_on=one.valid_until or today,
        )
        for one in ending.filter(~Exists(later), post__in=held)
    )  # fmt: skip
    note(assigned=len(made))
    return city
