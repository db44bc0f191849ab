"""Forms coming back from the field: kept once, compared, settled, submitted (INF-06, EXP-05, 07)."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Item, Scan, Submission, Task
from yiwang.collection.reads.sheet import sheet_of
from yiwang.collection.rules.asking import Status
from yiwang.collection.rules.checking import Checked, read_form
from yiwang.collection.rules.moves import ItemState, may_move
from yiwang.core.acts import act, current_channel, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.core.rules.chinese import clean_text
from yiwang.residents.reads import departures

from .tasks import must_run

State = Submission.State
_KINDS: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"%PDF-": "application/pdf",
}


@act("collection.collect")
def fill_item(
    item: Item,
    *,
    key: str,
    answers: Mapping[str, Any],
    base: int = 0,
    collected_at: datetime | None = None,
    device: str = "",
    scan: Scan | None = None,
    by: Actor,
) -> Submission:
    """Keep one filled form. The same `key` again is the same form once.

    `base` is the version of the item the form was begun on. When another form has come since, both
    are kept and the item waits for somebody to settle them; equal forms do not clash. Faults are
    marked, not refused: nothing typed at a door is lost. Raises Refused: closed, key_missing,
    departed.
    """
    lock(item)
    if not key.strip():
        raise Refused("key_missing", _("表单没有编号，请刷新页面再填。"))
    earlier = Submission.objects.filter(key=key[:80]).select_related("item").first()
    if earlier is not None:
        return _same(earlier, item)
    must_run(item.task)
    _must_be_of_the_living(item)
    needed = _needed(item)
    checked = _checked(item, answers, needed)
    one = _form(item, key, base, collected_at, by)
    _count(one, item, checked, needed)
    one.device, one.scan = clean_text(device)[:40], scan
    one.channel = "paper" if scan else current_channel()[:8]
    one.answers = checked.answers()
    _receive(item, one, checked)
    note(state=item.state, marks=sorted(item.marks))
    return one


def _must_be_of_the_living(item: Item) -> None:
    """Raises Refused departed when the one person a form is for died or left meanwhile."""
    gone = departures([item.resident_id]).get(item.resident_id) if item.resident_id else None
    if gone is not None:
        raise Refused("departed", _("这位居民%(state)s，不用再采集。") % {"state": gone.label})


@act("collection.collect")
def settle_conflict(item: Item, *, answers: Mapping[str, Any], key: str, by: Actor) -> Item:
    """Say which values of two clashing forms are right; both old forms stay on file."""
    lock(item)
    if item.state != ItemState.CONFLICT:
        raise Refused("wrong_state", _("这里没有两份不一致的表。"))
    must_run(item.task)
    needed = _needed(item)
    checked = _checked(item, answers, needed)
    kept = item.submissions.exclude(state=State.REPLACED)
    met = max(one.collected_at for one in kept)
    kept.update(state=State.REPLACED)
    one = _form(item, key, item.version, met, by)
    _count(one, item, checked, needed)
    one.answers = checked.answers()
    item.state = ItemState.FILLED
    _keep(item, one, checked)
    return item


@act("collection.collect")
def submit_items(task: Task, *, items: Sequence[int] = (), by: Actor) -> Task:
    """Hand filled forms (those named, else all) to the township; forms with marks stay behind.

    Raises Refused nothing_ready.
    """
    must_run(task)
    rows = Item.objects.select_for_update(of=("self",)).filter(task=task, state=ItemState.FILLED)
    if items:
        rows = rows.filter(pk__in=items)
    ready = [one.pk for one in rows if not one.marks]
    if not ready:
        raise Refused("nothing_ready", _("没有可以提交的表：先填写，标出的问题要先改正。"))
    days = int(parameter("collection.check_days"))
    now = moment()
    Item.objects.filter(pk__in=ready).update(
        state=ItemState.SUBMITTED,
        submitted_user_id=by.user_id,
        submitted_at=now,
        check_due_at=deadline(now, days, Unit.WORKING_DAYS, calendar()),
    )
    note(items=len(ready))
    return task


@act("collection.collect")
def enter_list(
    task: Task,
    *,
    rows: Sequence[tuple[Item, Mapping[str, Any]]],
    key: str,
    scan_name: str = "",
    scan: bytes = b"",
    by: Actor,
) -> Task:
    """EXP-05: a whole signed list at once, with its scan, or nothing of it. Raises Refused."""
    if not rows:
        raise Refused("nothing_ready", _("请先勾选纸面上已填的行。"))
    kept = keep_scan(task, name=scan_name, content=scan, by=by) if scan else None
    for item, answers in rows:
        fill_item(
            item, key=f"{key}.{item.pk}", answers=answers, base=item.version, scan=kept, by=by
        )
    note(items=len(rows))
    return task


@act("collection.collect")
def keep_scan(task: Task, *, name: str, content: bytes, by: Actor) -> Scan:
    """Keep the picture of a signed list, encrypted. Raises Refused: too_big, file_type."""
    most = int(parameter("collection.scan_megabytes"))
    if len(content) > most * 2**20:
        sentence = _("扫描件超过 %(most)s MB，请压缩后再传。") % {"most": most}
        raise Refused("too_big", sentence, {"scan": sentence})
    kind = next((kind for head, kind in _KINDS.items() if content.startswith(head)), None)
    if kind is None:
        sentence = _("扫描件要是照片或 PDF。")
        raise Refused("file_type", sentence, {"scan": sentence})
    return Scan.objects.create(
        task=task,
        name=clean_text(name)[-200:] or "-",
        content_type=kind,
        digest=hashlib.sha256(content).hexdigest(),
        sealed=base64.b64encode(content).decode(),
        by_label=by.label[:160],
    )


def _form(item: Item, key: str, base: int, met: datetime | None, by: Actor) -> Submission:
    """A form, not yet saved. A device whose clock runs ahead met people now at the latest."""
    return Submission(
        item=item,
        key=key[:80],
        base=base,
        channel=current_channel()[:8],
        collected_at=min(met or moment(), moment()),
        by_user_id=by.user_id,
        by_post_id=by.post_id,
        by_label=by.label[:160],
    )


def _same(earlier: Submission, item: Item) -> Submission:
    if earlier.item_id != item.pk:
        raise Refused("key_reused", _("这个表单编号已用于另一户，请刷新页面再填。"))
    return earlier


def _needed(item: Item) -> dict[str, list[str]]:
    """For each person of the item the fields that are not held and fresh."""
    return sheet_of(item, timezone.localdate(moment())).needed()


def _checked(item: Item, answers: Mapping[str, Any], needed: Mapping[str, list[str]]) -> Checked:
    return read_form(answers, item.task.campaign.asked(), needed, timezone.localdate(moment()))


def _count(one: Submission, item: Item, checked: Checked, needed: Mapping[str, list[str]]) -> None:
    """What the form needed of the people met, and what they were asked of it."""
    fields = set(item.task.campaign.asked())
    met = {key: said for key, said in checked.people.items() if said.status == Status.HERE}
    one.fields_needed = len(fields) * len(met)
    one.fields_asked = sum(
        len(fields & {*needed[key], *said.values, *said.same}) for key, said in met.items()
    )


def _receive(item: Item, one: Submission, checked: Checked) -> None:
    """Put a form beside what is there: first, next, equal or clashing."""
    if item.state in (ItemState.ACCEPTED, ItemState.DROPPED):
        raise Refused("closed", _("这份表已经审核入库或取消，不能再填。"))
    current = item.submissions.filter(state=State.CURRENT).first()
    meets_another = one.base != item.version and current is not None
    if meets_another and current is not None and current.answers == one.answers:
        one.state = State.REPLACED
        one.save()
        return
    if meets_another or item.state == ItemState.CONFLICT:
        one.state = State.CLASHING
        item.move_to(ItemState.CONFLICT)
        item.version += 1
        item.save()
        one.save()
        return
    if not may_move(item.state, ItemState.FILLED):
        raise Refused("submitted", _("这份表已提交审核；要改请先由审核人退回。"))
    item.submissions.filter(state=State.CURRENT).update(state=State.REPLACED)
    item.move_to(ItemState.FILLED)
    _keep(item, one, checked)


def _keep(item: Item, one: Submission, checked: Checked) -> None:
    item.version += 1
    item.marks, item.filled_by = checked.marks, one.by_label
    item.save()
    one.save()
