"""The steps of a matter across units and levels, and the timeline everyone reads."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.models import Unit as Office
from yiwang.core.acts import moment
from yiwang.core.models import Record
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit
from yiwang.divisions.models import Division
from yiwang.matters.rules import SETTLED, EventKind, StepState
from yiwang.matters.rules.limits import Limit, clock
from yiwang.matters.rules.routing import RouteKind

from .matter import Matter


class StepQuerySet(models.QuerySet["Step"]):
    def visible_to(self, actor: Actor) -> Self:
        """Steps of the actor's own unit, and of the area for those who see areas."""
        ours = Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        if actor.by_unit:
            return self.filter(ours)
        area = Q(matter__division_id__range=(actor.see.lo, actor.see.hi))
        return self.filter((area & Q(matter__confidential=False)) | ours)

    def active(self) -> Self:
        return self.filter(state=StepState.ACTIVE)

    def unsettled(self) -> Self:
        """Those at work and those still to begin."""
        return self.exclude(state__in=SETTLED)


class Step(Record):
    """One unit's part in a matter. Steps of the same stage run side by side.

    A step the matter was sent back to is a new row of the next round: what was done stays as it was.
    """

    follows_division = True

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    code = models.SlugField(max_length=60)
    name = models.CharField(_("环节"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    stage = models.PositiveSmallIntegerField(_("阶段"))
    round = models.PositiveSmallIntegerField(_("第几次"), default=1)
    kind = models.CharField(_("性质"), max_length=12)
    unit = models.ForeignKey(
        Office, models.PROTECT, related_name="steps", verbose_name=_("承办单位")
    )
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"))
    handler = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="steps", verbose_name=_("经办人")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=StepState.choices, default=StepState.WAITING
    )
    limit_amount = models.PositiveSmallIntegerField(_("时限"))
    limit_unit = models.CharField(_("时限单位"), max_length=16)
    started_at = models.DateTimeField(_("开始"), null=True)
    amber_at = models.DateTimeField(_("预警时间"), null=True)
    due_at = models.DateTimeField(_("期限"), null=True)
    done_at = models.DateTimeField(_("完成"), null=True)
    # Why it lies with this unit; the rule where one sent it.
    route = models.CharField(
        _("分办依据"), max_length=10, choices=RouteKind.choices, default=RouteKind.PLAN
    )
    rule = models.ForeignKey(
        "RoutingRule", models.PROTECT, null=True, related_name="steps", verbose_name=_("分办规则")
    )
    agreed = models.BooleanField(_("同意"), null=True)
    opinion = models.CharField(_("意见"), max_length=1000, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办理环节")
        ordering = ["stage", "pk"]
        indexes = [
            models.Index(fields=["unit", "due_at"], condition=Q(state="active"), name="step_queue"),
            models.Index(fields=["matter", "stage"]),
            models.Index(fields=["done_at"], condition=Q(state="done"), name="step_done"),
            models.Index(fields=["amber_at"], condition=Q(state="active"), name="step_amber"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_active_step_has_a_clock",
                condition=~Q(state="active") | Q(started_at__isnull=False, due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Step"]:
        """Steps that are not done stand where their unit goes on."""
        return cls.objects.unsettled()

    def entrusted_units(self) -> set[int]:
        return {self.unit_id}

    def start(self, moment: datetime) -> None:
        """Start the clock of the step (not saved); it is never due later than the matter."""
        limit = Limit(self.limit_amount, Unit(self.limit_unit))
        times = clock(moment, limit, int(parameter("matters.amber_share")), calendar())
        self.state = StepState.ACTIVE
        self.started_at = moment
        self.due_at = min(times.due_at, self.matter.due_at)
        self.amber_at = min(times.amber_at, self.due_at)

    def close(self, by: Actor, agreed: bool, opinion: str, moment: datetime) -> None:
        """Mark the step done in the actor's name."""
        self.state = StepState.DONE
        self.agreed, self.opinion, self.done_at = agreed, opinion[:1000], moment
        self.handler_id = by.post_id or self.handler_id
        self.save()


class Event(models.Model):
    """One line of the timeline. Append-only; `shown` lines are what the resident reads."""

    append_only = True

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="events")
    at = models.DateTimeField(_("时间"), db_default=Now())
    kind = models.CharField(_("事件"), max_length=20, choices=EventKind.choices)
    by = models.CharField(_("经办"), max_length=160)
    unit_name = models.CharField(_("单位"), max_length=80, blank=True)
    text = models.CharField(_("内容"), max_length=1000, blank=True)
    facts = models.JSONField(_("要素"), default=dict)
    shown = models.BooleanField(_("居民可见"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("办理经过")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["matter", "-at", "-id"]),
            # First responses of a day, over the whole city.
            BrinIndex(fields=["at"], name="event_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.by}"

    @classmethod
    def tell(
        cls,
        matter: Matter,
        kind: EventKind,
        by: Actor,
        text: str = "",
        *,
        shown: bool = True,
        **facts: object,
    ) -> "Event":
        """Add a line to the timeline of a matter, in the name of the one who acts."""
        event = cls.of(matter, kind, by, text, shown=shown, **facts)
        event.save()
        return event

    @classmethod
    def of(
        cls,
        matter: Matter,
        kind: EventKind,
        by: Actor,
        text: str = "",
        *,
        shown: bool = True,
        **facts: object,
    ) -> "Event":
        """The line, not yet saved."""
        return cls(
            matter=matter,
            at=moment(),
            kind=kind,
            by=by.name,
            unit_name=by.unit_name,
            text=text[:1000],
            facts=facts,
            shown=shown,
        )
