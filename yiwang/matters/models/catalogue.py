"""What can be applied for: the ten categories of the plan, the items and their versions (SVC-01, 02)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.matters.rules.guide import Guide


def _english() -> bool:
    return (get_language() or "").startswith("en")


class Category(Record):
    """One of the ten one-stop service categories; `plan_name` is the word of the plan of 2011."""

    code = models.SlugField(_("编码"), primary_key=True, max_length=20)
    order = models.PositiveSmallIntegerField(_("序号"), unique=True)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    plan_name = models.CharField(_("方案用名"), max_length=40)
    icon = models.CharField(_("图标"), max_length=40)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    description_en = models.CharField(_("英文说明"), max_length=400, blank=True)
    confidential = models.BooleanField(_("保密"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("服务类别")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if _english() else self.name

    @property
    def about(self) -> str:
        return self.description_en if _english() else self.description

    def label_on(self, day: date) -> str:
        """What it was called on a day, in the reader's language."""
        later = [one for one in self.names.all() if one.until >= day]
        then = min(later, key=lambda one: one.until) if later else self
        return then.name_en if _english() else then.name


class CategoryName(Record):
    """What a category was called until a day; its own row has the name of today (SVC-17)."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="names", verbose_name=_("类别")
    )
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    until = models.DateField(_("用到"))
    reason = models.CharField(_("改名依据"), max_length=200)
    changed_by = models.CharField(_("经办"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("服务类别原名")
        ordering = ["category", "-until"]
        constraints = [
            models.UniqueConstraint(fields=["category", "until"], name="one_old_name_a_day")
        ]

    def __str__(self) -> str:
        return self.name


class ServiceItemQuerySet(models.QuerySet["ServiceItem"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Service guides are public (SVC-02)."""
        return self.all()

    def public(self) -> Self:
        return self.filter(retired_on__isnull=True)


class ServiceItem(Record):
    """A thing one can apply for. What it asks and how it is handled stands in its versions."""

    code = models.SlugField(_("编码"), unique=True, max_length=60)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="items", verbose_name=_("类别")
    )
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=200)
    common = models.BooleanField(_("常用"), default=False)
    confidential = models.BooleanField(_("保密"), default=False)
    tokens = ArrayField(models.CharField(max_length=40), default=list, editable=False)
    initials = models.CharField(max_length=120, blank=True, editable=False)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务事项")
        ordering = ["category__order", "pk"]
        indexes = [GinIndex(fields=["tokens"], name="item_tokens")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.title_en if _english() else self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:guide", args=[self.code])

    @property
    def division_id(self) -> int:
        """The catalogue is the city's: whoever changes an item must reach the city."""
        return int(settings.CITY)

    def version_on(self, day: date) -> "ServiceVersion | None":
        """The version in force on a day; old matters keep the one they were accepted under."""
        return self.versions.in_force(day).order_by("-number").first()


class ServiceVersionQuerySet(models.QuerySet["ServiceVersion"]):
    def in_force(self, day: date) -> Self:
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=day), effective_from__lte=day
        )


class ServiceVersion(Record):
    """What an item asks and promises from a date on; never changed once in force."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)
    content = models.JSONField(_("内容"))
    published_by = models.CharField(_("发布人"), max_length=160, blank=True)

    objects = ServiceVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事项版本")
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.item} v{self.number}"

    @property
    def guide(self) -> Guide:
        """The content as a service guide in the reader's language."""
        content: dict[str, Any] = self.content
        return Guide(content, english=_english())


class Offering(Record):
    """Which division offers an item. The nearest row up the tree decides (SVC-01)."""

    item = models.ForeignKey(ServiceItem, models.PROTECT, related_name="offerings")
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    offered = models.BooleanField(_("提供"), default=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("事项提供范围")
        constraints = [
            models.UniqueConstraint(fields=["item", "division"], name="one_offering_a_division")
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.division}"
