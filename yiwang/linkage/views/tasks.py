"""What a community is asked to check, and rows about which a person has to decide."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.linkage import actions
from yiwang.linkage.forms import TaskForm
from yiwang.linkage.models import CheckTask, DepartmentFile, FileRow
from yiwang.linkage.rules.trust import PERSON
from yiwang.residents.models import Resident, all_fields
from yiwang.residents.reads import find_residents
from yiwang.residents.reads.known import known_fields
from yiwang.residents.rules.dictionary import CORE
from yiwang.residents.rules.values import mask_value


@require_GET
@allowed("linkage.check")
def checks(request: StaffRequest) -> HttpResponse:
    """Open checks, or rows to be decided (`tab=rows`)."""
    actor = request.actor
    tasks = CheckTask.objects.visible_to(actor).filter(answer=CheckTask.Answer.OPEN)
    rows = FileRow.objects.visible_to(actor).filter(
        Q(undecided__gt=0) | Q(state=FileRow.State.DOUBTFUL)
    )
    rows = rows.exclude(file__state=DepartmentFile.State.UNDONE)
    on_rows = request.GET.get("tab") == "rows"
    shown: Any = (
        rows.select_related("file__unit", "resident__dwelling", "division").order_by("pk")
        if on_rows
        else tasks.select_related("row__file__unit", "division").order_by("pk")
    )
    page = Paginator(shown, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "on_rows": on_rows,
        "tasks": tasks.count(),
        "rows": rows.count(),
        "list": [_decision(row) for row in page.object_list]
        if on_rows
        else [(one, _named(one.row)) for one in page.object_list],
        "key": uuid4().hex,
    }
    return render(request, "linkage/checks.html", context)


@require_http_methods(["GET", "POST"])
@allowed("linkage.check")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether somebody a department names lives here."""
    tasks = CheckTask.objects.visible_to(request.actor)
    task = get_object_or_404(tasks.select_related("row__file__unit", "division"), pk=pk)
    form = TaskForm(request.POST or None)
    found: list[Resident] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            found = _meant(request, said["resident"])
            actions.answer_task(
                task, answer=said["answer"], resident=found[0] if len(found) == 1 else None,
                note_text=said["note_text"], by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已记录核查结果。"))
            return redirect("linkage:checks")
    values = [
        (all_fields()[code], mask_value(all_fields()[code], text))
        for code, text in task.row.values.items()
    ]
    context = {"task": task, "form": form, "found": found, "values": values, "key": uuid4().hex}
    return render(request, "linkage/check.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("linkage.resolve")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """One conflict, or one doubtful match."""
    row = get_object_or_404(FileRow.objects.visible_to(request.actor), pk=pk)
    field, take = request.POST.get("field", ""), request.POST.get("take", "")
    try:
        if field:
            actions.decide_conflict(row, field=field, take=take, by=request.actor)
        else:
            actions.settle_doubt(row, same=take == "same", by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已裁定。"))
    return redirect(f"{reverse('linkage:checks')}?tab=rows")


def _meant(request: StaffRequest, text: str) -> list[Resident]:
    """The residents of the reader's area a text means."""
    return find_residents(text, request.actor, limit=6) if text else []


def _named(row: FileRow) -> str:
    return mask_value(all_fields()["name"], row.values.get("name", ""))


def _decision(row: FileRow) -> dict[str, Any]:
    """A row with what the file and the register say, both masked."""
    person = row.resident
    values = row.values
    codes = (
        [code for code, chosen in row.conflicts.items() if chosen == PERSON]
        if row.state == FileRow.State.MATCHED
        else [code for code in CORE if code in values]
    )
    return {
        "row": row,
        "person": person,
        "name": _named(row),
        "lines": [
            (all_fields()[code], mask_value(all_fields()[code], values[code]), _held(person, code))
            for code in codes
        ],
    }


def _held(person: Resident | None, code: str) -> str:
    if person is None:
        return ""
    known = known_fields(person, [code], timezone.localdate()).get(code)
    return known.masked if known else ""
