"""Routing rules: ordered, dated, and made by somebody; the fallback is one of them (INF-08)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors
from yiwang.matters.rules import Channel
from yiwang.matters.rules.routing import Pick

from .catalogue import Category, ServiceItem


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def visible_to(self, actor: Actor) -> Self:
        """Rules of the area, and those above that reach into it."""
        area = Q(division_id__range=(actor.see.lo, actor.see.hi))
        return self.filter(area | Q(division_id__in=ancestors(actor.division_id)))

    def in_force(self, day: date) -> Self:
        ends = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        return self.filter(ends, starts_on__lte=day)


class RoutingRule(Record):
    """Steps of an item or category, in a place, by a door, go to this unit.

    Empty conditions ask for nothing. A fallback is asked when no rule and no unit is found, so
    that nothing is nobody's. A rule is never rewritten: it ends, and another one begins.
    """

    follows_division = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("适用区划")
    )
    fallback = models.BooleanField(_("兜底规则"), default=False)
    order = models.PositiveSmallIntegerField(_("次序"), default=100)
    item = models.ForeignKey(ServiceItem, models.PROTECT, null=True, verbose_name=_("事项"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, verbose_name=_("类别"))
    step = models.SlugField(_("环节"), max_length=60, blank=True)
    channel = models.CharField(_("来源"), max_length=8, blank=True, choices=Channel.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    pick = models.CharField(_("经办人"), max_length=10, choices=Pick.choices, default=Pick.UNIT)
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("指定经办人")
    )
    reason = models.CharField(_("理由"), max_length=300)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True)
    made_by = models.CharField(_("制定人"), max_length=160)
    ended_by = models.CharField(_("终止人"), max_length=160, blank=True)

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("分办规则")
        ordering = ["fallback", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_rule_names_item_or_category",
                condition=Q(item__isnull=True) | Q(category__isnull=True),
            ),
            models.CheckConstraint(
                name="a_rule_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="a_named_handler_is_named",
                condition=Q(pick="post", post__isnull=False)
                | (~Q(pick="post") & Q(post__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} → {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("matters:routing-rule", args=[self.pk])

    @property
    def about(self) -> str:
        """What the rule speaks of: an item, a category, or everything."""
        named = self.item or self.category
        return named.label if named else str(_("全部事项"))

    @classmethod
    def live_in_division(cls) -> models.QuerySet["RoutingRule"]:
        """Rules that are not over go on where their place goes."""
        return cls.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate()))

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """What was to go to a unit that closes goes to its successor."""
        cls.objects.filter(unit=old).exclude(pick=Pick.POST).update(unit=new)
        cls.objects.filter(unit=old).update(unit=new, pick=Pick.UNIT, post=None)

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """What was to go to a person goes to the successor in the same unit; gives no figure."""
        rows = cls.objects.filter(post=old)
        if old.unit_id == new.unit_id:
            rows.update(post=new)
        else:
            rows.update(pick=Pick.UNIT, post=None)
        return 0
