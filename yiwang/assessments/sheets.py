"""Assessments as a workbook, masked like the page."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.assessments.models import PersonAssessment
from yiwang.core.workbook import workbook


def assessments_workbook(rows: Iterable[PersonAssessment], words: str) -> bytes:
    """A row an assessment; `words` are the filters it was made with."""
    heads = [
        _("居民"), _("社区"), _("评估原因"), _("状态"), _("等级"), _("补助档次"), _("评估日期"),
        _("有效至"), _("评估人"), _("第二评估人"),
    ]  # fmt: skip
    day = timezone.localdate().isoformat()
    about = _("导出日期 %(day)s；条件：%(words)s；个人信息已脱敏") % {
        "day": day,
        "words": words or _("无"),
    }
    return workbook(_("个人评估"), about, heads, (_cells(one) for one in rows))


def _cells(one: PersonAssessment) -> list[str]:
    return [
        one.resident.masked_name, one.division.label, one.get_reason_display(),
        one.get_state_display(), one.grade_label, one.subsidy_label,
        one.assessed_on.isoformat() if one.assessed_on else "",
        one.valid_until.isoformat() if one.valid_until else "", one.first_by, one.second_by,
    ]  # fmt: skip
