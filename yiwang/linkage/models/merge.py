"""Merges: which record went on, by whose decision, and everything needed to take it back."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.residents.models.household import TerritorialQuerySet

from .pair import Pair


class Merge(Record):
    """One merge, decided by a named person (`by_label`)."""

    of_records: ClassVar[bool] = True

    division = models.ForeignKey(Division, models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(
        Resident, models.PROTECT, related_name="merges", verbose_name=_("保留的档案")
    )
    other = models.ForeignKey(
        Resident, models.PROTECT, related_name="merged_away", verbose_name=_("并入的档案")
    )
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, related_name="merges")
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    sealed_trace = EncryptedTextField(_("合并前的内容"))
    by_label = models.CharField(_("经办"), max_length=160)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_by = models.CharField(_("撤销人"), max_length=160, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("档案合并")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at__isnull=True), name="merged_away_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.other_id} → {self.survivor_id}"

    def get_absolute_url(self) -> str:
        return reverse("linkage:merge", args=[self.pk])

    @property
    def trace(self) -> dict[str, Any]:
        """What the merge changed, as `residents.actions.merging.Trace` writes it."""
        return dict(json.loads(self.sealed_trace))
