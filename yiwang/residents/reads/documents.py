"""What of a person's documents is on file, and may be used again today (SVC-06)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from yiwang.residents.models import Document, Resident


@dataclass
class OnFile:
    """What is on file of one kind: usable, waiting for consent, or out of its time.

    One kind may be several pictures that came together. `expired` names what would have served.
    """

    usable: list[Document] = field(default_factory=list)
    unasked: list[Document] = field(default_factory=list)
    expired: Document | None = None


def documents_on_file(resident: Resident, kinds: Iterable[str], on: date) -> dict[str, OnFile]:
    """By kind, what a matter that needs these kinds finds in the person's file; one statement."""
    found: dict[str, OnFile] = {}
    rows = Document.objects.on_file().filter(resident=resident, kind__in=list(kinds))
    for one in rows.exclude(file="").order_by("pk"):
        held = found.setdefault(one.kind, OnFile())
        if one.is_usable(on):
            held.usable.append(one)
        elif one.is_expired(on):
            held.expired = one
        elif one.is_valid(on):
            held.unasked.append(one)
    return found


def documents_of(resident: Resident) -> list[Document]:
    """All documents of a person with their uses: what is on file first, then what has ended."""
    rows = Document.objects.filter(resident=resident).prefetch_related("uses")
    return sorted(rows, key=lambda one: (one.ended_on is not None, -one.pk))
