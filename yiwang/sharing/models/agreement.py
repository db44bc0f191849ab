"""An agreement between the keeper of the register and a unit that may read some of it (INF-10)."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.collection.models import Demand
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.sharing.rules.scope import LISTS, Scope
from yiwang.sharing.rules.states import LIVE, State

Basis = Demand.Basis


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, actor: Any) -> Self:
        """Those of the own unit; who oversees an area sees all about it."""
        if actor.by_unit:
            return self.filter(unit_id=actor.unit_id)
        area = actor.see
        own = Q(division_id__gte=area.lo, division_id__lte=area.hi)
        return self.filter(own | Q(unit_id=actor.unit_id))

    def undecided(self) -> Self:
        """New ones and renewals that wait for the data officer."""
        return self.filter(Q(state=State.ASKED) | Q(state__in=LIVE, asked__isnull=False))

    def running(self, day: date) -> Self:
        return self.filter(state=State.IN_FORCE, ends_on__gte=day)

    def ending(self, day: date, days: int) -> Self:
        """In force, and over within so many days."""
        return self.running(day).filter(ends_on__lte=day + timedelta(days=days))

    def expired(self, day: date) -> Self:
        return self.filter(state__in=LIVE, ends_on__lt=day)


class Agreement(Record):
    """Who may read what of whom, what for and until when: the scope in force stands in the columns,
    `asked` holds a scope that waits for a decision, `version` the number of the one in force.
    """

    State = State

    follows_division: ClassVar[bool] = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("使用单位"))
    title = models.CharField(_("名称"), max_length=80)
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("信息项"))
    clear = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("不遮盖的信息项")
    )
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("范围"))
    age_from = models.PositiveSmallIntegerField(_("年龄从（岁）"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("年龄到（岁）"), null=True, blank=True)
    tags = ArrayField(
        models.SlugField(max_length=40), default=list, blank=True, verbose_name=_("人群标签")
    )
    standings = ArrayField(
        models.CharField(max_length=14), default=list, blank=True, verbose_name=_("居住状态")
    )
    purpose = models.CharField(_("用途"), max_length=300)
    basis = models.CharField(_("合法性基础"), max_length=14, choices=Basis.choices)
    law = models.CharField(_("法律依据"), max_length=200)
    starts_on = models.DateField(_("生效日期"), null=True, blank=True)
    ends_on = models.DateField(_("有效期至"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.ASKED)
    version = models.PositiveSmallIntegerField(_("版本"), default=0)
    asked = models.JSONField(_("待审批的内容"), null=True, blank=True)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True)
    by_user_id = models.BigIntegerField(null=True)
    by_label = models.CharField(_("申请人"), max_length=160)
    decided_by = models.CharField(_("审批人"), max_length=160, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    file_kind = models.CharField(_("定期文件格式"), max_length=4, blank=True)
    file_days = models.PositiveSmallIntegerField(_("每几天一份"), default=0)
    next_file_on = models.DateField(_("下一份"), null=True, blank=True)
    file_post_id = models.BigIntegerField(null=True)
    told_record = models.BigIntegerField(default=0)
    told_version = models.PositiveSmallIntegerField(default=0)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("共享协议")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["division", "-id"], name="agreement_of_place"),
            models.Index(fields=["state", "ends_on"], name="agreement_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="live_agreement_was_granted",
                condition=~Q(state__in=["in_force", "suspended"])
                | Q(version__gte=1, starts_on__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_ends_after_it_starts",
                condition=Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def live_in_division(cls) -> AgreementQuerySet:
        """Agreements that are not over follow their division."""
        return cls.objects.filter(state__in=[State.ASKED, *LIVE])

    def get_absolute_url(self) -> str:
        return reverse("sharing:agreement", args=[self.pk])

    def entrusted_units(self) -> list[int]:
        """The holder reaches its own agreements wherever they lie."""
        return [self.unit_id]

    @property
    def scope(self) -> Scope:
        """The scope in force, or first asked for."""
        return Scope(
            fields=tuple(self.fields), clear=tuple(self.clear), areas=tuple(self.areas),
            age_from=self.age_from, age_to=self.age_to, tags=tuple(self.tags),
            standings=tuple(self.standings), purpose=self.purpose, basis=self.basis,
            law=self.law, ends_on=self.ends_on,
        )  # fmt: skip

    @property
    def wanted(self) -> Scope | None:
        """The scope that waits for a decision."""
        return Scope.of(self.asked) if self.asked else None

    def put(self, scope: Scope) -> None:
        """Make a scope the one in force (not saved)."""
        for name in LISTS:
            setattr(self, name, [*getattr(scope, name)])
        self.age_from, self.age_to, self.ends_on = scope.age_from, scope.age_to, scope.ends_on
        self.purpose, self.basis, self.law = scope.purpose, scope.basis, scope.law

    @property
    def is_over(self) -> bool:
        """Past its last day, though nobody has ended it."""
        return self.state in LIVE and self.ends_on < timezone.localdate()


class AgreementVersion(Record):
    """The scope as granted from a moment on, with who granted it and why. Append-only."""

    append_only = True

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    limited = models.BooleanField(_("比申请的少"), default=False)
    answer = models.CharField(_("审批意见"), max_length=300, blank=True)
    granted_on = models.DateField(_("批准日期"))
    by_label = models.CharField(_("审批人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("协议版本")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"], name="one_agreement_version_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"

    @property
    def scope(self) -> Scope:
        return Scope.of(self.content)
