"""A matter: accepted once at any door, one number, one file, one clock (INF-08, INF-09)."""

import json
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import EncryptedTextField, Record
from yiwang.core.rules import numbers
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.divisions.models import Division
from yiwang.matters.rules import FINAL, MOVES, OPEN, RUNNING, SETTLED, Channel, State
from yiwang.matters.rules.priority import Priority
from yiwang.residents.models import LifeState, Resident

from .catalogue import ServiceItem, ServiceVersion

# In a fixed order, so that the constraint is the same in every process.
_FINAL = sorted(state.value for state in FINAL)


class MatterQuerySet(models.QuerySet["Matter"]):
    def visible_to(self, actor: Actor) -> Self:
        """Matters of the actor's area; a department sees those that have a step of its unit.

        A confidential matter (SVC-17) is seen by its own units and its acceptor alone.
        """
        area = Q(division_id__range=(actor.see.lo, actor.see.hi))
        ours = Q(units__contains=[actor.unit_id]) if actor.unit_id else Q(pk__in=[])
        if actor.by_unit:
            return self.filter(ours, division_id__range=(actor.see.lo, actor.see.hi))
        if actor.role is None:
            return self.filter(area)
        return self.filter((area & Q(confidential=False)) | ours)

    def public_by_number(self, number: str) -> "Matter | None":
        """The matter of a number, for counting wrong tries; nothing of it may be shown."""
        return self.filter(number=number).first()

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        return self.filter(state__in=RUNNING, due_at__lt=now)

    def amber(self, now: datetime) -> Self:
        return self.filter(state__in=RUNNING, amber_at__lte=now, due_at__gte=now)


