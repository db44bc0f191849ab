"""The list of changes, and making one: fill in, see what will happen, confirm."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.core.errors import Refused
from yiwang.divisions.forms import FORMS, ChangeFilter, ChangeForm
from yiwang.divisions.models import Change, Division

from .page import PAGE_SIZE, StaffRequest, allowed


@require_GET
@allowed("divisions.view")
def changes(request: StaffRequest) -> HttpResponse:
    """All changes, newest first, by type, year, place or document."""
    form = ChangeFilter(request.GET)
    rows = form.narrow(Change.objects.visible_to(request.actor).select_related("division"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "chips": form.chips(), "query": request.GET.urlencode(),
        "can_change": request.actor.has("divisions.change"),
    }  # fmt: skip
    return render(request, "divisions/changes.html", context)


@require_http_methods(["GET", "POST"])
@allowed("divisions.change")
def change_new(request: StaffRequest) -> HttpResponse:
    """One change: the form, then what it will do, then the act."""
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("type", "establish")
    form_class = FORMS.get(kind, FORMS["establish"])
    key = asked.get("division", "")
    place = Division.objects.visible_to(request.actor).current()
    division = get_object_or_404(place, pk=int(key) if key.isdigit() else 0)
    inside = kind in ("establish", "rename-many")
    request.actor.must("divisions.change", division if inside else division.parent)
    form = form_class(division, request.POST or None, request.FILES or None)
    preview: Change | None = None
    if request.method == "POST" and form.is_valid():
        confirmed = "confirm" in request.POST
        change = _carry_out(form, request, confirmed=confirmed)
        if change is not None and confirmed:
            messages.success(request, _("已办理：%(change)s") % {"change": change})
            return HttpResponseRedirect(reverse("divisions:detail", args=[change.division_id]))
        preview = change
    context = {
        "form": form, "division": division, "kind": kind, "title": form.title,
        "preview": preview, "effects": _effects(preview) if preview else [],
        "kept": form.kept() if preview else [],
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "divisions/change_new.html", context, status=status)


def _carry_out(form: ChangeForm, request: StaffRequest, *, confirmed: bool) -> Change | None:
    """Do it; unless confirmed, only to see what it does, and take it back."""
    try:
        with transaction.atomic():
            change = form.act(request.actor)
            if not confirmed:
                transaction.set_rollback(True)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    return change


def _effects(change: Change) -> list[str]:
    """What a change would do, in sentences."""
    facts: dict[str, Any] = change.facts
    lines = []
    if count := facts.get("created"):
        lines.append(ngettext("新设 %(n)s 个区划", "新设 %(n)s 个区划", count) % {"n": count})
    if count := facts.get("closed"):
        lines.append(ngettext("终止 %(n)s 个区划", "终止 %(n)s 个区划", count) % {"n": count})
    if count := facts.get("rekeyed"):
        lines.append(
            ngettext(
                "%(n)s 个区划（含下级）终止，由新区划承接",
                "%(n)s 个区划（含下级）终止，由新区划承接",
                count,
            )
            % {"n": count}
        )
    if count := facts.get("matched"):
        lines.append(
            ngettext("按名称与新名单对上 %(n)s 个", "按名称与新名单对上 %(n)s 个", count)
            % {"n": count}
        )
    if count := facts.get("reviews"):
        lines.append(ngettext("%(n)s 个进入待核对", "%(n)s 个进入待核对", count) % {"n": count})
    moved = sum(facts.get("followed", {}).values())
    lines.append(
        ngettext("%(n)s 条在用记录随之转移", "%(n)s 条在用记录随之转移", moved) % {"n": moved}
    )
    if count := facts.get("renamed"):
        lines.append(ngettext("%(n)s 个区划更名", "%(n)s 个区划更名", count) % {"n": count})
    if "to" in facts:
        lines.append(
            _("“%(old)s”改为“%(new)s”，代码和键不变") % {"old": facts["from"], "new": facts["to"]}
        )
    return lines
