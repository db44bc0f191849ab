"""What applicants send is looked at for viruses (EXP-27)."""

from typing import Final

from yiwang.core.acts import circumstances
from yiwang.core.models import Scan
from yiwang.core.scanner import scan_each

from .actions.providers import looked_at
from .models import Paper

_MOST: Final = 500


def scan_papers() -> int:
    """Look at files nobody has looked at yet; gives how many."""
    waiting = Paper.objects.filter(scan=Scan.WAITING).exclude(file="").order_by("pk")
    with circumstances(channel="job"):
        return scan_each(waiting.select_related("organization")[:_MOST], looked_at)
