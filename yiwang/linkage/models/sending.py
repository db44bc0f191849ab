"""Departments' files: their rows, what became of each, and what communities are asked to check."""

import base64
import json
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField, SaidField
from yiwang.core.rules.wording import read_rows
from yiwang.divisions.models import Division
from yiwang.residents.models import ImportBatch, Resident
from yiwang.residents.models.household import TerritorialQuerySet


class ColumnMemory(Record):
    """What one unit means by the title of a column; an empty code: a column nobody reads."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="remembered_columns")
    title = models.CharField(_("列名"), max_length=80)
    code = models.CharField(_("信息项"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("记住的列")
        constraints = [
            models.UniqueConstraint(fields=["unit", "title"], name="one_meaning_a_title")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.code}"


class FileQuerySet(models.QuerySet["DepartmentFile"]):
    def visible_to(self, actor: Any) -> Self:
        """Files of the area; a department sees those of its own unit alone."""
        if actor.by_unit:
            return self.filter(unit_id=actor.unit_id)
        return self.filter(division_id__range=(actor.see.lo, actor.see.hi))


class DepartmentFile(Record):
    """One file of one department: matched row by row, kept, perhaps undone. Counts are of rows."""

    class State(models.TextChoices):
        COLUMNS = "columns", _("待确认列")
        MATCHING = "matching", _("正在比对")
        MATCHED = "matched", _("已比对")
        KEEPING = "keeping", _("正在写入")
        KEPT = "kept", _("已写入")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")
        FAILED = "failed", _("未能完成")

    division = models.ForeignKey(Division, models.PROTECT, related_name="department_files")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="sent_files", verbose_name=_("报送单位")
    )
    batch = models.OneToOneField(
        ImportBatch, models.PROTECT, null=True, related_name="department_file"
    )
    file_name = models.CharField(_("文件名"), max_length=200)
    sealed_content = EncryptedTextField(_("文件内容"), null=True)
    # The database keeps the keys of an object in an order of its own.
    titles = models.JSONField(_("列名"), default=list)
    columns = models.JSONField(_("列对应"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.COLUMNS)
    rows_total = models.PositiveIntegerField(_("行数"), default=0)
    rows_done = models.PositiveIntegerField(_("已比对"), default=0)
    matched = models.PositiveIntegerField(_("已匹配"), default=0)
    doubtful = models.PositiveIntegerField(_("待核对"), default=0)
    unmatched = models.PositiveIntegerField(_("未匹配"), default=0)
    damaged = models.PositiveIntegerField(_("有错误"), default=0)
    conflicts = models.PositiveIntegerField(_("有冲突"), default=0)
    kept = models.PositiveIntegerField(_("已写入"), default=0)
    problem = SaidField(_("未完成的原因"), blank=True)
    kept_at = models.DateTimeField(_("写入时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    by_user_id = models.BigIntegerField(_("人员"), null=True)
    by_post_id = models.BigIntegerField(_("岗位"), null=True)
    by_label = models.CharField(_("经办"), max_length=160)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("部门数据")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "-id"], name="department_file_list")]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("linkage:file", args=[self.pk])

    def entrusted_units(self) -> set[int]:
        """The unit that sent it works on it, wherever its post stands."""
        return {self.unit_id}

    @property
    def busy(self) -> bool:
        return self.state in {self.State.MATCHING, self.State.KEEPING, self.State.UNDOING}

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.sealed_content or "")

    @content.setter
    def content(self, data: bytes) -> None:
        self.sealed_content = base64.b64encode(data).decode()


class FileRow(Record):
    """One row: whom it means, how that is known, and which fields say something else.

    `division` is where it is worked on: the person's community, or the one the row names.
    `conflicts`: by field what was chosen, "file", "register" or "" (a person decides); `decided`: by
    field who chose; `told`: fields that are written.
    """

    class State(models.TextChoices):
        MATCHED = "matched", _("已匹配")
        DOUBTFUL = "doubtful", _("待核对")
        UNMATCHED = "unmatched", _("未匹配")
        DAMAGED = "damaged", _("有错误")

    file = models.ForeignKey(DepartmentFile, models.CASCADE, related_name="rows")
    division = models.ForeignKey(Division, models.PROTECT, related_name="file_rows")
    row = models.PositiveIntegerField(_("行"))
    state = models.CharField(_("结果"), max_length=9, choices=State.choices)
    how = models.CharField(_("匹配方式"), max_length=6, blank=True)
    score = models.FloatField(_("把握"), null=True)
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="file_rows")
    sealed_values = EncryptedTextField(_("内容"), null=True)
    told = models.JSONField(_("已写入的信息项"), default=list)
    sealed_problems = EncryptedTextField(_("错误"), null=True)
    conflicts = models.JSONField(_("冲突"), default=dict)
    decided = models.JSONField(_("裁定人"), default=dict)
    undecided = models.PositiveSmallIntegerField(_("待裁定"), default=0)
    kept = models.BooleanField(_("已写入"), default=False)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("部门数据行")
        ordering = ["file_id", "row"]
        constraints = [models.UniqueConstraint(fields=["file", "row"], name="one_row_once")]
        indexes = [
            models.Index(
                fields=["division", "file"],
                condition=Q(undecided__gt=0) | Q(state="doubtful"),
                name="row_to_be_decided",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.row}"

    @property
    def values(self) -> dict[str, str]:
        """What the row says, by field, in the form it is kept in."""
        return dict(json.loads(self.sealed_values or "{}"))

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What is wrong, in the reader's language."""
        return read_rows(json.loads(self.sealed_problems or "[]"))


class CheckTask(Record):
    """A community is asked whether somebody a department names lives there."""

    class Answer(models.TextChoices):
        OPEN = "open", _("待核查")
        FOUND = "found", _("已在册")
        ENTERED = "entered", _("已登记")
        ABSENT = "absent", _("不住在这里")
        UNKNOWN = "unknown", _("查无此人")

    follows_division: ClassVar[bool] = True

    row = models.OneToOneField(FileRow, models.CASCADE, related_name="task")
    division = models.ForeignKey(Division, models.PROTECT, related_name="check_tasks")
    answer = models.CharField(
        _("核查结果"), max_length=8, choices=Answer.choices, default=Answer.OPEN
    )
    resident = models.ForeignKey(Resident, models.PROTECT, null=True, related_name="check_tasks")
    note = models.CharField(_("说明"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("核查时间"), null=True)
    answered_by = models.CharField(_("核查人"), max_length=160, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("核查任务")
        ordering = ["pk"]
        indexes = [models.Index(fields=["division", "answer", "id"], name="check_task_queue")]

    def __str__(self) -> str:
        return f"{self.row_id}"

    @classmethod
    def live_in_division(cls) -> models.QuerySet["CheckTask"]:
        return cls.objects.filter(answer=cls.Answer.OPEN)

    def get_absolute_url(self) -> str:
        return reverse("linkage:task", args=[self.pk])
