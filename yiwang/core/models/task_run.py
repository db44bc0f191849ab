"""How each scheduled job last went: when, with what result, and what went wrong (EXP-57)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.tasks import name_of_task

from .record import Record

LONGEST = 200


class TaskRunQuerySet(models.QuerySet["TaskRun"]):
    def visible_to(self, actor: object) -> "TaskRunQuerySet":
        """Nothing of anybody stands here; the right opens the page."""
        return self.all()


class TaskRun(Record):
    """One row a job: its last run, its last good run, and its last error without any data."""

    code = models.CharField(_("任务"), max_length=120, unique=True)
    started_at = models.DateTimeField(_("最近开始"), null=True)
    ended_at = models.DateTimeField(_("最近结束"), null=True)
    done_at = models.DateTimeField(_("最近成功"), null=True)
    result = models.CharField(_("结果"), max_length=LONGEST, blank=True)
    failed_at = models.DateTimeField(_("最近出错"), null=True)
    error = models.CharField(_("错误"), max_length=LONGEST, blank=True)
    runs = models.BigIntegerField(_("运行次数"), default=0)
    failures = models.BigIntegerField(_("出错次数"), default=0)

    objects = TaskRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return name_of_task(self.code)

    @property
    def division_id(self) -> int:
        """The jobs are the city's."""
        return int(settings.CITY)

    @property
    def state(self) -> str:
        """never, running, failed or done."""
        if self.started_at is None:
            return "never"
        if self.ended_at is None or self.ended_at < self.started_at:
            return "running"
        return "failed" if self.failed_at and self.failed_at >= self.ended_at else "done"

    @classmethod
    def begin(cls, code: str) -> None:
        cls.objects.get_or_create(code=code)
        cls.objects.filter(code=code).update(started_at=timezone.now(), runs=F("runs") + 1)

    @classmethod
    def end(cls, code: str, result: Any) -> None:
        now = timezone.now()
        said = "" if result is None else str(result)[:LONGEST]
        cls.objects.filter(code=code).update(ended_at=now, done_at=now, result=said)

    @classmethod
    def fail(cls, code: str, error: BaseException) -> None:
        """Kind and place of the error; never its words, which may hold what somebody entered."""
        now: datetime = timezone.now()
        trace, where = error.__traceback__, ""
        while trace is not None:
            frame = trace.tb_frame.f_code
            if "yiwang" in frame.co_filename:
                where = f"{frame.co_filename.rpartition('yiwang/')[2]}:{trace.tb_lineno}"
            trace = trace.tb_next
        words = f"{type(error).__name__} {where}".strip()[:LONGEST]
        cls.objects.filter(code=code).update(
            ended_at=now, failed_at=now, error=words, failures=F("failures") + 1
        )
