"""The yearly assessment of a community's needs, and the plan lines it leads to (QUA-03)."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.needs.rules.categories import Category


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)


class Assessment(Record):
    """Demand against what was met, ranked, with comments; final once approved."""

    class State(models.TextChoices):
        DRAFT = "draft", _("征求意见")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已批准")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False
    )
    year = models.PositiveSmallIntegerField(_("年度"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.DRAFT)
    base = models.JSONField(_("基本情况"), default=dict)
    figures = models.JSONField(_("各类需求"), default=list)
    text = models.CharField(_("评估意见"), max_length=2000, blank=True)
    returned = models.CharField(_("退回原因"), max_length=300, blank=True, default="")
    approved_on = models.DateField(_("批准日期"), null=True, blank=True)
    approved_by = models.CharField(_("批准人"), max_length=160, blank=True)
    by_label = models.CharField(_("编制人"), max_length=160)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("需求评估")
        ordering = ["-year", "division_id"]
        constraints = [
            models.UniqueConstraint(fields=["division", "year"], name="one_assessment_a_year"),
            models.CheckConstraint(
                name="approved_assessment_says_by_whom",
                condition=Q(state="approved", approved_on__isnull=False)
                | (~Q(state="approved") & Q(approved_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}"

    @classmethod
    def live_in_division(cls) -> AssessmentQuerySet:
        """What is not approved yet goes to the successor; the approved stay with their place."""
        return cls.objects.exclude(state=cls.State.APPROVED)

    def get_absolute_url(self) -> str:
        return reverse("needs:assessment", args=[self.pk])


class AssessmentComment(Record):
    """What a representative of the residents said to the assessment. Append-only."""

    append_only = True

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="comments")
    representative = models.CharField(_("居民代表"), max_length=60)
    text = models.CharField(_("意见"), max_length=500)
    on = models.DateField(_("日期"))
    by_label = models.CharField(_("记录人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("代表意见")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.on}"


class PlanLine(Record):
    """A draft line of service planning that an approved assessment leads to. Append-only."""

    append_only = True

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="lines")
    rank = models.PositiveSmallIntegerField(_("排序"))
    category = models.CharField(_("类别"), max_length=20, choices=Category.choices)
    users = models.PositiveIntegerField(_("预计服务人数"))

    class Meta:
        verbose_name = verbose_name_plural = _("服务计划草案")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "rank"], name="one_plan_line_a_rank")
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.rank}"
