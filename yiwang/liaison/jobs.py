"""Background work of liaison: the coverage of the day, reminders, certificates, files looked at for viruses."""

from django.conf import settings
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.models import Scan
from yiwang.core.scanner import scan_each
from yiwang.divisions.models import Division

from .actions import keep_coverage_day, remind_overdue, renew_certificates, scan_notice_file
from .models import NoticeFile, Receipt

SCANS = 500
SYSTEM_RIGHTS = ("liaison.keep", "core.scan")


def system() -> Actor:
    """Yiwang itself, with what only it does."""
    return Actor.system().within_act(*SYSTEM_RIGHTS)


def keep_coverage() -> int:
    """Keep the coverage of the day; gives how many cities were counted."""
    city = Division.objects.filter(pk=settings.CITY).first()
    if city is None:
        return 0
    with circumstances(channel="job"):
        keep_coverage_day(city, now=timezone.now(), by=system())
    return 1


def remind() -> int:
    """Remind whoever has not confirmed in time; gives how many places wait."""
    now, city = timezone.now(), Division.objects.filter(pk=settings.CITY).first()
    late = Receipt.objects.overdue(now).count()
    if city is not None and late:
        with circumstances(channel="job"):
            remind_overdue(city, now=now, by=system())
    return late


def scan_notice_files() -> int:
    """Look at attachments nobody has looked at yet; gives how many."""
    waiting = NoticeFile.objects.filter(scan=Scan.WAITING).exclude(file="").order_by("pk")
    with circumstances(channel="job"):
        return scan_each(
            waiting.select_related("notice")[:SCANS],
            lambda file: scan_notice_file(file, by=system()),
        )


def renew() -> int:
    """Assign courses again before certificates end; gives how many cities were looked at."""
    city = Division.objects.filter(pk=settings.CITY).first()
    if city is None:
        return 0
    with circumstances(channel="job"):
        renew_certificates(city, by=system())
    return 1
