"""Orders to a unit to hurry and answer, and circulars with the figures of a period."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors
from yiwang.matters.models import Matter, Step


class OrderState(models.TextChoices):
    """Where an order stands."""

    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")
    CLOSED = "closed", _("已销号")


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: Actor) -> Self:
        """Orders about matters the actor sees, and those to the actor's own unit."""
        ours = Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        return self.filter(Q(matter__in=Matter.objects.visible_to(actor)) | ours)

    def unanswered(self, now: datetime | None = None) -> Self:
        """Orders that wait for an answer; with `now`, those whose answer is overdue."""
        rows = self.filter(state=OrderState.OPEN)
        return rows.filter(answer_due_at__lt=now) if now else rows


class Order(Record):
    """One supervision order (督办单): a unit is told to hurry and has to answer by a moment."""

    matter = models.ForeignKey(
        Matter, models.PROTECT, related_name="orders", verbose_name=_("事项")
    )
    step = models.ForeignKey(Step, models.PROTECT, related_name="orders", verbose_name=_("环节"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="orders", verbose_name=_("被督办单位")
    )
    text = models.CharField(_("督办要求"), max_length=500)
    state = models.CharField(
        _("状态"), max_length=8, choices=OrderState.choices, default=OrderState.OPEN
    )
    issued_at = models.DateTimeField(_("发出时间"))
    issued_by = models.CharField(_("发出人"), max_length=160)
    issuer_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("发出岗位")
    )
    # The level that asked: only it or a higher one may be content with the answer.
    issued_in = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("发出区划")
    )
    answer_due_at = models.DateTimeField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.CharField(_("答复人"), max_length=160, blank=True)
    returned = models.CharField(_("退回原因"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True)
    closed_by = models.CharField(_("销号人"), max_length=160, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("督办单")
        ordering = ["answer_due_at", "pk"]
        indexes = [models.Index(fields=["unit", "state", "answer_due_at"], name="order_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["step"], condition=~Q(state="closed"), name="one_open_order_a_step"
            ),
            models.CheckConstraint(
                name="an_order_is_closed_only_with_an_answer",
                condition=Q(state="open", closed_at__isnull=True)
                | (Q(state="answered", closed_at__isnull=True) & ~Q(answer=""))
                | (Q(state="closed", closed_at__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter} · {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("supervision:order", args=[self.pk])

    @property
    def division_id(self) -> int:
        return self.matter.division_id

    def entrusted_units(self) -> set[int]:
        return {self.unit_id, *self.matter.entrusted_units()}

    @property
    def answered_late(self) -> bool:
        return self.answered_at is not None and self.answered_at > self.answer_due_at


class CircularQuerySet(models.QuerySet["Circular"]):
    def visible_to(self, actor: Actor) -> Self:
        """Drafts of the area for those who publish; published ones also for everyone below."""
        area = Q(division_id__range=(actor.see.lo, actor.see.hi))
        above = Q(division_id__in=ancestors(actor.division_id))
        published = Q(published_at__isnull=False)
        if actor.has("supervision.publish"):
            return self.filter(area | (published & above))
        return self.filter(published & (area | above))

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class Circular(Record):
    """A circular (通报): the figures of the units of a place over a period, with a text."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="circulars", verbose_name=_("区划")
    )
    first = models.DateField(_("从"))
    last = models.DateField(_("到"))
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"), max_length=4000)
    # Frozen when compiled: what was said of a unit does not change afterwards.
    figures: Any = models.JSONField(_("各单位数字"), default=list)
    compiled_at = models.DateTimeField(_("编制时间"))
    compiled_by = models.CharField(_("编制人"), max_length=160)
    unit_name = models.CharField(_("印发单位"), max_length=80, blank=True)
    published_at = models.DateTimeField(_("印发时间"), null=True)
    published_by = models.CharField(_("印发人"), max_length=160, blank=True)

    objects = CircularQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通报")
        ordering = ["-last", "-pk"]
        indexes = [models.Index(fields=["division", "-last"], name="circular_list")]
        constraints = [
            models.CheckConstraint(
                name="a_circular_ends_after_it_begins", condition=Q(last__gte=F("first"))
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("supervision:circular", args=[self.pk])
