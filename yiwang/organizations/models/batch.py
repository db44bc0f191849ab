"""A workbook of organisations that was taken over, and can be taken back as a whole."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.residents.models.household import TerritorialQuerySet


class Batch(Record):
    """One import: how many organisations it made, how many it said something new of."""

    of_records: ClassVar[bool] = True

    class State(models.TextChoices):
        LOADED = "loaded", _("已导入")
        UNDONE = "undone", _("已撤销")

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("区划"))
    file_name = models.CharField(_("文件名"), max_length=200)
    made = models.PositiveIntegerField(_("新登记"), default=0)
    changed = models.PositiveIntegerField(_("已在册"), default=0)
    failed = models.PositiveIntegerField(_("有错误"), default=0)
    state = models.CharField(_("状态"), max_length=6, choices=State.choices, default=State.LOADED)
    by_label = models.CharField(_("导入人"), max_length=160)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位导入批次")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
