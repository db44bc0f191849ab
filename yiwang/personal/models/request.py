"""What a person asks about her own data, with a clock and an answer (PIPL 44-50)."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models.fields import EncryptedTextField
from yiwang.residents.models import Resident, all_fields
from yiwang.residents.rules.values import show_value

from .person import OfResident, OfResidentQuerySet


class RightsRequest(OfResident):
    """A request about one field or about all that is held."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("更正")
        OBJECT = "object", _("反对使用")
        RESTRICT = "restrict", _("限制使用")
        DELETE = "delete", _("删除")
        COMPLAIN = "complain", _("投诉")

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("本人撤回")

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="rights_requests", verbose_name=_("居民")
    )
    holder = models.ForeignKey(
        Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("代办人")
    )
    kind = models.CharField(_("请求"), max_length=8, choices=Kind.choices)
    field = models.CharField(_("信息项"), max_length=40, blank=True)
    proposed = EncryptedTextField(_("应当是"), null=True)
    words = EncryptedTextField(_("理由"), null=True)
    asked_by = models.CharField(_("提出人"), max_length=160)
    asked_at = models.DateTimeField(_("提出时间"))
    due_at = models.DateTimeField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    answer = EncryptedTextField(_("答复"), null=True)
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.CharField(_("答复人"), max_length=160, blank=True)

    objects = OfResidentQuerySet["RightsRequest"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息请求")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="request_by_due_day")]
        constraints = [
            models.CheckConstraint(
                name="an_answer_has_a_date",
                condition=Q(state__in=("open", "withdrawn")) | Q(decided_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("personal:request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def field_label(self) -> str:
        """The field in words; empty when the request speaks of everything."""
        return all_fields()[self.field].label if self.field in all_fields() else ""

    @property
    def proposed_shown(self) -> str:
        """What the value should be, in the reader's words."""
        if not self.proposed or self.field not in all_fields():
            return ""
        return show_value(all_fields()[self.field], str(self.proposed))

    def is_late(self, now: datetime) -> bool:
        return self.is_open and now > self.due_at


class Restriction(OfResident):
    """While it stands, what is held is stored and protected only (PIPL 47), or not used for a purpose."""

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="restrictions", verbose_name=_("居民")
    )
    request = models.OneToOneField(
        RightsRequest, models.PROTECT, related_name="restriction", verbose_name=_("请求")
    )
    field = models.CharField(_("信息项"), max_length=40, blank=True)
    since = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("解除日期"), null=True, blank=True)

    objects = OfResidentQuerySet["Restriction"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("限制使用")

    def __str__(self) -> str:
        return f"{self.resident_id} {self.field}"


class Erasure(OfResident):
    """An order to erase: without such a line the database lets nobody erase a fact. Append-only."""

    append_only = True

    resident = models.ForeignKey(
        Resident, models.PROTECT, related_name="erasures", verbose_name=_("居民")
    )
    field = models.CharField(_("信息项"), max_length=40, blank=True)
    reason = models.CharField(_("依据和理由"), max_length=500)
    ordered_by = models.CharField(_("决定人"), max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = _("删除决定")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.field}"
