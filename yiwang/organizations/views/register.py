"""The list of organisations, one more, corrections, and the list as a workbook."""

from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.organizations import actions
from yiwang.organizations.forms import ChangeForm, ListFilter, NewForm
from yiwang.organizations.models import Organization
from yiwang.organizations.reads import VIEWS, organizations, waiting_for
from yiwang.organizations.sheets import organizations_workbook

from .door import acted, status_of, visible


def _view(request: StaffRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "all"


def _filter(request: StaffRequest) -> ListFilter:
    own = request.actor.division_id
    below = Division.objects.filter(parent_id=own).current().served()
    return ListFilter(request.GET, [("", _("全部")), *((str(one.pk), one.label) for one in below)])


@require_GET
@allowed("organizations.view")
def index(request: StaffRequest) -> HttpResponse:
    """Every organisation of the reader's area, by what waits, by filters, sorted."""
    form, view = _filter(request), _view(request)
    said = {**form.said(), "view": view, "sort": request.GET.get("sort", "")}
    rows = organizations(request.actor, said)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    may = ("change", "import", "export", "merge")
    context = {
        "form": form,
        "filters": form.applied(),
        "view": view,
        "waiting": waiting_for(request.actor, timezone.localdate()),
        "page": page,
        "query": request.GET.urlencode(),
        "today": timezone.localdate(),
        "may": {one: request.actor.has(f"organizations.{one}") for one in may},
        "paper_days": int(parameter("organizations.paper_warning_days")),
    }
    return render(request, "organizations/list.html", context)


@require_GET
@allowed("organizations.export")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, contacts masked; journaled with the number of rows."""
    said = {**_filter(request).said(), "view": _view(request), "sort": request.GET.get("sort", "")}
    found = organizations(request.actor, said)
    rows = list(found[: int(parameter("organizations.list_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("organizations.export", place, request.actor, {"rows": len(rows)})
    day = timezone.localdate().isoformat()
    count = ngettext("%(count)s 家", "%(count)s 家", len(rows)) % {"count": len(rows)}
    body = organizations_workbook(rows, f"{place.label} · {day} · {count}")
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="organizations.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def new(request: StaffRequest) -> HttpResponse:
    """Entered once; a likeness is asked about, a code that is held leads to its holder."""
    form = NewForm(request.POST or None, area=request.actor.enter)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            one = actions.add_organization(
                said["place"], values=form.values(), source=said["source"],
                surely_new=bool(said.get("surely_new")), by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            if refusal.code == "maybe_registered":
                form.ask_whether_new()
            refusal.blame(form)
        else:
            return redirect(one)
    # Sending the form twice enters one organisation.
    context = {"form": form, "key": request.POST.get("_key") or uuid4().hex}
    return render(request, "organizations/new.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@allowed("organizations.change")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct what is known, and say where it comes from."""
    one = visible(request, pk)
    form = ChangeForm(request.POST or None, initial=ChangeForm.held(one))

    def do() -> Organization:
        return actions.change_organization(
            one, changes=form.values(), source=form.cleaned_data["source"], by=request.actor
        )

    answer = acted(request, form, do, _("已保存。"), one)
    context: dict[str, Any] = {"one": one, "form": form}
    return answer or render(request, "organizations/edit.html", context, status=status_of(form))
