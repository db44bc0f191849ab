"""What a unit located in the community shares, and what was done together (DIV-11)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import range_of
from yiwang.organizations.rules.kinds import label_of, resource_kinds
from yiwang.organizations.rules.states import LifeState

from .organization import Organization


class OfOrganization(Record):
    """Something an organisation has; it lies where the organisation lies."""

    class Meta:
        abstract = True

    organization: Organization

    @property
    def division_id(self) -> int:
        return self.organization.division_id


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(organization__division_id__range=(actor.see.lo, actor.see.hi))

    def current(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def public(self, place: int) -> Self:
        """What everybody may ask for in a place: shared now, by a unit that is there."""
        area = range_of(place)
        return self.current().filter(
            organization__state=LifeState.ACTIVE,
            organization__division_id__range=(area.lo, area.hi),
        )


class Resource(OfOrganization):
    """A hall, ground, canteen or expert that others may use: when, on which terms, whom to ring."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="resources", verbose_name=_("单位")
    )
    kind = models.CharField(_("种类"), max_length=20)
    name = models.CharField(_("名称"), max_length=80)
    hours = models.CharField(_("开放时间"), max_length=120)
    conditions = models.CharField(_("使用条件"), max_length=300, blank=True)
    capacity = models.PositiveIntegerField(_("可容纳人数"), null=True, blank=True)
    phone = models.CharField(_("联系电话（公开）"), max_length=30, blank=True)
    ended_on = models.DateField(_("停止共享日期"), null=True, blank=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("共享资源")
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.organization.get_absolute_url()

    @property
    def kind_label(self) -> str:
        return label_of(resource_kinds(), self.kind)

    @property
    def icon(self) -> str:
        kind = resource_kinds().get(self.kind)
        return kind.icon if kind else "dots"


class Cooperation(OfOrganization):
    """Something the community and a unit did together. Append-only: it happened."""

    append_only = True

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="cooperations", verbose_name=_("单位")
    )
    on = models.DateField(_("日期"), default=timezone.localdate)
    subject = models.CharField(_("合作内容"), max_length=200)
    people = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    by_label = models.CharField(_("登记人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("合作记录")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(name="cooperation_says_what", condition=~Q(subject=""))
        ]

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def of(cls, one: Organization) -> "models.QuerySet[Cooperation]":
        """Also of records merged into this one."""
        return cls.objects.filter(organization__in=one.records()).order_by("-on", "-pk")


def next_review(reviewed_on: date | None, days: int) -> date | None:
    """The day by which somebody has to look again."""
    return date.fromordinal(reviewed_on.toordinal() + days) if reviewed_on else None
