"""A department's list sets, confirms and ends the tags of matched people, and is taken back."""

import json
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.linkage.models import CheckTask, DepartmentFile
from yiwang.tags.models import EndReason, Roll, RollLine, Tag, TagEvent, TagKind
from yiwang.tags.reads.rolls import carried
from yiwang.tags.rules import months_after

from .tagging import must_be_listed, must_be_of_the_role

AT_ONCE: Final = 1000
State, What = Roll.State, TagEvent.What
_CHANGED: Final = ("confirmed_on", "valid_until", "evidence", "ended_on", "end_reason")


@act("tags.set")
def carry_roll(
    file: DepartmentFile, *, kind: TagKind, complete: bool = False, variant: str = "",
    grade: str = "", background: bool = True, by: Actor,
) -> Roll:  # fmt: skip
    """Order that a matched list be carried into a tag; a job does it.

    Raises Refused: wrong_state, rule_sets_it, retired, invalid, has_it, unsettled when a complete
    list still has rows of which nobody knows whom they mean. PermissionDenied as `set_tag`.
    """
    must_be_of_the_role(kind, by)
    lock(file)
    must_be_carriable(file, kind, complete=complete)
    must_be_listed(kind, variant=variant, grade=grade)
    if Roll.objects.standing().filter(file=file, kind=kind).exists():
        raise Refused("has_it", _("这份名单已经用来设置过这个标签。"))
    roll = Roll.objects.create(
        file=file, kind=kind, complete=complete, variant=variant, grade=grade,
        by_label=by.label[:160],
    )  # fmt: skip
    if background:
        app.configure_task("tags.work_on_roll").defer(roll=roll.pk)
    note(kind=kind.code, complete=complete)
    return roll


def must_be_carriable(file: DepartmentFile, kind: TagKind, *, complete: bool) -> None:
    """Whether a list may set tags of a kind. Raises Refused as `carry_roll`."""
    if file.state not in {DepartmentFile.State.MATCHED, DepartmentFile.State.KEPT}:
        state = file.get_state_display()
        raise Refused("wrong_state", _("这份数据是“%(state)s”，不能这样做。") % {"state": state})
    if kind.sets_itself:
        raise Refused("rule_sets_it", _("这个标签由规则自动设置，不用名单。"))
    if not kind.active:
        raise Refused("retired", _("这个标签没有启用。"))
    asked = CheckTask.objects.filter(row__file=file, answer=CheckTask.Answer.OPEN).count()
    if complete and (left := file.doubtful + asked):
        words = {"rows": left}
        sentence = _("还有 %(rows)s 行没有核对清楚是谁，不能按完整名单结束标签。") % words
        raise Refused("unsettled", sentence, {"complete": sentence})


@act("tags.set")
def work_on_roll(roll: Roll, *, by: Actor) -> Roll:
    """Do all of an ordered list at once, each tag with its trace; a second call does nothing."""
    lock(roll)
    if roll.state != State.WAITING:
        return roll
    today = timezone.localdate(moment())
    plan = carried(roll.file, roll.kind, complete=roll.complete, on=today)
    until = months_after(today, months) if (months := roll.kind.validity_months) else None
    made = [
        Tag(
            resident=one, division_id=one.division_id, kind=roll.kind, number=roll.kind.number,
            variant=roll.variant, grade=roll.grade, since=today, valid_until=until,
            confirmed_on=today, evidence=_evidence(roll, plan.rows[one.pk]),
        )
        for one in plan.to_set
    ]  # fmt: skip
    Tag.objects.bulk_create(made, batch_size=AT_ONCE)
    _keep(roll, made, What.SET, today, {})
    before = {tag.pk: _as_it_is(tag) for tag in (*plan.to_confirm, *plan.to_end)}
    for tag in plan.to_confirm:
        tag.confirmed_on, tag.valid_until = today, until or tag.valid_until
        tag.evidence = _evidence(roll, plan.rows[tag.resident_id])
    for tag in plan.to_end:
        tag.ended_on, tag.end_reason = max(today, tag.since), EndReason.UNLISTED
    Tag.objects.bulk_update([*plan.to_confirm, *plan.to_end], _CHANGED, batch_size=AT_ONCE)
    _keep(roll, plan.to_confirm, What.CONFIRMED, today, before)
    _keep(roll, plan.to_end, What.ENDED, today, before)
    for name, count in plan.counts.items():
        setattr(roll, name, count)
    roll.state, roll.done_at = State.DONE, moment()
    roll.save()
    note(kind=roll.kind.code, **plan.counts)
    return roll


