"""Background work of quality: missed corrections are told to the township, proofs are scanned."""

from contextlib import suppress

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.scanner import scan_each

from .actions import tell_missed_finding
from .actions.correcting import looked_at
from .models import Finding

MOST = 2000
SCANS = 500


def tell_missed() -> int:
    """Each missed correction once; gives how many were told."""
    rows = Finding.objects.late(timezone.now()).filter(told_at__isnull=True)
    told = 0
    for finding in rows.select_related("unit").order_by("due_at", "pk")[:MOST]:
        with suppress(Refused), circumstances(channel="job"):
            tell_missed_finding(finding, by=Actor.system())
            told += 1
    return told


def scan_proofs() -> int:
    """Look at proofs nobody has looked at yet; gives how many."""
    waiting = Finding.objects.filter(scan=Scan.WAITING).exclude(file="").order_by("pk")
    with circumstances(channel="job"):
        return scan_each(waiting[:SCANS], looked_at)
