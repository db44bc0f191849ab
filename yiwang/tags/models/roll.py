"""A department's list carried into a tag: what it set, confirmed and ended, to be taken back."""

import json
from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.linkage.models import DepartmentFile

from .kind import TagKind
from .tag import Tag, TagEvent


class RollQuerySet(models.QuerySet["Roll"]):
    def visible_to(self, actor: Any) -> Self:
        """Those of the area, about kinds the actor may know of."""
        area = actor.see
        return self.filter(
            file__division_id__range=(area.lo, area.hi), kind__in=TagKind.objects.visible_to(actor)
        )

    def standing(self) -> Self:
        """Those that have not been taken back."""
        return self.exclude(state__in=[Roll.State.UNDOING, Roll.State.UNDONE])


class Roll(Record):
    """One file for one kind. `complete`: whoever of the file's area is not on it loses the tag."""

    class State(models.TextChoices):
        WAITING = "waiting", _("正在设置")
        DONE = "done", _("已设置")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")

    file = models.ForeignKey(
        DepartmentFile, models.PROTECT, related_name="rolls", verbose_name=_("部门数据")
    )
    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="rolls", verbose_name=_("标签"))
    variant = models.CharField(_("细类"), max_length=20, blank=True)
    grade = models.CharField(_("等级"), max_length=20, blank=True)
    complete = models.BooleanField(_("完整名单"), default=False)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    was_set = models.PositiveIntegerField(_("新设"), default=0)
    confirmed = models.PositiveIntegerField(_("复核"), default=0)
    ended = models.PositiveIntegerField(_("结束"), default=0)
    skipped = models.PositiveIntegerField(_("未设"), default=0)
    left = models.PositiveIntegerField(_("撤销时保留"), default=0)
    done_at = models.DateTimeField(_("完成时间"), null=True)
    by_label = models.CharField(_("经办"), max_length=160)

    objects = RollQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("部门名单")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "kind"],
                condition=models.Q(state__in=["waiting", "done", "undoing"]),
                name="one_roll_a_file_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind_id}"

    def get_absolute_url(self) -> str:
        return reverse("tags:roll", args=[self.pk])

    @property
    def division_id(self) -> int:
        return self.file.division_id

    @property
    def busy(self) -> bool:
        return self.state in {self.State.WAITING, self.State.UNDOING}

    @property
    def choices(self) -> list[str]:
        """Variant and grade in words."""
        said = (("variants", self.variant), ("grades", self.grade))
        return [self.kind.choice_label(among, code) for among, code in said if code]

    @property
    def title(self) -> str:
        """The evidence as tags keep it: who sent which file."""
        return f"{self.file.unit.name}《{self.file.file_name}》"[:180]


class RollLine(models.Model):
    """What was done to one tag, the tag as it was before, and the line of its trace that says so.

    A tag whose newest trace is another one has been worked on since: it is left as it is.
    """

    roll = models.ForeignKey(Roll, models.CASCADE, related_name="lines")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="+")
    event = models.ForeignKey(TagEvent, models.PROTECT, related_name="+")
    what = models.CharField(max_length=9, choices=TagEvent.What.choices)
    sealed_before = EncryptedTextField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("部门名单所改标签")
        constraints = [
            models.UniqueConstraint(fields=["roll", "tag"], name="one_line_a_tag_of_a_roll")
        ]

    def __str__(self) -> str:
        return f"{self.roll_id} {self.tag_id}"

    @property
    def before(self) -> dict[str, Any]:
        return dict(json.loads(self.sealed_before or "{}"))
