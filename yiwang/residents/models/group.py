"""Grids and groups below the community: a tree as deep as the place needs (网格、村居民小组)."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def current(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def under(self, group: "Group") -> Self:
        """The group and everything below it."""
        return self.filter(path__startswith=group.path)


class Group(Record):
    """A part of a community that people name and somebody looks after.

    `path` holds the numbers from the top of the tree to the group itself, each with a slash after
    it, so that a subtree is a prefix.
    """

    class Kind(models.TextChoices):
        GRID = "grid", _("网格")
        VILLAGERS = "villagers", _("村民小组")
        RESIDENTS = "residents", _("居民小组")
        BUILDINGS = "buildings", _("楼栋")
        OTHER = "other", _("其他")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="groups", verbose_name=_("社区"), db_index=False
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("上级"),
    )  # fmt: skip
    path = models.CharField(_("层次"), max_length=300, db_collation="C", editable=False)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=9, choices=Kind.choices, default=Kind.GRID)
    leader = models.ForeignKey(
        "residents.Resident", models.PROTECT, null=True, blank=True, related_name="leads",
        verbose_name=_("负责人（在册居民）"),
    )  # fmt: skip
    leader_name = models.CharField(_("负责人"), max_length=100, blank=True)
    starts_on = models.DateField(_("设立日期"))
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors",
        verbose_name=_("并入"),
    )  # fmt: skip

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("网格和小组")
        ordering = ["division_id", "path"]
        indexes = [models.Index(fields=["division", "path"], name="group_tree")]
        constraints = [
            # Groups at the top are compared by the act: two villages that merge bring two 一组.
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(ended_on__isnull=True),
                name="one_group_name_under_a_group",
            ),
            models.CheckConstraint(
                name="group_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="group_is_not_under_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def live_in_division(cls) -> GroupQuerySet:
        """The tree goes with its community."""
        return cls.objects.all()

    def get_absolute_url(self) -> str:
        return reverse("residents:group", args=[self.pk])

    @property
    def depth(self) -> int:
        """0 for a group directly under the community."""
        return max(self.path.count("/") - 1, 0)

    def stands_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ended_on is None or day <= self.ended_on)
