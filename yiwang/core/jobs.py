"""Background work of the core: sealing the journal."""

from django.db import connection, transaction

from .models import JournalLine, JournalSeal
from .reads import NO_SEAL, line_digest, seal_digest

BATCH = 1000
# A line is seen once its transaction has ended; one that was open then is found the next time,
# because every seal names its lines instead of a range.
_UNSEALED = """
    SELECT line.id FROM core_journalline line
    WHERE line.id > %s AND NOT (line.id = ANY(%s))
    ORDER BY line.id LIMIT %s
"""


def seal_journal() -> int:
    """Seal the lines no seal names yet, in batches; gives the number of lines sealed.

    One sealer at a time (an advisory lock); a second call finds nothing to do and returns 0.
    """
    sealed = 0
    while True:
        with transaction.atomic():
            count = _seal_batch()
        sealed += count
        if count < BATCH:
            return sealed


def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('yiwang.journal'))")
        if not cursor.fetchone()[0]:
            return 0
        last = JournalSeal.objects.order_by("-pk").first()
        floor, taken = _recent(last)
        cursor.execute(_UNSEALED, [floor, taken, BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return 0
    found = JournalLine.objects.in_bulk(ids)
    digests = b"".join(line_digest(found[pk]) for pk in ids)
    previous = bytes(last.digest) if last else NO_SEAL
    JournalSeal.objects.create(
        lines=ids,
        digests=digests,
        previous=previous,
        digest=seal_digest(previous, ids, digests),
    )
    return len(ids)


def _recent(last: JournalSeal | None) -> tuple[int, list[int]]:
    """Below the floor everything is sealed; between, name what the last seals hold already.

    A long transaction commits line numbers that are older than lines already sealed, so the
    last few seals are looked at by number, not only by their highest line.
    """
    if last is None:
        return 0, []
    recent = list(JournalSeal.objects.order_by("-pk")[:20])
    taken = [pk for seal in recent for pk in seal.lines]
    return (0 if len(recent) < 20 else min(taken) - 1), taken
