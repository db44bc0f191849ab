"""A record on its way from one community to another: asked or offered, then answered (DIV-09)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules import masking
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped

from .household import Household
from .resident import Resident


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Both sides see it."""
        area = (actor.see.lo, actor.see.hi)
        return self.filter(Q(origin_id__range=area) | Q(destination_id__range=area))

    def open(self) -> Self:
        return self.filter(state=Transfer.State.OPEN)

    def awaiting(self, actor: Any) -> Self:
        """Open ones that somebody in the actor's own area has to answer."""
        area = (actor.enter.lo, actor.enter.hi)
        mine = Q(asked=True, origin_id__range=area) | Q(asked=False, destination_id__range=area)
        return self.open().filter(mine)


class Transfer(Record):
    """One household or some persons from one community to another.

    `asked`: the receiving community asks and the sending one answers; else the sending one offers
    and the receiving one answers.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("已迁移")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    origin = models.ForeignKey(
        Division, models.PROTECT, related_name="transfers_out", verbose_name=_("迁出社区")
    )
    destination = models.ForeignKey(
        Division, models.PROTECT, related_name="transfers_in", verbose_name=_("迁入社区")
    )
    asked = models.BooleanField(_("由迁入方提出"))
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="transfers",
        verbose_name=_("整户"),
    )  # fmt: skip
    home_address = models.CharField(_("新住址"), max_length=200, blank=True)
    # Moving house is not moving the registration; where both go, it is said.
    registration = models.BooleanField(_("户口一并迁入"), default=False)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    by_label = models.CharField(_("提出人"), max_length=160)
    asked_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    moved_on = models.DateField(_("迁移日期"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=160, blank=True)
    answer = models.CharField(_("答复说明"), max_length=300, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("迁移申请")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_transfer_goes_elsewhere",
                condition=~Q(origin=models.F("destination")),
            ),
            models.CheckConstraint(
                name="an_answered_transfer_says_when",
                condition=Q(state="open", answered_at__isnull=True)
                | Q(~Q(state="open"), answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_refusal_has_a_reason", condition=~Q(state="refused", answer="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.destination}"

    def get_absolute_url(self) -> str:
        return reverse("residents:transfer", args=[self.pk])

    @property
    def division_id(self) -> int:
        """The side that has to answer: rights to answer are asked there."""
        return self.origin_id if self.asked else self.destination_id

    @property
    def asking_id(self) -> int:
        """The side that asked or offered: it may withdraw."""
        return self.destination_id if self.asked else self.origin_id

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def masked_home_address(self) -> str:
        return masking.mask_address(self.home_address) if self.home_address else ""

    @classmethod
    def succeed_division(cls, heirs: Mapping[int, int], on: date) -> dict[str, int]:
        """Open ones of places that went into others are asked anew there, with a new limit; where
        both sides are one place now nothing is left to ask (DIV-03)."""
        old = Q(origin_id__in=list(heirs)) | Q(destination_id__in=list(heirs))
        today = timezone.localdate()
        limit = calendar().add_working_days(today, int(parameter("residents.transfer_days")))
        asked = ended = 0
        for one in cls.objects.open().filter(old).select_for_update(of=("self",)):
            origin = heirs.get(one.origin_id, one.origin_id)
            destination = heirs.get(one.destination_id, one.destination_id)
            if origin == destination:
                one._end_in_one_place()
                ended += 1
                continue
            one.origin_id, one.destination_id = origin, destination
            one.asked_on, one.due_on = today, limit
            one.answer = gettext("区划调整，重新提出")
            one.save()
            asked += 1
        return {"residents.transfer": asked, "residents.transfer.ended": ended}

    def _end_in_one_place(self) -> None:
        self.state, self.answered_at = self.State.WITHDRAWN, timezone.now()
        self.answer = gettext("区划调整后两边是同一个社区，不用再迁移")
        self.save()
        self.people.filter(open=True).update(open=False)

    def is_late(self, today: date) -> bool:
        """Still open after the day by which it should have been answered."""
        return self.is_open and today > self.due_on


class TransferPerson(Record):
    """One person of a transfer; nobody is in two open ones."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="people")
    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="transfers", verbose_name=_("居民")
    )
    open = models.BooleanField(_("待答复"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("迁移人员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "resident"], name="once_a_transfer"),
            models.UniqueConstraint(
                fields=["resident"], condition=Q(open=True), name="one_open_transfer_a_person"
            ),
        ]

    def __str__(self) -> str:
        return str(self.resident)
