"""What has been kept long enough: each class of data with its event and its records (EXP-22)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import State
from yiwang.personal.models import (
    AccessCode,
    Attempt,
    Consent,
    DestructionItem,
    DestructionList,
    ResidentSession,
    RetentionRule,
    RightsRequest,
)
from yiwang.residents.models import ImportFile, LifeState, Resident

ANONYMOUS: Final = "已匿名"
"""The name a record bears once it speaks of nobody."""
Rows = QuerySet[Any]


@dataclass(frozen=True)
class DataClass:
    """One class: its name, the event that starts its period, and the records with their day."""

    name: Any
    event: Any
    rows: Callable[[], Rows]
    began: Any

    def due(self, until: date) -> Rows:
        """Records whose event lies on or before a day, oldest first, with that day as `began`."""
        found: Rows = self.rows().annotate(began=self.began).filter(began__lte=until)
        return found.order_by("began", "pk")


def _ended(state: str) -> Callable[[], Rows]:
    return lambda: Resident.objects.filter(state=state).exclude(name=ANONYMOUS)


DATA_CLASSES: Final[Mapping[str, DataClass]] = {
    "resident_deceased": DataClass(
        _("已去世居民的档案"), _("去世日期"), _ended(LifeState.DECEASED), F("state_on")
    ),
    "resident_moved_out": DataClass(
        _("已迁出本市居民的档案"), _("迁出日期"), _ended(LifeState.MOVED_OUT), F("state_on")
    ),
    "resident_withdrawn": DataClass(
        _("导入撤销的档案"), _("撤销日期"), _ended(LifeState.WITHDRAWN), F("state_on")
    ),
    "import_file": DataClass(
        _("导入表格的原件"),
        _("上传日期"),
        lambda: ImportFile.objects.exclude(
            Q(sealed_content__isnull=True) & Q(sealed_errors__isnull=True)
        ),
        TruncDate("batch__created_at"),
    ),
    "access_code": DataClass(
        _("登录码"), _("失效日期"), AccessCode.objects.all, TruncDate("expires_at")
    ),
    "resident_session": DataClass(
        _("居民登录记录"), _("最后使用日期"), ResidentSession.objects.all, TruncDate("seen_at")
    ),
    "attempt": DataClass(_("登录失败记录"), _("发生日期"), Attempt.objects.all, TruncDate("at")),
    "rights_request": DataClass(
        _("个人信息请求的内容"),
        _("答复日期"),
        lambda: RightsRequest.objects.exclude(
            words__isnull=True, proposed__isnull=True, answer__isnull=True
        ),
        TruncDate("decided_at"),
    ),
    "consent_withdrawn": DataClass(
        _("已撤回的同意"), _("撤回日期"), Consent.objects.all, TruncDate("withdrawn_at")
    ),
    "message": DataClass(
        _("给居民的通知"),
        _("发出日期"),
        lambda: Message.objects.exclude(
            deliveries__state__in=[State.WAITING, State.SENDING]
        ).filter(routed_at__isnull=False),
        TruncDate("routed_at"),
    ),
    "stale_resident": DataClass(
        _("多年未确认的档案"), _("信息有效期届满"), Resident.objects.live, F("fresh_until")
    ),
}


def due_of(rule: RetentionRule, on: date) -> Rows:
    """Records due under a rule on a day, without those on a list that waits or was kept lately."""
    until = on - timedelta(days=rule.days)
    lists = DestructionList.objects.filter(rule__data_class=rule.data_class)
    waiting = Q(list__in=lists.filter(state=DestructionList.State.WAITING))
    lately = Q(list__in=lists.filter(drawn_on__gt=until), kept=True)
    listed = DestructionItem.objects.filter(waiting | lately).values("subject_id")
    return DATA_CLASSES[rule.data_class].due(until).exclude(pk__in=listed)


@dataclass(frozen=True)
class DueCount:
    """How many records a rule would take today."""

    rule: RetentionRule
    data_class: DataClass
    count: int


def due_counts(on: date | None = None) -> list[DueCount]:
    """A dry run of all rules in force: counts alone, nothing is touched."""
    day = on or timezone.localdate()
    return [
        DueCount(rule, DATA_CLASSES[rule.data_class], due_of(rule, day).count())
        for rule in RetentionRule.objects.in_force(day)
    ]
