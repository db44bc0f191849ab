"""Which times of a day may be booked, and when somebody comes too late (SVC-20): pure functions."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

BOOKED_LETTER: Final = "Y"
"""Begins the queue numbers of those who booked."""


class Booking(models.TextChoices):
    """Where an appointment stands."""

    BOOKED = "booked", _("已预约")
    ARRIVED = "arrived", _("已到")
    MISSED = "missed", _("未到")
    CANCELLED = "cancelled", _("已取消")


class Door(models.TextChoices):
    """The way an appointment was made."""

    WINDOW = "window", _("窗口")
    PHONE = "phone", _("电话")
    ACCOUNT = "account", _("网上账号")
    NUMBER = "number", _("凭办件编号")
    API = "api", _("其他系统")


BY_ONESELF: Final = frozenset({Door.ACCOUNT, Door.NUMBER})


def slots_of_day(
    spans: Sequence[Sequence[str]], minutes: int, on: date, zone: tzinfo
) -> list[tuple[datetime, datetime]]:
    """The slots of a day from the spans an office is open: [["08:30", "12:00"], …].

    A slot that would run past the end of its span is not offered.
    """
    step, found = timedelta(minutes=minutes), []
    for begin, end in spans:
        at = datetime.combine(on, time.fromisoformat(begin), zone)
        last = datetime.combine(on, time.fromisoformat(end), zone)
        while at + step <= last:
            found.append((at, at + step))
            at += step
    return found


def goes_at_its_time(starts_at: datetime, now: datetime, late_minutes: int) -> bool:
    """Whether somebody who comes now still keeps her time; too late, she waits like everybody."""
    return now <= starts_at + timedelta(minutes=late_minutes)


def is_missed(ends_at: datetime, now: datetime, late_minutes: int) -> bool:
    """Whether nobody is expected any more for an appointment."""
    return now > ends_at + timedelta(minutes=late_minutes)
