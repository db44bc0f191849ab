"""Changes of divisions: what was decided, who succeeds whom, what a person must still decide."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.core.models import Record

from .division import Division, Scoped


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Decisions on places are public, like the places."""
        return self.all()

    def public(self) -> Self:
        return self.all()


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, actor: Scoped) -> Self:
        """Open questions are seen by those whose area holds the place."""
        return self.filter(division_id__range=(actor.see.lo, actor.see.hi))


class Change(Record):
    """One decision on divisions, with its document and date. Append-only in spirit: see actions."""

    class Type(models.TextChoices):
        ESTABLISH = "establish", _("设立")
        ABOLISH = "abolish", pgettext_lazy("division", "撤销")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")
        MOVE = "move", _("划转")
        RENAME = "rename", _("更名")
        RECODE = "recode", _("变更代码")
        CLASSIFY = "classify", _("调整分类")

    type = models.CharField(_("变更类型"), max_length=10, choices=Type.choices)
    effective_on = models.DateField(_("生效日期"))
    document = models.CharField(_("文号"), max_length=120)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="changes", verbose_name=_("区划")
    )
    note = models.CharField(_("说明"), max_length=500, blank=True)
    facts = models.JSONField(_("变更内容"), default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区划变更")
        ordering = ["-effective_on", "-pk"]
        indexes = [models.Index(fields=["-effective_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.get_type_display()} {self.document}"


class Succession(Record):
    """One line of descent: what a division became. A split has several, a merger several into one."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Division, models.PROTECT, related_name="successors_by")
    successor = models.ForeignKey(Division, models.PROTECT, related_name="predecessors_by")

    class Meta:
        verbose_name = verbose_name_plural = _("沿革")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "predecessor", "successor"], name="one_line_of_descent"
            ),
            models.CheckConstraint(
                name="no_one_succeeds_itself", condition=~Q(predecessor=models.F("successor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Review(Record):
    """Something a change could not decide by name; a person chooses (ARCHITECTURE §4)."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        DECIDED = "decided", _("已处理")

    class Topic(models.TextChoices):
        UNMATCHED = "unmatched", _("名单中没有同名的区划")
        NEWCOMER = "newcomer", _("名单中新出现的区划")
        RENAMED = "renamed", _("名单中的名称不同")
        ABSENT = "absent", _("名单中不再出现")
        UNASSIGNED = "unassigned", _("拆分时没有指定去向")
        OUTSIDE = "outside", _("另一套代码中多出的区划")
        PEOPLE = "people", _("随区划转入的任职")

    change = models.ForeignKey(
        Change, models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="reviews", verbose_name=_("区划")
    )
    topic = models.CharField(_("问题"), max_length=10, choices=Topic.choices)
    # What the question speaks of: names, codes and the list they stand in.
    facts = models.JSONField(_("内容"), default=dict)
    # Keys of divisions that may be meant, the likeliest first.
    candidates = models.JSONField(_("候选"), default=list)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.OPEN)
    decision = models.JSONField(_("处理结果"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("待核对区划")
        ordering = ["state", "pk"]

    def __str__(self) -> str:
        return f"{self.division} {self.get_topic_display()}"

    @property
    def question(self) -> str:
        """The question as a sentence in the reader's language."""
        blank = {"source": "", "code": "", "new": "", "posts": 0, "units": 0}
        facts = {"name": self.division.name, **blank, **self.facts}
        return _SENTENCES[Review.Topic(self.topic)] % facts


_SENTENCES = {
    Review.Topic.UNMATCHED: _("“%(name)s”在新名单中没有同名的区划，现按原名保留。它由谁承接？"),
    Review.Topic.NEWCOMER: _("新名单中的“%(name)s”没有同名的前身。它由哪里来？"),
    Review.Topic.RENAMED: _(
        "名单“%(source)s”中代码 %(code)s 的名称是“%(new)s”，登记为“%(name)s”。"
    ),
    Review.Topic.ABSENT: _("名单“%(source)s”里没有“%(name)s”。它的去向是什么？"),
    Review.Topic.UNASSIGNED: _("拆分时没有指定“%(name)s”归哪一部分，暂归第一部分。"),
    Review.Topic.OUTSIDE: _("民政名单有“%(new)s”（%(code)s），统计名单没有同名的乡镇（街道）。"),
    Review.Topic.PEOPLE: _(
        "%(posts)s 个任职随变更转入“%(name)s”，%(units)s 个单位并入同类单位。请核对人员和岗位。"
    ),
}
