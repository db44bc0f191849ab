"""Where a finding stands: issued → corrected → closed, and back when the recheck fails (QUA-07)."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingState(models.TextChoices):
    """Where a finding stands."""

    ISSUED = "issued", _("待整改")
    CORRECTED = "corrected", _("待复查")
    CLOSED = "closed", _("复查合格")


OPEN: Final = (FindingState.ISSUED, FindingState.CORRECTED)


class Measure(models.TextChoices):
    """What a promise is set against."""

    WAITING = "waiting", _("窗口等候时间（分钟，中位数）")
    ON_TIME = "on_time", _("按时办结率（%）")
    GRADE = "grade", _("平均满意程度（1 至 5）")


def kept(measure: str, target: float, fact: float | None) -> bool | None:
    """Whether a promise is kept by fact; None while nothing was measured."""
    if fact is None:
        return None
    return fact <= target if measure == Measure.WAITING else fact >= target
