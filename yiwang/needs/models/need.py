"""A need somebody told at any contact, and what became of it (QUA-02)."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import range_of
from yiwang.needs.rules.categories import Category
from yiwang.needs.rules.states import OPEN, State
from yiwang.residents.models import Resident


class Channel(models.TextChoices):
    """Where a need was told."""

    VISIT = "visit", _("走访")
    WINDOW = "window", _("窗口")
    PHONE = "phone", _("电话")
    KIOSK = "kiosk", _("便民亭")
    SURVEY = "survey", _("调查")
    BOARD = "board", _("意见箱、留言")
    MEETING = "meeting", _("居民会议")


class Urgency(models.TextChoices):
    ORDINARY = "ordinary", _("一般")
    SOON = "soon", _("较急")
    URGENT = "urgent", _("紧急")


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def under(self, key: int) -> Self:
        area = range_of(key)
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def unsettled(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Registered and nobody has said what becomes of it within the time."""
        return self.filter(state=State.REGISTERED, due_at__lt=now)


class Need(Record):
    """What a person or a group needs, in one of the ten categories."""

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="needs",
        verbose_name=_("居民"),
    )  # fmt: skip
    group = models.CharField(_("群体"), max_length=80, blank=True)
    people = models.PositiveIntegerField(_("人数"), default=1)
    category = models.CharField(_("类别"), max_length=20, choices=Category.choices)
    text = models.CharField(_("需要什么"), max_length=300)
    urgency = models.CharField(
        _("缓急"), max_length=8, choices=Urgency.choices, default=Urgency.ORDINARY
    )
    channel = models.CharField(_("来源"), max_length=8, choices=Channel.choices)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.REGISTERED
    )
    registered_on = models.DateField(_("登记日期"), default=timezone.localdate)
    due_at = models.DateTimeField(_("答复期限"))
    service = models.CharField(_("对应服务"), max_length=120, blank=True)
    matter_number = models.CharField(_("事项编号"), max_length=20, blank=True)
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    by_label = models.CharField(_("登记人"), max_length=160)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("需求")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division", "-id"], name="need_of_place"),
            models.Index(fields=["division", "category", "state"], name="need_figures"),
        ]
        constraints = [
            models.CheckConstraint(
                name="need_is_somebody_s", condition=Q(resident__isnull=False) | ~Q(group="")
            ),
            models.CheckConstraint(
                name="closed_need_has_its_day",
                condition=Q(state__in=["met", "withdrawn"], closed_on__isnull=False)
                | (~Q(state__in=["met", "withdrawn"]) & Q(closed_on__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @classmethod
    def live_in_division(cls) -> NeedQuerySet:
        """Needs that are still open go to the successor of their division."""
        return cls.objects.unsettled()

    def get_absolute_url(self) -> str:
        return reverse("needs:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class NeedEvent(Record):
    """One step of a need: into which state, what was said, by whom. Append-only."""

    append_only = True

    need = models.ForeignKey(Need, models.PROTECT, related_name="events")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    on = models.DateField(_("日期"))
    text = models.CharField(_("说明"), max_length=300, blank=True)
    by_label = models.CharField(_("经办"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("需求经过")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.need_id} {self.state}"
