"""What every source said, when, and what became of it: the history of a record (INF-02, EXP-26)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.residents.models import (
    Nature,
    Resident,
    SourceKind,
    SourceRecord,
    all_fields,
    standing_records,
)
from yiwang.residents.rules.deriving import Effect, Standing, Turn
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import mask_value

from .golden import standings_of
from .known import Known, known_of

_EFFECTS: Final[dict[str, Promise]] = {
    Effect.STANDS: _("采用"),
    Effect.AGREES: _("一致"),
    Effect.DISPUTES: _("不一致，待核定"),
    Effect.OUTRANKED: _("未采用：另有更可信或更新的来源"),
    Effect.SETTLED: _("未采用：已经核定过"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One value as a record brought it, masked, what stood before it and what it did.

    `stands`: it is the value of today; `rival`: it differs and waits for a person; `effect` is
    empty for what was taken back.
    """

    field: Field
    masked: str
    before: str | None
    effect: str
    stands: bool
    rival: bool

    @property
    def effect_label(self) -> str:
        return str(_EFFECTS.get(self.effect, _("已撤回")))

    @property
    def changed(self) -> bool:
        """Whether it put another value in the place of one that stood."""
        return self.effect == Effect.STANDS and self.before not in (None, self.masked)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One source record with what it brought; `undone` when it no longer counts."""

    record: SourceRecord
    told: tuple[Told, ...]
    undone: bool

    @property
    def owner(self) -> str:
        """The unit that answers for it; empty where none was named and for one's own word."""
        own = self.record.source_kind == SourceKind.RESIDENT
        return self.record.owner.label if self.record.owner and not own else ""


@dataclass(frozen=True)
class Dossier:
    """Everything known of one person and everything that was ever told, newest first."""

    known: dict[str, Known]
    standings: Mapping[str, Standing]
    records: Mapping[int, SourceRecord]

    def arrivals(self, code: str = "") -> list[Arrival]:
        """Every record (of one field, when it is named), newest first."""
        counted = {one.pk for one in standing_records(self.records.values())}
        turns = {
            (name, turn.claim.record): turn
            for name, standing in self.standings.items()
            for turn in standing.turns
        }
        found = []
        for record in reversed(list(self.records.values())):
            brought = set(record.codes)
            codes = [one for one in all_fields() if one in brought]
            told = [
                self._told(one, record, turns.get((one, record.pk)))
                for one in codes
                if code in ("", one)
            ]
            if told or (not code and record.nature == Nature.UNDONE):
                undone = record.nature != Nature.UNDONE and record.pk not in counted
                found.append(Arrival(record, tuple(told), undone))
        return found

    def _told(self, code: str, record: SourceRecord, turn: Turn | None) -> Told:
        field, standing = all_fields()[code], self.standings.get(code)
        value = record.says(code) or ""
        before = turn.before if turn else None
        rivals = {one.record for one in standing.rivals.values()} if standing else set()
        return Told(
            field=field,
            masked=mask_value(field, value),
            before=mask_value(field, before) if before is not None else None,
            effect=turn.effect if turn else "",
            stands=bool(turn and standing and standing.value == value),
            rival=record.pk in rivals,
        )

    def undoable_by(self, by: Actor) -> int | None:
        """The record this actor may take back now; None when there is none."""
        counted = standing_records(self.records.values())
        if len(counted) < 2 or by.user_id is None:
            return None
        last = counted[-1]
        since = timezone.now() - timedelta(days=int(parameter("residents.correction_undo_days")))
        return last.pk if last.by_user_id == by.user_id and last.created_at >= since else None


def dossier(resident: Resident, on: date) -> Dossier:
    """What is known of a resident and what every source said; one statement."""
    return dossiers([resident], on)[resident.pk]


def dossiers(people: Iterable[Resident], on: date) -> dict[int, Dossier]:
    """The same for several residents, also with one statement."""
    rows = list(people)
    records: dict[int, dict[int, SourceRecord]] = {one.pk: {} for one in rows}
    for record in SourceRecord.objects.of(rows).select_related("owner"):
        records[record.person][record.pk] = record
    found = {}
    for person in rows:
        held = records[person.pk]
        standings = standings_of(held.values(), person.division_id)
        found[person.pk] = Dossier(known_of(standings, held, on), standings, held)
    return found
