"""Kinds of tags as data: what they are called, who sees and sets them, what they ask (EXP-34)."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.roles import Role
from yiwang.core.models import Record
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.owned import owner_of
from yiwang.tags.rules import Rule, read_rule


class KindGroup(models.TextChoices):
    """What sort of group a kind stands for."""

    AGE = "age", _("年龄")
    HOME = "home", _("居住")
    HARDSHIP = "hardship", _("困难保障")
    HEALTH = "health", _("健康与能力")
    CHILD = "child", _("儿童与孕产妇")
    SERVICE = "service", _("优抚与荣誉")
    POPULATION = "population", _("人口")


class TagKindQuerySet(models.QuerySet["TagKind"]):
    def visible_to(self, actor: Any) -> Self:
        """Kinds that are open to all, and sensitive ones that name the actor's role.

        Whoever may not see a kind does not learn that it exists. Yiwang itself has no role and
        sees all: rules run for everybody.
        """
        if getattr(actor, "role", None) is None and getattr(actor, "user_id", None) is None:
            return self.all()
        return self.filter(Q(sensitive=False) | Q(seen_by__contains=[str(actor.role or "")]))

    def current(self) -> Self:
        return self.filter(active=True)


class TagKind(Record):
    """One kind as in force; every earlier form of it is kept in its versions."""

    code = models.SlugField(_("编码"), unique=True, max_length=40)
    number = models.PositiveSmallIntegerField(_("版本"), default=1)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80)
    group = models.CharField(_("类别"), max_length=10, choices=KindGroup.choices)
    order = models.PositiveSmallIntegerField(_("序号"), default=100)
    sensitive = models.BooleanField(_("敏感"), default=False)
    seen_by = ArrayField(
        models.CharField(max_length=4), verbose_name=_("谁可以看"), default=list, blank=True
    )
    set_by = ArrayField(
        models.CharField(max_length=4), verbose_name=_("谁可以设置"), default=list, blank=True
    )
    evidence = models.CharField(_("需要的依据"), max_length=80, blank=True)
    evidence_en = models.CharField(_("需要的依据（英文）"), max_length=160, blank=True)
    variants = models.JSONField(_("细类"), default=list, blank=True)
    grades = models.JSONField(_("等级"), default=list, blank=True)
    validity_months = models.PositiveSmallIntegerField(_("有效期（月）"), null=True, blank=True)
    review_days = models.PositiveSmallIntegerField(_("复核周期（天）"), null=True, blank=True)
    rule = models.JSONField(_("自动规则"), default=dict, blank=True)
    source = models.CharField(_("政策依据"), max_length=200, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    objects = TagKindQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("标签种类")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="sensitive_kind_names_who_sees_it",
                condition=Q(sensitive=False) | Q(seen_by__len__gt=0),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("tags:people", args=[self.pk])

    @property
    def label(self) -> str:
        return self.name_en if _english() and self.name_en else self.name

    @property
    def evidence_label(self) -> str:
        """What must be shown to set it, in the reader's language; empty when nothing."""
        return self.evidence_en if _english() and self.evidence_en else self.evidence

    @property
    def evidence_field(self) -> Field | None:
        """The field of the register that is the evidence: what it holds is not asked again."""
        return owner_of(self.evidence, self.evidence_en) if self.evidence else None

    @property
    def the_rule(self) -> Rule:
        return read_rule(self.rule)

    @property
    def sets_itself(self) -> bool:
        return self.the_rule.sets is not None

    def may_be_set_by(self, role: Role | None) -> bool:
        """Whether a role may set and end it by hand; None is Yiwang itself."""
        return role is None or not self.set_by or str(role) in self.set_by

    def choice_label(self, among: str, code: str) -> str:
        """The words of a variant or grade in the reader's language."""
        for one in getattr(self, among):
            if one["code"] == code:
                return str(one["name_en"] if _english() else one["name"])
        return code


CONTENT = (
    "name", "name_en", "group", "order", "sensitive", "seen_by", "set_by", "evidence",
    "evidence_en", "variants", "grades", "validity_months", "review_days", "rule", "source",
    "active",
)  # fmt: skip
"""The fields that make up a version of a kind."""


class TagKindVersion(Record):
    """A kind as it was from a day on: decisions of then are read by the rules of then."""

    append_only = True

    kind = models.ForeignKey(TagKind, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    effective_from = models.DateField(_("起用日期"))
    by_label = models.CharField(_("修改人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("标签种类版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="one_kind_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} v{self.number}"


def _english() -> bool:
    return (get_language() or "").startswith("en")
