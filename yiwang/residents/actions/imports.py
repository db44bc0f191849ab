"""Imports as acts: opened, checked against the register, loaded and undone as a whole."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.core.rules.wording import listed
from yiwang.core.rules.wording import said as gettext
from yiwang.divisions.models import Division, Level
from yiwang.divisions.models.division import names_of
from yiwang.residents.models import (
    Household,
    ImportBatch,
    ImportFile,
    LifeState,
    Resident,
    SourceKind,
    SourceRecord,
    all_fields,
    staging,
)
from yiwang.residents.reads.golden import fresh_days
from yiwang.residents.reads.places import places_under
from yiwang.residents.rules.address import parts_of
from yiwang.residents.rules.checking import Checked, Problem, check_table
from yiwang.residents.rules.reading import ROW, Table, Unreadable, read_table

from .settling import RENEWED, settle_people, source_of

_NAMED: Final = 5
"""How many rows a refusal names; the rest are counted."""
State = ImportBatch.State


@dataclass(frozen=True)
class _Examined:
    """Rows that are new, rows the register holds already, and what is wrong with the others."""

    new: pl.DataFrame
    known: int
    problems: list[Problem]
    total: int
    extras: list[str]

    @property
    def failed(self) -> int:
        return len({problem.row for problem in self.problems})


@act("residents.import")
def open_import(
    division: Division,
    *,
    file_name: str,
    content: bytes,
    keep: bool = True,
    background: bool = False,
    by: Actor,
) -> ImportBatch:
    """Take a workbook in; nothing of it is in the register yet. `keep` stores it, encrypted;
    `background` leaves the check to a job.

    Raises Refused too_big, for files that are kept.
    """
    if keep:
        _must_be_loadable(content)
    batch = ImportBatch.objects.create(
        division=division,
        file_name=clean_text(file_name)[-200:] or "-",
        digest=hashlib.sha256(content).digest(),
        by_user_id=by.user_id,
        by_post_id=by.post_id,
        by_label=by.label[:160],
    )
    file = ImportFile(batch=batch)
    if keep:
        file.content = content
    file.save()
    if background:
        app.configure_task("residents.check_import").defer(batch=batch.pk)
    return batch


@act("residents.import")
def preview_import(division: Division, *, file_name: str, content: bytes, by: Actor) -> ImportBatch:
    """Take a workbook in and check it at once: one act, so that one key answers for both.

    Raises Refused: unreadable (with what is wrong with the file and the cure), too_big.
    """
    try:
        table = _few_enough(read_table(content))
    except Unreadable as fault:
        raise Refused(fault.code, str(fault), {"file": str(fault)}) from fault
    batch = open_import(division, file_name=file_name, content=content, by=by)
    return check_import(batch, table=table, by=by)


@act("residents.import")
def check_import(batch: ImportBatch, *, table: Table | None = None, by: Actor) -> ImportBatch:
    """Check every row by itself, within the file and against the register; write nothing of it.

    A file that cannot be read leaves the batch in the state `failed` with the reason.
    Raises Refused wrong_state.
    """
    lock(batch)
    _must_be(batch, State.WAITING)
    try:
        table = table or _few_enough(read_table(batch.file.content))
    except Unreadable as fault:
        batch.state, batch.problem = State.FAILED, fault.told
        batch.save()
        return batch
    examined = _examine(table, batch.division)
    batch.state = State.PREVIEWED
    _count(batch, table, examined)
    note(rows=batch.rows, failed=batch.failed)
    return batch


@act("residents.import")
def queue_import(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Leave the loading of a large workbook to background work. Raises Refused wrong_state."""
    lock(batch)
    _must_be(batch, State.PREVIEWED)
    batch.state = State.LOADING
    batch.save()
    app.configure_task("residents.load_import").defer(batch=batch.pk)
    return batch


@act("residents.import")
def fail_import(batch: ImportBatch, *, problem: str, by: Actor) -> ImportBatch:
    """Nothing was entered: the workbook can be loaded again after `problem` is seen to."""
    lock(batch)
    batch.state, batch.problem = State.PREVIEWED, problem
    batch.save()
    return batch


@act("residents.import")
def import_residents(batch: ImportBatch, *, table: Table | None = None, by: Actor) -> ImportBatch:
    """Enter every sound row of a checked workbook at once; the others stay out, with their faults.

    The rows are checked again, because the register may have changed since the preview; a
    `table` at hand needs no preview.
    Raises Refused: wrong_state, nothing_to_import, collected_meanwhile.
    """
    lock(batch)
    _must_be(batch, State.PREVIEWED, State.LOADING, *([State.WAITING] if table else []))
    table = table or read_table(batch.file.content)
    # Two imports at once would both find a number free; the second waits for the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('residents.import'))")
    examined = _examine(table, batch.division)
    if examined.new.is_empty():
        raise Refused("nothing_to_import", gettext("没有可以导入的行：请先改正错误，再重新上传。"))
    _load(batch, examined, by)
    batch.state, batch.loaded_at, batch.problem = State.LOADED, moment(), ""
    _count(batch, table, examined)
    if not examined.problems:
        ImportFile.objects.filter(batch=batch).update(sealed_content=None)
    note(rows=batch.ok, file=batch.file_name)
    return batch


