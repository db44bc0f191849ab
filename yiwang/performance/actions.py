"""Keeping the summaries of past days, and putting right those a late change reaches."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division

from .models import DaySummary, KeptDay
from .reads.figures import kept_until
from .reads.keeping import days_that_differ, first_day, write_days
from .rules import Period

__all__ = ["correct_days", "keep_days"]


@act("performance.keep")
def keep_days(city: Division, *, last: date, by: Actor) -> Division:
    """Keep every day up to `last` that is not kept yet; after an outage, all that were missed.

    Raises Refused: not_over.
    """
    if last >= timezone.localdate(moment()):
        raise Refused("not_over", _("这一天还没有过完，不能统计。"))
    lock(city)
    before, first = kept_until(), first_day()
    begin = before + timedelta(days=1) if before else first
    if begin is None or begin > last:
        note(days=0)
        return city
    period = Period(begin, last)
    rows = write_days(period)
    days = (begin + timedelta(days=n) for n in range(period.days))
    KeptDay.objects.bulk_create([KeptDay(on=day) for day in days], batch_size=1000)
    note(first=begin, last=last, days=period.days, rows=rows)
    return city


@act("performance.keep")
def correct_days(city: Division, *, by: Actor) -> Division:
    """Compare all kept days with the matters themselves; days that differ are counted again."""
    lock(city)
    last, first = kept_until(), KeptDay.objects.order_by("on").values_list("on", flat=True).first()
    oldest = first_day()
    if last is None or first is None:
        return city
    if oldest is not None and oldest < first:
        gap = [oldest + timedelta(days=n) for n in range((first - oldest).days)]
        KeptDay.objects.bulk_create([KeptDay(on=day) for day in gap], batch_size=1000)
        first = oldest
    days = days_that_differ(Period(first, last))
    if days:
        DaySummary.objects.on(*days).delete()
        write_days(Period(days[0], days[-1]), days)
    note(days=len(days), first=days[0] if days else None)
    return city
