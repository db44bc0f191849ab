"""A department's list carried into a tag: chosen, looked at beforehand, ordered, taken back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.linkage.models import DepartmentFile
from yiwang.tags import actions
from yiwang.tags.actions.rolls import must_be_carriable
from yiwang.tags.forms import RollFilter, RollForm
from yiwang.tags.models import Roll, TagKind
from yiwang.tags.reads.rolls import Carried, carried
from yiwang.tags.sheets import rolls_workbook

from .door import workbook

WHO = ("file__unit", "file__division", "kind")


@require_GET
@allowed("tags.set")
def rolls(request: StaffRequest) -> HttpResponse:
    """Every list of the area that was carried into a tag, newest first."""
    form, rows = _filtered(request)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "query": request.GET.urlencode()}
    return render(request, "tags/rolls.html", context)


def _filtered(request: StaffRequest) -> tuple[RollFilter, QuerySet[Roll]]:
    form = RollFilter(request.GET, kinds=TagKind.objects.visible_to(request.actor).current())
    rows = Roll.objects.visible_to(request.actor).select_related(*WHO)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = {"kind__code": said.get("kind"), "state": said.get("state")}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    order = {"set": "was_set", "-set": "-was_set", "ended": "ended", "-ended": "-ended"}
    return form, rows.order_by(order.get(request.GET.get("sort", ""), "-pk"), "-pk")


@require_GET
@allowed("tags.set")
def rolls_export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; no persons."""
    rows = list(_filtered(request)[1][: int(parameter("tags.list_rows"))])
    place = get_object_or_404(Division.objects.current(), pk=request.actor.division_id)
    record_line("tags.export", place, request.actor, {"rolls": len(rows)})
    return workbook(rolls_workbook(rows), "rolls.xlsx")


@require_http_methods(["GET", "POST"])
@allowed("tags.set")
def roll_new(request: StaffRequest, file: int) -> HttpResponse:
    """Which tag, and whether the list is complete; first what it would do, then it is done."""
    files = DepartmentFile.objects.visible_to(request.actor).select_related("division", "unit")
    found = get_object_or_404(files, pk=file)
    kinds = [
        one for one in TagKind.objects.visible_to(request.actor).current()
        if not one.sets_itself and one.may_be_set_by(request.actor.role)
    ]  # fmt: skip
    form = RollForm(request.POST or None, kinds=kinds)
    plan: Carried | None = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if "carry" in request.POST:
                roll = actions.carry_roll(found, **said, by=request.actor)
                messages.success(request, _("正在按名单设置，完成前可以先去做别的事。"))
                return redirect(roll)
            plan = _plan(request, found, said["kind"], complete=said["complete"])
        except Refused as refusal:
            refusal.blame(form)
    context = {"file": found, "form": form, "plan": plan, "kinds": kinds}
    return render(request, "tags/roll_new.html", context, status=422 if form.errors else 200)


def _plan(request: StaffRequest, file: DepartmentFile, kind: TagKind, *, complete: bool) -> Carried:
    if not request.actor.may("tags.set", file):
        raise PermissionDenied
    must_be_carriable(file, kind, complete=complete)
    return carried(file, kind, complete=complete, on=timezone.localdate())


@require_GET
@allowed("tags.set")
def roll(request: StaffRequest, pk: int) -> HttpResponse:
    """What a list did; polled while it works."""
    found = _visible(request, pk)
    context = {"roll": found, "may_undo": request.actor.may("tags.set", found)}
    template = "tags/parts/roll.html" if request.htmx else "tags/roll.html"
    return render(request, template, context)


@require_POST
@allowed("tags.set")
def roll_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back exactly what it did."""
    found = _visible(request, pk)
    try:
        actions.undo_roll(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("正在撤销，完成前可以先去做别的事。"))
    return redirect(found)


def _visible(request: StaffRequest, pk: int) -> Roll:
    rows = Roll.objects.visible_to(request.actor).select_related(*WHO)
    return get_object_or_404(rows, pk=pk)
