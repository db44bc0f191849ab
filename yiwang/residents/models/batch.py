"""Imports: one batch a workbook, with what was read, what failed and what became of it."""

import base64
import json
from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField, SaidField
from yiwang.core.rules.wording import read_rows
from yiwang.divisions.models import Division

from .household import TerritorialQuerySet


class ImportBatchQuerySet(TerritorialQuerySet["ImportBatch"]):
    def people(self) -> Self:
        """Workbooks of residents; values that departments sent have pages of their own."""
        return self.filter(kind=ImportBatch.Kind.PEOPLE)


class ImportBatch(Record):
    """One workbook: checked, then loaded, perhaps undone. Counts are of its rows."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队检查中")
        PREVIEWED = "previewed", _("已检查，待导入")
        LOADING = "loading", _("正在导入")
        LOADED = "loaded", _("已导入")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("未能完成")

    class Kind(models.TextChoices):
        PEOPLE = "people", _("居民名册")
        VALUES = "values", _("部门数据")

    kind = models.CharField(_("种类"), max_length=6, choices=Kind.choices, default=Kind.PEOPLE)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="imports", verbose_name=_("区划")
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.BinaryField(_("文件摘要"), max_length=32)
    by_user_id = models.BigIntegerField(_("人员"), null=True)
    by_post_id = models.BigIntegerField(_("岗位"), null=True)
    by_label = models.CharField(_("导入人"), max_length=160)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    ok = models.PositiveIntegerField(_("可导入"), default=0)
    failed = models.PositiveIntegerField(_("有错误"), default=0)
    known = models.PositiveIntegerField(_("已在册"), default=0)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.WAITING)
    mapping = models.JSONField(_("列对应"), default=dict)
    problem = SaidField(_("未完成的原因"), blank=True)
    loaded_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("导入批次")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="rows_of_a_batch_add_up",
                condition=models.Q(rows=models.F("ok") + models.F("failed") + models.F("known")),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("residents:batch", args=[self.pk])

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What is wrong, in the reader's language: row (of the sheet), column, value, problem and
        cure; empty when sound."""
        held = ImportFile.objects.filter(batch=self).first()
        return read_rows(json.loads(held.sealed_errors)) if held and held.sealed_errors else []

    @property
    def busy(self) -> bool:
        """Whether background work is still to come."""
        return self.state in {self.State.WAITING, self.State.LOADING}


class ImportFile(Record):
    """The workbook itself and its errors, encrypted: both hold identity numbers."""

    batch = models.OneToOneField(ImportBatch, models.CASCADE, related_name="file")
    sealed_content = EncryptedTextField(_("文件内容"), null=True)
    sealed_errors = EncryptedTextField(_("错误"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入文件")

    def __str__(self) -> str:
        return str(self.batch_id)

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.sealed_content or "")

    @content.setter
    def content(self, data: bytes) -> None:
        self.sealed_content = base64.b64encode(data).decode()
