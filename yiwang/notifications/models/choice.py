"""By which way a person wants to be told: every choice stays on file, the last one holds."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import EncryptedTextField, Record
from yiwang.notifications.rules.kinds import Channel
from yiwang.residents.models import Resident


class ChoiceQuerySet(models.QuerySet["Choice"]):
    def for_holder(self, resident: Resident) -> Self:
        """The choices of one person, for the person herself and for who acts for her."""
        return self.filter(resident=resident)


class Choice(Record):
    """One choice of way, address and language; `optional`: invitations and reminders too."""

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name=_("居民"))
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    email = EncryptedTextField(_("电子邮箱"), null=True, blank=True)
    language = models.CharField(
        _("语言"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    optional = models.BooleanField(_("也接收邀请和提醒"), default=True)
    given_by = models.CharField(_("选择人"), max_length=160)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知方式")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.get_channel_display())
