"""The words for what stands in the parameters as codes: units, and codes among the values."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, str | Promise]

UNITS: Final[Words] = {
    "answers": pgettext_lazy("unit", "份答卷"),
    "applications": pgettext_lazy("unit", "份申请"),
    "bases": "",
    "boolean": "",
    "calendar_days": pgettext_lazy("unit", "自然日"),
    "calendar_hours": pgettext_lazy("unit", "小时（全天计）"),
    "characters": pgettext_lazy("unit", "个字"),
    "choice": "",
    "dates": "",
    "days": pgettext_lazy("unit", "天"),
    "devices": pgettext_lazy("unit", "台"),
    "digits": pgettext_lazy("unit", "位数字"),
    "factors": pgettext_lazy("unit", "种验证"),
    "fields": pgettext_lazy("unit", "个字段"),
    "files": pgettext_lazy("unit", "个文件"),
    "forms": pgettext_lazy("unit", "张表"),
    "fraction": "",
    "grade": pgettext_lazy("unit", "级"),
    "grades": pgettext_lazy("unit", "级"),
    "hour": pgettext_lazy("unit", "点"),
    "hours": pgettext_lazy("unit", "小时"),
    "households": pgettext_lazy("unit", "户"),
    "kinds": pgettext_lazy("unit", "类"),
    "letters": pgettext_lazy("unit", "封"),
    "lines": pgettext_lazy("unit", "行"),
    "look-ups": pgettext_lazy("unit", "次查询"),
    "matters": pgettext_lazy("unit", "件"),
    "megabytes": "MB",
    "pixels": pgettext_lazy("unit", "像素"),
    "metres": pgettext_lazy("unit", "米"),
    "minutes": pgettext_lazy("unit", "分钟"),
    "moments": "",
    "months": pgettext_lazy("unit", "个月"),
    "numbers": pgettext_lazy("unit", "个号"),
    "order": "",
    "passwords": pgettext_lazy("unit", "个密码"),
    "people": pgettext_lazy("unit", "人"),
    "percent": "%",
    "ratings": pgettext_lazy("unit", "次评价"),
    "reasons": "",
    "relations": "",
    "requests": pgettext_lazy("unit", "次请求"),
    "reveals": pgettext_lazy("unit", "次查看"),
    "roles": "",
    "rooms": pgettext_lazy("unit", "间"),
    "rows": pgettext_lazy("unit", "行"),
    "seconds": pgettext_lazy("unit", "秒"),
    "share": "",
    "square_metres": pgettext_lazy("unit", "平方米"),
    "states": "",
    "text": "",
    "times": pgettext_lazy("unit", "次"),
    "tries": pgettext_lazy("unit", "次尝试"),
    "unit": "",
    "windows": pgettext_lazy("unit", "个窗口"),
    "working_days": pgettext_lazy("unit", "工作日"),
    "working_hours": pgettext_lazy("unit", "工作小时"),
    "years": pgettext_lazy("unit", "年"),
    "years_of_age": pgettext_lazy("unit", "周岁"),
}
"""By unit; empty where the value says it all."""

CODES: Final[Words] = {
    "accept": _("受理"),
    "amber": _("预警时"),
    "audit": _("安全审计员"),
    "calendar_days": _("自然日"),
    "call": _("电话采集"),
    "call_back": _("回访"),
    "child": _("子女"),
    "civil_affairs": _("民政部门"),
    "close": _("下班时"),
    "committee": _("村（居）委会"),
    "consent": _("本人同意"),
    "contract": _("订立和履行合同"),
    "correction": _("补正材料"),
    "department": _("部门共享"),
    "dispatch": _("派单"),
    "earlier": _("以前办事填过"),
    "emergency": _("突发公共卫生事件或紧急情况"),
    "expert_review": _("专家评审"),
    "grandchild": _("孙子女、外孙子女"),
    "grandparent": _("祖父母、外祖父母"),
    "handle": _("办理"),
    "hearing": _("听证"),
    "import": _("表格导入"),
    "inspection": _("检验检测"),
    "news": _("新闻报道和舆论监督"),
    "notice": _("公示公告"),
    "other_law": _("法律法规规定的其他情形"),
    "owner": _("主管部门"),
    "parent": _("父母"),
    "public": _("本人公开或已合法公开"),
    "rate": _("评价"),
    "reply": _("答复"),
    "resident": _("居民自报"),
    "security": _("安全管理员"),
    "service_centre": _("服务中心"),
    "sibling": _("兄弟姐妹"),
    "spouse": _("配偶"),
    "statutory_duty": _("履行法定职责"),
    "system": _("系统"),
    "urge": _("催办"),
    "visit": _("走访采集"),
    "window": _("窗口采集"),
    "working_days": _("工作日"),
}
"""Codes of closed lists in the law and the rulebook."""


def shown(value: Any, unit: str) -> str:
    """The value in the reader's language.

    A fraction as a/b; an order of trust from the most trusted down, equals joined by "=".
    """
    if isinstance(value, bool):
        return _t("是") if value else _t("否")
    if value is None:
        return "—"
    if isinstance(value, dict):
        return " / ".join(shown(one, "") for one in value.values())
    if not isinstance(value, list):
        return str(CODES.get(value, value) if isinstance(value, str) else value)
    if unit == "fraction":
        return "/".join(str(one) for one in value)
    if unit == "order":
        return " > ".join(_equals(one) for one in value)
    if unit == "dates":
        return " – ".join(value)
    return _t("、").join(shown(one, "") for one in value)


def _equals(ranked: Any) -> str:
    return " = ".join(shown(one, "") for one in ([ranked] if isinstance(ranked, str) else ranked))
