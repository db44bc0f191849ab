"""What was read under an agreement, counted; the files made for its holder (INF-10, INF-11)."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import SaidField

from .agreement import Agreement


class Reading(models.Model):
    """One read by the holder: of which kind, how many persons it gave. Append-only.

    Whose data it was stands in the journal, one line a person.
    """

    append_only = True

    class Kind(models.TextChoices):
        QUERY = "query", _("查一个人")
        LIST = "list", _("读名单")
        CHANGES = "changes", _("读变更")
        FILE = "file", _("生成文件")

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="readings", db_index=False
    )
    version = models.PositiveSmallIntegerField(_("版本"))
    kind = models.CharField(_("方式"), max_length=7, choices=Kind.choices)
    found = models.PositiveIntegerField(_("人数"))
    by_label = models.CharField(_("经办"), max_length=160)
    at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("共享使用记录")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["agreement", "-id"], name="reading_of_agreement")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.kind} {self.found}"


class SharedFileQuerySet(models.QuerySet["SharedFile"]):
    def visible_to(self, actor: Any) -> Self:
        """Files belong to the holder alone."""
        return self.filter(agreement__unit_id=actor.unit_id)


class SharedFile(Record):
    """One file of everybody inside an agreement; its sealed body is taken away after some days."""

    class Kind(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"

    class State(models.TextChoices):
        WAITING = "waiting", _("生成中")
        READY = "ready", _("可下载")
        FAILED = "failed", _("没有生成")
        GONE = "gone", _("已到期删除")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="files")
    kind = models.CharField(_("格式"), max_length=4, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    problem = SaidField(_("原因"), blank=True)
    rows = models.PositiveIntegerField(_("人数"), default=0)
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField(_("生成时间"), null=True, blank=True)
    ordered_by = models.CharField(_("申请人"), max_length=160)
    post_id = models.BigIntegerField(null=True)

    objects = SharedFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("共享文件")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="ready_file_has_its_body",
                condition=~Q(state="ready") | Q(sealed__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}-{self.pk}"

    @property
    def division_id(self) -> int:
        return self.agreement.division_id

    def entrusted_units(self) -> list[int]:
        return self.agreement.entrusted_units()
