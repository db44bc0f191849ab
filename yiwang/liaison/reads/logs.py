"""The figures of a day that a log carries, and the places that wrote none."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.reads import network_places
from yiwang.collection.models import Submission
from yiwang.core.reads import calendar, count_of
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.liaison.models import DayLog, Receipt, Repair
from yiwang.matters.models import Matter
from yiwang.tags.models import VisitStop

FIGURES: Final[Mapping[str, Promise]] = {
    "accepted": _("受理事项"), "finished": _("办结事项"), "collected": _("采集表"),
    "visits": _("走访"), "confirmed": _("确认通知"), "broken": _("报修设备"),
}  # fmt: skip


def figures_of(division: int, on: date) -> dict[str, int]:
    """What the system counted in a place on a day, in one statement."""
    area = range_of(division)
    here = (area.lo, area.hi)
    since = timezone.make_aware(datetime.combine(on, time.min))
    day = (since, since + timedelta(days=1))

    def within(field: str, prefix: str = "") -> Q:
        moments = {f"{field}__gte": day[0], f"{field}__lt": day[1]}
        return Q(**{f"{prefix}division_id__range": here}, **moments)

    rows: dict[str, QuerySet[Any]] = {
        "accepted": Matter.objects.filter(within("accepted_at")),
        "finished": Matter.objects.filter(within("finished_at")),
        "collected": Submission.objects.filter(within("collected_at", "item__")),
        "visits": VisitStop.objects.filter(visits__division_id__range=here, visited_on=on),
        "confirmed": Receipt.objects.filter(within("confirmed_at")),
        "broken": Repair.objects.filter(within("opened_at", "device__")),
    }
    own = Division.objects.filter(pk=division).order_by()
    row: Any = own.values(**{f"n_{name}": count_of(one) for name, one in rows.items()}).first()
    return {name.removeprefix("n_"): count for name, count in row.items()}


def named(figures: Mapping[str, int]) -> list[tuple[str, int]]:
    """Figures under their names, in their order."""
    return [(str(label), figures.get(name, 0)) for name, label in FIGURES.items()]


def is_working_day(day: date) -> bool:
    """Whether somebody works on a day; beyond the end of the calendar every day counts."""
    days = calendar()
    return day > days.ends_on or days.is_working_day(day)


def last_due(today: date) -> date:
    """The last working day that is over: its log should be there."""
    day = today - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def missing(actor: Actor, today: date) -> QuerySet[Any]:
    """Places of the area with an administrator, whose log of the last working day is not there."""
    written = DayLog.objects.filed().filter(division=OuterRef("pk")).order_by()
    latest = written.values("division").annotate(on=Max("on")).values("on")
    places = network_places(Division.objects.within(actor.see), today).filter(vacant=False)
    places = places.annotate(last_on=Subquery(latest))
    found: QuerySet[Any] = places.filter(Q(last_on=None) | Q(last_on__lt=last_due(today)))
    return found


def days_missing(last_on: date | None, today: date) -> int | None:
    """Working days without a log before today; None where there never was one."""
    if last_on is None:
        return None
    until = min(last_due(today), calendar().ends_on)
    return calendar().working_days_between(last_on, max(last_on, until))
