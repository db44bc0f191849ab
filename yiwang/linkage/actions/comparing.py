"""Matched rows against the register: what differs, whose word counts, and the one way in.

`keep` is the only place where linkage writes values of people, through acts of residents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.linkage.models import DepartmentFile, FileRow
from yiwang.linkage.rules.trust import FILE, PERSON, REGISTER, ruling
from yiwang.residents.actions import keep_values
from yiwang.residents.models import Resident, Source, SourceKind, SourceRecord
from yiwang.residents.reads.golden import Trust, effects_of


def compare(rows: Iterable[FileRow], file: DepartmentFile) -> None:
    """Write on each matched row which fields differ and what the rule chose; rows are not saved."""
    meant = [row for row in rows if row.resident_id]
    people = Resident.objects.in_bulk([row.resident_id for row in meant])
    for row in meant:
        row.division_id = people[row.resident_id or 0].division_id
    matched = [row for row in meant if row.state == FileRow.State.MATCHED]
    records: dict[int, list[SourceRecord]] = {}
    for record in SourceRecord.objects.of({row.resident_id or 0 for row in matched}):
        records.setdefault(record.person, []).append(record)
    source, trust, settled = source_of_file(file), Trust(), _decided_for_the_register(file, matched)
    for row in matched:
        person = people[row.resident_id or 0]
        told = SourceRecord.objects.all().told(person, row.values, source)
        turns = effects_of(records.get(person.pk, []), told, person.division_id, trust)
        chosen = {code: ruling(turn) for code, turn in turns.items()}
        row.conflicts = {
            code: _after(settled.get((person.pk, code)), row.values[code], one)
            for code, one in chosen.items()
            if one is not None
        }
        row.undecided = sum(1 for one in row.conflicts.values() if one == PERSON)


def _decided_for_the_register(
    file: DepartmentFile, rows: Iterable[FileRow]
) -> dict[tuple[int, str], str]:
    """By resident and field the value of this unit that a person has last decided against."""
    people = {row.resident_id or 0 for row in rows}
    earlier = FileRow.objects.filter(file__unit=file.unit_id, resident__in=people)
    return {
        (row.resident_id or 0, code): row.values[code]
        for row in earlier.exclude(file=file).exclude(decided={}).order_by("pk")
        for code in row.decided
        if row.conflicts.get(code) == REGISTER and code in row.values
    }


def _after(settled: str | None, value: str, chosen: str) -> str:
    """What a person decided for the register holds against the same value again, whatever the
    rule says of a newer list; another value is for a person anew."""
    if settled is None:
        return chosen
    return REGISTER if value == settled else PERSON


def source_of_file(file: DepartmentFile) -> Source:
    """The unit that sent it answers for what a file says."""
    return Source(
        SourceKind.DEPARTMENT,
        file.unit.name,
        file.by_label,
        owner=file.unit_id,
        owner_code=file.unit.code,
        user_id=file.by_user_id,
        post_id=file.by_post_id,
        purpose=_("部门报送：%(name)s") % {"name": file.file_name},
        reference=f"file:{file.pk}",
        batch=file.batch,
    )


def keep(file: DepartmentFile, rows: Sequence[FileRow], by: Actor) -> None:
    """Write what the rows say, but for what the register was found right in or nobody decided."""
    said: dict[str, dict[int, dict[str, str]]] = {"": {}}
    written: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        wanted = _to_write(row)
        for code, text in wanted.items():
            values = said.setdefault(row.decided.get(code, ""), {})
            values.setdefault(row.resident_id or 0, {})[code] = text
        row.told = [*row.told, *wanted]
        row.kept = True
        written.setdefault(tuple(row.told), []).append(row.pk)
    for person, values in said.items():
        _tell(file, values, person, by)
    # The rows of a file tell the same fields, so that a few statements write them all.
    for codes, keys in written.items():
        FileRow.objects.filter(pk__in=keys).update(told=list(codes), kept=True)


def _tell(
    file: DepartmentFile, values: Mapping[int, Mapping[str, str]], decided_by: str, by: Actor
) -> None:
    """Through the act of the register; what somebody decided stands as a decision, by name."""
    batch, source = file.batch, source_of_file(file)
    assert batch is not None  # noqa: S101 - a file that is kept has one
    if decided_by:
        source = replace(source, by=decided_by, user_id=None, post_id=None)
    reason = _("部门数据与登记不一致，核对后采用报送的内容") if decided_by else ""
    within = by.within_act("residents.keep")
    keep_values(batch, values=values, source=source, decided=reason, by=within)


def _to_write(row: FileRow) -> dict[str, str]:
    """What is not written yet and stands against nobody's word."""
    told = set(row.told)
    return {
        code: text
        for code, text in row.values.items()
        if row.conflicts.get(code, FILE) == FILE and code not in told
    }
