"""Times that may be booked at a hall's windows, and who booked them (SVC-20)."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.accounts.models import Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.lines import LineOnOffer, lines_on_offer
from yiwang.queues.rules.slots import Booking, Door
from yiwang.residents.models import Resident

from .hall import Territorial, Ticket


class BookingPlan(Record):
    """What a hall lets people book: lines, length of a slot, how many in each, how far ahead.

    The times themselves follow from the unit's opening hours and the working calendar.
    """

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="booking_plan", verbose_name=_("大厅")
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    is_open = models.BooleanField(_("开放预约"), default=True)
    letters = ArrayField(models.CharField(max_length=1), verbose_name=_("可预约的业务"))
    slot_minutes = models.PositiveSmallIntegerField(_("每段分钟数"), default=30)
    capacity = models.PositiveSmallIntegerField(_("每段人数"), default=2)
    days_ahead = models.PositiveSmallIntegerField(_("提前天数"), default=14)

    objects = Territorial.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预约安排")
        ordering = ["pk"]
        indexes = [models.Index(fields=["division"], name="booking_plan_of_area")]
        constraints = [
            models.CheckConstraint(
                name="a_slot_has_room_and_length",
                condition=Q(capacity__gte=1, slot_minutes__gte=5, days_ahead__gte=1),
            )
        ]

    def __str__(self) -> str:
        return str(self.unit)


class AppointmentQuerySet(Territorial["Appointment"]):
    def for_holder(self, resident: Resident) -> Self:
        """The appointments of one person, for the person herself and for who acts for her."""
        return self.filter(resident=resident)

    def ahead(self) -> Self:
        return self.filter(state=Booking.BOOKED)


class Appointment(Record):
    """One person at one time for one line of business. `seat` counts those of a slot from 1."""

    number = models.CharField(_("预约号"), max_length=9, unique=True)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("大厅"))
    letter = models.CharField(_("业务"), max_length=1)
    starts_at = models.DateTimeField(_("预约时间"))
    ends_at = models.DateTimeField(_("到"))
    seat = models.PositiveSmallIntegerField(_("席位"))
    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="appointments", verbose_name=_("居民")
    )
    claim = models.CharField(_("优先理由"), max_length=8, choices=Claim.choices, blank=True)
    checked = models.BooleanField(pgettext_lazy("queue", "已核对"), default=False)
    door = models.CharField(_("预约途径"), max_length=8, choices=Door.choices)
    about = models.CharField(_("办件编号"), max_length=15, blank=True)
    state = models.CharField(
        _("状态"), max_length=9, choices=Booking.choices, default=Booking.BOOKED
    )
    ticket = models.OneToOneField(
        Ticket, models.PROTECT, null=True, blank=True, related_name="appointment"
    )
    arrived_at = models.DateTimeField(_("到达时间"), null=True, blank=True)
    cancelled_why = models.CharField(_("取消原因"), max_length=200, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("尾号错误次数"), default=0)
    locked_until = models.DateTimeField(_("锁定至"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("预约")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["division", "starts_at"], name="appointment_of_area"),
            models.Index(fields=["resident", "-starts_at"], name="appointment_person"),
            models.Index(
                fields=["starts_at"], condition=Q(state="booked"), name="appointment_ahead"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "letter", "starts_at", "seat"],
                condition=~Q(state="cancelled"),
                name="one_seat_one_person",
            ),
            models.UniqueConstraint(
                fields=["resident", "starts_at"],
                condition=Q(state="booked"),
                name="nobody_at_two_windows_at_once",
            ),
            models.CheckConstraint(
                name="who_arrived_has_a_number",
                condition=~Q(state="arrived") | Q(ticket__isnull=False, arrived_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_slot_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("queues:appointment", args=[self.number])

    @property
    def line(self) -> LineOnOffer:
        """The line of business as it is on offer."""
        return lines_on_offer()[self.letter]

    @property
    def when(self) -> str:
        """Day and time, as told and printed: 2026-12-21 09:30."""
        return timezone.localtime(self.starts_at).strftime("%Y-%m-%d %H:%M")

    @property
    def span(self) -> str:
        """From and to, on one day: 09:30–10:00."""
        begin, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return _text("%(begin)s–%(end)s") % {
            "begin": begin.strftime("%H:%M"), "end": end.strftime("%H:%M")
        }  # fmt: skip

    @property
    def reason(self) -> str:
        """Why it goes first, in words."""
        return str(Claim(self.claim).label) if self.claim else ""

    def is_locked(self, now: datetime) -> bool:
        """Whether too many wrong digits were said lately."""
        return self.locked_until is not None and self.locked_until > now
