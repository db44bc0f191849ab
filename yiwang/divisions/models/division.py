"""The four levels of a city (and the nation above), each place known by its own key."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Protocol, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.lookups import Range
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.law import DateRange
from yiwang.divisions.rules import KeyRange, ancestors, range_of

# A subtree is a range of keys, also across a foreign key; Django offers `range` on plain fields only.
models.ForeignKey.register_lookup(Range)


class Level(models.IntegerChoices):
    PROVINCE = 1, _("省")
    CITY = 2, _("市")
    COUNTY = 3, _("县（市、区）")
    TOWNSHIP = 4, _("乡镇（街道）")
    COMMUNITY = 5, _("村（居）")


class Kind(models.TextChoices):
    PROVINCE = "province", _("省级")
    PREFECTURE = "prefecture", _("地级市")
    DISTRICT = "district", _("市辖区")
    COUNTY_CITY = "county_city", _("县级市")
    COUNTY = "county", _("县")
    ZONE = "zone", _("开发区")
    SUBDISTRICT = "subdistrict", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    RESIDENTS = "residents", _("居民委员会")
    VILLAGERS = "villagers", _("村民委员会")
    OTHER = "other", _("其他")


class Settlement(models.TextChoices):
    URBAN = "urban", _("城市社区")
    RURAL = "rural", _("农村社区")
    MIXED = "mixed", _("村改居")


class Scoped(Protocol):
    """Whoever reads: the ranges of divisions an actor may see and may search."""

    @property
    def see(self) -> KeyRange: ...


class DivisionQuerySet(models.QuerySet["Division"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Names of places are public: everyone sees the whole tree."""
        return self.all()

    def public(self) -> Self:
        return self.all()

    def within(self, area: KeyRange) -> Self:
        return self.filter(pk__range=(area.lo, area.hi))

    def under(self, key: int) -> Self:
        return self.within(range_of(key))

    def in_city(self) -> Self:
        return self.under(settings.CITY)

    def on(self, day: date) -> Self:
        """The divisions that existed on a day."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        )

    def current(self) -> Self:
        return self.filter(valid_to__isnull=True)

    def served(self) -> Self:
        """Places with residents: placeholders of the statistical list are not served."""
        return self.filter(placeholder=False)


class Division(Record):
    """A place in the tree. Its key never changes; a recoded place is a new row with a successor."""

    is_division: ClassVar[bool] = True

    key = models.BigIntegerField(_("区划键"), primary_key=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级")
    )
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level.choices)
    name = models.CharField(_("名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=60)
    former_name = models.CharField(_("原名"), max_length=60, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=200, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    kind = models.CharField(_("性质"), max_length=12, choices=Kind.choices, default=Kind.OTHER)
    placeholder = models.BooleanField(_("虚拟"), default=False)
    urban_core = models.BooleanField(_("市区"), default=False)
    kiosk_phase = models.PositiveSmallIntegerField(_("便民亭批次"), null=True, blank=True)
    settlement = models.CharField(
        _("城乡类型"), max_length=5, choices=Settlement.choices, blank=True
    )
    centre = models.JSONField(_("中心点"), null=True, blank=True)
    boundary = models.JSONField(_("边界"), null=True, blank=True)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区划")
        ordering = ["key"]
        indexes = [
            models.Index(fields=["parent", "key"]),
            models.Index(fields=["level", "key"]),
            models.Index(fields=["initials"], opclasses=["text_pattern_ops"], name="div_initials"),
            models.Index(fields=["pinyin"], opclasses=["text_pattern_ops"], name="div_pinyin"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="div_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("divisions:detail", args=[self.pk])

    @property
    def division_id(self) -> int:
        """A division lies in itself, so rights on it are asked like on anything else."""
        return self.pk

    @property
    def area(self) -> KeyRange:
        return range_of(self.pk)

    @property
    def label(self) -> str:
        """The name in the reader's language: Chinese, or romanised for English readers."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name

    def path(self) -> list["Division"]:
        """From the city down to this division."""
        keys = [key for key in ancestors(self.pk) if key >= settings.CITY]
        above = Division.objects.in_bulk(keys)
        return [*(above[key] for key in keys if key in above), self]


class DivisionCodeQuerySet(models.QuerySet["DivisionCode"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Official codes are public, like the places they stand for."""
        return self.all()

    def public(self) -> Self:
        return self.all()

    def on(self, day: date) -> Self:
        """The codes in use on a day."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        )


class DivisionCode(Record):
    """An official code of a place in one scheme over some dates (statistics, civil affairs)."""

    class Scheme(models.TextChoices):
        STATISTICS = "nbs", _("统计用区划代码")
        CIVIL_AFFAIRS = "mca", _("民政区划代码")
        NATIONAL = "gbt2260", _("GB/T 2260")

    division = models.ForeignKey(Division, models.PROTECT, related_name="codes")
    scheme = models.CharField(_("代码体系"), max_length=8, choices=Scheme.choices)
    code = models.CharField(_("代码"), max_length=12)
    # Empty: in use for as long as anybody has recorded.
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    objects = DivisionCodeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区划代码")
        ordering = ["scheme", "code"]
        indexes = [
            models.Index(fields=["code"], opclasses=["varchar_pattern_ops"], name="div_code")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code"],
                condition=Q(valid_to__isnull=True),
                name="one_place_a_code_now",
            ),
            # Rows without dates are the nation's bulk; kept out of the slow index, one a code.
            ExclusionConstraint(
                name="one_place_a_code_a_day",
                condition=Q(valid_from__isnull=False) | Q(valid_to__isnull=False),
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to", models.Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.code}"


class Located(Protocol):
    """Anything that lies in a division; rights are asked about such things."""

    @property
    def division_id(self) -> int: ...


def names_of(keys: Sequence[int]) -> dict[int, str]:
    """Names by key, in one query, for lists that show places of many rows."""
    rows: Any = Division.objects.filter(pk__in=set(keys)).values_list("pk", "name")
    return dict(rows)
