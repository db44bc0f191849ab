"""What a department's list would do to the tags of a kind: whom it sets, confirms and ends."""

from dataclasses import dataclass
from datetime import date

from yiwang.divisions.rules import range_of
from yiwang.linkage.models import DepartmentFile, FileRow
from yiwang.residents.models import Resident
from yiwang.residents.reads import dossiers
from yiwang.tags.models import Tag, TagKind


@dataclass(frozen=True)
class Carried:
    """People to be set with their row, tags to be confirmed and ended; whom nobody may set."""

    to_set: list[Resident]
    rows: dict[int, int]
    to_confirm: list[Tag]
    to_end: list[Tag]
    skipped: int

    @property
    def counts(self) -> dict[str, int]:
        return {
            "was_set": len(self.to_set), "confirmed": len(self.to_confirm),
            "ended": len(self.to_end), "skipped": self.skipped,
        }  # fmt: skip


def carried(file: DepartmentFile, kind: TagKind, *, complete: bool, on: date) -> Carried:
    """A few statements, however long the list."""
    matched = file.rows.filter(state=FileRow.State.MATCHED, resident__isnull=False)
    rows = dict(matched.values_list("resident_id", "row"))
    live = Tag.objects.live().filter(kind=kind)
    held = list(live.filter(resident__in=matched.values("resident")))
    has_it = {tag.resident_id for tag in held}
    people = Resident.objects.live().filter(pk__in=matched.values("resident")).order_by("pk")
    wanted = [one for one in people if one.pk not in has_it]
    refused = _without_guardian(wanted, kind, on)
    ended: list[Tag] = []
    if complete:
        area = range_of(file.division_id)
        others = live.filter(division_id__range=(area.lo, area.hi), automatic=False)
        ended = list(others.exclude(resident__in=matched.values("resident")))
    return Carried(
        [one for one in wanted if one.pk not in refused], rows,
        [tag for tag in held if not tag.automatic], ended,
        len(refused) + len(rows) - len(has_it) - len(wanted),
    )  # fmt: skip


def _without_guardian(people: list[Resident], kind: TagKind, on: date) -> set[int]:
    """Children under fourteen of whom no guardian is on record: no sensitive tag (EXP-49)."""
    children = [one for one in people if one.is_minor_on(on)] if kind.sensitive else []
    if not children:
        return set()
    known = dossiers(children, on)
    return {one.pk for one in children if "guardian_name" not in known[one.pk].known}
