"""A department's file: taken in, matched, kept and undone; each long step goes on after a crash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.linkage.models import CheckTask, ColumnMemory, DepartmentFile, FileRow
from yiwang.linkage.reads.columns import guessed, sent_fields, table_of
from yiwang.linkage.reads.matching import matches
from yiwang.residents.actions import take_back_values
from yiwang.residents.models import ImportBatch, all_fields
from yiwang.residents.reads.places import places_under
from yiwang.residents.rules.checking import Checked, check_table
from yiwang.residents.rules.columns import plain_title
from yiwang.residents.rules.reading import ROW, Table, Unreadable

from .comparing import compare, keep

ROWS_AT_ONCE: Final = 2000
"""Rows of one transaction: what a crash costs at most."""
State = DepartmentFile.State


@dataclass(frozen=True)
class Opened:
    """A file read and checked once for all its portions."""

    table: Table
    checked: Checked
    places: Mapping[str, list[int]]

    @classmethod
    def of(cls, file: DepartmentFile) -> "Opened":
        """Raises Unreadable."""
        table = table_of(file.content, file.columns)
        checked = check_table(table, timezone.localdate(moment()), all_fields())
        return cls(table, checked, places_under(file.division))


@act("linkage.send")
def open_file(
    division: Division, *, unit: Unit, file_name: str, content: bytes, by: Actor
) -> DepartmentFile:
    """Take a list in for an area and guess its columns. Raises Refused: too_big, foreign_unit,
    and what is wrong with a file that cannot be read."""
    if by.by_unit and unit.pk != by.unit_id:
        raise Refused("foreign_unit", _("只能为本单位报送数据。"))
    limit = parameter("residents.import_megabytes")
    if len(content) > limit * 1024**2:
        sentence = _("文件超过 %(limit)s MB；请分成几份上传。") % {"limit": limit}
        raise Refused("too_big", sentence, {"file": sentence})
    try:
        columns = guessed(content, unit)
    except Unreadable as fault:
        raise Refused(fault.code, str(fault), {"file": str(fault)}) from fault
    file = DepartmentFile(
        division=division, unit=unit, file_name=clean_text(file_name)[-200:] or "-",
        titles=list(columns), columns=columns, by_user_id=by.user_id, by_post_id=by.post_id, by_label=by.label[:160],
    )  # fmt: skip
    file.content = content
    file.save()
    return file


@act("linkage.send")
def choose_columns(
    file: DepartmentFile,
    *,
    columns: Mapping[str, str] | None = None,
    background: bool = True,
    by: Actor,
) -> DepartmentFile:
    """Confirm what the columns mean, remember it for the unit, and begin to match.

    Raises Refused: wrong_state, and what is wrong with the table under these columns.
    """
    lock(file)
    _must_be(file, State.COLUMNS)
    chosen = {**file.columns, **{k: v for k, v in (columns or {}).items() if k in file.columns}}
    try:
        table = table_of(file.content, chosen)
    except Unreadable as fault:
        raise Refused(fault.code, str(fault)) from fault
    most = parameter("residents.import_rows")
    if table.frame.height > most:
        raise Refused("too_many_rows", _("文件超过 %(most)s 行；请分成几份。") % {"most": most})
    ColumnMemory.objects.bulk_create(
        [
            ColumnMemory(unit=file.unit, title=title, code=code)
            for title, code in {plain_title(k): v for k, v in chosen.items()}.items()
        ],
        update_conflicts=True,
        unique_fields=["unit", "title"],
        update_fields=["code", "updated_at"],
    )
    file.columns, file.state = chosen, State.MATCHING
    file.rows_total = table.frame.height
    file.save()
    if background:
        app.configure_task("linkage.work_on_file").defer(file=file.pk)
    return file


@act("linkage.send")
def match_rows(file: DepartmentFile, *, opened: Opened | None = None, by: Actor) -> DepartmentFile:
    """Match the next portion of rows; the file is `matched` after the last. Raises wrong_state."""
    lock(file)
    _must_be(file, State.MATCHING)
    opened = opened or Opened.of(file)
    portion = opened.table.frame.slice(file.rows_done, ROWS_AT_ONCE)
    rows = [*_damaged(file, opened, portion), *_sound(file, opened, portion)]
    compare(rows, file)
    made = FileRow.objects.bulk_create(rows, batch_size=1000)
    _ask_communities([row for row in made if row.state == FileRow.State.UNMATCHED])
    file.rows_done += portion.height
    if file.rows_done >= file.rows_total:
        file.state = State.MATCHED
        file.problem = ""
    count_rows(file)
    note(rows=file.rows_done)
    return file


@act("linkage.send")
def queue_keeping(file: DepartmentFile, *, background: bool = True, by: Actor) -> DepartmentFile:
    """Begin to write the values of the matched rows. Raises Refused: wrong_state, nothing_to_keep."""
    lock(file)
    _must_be(file, State.MATCHED)
    if not file.matched:
        raise Refused("nothing_to_keep", _("没有匹配到人，没有可写入的内容。"))
    file.batch = ImportBatch.objects.create(
        kind=ImportBatch.Kind.VALUES, division=file.division, file_name=file.file_name,
        digest=hashlib.sha256(file.content).digest(), state=ImportBatch.State.LOADED,
        by_user_id=by.user_id, by_post_id=by.post_id, by_label=by.label[:160],
    )  # fmt: skip
    file.state = State.KEEPING
    file.save()
    if background:
        app.configure_task("linkage.work_on_file").defer(file=file.pk)
    return file


@act("linkage.send")
def keep_rows(file: DepartmentFile, *, by: Actor) -> DepartmentFile:
    """Write the next portion; the file is `kept` after the last. Raises Refused wrong_state."""
    lock(file)
    _must_be(file, State.KEEPING)
    waiting = file.rows.filter(state=FileRow.State.MATCHED, kept=False).order_by("row")
    rows = list(waiting[:ROWS_AT_ONCE])
    if rows:
        keep(file, rows, by)
    if len(rows) < ROWS_AT_ONCE:
        file.state, file.kept_at, file.problem = State.KEPT, moment(), ""
    count_rows(file)
    note(rows=file.kept)
    return file


@act("linkage.send")
def fail_file(file: DepartmentFile, *, problem: str, by: Actor) -> DepartmentFile:
    """The file cannot go on; nothing of it was written that undoing would not take back."""
    lock(file)
    file.state, file.problem = State.FAILED, problem
    file.save()
    return file


@act("linkage.send")
def undo_file(file: DepartmentFile, *, background: bool = True, by: Actor) -> DepartmentFile:
    """Begin to take the whole file back: at once its open tasks go and nothing more is decided;
    its values are taken back portion by portion (`undo_rows`).

    Raises Refused: wrong_state, too_late.
    """
    lock(file)
    _must_be(file, State.KEPT, State.MATCHED)
    days = parameter("residents.import_undo_days")
    if file.kept_at and (moment() - file.kept_at).days > days:
        raise Refused("too_late", _("写入已超过 %(days)s 天，不能再撤销。") % {"days": days})
    CheckTask.objects.filter(row__file=file, answer=CheckTask.Answer.OPEN).delete()
    file.state = State.UNDOING
    file.save()
    if background:
        app.configure_task("linkage.work_on_file").defer(file=file.pk)
    return file


@act("linkage.send")
def undo_rows(file: DepartmentFile, *, by: Actor) -> DepartmentFile:
    """Take the next portion back; the file is `undone` after the last. Raises Refused wrong_state."""
    lock(file)
    _must_be(file, State.UNDOING)
    rows = list(file.rows.filter(kept=True).order_by("row")[:ROWS_AT_ONCE])
    if file.batch:
        people = {row.resident_id for row in rows if row.resident_id}
        take_back_values(file.batch, people=people, by=by.within_act("residents.keep"))
    file.rows.filter(pk__in=[row.pk for row in rows]).update(kept=False, told=[])
    if len(rows) < ROWS_AT_ONCE:
        file.state, file.undone_at, file.problem = State.UNDONE, moment(), ""
    count_rows(file)
    note(rows=len(rows))
    return file


# ---------- parts ----------


def _must_be(file: DepartmentFile, *states: str) -> None:
    if file.state not in states:
        state = file.get_state_display()
        raise Refused("wrong_state", _("这份数据是“%(state)s”，不能这样做。") % {"state": state})


def _damaged(file: DepartmentFile, opened: Opened, portion: pl.DataFrame) -> list[FileRow]:
    inside = set(portion[ROW].to_list())
    faults: dict[int, list[dict[str, Any]]] = {}
    for one in opened.checked.problems:
        if one.row in inside:
            faults.setdefault(one.row, []).append(one.kept())
    return [
        FileRow(
            file=file, division_id=file.division_id, row=row, state=FileRow.State.DAMAGED,
            sealed_problems=json.dumps(told, ensure_ascii=False),
        )
        for row, told in faults.items()
    ]  # fmt: skip


def _sound(file: DepartmentFile, opened: Opened, portion: pl.DataFrame) -> list[FileRow]:
    frame = opened.checked.frame.filter(pl.col(ROW).is_in(portion[ROW].to_list()))
    taken = file.rows.filter(resident__isnull=False).values_list("resident_id", flat=True)
    found = matches(frame, range_of(file.division_id), [key for key in taken if key])
    codes = sent_fields(opened.table)
    rows = []
    for line in frame.iter_rows(named=True):
        match = found[line[ROW]]
        values = {code: line[code] for code in codes if line[code]}
        rows.append(
            FileRow(
                file=file, row=line[ROW], state=match.state, how=match.how, score=match.score,
                resident_id=match.resident, division_id=_place(line, opened, file.division_id),
                sealed_values=json.dumps(values, ensure_ascii=False),
            )
        )  # fmt: skip
    return rows


def _place(line: Mapping[str, Any], opened: Opened, otherwise: int) -> int:
    """The community a row names, or whose name its address begins with; else the whole area."""
    named = line.get("division_code") or line.get("community") or ""
    found = set(opened.places.get(named, ()))
    if not named:
        address = line.get("home_address") or ""
        found = {
            key for name, keys in opened.places.items() if address.startswith(name) for key in keys
        }
    return found.pop() if len(found) == 1 else otherwise


def _ask_communities(rows: list[FileRow]) -> None:
    CheckTask.objects.bulk_create(
        [CheckTask(row=row, division_id=row.division_id) for row in rows], batch_size=1000
    )


def count_rows(file: DepartmentFile) -> None:
    """Bring the counts of a file up to its rows, and save it."""
    states = {f"n_{state}": Count("pk", filter=Q(state=state)) for state in FileRow.State.values}
    told = file.rows.aggregate(
        conflicts=Count("pk", filter=Q(undecided__gt=0)), kept=Count("pk", filter=Q(kept=True)),
        **states,
    )  # fmt: skip
    file.matched, file.doubtful = told["n_matched"], told["n_doubtful"]
    file.unmatched, file.damaged = told["n_unmatched"], told["n_damaged"]
    file.conflicts, file.kept = told["conflicts"], told["kept"]
    file.save()
