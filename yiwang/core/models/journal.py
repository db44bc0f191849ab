"""The journal: one line an act, sealed in batches so that no line can change unseen."""

from typing import Protocol, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Range(Protocol):
    """Division keys from lo to hi."""

    @property
    def lo(self) -> int: ...
    @property
    def hi(self) -> int: ...


class Reader(Protocol):
    """Whoever reads lines: an actor with the range of divisions it sees."""

    @property
    def see(self) -> Range: ...
    @property
    def user_id(self) -> int | None: ...


class JournalLineQuerySet(models.QuerySet["JournalLine"]):
    def visible_to(self, actor: Reader) -> Self:
        """Lines of the area seen; those of no place (log-ins) only for who sees the whole city."""
        area = actor.see
        seen = models.Q(division_key__range=(area.lo, area.hi))
        if area.lo <= settings.CITY <= area.hi:
            seen |= models.Q(division_key__isnull=True)
        return self.filter(seen)

    def written_by(self, user_id: int) -> Self:
        """What one person did, in whichever post: one's own lines are never secret to oneself."""
        return self.filter(user_id=user_id)


class JournalLine(models.Model):
    """One act by one person in one post: who, what, on what, where, when, from where and why.

    Append-only: the application's role may insert and read, nothing else. Names its subject
    without a foreign key, so that the line outlives what it speaks of.
    """

    append_only = True

    at = models.DateTimeField(_("时间"), db_default=Now())
    act = models.CharField(_("行为"), max_length=60)
    user_id = models.BigIntegerField(_("人员"), null=True)
    post_id = models.BigIntegerField(_("岗位"), null=True)
    by = models.CharField(_("经办"), max_length=160)
    subject_model = models.CharField(_("对象类型"), max_length=60)
    subject_id = models.CharField(_("对象编号"), max_length=40)
    division_key = models.BigIntegerField(_("区划"), null=True)
    facts = models.JSONField(_("内容"), default=dict)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    channel = models.CharField(_("渠道"), max_length=20, blank=True)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    idempotency_key = models.CharField(_("幂等键"), max_length=80, null=True)
    fingerprint = models.BinaryField(max_length=16, null=True)

    objects = JournalLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("日志")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_model", "subject_id"]),
            models.Index(fields=["division_key", "-at"]),
            models.Index(fields=["user_id", "-at"]),
        ]
        constraints = [
            # A caller's key is answered once: the line of the first answer holds it.
            models.UniqueConstraint(
                fields=["user_id", "post_id", "idempotency_key"],
                condition=models.Q(idempotency_key__isnull=False),
                nulls_distinct=False,
                name="one_answer_a_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_model}#{self.subject_id}"

    def digest_body(self) -> list[object]:
        """What the seal vouches for, in a fixed order."""
        return [
            self.pk,
            self.at.timestamp(),
            self.act,
            self.user_id,
            self.post_id,
            self.by,
            self.subject_model,
            self.subject_id,
            self.division_key,
            self.facts,
            self.reason,
            self.channel,
            self.address,
        ]


class JournalSeal(models.Model):
    """A keyed digest over a batch of lines and over the seal before it."""

    append_only = True

    at = models.DateTimeField(_("封存时间"), db_default=Now())
    lines = ArrayField(models.BigIntegerField(), verbose_name=_("日志编号"))
    digests = models.BinaryField(_("各行摘要"))
    previous = models.BinaryField(_("前一封印"), max_length=32)
    digest = models.BinaryField(_("封印"), max_length=32, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("日志封印")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["previous"], name="one_seal_after_another")]

    def __str__(self) -> str:
        return bytes(self.digest).hex()[:16]
