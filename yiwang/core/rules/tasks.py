"""The scheduled jobs in words; one without words is called by its code (EXP-57)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

NAMES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "seal": _("封存日志"),
        "escalate": _("超时逐级上报"),
        "accept_what_nobody_checked": _("逾期未答复的网上申请视为受理"),
        "drop_old_drafts": _("清理过期草稿"),
        "forget_sessions": _("清理过期登录"),
        "keep_statistics": _("留存人口统计"),
        "read_addresses": _("识别新地址"),
        "recompute_tags": _("全市重算关爱标签"),
        "recompute_changed_tags": _("重算有变动的关爱标签"),
        "drop_collection_of_the_departed": _("撤下离世、迁出者的采集任务"),
        "publish_dictionary": _("发布数据字典"),
        "measure_freshness": _("统计信息新鲜度"),
        "look_after_personal_data": _("个人信息夜间检查"),
        "resume": _("接着办中断的比对"),
        "deliver": _("发送通知"),
        "remind": _("提醒补正和领取"),
        "keep_figures_of_matters": _("留存办件统计"),
        "scan_files": _("文件查毒"),
        "appointments": _("预约提醒和爽约登记"),
        "escalate_ratings": _("差评整改逾期上报"),
        "tell_missed_findings": _("检查问题逾期上报"),
        "return_orders": _("退回超时未答的工单"),
        "order_shared_files": _("按协议定期生成共享文件"),
        "keep_network_coverage": _("留存每日信息网覆盖"),
        "remind_of_work_notices": _("提醒没有确认的工作通知"),
        "renew_certificates": _("证书到期前安排重学"),
        "send_morning_digests": _("早上发每日提要"),
    }
)


def name_of_task(code: str) -> str:
    """The words of a job by the last part of its code."""
    return str(NAMES.get(code.rpartition(".")[2], code))
