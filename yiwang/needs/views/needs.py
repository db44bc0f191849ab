"""Needs: registered, looked through, answered; where they are not met."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.needs import actions
from yiwang.needs.forms import MoveForm, NeedFilter, NeedForm
from yiwang.needs.models import Need
from yiwang.needs.reads import unmet_by_place
from yiwang.needs.reads.departed import departure_of
from yiwang.needs.rules.categories import Category
from yiwang.needs.sheets import needs_workbook
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents


@require_GET
@allowed("needs.view")
def needs(request: StaffRequest) -> HttpResponse:
    """Every need of the reader's area, newest first."""
    form = _filter(request)
    page = Paginator(_filtered(request, form), int(parameter("core.page_rows")))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "may_register": request.actor.has("needs.register"),
    }
    return render(request, "needs/list.html", context)


@require_GET
@allowed("needs.view")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, masked, as a workbook; journaled with the number of rows."""
    form = _filter(request)
    rows = list(_filtered(request, form)[: int(parameter("tags.list_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("needs.export", place, request.actor, {"rows": len(rows)})
    response = HttpResponse(needs_workbook(rows), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="needs.xlsx"'
    return response


@require_GET
@allowed("needs.view")
def unmet(request: StaffRequest) -> HttpResponse:
    """Open needs by place and category, the most unmet first."""
    asked = request.GET.get("place", "")
    own = request.actor.division_id
    key = int(asked) if asked.isdecimal() and request.actor.see.holds(int(asked)) else own
    rows = unmet_by_place(request.actor, key)
    most = max([1, *(count for row in rows for count in row.by_category.values())])
    shown = [
        (row, [(code, n, _shade(n, most)) for code, n in row.by_category.items()]) for row in rows
    ]
    context = {
        "rows": shown,
        "categories": Category.choices,
        "where": Division.objects.get(pk=key),
        "own": own,
        "total": sum(row.needs for row in rows),
        "unmet": sum(row.unmet for row in rows),
        "people": sum(row.people for row in rows),
    }
    return render(request, "needs/unmet.html", context)


def _shade(count: int, most: int) -> int:
    """The depth of a cell, 0 to 4."""
    return -(-4 * count // most)


@require_http_methods(["GET", "POST"])
@allowed("needs.register")
def new(request: StaffRequest) -> HttpResponse:
    """Told anywhere, registered once."""
    form = NeedForm(
        request.POST or None, area=request.actor.enter,
        initial={"resident": request.GET.get("resident", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            need = _registered(form, request)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("需求已登记。"))
            return redirect(need if request.actor.has("needs.view") else "needs:new")
    return render(request, "needs/new.html", {"form": form}, status=422 if form.errors else 200)


def _registered(form: NeedForm, request: StaffRequest) -> Need:
    said = dict(form.cleaned_data)
    place, text = said.pop("place"), said.pop("resident")
    return actions.register_need(
        place, resident=_meant(text, place, request), **said, by=request.actor
    )


def _meant(text: str, place: Division, request: StaffRequest) -> Resident | None:
    """The one resident of the place whom a text means. Raises Refused: nobody, several."""
    if not text:
        return None
    people = find_residents(text, request.actor) if request.actor.has("residents.view") else []
    found = [one for one in people if one.division_id == place.pk]
    if len(found) == 1:
        return found[0]
    sentence = (
        _("有 %(count)s 位这样的居民，请写身份证号或电话。") % {"count": len(found)}
        if found
        else _("本社区没有找到这位居民；也可以不填，写明群体。")
    )
    raise Refused("nobody", sentence, {"resident": sentence})


@require_GET
@allowed("needs.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One need, what became of it and what may become of it."""
    need = _visible(request, pk)
    return _page(request, need, MoveForm(state=need.state))


@require_http_methods(["GET", "POST"])
@allowed("needs.handle")
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what becomes of it."""
    need = _visible(request, pk)
    form = MoveForm(request.POST or None, state=need.state)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_need(need, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已登记结果。"))
            return redirect(need)
    return _page(request, need, form)


def _page(request: StaffRequest, need: Need, form: MoveForm) -> HttpResponse:
    context = {
        "need": need,
        "form": form,
        "events": need.events.all(),
        "now": timezone.now(),
        "departure": departure_of(need),
        "may_handle": request.actor.may("needs.handle", need) and need.is_open,
        "may_see_people": request.actor.has("residents.view"),
    }
    return render(request, "needs/detail.html", context, status=422 if form.errors else 200)


def _visible(request: StaffRequest, pk: int) -> Need:
    rows = Need.objects.visible_to(request.actor).select_related("resident", "division")
    return get_object_or_404(rows, pk=pk)


def _filter(request: StaffRequest) -> NeedFilter:
    own = request.actor.division_id
    below = Division.objects.filter(parent_id=own).current().served()
    return NeedFilter(request.GET, [("", _("全部")), *((str(one.pk), one.label) for one in below)])


def _filtered(request: StaffRequest, form: NeedFilter) -> QuerySet[Need]:
    rows = Need.objects.visible_to(request.actor).select_related("resident", "division")
    if form.said("place"):
        rows = rows.under(int(form.said("place")))
    state = form.said("state")
    if state == "open":
        rows = rows.unsettled()
    elif state == "late":
        rows = rows.overdue(timezone.now())
    elif state:
        rows = rows.filter(state=state)
    exact: dict[str, Any] = {
        name: form.said(name) for name in ("category", "channel") if form.said(name)
    }
    return rows.filter(**exact).order_by("-pk")
