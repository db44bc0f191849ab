"""The outbox: what is to be told, written with the act itself, and every way it takes."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.core.rules import numbers
from yiwang.core.rules.masking import mask_name
from yiwang.divisions.models import Division
from yiwang.notifications.rules.kinds import DEAD, ONCE, Channel, Kind, State
from yiwang.residents.models import Resident


class MessageQuerySet(models.QuerySet["Message"]):
    def for_holder(self, resident: Resident) -> Self:
        """What was told to one person, for the person herself and for who acts for her."""
        return self.filter(
            resident=resident, deliveries__channel=Channel.APP, deliveries__state=State.SENT
        ).select_related("resident")


class Message(Record):
    """Something to tell a person about her business. `facts` fill the blanks of the text.

    The app whose act it is writes the row in the act's own transaction, with a `reference` such as
    `matter:2026113000017`; the ways are found when it is delivered, because until then a person
    may die, object or choose otherwise.
    """

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("居民")
    )
    # Whoever is no resident of the register left a name and a telephone with the application.
    to_name = EncryptedTextField(_("收件人"), null=True)
    to_phone = EncryptedTextField(_("收件人电话"), null=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    confidential = models.BooleanField(_("保密"), default=False)
    kind = models.CharField(_("内容"), max_length=16, choices=Kind.choices)
    reference = models.CharField(_("关联"), max_length=40, db_index=True)
    facts = models.JSONField(_("要素"), default=dict)
    routed_at = models.DateTimeField(_("安排时间"), null=True, blank=True)
    read_at = models.DateTimeField(_("居民看过"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("通知")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division", "-id"], name="message_of_place"),
            models.Index(
                fields=["id"], condition=Q(routed_at__isnull=True), name="message_to_route"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "kind"], condition=Q(kind__in=ONCE), name="reminded_once"
            ),
            models.CheckConstraint(
                name="message_is_for_somebody",
                condition=Q(resident__isnull=False) | Q(to_phone__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Message"]:
        """What is not sent yet goes to the successor of its division."""
        open_ways = Q(deliveries__state__in=[State.WAITING, *DEAD])
        return cls.objects.filter(
            pk__in=cls.objects.filter(Q(routed_at__isnull=True) | open_ways).values("pk")
        )

    @property
    def masked_name(self) -> str:
        """For whom it is, without the given name."""
        return self.resident.masked_name if self.resident else mask_name(self.to_name or "")

    @property
    def phone(self) -> str:
        """The telephone it may go to; empty when there is none."""
        return (self.resident.phone if self.resident else self.to_phone) or ""

    @property
    def number(self) -> str:
        """The number of the matter it speaks of."""
        return self.reference.partition(":")[2]

    @property
    def display_number(self) -> str:
        """The number as people read it: a matter's in groups, any other as it is."""
        matter = self.reference.startswith("matter:")
        return numbers.display(self.number) if matter else self.number

    @property
    def about_url(self) -> str:
        """The staff page of what it speaks of, where that page exists."""
        kind, _colon, number = self.reference.partition(":")
        page = {"matter": "matters:detail", "appointment": "queues:appointment"}.get(kind, "")
        if kind == "organization":
            page, number = "organizations:detail", str(self.facts.get("organization", ""))
        try:
            if kind == "order":
                return f"{reverse('orders:list')}?q={number}"
            return reverse(page, args=[number])
        except NoReverseMatch:
            return ""


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, actor: Actor) -> Self:
        """Sendings of the actor's area; those of confidential business for its own unit alone."""
        area = Q(message__division_id__range=(actor.see.lo, actor.see.hi))
        ours = Q(message__unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        if actor.by_unit:
            return self.filter(ours)
        return self.filter((area & Q(message__confidential=False)) | ours)

    def dead(self) -> Self:
        return self.filter(state__in=DEAD)

    def due(self, now: datetime) -> Self:
        """What may leave the house now."""
        return self.filter(
            state=State.WAITING, channel__in=[Channel.SMS, Channel.EMAIL], next_at__lte=now
        )


class Delivery(Record):
    """One way a message takes. `key` goes to the carrier, so that the same is never carried twice."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    key = models.UUIDField(_("幂等键"), unique=True, default=uuid4, editable=False)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    version = models.PositiveIntegerField(_("文本版本"), default=0)
    shown_to = models.CharField(_("发往（已隐去）"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"), null=True, blank=True)
    begun_at = models.DateTimeField(_("开始发送"), null=True, blank=True)
    done_at = models.DateTimeField(_("结束"), null=True, blank=True)
    problem = models.CharField(_("原因"), max_length=200, blank=True)
    carrier_id = models.CharField(_("服务商编号"), max_length=80, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("发送")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="delivery_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_a_way"),
            models.CheckConstraint(
                name="a_sent_delivery_has_its_moment",
                condition=~Q(state="sent") | Q(done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:detail", args=[self.pk])

    @property
    def division_id(self) -> int:
        return self.message.division_id

    def entrusted_units(self) -> set[int]:
        """The unit whose business it is; Actor asks this for the department line."""
        return {self.message.unit_id} if self.message.unit_id else set()

    def move_to(self, state: State, at: datetime, **changes: Any) -> None:
        """Into a state, with what goes with it; saved."""
        self.state = state
        for name, value in changes.items():
            setattr(self, name, value)
        self.done_at = None if state in {State.WAITING, State.SENDING} else at
        self.save()
