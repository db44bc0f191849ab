"""What a unit learned from a matter that went wrong, and what it changes (QUA-12)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter

from .promise import Promise


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Discussions of the area and of the own unit."""
        ours = Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        if actor.by_unit:
            return self.filter(ours)
        return self.filter(Q(division_id__range=(actor.see.lo, actor.see.hi)) | ours)

    def since(self, first: date) -> Self:
        return self.filter(held_on__gte=first)


class Discussion(Record):
    """One case discussion (案例讨论) of a unit: the case, who was there, lessons, measures."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="discussions", verbose_name=_("单位")
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, related_name="discussions", verbose_name=_("讨论的事项")
    )
    promise = models.ForeignKey(
        Promise, models.PROTECT, null=True, related_name="discussions",
        verbose_name=_("涉及的服务承诺"),
    )  # fmt: skip
    held_on = models.DateField(_("讨论日期"))
    posts = models.ManyToManyField(
        Post, through="Participant", related_name="+", verbose_name=_("参加人")
    )
    lessons = models.CharField(_("原因和教训"), max_length=1000)
    measures = models.CharField(_("改进措施"), max_length=1000)
    by_label = models.CharField(_("登记人"), max_length=160)

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("案例讨论")
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["division", "-held_on"], name="discussion_of_place"),
            models.Index(fields=["unit", "-held_on"], name="discussion_of_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "matter", "held_on"], name="one_discussion_a_case_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.held_on}"

    def get_absolute_url(self) -> str:
        return reverse("quality:discussion", args=[self.pk])

    def entrusted_units(self) -> set[int]:
        return {self.unit_id}


class Participant(models.Model):
    """Who took part, from which post."""

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="participants")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("参加人"))

    class Meta:
        verbose_name = verbose_name_plural = _("参加人")
        constraints = [
            models.UniqueConstraint(fields=["discussion", "post"], name="one_seat_a_discussion")
        ]

    def __str__(self) -> str:
        return str(self.post)

    @property
    def division_id(self) -> int:
        return self.discussion.division_id
