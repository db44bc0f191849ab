"""A tag on a resident: from when, until when, on what it stands; its trace and its exceptions."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import EncryptedTextField
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident, Standing

from .kind import TagKind


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, actor: Any) -> Self:
        """Tags of the actor's area, of the kinds the actor may know of."""
        area = actor.see
        return self.filter(
            division_id__gte=area.lo,
            division_id__lte=area.hi,
            kind__in=TagKind.objects.visible_to(actor),
        )

    def live(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def within_place(self, key: int) -> Self:
        area = range_of(key)
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def update(self, **changes: Any) -> int:
        """Whoever hands tags to another resident hands them to that resident's division too."""
        person = changes.get("resident")
        if isinstance(person, Resident):
            changes.setdefault("division_id", person.division_id)
        return super().update(**changes)


FACTS = {
    "born": _("出生"),
    "members": _("家庭人数"),
    "standing": _("居住状态"),
}
"""The facts of a rule that are told on pages, in their order."""


class EndReason(models.TextChoices):
    BY_HAND = "by_hand", _("人工结束")
    RULE = "rule", _("不再符合规则")
    EXPIRED = "expired", _("到期")
    LEFT = "left", _("离册")
    EXCEPTION = "exception", _("规则不适用")
    UNLISTED = "unlisted", _("不在部门名单中")
    UNDONE = "undone", _("部门名单已撤销")


class Tag(Record):
    """One kind on one resident over some time.

    `division` is always the resident's: the database itself carries it along when the resident
    moves or places merge (a foreign key on both columns, ON UPDATE CASCADE), so that a list of an
    area never needs the residents' table to know where a tag lies.
    """

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="tags", verbose_name=_("居民"), db_index=False
    )
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("社区"), db_index=False
    )
    kind = models.ForeignKey(
        TagKind, models.PROTECT, related_name="tags", verbose_name=_("标签"), db_index=False
    )
    number = models.PositiveSmallIntegerField(_("种类版本"))
    variant = models.CharField(_("细类"), max_length=20, blank=True)
    grade = models.CharField(_("等级"), max_length=20, blank=True)
    since = models.DateField(_("起始日期"))
    valid_until = models.DateField(_("有效至"), null=True, blank=True)
    confirmed_on = models.DateField(_("最近复核"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    end_reason = models.CharField(
        _("结束原因"), max_length=9, choices=EndReason.choices, blank=True
    )
    automatic = models.BooleanField(_("自动"), default=False)
    evidence = EncryptedTextField(_("依据"), null=True, blank=True)
    facts = models.JSONField(_("规则所据"), default=dict, blank=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("居民标签")
        ordering = ["kind__order", "-since"]
        indexes = [
            # Counts and lists of a place read this index alone.
            models.Index(
                fields=["division", "kind", "resident"],
                condition=Q(ended_on__isnull=True),
                name="tag_live_of_place",
            ),
            models.Index(
                fields=["division", "valid_until"],
                condition=Q(ended_on__isnull=True, valid_until__isnull=False),
                name="tag_expiring",
            ),
            models.Index(fields=["resident", "kind"], name="tag_of_resident"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=Q(ended_on__isnull=True),
                name="one_live_tag_a_kind",
            ),
            models.CheckConstraint(
                name="ended_tag_says_why",
                condition=Q(ended_on__isnull=True, end_reason="")
                | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="tag_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.since}"

    @property
    def facts_line(self) -> list[tuple[str, str]]:
        """What the rule stood on, in words and in the order it is told."""
        rule = self.kind.the_rule.sets
        said = {name: value for name, value in self.facts.items() if rule and rule.stands_on(name)}
        if "standing" in said:
            said["standing"] = Standing(said["standing"]).label
        return [(str(words), str(said[name])) for name, words in FACTS.items() if name in said]

    @property
    def label(self) -> str:
        """The kind with variant and grade, as a chip shows it."""
        parts = [self.kind.label]
        parts += [self.kind.choice_label("variants", self.variant)] if self.variant else []
        parts += [self.kind.choice_label("grades", self.grade)] if self.grade else []
        return " · ".join(parts)

    def is_expired(self, on: date | None = None) -> bool:
        return self.valid_until is not None and self.valid_until < (on or timezone.localdate())


class TagEventQuerySet(models.QuerySet["TagEvent"]):
    def within(self, tags: models.QuerySet[Tag]) -> Self:
        """What happened to these tags."""
        return self.filter(tag__in=tags)


class TagEvent(Record):
    """What happened to a tag, by whom or by which rule, and the facts it stood on. Append-only."""

    class What(models.TextChoices):
        SET = "set", _("设置")
        CONFIRMED = "confirmed", _("复核")
        ENDED = "ended", _("结束")
        UNDONE = "undone", _("撤销")

    append_only = True

    tag = models.ForeignKey(Tag, models.PROTECT, related_name="events")
    what = models.CharField(_("经过"), max_length=9, choices=What.choices)
    on = models.DateField(_("日期"))
    number = models.PositiveSmallIntegerField(_("种类版本"))
    facts = models.JSONField(_("所据事实"), default=dict)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    by_label = models.CharField(_("经办"), max_length=160)

    objects = TagEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("标签经过")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.tag_id} {self.what} {self.on}"

    @property
    def reason_words(self) -> str:
        """The reason as pages tell it: a rule's in words, a person's as written."""
        reasons: dict[str, str] = {str(code): str(label) for code, label in EndReason.choices}
        return reasons.get(self.reason, self.reason)


class TagExceptionQuerySet(models.QuerySet["TagException"]):
    def within(self, people: models.QuerySet[Resident], kinds: models.QuerySet[TagKind]) -> Self:
        """Exceptions of these people from the rules of these kinds."""
        return self.filter(resident__in=people, kind__in=kinds)


class TagException(Record):
    """The rule is wrong for this person: it leaves her alone until the exception is lifted."""

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="tag_exceptions", verbose_name=_("居民")
    )
    kind = models.ForeignKey(
        TagKind, models.PROTECT, related_name="exceptions", verbose_name=_("标签")
    )
    reason = models.CharField(_("原因"), max_length=200)
    since = models.DateField(_("起始日期"))
    lifted_on = models.DateField(_("取消日期"), null=True, blank=True)
    by_label = models.CharField(_("经办"), max_length=160)

    objects = TagExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("规则例外")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind"],
                condition=Q(lifted_on__isnull=True),
                name="one_exception_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.kind_id}"

    @property
    def division_id(self) -> int:
        return self.resident.division_id
