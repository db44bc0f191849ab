"""Workbooks coming in: a preview for pages, and the whole way for the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents.actions import import_residents, open_import, preview_import
from yiwang.residents.models import ImportBatch
from yiwang.residents.rules.reading import Unreadable, read_table

Progress = Callable[[int, int | None], Any]


def preview(file: IO[bytes], division: Division, by: Actor) -> ImportBatch:
    """Read and check an uploaded workbook; the batch has the counts and errors.

    Raises Refused: unreadable (with what is wrong with the file and the cure), too_big.
    """
    name = Path(getattr(file, "name", "") or "").name
    return preview_import(division, file_name=name, content=file.read(), by=by)


def later(file: IO[bytes], division: Division, by: Actor) -> ImportBatch:
    """Take a large workbook in and leave reading it to background work. Raises Refused too_big."""
    name = Path(getattr(file, "name", "") or "").name
    return open_import(division, file_name=name, content=file.read(), background=True, by=by)


def load_residents(path: Path, progress: Progress | None = None) -> ImportBatch:
    """Import a file whose rows name their communities, of any size, as the system itself.

    Sound rows are entered; `errors` of the batch says what became of the others.
    Raises Refused when the file cannot be read or no row can be entered.
    """
    report = progress or (lambda done, total: None)
    by = Actor.system()
    content = Path(path).read_bytes()
    report(0, None)
    try:
        table = read_table(content)
    except Unreadable as fault:
        raise Refused(fault.code, str(fault)) from fault
    total = table.frame.height
    report(0, total)
    city = Division.objects.get(pk=settings.CITY)
    name = Path(path).name
    batch = open_import(city, file_name=name, content=content, keep=False, by=by)
    batch = import_residents(batch, table=table, by=by)
    report(total, total)
    return batch
