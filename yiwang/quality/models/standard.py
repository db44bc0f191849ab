"""The quality standard of a service item, in versions (QUA-05)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.core.models import Record
from yiwang.matters.models import ServiceItem
from yiwang.quality.rules.points import Point, read_points


class StandardQuerySet(models.QuerySet["Standard"]):
    def visible_to(self, actor: Actor) -> Self:
        """Standards are public: whoever is checked and whoever is served reads them."""
        return self.all()

    def public(self) -> Self:
        return self.all()

    def in_force(self) -> Self:
        """The newest version of each item."""
        newest = self.model._default_manager.filter(item=models.OuterRef("item"))
        return self.filter(number=models.Subquery(newest.order_by("-number").values("number")[:1]))


class Standard(Record):
    """One version: the points an item is checked by. What was checked keeps its version."""

    item = models.ForeignKey(
        ServiceItem, models.PROTECT, related_name="standards", verbose_name=_("事项")
    )
    number = models.PositiveSmallIntegerField(_("版本"))
    content: Any = models.JSONField(_("检查点"))
    published_at = models.DateTimeField(_("发布时间"))
    published_by = models.CharField(_("发布人"), max_length=160)

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("质量标准")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_standard_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("quality:standard", args=[self.item.code])

    @property
    def division_id(self) -> int:
        """Like the catalogue: the city's."""
        return int(settings.CITY)

    @property
    def points(self) -> list[Point]:
        return read_points(self.content)
