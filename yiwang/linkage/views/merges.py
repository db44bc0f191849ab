"""Merges: who decided, what followed, and the way back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import model_name, parameter
from yiwang.linkage import actions
from yiwang.linkage.models import Merge


@require_GET
@allowed("linkage.view")
def merges(request: StaffRequest) -> HttpResponse:
    """Every merge of the area, newest first."""
    rows = Merge.objects.visible_to(request.actor).select_related("division", "survivor", "other")
    page = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows"))).get_page(
        request.GET.get("page")
    )
    return render(request, "linkage/merges.html", {"page": page})


@require_GET
@allowed("linkage.view")
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """One merge with everything that followed."""
    found = _visible(request, pk)
    moved = [
        (model_name(label.rpartition(".")[0]), len(keys))
        for label, keys in found.trace["moved"].items()
    ]
    context = {
        "merge": found,
        "moved": moved,
        "may_undo": not found.undone_at and request.actor.may("linkage.merge", found),
    }
    return render(request, "linkage/merge.html", context)


@require_POST
@allowed("linkage.merge")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Both records as they were."""
    found = _visible(request, pk)
    try:
        actions.undo_merge(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销合并，两份档案恢复原样。"))
    return redirect(found)


def _visible(request: StaffRequest, pk: int) -> Merge:
    rows = Merge.objects.visible_to(request.actor).select_related(
        "division", "survivor__division", "other__division", "pair"
    )
    return get_object_or_404(rows, pk=pk)
