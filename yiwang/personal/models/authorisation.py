"""Who may act for whom, in what, until when (DIV-14)."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from yiwang.divisions.models.division import Scoped
from yiwang.residents.models import Resident

from .person import OfResident


class Scope(models.TextChoices):
    """What an agent may do; each app asks for its own."""

    DATA = "data", _("查看和管理个人信息")
    APPLY = "apply", _("申请办事")
    BOOK = "book", _("预约、订餐")
    RATE = "rate", _("评价、反映问题")


class Basis(models.TextChoices):
    """Whence the power comes."""

    HERSELF = "herself", _("本人网上授权")
    COUNTER = "counter", _("本人到窗口授权")
    GUARDIAN = "guardian", _("监护关系")


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(resident__division_id__gte=area.lo, resident__division_id__lte=area.hi)

    def for_holder(self, person: Resident) -> Self:
        """Those of one person, on either side."""
        return self.filter(Q(resident=person) | Q(holder=person))

    def in_force(self, day: date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day, revoked_at__isnull=True)


class Authorisation(OfResident):
    """`holder` may act for `resident` within the scopes, from day to day; revoked at once."""

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="authorisations", verbose_name=_("被代理人")
    )
    holder = models.ForeignKey(
        Resident, models.PROTECT, related_name="authorised", verbose_name=_("代理人")
    )
    relation = models.CharField(_("关系"), max_length=40)
    scopes = ArrayField(
        models.CharField(max_length=5, choices=Scope.choices), verbose_name=_("可以办理")
    )
    basis = models.CharField(_("授权方式"), max_length=8, choices=Basis.choices)
    evidence = models.CharField(_("证明材料"), max_length=200)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("到期日期"))
    granted_by = models.CharField(_("经办"), max_length=160)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.CharField(_("撤销经办"), max_length=160, blank=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("代办授权")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="authorisation_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="nobody_is_her_own_agent", condition=~Q(resident=F("holder"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} → {self.resident_id}"

    def is_in_force(self, day: date) -> bool:
        return self.revoked_at is None and self.starts_on <= day <= self.ends_on

    @property
    def scopes_shown(self) -> str:
        """What the agent may do, in words."""
        joint = pgettext("between several things", "、")
        return joint.join(str(Scope(one).label) for one in self.scopes)
