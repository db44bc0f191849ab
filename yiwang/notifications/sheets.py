"""The outbox as a workbook, masked like the page."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import workbook
from yiwang.notifications.models import Delivery


def outbox_workbook(rows: Iterable[Delivery]) -> bytes:
    """A row a sending."""
    heads = [
        _("建立时间"), _("内容"), _("事项编号"), _("居民"), _("方式"), _("发往（已隐去）"), _("状态"),
        _("尝试次数"), _("结束"), _("原因"), _("区划"),
    ]  # fmt: skip
    today = _("导出日期 %(day)s") % {"day": timezone.localdate().isoformat()}
    return workbook(_("通知"), today, heads, (_row(one) for one in rows))


def _row(one: Delivery) -> list[str | int]:
    about = one.message
    done = timezone.localtime(one.done_at).strftime("%Y-%m-%d %H:%M") if one.done_at else ""
    return [
        timezone.localtime(about.created_at).strftime("%Y-%m-%d %H:%M"), about.get_kind_display(),
        about.display_number, about.masked_name, one.get_channel_display(),
        one.shown_to, one.get_state_display(), one.attempts, done, one.problem,
        about.division.label,
    ]  # fmt: skip
