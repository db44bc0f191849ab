"""Values of many residents at once, as a department sent them: kept, and taken back as a whole."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Q

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.residents.models import ImportBatch, LifeState, Resident, Source, SourceRecord, staging

from .recomputing import CHUNK
from .settling import settle_people

Values = Mapping[int, Mapping[str, str]]


@act("residents.keep")
def keep_values(
    batch: ImportBatch, *, values: Values, source: Source, decided: str = "", by: Actor
) -> ImportBatch:
    """Clean values by resident and field, as one source record a resident; columns follow.

    Who is told nothing gets no record. `decided`: why a person lets these values stand.
    """
    told = {key: held for key, held in values.items() if held}
    staging.insert_values(replace(source, batch=batch), told, decided)
    held_back = _settle(told)
    note(people=len(told), fields=sorted({c for held in told.values() for c in held}))
    if held_back:
        note(held_back=held_back)
    return batch


@act("residents.keep")
def take_back_values(
    batch: ImportBatch, *, people: Iterable[int] | None = None, by: Actor
) -> ImportBatch:
    """What a batch told no longer counts; the register is as if it had never been told.

    The columns of `people` follow (of all it told of, without); a caller that names them portion
    by portion names everybody in the end.
    """
    if batch.state != ImportBatch.State.UNDONE:
        batch.state, batch.undone_at = ImportBatch.State.UNDONE, moment()
        batch.save()
    told = SourceRecord.objects.filter(batch=batch).values_list("resident_id", flat=True)
    keys = set(told.order_by() if people is None else people)
    note(people=len(keys), held_back=_settle(keys))
    return batch


def _settle(keys: Iterable[int]) -> list[int]:
    """Derive the columns of these people, or of who goes on for them; gives who was held back."""
    rows = sorted(set(keys))
    held_back: list[int] = []
    for start in range(0, len(rows), CHUNK):
        portion = rows[start : start + CHUNK]
        heirs = Resident.objects.filter(merged_records__in=portion).values("pk")
        people = Resident.objects.filter(Q(pk__in=portion) | Q(pk__in=heirs))
        people = people.exclude(state__in=[LifeState.WITHDRAWN, LifeState.MERGED])
        people = people.select_related("dwelling").order_by("pk").select_for_update(of=("self",))
        held_back += settle_people(people, thoroughly=False)[1]
    return held_back
