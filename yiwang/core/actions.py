"""Writes of the core: parameters by new dated values, days of the working calendar, whole files."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from .acts import Actor, act, lock, moment, note
from .errors import Refused
from .models import CalendarDay, Infected, InfectedFile, Parameter, Scan, TaskRun
from .models.law import DayKind, forget_law
from .scanner import scanner


@act("core.parameters")
def set_parameter(
    current: Parameter,
    *,
    value: Any,
    effective_from: date,
    jurisdiction: str,
    source: str,
    confidence: str,
    note_text: str = "",
    reason: str = "",
    by: Actor,
) -> Parameter:
    """Give a rule a new value from a day on; the value before ends the day before.

    The past is never edited: a decision of last year is still judged by last year's value.
    `current` names the rule; the new row may be for another jurisdiction. Refused: a day not after
    the value in force began, a later value planned already, a value of another kind.
    """
    if type(value) is not type(current.value) and not _numbers(value, current.value):
        sentence = _("新数值的类型与现行数值不同，请按现行数值的写法填写。")
        raise Refused("kind", sentence, {"value": sentence})
    by.must("core.parameters", Parameter(jurisdiction=jurisdiction))
    before = _latest(current.rule_id, jurisdiction)
    if before is not None:
        _end_before(before, effective_from)
    new = Parameter(
        rule_id=current.rule_id, jurisdiction=jurisdiction, effective_from=effective_from,
        value=value, unit=current.unit, source=source, confidence=confidence,
        name=current.name, name_en=current.name_en, note=note_text,
    )  # fmt: skip
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        raise Refused("overlap", _("这一天起已经另有数值，请核对施行日期。")) from None
    note(rule_id=new.rule_id, before=before and before.value, after=value, on=effective_from)
    transaction.on_commit(forget_law)
    return new


def _numbers(one: Any, other: Any) -> bool:
    plain = (int, float)
    flags = isinstance(one, bool) or isinstance(other, bool)
    return isinstance(one, plain) and isinstance(other, plain) and not flags


def _latest(rule_id: str, jurisdiction: str) -> Parameter | None:
    rows = Parameter.objects.filter(rule_id=rule_id, jurisdiction=jurisdiction)
    return rows.order_by("-effective_from").first()


def _end_before(before: Parameter, day: date) -> None:
    lock(before)
    if day <= before.effective_from:
        sentence = _("施行日期须晚于 %(day)s，过去的数值不能改动。") % {
            "day": before.effective_from
        }
        raise Refused("past", sentence, {"effective_from": sentence})
    last = day - timedelta(days=1)
    if before.effective_to is None or before.effective_to > last:
        before.effective_to = last
        before.save(update_fields=["effective_to", "updated_at"])


@act("core.calendar")
def set_calendar_day(
    day: CalendarDay,
    *,
    kind: str,
    name: str = "",
    name_en: str = "",
    provisional: bool = False,
    source: str = "",
    reason: str = "",
    by: Actor,
) -> CalendarDay:
    """Make a day a holiday or a worked weekend; an ordinary day is simply not kept as a row.

    `day` may be unsaved: the act asks only for its date.
    """
    kept = CalendarDay.objects.filter(date=day.date).first()
    before = {"kind": kept.kind, "name": kept.name} if kept else None
    weekend = day.date.weekday() >= 5
    if (kind == DayKind.MAKEUP and not weekend) or (kind == DayKind.WORKDAY and weekend):
        sentence = _("调休上班只能是周末，周末上班请选“调休上班”。")
        raise Refused("kind", sentence, {"kind": sentence})
    record = kept or CalendarDay(date=day.date)
    note(date=day.date, before=before, after={"kind": kind, "name": name})
    transaction.on_commit(forget_law)
    if kind in (DayKind.WORKDAY, DayKind.REST):
        return _make_ordinary(kept, day)
    record.kind, record.name, record.name_en = kind, name, name_en
    record.provisional, record.source = provisional, source
    record.save()
    return record


def _make_ordinary(kept: CalendarDay | None, day: CalendarDay) -> CalendarDay:
    if kept is not None:
        kept.delete()
    return day


@act("core.calendar")
def load_calendar_days(city: CalendarDay, *, rows: list[CalendarDay], by: Actor) -> CalendarDay:
    """Take over the days of a file: a date already kept is replaced, others stay.

    `city` is any day, it stands for the whole calendar when the right is asked.
    """
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["kind", "name", "name_en", "provisional", "source", "updated_at"],
        batch_size=2000,
    )
    note(days=len(rows))
    transaction.on_commit(forget_law)
    return city


@act("core.parameters")
def load_parameter_rows(city: Parameter, *, rows: list[Parameter], by: Actor) -> Parameter:
    """Add the values of a file that are not kept yet; values kept are never overwritten.

    A row counts as kept when its rule, jurisdiction and first day are. Refused: a new row overlaps
    a value in force.
    """
    kept = set(Parameter.objects.values_list("rule_id", "jurisdiction", "effective_from"))
    new = [row for row in rows if (row.rule_id, row.jurisdiction, row.effective_from) not in kept]
    try:
        with transaction.atomic():
            Parameter.objects.bulk_create(new, batch_size=2000)
    except IntegrityError:
        raise Refused("overlap", _("文件中有数值与现行数值的日期重叠，什么都没有装入。")) from None
    note(added=len(new), kept=len(rows) - len(new))
    transaction.on_commit(forget_law)
    return city


@act("core.scan")
def scan_file(record: Any, *, about: str, by: Actor) -> Any:
    """Look for viruses in a kept file. An infected one goes into the quarantine, sealed.

    A file that was looked at, or that no scanner is there for, stays as it is. `about` says what
    it is for, without naming anybody. Raises ScannerDown; then it goes on waiting.
    """
    lock(record)
    look = scanner()
    if record.scan != Scan.WAITING or not record.file or look is None:
        return record
    with record.file.open("rb") as opened:
        body = opened.read()
    verdict = look.scan(body)
    record.scan, record.scanned_at = Scan.CLEAN, moment()
    note(clean=verdict.clean, signature=verdict.signature)
    if not verdict.clean:
        record.scan = Scan.INFECTED
        found = Infected(about, record.file_name, verdict.signature)
        InfectedFile.keep_away(record, found, body)
        stored, name = record.file.storage, record.file.name
        transaction.on_commit(lambda: stored.delete(name))
        record.file = ""
    record.save()
    return record


@act("core.tasks")
def run_task(task: TaskRun, *, by: Actor) -> TaskRun:
    """Put a scheduled job into the queue now. Raises Refused: waiting."""
    try:
        with transaction.atomic():
            app.configure_task(task.code, queueing_lock=task.code).defer(
                timestamp=int(moment().timestamp())
            )
    except AlreadyEnqueued:
        raise Refused("waiting", _("这个任务已经在排队，请稍候。")) from None
    task.save()
    return task
