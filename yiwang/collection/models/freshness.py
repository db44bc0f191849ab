"""How fresh the register was on a day, by community and field: leaf summaries (INF-07)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.residents.models.household import TerritorialQuerySet


class FreshnessDay(Record):
    """One field in one community as counted last; districts and the city add these up."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False
    )
    field = models.CharField(_("信息项"), max_length=40)
    on = models.DateField(_("日期"))
    people = models.PositiveIntegerField(_("人数"))
    fresh = models.PositiveIntegerField(_("有效"))
    soon = models.PositiveIntegerField(_("即将到期"))
    due = models.PositiveIntegerField(_("已到期"))
    missing = models.PositiveIntegerField(_("未采集"))

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("信息时效")
        ordering = ["division_id", "field"]
        constraints = [
            models.UniqueConstraint(fields=["division", "field"], name="one_freshness_a_field")
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.field} {self.on}"
