"""Joint handling: units that are asked for their opinion on a step; the lead gives one answer."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.matters.rules import OPEN, StepState

from .matter import Matter
from .step import Step


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Opinions asked of the own unit, and those on matters the actor sees."""
        ours = Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        return self.filter(Q(matter__in=Matter.objects.visible_to(actor)) | ours)

    def missing(self) -> Self:
        """Neither given nor done without."""
        return self.filter(given_at__isnull=True, waived_at__isnull=True)

    def waiting(self) -> Self:
        """Missing, and the step still asks."""
        return self.missing().filter(step__state=StepState.ACTIVE, matter__state__in=OPEN)


class Opinion(Record):
    """What one unit is asked on a step of another, by when, and what it says (会办)."""

    follows_division = True

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="opinions")
    step = models.ForeignKey(Step, models.PROTECT, related_name="opinions")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="opinions", verbose_name=_("会办单位")
    )
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    question = models.CharField(_("会办要求"), max_length=1000)
    asked_at = models.DateTimeField(_("发出时间"))
    asked_by = models.CharField(_("发出人"), max_length=160)
    due_at = models.DateTimeField(_("答复期限"))
    agreed = models.BooleanField(_("同意"), null=True)
    text = models.CharField(_("会办意见"), max_length=1000, blank=True)
    given_at = models.DateTimeField(_("答复时间"), null=True)
    given_by = models.CharField(_("答复人"), max_length=160, blank=True)
    waived_at = models.DateTimeField(_("不再等待的时间"), null=True)
    waived_by = models.CharField(_("决定人"), max_length=160, blank=True)
    waived_reason = models.CharField(_("不再等待的理由"), max_length=500, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("会办意见")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["unit", "due_at"],
                condition=Q(given_at__isnull=True, waived_at__isnull=True),
                name="opinion_queue",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "unit"],
                condition=Q(given_at__isnull=True, waived_at__isnull=True),
                name="one_open_question_a_unit",
            ),
            models.CheckConstraint(
                name="an_opinion_says_something",
                condition=Q(given_at__isnull=True) | (Q(agreed__isnull=False) & ~Q(text="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter} · {self.unit}"

    def entrusted_units(self) -> set[int]:
        return {self.unit_id}

    @property
    def is_missing(self) -> bool:
        return self.given_at is None and self.waived_at is None

    def is_late(self, now: datetime) -> bool:
        return (self.given_at or now) > self.due_at

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Opinion"]:
        """Questions nobody has answered stand where their unit goes on."""
        return cls.objects.missing()

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """What a closing unit was asked its successor answers."""
        asked = cls.objects.filter(unit=old).missing()
        there = cls.objects.filter(unit=new).missing().values("step")
        asked.exclude(step__in=there).update(unit=new, division=new.division_id)

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """Opinions are asked of units, not of people."""
        return 0
