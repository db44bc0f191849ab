"""Work notices up and down, with a receipt of every place they go to (HOT-09)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.models import KeptFile, Record
from yiwang.divisions.models import Division


class Audience(models.TextChoices):
    """To whom a notice goes, seen from the place that sends it."""

    UP = "up", _("上一级")
    COUNTY = "county", _("各县（市、区）")
    TOWNSHIP = "township", _("各乡镇（街道）")
    COMMUNITY = "community", _("各社区（村）")


class WorkNoticeQuerySet(models.QuerySet["WorkNotice"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those sent from the area, and those that came to the own place."""
        own = Receipt.objects.filter(notice=OuterRef("pk"), division_id=actor.division_id)
        sent = Q(division_id__range=(actor.see.lo, actor.see.hi))
        return self.filter(sent | (Q(Exists(own)) if actor.post_id else Q(pk__in=[])))


class WorkNotice(Record):
    """One work notice (工作通知)."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("发出区划"), db_index=False
    )
    unit_name = models.CharField(_("发出单位"), max_length=80)
    sender_post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("发出岗位")
    )
    sent_by = models.CharField(_("发出人"), max_length=160)
    sent_at = models.DateTimeField(_("发出时间"))
    audience = models.CharField(_("发给"), max_length=9, choices=Audience.choices)
    under = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("范围"))
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("正文"), max_length=4000)
    due_at = models.DateTimeField(_("确认期限"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_by = models.CharField(_("撤回人"), max_length=160, blank=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=300, blank=True)

    objects = WorkNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作通知")
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["division", "-sent_at"], name="work_notice_of_place")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:notice", args=[self.pk])


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, actor: Actor) -> Self:
        """Receipts of the places one sees, and of the notices one sent."""
        area = (actor.see.lo, actor.see.hi)
        return self.filter(Q(division_id__range=area) | Q(notice__division_id__range=area))

    def to(self, division: int) -> Self:
        """What came to one place."""
        return self.filter(division_id=division)

    def waiting(self) -> Self:
        """Not confirmed yet, and not withdrawn."""
        return self.filter(confirmed_at__isnull=True, notice__withdrawn_at__isnull=True)

    def overdue(self, now: datetime) -> Self:
        return self.waiting().filter(notice__due_at__lt=now)


class Receipt(models.Model):
    """That a place got a notice, read and confirmed it, and what it asked back (回执)."""

    notice = models.ForeignKey(WorkNotice, models.CASCADE, related_name="receipts")
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    read_by = models.CharField(_("阅读人"), max_length=160, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    confirmed_by = models.CharField(_("确认人"), max_length=160, blank=True)
    reminders = models.PositiveSmallIntegerField(_("提醒次数"), default=0)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    question = models.CharField(_("提问"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("提问时间"), null=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回执")
        ordering = ["division_id"]
        indexes = [models.Index(fields=["division", "confirmed_at"], name="receipt_of_place")]
        constraints = [
            models.UniqueConstraint(fields=["notice", "division"], name="one_receipt_a_place"),
            models.CheckConstraint(
                name="confirmed_means_read",
                condition=Q(confirmed_at__isnull=True) | Q(read_at__lte=F("confirmed_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} → {self.division}"


class NoticeFileQuerySet(models.QuerySet["NoticeFile"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(notice__in=WorkNotice.objects.visible_to(actor))


class NoticeFile(KeptFile):
    """A photo or PDF that goes with a notice."""

    notice = models.ForeignKey(WorkNotice, models.CASCADE, related_name="files")
    file = models.FileField(_("附件"), upload_to="liaison/%Y/%m/", blank=True)

    objects = NoticeFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def division_id(self) -> int:
        return self.notice.division_id