@act("residents.undo_import")
def undo_import(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """Take a whole import back: its people leave the register, their traces stay in the journal.

    Raises Refused: wrong_state, too_late, rows_in_use (names them).
    """
    lock(batch)
    _must_be(batch, State.LOADED)
    _must_not_be_old(batch)
    used = _used_since(batch)
    if used:
        names = listed(used[:_NAMED])
        raise Refused(
            "rows_in_use",
            _("不能撤销：这次导入的居民中有 %(count)s 人已经办过事或改过信息，例如%(names)s。")
            % {"count": len(used), "names": names},
        )
    people = Resident.objects.filter(batch=batch)
    homes = list(people.exclude(household=None).values_list("household_id", flat=True).distinct())
    Household.objects.filter(head__batch=batch).update(head=None)
    gone = people.update(
        state=LifeState.WITHDRAWN,
        state_on=timezone.localdate(moment()),
        household=None,
        relation="",
    )
    Household.objects.filter(pk__in=homes, members__isnull=True, head=None).delete()
    batch.state, batch.undone_at = State.UNDONE, moment()
    batch.save()
    told = SourceRecord.objects.filter(batch=batch).exclude(resident__batch=batch)
    # What the import told of people it did not bring no longer counts.
    settle_people(Resident.objects.filter(pk__in=told.values("resident_id")))
    note(rows=gone)
    return batch


def _must_be(batch: ImportBatch, *states: str) -> None:
    if batch.state not in states:
        state = batch.get_state_display()
        raise Refused("wrong_state", _("这次导入是“%(state)s”，不能这样做。") % {"state": state})


def _must_be_loadable(content: bytes) -> None:
    limit = parameter("residents.import_megabytes")
    if len(content) > limit * 1024**2:
        sentence = _("文件有 %(size)s MB，超过 %(limit)s MB；请按社区分成几份上传。") % {
            "size": len(content) // 1024**2,
            "limit": limit,
        }
        raise Refused("too_big", sentence, {"file": sentence})


def _must_not_be_old(batch: ImportBatch) -> None:
    days = parameter("residents.import_undo_days")
    if batch.loaded_at and moment() - batch.loaded_at > timedelta(days=days):
        raise Refused("too_late", _("导入已超过 %(days)s 天，不能再整批撤销。") % {"days": days})


def _few_enough(table: Table) -> Table:
    """The table, unless a file that was uploaded has too many rows. Raises Unreadable."""
    limit = parameter("residents.import_rows")
    if table.frame.height > limit:
        raise Unreadable(
            "too_many_rows",
            gettext("文件有 %(rows)s 行，超过 %(limit)s 行。")
            % {"rows": table.frame.height, "limit": limit},
            gettext("请按社区分成几份上传。"),
        )
    return table


def _count(batch: ImportBatch, table: Table, examined: _Examined) -> None:
    batch.mapping = {"columns": dict(table.titles), "ignored": table.ignored}
    batch.rows, batch.ok = examined.total, examined.new.height
    batch.failed, batch.known = examined.failed, examined.known
    batch.save()
    errors = json.dumps([one.kept() for one in examined.problems], ensure_ascii=False)
    ImportFile.objects.filter(batch=batch).update(
        sealed_errors=errors if examined.problems else None
    )


# ---------- examining ----------


def _examine(table: Table, division: Division) -> _Examined:
    checked = check_table(table, timezone.localdate(moment()), all_fields())
    placed, problems = _placed(checked, table, division)
    placed = staging.with_keys(placed)
    staging.stage_keys(placed)
    known, conflicts = _against_register(placed, table)
    problems = sorted([*checked.problems, *problems, *conflicts], key=lambda one: one.row)
    bad = known | {problem.row for problem in problems}
    new = placed.filter(~pl.col(ROW).is_in(list(bad)))
    return _Examined(new, len(known), problems, checked.total, checked.extras)


def _placed(
    checked: Checked, table: Table, division: Division
) -> tuple[pl.DataFrame, list[Problem]]:
    """The community of every row: the one imported for, or the one its own columns name."""
    frame, problems = checked.frame, []
    named = frame.filter((pl.col("community") != "") | (pl.col("division_code") != ""))
    if division.level == Level.COMMUNITY and named.is_empty():
        return frame.with_columns(pl.lit(division.pk, pl.Int64).alias("division_id")), []
    places = places_under(division)
    own = division.pk if division.level == Level.COMMUNITY else None
    keys: list[int | None] = []
    title = table.titles.get("community") or table.titles.get("division_code") or gettext("社区")
    for row, name, code in frame.select(ROW, "community", "division_code").iter_rows():
        found = places.get(code or name, []) if (name or code) else [own] if own else []
        keys.append(found[0] if len(found) == 1 else None)
        if len(found) != 1:
            problems.append(
                Problem(row, title, (code or name)[:60], *_place_fault(found, division))
            )
    frame = frame.with_columns(pl.Series("division_id", keys, dtype=pl.Int64))
    return frame.filter(pl.col("division_id").is_not_null()), problems


def _place_fault(found: list[Any], division: Division) -> tuple[str, str]:
    if found:
        return (
            gettext("%(name)s有几个同名的村（居）。") % {"name": division.name},
            gettext("请加“社区代码”一列，填 12 位代码。"),
        )
    return (
        gettext("%(name)s没有这个村（居）。") % {"name": division.name},
        gettext("按区划里的全称填写，或者到那个村（居）去导入。"),
    )


def _against_register(frame: pl.DataFrame, table: Table) -> tuple[set[int], list[Problem]]:
    """Rows that are in the register already, and rows whose person another record holds."""
    known: set[int] = set()
    problems: list[Problem] = []
    numbers = staging.rows_with_known_numbers()
    names = names_of([place for _row, place, here in numbers if not here])
    title = table.titles.get("identity_number") or gettext("公民身份号码")
    for row, place, here in numbers:
        if here:
            known.add(row)
            continue
        problem = gettext("已采集：这个人的档案在%(community)s。") % {
            "community": names.get(place, "")
        }
        problems.append(
            Problem(row, title, "", problem, gettext("请联系那里办理迁移，不用再登记。"))
        )
    counted = known | {problem.row for problem in problems}
    for row, _person, certain in staging.rows_with_known_people():
        if row in counted:
            continue
        if certain:
            known.add(row)
        else:
            problem = gettext("本社区已有同名、同出生日期或同电话的人，可能是同一个人。")
            cure = gettext("请打开那份档案核对，直接在档案里补充；确是两个人的，单独登记。")
            problems.append(
                Problem(row, table.titles.get("name") or gettext("姓名"), "", problem, cure)
            )
    return known, problems


# ---------- loading ----------


def _load(batch: ImportBatch, examined: _Examined, by: Actor) -> None:
    today = timezone.localdate(moment())
    frame = examined.new
    staging.stage_rows(frame)
    places = frame.filter(pl.col("home_address") != "").select("division_id", "home_address")
    staging.stage_dwellings(
        {"division_id": key, "address": address, **parts_of(address)}
        for key, address in places.unique().iter_rows()
    )
    staging.stage_facts(frame, examined.extras)
    source = source_of(SourceKind.IMPORT, _("表格导入"), by, on=today, batch=batch)
    entered = staging.insert_staged(source, _due(today))
    if entered != frame.height:
        raise Refused("collected_meanwhile", _("导入时登记册正在变化，请再试一次。"))


def _due(today: date) -> staging.Due:
    phone, address = (fresh_days(all_fields()[code]) for code in RENEWED)
    longest = today + timedelta(days=address or 0)
    return staging.Due(
        phone=today + timedelta(days=phone) if phone else None,
        address=longest if address else None,
        neither=longest,
    )


def _used_since(batch: ImportBatch) -> list[str]:
    """Masked names of the people of an import who are in use: matters, corrections, moves."""
    people = Resident.objects.filter(batch=batch)
    used: set[int] = set(people.exclude(state=LifeState.LIVE).values_list("pk", flat=True))
    later = SourceRecord.objects.filter(resident__batch=batch).exclude(batch=batch)
    used |= set(later.values_list("resident_id", flat=True))
    heirs = Resident.objects.filter(merged_into__batch=batch)
    used |= set(heirs.values_list("merged_into_id", flat=True))
    for relation in Resident._meta.related_objects:
        model, field = relation.related_model, relation.field.name
        # What upper apps hang on a resident is found without knowing those apps.
        if model._meta.app_label == "residents" or getattr(model, "of_records", False):
            continue
        rows = model._default_manager.filter(**{f"{field}__batch": batch})
        used |= set(rows.values_list(f"{field}_id", flat=True))
    held = people.filter(pk__in=used).order_by("pk")
    return [person.masked_name for person in held]
