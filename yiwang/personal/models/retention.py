"""How long what is kept, and the lists of what was destroyed (EXP-22, PIPL 19, 47)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    def visible_to(self, actor: Any) -> Self:
        """How long things are kept is no secret to anybody who works here."""
        return self.all()

    def in_force(self, day: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


class RetentionRule(Record):
    """One class of data: kept for so many days after an event, then this happens to it."""

    class Action(models.TextChoices):
        DELETE = "delete", _("删除")
        ANONYMISE = "anonymise", _("匿名化")
        REVIEW = "review", _("人工复核")

    data_class = models.CharField(_("数据类别"), max_length=40)
    days = models.PositiveIntegerField(_("保存天数"))
    action = models.CharField(_("到期处理"), max_length=9, choices=Action.choices)
    by_itself = models.BooleanField(_("自动执行"))
    source = models.CharField(_("依据"), max_length=300)
    starts_on = models.DateField(_("施行日期"))
    ends_on = models.DateField(_("废止日期"), null=True, blank=True)

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("保存期限规则")
        ordering = ["data_class", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["data_class"],
                condition=Q(ends_on__isnull=True),
                name="one_open_rule_a_data_class",
            ),
            models.CheckConstraint(
                name="rule_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.data_class

    @property
    def division_id(self) -> int:
        return int(settings.CITY)


class DestructionListQuerySet(models.QuerySet["DestructionList"]):
    def visible_to(self, actor: Any) -> Self:
        """Lists name kinds and numbers only; every data officer may read them."""
        return self.all()


class DestructionList(Record):
    """What fell due under one rule on one day: reviewed, approved, carried out; printable."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待审批")
        DONE = "done", _("已执行")
        KEPT = "kept", _("不销毁")

    rule = models.ForeignKey(
        RetentionRule, models.PROTECT, related_name="lists", verbose_name=_("规则")
    )
    drawn_on = models.DateField(_("生成日期"))
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    count = models.PositiveIntegerField(_("件数"), default=0)
    decided_by = models.CharField(_("审批人"), max_length=160, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    why = models.CharField(_("理由"), max_length=300, blank=True)

    objects = DestructionListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("销毁清单")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("personal:destruction", args=[self.pk])

    @property
    def division_id(self) -> int:
        """Lists are the city's: the data officer answers for them."""
        return int(settings.CITY)


class DestructionItem(models.Model):
    """One record on a list: its kind and number, never what stood in it."""

    list = models.ForeignKey(DestructionList, models.CASCADE, related_name="items")
    subject_id = models.BigIntegerField(_("编号"))
    began_on = models.DateField(_("起算日期"))
    kept = models.BooleanField(_("保留"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("销毁项")
        ordering = ["pk"]
        indexes = [models.Index(fields=["list", "subject_id"])]

    def __str__(self) -> str:
        return str(self.subject_id)
