"""When an office is open: hours for each kind of day, after the working calendar.

A make-up Saturday is a working day; the Friday it makes up for is a holiday.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.rules.calendar import DayKind
from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth

KINDS: Final = {
    "work": gettext_lazy("工作日"),
    "saturday": gettext_lazy("星期六"),
    "sunday": gettext_lazy("星期日"),
    "holiday": gettext_lazy("节假日"),
}
SATURDAY: Final = 5
MOST: Final = 4
"""Spans a day: more is a mistake in typing."""
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_DASHES: Final = str.maketrans({"—": "-", "–": "-", "至": "-", "~": "-", "～": "-", "：": ":"})

Spans = list[list[str]]


class HoursInvalid(ValueError):
    """Hours that cannot be: what is wrong, and how to write them."""


def read_spans(text: str) -> Spans:
    """「8:30-12:00，14:00-17:30」 as [["08:30", "12:00"], …]; nothing is closed all day.

    Raises HoursInvalid.
    """
    plain = fullwidth_to_halfwidth(clean_text(text)).translate(_DASHES)
    plain = re.sub(r"-+", "-", re.sub(r"\s*([-:])\s*", r"\1", plain))
    parts = [part for part in re.split(r"[,;、，；\s]+", plain) if part]
    spans = [_span(part) for part in parts]
    if len(spans) > MOST or any(after[0] < before[1] for before, after in pairwise(spans)):
        raise HoursInvalid(_("时段须从早到晚，不能重叠，一天最多 %(most)s 段。") % {"most": MOST})
    return spans


def _span(part: str) -> list[str]:
    found = _SPAN.fullmatch(part)
    wrong = _("“%(part)s”不是时段，请写成 8:30-12:00，中午休息的写两段，用逗号隔开。")
    if found is None:
        raise HoursInvalid(wrong % {"part": part[:20]})
    hours = [int(one) for one in found.groups()]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59:
        raise HoursInvalid(wrong % {"part": part[:20]})
    begin, end = f"{hours[0]:02d}:{hours[1]:02d}", f"{hours[2]:02d}:{hours[3]:02d}"
    if begin >= end:
        raise HoursInvalid(_("“%(part)s”的结束时间须晚于开始时间。") % {"part": part[:20]})
    return [begin, end]


def spans_text(spans: Sequence[Sequence[str]]) -> str:
    """As a form shows them."""
    return "，".join("-".join(span) for span in spans)


def kind_of_day(on: date, kind: DayKind | None) -> str:
    """Which hours hold on a day; without a calendar for its year, the weekday decides."""
    if kind == DayKind.HOLIDAY:
        return "holiday"
    if kind in (DayKind.WORKDAY, DayKind.MAKEUP) or (kind is None and on.weekday() < SATURDAY):
        return "work"
    return "saturday" if on.weekday() == SATURDAY else "sunday"


@dataclass(frozen=True)
class Today:
    """The hours of one day, and where the clock stands in them."""

    kind: str
    spans: Spans
    now: str
    # The next day it opens, when it does not open again today; None when nobody can tell.
    again: datetime | None = None

    @property
    def text(self) -> str:
        return spans_text(self.spans)

    @property
    def is_open(self) -> bool:
        return any(begin <= self.now < end for begin, end in self.spans)

    @property
    def closes(self) -> str:
        """Until when it is open; empty while it is not."""
        return next((end for begin, end in self.spans if begin <= self.now < end), "")

    @property
    def opens(self) -> str:
        """When it opens again today; empty when it does not."""
        return next((begin for begin, _end in self.spans if self.now < begin), "")


def today(hours: Mapping[str, Spans], now: datetime, kind: DayKind | None) -> Today | None:
    """The day's hours of an office at a local moment; None when nobody has written them down."""
    if not hours:
        return None
    name = kind_of_day(now.date(), kind)
    clock = time(now.hour, now.minute).isoformat("minutes")
    return Today(name, hours.get(name, []), clock)
