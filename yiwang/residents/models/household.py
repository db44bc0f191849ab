"""Where people live and with whom (DIV-09)."""

from collections.abc import Mapping
from typing import ClassVar, Self, TypeVar

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.rules import masking
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.residents.rules.address import parts_of

from .group import Group

M = TypeVar("M", bound=models.Model)


class TerritorialQuerySet(models.QuerySet[M]):
    """Rows that lie in a division: seen by whoever sees the division."""

    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)


def clashing(model: type[models.Model], column: str, heirs: Mapping[int, int]) -> list[int]:
    """Rows whose text another row will have too once both stand in the heir of their divisions;
    of those that clash the oldest keeps its text and is left out."""
    table = model._meta.db_table
    statement = (
        f'SELECT unnest((array_agg(held.id ORDER BY held.id))[2:]) FROM "{table}" held '  # noqa: S608
        f"LEFT JOIN unnest(%s::bigint[], %s::bigint[]) AS heir (old, new) "
        f"ON heir.old = held.division_id "
        f"WHERE heir.new IS NOT NULL OR held.division_id = ANY(%s) "
        f'GROUP BY coalesce(heir.new, held.division_id), held."{column}" HAVING count(*) > 1'
    )
    new = list(heirs.values())
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(heirs), new, new])
        return [row[0] for row in cursor.fetchall()]


class Dwelling(Record):
    """A place to live: one canonical text, and its parts where they are known."""

    class Kind(models.TextChoices):
        """How a place is used; whether anybody is registered there the register counts itself."""

        OWNED = "owned", _("自有")
        RENTED = "rented", _("出租")
        VACANT = "vacant", _("空置")
        DORMITORY = "dormitory", _("集体宿舍")
        PUBLIC = "public", _("公租、廉租")
        BUSINESS = "business", _("经营用房")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="dwellings", verbose_name=_("区划"), db_index=False
    )
    address = models.CharField(_("地址"), max_length=200)
    road = models.CharField(_("路巷、村组"), max_length=80, blank=True)
    estate = models.CharField(_("小区"), max_length=80, blank=True)
    building = models.CharField(_("幢"), max_length=20, blank=True)
    unit = models.CharField(_("单元"), max_length=20, blank=True)
    room = models.CharField(_("室"), max_length=20, blank=True)
    # Imports copy rows past the ORM: what they do not name the database fills in.
    kind = models.CharField(
        _("房屋情况"), max_length=9, choices=Kind.choices, blank=True, default="", db_default=""
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="dwellings",
        verbose_name=_("网格、小组"),
    )  # fmt: skip
    # Whether the address has been read against the names of places; see `review_addresses`.
    read = models.BooleanField(_("地址已核读"), default=False, db_default=False)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("住所")
        ordering = ["division_id", "address"]
        indexes = [
            GinIndex(fields=["address"], opclasses=["gin_trgm_ops"], name="dwelling_address_trgm"),
            models.Index(
                fields=["division", "estate", "road", "building"], name="dwelling_building"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["division", "address"], name="one_dwelling_once")
        ]

    def __str__(self) -> str:
        return self.address

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Dwelling"]:
        """Houses stay where they stand: all of them go to the successor of their division."""
        return cls.objects.all()

    @classmethod
    def make_room(cls, heirs: Mapping[int, int]) -> None:
        """5组12号 of two villages that merge: one gets the name of its old village in front."""
        rows = cls.objects.filter(pk__in=clashing(cls, "address", heirs))
        for one in rows.select_related("division"):
            one.address = f"{one.division.short_name}{one.address}"[:200]
            one.save(update_fields=["address", "updated_at"])

    @classmethod
    def at(cls, division_id: int, address: str) -> "Dwelling":
        """The dwelling of this address in a division, entered when it is new.

        12幢302室 and 12栋302 of one estate are one place: what can be told apart decides.
        """
        text = address[:200]
        rows = cls.objects.filter(division_id=division_id)
        found = rows.filter(address=text).first()
        parts = parts_of(address)
        if found is None and parts.get("room"):
            same = {name: parts.get(name, "") for name in PARTS}
            found = rows.filter(**same).order_by("pk").first()
        if found is not None:
            return found
        return cls.objects.get_or_create(division_id=division_id, address=text, defaults=parts)[0]

    @property
    def masked_address(self) -> str:
        return masking.mask_address(self.address)

    @property
    def block(self) -> str:
        """The building as people name it: 易家桥新村 12 幢, or the road or group."""
        place = self.estate or self.road
        if not self.building:
            return place
        return _("%(place)s %(building)s 幢") % {"place": place, "building": self.building}

    @property
    def door(self) -> str:
        """The place within its building."""
        unit = _("%(unit)s 单元 ") % {"unit": self.unit} if self.unit else ""
        room = _("%(room)s 室") % {"room": self.room} if self.room else ""
        return f"{unit}{room}".strip()


