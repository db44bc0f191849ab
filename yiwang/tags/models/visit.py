"""Lists of people to be visited, and the visits that were made; runs of the rules."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors
from yiwang.residents.models import LifeState, Resident

from .kind import TagKind


class VisitListQuerySet(models.QuerySet["VisitList"]):
    def visible_to(self, actor: Any) -> Self:
        area = actor.see
        return self.filter(
            division_id__gte=area.lo,
            division_id__lte=area.hi,
            kind__in=TagKind.objects.visible_to(actor),
        )


class VisitList(Record):
    """Who is to be visited because of one tag: taken once, then worked off."""

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="+", verbose_name=_("标签"))
    title = models.CharField(_("名称"), max_length=80)
    due_on = models.DateField(_("走访期限"), null=True, blank=True)
    by_label = models.CharField(_("制单人"), max_length=160)

    objects = VisitListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访单")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "-id"], name="visit_list_of_place")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def live_in_division(cls) -> VisitListQuerySet:
        """Lists with somebody still to visit go to the successor of their division."""
        open_stops = VisitStop.objects.filter(
            visits=models.OuterRef("pk"), visited_on=None, resident__state=LifeState.LIVE
        )
        return cls.objects.filter(models.Exists(open_stops))

    def get_absolute_url(self) -> str:
        return reverse("tags:visit-list", args=[self.pk])


class VisitStopQuerySet(models.QuerySet["VisitStop"]):
    def standing(self) -> Self:
        """What was done, and what is still to be done: nobody calls on the dead and departed."""
        return self.filter(Q(visited_on__isnull=False) | Q(resident__state=LifeState.LIVE))


class VisitStop(Record):
    """One person of a visit list, and the visit once it was made."""

    visits = models.ForeignKey(VisitList, models.PROTECT, related_name="stops", db_index=False)
    order = models.PositiveIntegerField(_("顺序"))
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="visit_stops")
    visited_on = models.DateField(_("走访日期"), null=True, blank=True)
    note = models.CharField(_("走访情况"), max_length=300, blank=True)
    by_label = models.CharField(_("走访人"), max_length=160, blank=True)

    objects = VisitStopQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["visits", "resident"], name="once_on_a_visit_list"),
            models.CheckConstraint(
                name="a_visit_names_the_visitor",
                condition=Q(visited_on__isnull=True) | ~Q(by_label=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visits_id} {self.order}"


class RuleRunQuerySet(models.QuerySet["RuleRun"]):
    def current(self, place: int) -> Self:
        """Runs that went over a place: its own and those of the places above it, newest first."""
        return self.filter(division_id__in=[place, *ancestors(place)])


class RuleRun(Record):
    """One run of the rules over a place: how many tags were set and ended, kind by kind."""

    append_only = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    on = models.DateField(_("日期"))
    was_set = models.PositiveIntegerField(_("新设"))
    was_ended = models.PositiveIntegerField(_("结束"))
    counts = models.JSONField(_("分项"), default=dict)
    by_label = models.CharField(_("经办"), max_length=160)

    objects = RuleRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("规则运行")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["division", "-id"], name="rule_run_of_place")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.on}"
