"""Computers, telephones and lines of communities and centres, and what was done when they broke."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.accounts.models import Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped


class DeviceKind(models.TextChoices):
    """What the plan counts, and what else stands there."""

    COMPUTER = "computer", _("联网电脑")
    TELEPHONE = "telephone", _("独立电话")
    LINE = "line", _("网络线路")
    PRINTER = "printer", _("打印机")
    SCANNER = "scanner", _("高拍仪")
    OTHER = "other", _("其他设备")


class DeviceState(models.TextChoices):
    """Whether a device can be used."""

    WORKING = "working", _("正常")
    BROKEN = "broken", _("报修中")
    RETIRED = "retired", _("已停用")


class Outcome(models.TextChoices):
    """How a repair report ended."""

    REPAIRED = "repaired", _("修好")
    REPLACED = "replaced", _("更换")
    RETIRED = "retired", pgettext_lazy("state", "停用")


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(division_id__range=(actor.see.lo, actor.see.hi))

    def in_use(self) -> Self:
        return self.exclude(state=DeviceState.RETIRED)

    def working(self, kind: str) -> Self:
        return self.filter(kind=kind, state=DeviceState.WORKING)


class Device(Record):
    """One piece of equipment (设备) of a unit."""

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="devices", verbose_name=_("使用单位")
    )
    kind = models.CharField(_("种类"), max_length=10, choices=DeviceKind.choices)
    name = models.CharField(_("品牌型号"), max_length=80)
    serial = models.CharField(_("编号"), max_length=60, blank=True)
    number = models.CharField(_("号码或地址"), max_length=60, blank=True)
    place = models.CharField(_("放置位置"), max_length=80, blank=True)
    since_on = models.DateField(_("启用日期"))
    state = models.CharField(
        _("状态"), max_length=8, choices=DeviceState.choices, default=DeviceState.WORKING
    )
    retired_on = models.DateField(_("停用日期"), null=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("替换的设备")
    )

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("设备")
        ordering = ["division_id", "kind", "pk"]
        indexes = [models.Index(fields=["division", "kind", "state"], name="device_of_place")]
        constraints = [
            models.CheckConstraint(
                name="a_retired_device_has_its_day",
                condition=Q(state="retired", retired_on__isnull=False)
                | (~Q(state="retired") & Q(retired_on__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:device", args=[self.pk])

    @classmethod
    def live_in_division(cls) -> DeviceQuerySet:
        """What is in use goes where its place goes."""
        return cls.objects.in_use()

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """The unit that follows has the equipment."""
        rows = cls.objects.in_use().filter(unit=old)
        rows.update(unit=new, division_id=new.division_id)


class RepairQuerySet(models.QuerySet["Repair"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(device__division_id__range=(actor.see.lo, actor.see.hi))

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Repair(Record):
    """A repair report (报修): what is broken since when, and how it ended."""

    device = models.ForeignKey(
        Device, models.PROTECT, related_name="repairs", verbose_name=_("设备")
    )
    problem = models.CharField(_("故障"), max_length=300)
    opened_at = models.DateTimeField(_("报修时间"))
    opened_by = models.CharField(_("报修人"), max_length=160)
    closed_at = models.DateTimeField(_("完成时间"), null=True)
    closed_by = models.CharField(_("办理人"), max_length=160, blank=True)
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices, blank=True)
    text = models.CharField(_("处理情况"), max_length=300, blank=True)

    objects = RepairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报修")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(closed_at__isnull=True),
                name="one_open_repair_a_device",
            ),
            models.CheckConstraint(
                name="a_closed_repair_says_how_it_ended",
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.device} · {self.problem}"

    @property
    def division_id(self) -> int:
        return self.device.division_id
