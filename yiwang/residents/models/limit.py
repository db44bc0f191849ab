"""A person's restriction or objection: what is held is stored, and not used (PIPL 44-47)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record

from .resident import Resident


class UseLimit(Record):
    """While it stands one field, or with an empty `field` all that is held, is not used.

    Whoever answers the person's request writes it (`reference`); everybody who uses what is held
    asks `reads.limited_fields` first.
    """

    class Kind(models.TextChoices):
        RESTRICTED = "restrict", _("本人要求限制使用")
        OBJECTED = "object", _("本人反对使用")

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="use_limits", verbose_name=_("居民")
    )
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    field = models.CharField(_("信息项"), max_length=40, blank=True)
    reference = models.CharField(_("关联"), max_length=80)
    since = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("解除日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("限制使用")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["resident"], condition=Q(ended_on__isnull=True), name="use_limit_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.field}"

    @property
    def division_id(self) -> int:
        return self.resident.division_id
