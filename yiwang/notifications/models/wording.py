"""The city's own words for a kind and a way, version by version."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.notifications.rules.kinds import Channel, Kind


class WordingQuerySet(models.QuerySet["Wording"]):
    def public(self) -> Self:
        """What people are written is no secret."""
        return self.all()


class Wording(Record):
    """One version of a text in both languages; a change is a new version. Append-only."""

    append_only = True

    kind = models.CharField(_("内容"), max_length=16, choices=Kind.choices)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=80, blank=True)
    title_en = models.CharField(_("英文标题"), max_length=120, blank=True)
    text = models.TextField(_("中文"), max_length=1000)
    text_en = models.TextField(_("英文"), max_length=1500)
    published_by = models.CharField(_("发布人"), max_length=160)

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知文本")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "channel", "version"], name="one_wording_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_channel_display()} {self.version}"

    @property
    def division_id(self) -> int:
        """The words are the city's."""
        return int(settings.CITY)
