"""Deadlines in words: a chip says 超期 N 天, 今天 HH:MM or 剩 N 个工作日 (SVC-23)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import CalendarEnds
from yiwang.matters.models import Matter
from yiwang.matters.reads import Dial
from yiwang.matters.rules import State


@dataclass(frozen=True)
class DeadlineChip:
    """The words, colour and icon of a deadline, and the mark of its row."""

    text: str
    kind: str
    icon: str
    row: str = ""


def deadline_chip(matter: Matter, due: datetime, now: datetime) -> DeadlineChip:
    """What a list says about the time of a matter; `due` may be that of the reader's own step."""
    if matter.finished_at:
        day = date_format(timezone.localtime(matter.finished_at), pgettext("date format", "m-d"))
        return DeadlineChip(_("%(day)s 办结") % {"day": day}, "", "check")
    if matter.state == State.CORRECTING:
        return DeadlineChip(_("等待补正"), "info", "player-pause")
    if matter.state == State.PAUSED:
        return DeadlineChip(_("暂停计时"), "info", "player-pause")
    if now > due:
        return DeadlineChip(_late(due, now), "danger", "alarm", "late")
    if timezone.localdate(due) == timezone.localdate(now):
        clock = timezone.localtime(due).strftime("%H:%M")
        return DeadlineChip(_("今天 %(time)s") % {"time": clock}, "warn", "hourglass", "today")
    amber = matter.amber_at <= now
    text = left_words(working_days_left(now, due))
    return DeadlineChip(text, "warn" if amber else "", "hourglass" if amber else "clock")


def working_days_left(now: datetime, due: datetime) -> int:
    """Working days after today up to the day it is due; plain days past the calendar's end."""
    today, last = timezone.localdate(now), timezone.localdate(due)
    try:
        return calendar().working_days_between(today, last)
    except CalendarEnds:
        return (last - today).days


def left_words(days: int) -> str:
    """剩 N 个工作日."""
    return ngettext("剩 %(days)s 个工作日", "剩 %(days)s 个工作日", days) % {"days": days}


def _late(due: datetime, now: datetime) -> str:
    days = (timezone.localdate(now) - timezone.localdate(due)).days
    if days:
        return ngettext("超期 %(days)s 天", "超期 %(days)s 天", days) % {"days": days}
    hours = max(1, int((now - due) / timedelta(hours=1)))
    return ngettext("超期 %(hours)s 小时", "超期 %(hours)s 小时", hours) % {"hours": hours}


@dataclass(frozen=True)
class DialWords:
    """The dial of a matter as the page draws it."""

    share: float
    big: str
    small: str
    kind: str


def dial_words(matter: Matter, shown: Dial, now: datetime) -> DialWords:
    """Big and small words in the middle of the dial, and its colour."""
    share = shown.percent / 100
    if not matter.is_open:
        return DialWords(share, pgettext("event", "办结"), str(matter.get_state_display()), "ok")
    if shown.paused:
        return DialWords(share, _("暂停"), str(matter.get_state_display()), "")
    kind = {"ok": "", "warn": "warn", "danger": "danger"}[shown.tone]
    if shown.tone == "danger":
        days = (timezone.localdate(now) - timezone.localdate(shown.due_at)).days
        return DialWords(1.0, str(max(days, 0)), _("天超期"), kind)
    if timezone.localdate(shown.due_at) == timezone.localdate(now):
        minutes = int((shown.due_at - now) / timedelta(minutes=1))
        return DialWords(share, f"{minutes // 60}:{minutes % 60:02d}", _("小时后到期"), kind)
    return DialWords(share, str(working_days_left(now, shown.due_at)), _("个工作日"), kind)
