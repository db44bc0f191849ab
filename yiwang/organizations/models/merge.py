"""Merges of organisations: which record went on, by whose decision, and the way back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.residents.models.household import TerritorialQuerySet

from .organization import Organization


class Merge(Record):
    """One merge, decided by a named person. `moved`: keys of the rows handed over, by column."""

    of_records: ClassVar[bool] = True

    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    survivor = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("保留的记录")
    )
    other = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("并入的记录")
    )
    reason = models.CharField(_("说明"), max_length=300)
    before = models.CharField(_("并入前的状态"), max_length=9)
    moved = models.JSONField(_("转来的内容"), default=dict)
    by_label = models.CharField(_("经办"), max_length=160)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_by = models.CharField(_("撤销人"), max_length=160, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位合并")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(undone_at__isnull=True),
                name="organization_merged_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.other_id} → {self.survivor_id}"

    def get_absolute_url(self) -> str:
        return reverse("organizations:merge", args=[self.pk])
