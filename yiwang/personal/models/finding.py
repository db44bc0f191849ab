"""Look-ups of residents' data that the data officer should ask about (EXP-68)."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, actor: Any) -> Self:
        """Findings about the people whose posts lie in the area."""
        area = actor.see
        return self.filter(division_key__gte=area.lo, division_key__lte=area.hi)


class Finding(Record):
    """One person, one day, one sign: with the journal lines behind it, and what was made of it."""

    class Kind(models.TextChoices):
        MANY_AN_HOUR = "hour", _("一小时内查看过多")
        MANY_A_DAY = "day", _("一天内查看过多")
        NIGHT = "night", _("夜间查看")
        OUTSIDE = "outside", _("查看岗位范围以外的人")
        SURNAME = "surname", _("集中查看同一姓氏")
        COLLEAGUE = "colleague", _("查看同事")
        NEIGHBOUR = "neighbour", _("查看邻居或家人")
        MINORS = "minors", _("查看多名儿童")

    class State(models.TextChoices):
        OPEN = "open", _("待说明")
        EXPLAINED = "explained", _("已说明")
        MISUSE = "misuse", _("认定不当")

    kind = models.CharField(_("情形"), max_length=9, choices=Kind.choices)
    on = models.DateField(_("日期"))
    user_id = models.BigIntegerField(_("人员"))
    by = models.CharField(_("查看人"), max_length=160)
    division_key = models.BigIntegerField(_("区划"), db_index=True)
    lines = ArrayField(models.BigIntegerField(), verbose_name=_("日志编号"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    explanation = models.CharField(_("说明"), max_length=500, blank=True)
    settled_by = models.CharField(_("处理人"), max_length=160, blank=True)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("异常查询")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "on", "user_id"], name="one_finding_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("personal:finding", args=[self.pk])

    @property
    def division_id(self) -> int:
        return int(self.division_key or settings.CITY)
