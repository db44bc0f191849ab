"""How much of every place the network covered on a day that has ended."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped


class CoverageDayQuerySet(models.QuerySet["CoverageDay"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(division_id__range=(actor.see.lo, actor.see.hi))


class CoverageDay(models.Model):
    """Communities of a place, and how many of them were covered, at the end of a day."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    on = models.DateField(_("日期"))
    communities = models.PositiveIntegerField(_("社区数"))
    covered = models.PositiveIntegerField(_("已覆盖"))

    objects = CoverageDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("每日覆盖")
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["division", "on"], name="one_coverage_a_place_and_day"),
            models.CheckConstraint(
                name="no_more_covered_than_there_are", condition=Q(covered__lte=F("communities"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.on}"

    @property
    def percent(self) -> float:
        """Share covered, in percent, rounded down to a tenth: 100 only when all are."""
        return share(self.covered, self.communities) or 0.0


def share(part: int, whole: int) -> float | None:
    """Percent with one decimal, rounded down; None where there is nothing to cover."""
    return part * 1000 // whole / 10 if whole else None
