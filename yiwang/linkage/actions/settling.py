"""What people decide about single rows: doubtful matches, conflicts, and checks on the spot."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.linkage.models import CheckTask, DepartmentFile, FileRow
from yiwang.linkage.reads.matching import BY_PERSON
from yiwang.linkage.rules.trust import FILE, PERSON, REGISTER
from yiwang.residents.actions import decide_field
from yiwang.residents.models import Resident
from yiwang.residents.reads import known_fields

from .comparing import compare, keep
from .sending import count_rows


@act("linkage.resolve")
def decide_conflict(row: FileRow, *, field: str, take: str, by: Actor) -> FileRow:
    """Whose value holds, the file's or the register's. Raises Refused: no_conflict, unknown_answer,
    undone."""
    _lock_live(row)
    if row.conflicts.get(field) != PERSON:
        raise Refused("no_conflict", _("这一项没有待裁定的冲突。"))
    if take not in (FILE, REGISTER):
        raise Refused("unknown_answer", _("请选择：采用报送的，或保留一网的。"))
    row.conflicts = {**row.conflicts, field: take}
    row.decided = {**row.decided, field: by.label[:160]}
    row.undecided -= 1
    row.save()
    note(field=field, take=take)
    if take == REGISTER:
        _keep_decision(row, field, by)
    _write(row, by)
    return row


@act("linkage.resolve")
def settle_doubt(row: FileRow, *, same: bool, by: Actor) -> FileRow:
    """Whether a doubtful row means the person shown. Raises Refused: not_doubtful, undone."""
    _lock_live(row)
    if row.state != FileRow.State.DOUBTFUL:
        raise Refused("not_doubtful", _("这一行不用再核对。"))
    note(same=same)
    if same and row.resident is not None:
        _match(row, row.resident, by)
        return row
    row.state, row.resident, row.how = FileRow.State.UNMATCHED, None, ""
    row.save()
    CheckTask.objects.create(row=row, division_id=row.division_id)
    count_rows(row.file)
    return row


@act("linkage.check")
def answer_task(
    task: CheckTask,
    *,
    answer: str,
    resident: Resident | None = None,
    note_text: str = "",
    by: Actor,
) -> CheckTask:
    """What a community found out; found or entered, the row is matched to the resident.

    Raises Refused: already_answered, unknown_answer, who (no resident of the place is named).
    """
    lock(task)
    if task.answer != CheckTask.Answer.OPEN:
        raise Refused("already_answered", _("这项核查已经完成。"))
    if answer not in set(CheckTask.Answer.values) - {CheckTask.Answer.OPEN}:
        raise Refused("unknown_answer", _("请选择核查结果。"))
    named = answer in (CheckTask.Answer.FOUND, CheckTask.Answer.ENTERED)
    if named and (resident is None or not resident.is_live):
        sentence = _("请选出这位居民的档案；还没有登记的，请先登记。")
        raise Refused("who", sentence, {"resident": sentence})
    _lock_live(task.row)
    task.answer, task.note = answer, note_text.strip()[:200]
    task.answered_at, task.answered_by = moment(), by.label[:160]
    task.resident = resident if named else None
    task.save()
    if named and resident is not None:
        by.must("linkage.check", resident)
        _match(task.row, resident, by)
    note(answer=answer)
    return task


def _lock_live(row: FileRow) -> None:
    lock(row)
    if row.file.state in (DepartmentFile.State.UNDOING, DepartmentFile.State.UNDONE):
        raise Refused("undone", _("这份数据已经撤销。"))


def _match(row: FileRow, resident: Resident, by: Actor) -> None:
    row.state, row.resident, row.how = FileRow.State.MATCHED, resident, BY_PERSON
    compare([row], row.file)
    row.save()
    _write(row, by)


def _keep_decision(row: FileRow, field: str, by: Actor) -> None:
    """That the register was found right is a decision on record too, by name and with the reason."""
    person = row.resident
    known = known_fields(person, [field], timezone.localdate(moment())) if person else {}
    if person is not None and person.is_live and field in known:
        reason = _("与%(unit)s报送的“%(file)s”不一致，核对后保留一网的内容") % {
            "unit": row.file.unit.name, "file": row.file.file_name,
        }  # fmt: skip
        decide_field(
            person, field=field, record=known[field].record, reason=reason[:300],
            by=by.within_act("residents.decide"),
        )  # fmt: skip


def _write(row: FileRow, by: Actor) -> None:
    """At once where the file is written already; else with the others."""
    if row.file.state == DepartmentFile.State.KEPT:
        keep(row.file, [row], by)
    count_rows(row.file)
