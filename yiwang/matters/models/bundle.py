"""Bundles (“一件事”): items handed in together on one form, under one number (INF-08)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.core.rules import numbers
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.matters.rules import Channel
from yiwang.residents.models import Resident

from .matter import Matter


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, actor: Scoped) -> Self:
        """What can be handed in together is public, like the catalogue."""
        return self.all()

    def public(self) -> Self:
        return self.filter(retired_on__isnull=True)

    def in_force(self, day: date) -> Self:
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=day), starts_on__lte=day)


class Bundle(Record):
    """What happens in a life and the items that go with it; the city edits it as data."""

    code = models.SlugField(_("编码"), unique=True, max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    summary = models.CharField(_("说明"), max_length=400, blank=True)
    summary_en = models.CharField(_("英文说明"), max_length=600, blank=True)
    # Codes of items, in the order of the form; those of `always` cannot be left out.
    items = ArrayField(models.SlugField(max_length=60), verbose_name=_("包含事项"))
    always = ArrayField(
        models.SlugField(max_length=60), default=list, blank=True, verbose_name=_("必办事项")
    )
    starts_on = models.DateField(_("施行日期"))
    retired_on = models.DateField(_("停用日期"), null=True)
    changed_by = models.CharField(_("维护人"), max_length=160, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("一件事")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.title_en if self._english and self.title_en else self.title

    @property
    def about(self) -> str:
        return self.summary_en if self._english and self.summary_en else self.summary

    @property
    def _english(self) -> bool:
        return (get_language() or "").startswith("en")

    @property
    def division_id(self) -> int:
        """The catalogue is the city's: whoever changes a bundle must reach the city."""
        return int(settings.CITY)

    def get_absolute_url(self) -> str:
        return reverse("matters:bundle", args=[self.code])


class BundleCaseQuerySet(models.QuerySet["BundleCase"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever sees one of the parts sees that they belong together."""
        return self.filter(Q(parts__in=Matter.objects.visible_to(actor))).distinct()


class BundleCase(Record):
    """One hand-in of a bundle: the number the resident keeps, with the matters under it."""

    follows_division = True

    number = models.CharField(_("编号"), max_length=15, unique=True)
    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="cases")
    title = models.CharField(_("名称"), max_length=120)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="bundle_cases", verbose_name=_("申请人")
    )
    channel = models.CharField(_("来源"), max_length=8, choices=Channel.choices)
    acceptor_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("受理单位")
    )
    acceptor_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("首问责任人")
    )
    accepted_at = models.DateTimeField(_("受理时间"))
    # How many items the form had, and how many asking each item alone would have had.
    fields_asked = models.PositiveSmallIntegerField(_("填写信息项"), default=0)
    fields_alone = models.PositiveSmallIntegerField(_("分别办理需填信息项"), default=0)

    objects = BundleCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("一件事办理")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "-accepted_at"], name="bundle_list")]

    def __str__(self) -> str:
        return f"{numbers.short(self.number)} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("matters:bundle-case", args=[self.number])

    @property
    def short_number(self) -> str:
        return numbers.short(self.number)

    @property
    def display_number(self) -> str:
        return numbers.display(self.number)

    def entrusted_units(self) -> set[int]:
        """Every unit with a part in one of the matters."""
        units = self.parts.values_list("units", flat=True)
        return {unit for some in units for unit in some}

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """Who accepted it first answers for the whole; the parts are counted as matters."""
        cls.objects.filter(acceptor_post=old).update(acceptor_post=new)
        return 0

    @classmethod
    def live_in_division(cls) -> models.QuerySet["BundleCase"]:
        """What moves when a division changes: what is not finished."""
        return cls.objects.filter(parts__finished_at__isnull=True)
