"""Who has been told to a subscriber, and who has left since (INF-11)."""

from typing import Any, Self

from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from .agreement import Agreement


class Left(models.TextChoices):
    """Why somebody is no longer inside an agreement."""

    MOVED_OUT = "moved_out", _("已迁出协议范围")
    DEAD = "dead", _("已去世")
    TAG_ENDED = "tag_ended", _("标签已结束")
    MERGED = "merged", _("并入另一份档案")
    NOT_SELECTED = "not_selected", _("不再符合协议条件")


class MemberQuerySet(models.QuerySet["Member"]):
    def within(self, agreement: Agreement) -> Self:
        return self.filter(agreement=agreement)

    def shown(self, **changes: Any) -> int:
        """Change these rows, and put them at the end of what is told."""
        return self.update(number=next_number(), **changes)


def next_number() -> Func:
    """The next number of the table, row by row."""
    sequence = Func(Value("sharing_member"), Value("id"), function="pg_get_serial_sequence")
    return Func(sequence, function="nextval", output_field=models.BigIntegerField())


class Member(models.Model):
    """The last thing told of one person under one agreement; `number` is the subscriber's cursor.

    `person` is the number of the record as the subscriber keeps it: it stands also when the record
    is merged into another or taken away, so that the copy can be deleted.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+", db_index=False)
    person = models.BigIntegerField()
    inside = models.BooleanField(default=True)
    reason = models.CharField(max_length=12, choices=Left.choices, blank=True)
    number = models.BigIntegerField()
    at = models.DateTimeField()

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("变更接口的名册")
        ordering = ["number"]
        indexes = [models.Index(fields=["agreement", "number"], name="member_by_number")]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "person"], name="one_member_a_person"),
            models.CheckConstraint(
                name="who_left_has_a_reason",
                condition=Q(inside=True, reason="") | (Q(inside=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.person}"
