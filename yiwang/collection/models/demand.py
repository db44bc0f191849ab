"""The data-demand register: who needs which data of whom, why and until when (INF-05)."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.collection.rules.asking import asked_fields
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.residents.models import all_fields
from yiwang.residents.rules.dictionary import Field

from .campaign import Campaign


class DemandQuerySet(models.QuerySet["Demand"]):
    def visible_to(self, actor: Any) -> Self:
        """Those of the own unit; who oversees an area sees the demands about it."""
        if actor.by_unit:
            return self.filter(unit_id=actor.unit_id)
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def undecided(self) -> Self:
        return self.filter(state=Demand.State.FILED)


class Demand(Record):
    """What a unit asks for. `overlap` holds for each field how many of the people have it fresh,
    counted at `counted_at`; `campaign` collects the rest, perhaps for several demands at once.
    """

    class State(models.TextChoices):
        FILED = "filed", _("待审批")
        APPROVED = "approved", _("采集中")
        MET = "met", _("已满足")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Basis(models.TextChoices):
        STATUTORY_DUTY = "statutory_duty", _("履行法定职责")
        EMERGENCY = "emergency", _("应对突发事件")
        CONSENT = "consent", _("本人同意")
        OTHER_LAW = "other_law", _("法律、行政法规规定的其他情形")

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="demands", verbose_name=_("区划")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="demands", verbose_name=_("需求单位")
    )
    title = models.CharField(_("名称"), max_length=80)
    fields = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("需要的信息项")
    )
    questions = models.JSONField(_("新增内容"), default=list, blank=True)
    age_from = models.PositiveSmallIntegerField(_("年龄从（岁）"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("年龄到（岁）"), null=True, blank=True)
    purpose = models.CharField(_("用途"), max_length=300)
    basis = models.CharField(_("合法性基础"), max_length=14, choices=Basis.choices)
    law = models.CharField(_("法律依据"), max_length=200)
    until = models.DateField(_("使用到"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.FILED)
    overlap = models.JSONField(_("已有情况"), default=dict, blank=True)
    counted_at = models.DateTimeField(_("统计时间"), null=True, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="demands",
        verbose_name=_("采集安排"),
    )  # fmt: skip
    by_user_id = models.BigIntegerField(null=True)
    by_post_id = models.BigIntegerField(null=True)
    by_label = models.CharField(_("填报人"), max_length=160)
    civil_user_id = models.BigIntegerField(null=True)
    civil_by = models.CharField(_("民政部门审批"), max_length=160, blank=True)
    civil_at = models.DateTimeField(_("民政部门审批时间"), null=True, blank=True)
    data_user_id = models.BigIntegerField(null=True)
    data_by = models.CharField(_("数据保护员审批"), max_length=160, blank=True)
    data_at = models.DateTimeField(_("数据保护员审批时间"), null=True, blank=True)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True)

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("数据需求")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_granted_demand_has_both_signatures",
                condition=~Q(state__in=["approved", "met"])
                | Q(civil_at__isnull=False, data_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def live_in_division(cls) -> models.QuerySet["Demand"]:
        """Demands that are not settled follow their division."""
        return cls.objects.filter(state__in=[cls.State.FILED, cls.State.APPROVED])

    def get_absolute_url(self) -> str:
        return reverse("collection:demand", args=[self.pk])

    def entrusted_units(self) -> list[int]:
        """The department reaches its own demands wherever they lie."""
        return [self.unit_id]

    def asked(self) -> dict[str, Field]:
        """Everything that is asked for, by code."""
        return asked_fields(self.fields, self.questions, all_fields())

    @property
    def granted(self) -> bool:
        return self.state in {self.State.APPROVED, self.State.MET}
