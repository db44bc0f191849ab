"""What a check found wrong, who puts it right, until when, with which proof (QUA-07)."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import KeptFile
from yiwang.divisions.models import Division
from yiwang.organizations.models import Organization
from yiwang.quality.rules.points import Consequence
from yiwang.quality.rules.states import OPEN, FindingState

from .check import Check
from .promise import Promise


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: Actor) -> Self:
        """Findings of the area and of the own unit."""
        ours = Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        if actor.by_unit:
            return self.filter(ours)
        return self.filter(Q(division_id__range=(actor.see.lo, actor.see.hi)) | ours)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def late(self, now: datetime) -> Self:
        """Not put right in time."""
        return self.filter(state=FindingState.ISSUED, due_at__lt=now)


class Finding(KeptFile):
    """One finding (检查问题) with its correction; the file is the proof of it."""

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    source = models.ForeignKey(
        Check, models.PROTECT, related_name="findings", verbose_name=_("质量检查")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="findings", verbose_name=_("整改单位")
    )
    provider = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="findings", verbose_name=_("服务主体")
    )
    promise = models.ForeignKey(
        Promise, models.PROTECT, null=True, related_name="findings", verbose_name=_("违反的承诺")
    )
    point = models.CharField(_("检查点"), max_length=120)
    text = models.CharField(_("问题"), max_length=500)
    consequence = models.CharField(
        _("后果"), max_length=8, choices=Consequence.choices, default=Consequence.CORRECT
    )
    repeated = models.BooleanField(_("重复发生"), default=False)
    state = models.CharField(
        _("状态"), max_length=9, choices=FindingState.choices, default=FindingState.ISSUED
    )
    issued_at = models.DateTimeField(_("提出时间"))
    due_at = models.DateTimeField(_("整改期限"))
    action = models.CharField(_("整改情况"), max_length=1000, blank=True)
    file = models.FileField(_("整改证明"), upload_to="quality/%Y/%m/", blank=True)
    corrected_at = models.DateTimeField(_("整改时间"), null=True)
    corrected_by = models.CharField(_("整改人"), max_length=160, blank=True)
    recheck = models.CharField(_("复查意见"), max_length=500, blank=True)
    rechecked_at = models.DateTimeField(_("复查时间"), null=True)
    rechecked_by = models.CharField(_("复查人"), max_length=160, blank=True)
    returned = models.PositiveSmallIntegerField(_("复查不合格次数"), default=0)
    # Missed: told once to the township, or to the level above a unit that stands higher.
    told_at = models.DateTimeField(_("上报时间"), null=True)
    told_place = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="+", verbose_name=_("上报到的区划")
    )
    told_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("接收岗位")
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("检查问题")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["division", "due_at"], name="finding_of_place"),
            models.Index(fields=["unit", "state", "due_at"], name="finding_of_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_corrected_finding_says_what_was_done",
                condition=Q(state="issued") | ~Q(action=""),
            ),
            models.CheckConstraint(
                name="a_closed_finding_was_rechecked",
                condition=~Q(state="closed") | Q(rechecked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.point}"

    def get_absolute_url(self) -> str:
        return reverse("quality:finding", args=[self.pk])

    def entrusted_units(self) -> set[int]:
        """The unit that puts it right; Actor asks this for the department line."""
        return {self.unit_id}

    @property
    def holds_settlement(self) -> bool:
        """Missed, and the standard says that nothing is paid before it is put right."""
        held = self.consequence in (Consequence.HOLD, Consequence.END)
        return held and self.told_at is not None and self.state != FindingState.CLOSED

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Finding"]:
        """What is not put right yet goes to the successor of its division."""
        return cls.objects.filter(state__in=OPEN)

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """The successor puts right what was found at a unit that closed."""
        cls.live_in_division().filter(unit=old).update(unit=new)