PARTS = ("road", "estate", "building", "unit", "room")
"""The parts of an address a dwelling keeps apart."""


class Household(Record):
    """People who keep house together; a resident belongs to one at a time."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("家庭户")
        COLLECTIVE = "collective", _("集体户")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="households", verbose_name=_("区划"), db_index=False
    )
    number = models.CharField(_("户号"), max_length=40)
    kind = models.CharField(
        _("户别"), max_length=10, choices=Kind.choices, default=Kind.FAMILY,
        db_default=Kind.FAMILY,
    )  # fmt: skip
    head = models.ForeignKey(
        "residents.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="heads",
        verbose_name=_("户主"),
    )
    dwelling = models.ForeignKey(
        Dwelling,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="households",
        verbose_name=_("住所"),
    )
    ended_on = models.DateField(_("销户日期"), null=True, blank=True)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("家庭")
        ordering = ["division_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["division", "number"], name="one_household_number"),
            models.UniqueConstraint(
                fields=["head"], condition=Q(head__isnull=False), name="one_household_a_head"
            ),
            models.CheckConstraint(
                name="an_ended_household_has_no_head",
                condition=Q(ended_on__isnull=True) | Q(head__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Household"]:
        """All households go to the successor of their division."""
        return cls.objects.all()

    @classmethod
    def make_room(cls, heirs: Mapping[int, int]) -> None:
        """A number two communities gave: one gets the name of its old community in front."""
        rows = cls.objects.filter(pk__in=clashing(cls, "number", heirs))
        for one in rows.select_related("division"):
            one.number = f"{one.division.short_name[:18]}{one.number}"[:40]
            one.save(update_fields=["number", "updated_at"])

    def get_absolute_url(self) -> str:
        return reverse("residents:household", args=[self.pk])


class HouseholdChangeQuerySet(models.QuerySet["HouseholdChange"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Whoever sees the household sees what happened to it."""
        area = (actor.see.lo, actor.see.hi)
        return self.filter(household__division_id__range=area)


class HouseholdChange(Record):
    """What happened to a household, with what it was before: enough to take it back."""

    class Kind(models.TextChoices):
        HEAD = "head", _("更换户主")
        SPLIT = "split", _("分户")
        MERGED = "merged", _("并户")
        MOVED = "moved", _("整户迁移")
        UNDONE = "undone", _("撤销")

    append_only = True

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="changes", verbose_name=_("家庭")
    )
    other = models.ForeignKey(
        Household, models.PROTECT, null=True, related_name="changes_by", verbose_name=_("另一户")
    )
    kind = models.CharField(_("变动"), max_length=6, choices=Kind.choices)
    on = models.DateField(_("日期"))
    by = models.CharField(_("经办"), max_length=160)
    # Members as they were: number of the record, household, relation. No names.
    before = models.JSONField(_("变动前"), default=dict)
    from_division = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="household_departures"
    )
    to_division = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="household_arrivals"
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("撤销的变动")
    )

    objects = HouseholdChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("家庭变动")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="only_an_undoing_undoes",
                condition=Q(undoes__isnull=True) | Q(kind="undone"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
