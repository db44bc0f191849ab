"""What a unit promises to those it serves (QUA-12)."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import moment
from yiwang.core.models import Record
from yiwang.quality.rules.states import Measure


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, actor: Actor) -> Self:
        """Promises are public."""
        return self.all()

    def public(self) -> Self:
        return self.all()

    def current(self, day: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class Promise(Record):
    """One promise of a unit, the figure it is set against, and the reasons of ratings that break it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="promises", verbose_name=_("单位"))
    text = models.CharField(_("承诺"), max_length=120)
    text_en = models.CharField(_("英文"), max_length=200, blank=True)
    measure = models.CharField(_("对照的数字"), max_length=8, choices=Measure.choices)
    target = models.FloatField(_("承诺值"))
    reasons = ArrayField(
        models.CharField(max_length=40), default=list, blank=True,
        verbose_name=_("违反承诺的评价原因"),
    )  # fmt: skip
    starts_on = models.DateField(_("公布日期"))
    ends_on = models.DateField(_("撤下日期"), null=True)
    by_label = models.CharField(_("公布人"), max_length=160)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务承诺")
        ordering = ["unit", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "text"], condition=Q(ends_on__isnull=True),
                name="one_current_promise_a_text",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.text_en if english and self.text_en else self.text

    @property
    def division_id(self) -> int:
        return self.unit.division_id

    def entrusted_units(self) -> set[int]:
        return {self.unit_id}

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """A unit that closed promises nothing any more; its successor says its own word."""
        cls.objects.filter(unit=old, ends_on__isnull=True).update(
            ends_on=timezone.localdate(moment())
        )