class Matter(Record):
    """One matter of one resident. `division` is where it belongs, `accepted_in` where it came in."""

    follows_division = True
    # Whoever handed something in has been met (XCT-07).
    contact_moment = "accepted_at"

    number = models.CharField(_("编号"), max_length=15, unique=True)
    item = models.ForeignKey(ServiceItem, models.PROTECT, verbose_name=_("事项"))
    version = models.ForeignKey(ServiceVersion, models.PROTECT, verbose_name=_("事项版本"))
    title = models.CharField(_("标题"), max_length=200)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="matters", verbose_name=_("区划")
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="matters", verbose_name=_("申请人")
    )
    channel = models.CharField(_("来源"), max_length=8, choices=Channel.choices)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.WORKING)
    confidential = models.BooleanField(_("保密"), default=False)
    # The very old, the disabled and those who cannot leave home go first (SVC-05).
    priority = models.CharField(
        _("优先"), max_length=10, choices=Priority.choices, blank=True, default=Priority.NONE
    )
    # First acceptor stays responsible for the answer (首问负责, INF-08).
    accepted_in = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("受理地")
    )
    acceptor_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("受理单位")
    )
    acceptor_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("首问责任人")
    )
    accepted_at = models.DateTimeField(_("受理时间"))
    amber_at = models.DateTimeField(_("预警时间"))
    due_at = models.DateTimeField(_("承诺期限"))
    statutory_due_at = models.DateTimeField(_("法定期限"), null=True)
    limit_unit = models.CharField(max_length=16, choices=[(u.value, u.value) for u in TimeUnit])
    finished_at = models.DateTimeField(_("办结时间"), null=True)
    # Every unit that has a step here; departments read and write through it (second line).
    units = ArrayField(models.BigIntegerField(), default=list)
    variant = models.CharField(_("服务档次"), max_length=40, blank=True, default="")
    answers_sealed = EncryptedTextField(_("表单内容"), null=True)
    fields_needed = models.PositiveSmallIntegerField(_("所需信息项"), default=0)
    fields_asked = models.PositiveSmallIntegerField(_("新填信息项"), default=0)
    papers_needed = models.PositiveSmallIntegerField(_("所需材料"), default=0)
    papers_reused = models.PositiveSmallIntegerField(_("没有再交的材料"), default=0)
    # The applicant died or left while it was open: nothing goes on until somebody decides (EXP-50).
    departure_state = models.CharField(_("已决定的离世、迁出情况"), max_length=9, blank=True)
    departure_go_on = models.BooleanField(_("离世、迁出后继续办理"), default=False)
    departure_on = models.DateField(_("决定日期"), null=True, blank=True)
    departure_reason = models.CharField(_("决定理由"), max_length=500, blank=True)
    departure_by = models.CharField(_("决定人"), max_length=160, blank=True)
    agent_name = models.CharField(_("代办人"), max_length=60, blank=True)
    agent_phone = EncryptedTextField(_("代办人电话"), null=True)
    agent_relation = models.CharField(_("与申请人关系"), max_length=40, blank=True)
    # Found to be the same as another open one: that one goes on (INF-25).
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("已并入")
    )
    bundle_case = models.ForeignKey(
        "BundleCase", models.PROTECT, null=True, related_name="parts", verbose_name=_("一件事")
    )
    tracking_failures = models.PositiveSmallIntegerField(default=0)
    tracking_locked_until = models.DateTimeField(null=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("事项办理")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["division", "due_at"], condition=Q(state="working"), name="matter_queue"
            ),
            models.Index(fields=["division", "-accepted_at"], name="matter_list"),
            models.Index(fields=["resident", "-accepted_at"], name="matter_person"),
            models.Index(
                fields=["finished_at"], condition=Q(finished_at__isnull=False), name="matter_ended"
            ),
            GinIndex(fields=["units"], name="matter_units"),
            # What came in on a day, over the whole city: the figures of the day.
            BrinIndex(fields=["accepted_at"], name="matter_came_in"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_final_matter_has_its_moment",
                condition=Q(state__in=_FINAL, finished_at__isnull=False)
                | (~Q(state__in=_FINAL) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="amber_comes_before_red", condition=Q(amber_at__lte=models.F("due_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("matters:detail", args=[self.number])

    @property
    def short_number(self) -> str:
        return numbers.short(self.number)

    @property
    def display_number(self) -> str:
        return numbers.display(self.number)

    @property
    def answers(self) -> dict[str, str]:
        """The form as it was handed in: register fields and those of this application alone."""
        found: dict[str, str] = json.loads(self.answers_sealed or "{}")
        return found

    @answers.setter
    def answers(self, said: dict[str, Any]) -> None:
        self.answers_sealed = json.dumps(said, ensure_ascii=False)

    @property
    def variant_label(self) -> str:
        """The variant in the reader's words, by the version the matter was accepted under."""
        names = {one.code: one.name for one in self.version.guide.variants}
        return names.get(self.variant, self.variant)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def waits_for_decision(self) -> bool:
        """Whether the applicant died or left, nobody has said how to go on, and it matters still."""
        state = self.resident.state
        if state not in {LifeState.DECEASED, LifeState.MOVED_OUT} or self.departure_state == state:
            return False
        if state == LifeState.DECEASED and self.version.guide.after_death:
            return False
        result = getattr(self, "result", None)
        undelivered = result is not None and result.delivered_at is None
        return self.is_open or (undelivered and state == LifeState.DECEASED)

    def can_become(self, state: State) -> bool:
        return state in MOVES[State(self.state)]

    def entrusted_units(self) -> set[int]:
        """The units that act on this matter; Actor asks this for the department line."""
        return set(self.units)

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Matter"]:
        """What moves when a division changes: open matters; finished ones stay where they were."""
        return cls.objects.filter(state__in=OPEN)

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """Give the open work of a post to its successor (DIV-13); tells how many matters."""
        held = cls.objects.filter(state__in=OPEN, acceptor_post=old)
        steps = old.steps.exclude(state__in=SETTLED)
        count = cls.objects.filter(Q(pk__in=held) | Q(steps__in=steps)).distinct().count()
        held.update(acceptor_post=new)
        steps.update(handler=new)
        return count

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """Open steps of a unit that closes are the successor's, and it may read the old files."""
        steps = old.steps.exclude(state__in=SETTLED)
        steps.update(unit=new, division=new.division_id)
        files = cls.objects.filter(units__contains=[old.pk]).exclude(units__contains=[new.pk])
        files.update(units=Func(F("units"), Value(new.pk), function="array_append"))
