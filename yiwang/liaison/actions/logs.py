"""The log of the day is kept as a draft, filed, and corrected with a trace (HOT-10)."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.liaison.models import DayLog, Entry, LogCorrection
from yiwang.liaison.reads.logs import figures_of

from .equipment import said

Entries = Mapping[str, str]
MOST: int = 1000
"""Signs an entry may have."""


def _kept(entries: Entries) -> dict[str, str]:
    clean = {one.value: clean_text(entries.get(one.value, ""), multiline=True) for one in Entry}
    return {kind: text[:MOST] for kind, text in clean.items() if text}


def _open(division: Division, on: date, by: Actor) -> DayLog:
    """The draft of the day, locked; Refused: not_own, future, too_late, filed."""
    if by.post_id is not None and division.pk != by.division_id:
        raise Refused("not_own", _("日志由本级的管理员填写。"))
    today = timezone.localdate(moment())
    if on > today:
        message = _("还没有到这一天。")
        raise Refused("future", message, {"on": message})
    back = int(parameter("liaison.log_days_back"))
    if (today - on).days > back:
        message = _("只能补写 %(days)s 天内的日志。") % {"days": back}
        raise Refused("too_late", message, {"on": message})
    new = {"saved_at": moment(), "post_id": by.post_id}
    log, _new = DayLog.objects.get_or_create(division=division, on=on, defaults=new)
    lock(log)
    if log.filed_at is not None:
        raise Refused("filed", _("这一天的日志已经提交，要改请用更正。"))
    return log


@act("liaison.log")
def save_log(division: Division, *, on: date, entries: Entries, by: Actor) -> DayLog:
    """Keep what is typed; only the own place sees it."""
    log = _open(division, on, by)
    log.entries, log.saved_at, log.post_id = _kept(entries), moment(), by.post_id
    log.save()
    note(on=on)
    return log


@act("liaison.log")
def file_log(division: Division, *, on: date, entries: Entries, by: Actor) -> DayLog:
    """Hand the log of the day in, with the figures the system has of the day."""
    kept = _kept(entries)
    if not kept:
        message = _("请至少写一项；没有异常也写“正常”。")
        raise Refused("text_missing", message, {Entry.DEVICES.value: message})
    log = _open(division, on, by)
    log.entries = kept
    log.figures, log.saved_at, log.post_id = figures_of(division.pk, on), moment(), by.post_id
    log.filed_at, log.filed_by = moment(), by.label[:160]
    log.save()
    note(on=on)
    return log


@act("liaison.log")
def correct_log(log: DayLog, *, entries: Entries, reason: str, by: Actor) -> DayLog:
    """Put a filed log right; what it said before stays beside it. Refused: not_filed, not_own."""
    lock(log)
    if by.post_id is not None and log.division_id != by.division_id:
        raise Refused("not_own", _("日志由本级的管理员填写。"))
    if log.filed_at is None:
        raise Refused("not_filed", _("日志还没有提交，直接改就行。"))
    reason, kept = said(reason, "reason"), _kept(entries)
    if not kept:
        raise Refused("text_missing", _("请至少写一项；没有异常也写“正常”。"))
    LogCorrection.objects.create(
        log=log, at=moment(), by=by.label[:160], reason=reason[:300], before=log.entries
    )
    log.entries, log.saved_at = kept, moment()
    log.save()
    return log
