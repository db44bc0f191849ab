"""Two records that may be one person, and what somebody said about it."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped
from yiwang.residents.models import Resident

from .run import LinkRun


class PairQuerySet(models.QuerySet["Pair"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Whoever sees one side sees the pair; the other side is then masked."""
        area = actor.see
        return self.filter(
            Q(left__division_id__range=(area.lo, area.hi))
            | Q(right__division_id__range=(area.lo, area.hi))
        )

    def open(self) -> Self:
        return self.filter(answer=Pair.Answer.OPEN)


class Pair(Record):
    """A likeness of two records: the probability that they are one person, in percent.

    `division` is the smallest place that holds both records: who works there decides.
    `reasons` holds no value of a person, only fields, levels and weights (bits).
    """

    class Answer(models.TextChoices):
        OPEN = "open", _("待核对")
        SAME = "same", _("是同一人")
        DIFFERENT = "different", _("不是同一人")
        UNSURE = "unsure", _("暂不能确定")

    # About records as they were written down: no use of a record, and no part of a person.
    of_records: ClassVar[bool] = True

    division = models.ForeignKey(Division, models.PROTECT, related_name="pairs")
    run = models.ForeignKey(LinkRun, models.PROTECT, related_name="found")
    left = models.ForeignKey(Resident, models.PROTECT, related_name="left_pairs")
    right = models.ForeignKey(Resident, models.PROTECT, related_name="right_pairs")
    score = models.FloatField(_("把握"))
    weight = models.FloatField(_("权重"))
    reasons = models.JSONField(_("依据"), default=list)
    answer = models.CharField(
        _("核对结果"), max_length=9, choices=Answer.choices, default=Answer.OPEN
    )
    answered_at = models.DateTimeField(_("核对时间"), null=True)
    answered_by = models.CharField(_("核对人"), max_length=160, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("疑似重复")
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["answer", "-score", "id"], name="pair_queue")]
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="one_pair_once"),
            models.CheckConstraint(
                name="left_was_entered_first", condition=Q(left__lt=models.F("right"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id}/{self.right_id}"

    def get_absolute_url(self) -> str:
        return reverse("linkage:pair", args=[self.pk])

    @property
    def percent(self) -> str:
        """The score as people read it; never 100, because a likeness proves nothing."""
        return f"{min(self.score, 99.9):.1f}%"

    def sides_seen(self, actor: Any) -> tuple[bool, bool]:
        """Whether the actor sees the left and the right record."""
        see = actor.see
        return see.holds(self.left.division_id), see.holds(self.right.division_id)
