"""Wrong tries at numbers that do not exist, so that an answer never tells whether one does."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record


class Guess(Record):
    """Tries at one unknown number; it is locked like a matter (SVC-04). Only a keyed hash is kept."""

    digest = models.BinaryField(_("编号摘要"), max_length=16, unique=True)
    failures = models.PositiveSmallIntegerField(_("错误次数"), default=0)
    locked_until = models.DateTimeField(_("锁定至"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("未知编号的查询")
        indexes = [models.Index(fields=["updated_at"])]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def division_id(self) -> int:
        """An unknown number belongs to no community; the city answers for it."""
        return int(settings.CITY)

    def lock_at(self, tries: int, until: datetime) -> None:
        """Count one wrong try (not saved); the last one locks."""
        self.failures += 1
        if self.failures >= tries:
            self.failures, self.locked_until = 0, until
