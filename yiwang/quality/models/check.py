"""A sample drawn by a seed, and each look at how a service was done (QUA-06)."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter
from yiwang.organizations.models import Organization
from yiwang.quality.rules.points import CheckKind

from .standard import Standard


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(division_id__range=(actor.see.lo, actor.see.hi))


class Sample(Record):
    """What was drawn from the completed matters of a place and period; the seed draws it again."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    first = models.DateField(_("办结起"))
    last = models.DateField(_("办结止"))
    kind = models.CharField(_("检查方式"), max_length=9, choices=CheckKind.choices)
    percent = models.PositiveSmallIntegerField(_("抽查比例（%）"))
    seed = models.BigIntegerField(_("随机种子"))
    population = models.PositiveIntegerField(_("办结件数"))
    drawn = models.PositiveIntegerField(_("抽中件数"))
    drawn_at = models.DateTimeField(_("抽取时间"))
    drawn_by = models.CharField(_("抽取人"), max_length=160)

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("抽查")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "-id"], name="sample_of_place")]
        constraints = [
            models.CheckConstraint(
                name="a_sample_ends_after_it_begins", condition=Q(last__gte=F("first"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.first} – {self.last}"

    def get_absolute_url(self) -> str:
        return reverse("quality:sample", args=[self.pk])


class CheckQuerySet(models.QuerySet["Check"]):
    def visible_to(self, actor: Actor) -> Self:
        """Checks of the area; the unit that is checked reads only what was found, never what is
        planned, so that no mystery visit is expected."""
        area = Q(division_id__range=(actor.see.lo, actor.see.hi))
        found = Q(done_at__isnull=False)
        if actor.unit_id is None:
            return self.filter(area)
        ours = Q(unit_id=actor.unit_id)
        if actor.by_unit:
            return self.filter(ours & found)
        return self.filter((area & ~ours) | (ours & found))


class Check(Record):
    """One check of a unit or a service subject: drawn by a sample, or planned by itself."""

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="checks")
    kind = models.CharField(_("检查方式"), max_length=9, choices=CheckKind.choices)
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, related_name="+", verbose_name=_("事项")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="checks", verbose_name=_("被检查单位")
    )
    provider = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="checks", verbose_name=_("服务主体")
    )
    standard = models.ForeignKey(
        Standard, models.PROTECT, null=True, related_name="checks", verbose_name=_("质量标准")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("检查人岗位")
    )
    inspector = models.CharField(_("居民监督员或访客"), max_length=60, blank=True)
    results: Any = models.JSONField(_("各点结果"), default=dict)
    score = models.PositiveSmallIntegerField(_("合格率（%）"), null=True)
    note = models.CharField(_("检查情况"), max_length=1000, blank=True)
    done_at = models.DateTimeField(_("检查时间"), null=True)
    done_by = models.CharField(_("检查人"), max_length=160, blank=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("质量检查")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division", "-id"], name="check_of_place"),
            models.Index(fields=["unit", "done_at"], name="check_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sample", "matter"], name="drawn_once_a_sample"),
            models.CheckConstraint(
                name="a_check_that_was_made_says_what_it_saw",
                condition=Q(done_at__isnull=True) | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("quality:check", args=[self.pk])

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Check"]:
        """What is still to be checked goes to the successor of its division."""
        return cls.objects.filter(done_at__isnull=True)

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """What is still to be checked is checked at the successor."""
        cls.live_in_division().filter(unit=old).update(unit=new)
