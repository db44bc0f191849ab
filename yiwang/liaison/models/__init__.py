"""Equipment with its repairs, coverage by day, notices with receipts, logs, training, rosters."""

from .coverage import CoverageDay
from .equipment import Device, DeviceKind, DeviceState, Outcome, Repair
from .log import DayLog, Entry, LogCorrection
from .notice import Audience, NoticeFile, Receipt, WorkNotice
from .roster import Duty, Swap
from .training import Course, Enrolment

__all__ = [
    "Audience",
    "Course",
    "CoverageDay",
    "DayLog",
    "Device",
    "DeviceKind",
    "DeviceState",
    "Duty",
    "Enrolment",
    "Entry",
    "LogCorrection",
    "NoticeFile",
    "Outcome",
    "Receipt",
    "Repair",
    "Swap",
    "WorkNotice",
]
