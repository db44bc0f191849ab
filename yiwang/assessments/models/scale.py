"""A scored form from a day on; assessments keep the version they were made with."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.assessments.rules.scale import ScaleContent, read_scale
from yiwang.core.models import Record


class ScaleQuerySet(models.QuerySet["Scale"]):
    def public(self) -> Self:
        """Forms are published law: everyone may read them."""
        return self.all()

    def in_force(self, day: date) -> Self:
        """The newest version of each form that has begun on a day."""
        begun = self.filter(effective_from__lte=day).order_by("code", "-number").distinct("code")
        return self.filter(pk__in=begun.values("pk"))


class Scale(Record):
    """One version of a form. Append-only."""

    append_only = True

    code = models.SlugField(_("编码"), max_length=40)
    number = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    effective_from = models.DateField(_("起用日期"))
    by_label = models.CharField(_("发布人"), max_length=160)

    objects = ScaleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评估表")
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="one_scale_a_number")
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("assessments:scale", args=[self.pk])

    @property
    def division_id(self) -> int:
        """Forms are the city's: whoever publishes one must reach the city."""
        return int(settings.CITY)

    @property
    def form(self) -> ScaleContent:
        content: dict[str, Any] = self.content
        return read_scale(content)

    @property
    def label(self) -> str:
        return self.form.title.label
