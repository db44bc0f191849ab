"""The work area of an organisation, the orders it receives, their record, proofs and rating."""

import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import EncryptedTextField, KeptFile, Record
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter, Rating
from yiwang.organizations.models import Organization
from yiwang.residents.models import Resident

from .rules import BACK, GRANTED, RUNNING, EventKind, How, Shared, State


class WorkplaceQuerySet(models.QuerySet["Workplace"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's area; an organisation sees its own."""
        if actor.by_unit:
            return self.filter(unit_id=actor.unit_id or 0)
        return self.filter(organization__division_id__range=(actor.see.lo, actor.see.hi))


class Workplace(Record):
    """An organisation that works here, with the unit its people sign in for."""

    organization = models.OneToOneField(
        Organization, models.PROTECT, related_name="workplace", verbose_name=_("单位")
    )
    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="workplace", verbose_name=_("账号单位")
    )
    opened_by = models.CharField(_("开通人"), max_length=160)

    objects = WorkplaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作区")
        ordering = ["organization__name_pinyin", "pk"]

    def __str__(self) -> str:
        return str(self.organization)

    @property
    def division_id(self) -> int:
        return self.organization.division_id


class ServiceOrderQuerySet(models.QuerySet["ServiceOrder"]):
    def visible_to(self, actor: Actor) -> Self:
        """Orders of the area; an organisation or a department sees what it received or placed."""
        unit = actor.unit_id or 0
        if actor.by_unit:
            return self.filter(Q(unit_id=unit) | Q(placer_unit_id=unit))
        area = Q(division_id__range=(actor.see.lo, actor.see.hi))
        return self.filter(area | Q(placer_unit_id=unit))

    def public(self) -> Self:
        """For whoever holds number and code; neither is shown to anybody."""
        return self.all()

    def unanswered(self, now: datetime) -> Self:
        return self.filter(state=State.OFFERED, answer_due_at__lt=now)

    def overdue(self, today: object) -> Self:
        return self.filter(state__in=[State.OFFERED, State.ACCEPTED], due_on__lt=today)

    def for_the_hand_of(self, actor: Actor) -> Self:
        """What waits for this reader: offers to answer, or what came back or is to be confirmed."""
        if actor.has("orders.work"):
            return self.filter(unit_id=actor.unit_id or 0, state=State.OFFERED)
        return self.waiting(actor)

    def waiting(self, actor: Actor) -> Self:
        """What came back or is done, and waits for the unit that ordered it."""
        mine = self.filter(placer_unit_id=actor.unit_id or 0)
        return mine.filter(Q(state__in=BACK, followed__isnull=True) | Q(state=State.DONE))


def confirmation_code() -> str:
    """Six digits that the resident tells when the work is done."""
    return f"{secrets.randbelow(10**6):06d}"


class ServiceOrder(Record):
    """One order: what, for whom, where, by when. Whom it is for is read from the register itself,
    and only what was shared, while the organisation has the work in hand."""

    follows_division: ClassVar[bool] = True

    number = models.CharField(_("工单编号"), max_length=16, unique=True, null=True)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="service_orders", verbose_name=_("服务单位")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="service_orders", verbose_name=_("账号单位")
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="service_orders",
        verbose_name=_("事项"),
    )  # fmt: skip
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="service_orders",
        verbose_name=_("服务对象"),
    )  # fmt: skip
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="followed",
        verbose_name=_("接续的工单"),
    )  # fmt: skip
    what = models.CharField(_("做什么"), max_length=500)
    place_text = models.CharField(_("地点"), max_length=200, blank=True)
    shared = ArrayField(
        models.CharField(max_length=8, choices=Shared.choices), default=list, blank=True,
        verbose_name=_("提供给服务单位的信息"),
    )  # fmt: skip
    due_on = models.DateField(_("完成期限"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OFFERED)
    placed_at = models.DateTimeField(_("派单时间"))
    placed_by = models.CharField(_("派单人"), max_length=160)
    placer_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("派单单位")
    )
    placer_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("派单岗位")
    )
    answer_due_at = models.DateTimeField(_("答复期限"))
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    done_at = models.DateTimeField(_("完工时间"), null=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirmed_how = models.CharField(_("确认方式"), max_length=10, choices=How.choices, blank=True)
    code = EncryptedTextField(_("确认码"))
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    # Whether the code that was just tried is the right one; never stored.
    proved: bool = False

    objects = ServiceOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("服务工单")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division", "-id"], name="service_order_place"),
            models.Index(fields=["unit", "state", "answer_due_at"], name="service_order_queue"),
            models.Index(fields=["placer_unit", "state"], name="service_order_placed"),
            models.Index(
                fields=["answer_due_at"], condition=Q(state="offered"), name="service_order_offer"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_confirmed_order_says_how",
                condition=Q(state="confirmed", confirmed_at__isnull=False) & ~Q(confirmed_how="")
                | (~Q(state="confirmed") & Q(confirmed_at__isnull=True, confirmed_how="")),
            ),
            models.CheckConstraint(
                name="an_order_says_where",
                condition=Q(resident__isnull=False) | ~Q(place_text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organization}"

    def get_absolute_url(self) -> str:
        return reverse("orders:order", args=[self.pk])

    @classmethod
    def live_in_division(cls) -> models.QuerySet["ServiceOrder"]:
        """Running orders go to the successor of their division."""
        return cls.objects.filter(state__in=RUNNING)

    def entrusted_units(self) -> set[int]:
        return {one for one in (self.unit_id, self.placer_unit_id) if one}

    @property
    def is_granted(self) -> bool:
        return self.state in GRANTED

    def masked(self) -> dict[str, str]:
        """Whom it is for, as everybody with the order may read it."""
        person = self.resident
        if person is None:
            return {}
        return self._only(person.masked_name, person.masked_phone, person.masked_address)

    def plain(self) -> dict[str, str]:
        """The same in full; only after the act that writes it down."""
        person = self.resident
        if person is None:
            return {}
        home = person.dwelling.address if person.dwelling else ""
        return self._only(person.name, person.phone or "", home)

    def _only(self, *values: str) -> dict[str, str]:
        """What was shared, under its name."""
        known = zip(Shared, values, strict=True)
        return {str(one.label): value for one, value in known if one in self.shared}


class OrderEvent(models.Model):
    """One line of an order's record."""

    append_only = True

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="events")
    at = models.DateTimeField(_("时间"), db_default=Now())
    kind = models.CharField(_("事件"), max_length=10, choices=EventKind.choices)
    by = models.CharField(_("经办"), max_length=160)
    text = models.CharField(_("内容"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("工单经过")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.by}"


class Proof(KeptFile):
    """A photo or PDF that shows the work."""

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="proofs")
    file = models.FileField(_("文件"), upload_to="orders/%Y/%m/")
    by = models.CharField(_("上传人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("完工凭证")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def division_id(self) -> int:
        return self.order.division_id

    def entrusted_units(self) -> set[int]:
        return self.order.entrusted_units()


class OrderRating(models.Model):
    """The resident's one rating of the work; nobody can change it."""

    append_only = True

    order = models.OneToOneField(ServiceOrder, models.PROTECT, related_name="rating")
    grade = models.PositiveSmallIntegerField(_("等级"), choices=Rating.Grade.choices)
    comment = models.CharField(_("意见"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"), db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = _("工单评价")

    def __str__(self) -> str:
        return str(self.get_grade_display())
