"""Keeping the figures of a day, freezing them, and declaring denominators of a community."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division, Level

from .models import Indicator, ProfileValue, Summary
from .reads import cuts, leaf_cells
from .reads.figures import parents_of
from .rules import HOUSEHOLDS, rolled_up

__all__ = ["declare_profile", "forget_days", "freeze_day", "take_summaries"]


@act("statistics.keep")
def take_summaries(city: Division, *, on: date, by: Actor) -> Division:
    """Count all communities on a day, add up the places above, keep a row each; zero rows stay out.

    A frozen day is left as it is. A day counted again keeps the households it had, because a past
    day's households cannot be counted later. Raises Refused: future.
    """
    if on > timezone.localdate(moment()):
        raise Refused("future", _("这一天还没有到，不能统计。"))
    days = Summary.objects.on(on).filter(division_id__range=(city.area.lo, city.area.hi))
    if days.filter(frozen=True).exists():
        note(on=on, frozen=True)
        return city
    cells = rolled_up(leaf_cells(city.area, on), parents_of)
    held = {row.division_id: row.cells.get(HOUSEHOLDS) for row in days}
    for place, kept in held.items():
        if kept is not None and place in cells:
            cells[place].setdefault(HOUSEHOLDS, kept)
    days.delete()
    Summary.objects.bulk_create(_rows(cells, on), batch_size=500)
    note(on=on, places=len(cells))
    return city


def _rows(cells: Mapping[int, Mapping[str, int]], on: date) -> list[Summary]:
    edges = cuts()
    frozen = (on.month, on.day) == (12, 31) and on < timezone.localdate(moment())
    return [
        Summary(division_id=place, on=on, cells=dict(counts), cuts=edges, frozen=frozen)
        for place, counts in sorted(cells.items())
    ]


@act("statistics.freeze")
def freeze_day(city: Division, *, on: date, by: Actor) -> Division:
    """The figures of a day are never counted again (EXP-36). Raises Refused: nothing_kept."""
    days = Summary.objects.on(on).filter(division_id__range=(city.area.lo, city.area.hi))
    if not days.update(frozen=True):
        raise Refused("nothing_kept", _("%(day)s 没有保存过统计，无法冻结。") % {"day": on})
    note(on=on)
    return city


@act("statistics.keep")
def forget_days(city: Division, *, by: Actor) -> Division:
    """Drop summaries older than the city keeps: month ends and frozen days stay for good."""
    last = timezone.localdate(moment()) - timedelta(days=int(parameter("statistics.keep_days")))
    old = Summary.objects.filter(on__lt=last, frozen=False)
    days = [day for day in old.values_list("on", flat=True).distinct() if not _ends_month(day)]
    note(days=len(days), rows=Summary.objects.filter(on__in=days, frozen=False).delete()[0])
    return city


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


@act("statistics.declare")
def declare_profile(
    place: Division, *, values: Mapping[str, Any], as_of: date, source: str, by: Actor
) -> Division:
    """Say denominators of a community for a day; the earlier ones stay as history (DIV-04).

    `values` by indicator; empty ones are left out. Raises Refused: not_a_community, future,
    source_needed, nothing, negative.
    """
    if place.level != Level.COMMUNITY or place.valid_to:
        raise Refused("not_a_community", _("只有现有的村（居）才有基本情况。"))
    if as_of > timezone.localdate(moment()):
        raise Refused("future", _("日期还没有到。"), {"as_of": _("日期还没有到。")})
    if not source.strip():
        sentence = _("请写明数据来源，例如“2026年人口年报”。")
        raise Refused("source_needed", sentence, {"source": sentence})
    said = {Indicator(code): value for code, value in values.items() if value is not None}
    if not said:
        raise Refused("nothing", _("请至少填写一项。"))
    faults = {code.value: _("不能是负数。") for code, value in said.items() if Decimal(value) < 0}
    if faults:
        raise Refused("negative", " ".join(faults.values()), {**faults})
    before = _declared(place, said)
    note(
        as_of=as_of,
        before={code: str(value) for code, value in before.items()},
        after={code: str(value) for code, value in said.items()},
    )
    ProfileValue.objects.bulk_create(
        ProfileValue(
            division=place, indicator=code, value=value, as_of=as_of,
            source=source.strip()[:200], author=by.label[:160],
        )
        for code, value in said.items()
    )  # fmt: skip
    return place


def _declared(place: Division, said: Mapping[Indicator, Any]) -> dict[str, Decimal]:
    rows = ProfileValue.objects.filter(Q(division=place), indicator__in=list(said)).newest()
    return {row.indicator: row.value for row in rows}
