"""What people were told, and what they agreed to: both with version, date and how (PIPL 13-17)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.residents.models import Resident

from .person import OfResident, OfResidentQuerySet


class NoticeQuerySet(models.QuerySet["Notice"]):
    def public(self) -> Self:
        """The notice is for everyone to read, every version of it."""
        return self.all()

    def in_force(self, day: date) -> "Notice | None":
        return self.filter(starts_on__lte=day).order_by("-version").first()


class Notice(Record):
    """One version of the privacy notice; a change is a new version from a day on. Append-only."""

    append_only = True

    version = models.PositiveIntegerField(_("版本"), unique=True)
    text = models.TextField(_("中文"))
    text_en = models.TextField(_("英文"))
    starts_on = models.DateField(_("施行日期"))
    published_by = models.CharField(_("发布人"), max_length=160)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息告知书")
        ordering = ["-version"]

    def __str__(self) -> str:
        return str(self.version)

    @property
    def division_id(self) -> int:
        """The notice is the city's."""
        return int(settings.CITY)

    @property
    def body(self) -> str:
        """The text in the reader's language."""
        return self.text_en if (get_language() or "").startswith("en") else self.text


class Consent(OfResident):
    """One agreement to one purpose: on which basis, to which text, when and how; and its end."""

    class How(models.TextChoices):
        ONLINE = "online", _("网上")
        COUNTER = "counter", _("窗口")
        PAPER = "paper", _("书面")

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="consents", verbose_name=_("居民")
    )
    purpose = models.CharField(_("目的"), max_length=40)
    basis = models.CharField(_("合法性基础"), max_length=20)
    text_version = models.PositiveIntegerField(_("文本版本"))
    given_at = models.DateTimeField(_("同意时间"))
    how = models.CharField(_("方式"), max_length=7, choices=How.choices)
    given_by = models.CharField(_("经办"), max_length=160)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_by = models.CharField(_("撤回经办"), max_length=160, blank=True)

    objects = OfResidentQuerySet["Consent"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("同意记录")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_a_purpose",
            )
        ]

    def __str__(self) -> str:
        return self.purpose
