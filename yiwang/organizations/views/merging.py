"""Two records of one organisation: side by side, merged, and parted again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import model_name, parameter
from yiwang.organizations import actions
from yiwang.organizations.forms import ReasonForm
from yiwang.organizations.models import Merge, Organization
from yiwang.organizations.reads import dossier, organizations

from .door import status_of, tapped, visible

_MOST = 10


@require_http_methods(["GET", "POST"])
@allowed("organizations.merge")
def new(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose the other record, compare, and let this one go on for both."""
    one = visible(request, pk)
    other = _other(request, one)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and other is not None and form.is_valid():
        try:
            made = actions.merge_organizations(
                one, other=other, reason=form.cleaned_data["reason"], by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已合并，可以撤销。"))
            return redirect(made)
    text = request.GET.get("q", "")
    found = organizations(request.actor, {"q": text or one.name[:4]}).exclude(pk=one.pk)
    context = {
        "one": one, "other": other, "form": form, "q": text,
        "rows": list(found[:_MOST]) if other is None else [],
        "compared": _side_by_side(one, other) if other else [],
    }  # fmt: skip
    status = 422 if request.method == "POST" and other is None else status_of(form)
    return render(request, "organizations/merge_new.html", context, status=status)


def _other(request: StaffRequest, one: Organization) -> Organization | None:
    text = request.POST.get("other") or request.GET.get("other") or ""
    if not text.isdecimal() or len(text) > 18 or int(text) == one.pk:
        return None
    return visible(request, int(text))


def _side_by_side(one: Organization, other: Organization) -> list[tuple[str, str, str, bool]]:
    left, right = dossier(one).items, dossier(other).items
    return [
        (
            str(a.field.label),
            a.masked,
            b.masked,
            a.masked != b.masked and bool(a.masked and b.masked),
        )
        for a, b in zip(left, right, strict=True)
    ]


@require_GET
@allowed("organizations.view")
def merges(request: StaffRequest) -> HttpResponse:
    """Every merge of the area, newest first."""
    rows = Merge.objects.visible_to(request.actor).select_related("division", "survivor", "other")
    pages = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows")))
    context = {"page": pages.get_page(request.GET.get("page"))}
    return render(request, "organizations/merges.html", context)


@require_GET
@allowed("organizations.view")
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """One merge with everything that followed."""
    found = _merge(request, pk)
    moved = [
        (model_name(label.rpartition(".")[0]), len(keys)) for label, keys in found.moved.items()
    ]
    context = {
        "merge": found,
        "moved": moved,
        "may_undo": not found.undone_at and request.actor.may("organizations.merge", found),
    }
    return render(request, "organizations/merge.html", context)


@require_POST
@allowed("organizations.merge")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Both records as they were."""
    found = _merge(request, pk)
    return tapped(
        request, lambda: actions.undo_merge(found, by=request.actor),
        _("已撤销合并，两份记录恢复原样。"), found,
    )  # fmt: skip


def _merge(request: StaffRequest, pk: int) -> Merge:
    rows = Merge.objects.visible_to(request.actor).select_related(
        "division", "survivor__division", "other__division"
    )
    return get_object_or_404(rows, pk=pk)
