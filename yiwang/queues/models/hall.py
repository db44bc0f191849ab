"""A hall's day with its lines and windows, and the numbers drawn there (SVC-20)."""

from datetime import datetime
from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post, Unit
from yiwang.core.errors import Refused
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.queues.rules.hall import AT_A_WINDOW, MOVES, STEP, Claim, State
from yiwang.residents.models import Resident
from yiwang.residents.models.household import TerritorialQuerySet

M = TypeVar("M", bound=models.Model)


class Territorial(TerritorialQuerySet[M]):
    """Records of a hall: staff see those of their area, everybody the numbers on the screen."""

    def public(self) -> Self:
        return self.all()


class HallDay(Record):
    """One day of a unit's service hall, from opening to closing."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("大厅"))
    on = models.DateField(_("日期"))
    opened_at = models.DateTimeField(_("开厅"))
    closed_at = models.DateTimeField(_("闭厅"), null=True, blank=True)
    # Counters of the day; taken under the row's lock.
    drawn = models.PositiveIntegerField(_("取号"), default=0)
    priority_drawn = models.PositiveIntegerField(_("优先号"), default=0)
    booked_drawn = models.PositiveIntegerField(_("预约号"), default=0)

    objects = Territorial.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("大厅排队日")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["division", "-on"], name="queue_day_of_area")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "on"], name="one_queue_a_hall_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.on}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def get_absolute_url(self) -> str:
        return reverse("queues:day", args=[self.pk])


class Line(Record):
    """A line of business of the day: its letter begins the numbers. `categories` of the catalogue."""

    day = models.ForeignKey(HallDay, models.PROTECT, related_name="lines")
    letter = models.CharField(_("字母"), max_length=1)
    name = models.CharField(_("业务"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    categories = ArrayField(models.SlugField(max_length=20), default=list, blank=True)
    drawn = models.PositiveIntegerField(_("取号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("业务队列")
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["day", "letter"], name="one_letter_one_line")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Window(Record):
    """A window of the day: which lines it calls, who sits there, priority numbers in a row."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    day = models.ForeignKey(HallDay, models.PROTECT, related_name="windows")
    number = models.PositiveSmallIntegerField(_("窗口号"))
    letters = ArrayField(models.CharField(max_length=1), default=list, verbose_name=_("业务"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(_("开放"), default=False)
    run = models.PositiveSmallIntegerField(_("连续优先号"), default=0)

    objects = Territorial.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("排队窗口")
        ordering = ["number"]
        indexes = [models.Index(fields=["division"], name="queue_window_of_area")]
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="one_window_one_number")
        ]

    def __str__(self) -> str:
        return _text("%(number)s 号窗口") % {"number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("queues:window", args=[self.pk])


class Ticket(Record):
    """A number somebody drew. The number is all that screens and papers show."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    day = models.ForeignKey(HallDay, models.PROTECT, related_name="tickets")
    line = models.ForeignKey(Line, models.PROTECT, related_name="tickets", verbose_name=_("业务"))
    number = models.CharField(_("号码"), max_length=8)
    priority = models.BooleanField(_("优先"), default=False)
    claim = models.CharField(_("优先理由"), max_length=8, choices=Claim.choices, blank=True)
    # True when the register gave the age; a word or a paper is looked at by the clerk.
    checked = models.BooleanField(pgettext_lazy("queue", "已核对"), default=False)
    resident = models.ForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("居民")
    )
    phone_tail = models.CharField(_("手机尾号"), max_length=4, blank=True)
    place = models.BigIntegerField(_("次序"))
    # The time of an appointment: from then on it is called before the others.
    due_at = models.DateTimeField(_("预约时间"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    window = models.ForeignKey(
        Window, models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    taken_at = models.DateTimeField(_("取号时间"))
    called_at = models.DateTimeField(_("最近叫号"), null=True, blank=True)
    first_called_at = models.DateTimeField(_("首次叫号"), null=True, blank=True)
    started_at = models.DateTimeField(_("开始办理"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    calls = models.PositiveSmallIntegerField(_("叫号次数"), default=0)
    absences = models.PositiveSmallIntegerField(_("过号次数"), default=0)

    objects = Territorial.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("排队号")
        ordering = ["place", "pk"]
        indexes = [
            models.Index(fields=["division", "-taken_at"], name="queue_ticket_of_area"),
            models.Index(
                fields=["day", "priority", "place"],
                condition=Q(state=State.WAITING),
                name="queue_waiting",
            ),
            models.Index(fields=["day", "-called_at"], name="queue_called"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="one_number_a_day"),
            models.UniqueConstraint(
                fields=["window"], condition=Q(state__in=AT_A_WINDOW), name="one_at_a_window"
            ),
            models.CheckConstraint(
                name="who_stands_at_a_window_was_called",
                condition=~Q(state__in=AT_A_WINDOW)
                | Q(window__isnull=False, called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_was_served_has_times",
                condition=~Q(state=State.SERVED)
                | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="priority_has_a_claim", condition=Q(priority=False) | ~Q(claim="")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of the number, which shows nothing of the person."""
        return reverse("queues:ticket", args=[self.day.unit_id, self.number])

    @property
    def reason(self) -> str:
        """Why it goes first, in words."""
        return str(Claim(self.claim).label) if self.claim else ""

    def move_to(self, state: State, at: datetime) -> None:
        """One step of the table of moves; Refused when it is not there."""
        if state not in MOVES[State(self.state)]:
            raise Refused(
                "not_now",
                _text("%(number)s 现在是“%(state)s”，不能这样操作。")
                % {"number": self.number, "state": self.get_state_display()},
            )
        self.state = state
        if not MOVES[state]:
            self.ended_at = at

    @staticmethod
    def place_of(serial: int) -> int:
        """The place of the n-th number of a day."""
        return serial * STEP
