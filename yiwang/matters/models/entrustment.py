"""The entrustment register (委托): who lets which unit accept what, from when until when (KSK-06)."""

from datetime import date, datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.models import Record
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division


class EntrustmentQuerySet(models.QuerySet["Entrustment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Entrustments by and to units of the area, and those of and to the own unit."""
        reach = (actor.see.lo, actor.see.hi)
        area = Q(division_id__range=reach) | Q(place_id__range=reach)
        unit = actor.unit_id
        ours = Q(authority_id=unit) | Q(agent_id=unit) if unit else Q(pk__in=[])
        return self.filter(ours if actor.by_unit else area | ours)

    def in_force(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def ending(self, day: date) -> Self:
        """In force, and ending within the days of warning without a renewal; also by a notice given."""
        last = day + timedelta(days=int(parameter("matters.entrustment_warning")))
        return self.in_force(day).filter(ends_on__lte=last, renewal__isnull=True)

    def ended_since(self, at: datetime) -> Self:
        """Ended by the authority before their time, lately and for good."""
        return self.filter(ended_at__gte=at, ends_on__lt=timezone.localdate())


class Entrustment(Record):
    """One authority entrusts items, or whole categories, to one unit for a period.

    It ends by itself on its last day. Renewing makes another one that names this one; what was
    agreed is never rewritten.
    """

    follows_division = True

    # Where the authority stands, whose business this is; and where the unit it entrusts stands.
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("委托单位区划")
    )
    place = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("受托单位区划")
    )
    authority = models.ForeignKey(
        Unit, models.PROTECT, related_name="entrusts", verbose_name=_("委托单位")
    )
    agent = models.ForeignKey(
        Unit, models.PROTECT, related_name="entrusted", verbose_name=_("受托单位")
    )
    items = ArrayField(models.SlugField(max_length=60), default=list, verbose_name=_("委托事项"))
    categories = ArrayField(
        models.SlugField(max_length=40), default=list, verbose_name=_("委托类别")
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("到期日期"))
    duties = models.CharField(_("职责"), max_length=1000)
    data_rights = models.CharField(_("数据权限"), max_length=1000)
    basis = models.CharField(_("委托书文号"), max_length=120, blank=True)
    made_by = models.CharField(_("登记人"), max_length=160)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="renewal", verbose_name=_("续期自")
    )
    ended_at = models.DateTimeField(_("提前终止时间"), null=True)
    ended_by = models.CharField(_("终止人"), max_length=160, blank=True)
    end_reason = models.CharField(_("终止理由"), max_length=500, blank=True)

    objects = EntrustmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事项委托")
        ordering = ["ends_on", "pk"]
        indexes = [
            models.Index(fields=["division", "ends_on"], name="entrustment_list"),
            models.Index(fields=["place", "ends_on"], name="entrustment_place"),
            models.Index(fields=["agent", "ends_on"], name="entrustment_agent"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_entrustment_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="an_entrustment_names_something",
                condition=~Q(items=[]) | ~Q(categories=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} → {self.agent}"

    def get_absolute_url(self) -> str:
        return reverse("matters:entrustment", args=[self.pk])

    def entrusted_units(self) -> set[int]:
        """The authority keeps its own entrustments, wherever the unit stands it entrusts."""
        return {self.authority_id}

    def covers(self, item: str, category: str) -> bool:
        return item in self.items or category in self.categories

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Entrustment"]:
        """What has not ended goes where the unit goes."""
        return cls.objects.filter(ends_on__gte=timezone.localdate())

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """A closing authority's word is its successor's; a closing agent's work goes with it."""
        cls.objects.filter(authority=old).update(authority=new, division=new.division_id)
        cls.objects.filter(agent=old).update(agent=new, place=new.division_id)
