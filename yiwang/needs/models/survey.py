"""Surveys of households: versions of the questions, the sample, the answers (QUA-01, EXP-33)."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.needs.rules.questionnaire import Question, read_questions
from yiwang.residents.models import Household


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)


class Survey(Record):
    """One survey of the households of a division: all of them, or a sample drawn by a seed."""

    class Method(models.TextChoices):
        SAMPLE = "sample", _("抽样")
        CENSUS = "census", _("逐户")

    class State(models.TextChoices):
        DRAFT = "draft", _("拟定中")
        OPEN = "open", _("调查中")
        CLOSED = "closed", _("已结束")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    title = models.CharField(_("名称"), max_length=80)
    method = models.CharField(
        _("方式"), max_length=6, choices=Method.choices, default=Method.SAMPLE
    )
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.DRAFT)
    percent = models.PositiveSmallIntegerField(_("抽样比例（%）"))
    least = models.PositiveIntegerField(_("最少户数"))
    seed = models.BigIntegerField(_("随机种子"), null=True, blank=True)
    households = models.PositiveIntegerField(_("总户数"), null=True, blank=True)
    opened_on = models.DateField(_("开始日期"), null=True, blank=True)
    due_on = models.DateField(_("截止日期"), null=True, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    by_label = models.CharField(_("制定人"), max_length=160)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("调查")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "-id"], name="survey_of_place")]
        constraints = [
            models.CheckConstraint(
                name="drawn_survey_keeps_its_seed",
                condition=Q(state="draft") | Q(seed__isnull=False, households__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def live_in_division(cls) -> SurveyQuerySet:
        """Surveys that are not closed go to the successor of their division."""
        return cls.objects.exclude(state=cls.State.CLOSED)

    def get_absolute_url(self) -> str:
        return reverse("needs:survey", args=[self.pk])

    @property
    def version(self) -> "SurveyVersion | None":
        """The newest version of the questions."""
        return self.versions.order_by("-number").first()


class SurveyVersion(Record):
    """The questions as they were asked from then on; answers name their version. Append-only."""

    append_only = True

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("题目"))
    by_label = models.CharField(_("修改人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("问卷版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_questionnaire_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"

    @property
    def questions(self) -> list[Question]:
        return read_questions(self.content)


class SurveyStop(Record):
    """One household of a survey, and whether somebody was met there."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待调查")
        ANSWERED = "answered", _("已回答")
        REFUSED = "refused", _("拒绝")
        ABSENT = "absent", _("无人在家")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="stops", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(_("序号"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)

    class Meta:
        verbose_name = verbose_name_plural = _("调查户")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "household"], name="once_in_a_survey"),
            models.UniqueConstraint(fields=["survey", "order"], name="one_household_an_order"),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.order}"


class SurveyAnswer(Record):
    """What a household answered, by which version, through which door. Append-only."""

    class Door(models.TextChoices):
        PHONE = "phone", _("上门，手机录入")
        PAPER = "paper", _("纸质，事后录入")

    append_only = True

    stop = models.OneToOneField(SurveyStop, models.PROTECT, related_name="answer")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="answers")
    answers = models.JSONField(_("回答"))
    wants = models.JSONField(_("有需求的类别"), default=list)
    door = models.CharField(_("录入方式"), max_length=5, choices=Door.choices)
    on = models.DateField(_("调查日期"))
    interviewer = models.CharField(_("调查员"), max_length=80)
    by_label = models.CharField(_("录入人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("调查回答")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.stop_id}"
