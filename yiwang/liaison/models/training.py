"""Courses of administrators, who has to take them, and the certificates they earned (HOT-12)."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.models import Record


class CourseQuerySet(models.QuerySet["Course"]):
    def public(self) -> Self:
        """Courses are no secret among staff."""
        return self.all()

    def offered(self) -> Self:
        return self.filter(retired_on__isnull=True)


class Course(Record):
    """A course (课程) of the city, for some roles."""

    title = models.CharField(_("课程"), max_length=80, unique=True)
    title_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    hours = models.PositiveSmallIntegerField(_("学时"))
    pass_mark = models.PositiveSmallIntegerField(_("合格分数"))
    roles = ArrayField(models.CharField(max_length=4), verbose_name=_("哪些岗位"))
    on_appointment = models.BooleanField(_("任命时自动安排"), default=True)
    within_days = models.PositiveSmallIntegerField(_("多少天内学完"))
    valid_months = models.PositiveSmallIntegerField(_("证书有效月数"))
    retired_on = models.DateField(_("停开日期"), null=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("课程")
        ordering = ["retired_on", "title"]

    def __str__(self) -> str:
        return self.title

    @property
    def division_id(self) -> int:
        """Courses are the city's."""
        return int(settings.CITY)

    @property
    def label(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.title_en if english and self.title_en else self.title


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the area, and one's own."""
        area = Q(post__division_id__range=(actor.see.lo, actor.see.hi))
        return self.filter(area | Q(post__user_id=actor.user_id or 0))

    def open(self) -> Self:
        return self.filter(taken_on__isnull=True)

    def late(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def valid(self, today: date) -> Self:
        """Passed, with a certificate that still holds."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), passed=True)

    def ending(self, today: date, days: int) -> Self:
        """Certificates that end within some days."""
        until = today + timedelta(days=days)
        return self.filter(passed=True, valid_until__range=(today, until))


class Enrolment(Record):
    """That somebody in a post has to take a course, and what came of it."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="enrolments", verbose_name=_("课程")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="enrolments", verbose_name=_("岗位")
    )
    assigned_on = models.DateField(_("安排日期"))
    due_on = models.DateField(_("学完期限"))
    taken_on = models.DateField(_("考核日期"), null=True)
    score = models.PositiveSmallIntegerField(_("分数"), null=True)
    passed = models.BooleanField(_("合格"), default=False)
    certificate = models.CharField(_("证书编号"), max_length=20, blank=True)
    valid_until = models.DateField(_("证书有效期至"), null=True)
    recorded_by = models.CharField(_("登记人"), max_length=160, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("培训记录")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["taken_on", "due_on"], name="enrolment_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "post"], condition=Q(taken_on__isnull=True),
                name="a_course_is_waiting_once",
            ),
            models.CheckConstraint(
                name="a_certificate_only_for_who_passed",
                condition=Q(passed=True) | Q(certificate=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post} · {self.course}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:enrolment", args=[self.pk])

    @property
    def division_id(self) -> int:
        return self.post.division_id

    @classmethod
    def begin_post(cls, post: Post) -> None:
        """Whoever is newly appointed has to take the courses of the role, unless a certificate holds."""
        today = timezone.localdate()
        held = cls.objects.valid(today).filter(post__user=post.user_id).values("course")
        wanted = Course.objects.offered().filter(on_appointment=True, roles__contains=[post.role])
        cls.objects.bulk_create(
            cls(
                course=course, post=post, assigned_on=post.starts_on,
                due_on=max(post.starts_on, today) + timedelta(days=course.within_days),
            )
            for course in wanted.exclude(pk__in=held)
        )  # fmt: skip

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """A course goes along with the person, never to the successor."""
        if old.user_id != new.user_id:
            return 0
        return cls.objects.open().filter(post=old).update(post=new)
