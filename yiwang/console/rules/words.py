"""A greeting for the hour, and a deadline in words: 超期 N 天, 今天 HH:MM, 剩 N 个工作日."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.core.rules.calendar import Calendar, CalendarEnds
from yiwang.matters.rules import State


@dataclass(frozen=True)
class Chip:
    """Words, colour and icon of a mark, and the mark of its row."""

    text: str
    kind: str = ""
    icon: str = ""
    row: str = ""


def greeting(now: datetime) -> str:
    """上午好 before noon and so on, by the local hour."""
    hour = timezone.localtime(now).hour
    for before, words in (
        (6, _("夜深了")),
        (12, _("上午好")),
        (14, _("中午好")),
        (18, _("下午好")),
    ):
        if hour < before:
            return words
    return _("晚上好")


def deadline_chip(
    state: str, due: datetime, amber_at: datetime, now: datetime, calendar: Calendar
) -> Chip:
    """What a list says about the time of an open matter in a state."""
    if state == State.CORRECTING:
        return Chip(_("等待补正"), "info", "player-pause")
    if state == State.PAUSED:
        return Chip(_("计时暂停"), "info", "player-pause")
    if now > due:
        return Chip(_late(due, now), "danger", "alarm", "late")
    if timezone.localdate(due) == timezone.localdate(now):
        clock = timezone.localtime(due).strftime("%H:%M")
        return Chip(_("今天 %(time)s") % {"time": clock}, "warn", "hourglass", "today")
    amber = amber_at <= now
    days = _working_days(now, due, calendar)
    text = ngettext("剩 %(days)s 个工作日", "剩 %(days)s 个工作日", days) % {"days": days}
    return Chip(text, "warn" if amber else "", "hourglass" if amber else "clock")


def _working_days(now: datetime, due: datetime, calendar: Calendar) -> int:
    """Working days after today up to the last one; plain days past the calendar's end."""
    today, last = timezone.localdate(now), timezone.localdate(due)
    try:
        return calendar.working_days_between(today, last)
    except CalendarEnds:
        return (last - today).days


def _late(due: datetime, now: datetime) -> str:
    days = (timezone.localdate(now) - timezone.localdate(due)).days
    if days:
        return ngettext("超期 %(days)s 天", "超期 %(days)s 天", days) % {"days": days}
    hours = max(1, int((now - due) / timedelta(hours=1)))
    return ngettext("超期 %(hours)s 小时", "超期 %(hours)s 小时", hours) % {"hours": hours}
