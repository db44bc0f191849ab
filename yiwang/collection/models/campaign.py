"""Campaigns: what is collected from whom until when; one task for each community (INF-06)."""

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.collection.rules.asking import asked_fields
from yiwang.collection.rules.moves import OPEN, ItemState
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.residents.models import all_fields
from yiwang.residents.models.household import TerritorialQuerySet
from yiwang.residents.rules.dictionary import Field


class Purpose(models.TextChoices):
    """Why somebody is visited."""

    ORDERED = "ordered", _("布置的采集")
    DEMAND = "demand", _("数据需求")
    DUE = "due", _("到期复核")
    UNREACHED = "unreached", _("未触达走访")


class Target(models.TextChoices):
    """What one form is filled in for."""

    HOUSEHOLD = "household", _("每户一张表")
    DWELLING = "dwelling", _("每处住所一张表")
    PERSON = "person", _("每人一张表")


class CampaignQuerySet(TerritorialQuerySet["Campaign"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Those ordered in the area, and those from above that have a task in it."""
        area = actor.see
        own = Q(division_id__gte=area.lo, division_id__lte=area.hi)
        tasks = Task.objects.visible_to(actor).filter(campaign=OuterRef("pk"))
        return self.filter(own | Exists(tasks.order_by()))


class Campaign(Record):
    """A piece of collection work in `division` and everything below it.

    `areas` narrows it to some subtrees, `building` to one building; ages are full years on the day
    it was opened. `questions` are new items: code, name, type and, for choices, the words.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("正在生成名单")
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="campaigns", verbose_name=_("区划")
    )
    title = models.CharField(_("名称"), max_length=80)
    purpose = models.CharField(
        _("类型"), max_length=9, choices=Purpose.choices, default=Purpose.ORDERED
    )
    reason = models.CharField(_("用途和依据"), max_length=300)
    fields = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("采集内容")
    )
    questions = models.JSONField(_("新增内容"), default=list, blank=True)
    target = models.CharField(
        _("采集单位"), max_length=9, choices=Target.choices, default=Target.HOUSEHOLD
    )
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    building = models.CharField(_("楼栋、村组"), max_length=120, blank=True)
    age_from = models.PositiveSmallIntegerField(_("年龄从（岁）"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("年龄到（岁）"), null=True, blank=True)
    only_due = models.BooleanField(_("只采集缺少或到期的"), default=True)
    limit_days = models.PositiveSmallIntegerField(_("期限（工作日）"))
    due_at = models.DateTimeField(_("截止时间"))
    state = models.CharField(
        _("状态"), max_length=9, choices=State.choices, default=State.PREPARING
    )
    by_user_id = models.BigIntegerField(null=True)
    by_post_id = models.BigIntegerField(null=True)
    by_label = models.CharField(_("布置人"), max_length=160)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("采集安排")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_closed_campaign_has_its_moment",
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Campaign"]:
        """Work that still goes on follows its division."""
        return cls.objects.exclude(state=cls.State.CLOSED)

    def get_absolute_url(self) -> str:
        return reverse("collection:campaign", args=[self.pk])

    def asked(self) -> dict[str, Field]:
        """Everything the forms ask, by code."""
        return asked_fields(self.fields, self.questions, all_fields())


class TaskQuerySet(TerritorialQuerySet["Task"]):
    def counted(self) -> Self:
        """With the number of items in each state that matters: total, open, waiting, done."""
        return self.annotate(
            total=Count("items", filter=~Q(items__state=ItemState.DROPPED)),
            open=Count("items", filter=Q(items__state__in=OPEN)),
            todo=Count("items", filter=Q(items__state=ItemState.TODO)),
            filled=Count("items", filter=Q(items__state=ItemState.FILLED)),
            waiting=Count("items", filter=Q(items__state=ItemState.SUBMITTED)),
            returned=Count("items", filter=Q(items__state=ItemState.RETURNED)),
            clashing=Count("items", filter=Q(items__state=ItemState.CONFLICT)),
            done=Count("items", filter=Q(items__state=ItemState.ACCEPTED)),
        )

    def running(self) -> Self:
        return self.filter(campaign__state=Campaign.State.OPEN)


class Task(Record):
    """The part of a campaign that one community carries."""

    follows_division: ClassVar[bool] = True

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="tasks", verbose_name=_("采集安排")
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="collection_tasks", verbose_name=_("社区"),
        db_index=False,
    )  # fmt: skip
    urged_at = models.DateTimeField(_("催办时间"), null=True, blank=True)
    urged_times = models.PositiveSmallIntegerField(_("催办次数"), default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("采集任务")
        ordering = ["division_id", "-pk"]
        # Not unique: after a merger one community carries the tasks of both.
        indexes = [models.Index(fields=["division", "campaign"], name="collection_task_place")]

    def __str__(self) -> str:
        return str(self.campaign)

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Task"]:
        """Open tasks follow their community."""
        return cls.objects.exclude(campaign__state=Campaign.State.CLOSED)

    def get_absolute_url(self) -> str:
        return reverse("collection:task", args=[self.pk])

    def is_late(self, now: datetime) -> bool:
        return self.campaign.state == Campaign.State.OPEN and self.campaign.due_at < now