@act("tags.set")
def undo_roll(roll: Roll, *, background: bool = True, by: Actor) -> Roll:
    """Order that exactly what a list did be taken back. Raises Refused: wrong_state, too_late.

    A list whose file was undone has no evidence left: it is taken back whenever that is found.
    """
    must_be_of_the_role(roll.kind, by)
    lock(roll)
    days = int(parameter("residents.import_undo_days"))
    if roll.state != State.DONE or roll.done_at is None:
        state = roll.get_state_display()
        raise Refused("wrong_state", _("这份名单是“%(state)s”，不能撤销。") % {"state": state})
    gone = roll.file.state == DepartmentFile.State.UNDONE
    if not gone and (moment() - roll.done_at).days > days:
        raise Refused("too_late", _("设置已超过 %(days)s 天，不能再撤销。") % {"days": days})
    roll.state = State.UNDOING
    roll.save()
    if background:
        app.configure_task("tags.work_on_roll").defer(roll=roll.pk)
    return roll


@act("tags.set")
def take_back_roll(roll: Roll, *, by: Actor) -> Roll:
    """Each tag becomes what it was; one that somebody has worked on since stays, and is counted."""
    lock(roll)
    if roll.state != State.UNDOING:
        return roll
    today = timezone.localdate(moment())
    untouched = list(_untouched(roll).select_related("tag"))
    for line in untouched:
        _turn_back(line, today)
    tags = [line.tag for line in untouched]
    Tag.objects.bulk_update(tags, _CHANGED, batch_size=AT_ONCE)
    _trace(roll, tags, What.UNDONE, today)
    roll.left = roll.lines.count() - len(tags)
    roll.state = State.UNDONE
    roll.save()
    note(kind=roll.kind.code, undone=len(tags), left=roll.left)
    return roll


def _untouched(roll: Roll) -> QuerySet[RollLine]:
    later = TagEvent.objects.filter(tag=OuterRef("tag"), pk__gt=OuterRef("event"))
    again = Tag.objects.live().filter(
        resident=OuterRef("tag__resident"), kind=roll.kind
    ).exclude(pk=OuterRef("tag"))  # fmt: skip
    return roll.lines.filter(~Exists(later), ~Exists(again))


def _turn_back(line: RollLine, today: date) -> None:
    tag, before = line.tag, line.before
    if line.what == What.SET:
        tag.ended_on, tag.end_reason = max(today, tag.since), EndReason.UNDONE
        return
    tag.confirmed_on = date.fromisoformat(before["confirmed_on"])
    until = before["valid_until"]
    tag.valid_until = date.fromisoformat(until) if until else None
    tag.evidence, tag.ended_on, tag.end_reason = before["evidence"], None, ""


def _as_it_is(tag: Tag) -> str:
    return json.dumps(
        {
            "confirmed_on": tag.confirmed_on.isoformat(), "evidence": tag.evidence,
            "valid_until": tag.valid_until.isoformat() if tag.valid_until else "",
        },
        ensure_ascii=False,
    )  # fmt: skip


def _evidence(roll: Roll, row: int) -> str:
    return f"{roll.title} {row}"


def _keep(roll: Roll, tags: list[Tag], what: str, on: date, before: dict[int, str]) -> None:
    """The trace of each tag, and the line by which it is taken back."""
    events = _trace(roll, tags, what, on)
    lines = [
        RollLine(roll=roll, tag=tag, event=event, what=what, sealed_before=before.get(tag.pk))
        for tag, event in zip(tags, events, strict=True)
    ]
    RollLine.objects.bulk_create(lines, batch_size=AT_ONCE)


def _trace(roll: Roll, tags: list[Tag], what: str, on: date) -> list[TagEvent]:
    events = [
        TagEvent(
            tag=tag, what=what, on=on, number=tag.number, reason=roll.title,
            by_label=roll.by_label,
        )
        for tag in tags
    ]  # fmt: skip
    return TagEvent.objects.bulk_create(events, batch_size=AT_ONCE)
