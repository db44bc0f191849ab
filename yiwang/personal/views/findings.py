"""Unusual look-ups for the data officer: the list, one with its lines, what became of it (EXP-68)."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.personal import actions
from yiwang.personal.forms.staff import SettleForm
from yiwang.personal.models import Finding
from yiwang.residents.reads import dictionary


@require_GET
@allowed("personal.oversee")
def findings(request: StaffRequest) -> HttpResponse:
    """What to ask about, the open ones unless another state is asked for."""
    state = request.GET.get("state", Finding.State.OPEN)
    rows = Finding.objects.visible_to(request.actor)
    if state in Finding.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": Finding.State.choices}
    return render(request, "personal/findings.html", context)


@require_POST
@allowed("personal.oversee")
def run(request: StaffRequest) -> HttpResponse:
    """Look through the journal of the last days now instead of at night."""
    area = get_object_or_404(
        Division.objects.visible_to(request.actor), pk=request.actor.division_id
    )
    today = timezone.localdate()
    for back in range(int(parameter("personal.lookup_days"))):
        actions.record_findings(area, on=today - timedelta(days=back), by=request.actor)
    messages.success(request, _("已检查最近几天的日志。"))
    return redirect("personal:findings")


@require_http_methods(["GET", "POST"])
@allowed("personal.oversee", post="personal.settle")
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """One finding with the lines behind it."""
    found = get_object_or_404(Finding.objects.visible_to(request.actor), pk=pk)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.settle_finding(
                found, misuse=said["outcome"] == Finding.State.MISUSE,
                explanation=said["explanation"], by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已记录。"))
            return redirect("personal:findings")
    lines = JournalLine.objects.visible_to(request.actor).filter(pk__in=found.lines)
    fields = dictionary()
    rows = [
        (line, fields[code].label if (code := line.facts.get("field", "")) in fields else code)
        for line in lines.order_by("at")
    ]
    context = {
        "finding": found, "rows": rows, "form": form, "hidden": len(found.lines) - len(rows),
        "may_settle": request.actor.may("personal.settle", found),
    }  # fmt: skip
    return render(request, "personal/finding.html", context, status=422 if form.errors else 200)
