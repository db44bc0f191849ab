"""A run over the register of an area that looks for people entered twice (INF-03)."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.core.models.fields import SaidField
from yiwang.divisions.models import Division
from yiwang.residents.models.household import TerritorialQuerySet


class LinkRun(Record):
    """What was compared, with which model and thresholds (percent), and what was found."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未能完成")

    class Engine(models.TextChoices):
        DUCKDB = "duckdb", "DuckDB"
        SPARK = "spark", "Spark"

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="link_runs", verbose_name=_("区划")
    )
    engine = models.CharField(_("引擎"), max_length=6, choices=Engine.choices)
    version = models.CharField(_("模型版本"), max_length=20)
    lower = models.FloatField(_("下限"))
    upper = models.FloatField(_("上限"))
    state = models.CharField(_("状态"), max_length=7, choices=State.choices, default=State.WAITING)
    people = models.PositiveIntegerField(_("比对人数"), default=0)
    pairs = models.PositiveIntegerField(_("待核对"), default=0)
    problem = SaidField(_("未完成的原因"), blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    by_user_id = models.BigIntegerField(_("人员"), null=True)
    by_post_id = models.BigIntegerField(_("岗位"), null=True)
    by_label = models.CharField(_("经办"), max_length=160)

    objects = TerritorialQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("查重")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.division_id} {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("linkage:runs")
