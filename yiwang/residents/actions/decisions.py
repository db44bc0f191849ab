"""What a person decides about the words of several sources, and taking back a word of one's own."""

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.residents.models import (
    Nature,
    Resident,
    SourceKind,
    SourceRecord,
    all_fields,
    standing_records,
)

from .persons import must_be_live, must_stay_one
from .settling import keep, own_last_word, source_of, word_chosen


@act("residents.decide")
def decide_field(
    resident: Resident, *, field: str, record: int, reason: str, by: Actor
) -> Resident:
    """One source's word on a field is to stand, whatever the others say, and why.

    It holds until something newer and verified comes from a source trusted as much or more.
    `record` is the source record chosen. Raises Refused: not_live, no_such_word, reason_needed,
    already_collected.
    """
    lock(resident)
    must_be_live(resident)
    records = standing_records(SourceRecord.objects.of([resident]))
    word = word_chosen(records, record, field if field in all_fields() else "", reason, by)
    must_stay_one(resident, {field: word.value})
    note(field=field, record=record)
    keep(
        resident, {field: word.value}, word.source, nature=Nature.DECIDED, about=word.record,
        reason=reason.strip(),
    )  # fmt: skip
    return resident


@act("residents.confirm")
def undo_record(resident: Resident, *, record: int, by: Actor) -> Resident:
    """Take back the last word of one's own: the register is as if it had not been told.

    The record stays and says that it was taken back. Raises Refused: not_live, not_own,
    not_the_last, too_late, first_record.
    """
    lock(resident)
    must_be_live(resident)
    records = standing_records(SourceRecord.objects.of([resident]))
    last = own_last_word(records, record, by)
    told = source_of(SourceKind(last.source_kind), last.source_label, by)
    keep(resident, {}, told, nature=Nature.UNDONE, about=last)
    return resident
