"""Versions of the dictionary: what was published when, and what had changed (INF-26)."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record


class VersionQuerySet(models.QuerySet["DictionaryVersion"]):
    def public(self) -> Self:
        """The dictionary is for everybody: it tells of items, never of people."""
        return self.all()


class DictionaryVersion(Record):
    """The whole dictionary as published: `content` holds items, tables and forms in their order,
    `changes` what differs from the version before. Append-only.
    """

    append_only = True

    number = models.CharField(_("版本号"), max_length=20, unique=True)
    published_on = models.DateField(_("发布日期"))
    content = models.JSONField(_("内容"))
    changes = models.JSONField(_("变更"), default=list)
    by_label = models.CharField(_("发布人"), max_length=160)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("数据字典版本")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def rows(self, part: str) -> list[dict[str, Any]]:
        """The items, tables or forms of this version."""
        found: list[dict[str, Any]] = self.content[part]
        return found

    def row(self, part: str, code: str) -> dict[str, Any] | None:
        """One item, table or form by its code."""
        return next((one for one in self.rows(part) if one["code"] == code), None)
