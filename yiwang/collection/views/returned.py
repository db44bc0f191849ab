"""One form: filled in on a page or from a signed list, settled, checked."""

import base64
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.collection import actions
from yiwang.collection.forms import ReturnForm, ScanForm, SheetForm
from yiwang.collection.models import Item, Submission, Task
from yiwang.collection.reads.finding import item_for, scan_for, task_for
from yiwang.collection.reads.results import shown_value
from yiwang.collection.reads.sheet import Sheet, sheet_of, sheets_of
from yiwang.collection.rules.asking import Status
from yiwang.collection.rules.checking import mark_of
from yiwang.collection.rules.moves import OPEN, ItemState
from yiwang.core.errors import Refused

ON_ONE_SCREEN = 20


@require_http_methods(["GET", "POST"])
@allowed("collection.view", post="collection.collect")
def item(request: StaffRequest, pk: int) -> HttpResponse:
    """One form with what is known; filled in here when no telephone was at hand."""
    found = item_for(request.actor, pk)
    sheet = sheet_of(found, timezone.localdate())
    form = SheetForm(request.POST or None, sheet=sheet, answers=_current(found))
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("_key") or uuid4().hex
        base = request.POST.get("base", "")
        try:
            actions.fill_item(
                found, key=key, answers=form.answers(),
                base=int(base) if base.isdecimal() and len(base) < 9 else 0, by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            return redirect(_told(request, found))
    return _page(request, found, sheet, form, ReturnForm(sheet=sheet))


def _told(request: StaffRequest, found: Item) -> Item:
    found.refresh_from_db()
    if found.state == ItemState.CONFLICT:
        messages.warning(request, _("另一台设备也填了这份表，两份不一样，请核定。"))
    elif found.marks:
        messages.warning(request, _("已保存，标出的地方要改正后才能提交。"))
    else:
        messages.success(request, _("已保存，可以提交。"))
    return found


def _current(found: Item) -> dict[str, Any]:
    one = found.submissions.filter(state=Submission.State.CURRENT).first()
    return one.answers if one else {}


def _page(
    request: StaffRequest, found: Item, sheet: Sheet, form: SheetForm, back: ReturnForm
) -> HttpResponse:
    actor = request.actor
    context = {
        "item": found,
        "task": found.task,
        "campaign": found.task.campaign,
        "sheet": sheet,
        "form": form,
        "back": back,
        "forms": _forms(found, sheet),
        "marks": _marks(found, sheet),
        "open": found.state in OPEN and found.task.campaign.state == "open",
        "may": {one: actor.may(f"collection.{one}", found) for one in ("collect", "check")},
        "key": request.POST.get("_key") or uuid4().hex,
    }
    status = 422 if form.errors or back.errors else 200
    return render(request, "collection/item.html", context, status=status)


def _forms(found: Item, sheet: Sheet) -> list[dict[str, Any]]:
    """Every form that came, its values beside each other by person and field; masked."""
    rows = found.submissions.order_by("pk").select_related("scan")
    return [{"form": one, "lines": _lines(one.answers, sheet)} for one in rows]


def _lines(answers: dict[str, Any], sheet: Sheet) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for person in sheet.people:
        said = answers["people"].get(person.key)
        if said is None:
            continue
        if said["status"] != Status.HERE:
            lines.append({"who": person, "label": "", "text": Status(said["status"]).label})
            continue
        for one in person.fields:
            text = said["values"].get(one.field.code, "")
            shown = shown_value(one.field, text) if text else ""
            if one.field.code in said["same"]:
                shown = _("没有变")
            lines.append({"who": person, "label": one.field.label, "text": shown})
    new = [one["name"][:1] + "**" for one in answers["newcomers"]]
    return [*lines, *({"who": None, "label": _("新成员"), "text": text} for text in new)]


def _marks(found: Item, sheet: Sheet) -> list[dict[str, str]]:
    """The marks in words: whose field, and what is wrong."""
    names = {
        mark_of(person.key, one.field.code): f"{person.resident.masked_name} · {one.field.label}"
        for person in sheet.people
        for one in person.fields
    }
    return [{"at": names.get(key, ""), "text": text} for key, text in found.marks.items()]


@require_POST
@allowed("collection.collect")
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """Say which of two forms is right, field by field: the form named, or one typed anew."""
    found = item_for(request.actor, pk)
    chosen = request.POST.get("form", "")
    rows = found.submissions.filter(pk=int(chosen)) if chosen.isdecimal() else None
    one = rows.first() if rows is not None else None
    if one is None:
        messages.error(request, _("请选一份为准。"))
        return redirect(found)
    try:
        key = request.POST.get("_key") or uuid4().hex
        actions.settle_conflict(found, answers=one.answers, key=key, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已核定。"))
    return redirect(found)


@require_POST
@allowed("collection.check")
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """Into the register."""
    found = item_for(request.actor, pk)
    try:
        actions.accept_item(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已入库。"))
    return redirect(item_for(request.actor, pk))


@require_POST
@allowed("collection.check")
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Back to the community with the field marked."""
    found = item_for(request.actor, pk)
    sheet = sheet_of(found, timezone.localdate())
    back = ReturnForm(request.POST, sheet=sheet)
    if back.is_valid():
        said = back.cleaned_data
        try:
            actions.return_item(found, marks={said["at"]: said["reason"]}, by=request.actor)
        except Refused as refusal:
            refusal.blame(back)
        else:
            messages.success(request, _("已退回。"))
            return redirect(found)
    form = SheetForm(sheet=sheet, answers=_current(found))
    return _page(request, item_for(request.actor, pk), sheet, form, back)


@require_http_methods(["GET", "POST"])
@allowed("collection.collect")
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """EXP-05: a whole signed list on one screen, with its scan."""
    found = task_for(request.actor, pk)
    building = request.GET.get("building", "")[:120]
    rows = Item.objects.visible_to(request.actor).filter(
        task=found, state__in=[ItemState.TODO, ItemState.RETURNED]
    )
    rows = rows.filter(building=building) if building else rows
    related = rows.select_related(
        "task__campaign", "household__dwelling", "dwelling", "resident"
    ).order_by("building", "pk")
    sheets = sheets_of(related[:ON_ONE_SCREEN])
    data = request.POST or None
    lines = [(sheet, SheetForm(data, sheet=sheet), f"got.{sheet.item.pk}") for sheet in sheets]
    scan = ScanForm(data, request.FILES or None)
    ticked = [line for line in lines if data and line[2] in data]
    whole = data is not None and scan.is_valid() and all(one[1].is_valid() for one in ticked)
    if whole and _entered(request, found, ticked, scan):
        return redirect(found)
    context = {
        "task": found,
        "campaign": found.campaign,
        "lines": lines,
        "ticked": [line[2] for line in ticked],
        "scan": scan,
        "left": rows.count(),
        "key": uuid4().hex,
    }
    wrong = scan.errors or any(form.errors for _s, form, _g in ticked)
    return render(request, "collection/paper.html", context, status=422 if wrong else 200)


def _entered(request: StaffRequest, found: Task, ticked: list[Any], form: ScanForm) -> bool:
    """Keep the scan and every row that was ticked; False when nothing was kept."""
    upload = form.cleaned_data["scan"]
    rows = [(sheet.item, filled.answers()) for sheet, filled, _got in ticked]
    try:
        actions.enter_list(
            found, rows=rows, key=request.POST.get("_key") or uuid4().hex,
            scan_name=upload.name if upload else "", scan=upload.read() if upload else b"",
            by=request.actor,
        )  # fmt: skip
    except Refused as refusal:
        refusal.blame(form)
        return False
    messages.success(request, _("已录入 %(count)s 份。") % {"count": len(rows)})
    return True


@require_GET
@allowed("collection.view")
def scan(request: StaffRequest, pk: int) -> HttpResponse:
    """The picture of a signed list."""
    found = scan_for(request.actor, pk)
    body = base64.b64decode(str(found.sealed))
    response = HttpResponse(body, content_type=found.content_type)
    extension = found.content_type.rpartition("/")[2]
    response["Content-Disposition"] = f'attachment; filename="scan-{found.pk}.{extension}"'
    return response
